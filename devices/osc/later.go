package osc

import "time"

// later tells when a message of a bundle is due, and lets only so many wait,
// for only so long. It holds times and nothing of the messages: an event goes
// to the engine at once, with the time at which it is to act, so that consent
// is asked for where it arrives.
type later struct {
	horizon time.Duration
	waiting []time.Duration // a heap of when those are due that still wait
}

func newLater(horizon time.Duration, most int) later {
	return later{horizon: horizon, waiting: make([]time.Duration, 0, most)}
}

// ntpToUnix is the seconds from 1900 to 1970 (RFC 868).
const ntpToUnix = 2208988800

// due gives the engine time at which a message with the tag acts: now for a
// tag that means at once or lies in the past. It says no to one that lies
// beyond the horizon, and to one too many.
func (l *later) due(tag TimeTag, now time.Duration, wall time.Time) (time.Duration, bool) {
	if tag <= Immediately {
		return now, true
	}
	seconds := int64(tag>>32) - ntpToUnix
	nanos := int64((uint64(tag&(1<<32-1)) * 1e9) >> 32)
	ahead := time.Unix(seconds, nanos).Sub(wall) // saturates
	if ahead <= 0 {
		return now, true
	}
	for len(l.waiting) > 0 && l.waiting[0] <= now {
		l.pop()
	}
	if ahead > l.horizon || len(l.waiting) == cap(l.waiting) {
		return 0, false
	}
	l.push(now + ahead)
	return now + ahead, true
}

func (l *later) push(t time.Duration) {
	h := append(l.waiting, t)
	i := len(h) - 1
	for i > 0 && h[i] < h[(i-1)/2] {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		i = (i - 1) / 2
	}
	l.waiting = h
}

func (l *later) pop() {
	h := l.waiting
	n := len(h) - 1
	h[0] = h[n]
	h = h[:n]
	for i := 0; 2*i+1 < n; {
		c := 2*i + 1
		if c+1 < n && h[c+1] < h[c] {
			c++
		}
		if h[i] <= h[c] {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	l.waiting = h
}
