package calibrate

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"time"
)

// Profile is what a calibration found of one person, as it is written to a
// file: only for those who agreed to a recording.
type Profile struct {
	Version int                `json:"version"`
	Seat    string             `json:"seat"` // what the desk calls who wears the sensor
	Figures map[string]Figures `json:"figures"`
}

// Figures are a figure's mean and spread at rest and under the stimulus.
type Figures struct {
	Seconds        int     `json:"seconds"` // of good signal at rest
	Mean           float64 `json:"mean"`
	Spread         float64 `json:"spread"`
	StimulusMean   float64 `json:"stimulus_mean"`
	StimulusChange float64 `json:"stimulus_change"` // in spreads at rest
}

// keys are what the figures are called in a profile.
var keys = [figures]string{"heart_rate", "skin_level", "breath_rate", "rmssd", "relative_alpha"}

// least is the smallest spread that is believed, of each figure.
var least = [figures]float64{1.5, 0.05, 0.5, 3, 0.005}

// enough is how many good seconds of rest make a baseline.
const enough = 20

// Profiles are the baselines of all, by pseudonym.
func (s *Session) Profiles() map[string]Profile {
	out := map[string]Profile{}
	for _, x := range s.people() {
		p := Profile{Version: 1, Figures: map[string]Figures{}}
		for i := range figures {
			r, t := &x.rest[i], &x.stim[i]
			if r.n < enough {
				continue
			}
			f := Figures{Seconds: r.n, Mean: r.mean, Spread: max(r.spread(), least[i])}
			if t.n > 0 {
				f.StimulusMean = t.mean
				f.StimulusChange = (t.mean - r.mean) / f.Spread
			}
			p.Figures[keys[i]] = f
		}
		out[x.name] = p
	}
	return out
}

// Write writes a profile to a new file.
func (p Profile) Write(name string) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// ReadProfile reads a profile and refuses what no body has.
func ReadProfile(name string) (Profile, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return Profile{}, err
	}
	var p Profile
	if err := json.Unmarshal(b, &p); err != nil {
		return Profile{}, fmt.Errorf("%s: no profile: %w", name, err)
	}
	if p.Version != 1 || p.Seat == "" {
		return Profile{}, fmt.Errorf("%s: version is %d and seat %q: want 1 and a name", name, p.Version, p.Seat)
	}
	for k, f := range p.Figures {
		if !(f.Mean > 0 && f.Mean < 1e4 && f.Spread > 0 && f.Spread < 1e4) || f.Seconds < enough {
			return Profile{}, fmt.Errorf("%s: %s has the mean %v and the spread %v of %d s: want both over 0 and at least %d s", name, k, f.Mean, f.Spread, f.Seconds, enough)
		}
	}
	return p, nil
}

// Report is the verdict on everybody, and on their sensors beside each other.
func (s *Session) Report() string {
	var b strings.Builder
	for _, x := range s.people() {
		fmt.Fprintf(&b, "%s\n", x.name)
		any := false
		for i := range figures {
			r, t := &x.rest[i], &x.stim[i]
			if r.n == 0 && t.n == 0 {
				continue
			}
			any = true
			fmt.Fprintf(&b, "  %-22s rest %.4g ± %.2g (%d good s)", figureNames[i], r.mean, r.spread(), r.n)
			if t.n > 0 && r.n > 1 {
				fmt.Fprintf(&b, ", stimulus %.4g (%+.1f spreads)", t.mean, (t.mean-r.mean)/max(r.spread(), least[i]))
			}
			if r.n < enough {
				fmt.Fprintf(&b, ": too little good signal for a baseline, want %d s", enough)
			}
			b.WriteByte('\n')
		}
		if x.rest[skin].n >= enough {
			fmt.Fprintf(&b, "  %-22s rest %.1f, stimulus %.1f a minute", "skin responses", x.scr[0], x.scr[1])
			if x.scr[1] < 0.5 && x.scr[0] < 0.5 {
				b.WriteString(": none. About one person in ten shows none; that is no sign of calm")
			}
			b.WriteByte('\n')
		}
		if !any {
			b.WriteString("  no good signal at all: is the sensor on, charged, and does its wearer agree to be shown?\n")
		}
	}
	for _, c := range s.Compare() {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

// Comparison is of one figure of two sensors over the same time.
type Comparison struct {
	A, B        string
	Figure      string
	Difference  float64 // mean of |a − b|
	Correlation float64
	Seconds     int
}

func (c Comparison) String() string {
	return fmt.Sprintf("%s and %s, %s: %.3g apart in the mean, correlation %.2f over %d s", c.A, c.B, c.Figure, c.Difference, c.Correlation, c.Seconds)
}

// Compare compares the sensors of each cell with each other: one person who
// wears two, or two sensors of a kind side by side, should agree.
func (s *Session) Compare() []Comparison {
	var out []Comparison
	all := s.people()
	for i, x := range all {
		for _, y := range all[i+1:] {
			if x.cell != y.cell {
				continue
			}
			for f := range figures {
				if c, ok := compare(x.series[f], y.series[f]); ok {
					c.A, c.B, c.Figure = x.name, y.name, figureNames[f]
					out = append(out, c)
				}
			}
		}
	}
	return out
}

func compare(a, b []float64) (Comparison, bool) {
	// Both end now; who came later has fewer.
	n := min(len(a), len(b))
	a, b = a[len(a)-n:], b[len(b)-n:]
	var c Comparison
	var ma, mb, xy, xx, yy float64
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			c.Seconds++
			ma += a[i]
			mb += b[i]
			c.Difference += math.Abs(a[i] - b[i])
		}
	}
	if c.Seconds < enough {
		return c, false
	}
	k := float64(c.Seconds)
	ma, mb, c.Difference = ma/k, mb/k, c.Difference/k
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			xy += (a[i] - ma) * (b[i] - mb)
			xx += (a[i] - ma) * (a[i] - ma)
			yy += (b[i] - mb) * (b[i] - mb)
		}
	}
	if xx > 0 && yy > 0 {
		c.Correlation = xy / math.Sqrt(xx*yy)
	}
	return c, true
}

// Length is how long a session takes at most.
func (o Options) Length() time.Duration { return o.Patience + o.Rest + o.Stimulus }
