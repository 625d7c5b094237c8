package pacer

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// monotonic is CLOCK_MONOTONIC with clock_nanosleep to an absolute instant,
// which neither drifts nor waits for the Go scheduler's timers.
type monotonic struct{}

func newClock() Clock { return monotonic{} }

func (monotonic) Now() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		panic("pacer: CLOCK_MONOTONIC: " + err.Error())
	}
	return time.Duration(ts.Nano())
}

func (monotonic) Sleep(at time.Duration) {
	ts := unix.NsecToTimespec(int64(at))
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &ts, nil) == unix.EINTR {
		// A signal (the Go runtime preempts by one) woke us: the instant is
		// absolute, so sleep on.
	}
}

// nice is what the process's other threads get: those that compute, send and
// collect garbage, on which a frame waits now and then. They must not stand in
// line behind whatever else the machine does. Beside a thread of nice 0 one
// of -10 gets ten times the time, and is run first when it wakes (sched(7)).
const nice = -10

// prioritise asks for SCHED_FIFO, at the priority Falcon Player gives its
// output thread, and for a better nice value of all other threads. It needs
// CAP_SYS_NICE; without it all stays ordinary.
func prioritise() string {
	said := prefer()
	const fifo, priority = 1, 10
	param := struct{ priority int32 }{priority}
	_, _, errno := unix.RawSyscall(unix.SYS_SCHED_SETSCHEDULER, 0, fifo, uintptr(unsafe.Pointer(&param)))
	runtime.KeepAlive(&param)
	if errno != 0 {
		return fmt.Sprintf("pacing: clock_nanosleep, ordinary priority (SCHED_FIFO: %v)%s", errno, said)
	}
	return "pacing: clock_nanosleep, SCHED_FIFO" + said
}

// prefer sets the nice value of the threads there are, and so of those that
// they make. A process that was given a better one keeps it.
func prefer() string {
	// The raw call gives 20 less the value.
	if now, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err == nil && 20-now <= nice {
		return ""
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return ""
	}
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			continue
		}
		if err := unix.Setpriority(unix.PRIO_PROCESS, id, nice); errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) {
			return ""
		}
	}
	return fmt.Sprintf(", nice %d", nice)
}
