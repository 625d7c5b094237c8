// Package crew runs a frame's work on all cores: a fixed set of goroutines
// that take numbered tasks until none is left.
//
// Nobody waits for a worker, only for tasks: one that the system has not woken
// yet, or not given a core, leaves its share to the others and finds nothing
// to do when it comes. So a busy machine costs a frame what it takes away,
// and not the time of its slowest core.
//
// Which worker does which task is not determined, so a task must write only
// what is its own. Whatever sums over tasks keeps a slot for each task and
// adds the slots in order afterwards: that is what makes frames the same with
// any number of workers.
package crew

import "sync/atomic"

// Crew is a set of workers. Do is called from one goroutine at a time.
type Crew struct {
	workers int
	wake    []chan struct{} // of each worker but the first; holds one
	ended   chan struct{}   // holds one: another than the caller of Do did the last task

	do func(worker, task int) // read by whoever holds a task
	// ticket is how many tasks there are, in the upper half, and the next of
	// them, in the lower: one addition takes a task and says of how many, so a
	// worker that comes late takes part in whatever is being done by then.
	ticket atomic.Uint64
	left   atomic.Int64 // tasks that are not done
}

// New starts a crew of that many workers, at least one. The caller of Do is
// worker 0, so a crew of one starts no goroutine.
func New(workers int) *Crew {
	c := &Crew{workers: max(workers, 1), ended: make(chan struct{}, 1)}
	for w := 1; w < c.workers; w++ {
		wake := make(chan struct{}, 1)
		c.wake = append(c.wake, wake)
		go c.work(w, wake)
	}
	return c
}

// Workers is how many there are; worker numbers are 0…Workers-1.
func (c *Crew) Workers() int { return c.workers }

// Do calls do(worker, task) for each task 0…tasks-1 and returns when all are
// done. A caller that must not allocate passes a function value it kept.
func (c *Crew) Do(tasks int, do func(worker, task int)) {
	helpers := min(len(c.wake), tasks-1)
	if helpers <= 0 {
		for t := range tasks {
			do(0, t)
		}
		return
	}
	c.do = do
	c.left.Store(int64(tasks))
	c.ticket.Store(uint64(tasks) << 32)
	for _, w := range c.wake[:helpers] {
		select {
		case w <- struct{}{}:
		default: // it was woken for earlier work and has not come yet
		}
	}
	if !c.drain(0) {
		<-c.ended
	}
	c.do = nil
}

// Close ends the workers. Do must not be running nor be called afterwards.
func (c *Crew) Close() {
	for _, w := range c.wake {
		close(w)
	}
	c.wake = nil
}

func (c *Crew) work(worker int, wake chan struct{}) {
	for range wake {
		if c.drain(worker) {
			c.ended <- struct{}{}
		}
	}
}

// drain does tasks until none is left to take, and says whether it did the
// last one to be done.
func (c *Crew) drain(worker int) bool {
	for {
		t := c.ticket.Add(1) - 1
		task, tasks := t&(1<<32-1), t>>32
		if task >= tasks {
			return false
		}
		c.do(worker, int(task))
		if c.left.Add(-1) == 0 {
			return true
		}
	}
}
