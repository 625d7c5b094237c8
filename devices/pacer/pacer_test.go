package pacer

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fake is a clock that moves only by sleeping and by work.
type fake struct{ t, oversleep time.Duration }

func (f *fake) Now() time.Duration     { return f.t }
func (f *fake) Sleep(at time.Duration) { f.t = max(f.t, at) + f.oversleep }

func start(rate float64) (*Pacer, *fake) {
	c := &fake{t: 12345}
	return &Pacer{clock: c, period: 1e9 / rate, start: c.t, started: true}, c
}

// TestGridDoesNotDrift: an hour of frames with work and oversleeping ends on
// the hour.
func TestGridDoesNotDrift(t *testing.T) {
	p, c := start(60)
	c.oversleep = 300 * time.Microsecond
	var f Frame
	for range 60*3600 + 1 {
		f = p.Wait(0)
		c.t += 9 * time.Millisecond
	}
	if f.At != time.Hour || f.Late != 300*time.Microsecond || p.Missed() != 0 {
		t.Errorf("after an hour: at %v, late %v, missed %d", f.At, f.Late, p.Missed())
	}
}

// TestMissedFrames: work longer than a frame leaves frames out and never
// sends two for one instant.
func TestMissedFrames(t *testing.T) {
	p, c := start(100)
	p.Wait(0)
	c.t += 35 * time.Millisecond
	f := p.Wait(0)
	if f.Number != 3 || f.Missed != 2 || f.At != 30*time.Millisecond || f.Late != 5*time.Millisecond {
		t.Errorf("after 35 ms of work at 100 Hz: %+v", f)
	}
	if f = p.Wait(0); f.Number != 4 || f.Missed != 0 || f.Late != 0 {
		t.Errorf("the next: %+v", f)
	}
}

// TestAhead: a frame is released a lead before it is due, held until then, and
// not held at all when it is ready later; the first one too.
func TestAhead(t *testing.T) {
	c := &fake{t: 777}
	p, err := On(c, 100)
	if err != nil {
		t.Fatal(err)
	}
	const lead = 3 * time.Millisecond
	p.Start(1, lead)
	for n, work := range []time.Duration{1, 2.9e6, 3e6, 5e6, 12e6, 1e6, 23.5e6, 1e6} {
		f := p.Wait(lead)
		if f.Release != f.At-lead || p.now() < f.Release {
			t.Errorf("frame %d: %+v at %v", n, f, p.now())
		}
		c.t += work
		ready, now := p.Hold(f)
		if want := max(f.At, f.Release+f.Late+work); now != want || ready != f.Release+f.Late+work {
			t.Errorf("frame %d: ready %v, handed over at %v, want %v", n, ready, now, want)
		}
		if p.Now() < 0 {
			t.Error("a time before the start is told")
		}
	}
	// 23.5 ms of work from the release of frame 6: that of frame 8 is over.
	if p.Missed() != 1 {
		t.Errorf("%d frames were left out", p.Missed())
	}
	if f := p.Wait(time.Hour); f.Release != f.At-10*time.Millisecond {
		t.Errorf("a lead of an hour: %+v", f)
	}
}

// TestAnyLoad: whatever the work, numbers rise, deadlines lie on the grid,
// lateness stays under a period beyond the sleep, and counts add up.
func TestAnyLoad(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rate := rapid.Float64Range(1, 1000).Draw(rt, "rate")
		p, c := start(rate)
		last := Frame{}
		for i := range rapid.IntRange(2, 50).Draw(rt, "frames") {
			c.oversleep = time.Duration(rapid.Int64Range(0, int64(p.period/2)).Draw(rt, "oversleep"))
			lead := time.Duration(rapid.Int64Range(0, int64(p.period)).Draw(rt, "lead"))
			f := p.Wait(lead)
			if f.Release != f.At-lead {
				rt.Fatalf("lead %v: %+v", lead, f)
			}
			if i > 0 && f.Number != last.Number+1+f.Missed {
				rt.Fatalf("%+v after %+v", f, last)
			}
			if f.At != time.Duration(float64(f.Number)*p.period) || f.Late < 0 || float64(f.Late) > p.period+1 {
				rt.Fatalf("%+v", f)
			}
			last = f
			c.t += time.Duration(rapid.Int64Range(0, int64(5*p.period)).Draw(rt, "work"))
		}
	})
}

// TestRealClock: ten real frames come in order and not before their time.
func TestRealClock(t *testing.T) {
	p, err := New(200)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(p.Start(1, 0))
	defer p.Stop()
	for range 10 {
		f := p.Wait(0)
		if now := p.Now(); now < f.At {
			t.Fatalf("frame %d woke %v early", f.Number, f.At-now)
		}
	}
	for range 5 {
		f := p.Wait(2 * time.Millisecond)
		if _, now := p.Hold(f); now < f.At {
			t.Fatalf("frame %d was let go %v early", f.Number, f.At-now)
		}
	}
	if n := testing.AllocsPerRun(100, func() { p.Hold(p.Wait(time.Millisecond)) }); n != 0 {
		t.Errorf("Wait and Hold allocate %v times", n)
	}
	for _, rate := range []float64{0, -1, 1001} {
		if _, err := New(rate); err == nil {
			t.Errorf("rate %v is taken", rate)
		}
	}
}
