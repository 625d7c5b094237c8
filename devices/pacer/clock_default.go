//go:build !linux

package pacer

import "time"

type standard struct{ zero time.Time }

func newClock() clock { return standard{time.Now()} }

func (s standard) now() time.Duration { return time.Since(s.zero) }

func (s standard) sleep(at time.Duration) { time.Sleep(at - s.now()) }

func prioritise() string { return "pacing: time.Sleep, ordinary priority" }
