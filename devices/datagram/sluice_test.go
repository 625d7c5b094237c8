package datagram

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSluice: whatever comes and when, in no span do more pass than a burst
// and the rate; and what comes more slowly never waits.
func TestSluice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rate := rapid.Float64Range(1, 50_000).Draw(rt, "rate")
		burst := rapid.Float64Range(1, 2000).Draw(rt, "burst")
		s := NewSluice(rate, burst)
		begin := s.filled
		now := begin
		s.now = func() time.Time { return now }
		s.sleep = func(d time.Duration) {
			now = now.Add(d + time.Duration(rapid.IntRange(0, 3_000_000).Draw(rt, "overslept")))
		}
		for n := range rapid.IntRange(1, 300).Draw(rt, "datagrams") {
			s.Wait()
			if most := burst + now.Sub(begin).Seconds()*rate + 1e-3; float64(n+1) > most {
				rt.Fatalf("%d passed in %v at rate %v, burst %v", n+1, now.Sub(begin), rate, burst)
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 1_000_000).Draw(rt, "gap")))
		}
	})
	s := NewSluice(1000, 1)
	now := s.filled
	s.now = func() time.Time { return now }
	for range 1000 {
		s.Wait()
		now = now.Add(time.Millisecond + time.Microsecond)
	}
	if s.Shut() != 0 {
		t.Errorf("it shut %d times at its own rate", s.Shut())
	}
	now = now.Add(-time.Hour) // the clock is set back
	s.sleep = func(d time.Duration) { now = now.Add(d) }
	s.Wait()
	s.Wait()
	if n := testing.AllocsPerRun(100, s.Wait); n != 0 {
		t.Error(n, "allocations")
	}
}
