package desk

import (
	"image/color"
	"math"
	"testing"

	"noctiluca/engine/show"
)

// TestTheTimelineSeeks by the pointer and by keys, and a gesture that follows
// the timecode says why it does not.
func TestTheTimelineSeeks(t *testing.T) {
	d, s, c, draw := table(t)
	track := show.Track{Param: s.Master.Hue, At: []float32{0, 60}, Value: []float32{0, 0.5}}
	for _, g := range []*show.Gesture{{Name: "g", Length: 60, Tracks: []show.Track{track}}, {Name: "film", Length: 60, Chase: true, Tracks: []show.Track{track}}} {
		if err := s.Offer(show.Event{Action: show.Insert, Index: -1, Item: g}); err != nil {
			t.Fatal(err)
		}
	}
	draw(Hand{X: -1})
	d.Gestures()
	draw(Hand{X: -1})
	reach := reacher(t, d, draw)
	// Each picture of this test is a second of the show.
	is := func(want, within float64, what string) {
		t.Helper()
		at, plays := look(s).Played(0)
		if !plays || math.Abs(float64(at)-want) > within {
			t.Errorf("%s: it plays: %v, at %.2f s; want %.2f", what, plays, at, want)
		}
	}
	reach("timeline", KeyEnter)
	is(1, 0.05, "enter plays it")
	draw(key(KeyRight))
	is(2.45, 0.1, "half a second on, and a second passes")
	draw(key(KeyLeft))
	is(2.9, 0.1, "half a second back, and a second passes")
	draw(key(KeyDefault))
	is(1, 0.05, "backspace begins it again")
	draw(key(KeyEnter))
	if _, plays := look(s).Played(0); plays {
		t.Error("enter does not stop it")
	}
	// What lies above it is pressed on the way down, which takes another
	// gesture in hand.
	y, half := 0.0, c.w/2
	for y = 60; y < 900; y += 6 {
		d.focus = ""
		draw(Hand{X: half, Y: y, Down: true, Pressed: true})
		if d.grip == "timeline" {
			break
		}
		draw(Hand{X: half, Y: y, Released: true})
	}
	if y >= 900 {
		t.Fatal("no timeline under the pointer")
	}
	draw(Hand{X: -1, Released: true})
	reach("take gesture 1", KeyEnter)
	draw(Hand{X: half, Y: y, Down: true, Pressed: true})
	is(31, 0.1, "a press in the middle plays it from there")
	draw(Hand{X: half + 1, Y: y, Down: true})
	is(31.1, 0.2, "dragged by a little, and a second passes")
	draw(Hand{X: half + 2000, Y: y, Down: true})
	if _, plays := look(s).Played(0); plays {
		t.Error("dragged past its end it plays on")
	}
	draw(Hand{X: -1, Released: true})
	reach("take gesture 2", KeyEnter)
	reach("timeline", KeyDefault)
	draw(Hand{X: -1})
	if _, plays := look(s).Played(1); plays || !c.says("follows the timecode") {
		t.Errorf("the one that follows the timecode plays: %v, and nothing says why not: %q", plays, c.texts)
	}
}

// TestARecordingGrows under the eyes of whoever records, lane by lane, and is
// gone from there when it is kept.
func TestARecordingGrows(t *testing.T) {
	d, s, c, draw := table(t)
	d.Gestures()
	offer := func(e show.Event) {
		t.Helper()
		if err := s.Offer(e); err != nil {
			t.Fatal(err)
		}
		draw(Hand{X: -1})
		c.curves = nil
		draw(Hand{X: -1})
	}
	offer(show.Event{Action: show.Record})
	if !c.says("turn what you like; record once more ends it") || !c.says("Recording") {
		t.Errorf("a recording is not told: %q", c.texts)
	}
	offer(show.Event{Action: show.Set, Param: s.Master.Hue, Value: 0.25})
	if !c.says("/master/hue") || !c.says("1 point") || !c.says("s") || len(d.taking.take.Tracks) != 1 {
		t.Errorf("what a hand did is not told: %q", c.texts)
	}
	offer(show.Event{Action: show.Set, Param: s.Master.Hue, Value: 0.5})
	offer(show.Event{Action: show.Set, Param: s.Master.Level, Value: 0.5})
	if !c.says("3 points") || !c.says("/master/level") {
		t.Errorf("its curve does not grow: %q", c.texts)
	}
	offer(show.Event{Action: show.Record})
	if c.says("record once more") || len(d.taking.take.Tracks) != 0 || len(look(s).Items[show.Gestures]) != 1 {
		t.Errorf("it is over, and not kept, or told on: %q", c.texts)
	}
	offer(show.Event{Action: show.Record})
	offer(show.Event{Action: show.Set, Param: s.Master.Level, Value: 0.7})
	if len(d.taking.take.Tracks) != 1 {
		t.Errorf("the next recording begins with %d lanes", len(d.taking.take.Tracks))
	}
}

// TestALongTrackCostsWhatItIsWide: ten minutes of a fader that never rests is
// drawn with a few points a pixel, and no peak of it is lost.
func TestALongTrackCostsWhatItIsWide(t *testing.T) {
	d, s, c, _ := table(t)
	d.canvas = c
	spec := &s.Specs[s.Master.Level]
	track := show.Track{Param: s.Master.Level}
	for k := range 36000 {
		v := float32(0)
		if k == 12345 {
			v = 1 // one frame long
		}
		track.At, track.Value = append(track.At, float32(k)/60), append(track.Value, v)
	}
	c.curves = nil
	highest := 0.0
	d.points = nil
	p := area{0, 0, 600, 100}
	d.canvas = peaks{c, &highest}
	d.trackCurve(&track, spec, p, 600, 600, living)
	if len(c.curves) != 1 || c.curves[0] > 4*2*600+2 || highest != 100 {
		t.Errorf("36,000 points over 600 pixels are drawn with %v; the peak is %v high of 100", c.curves, highest)
	}
}

// peaks tells how high a curve reaches on a plot 100 high.
type peaks struct {
	*paperCanvas
	highest *float64
}

func (p peaks) Curve(v []float64, w float64, c color.NRGBA) {
	for i := 1; i < len(v); i += 2 {
		*p.highest = max(*p.highest, 100-v[i])
	}
	p.paperCanvas.Curve(v, w, c)
}
