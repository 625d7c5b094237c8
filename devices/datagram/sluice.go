package datagram

import "time"

// Sluice bounds how many datagrams a second a socket's reader takes in. When
// more come it makes the reader sleep, so that the kernel drops what does not
// fit into the socket's buffer: a datagram that is dropped there costs no
// wake-up, no system call and no look into it, and whoever floods a port
// takes no time from the light.
//
// It belongs to the goroutine that reads. Call Wait before every read.
type Sluice struct {
	rate, burst float64
	left        float64
	filled      time.Time
	shut        uint64
	sleep       func(time.Duration) // time.Sleep; tests have their own
	now         func() time.Time
}

// NewSluice lets rate datagrams a second pass, and up to burst at once.
func NewSluice(rate, burst float64) *Sluice {
	return &Sluice{rate: rate, burst: max(burst, 1), left: max(burst, 1), filled: time.Now(), sleep: time.Sleep, now: time.Now}
}

// pause is how long it stays shut: short beside a frame, long beside the
// cost of a wake-up.
const pause = 2 * time.Millisecond

// Wait returns when the next datagram may be read: at once as long as they
// come no faster than they may.
func (s *Sluice) Wait() {
	if s.left < 1 {
		s.fill()
	}
	for s.left < 1 {
		s.shut++
		s.sleep(max(pause, time.Duration((1-s.left)/s.rate*float64(time.Second))))
		s.fill()
	}
	s.left--
}

// Spend takes off what the datagram just read costs beside itself, in
// datagrams: it opens later by as much.
func (s *Sluice) Spend(datagrams float64) { s.left -= datagrams }

func (s *Sluice) fill() {
	now := s.now()
	// A clock that steps back fills nothing, and is gone by from there.
	s.left = min(s.burst, s.left+max(now.Sub(s.filled), 0).Seconds()*s.rate)
	s.filled = now
}

// Shut is how often it made the reader sleep.
func (s *Sluice) Shut() uint64 { return s.shut }
