package pacer

import (
	"context"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// policies counts the threads of this process by policy.
func policies(t *testing.T) map[uintptr]int {
	t.Helper()
	n := map[uintptr]int{}
	if err := threads(func(id int) error {
		policy, _, errno := unix.RawSyscall(unix.SYS_SCHED_GETSCHEDULER, uintptr(id), 0, 0)
		if errno == 0 {
			n[policy]++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestThreads: all threads are in real time while a run lasts, the clock's
// above them, and none is afterwards. Where the system does not let it, none
// ever is.
func TestThreads(t *testing.T) {
	p, err := New(100)
	if err != nil {
		t.Fatal(err)
	}
	said, ok := p.Raise()
	if !ok {
		t.Log("this needs CAP_SYS_NICE; without it nothing changes")
		if n := policies(t); n[roundRobin] != 0 {
			t.Errorf("policies: %v", n)
		}
		return
	}
	t.Log(said)
	t.Log(p.Start(1, 0))
	if n := policies(t); n[fifo] != 1 || n[ordinary] != 0 || n[roundRobin] < 1 {
		t.Errorf("in a run: %v threads by policy, want one of SCHED_FIFO (%d) and all others of SCHED_RR (%d)", n, fifo, roundRobin)
	}
	// Threads made from here on have it too.
	made, end := make(chan struct{}), make(chan struct{})
	for range 8 {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			made <- struct{}{}
			<-end
		}()
	}
	for range 8 {
		<-made
	}
	if n := policies(t); n[fifo] != 1 || n[ordinary] != 0 || n[roundRobin] < 8 {
		t.Errorf("with eight threads more: %v", n)
	}
	close(end)
	p.Stop()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	p.Keep(ctx, func(line string) { t.Error(line) })
	if n := policies(t); n[fifo] != 0 || n[roundRobin] != 0 {
		t.Errorf("afterwards: %v", n)
	}
}
