package output

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// stage makes frames of one pixel.
func stage(t testing.TB) *safety.Stage {
	c := crew.New(1)
	t.Cleanup(c.Close)
	inst := &installations.Installation{
		Pixels:   installations.Pixels{X: []float32{0}, Y: []float32{0}, Z: []float32{0}},
		Fixtures: []installations.Fixture{{Count: 1, Supply: -1}},
		Outputs:  []installations.Output{{Bytes: 4, Runs: []installations.Run{{Count: 1, Step: 1, Order: installations.Order{0, 1, 2}}}}},
	}
	s, err := safety.NewStage(inst, 2, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var v = []float32{0.5}

func make1(s *safety.Stage, n int, final bool) *safety.Frame {
	return s.Make(uint64(n), time.Duration(n)*time.Second/60, v, v, v, final)
}

// device records what it is sent; while it is held it takes nothing.
type device struct {
	mu     sync.Mutex
	sent   []uint64
	finals int
	closed int
	hold   chan struct{}
	took   chan struct{} // gets one for each frame that it was given; nil for none
	fail   error
	panics bool
}

func (d *device) Send(f *safety.Frame) (int, int, error) {
	if d.took != nil {
		d.took <- struct{}{}
	}
	if d.hold != nil {
		<-d.hold
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.panics {
		panic("a slip")
	}
	if d.fail != nil {
		return 0, 0, d.fail
	}
	d.sent = append(d.sent, f.Number())
	if f.Final() {
		d.finals++
	}
	return 2, 100, nil
}

func (d *device) Close() error { d.mu.Lock(); defer d.mu.Unlock(); d.closed++; return nil }

func put(r *Runner, f *safety.Frame) {
	r.Put(f)
	f.Release()
}

// TestNewestWins: a device that hangs delays nobody, and when it wakes it
// gets the newest frame; those between are counted, and given back.
func TestNewestWins(t *testing.T) {
	s, d := stage(t), &device{hold: make(chan struct{}), took: make(chan struct{}, 2)}
	r := Start("slow", d, Options{})
	for n := range 100 {
		put(r, make1(s, n, false))
		if n == 0 {
			<-d.took // it takes the first and hangs
		}
	}
	put(r, make1(s, 100, true))
	close(d.hold)
	if err := r.Stop(5 * time.Second); err != nil {
		t.Fatal(err)
	}
	if len(d.sent) != 2 || d.sent[0] != 0 || d.sent[1] != 100 || d.finals != 1 || d.closed != 1 {
		t.Errorf("sent %v, %d final frames, closed %d times; want 0 and 100, the final one, once", d.sent, d.finals, d.closed)
	}
	st := r.Stats()
	if st.Frames != 2 || st.Packets != 4 || st.Bytes != 200 || st.Dropped != 99 || st.Errors != 0 {
		t.Errorf("%+v", st)
	}
	if made := s.Made(); made != 6 {
		t.Errorf("%d frames were made, want the 6 of the pool: some were not given back", made)
	}
	put(r, make1(s, 101, false)) // after the end: it passes by
	if err := r.Stop(time.Second); err != nil {
		t.Error("a second Stop:", err)
	}
}

// TestPutAllocatesNothing: Put neither waits nor allocates, with a device that hangs.
func TestPutAllocatesNothing(t *testing.T) {
	s, d := stage(t), &device{hold: make(chan struct{})}
	r := Start("slow", d, Options{})
	defer r.Stop(time.Second)
	defer close(d.hold)
	n := 0
	if a := testing.AllocsPerRun(200, func() { n++; put(r, make1(s, n, false)) }); a != 0 {
		t.Errorf("Put allocates %v times", a)
	}
}

func TestStopGivesUp(t *testing.T) {
	s, d := stage(t), &device{hold: make(chan struct{}), took: make(chan struct{}, 1)}
	r := Start("dead", d, Options{})
	put(r, make1(s, 0, false))
	<-d.took
	if err := r.Stop(20 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "output dead") {
		t.Error("Stop of a dead device:", err)
	}
	close(d.hold)
	if err := r.Stop(5 * time.Second); err != nil {
		t.Error(err)
	}
}

func TestErrorsAndFaultsAreCounted(t *testing.T) {
	for _, c := range []struct {
		d    *device
		says string
	}{{&device{fail: errors.New("no route to host")}, "no route to host"}, {&device{panics: true}, "a slip"}} {
		s := stage(t)
		r := Start("x", c.d, Options{})
		put(r, make1(s, 0, false))
		if err := r.Stop(5 * time.Second); err != nil {
			t.Error(err)
		}
		if st := r.Stats(); st.Errors != 1 || !strings.Contains(st.LastError, c.says) || st.Frames != 0 || !st.LastSent.IsZero() {
			t.Errorf("%+v, want one error that says %q", st, c.says)
		}
		if s.Made() != 6 {
			t.Error("a frame was not given back")
		}
	}
}

// TestRate: 60 frames a second thinned to 44 are 44; the final one always passes.
func TestRate(t *testing.T) {
	s, d := stage(t), &device{}
	r := Start("dmx", d, Options{Rate: 44})
	for n := range 600 {
		put(r, make1(s, n, false))
		for limit := time.Now().Add(5 * time.Second); r.box.Load() != nil && time.Now().Before(limit); {
			time.Sleep(10 * time.Microsecond)
		}
	}
	put(r, make1(s, 600, false))
	put(r, make1(s, 601, true))
	r.Stop(5 * time.Second)
	if n := len(d.sent); n < 439 || n > 442 || d.finals != 1 {
		t.Errorf("%d frames of ten seconds, %d final: want 440 and 1", n, d.finals)
	}
}
