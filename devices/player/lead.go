package player

import (
	"fmt"
	"time"

	"noctiluca/installations"
)

// Lead is how long before its deadline a frame is begun. The zero value finds
// it by how long frames take, and goes on doing so.
type Lead struct {
	Fixed bool
	Time  time.Duration // where it is fixed; 0 begins a frame when it is due
}

// ParseLead reads "auto" or a length of time, as of a command line.
func ParseLead(text string) (Lead, error) {
	if text == "auto" {
		return Lead{}, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return Lead{}, fmt.Errorf("%q: expected auto, or a length of time such as 2ms or 0s", text)
	}
	return Lead{Fixed: true, Time: d}, nil
}

// Fits says what is wrong with a lead for the rate of an installation.
func (l Lead) Fits(inst *installations.Installation) error {
	if period := periodOf(inst); l.Fixed && !(l.Time >= 0 && l.Time <= period) {
		return fmt.Errorf("%v: expected 0…%v, the time of a frame at %g a second", l.Time, period, inst.Rate)
	}
	return nil
}

// How a lead is found.
const (
	// leadShare is the most that a lead may be, as a share of the period: what
	// people do in that time acts a frame later than it could, and a frame
	// that takes longer than that needs a smaller work or a larger machine.
	leadShare = 1.0 / 3
	// leadWindow is how many of the last frames tell how long frames take,
	// eight seconds at 60 a second.
	leadWindow = 512
	// leadQuantile is the share of them that the lead covers.
	leadQuantile = 0.99
	// leadSlack is by how much of the period it may be more than half of the
	// last leadRecent took. On a machine that others keep busy a few frames take very long: no
	// lead reaches them, and a long one would only hold all the others.
	leadSlack  = 1.0 / 10
	leadRecent = 64
	// leadMargin is what is added for the clock: a thread that sleeps until an
	// instant wakes a little after it.
	leadMargin = 150 * time.Microsecond
	// leadRise and leadFall are the shares of the way to where it should be
	// that a frame goes. Too short a lead makes frames late, too long a one
	// costs only time.
	leadRise = 1.0 / 8
	leadFall = 1.0 / 128
)

// leader finds the lead. It begins with the most, so that the first frames
// leave in time too.
type leader struct {
	now, most time.Duration
	slack     time.Duration
	fixed     bool
	took      [leadWindow]time.Duration // of the last frames, a ring
	seen      int                       // frames, ever
	counts    histogram                 // of took
	recent    histogram                 // of the last leadRecent of them
}

func newLeader(l Lead, rate float64) *leader {
	if l.Fixed {
		return &leader{now: l.Time, fixed: true}
	}
	period := float64(time.Second) / rate
	most := time.Duration(leadShare * period)
	return &leader{now: most, most: most, slack: time.Duration(leadSlack * period)}
}

// add takes how long a frame took from its release until it was computed.
func (l *leader) add(took time.Duration) {
	if l.fixed {
		return
	}
	at := l.seen % leadWindow
	if l.seen >= leadWindow {
		l.counts.remove(l.took[at])
	}
	if l.seen >= leadRecent {
		l.recent.remove(l.took[(at+leadWindow-leadRecent)%leadWindow])
	}
	l.took[at] = took
	l.seen++
	l.counts.add(took)
	l.recent.add(took)
	want := min(l.counts.quantile(leadQuantile)+leadMargin, l.recent.quantile(0.5)+l.slack, l.most)
	if want > l.now {
		l.now += time.Duration(leadRise * float64(want-l.now))
	} else {
		l.now -= time.Duration(leadFall * float64(l.now-want))
	}
}
