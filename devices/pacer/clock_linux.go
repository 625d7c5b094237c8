package pacer

import (
	"time"

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
