package flash

import (
	"slices"
	"testing"
	"time"

	"noctiluca/engine/crew"
)

// TestIRIS holds the analyser to what EA's IRIS says of its own test videos:
// github.com/electronicarts/IRIS, test/Iris.Tests/data/ExpectedVideoLogFiles,
// by relative luminance. The videos are whole frames of black and of white;
// these are the frames, from 1, in which AverageLuminance is 1, and the
// LuminanceTransitions of the frames in which it changes. fails are the frames
// with FlashLuminanceFailedFrame 3 (more than three flashes in a second), and
// extended the first with 2 (extended failure), 0 for none.
func TestIRIS(t *testing.T) {
	every := func(first, count, long int) (frames []int) {
		for k := range count {
			for i := range long {
				frames = append(frames, first+25*k+i)
			}
		}
		return frames
	}
	join := func(lists ...[]int) []int { return slices.Concat(lists...) }
	six := []int{6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6}
	four := []int{4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}
	for _, c := range []struct {
		video       string
		rate, count int
		white       []int
		transitions []int
		fails       []int
		extended    int
	}{
		{"2Hz_5s", 5, 25, []int{7, 9, 11, 13, 16, 18, 21, 23},
			[]int{1, 2, 3, 4, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4}, nil, 0},
		{"2Hz_6s", 25, 149, join([]int{6, 7, 8, 12, 13, 14}, every(30, 5, 3), every(36, 5, 3)),
			join([]int{1, 2, 3, 4, 5, 5, 5, 5}, four), nil, 114},
		{"3Hz_6s", 25, 149, join([]int{6, 7, 8, 12, 13, 14, 17, 18, 19}, every(30, 5, 3), every(36, 5, 3), every(41, 5, 3)),
			join([]int{1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7}, six), []int{30, 33, 36, 39, 41, 44}, 120},
		{"gray", 25, 125, nil, nil, nil, 0},
	} {
		rules := WCAG(200)
		rules.Extended = 4 * time.Second
		s := wall(20, 0.05, 2, grey(200))
		n := s.Stretches[0].Count
		a := New(s, rules, false, crew.New(1))
		black, white := make([]float32, n), make([]float32, n)
		for i := range white {
			white[i] = 1
		}
		var transitions, fails []int
		extended := 0
		was := false
		for f := 1; f <= c.count; f++ {
			light, on := black, slices.Contains(c.white, f)
			if on {
				light = white
			}
			v := a.Step(time.Duration(f-1)*time.Second/time.Duration(c.rate), light, light, light)
			if on != was {
				transitions = append(transitions, v.General)
			}
			was = on
			if v.General > 2*rules.Most {
				fails = append(fails, f)
			}
			if v.Extended && extended == 0 {
				extended = f
			}
		}
		// Of the last flash IRIS counts nothing once its video ends.
		if n := min(len(transitions), len(c.transitions)); !slices.Equal(transitions[:n], c.transitions[:n]) || len(transitions) < len(c.transitions) {
			t.Errorf("%s: transitions %v, IRIS counts %v", c.video, transitions, c.transitions)
		}
		if !slices.Equal(fails, c.fails) {
			t.Errorf("%s: more than three flashes at frames %v, IRIS says %v", c.video, fails, c.fails)
		}
		// The analyser may be earlier: it says what four transitions have made
		// certain for the second that follows them, and it counts the frames
		// of a failure for the extended one, which IRIS does not.
		if earliest := c.extended - c.rate - len(c.fails); (extended == 0) != (c.extended == 0) || extended > c.extended || extended < earliest {
			t.Errorf("%s: extended failure at frame %d, IRIS says %d", c.video, extended, c.extended)
		}
		t.Logf("%s: transitions %v, more than three at %v, extended at %d (IRIS %d)", c.video, transitions, fails, extended, c.extended)
	}
}
