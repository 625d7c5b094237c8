package pacer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Policies of sched_setscheduler(2), and the priorities used here: that of the
// clock's thread is the one that Falcon Player gives its output thread, that
// of all others the lowest there is in real time.
const (
	ordinary   = 0 // SCHED_OTHER
	fifo       = 1 // SCHED_FIFO
	roundRobin = 2 // SCHED_RR

	clockPriority  = 10
	othersPriority = 1
)

// nice is what the process's other threads get where they are not in real
// time. Beside a thread of nice 0 one of -10 gets ten times the time, and is
// run first when it wakes (sched(7)).
const nice = -10

// schedule sets the policy of a thread; 0 is the caller's.
func schedule(thread int, policy uintptr, priority int32) error {
	param := struct{ priority int32 }{priority}
	_, _, errno := unix.RawSyscall(unix.SYS_SCHED_SETSCHEDULER, uintptr(thread), policy, uintptr(unsafe.Pointer(&param)))
	runtime.KeepAlive(&param)
	if errno != 0 {
		return errno
	}
	return nil
}

// prioritise asks for real-time priority of the calling thread, and for a
// better nice value of all others. It needs CAP_SYS_NICE; without it all stays
// ordinary.
func prioritise() string {
	said := prefer()
	if err := schedule(0, fifo, clockPriority); err != nil {
		return fmt.Sprintf("pacing: clock_nanosleep, ordinary priority (SCHED_FIFO: %v)%s", err, said)
	}
	return "pacing: clock_nanosleep, SCHED_FIFO" + said
}

// unprioritise makes the calling thread an ordinary one.
func unprioritise() { _ = schedule(0, ordinary, 0) }

// threads calls f for every thread there is, until it fails.
func threads(f func(id int) error) error {
	all, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range all {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			continue
		}
		if err := f(id); err != nil && !errors.Is(err, unix.ESRCH) { // it has ended
			return err
		}
	}
	return nil
}

// prefer sets the nice value of the threads there are, and so of those that
// they make. A process that was given a better one keeps it.
func prefer() string {
	// The raw call gives 20 less the value.
	if now, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err == nil && 20-now <= nice {
		return ""
	}
	if threads(func(id int) error { return unix.Setpriority(unix.PRIO_PROCESS, id, nice) }) != nil {
		return ""
	}
	return fmt.Sprintf(", nice %d", nice)
}

// others sets the policy of all threads but those with the clock's. A thread
// that is made meanwhile has that of the one that made it, so it looks again
// until all have it.
func others(policy uintptr, priority int32) error {
	for range 10 {
		changed := false
		err := threads(func(id int) error {
			now, _, errno := unix.RawSyscall(unix.SYS_SCHED_GETSCHEDULER, uintptr(id), 0, 0)
			if errno != 0 {
				return errno
			}
			if now == fifo || now == policy {
				return nil
			}
			changed = true
			return schedule(id, policy, priority)
		})
		if err != nil || !changed {
			return err
		}
	}
	return nil
}

// keepEvery is how often it is looked at what the process uses.
const keepEvery = time.Second

// raise puts all threads in real time.
func raise() (string, bool) {
	if others(roundRobin, othersPriority) != nil {
		_ = others(ordinary, 0) // some may have it already
		return "", false
	}
	return fmt.Sprintf("pacing: all threads in real time (SCHED_RR %d), as long as they use less than %.0f %% of the cores", othersPriority, 100*mostShare), true
}

// keep looks after what raise did until ctx is done.
func keep(ctx context.Context, say func(string)) {
	defer func() { _ = others(ordinary, 0) }()
	s := share{cores: float64(runtime.NumCPU())}
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	used, at, is := processorTime(), time.Now(), true
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		u, now := processorTime(), time.Now()
		may := s.step(u-used, now.Sub(at))
		used, at = u, now
		switch {
		case may && !is:
			is = others(roundRobin, othersPriority) == nil
			say("pacing: all threads in real time again")
		case !may && is:
			is = others(ordinary, 0) != nil
			say(fmt.Sprintf("pacing: more than %.0f %% of the cores are used: only the clock stays in real time until it is less than %.0f %%, so that others have room", 100*mostShare, 100*calmShare))
		}
	}
}

// processorTime is what the process has used so far, in all its threads.
func processorTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
