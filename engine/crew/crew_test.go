package crew

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestDoRunsEveryTaskOnce(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 7} {
		for _, tasks := range []int{0, 1, 2, 3, 1000} {
			c := New(workers)
			seen := make([]atomic.Int32, tasks)
			for range 3 {
				c.Do(tasks, func(worker, task int) {
					if worker < 0 || worker >= c.Workers() {
						t.Errorf("worker %d of %d", worker, c.Workers())
					}
					seen[task].Add(1)
				})
			}
			for i := range seen {
				if n := seen[i].Load(); n != 3 {
					t.Errorf("workers %d, tasks %d: task %d ran %d times in 3 calls", workers, tasks, i, n)
				}
			}
			c.Close()
		}
	}
}

// TestNobodyWaitsForAWorker: while one is stuck in a task, the others do the
// rest.
func TestNobodyWaitsForAWorker(t *testing.T) {
	c := New(3)
	defer c.Close()
	stuck, free := make(chan struct{}), make(chan struct{})
	var ran [64]atomic.Int32
	go func() {
		for i := range ran {
			for ran[i].Load() == 0 {
				runtime.Gosched()
			}
		}
		close(free)
	}()
	c.Do(len(ran), func(_, task int) {
		ran[task].Add(1)
		if task == 0 {
			close(stuck)
			<-free
		}
	})
	<-stuck
	for i := range ran {
		if n := ran[i].Load(); n != 1 {
			t.Errorf("task %d ran %d times", i, n)
		}
	}
}

// TestALateWorkerFindsNothing: a worker that was woken and comes only when all
// is done, or in the midst of the next Do, does no task twice and none that is
// not there. The workers here are the test's own.
func TestALateWorkerFindsNothing(t *testing.T) {
	c := &Crew{workers: 2, wake: []chan struct{}{make(chan struct{}, 1)}, ended: make(chan struct{}, 1)}
	var sum int
	c.Do(5, func(_, task int) { sum += task })
	c.Do(5, func(_, task int) { sum += task }) // its wake still lies there: that blocks nobody
	if sum != 20 || len(c.wake[0]) != 1 {
		t.Errorf("alone: sum %d, %d wakes", sum, len(c.wake[0]))
	}
	if c.drain(1) {
		t.Error("it found a task when all were done")
	}
	var mine [2]int
	c.Do(5, func(worker, _ int) {
		mine[worker]++
		if worker == 0 && mine[0] == 2 && c.drain(1) {
			t.Error("the last task is not done")
		}
	})
	if mine != [2]int{2, 3} {
		t.Errorf("tasks done: %v", mine)
	}
}

func TestDoAllocatesNothing(t *testing.T) {
	c := New(3)
	defer c.Close()
	var sum atomic.Int64
	do := func(_, task int) { sum.Add(int64(task)) }
	if n := testing.AllocsPerRun(100, func() { c.Do(64, do) }); n != 0 {
		t.Errorf("Do allocates %v times", n)
	}
}
