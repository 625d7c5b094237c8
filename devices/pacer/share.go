package pacer

import "time"

// The share of all cores that the process may use in real time, and under
// which it gets that back. The kernel keeps 5 % of the time for all others in
// any case (sched_rt_runtime_us, sched(7)), which is not enough to live on.
const (
	mostShare = 0.7
	calmShare = 0.5
	calmFor   = 10 * time.Second
)

// share decides whether a process may be in real time: as long as it leaves
// others room. It is told now and then what the process used.
type share struct {
	cores float64
	taken bool          // it is not, for it used too much
	calm  time.Duration // for how long it has used little since
}

// step takes how much processor time was used since it was last called, and
// how long that is ago. It says whether the process may be in real time.
func (s *share) step(used, passed time.Duration) bool {
	if passed <= 0 {
		return !s.taken
	}
	switch part := used.Seconds() / (passed.Seconds() * s.cores); {
	case part > mostShare:
		s.taken, s.calm = true, 0
	case part > calmShare:
		s.calm = 0
	default:
		if s.calm += passed; s.calm >= calmFor {
			s.taken = false
		}
	}
	return !s.taken
}
