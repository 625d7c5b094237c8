package output

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"noctiluca/engine/safety"
)

// Runner is one output at work: a mailbox for one frame, and a goroutine that
// empties it. Put is for the engine's goroutine; the other methods may be
// called from any.
type Runner struct {
	name   string
	sender Sender
	every  time.Duration // least time between two frames; 0: every frame is taken
	next   time.Duration // engine time from which the next frame is taken; Put's own

	box     atomic.Pointer[safety.Frame]
	wake    chan struct{} // holds one: there is something in the box
	stop    chan struct{} // closed by Stop
	ended   chan struct{} // closed when the sender is closed
	once    sync.Once
	stopped atomic.Bool
	dropped atomic.Uint64

	mu    sync.Mutex
	stats Stats
	close error
}

// Options of a Runner.
type Options struct {
	// Rate is the most frames a second that are taken; the others pass by and
	// count neither as sent nor as dropped. 0 takes all.
	Rate float64
}

// Start gives an output its goroutine. The runner owns the sender from here on.
func Start(name string, s Sender, o Options) *Runner {
	r := &Runner{name: name, sender: s, wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{})}
	if o.Rate > 0 {
		r.every = time.Duration(float64(time.Second) / o.Rate)
	}
	go r.run()
	return r
}

// Name is what the output is called in messages.
func (r *Runner) Name() string { return r.name }

// Put leaves a frame in the mailbox and never waits. A frame that lies there
// still is replaced and counted as dropped. The runner holds f for as long as
// it needs it; the caller keeps its own hold.
func (r *Runner) Put(f *safety.Frame) {
	if r.stopped.Load() {
		return
	}
	if r.every > 0 && !f.Final() {
		if f.At() < r.next {
			return
		}
		// The grid of frames is kept: 60 frames thinned to 40 are 40, not 30.
		if r.next += r.every; r.next <= f.At() {
			r.next = f.At() + r.every
		}
	}
	if old := r.box.Swap(f.Retain()); old != nil {
		old.Release()
		r.dropped.Add(1)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Stats gives the counts so far.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Dropped = r.dropped.Load()
	if h, ok := r.sender.(Health); ok {
		s.Device = h.Device()
	}
	return s
}

// Stop takes no more frames, lets what is in the mailbox go out and ends the
// stream. It gives the error of that, or says that the timeout passed first;
// the output then ends by itself when its device lets it.
func (r *Runner) Stop(timeout time.Duration) error {
	r.once.Do(func() {
		r.stopped.Store(true)
		close(r.stop)
	})
	late := time.NewTimer(timeout)
	defer late.Stop()
	select {
	case <-r.ended:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.close
	case <-late.C:
		return fmt.Errorf("output %s: did not end within %v", r.name, timeout)
	}
}

func (r *Runner) run() {
	defer close(r.ended)
	for {
		select {
		case <-r.wake:
			r.empty()
		case <-r.stop:
			r.empty()
			err := r.guard(func() error { return r.sender.Close() })
			r.mu.Lock()
			r.close = err
			r.mu.Unlock()
			// A Put that began before Stop may have come after the last look.
			if f := r.box.Swap(nil); f != nil {
				f.Release()
			}
			return
		}
	}
}

// empty sends what is in the mailbox.
func (r *Runner) empty() {
	f := r.box.Swap(nil)
	if f == nil {
		return
	}
	var packets, bytes int
	err := r.guard(func() (err error) {
		packets, bytes, err = r.sender.Send(f)
		return err
	})
	f.Release()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Packets += uint64(packets)
	r.stats.Bytes += uint64(bytes)
	if err != nil {
		r.stats.Errors++
		r.stats.LastError = err.Error()
	}
	if packets > 0 {
		r.stats.Frames++
		r.stats.LastSent = time.Now()
	}
}

// guard turns a panic into an error: a fault in one output must not take the
// others' light away.
func (r *Runner) guard(f func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("output %s: a fault of this program: %v", r.name, fault)
		}
	}()
	return f()
}
