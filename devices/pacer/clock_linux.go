package pacer

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// monotonic is CLOCK_MONOTONIC with clock_nanosleep to an absolute instant,
// which neither drifts nor waits for the Go scheduler's timers.
type monotonic struct{}

func newClock() clock { return monotonic{} }

func (monotonic) now() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		panic("pacer: CLOCK_MONOTONIC: " + err.Error())
	}
	return time.Duration(ts.Nano())
}

func (monotonic) sleep(at time.Duration) {
	ts := unix.NsecToTimespec(int64(at))
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &ts, nil) == unix.EINTR {
		// A signal (the Go runtime preempts by one) woke us: the instant is
		// absolute, so sleep on.
	}
}

// prioritise asks for SCHED_FIFO, at the priority Falcon Player gives its
// output thread. It needs CAP_SYS_NICE; without it the thread stays ordinary.
func prioritise() string {
	const fifo, priority = 1, 10
	param := struct{ priority int32 }{priority}
	_, _, errno := unix.RawSyscall(unix.SYS_SCHED_SETSCHEDULER, 0, fifo, uintptr(unsafe.Pointer(&param)))
	runtime.KeepAlive(&param)
	if errno != 0 {
		return fmt.Sprintf("pacing: clock_nanosleep, ordinary priority (SCHED_FIFO: %v)", errno)
	}
	return "pacing: clock_nanosleep, SCHED_FIFO"
}
