package player

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"noctiluca/devices/pacer"
	"noctiluca/engine"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// simulated is a clock that moves only by sleeping and by work.
type simulated struct {
	t         time.Duration
	oversleep func() time.Duration
}

func (s *simulated) Now() time.Duration { return s.t }

func (s *simulated) Sleep(at time.Duration) {
	s.t = max(s.t, at)
	if s.oversleep != nil {
		s.t += s.oversleep()
	}
}

// worker is a source whose frames take as long as it is told.
type worker struct {
	clock *simulated
	stage *safety.Stage
	work  func(now time.Duration) time.Duration
	n     uint64
	dark  []float32
}

func (w *worker) Step(now time.Duration) *safety.Frame {
	w.n++
	if w.n > 1 { // the first is made before the grid begins
		w.clock.t += w.work(now)
	}
	return w.stage.Make(w.n, now, w.dark, w.dark, w.dark, false)
}

func (w *worker) Finish() *safety.Frame {
	return w.stage.Make(w.n+1, 0, w.dark, w.dark, w.dark, true)
}
func (w *worker) Snapshot(*engine.Snapshot) {}

// handed is a frame that the outputs were given.
type handed struct{ due, at, lead time.Duration }

// simulate plays for a time on a simulated clock, and gives what left when.
func simulate(t testing.TB, lead Lead, length time.Duration, oversleep func() time.Duration, work func(time.Duration) time.Duration) (*Player, []handed) {
	t.Helper()
	inst := &installations.Installation{Name: "test", Rate: 60, Pixels: installations.Pixels{X: []float32{0}, Y: []float32{0}, Z: []float32{0}}, Fixtures: []installations.Fixture{{Count: 1, Supply: -1}}}
	c := crew.New(1)
	defer c.Close()
	stage, err := safety.NewStage(inst, 2, c)
	if err != nil {
		t.Fatal(err)
	}
	clock := &simulated{t: 99 * time.Hour, oversleep: oversleep}
	p, err := New(Config{Installation: inst, Engine: &worker{clock: clock, stage: stage, work: work, dark: make([]float32, 1)}, For: length, Lead: lead})
	if err != nil {
		t.Fatal(err)
	}
	if p.pacer, err = pacer.On(clock, inst.Rate); err != nil {
		t.Fatal(err)
	}
	var out []handed
	p.put = func(f *safety.Frame) {
		if !f.Final() {
			out = append(out, handed{f.At(), clock.t - 99*time.Hour, p.lead.now})
		}
	}
	begin := p.lead.now // the grid begins that much later
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range out {
		out[i].at -= begin
	}
	return p, out
}

func steady(d time.Duration) func(time.Duration) time.Duration {
	return func(time.Duration) time.Duration { return d }
}

const period = time.Second / 60

// TestLeadAdapts: it begins with the most, comes down to a little more than
// frames take, follows them up within a second and stays under its bound; no
// frame leaves before it is due, and those that are ready in time leave then.
func TestLeadAdapts(t *testing.T) {
	work := func(now time.Duration) time.Duration {
		switch {
		case now < 20*time.Second:
			return 1500 * time.Microsecond
		case now < 40*time.Second:
			return 4 * time.Millisecond
		}
		return 9 * time.Millisecond
	}
	p, out := simulate(t, Lead{}, time.Minute, nil, work)
	if len(out) != 3600 {
		t.Fatalf("%d frames", len(out))
	}
	for i, h := range out {
		if h.at < h.due {
			t.Fatalf("the frame due at %v left at %v", h.due, h.at)
		}
		if took := work(h.due); took <= h.lead && h.at != h.due {
			t.Errorf("the frame due at %v left %v late, with a lead of %v for %v of work", h.due, h.at-h.due, h.lead, took)
		} else if took > h.lead && h.at != h.due-h.lead+took {
			t.Errorf("the frame due at %v took %v with a lead of %v, and left %v late", h.due, took, h.lead, h.at-h.due)
		}
		if i > 0 {
			if d := h.lead - out[i-1].lead; d > time.Millisecond || d < -time.Millisecond {
				t.Errorf("the lead goes from %v to %v in one frame", out[i-1].lead, h.lead)
			}
		}
	}
	at := func(s float64) time.Duration { return out[int(s*60)].lead }
	for _, c := range []struct {
		at        float64
		low, high time.Duration
	}{
		{0, period / 3, period / 3},
		{19.9, 1600 * time.Microsecond, 1700 * time.Microsecond},
		{21, 4 * time.Millisecond, 4300 * time.Microsecond},
		{39.9, 4 * time.Millisecond, 4300 * time.Microsecond},
		{59.9, period/3 - 50*time.Microsecond, period / 3},
	} {
		if got := at(c.at); got < c.low || got > c.high {
			t.Errorf("at %v s the lead is %v, want %v…%v", c.at, got, c.low, c.high)
		}
	}
	if m := &p.meter; m.lost != 0 || m.late != 0 || m.sent.total != 3600 {
		t.Errorf("late %d, lost %d of %d", m.late, m.lost, m.sent.total)
	}
}

// TestTheOddSlowFrame: one frame in three hundred that takes 8 ms does not
// move the lead, and is late by the difference alone.
func TestTheOddSlowFrame(t *testing.T) {
	n := 0
	_, out := simulate(t, Lead{}, 30*time.Second, nil, func(time.Duration) time.Duration {
		if n++; n%300 == 0 {
			return 8 * time.Millisecond
		}
		return 2 * time.Millisecond
	})
	slow := 0
	for _, h := range out[20*60:] {
		if h.lead > 2300*time.Microsecond {
			t.Fatalf("the lead is %v", h.lead)
		}
		if late := h.at - h.due; late != 0 {
			if slow++; late != 8*time.Millisecond-h.lead {
				t.Errorf("late by %v with a lead of %v", late, h.lead)
			}
		}
	}
	if slow != 2 {
		t.Errorf("%d frames were late, want 2 of 600", slow)
	}
}

// TestABusyMachine: one frame in twenty takes 20 ms, which no lead may reach;
// it stays a tenth of a frame over what the others take, and holds them no
// longer than that.
func TestABusyMachine(t *testing.T) {
	n := 0
	_, out := simulate(t, Lead{}, 30*time.Second, nil, func(time.Duration) time.Duration {
		if n++; n%20 == 0 {
			return 20 * time.Millisecond
		}
		return 2 * time.Millisecond
	})
	for _, h := range out[len(out)/2:] {
		if low, high := 2*time.Millisecond+period/10, 2100*time.Microsecond+period/10; h.lead < low || h.lead > high {
			t.Fatalf("at %v the lead is %v, want %v…%v", h.due, h.lead, low, high)
		}
	}
}

// TestJitterOfAWakeUp: whatever the computing, what leaves has the jitter of
// the clock alone.
func TestJitterOfAWakeUp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	some := func() time.Duration { return time.Duration(r.Int64N(100_000)) }
	_, out := simulate(t, Lead{}, 30*time.Second, some, func(time.Duration) time.Duration {
		return time.Millisecond + time.Duration(r.Int64N(2_000_000))
	})
	late := 0
	for _, h := range out {
		if h.at < h.due {
			t.Fatalf("the frame due at %v left at %v", h.due, h.at)
		}
		if h.at-h.due > 100*time.Microsecond {
			late++
		}
	}
	if late > len(out)/100 {
		t.Errorf("%d of %d frames left later than a wake-up", late, len(out))
	}
}

// TestOverrun: frames that take longer than a period leave as soon as they
// are ready, those between are left out, and the numbers add up.
func TestOverrun(t *testing.T) {
	p, out := simulate(t, Lead{}, 10*time.Second, nil, steady(40*time.Millisecond))
	for i, h := range out[1:] {
		if want := max(out[i].at+40*time.Millisecond, h.due-h.lead+40*time.Millisecond); h.at != want {
			t.Fatalf("the frame due at %v left at %v, want %v", h.due, h.at, want)
		}
	}
	m := &p.meter
	if got := m.sent.total + m.lost; got < 598 || got > 602 || m.lost < 300 || m.late != m.sent.total {
		t.Errorf("%d frames, %d late, %d lost", m.sent.total, m.late, m.lost)
	}
	if p.lead.now > period/3 {
		t.Errorf("the lead is %v", p.lead.now)
	}
}

// TestFixedLead: as it is told, and 0 begins a frame when it is due.
func TestFixedLead(t *testing.T) {
	for _, lead := range []time.Duration{0, 3 * time.Millisecond, 10 * time.Millisecond} {
		_, out := simulate(t, Lead{Fixed: true, Time: lead}, 5*time.Second, nil, steady(2*time.Millisecond))
		for _, h := range out {
			if want := h.due + max(2*time.Millisecond-lead, 0); h.at != want || h.lead != lead {
				t.Fatalf("lead %v: the frame due at %v left at %v, want %v", lead, h.due, h.at, want)
			}
		}
	}
	inst := &installations.Installation{File: "x.yaml", Rate: 60}
	if _, err := New(Config{Installation: inst, Lead: Lead{Fixed: true, Time: 20 * time.Millisecond}}); err == nil {
		t.Error("a lead longer than a frame is taken")
	}
}

func TestParseLead(t *testing.T) {
	for text, want := range map[string]Lead{"auto": {}, "0s": {Fixed: true}, "0": {Fixed: true}, "2.5ms": {Fixed: true, Time: 2500 * time.Microsecond}} {
		if got, err := ParseLead(text); got != want || err != nil {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2", "-1ms", "soon"} {
		if _, err := ParseLead(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// TestAFrameAllocatesNothing: the loop's own part.
func TestAFrameAllocatesNothing(t *testing.T) {
	p, _ := simulate(t, Lead{}, time.Second, nil, steady(2*time.Millisecond))
	p.put = func(*safety.Frame) {}
	if n := testing.AllocsPerRun(1000, func() {
		f := p.pacer.Wait(p.lead.now)
		ready, now := p.play(f)
		p.meter.add(f, ready, now, period)
		p.lead.add(ready - f.Release)
	}); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

// TestLateness: quantiles of both sides are those of the sorted times, to the
// width of a bucket and never below.
func TestLateness(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, shift := range []float64{-4e6, -1e6, 0, 2e6} {
		var l lateness
		if l.quantile(0.5) != 0 {
			t.Error("an empty one has", l.quantile(0.5))
		}
		var all []time.Duration
		for range 5000 {
			d := time.Duration(r.NormFloat64()*1e6 + shift)
			all = append(all, d)
			l.add(d)
		}
		slices.Sort(all)
		for _, q := range []float64{0, 0.01, 0.5, 0.99, 0.999, 1} {
			want, got := rank(all, q), l.quantile(q)
			if got < want || got > want+max(want, -want)/60+time.Microsecond {
				t.Errorf("shift %v, q %v: %v, want %v", shift, q, got, want)
			}
		}
	}
}
