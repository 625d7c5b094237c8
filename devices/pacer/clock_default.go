//go:build !linux

package pacer

import (
	"context"
	"time"
)

type standard struct{ zero time.Time }

func newClock() Clock { return standard{time.Now()} }

func (s standard) Now() time.Duration { return time.Since(s.zero) }

func (s standard) Sleep(at time.Duration) { time.Sleep(at - s.Now()) }

func prioritise() string { return "pacing: time.Sleep, ordinary priority" }

func unprioritise() {}

func raise() (string, bool) { return "", false }

func keep(context.Context, func(string)) {}
