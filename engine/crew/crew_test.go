package crew

import (
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

func TestDoAllocatesNothing(t *testing.T) {
	c := New(3)
	defer c.Close()
	var sum atomic.Int64
	do := func(_, task int) { sum.Add(int64(task)) }
	if n := testing.AllocsPerRun(100, func() { c.Do(64, do) }); n != 0 {
		t.Errorf("Do allocates %v times", n)
	}
}
