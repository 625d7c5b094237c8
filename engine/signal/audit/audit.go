// Package audit is the log of what was decided about people and about the
// rules: consents, rules, and what the feedback guard did. It holds no
// physiology, no affect of a person and no pseudonym: a visit has a number.
//
// The one idea it owns: entries are only ever added. The log holds the newest
// in memory, by number, so that whoever writes them to a file can tell that
// none is missing; a file's lines are chained by their hashes (package
// devices/audit).
package audit

import (
	"fmt"
	"sync"
	"time"

	"noctiluca/engine/signal/consent"
)

// What happened.
type What uint8

// What an entry may tell of.
const (
	Granted What = iota
	Revoked
	Expired   // a consent ended by its own terms
	Forgotten // a consent ended by silence
	Evicted   // a silent person made room
	Vetoed    // a person's cell no longer follows anybody
	VetoEnded
	RoleSet // staff or pupil: nothing is inferred
	Rules   // the rules in force, or a change of one
	Lowered // the guard lowered the light's reactivity
	Warned  // the guard saw a sign of a loop
	Estimated
	Reset // a technician gave the reactivity back
	Started
	InForce // a rule with which the run began
	Evidence
	Denied // somebody wanted to change a rule that may not be changed
)

// Entry is one line. Its numbers mean what String says.
type Entry struct {
	Number  uint64 // from 1, without a gap
	At      time.Duration
	What    What
	Visit   uint64 // of a person; 0 for the work's own
	Terms   consent.Terms
	Numbers [4]float64
	Text    string // of constants only
}

// String says it in a technician's words.
func (e Entry) String() string {
	n := e.Numbers
	switch e.What {
	case Granted:
		return fmt.Sprintf("visit %d: consent given, %v", e.Visit, e.Terms)
	case Revoked:
		return fmt.Sprintf("visit %d: consent taken back; all of them is zeroed", e.Visit)
	case Expired:
		return fmt.Sprintf("visit %d: consent ended at its time; all of them is zeroed", e.Visit)
	case Forgotten:
		return fmt.Sprintf("visit %d: out of contact; all of them is zeroed", e.Visit)
	case Evicted:
		return fmt.Sprintf("visit %d: silent, made room for another; all of them is zeroed", e.Visit)
	case Vetoed:
		return fmt.Sprintf("visit %d: veto; the cell where they stand follows nobody", e.Visit)
	case VetoEnded:
		return fmt.Sprintf("visit %d: veto ended", e.Visit)
	case RoleSet:
		return fmt.Sprintf("visit %d: %s; nothing is inferred of them", e.Visit, e.Text)
	case Rules:
		return "rule " + e.Text + fmt.Sprintf(": %g (was %g)", n[1], n[0])
	case Denied:
		return "rule " + e.Text + ": somebody asked for a change while the work plays, which its file does not permit"
	case InForce:
		return "rule in force: " + e.Text + fmt.Sprintf(" %g", n[0])
	case Lowered:
		return fmt.Sprintf("guard: reactivity lowered from %.2f to %.2f: %s (%.3g, limit %.3g)", n[0], n[1], e.Text, n[2], n[3])
	case Warned:
		return fmt.Sprintf("guard: %s (%.3g, limit %.3g)", e.Text, n[0], n[1])
	case Estimated:
		return fmt.Sprintf("guard: people answer the light with a gain of %.2f (%.2f to %.2f at 95 %%); with the reactivity %.2f that is a loop gain of %.2f at most", n[0], n[1], n[2], n[3], n[2]*n[3])
	case Evidence:
		found := "no more than chance has it"
		if n[3] != 0 {
			found = "they surely answer it"
		}
		return fmt.Sprintf("guard: what the light followed tells what people feel next with F = %.4f (%.4f the best of 39 patterns that were not played; %.4f bit each two seconds): %s", n[0], n[1], n[2], found)
	case Reset:
		return fmt.Sprintf("guard: reactivity given back, from %.2f to %.2f", n[0], n[1])
	}
	return "started: " + e.Text
}

// Name is a short word for the kind of entry, for a program that reads it.
func (w What) Name() string {
	return [...]string{"granted", "revoked", "expired", "forgotten", "evicted", "veto", "veto-ended", "role", "rule", "lowered", "warned", "estimated", "reset", "started", "in-force", "evidence", "denied"}[w]
}

// Log keeps the newest entries. Any goroutine may call it; Add allocates
// nothing.
type Log struct {
	mu      sync.Mutex
	ring    []Entry
	written uint64
}

// New makes a log that holds the newest size entries.
func New(size int) *Log { return &Log{ring: make([]Entry, max(size, 1))} }

// Add adds an entry and numbers it.
func (l *Log) Add(e Entry) {
	if l == nil {
		return
	}
	l.mu.Lock()
	l.written++
	e.Number = l.written
	l.ring[(l.written-1)%uint64(len(l.ring))] = e
	l.mu.Unlock()
}

// Since appends all entries after number n that are still held, oldest first.
// When the first one's number is over n+1, those between were lost.
func (l *Log) Since(n uint64, dst []Entry) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := uint64(len(l.ring))
	if l.written > size {
		n = max(n, l.written-size)
	}
	for ; n < l.written; n++ {
		dst = append(dst, l.ring[n%size])
	}
	return dst
}
