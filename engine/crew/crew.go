// Package crew runs a frame's work on all cores: a fixed set of goroutines
// that take numbered tasks until none is left.
//
// Which worker does which task is not determined, so a task must write only
// what is its own. Whatever sums over tasks keeps a slot for each task and
// adds the slots in order afterwards: that is what makes frames the same with
// any number of workers.
package crew

import (
	"sync"
	"sync/atomic"
)

// Crew is a set of workers. Do is called from one goroutine at a time.
type Crew struct {
	workers int
	wake    []chan struct{}
	done    sync.WaitGroup

	do    func(worker, task int)
	tasks int64
	next  atomic.Int64
}

// New starts a crew of that many workers, at least one. The caller of Do is
// worker 0, so a crew of one starts no goroutine.
func New(workers int) *Crew {
	c := &Crew{workers: max(workers, 1)}
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
	c.do, c.tasks = do, int64(tasks)
	c.next.Store(0)
	c.done.Add(helpers)
	for _, w := range c.wake[:helpers] {
		w <- struct{}{}
	}
	c.drain(0)
	c.done.Wait()
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
		c.drain(worker)
		c.done.Done()
	}
}

func (c *Crew) drain(worker int) {
	for {
		t := c.next.Add(1) - 1
		if t >= c.tasks {
			return
		}
		c.do(worker, int(t))
	}
}
