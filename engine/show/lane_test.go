package show

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sweep is a made-up gesture of two tracks.
func sweep(r *Registry) *Gesture {
	p0, _ := r.Find("/scene/s0/l0/P0")
	p1, _ := r.Find("/scene/s0/l0/P1")
	return &Gesture{Name: "sweep", Length: 4, Tracks: []Track{
		{Param: p0, At: []float32{0, 1, 2, 3}, Value: []float32{0, 1, 0.5, 2}},
		{Param: p1, At: []float32{2.5, 3.5}, Value: []float32{1, 0}},
	}}
}

// TestLanes: each way to put a gesture right, one by one.
func TestLanes(t *testing.T) {
	r := NewRegistry(artwork(2), 2)
	g := sweep(r)
	for _, c := range []struct {
		what   string
		edit   func() (*Gesture, error)
		tracks int
		at     []float32 // of the first track
		value  []float32
		length float32
	}{
		{"moved", func() (*Gesture, error) { return g.Moved(r, 0, 1, 1.5, 0.75) }, 2, []float32{0, 1.5, 2, 3}, []float32{0, 0.75, 0.5, 2}, 4},
		{"moved past its neighbour and its range", func() (*Gesture, error) { return g.Moved(r, 0, 1, 9, 9) }, 2, []float32{0, 2, 2, 3}, []float32{0, 2, 0.5, 2}, 4},
		{"the last, past the end", func() (*Gesture, error) { return g.Moved(r, 0, 3, 9, -9) }, 2, []float32{0, 1, 2, 4}, []float32{0, 1, 0.5, 0}, 4},
		{"some shifted", func() (*Gesture, error) { return g.Shifted(r, 0, 1, 2, 0.5, 0.25) }, 2, []float32{0, 1.5, 2.5, 3}, []float32{0, 1.25, 0.75, 2}, 4},
		{"shifted as far as there is room", func() (*Gesture, error) { return g.Shifted(r, 0, 1, 2, -5, 0) }, 2, []float32{0, 0, 1, 3}, []float32{0, 1, 0.5, 2}, 4},
		{"a point more", func() (*Gesture, error) { c, _, err := g.Pointed(r, 0, 0.5, 1.5); return c, err }, 2, []float32{0, 0.5, 1, 2, 3}, []float32{0, 1.5, 1, 0.5, 2}, 4},
		{"a point where one is", func() (*Gesture, error) { c, _, err := g.Pointed(r, 0, 2, 1.5); return c, err }, 2, []float32{0, 1, 2, 3}, []float32{0, 1, 1.5, 2}, 4},
		{"without two", func() (*Gesture, error) { return g.Without(0, 1, 2) }, 2, []float32{0, 3}, []float32{0, 2}, 4},
		{"without a track", func() (*Gesture, error) { return g.Without(0, 0, 3) }, 1, []float32{2.5, 3.5}, []float32{1, 0}, 4},
		{"trimmed", func() (*Gesture, error) { return g.Trimmed(0.5, 2.5) }, 2, []float32{0, 0.5, 1.5, 2}, []float32{0.5, 1, 0.5, 1.25}, 2},
		{"trimmed within one line", func() (*Gesture, error) { return g.Trimmed(1.25, 1.75) }, 1, []float32{0, 0.5}, []float32{0.875, 0.625}, 0.5},
		{"trimmed after all points", func() (*Gesture, error) { return g.Trimmed(3.75, 4) }, 2, []float32{0}, []float32{2}, 0.25},
		{"stretched", func() (*Gesture, error) { return g.Stretched(2) }, 2, []float32{0, 0.5, 1, 1.5}, []float32{0, 1, 0.5, 2}, 2},
	} {
		before := sweep(r)
		got, err := c.edit()
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if len(got.Tracks) != c.tracks || got.Length != c.length || !slices.Equal(got.Tracks[0].At, c.at) || !slices.Equal(got.Tracks[0].Value, c.value) {
			t.Errorf("%s: %+v", c.what, got)
		}
		if err := got.check(r); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		for i := range before.Tracks {
			if !slices.Equal(before.Tracks[i].At, g.Tracks[i].At) || !slices.Equal(before.Tracks[i].Value, g.Tracks[i].Value) {
				t.Fatalf("%s: the gesture itself has changed", c.what)
			}
		}
	}
	nan := float32(math.NaN())
	for what, edit := range map[string]func() (*Gesture, error){
		"no such track":     func() (*Gesture, error) { return g.Moved(r, 2, 0, 0, 0) },
		"no such point":     func() (*Gesture, error) { return g.Moved(r, 0, 4, 0, 0) },
		"not a number":      func() (*Gesture, error) { return g.Moved(r, 0, 0, nan, 0) },
		"backwards":         func() (*Gesture, error) { return g.Without(0, 2, 1) },
		"shifted by none":   func() (*Gesture, error) { return g.Shifted(r, 0, 0, 1, nan, 0) },
		"past the end":      func() (*Gesture, error) { c, _, err := g.Pointed(r, 0, 5, 0); return c, err },
		"trimmed to none":   func() (*Gesture, error) { return g.Trimmed(2, 2) },
		"trimmed too far":   func() (*Gesture, error) { return g.Trimmed(0, 5) },
		"stretched to none": func() (*Gesture, error) { return g.Stretched(0) },
	} {
		if got, err := edit(); err == nil {
			t.Errorf("%s: %+v, and no error", what, got)
		}
	}
}

// TestLanesAnything: any row of edits of any gesture gives one that can be
// offered, one undo takes back each, and what is trimmed plays as it did.
func TestLanesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := New(artwork(2), Options{})
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{Show: s, sense: &felt{}}
		offer := func(e Event) {
			e.At = d.now()
			if err := d.Offer(e); err != nil {
				t.Fatal(err)
			}
			d.run(1)
		}
		time := rapid.Float32Range(-1, 6)
		g := sweep(s.Registry)
		offer(Event{Action: Insert, Index: -1, Item: g})
		offer(Event{Action: Play, Index: 0})
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			var next *Gesture
			track, a, b := rapid.IntRange(-1, 2).Draw(t, "track"), rapid.IntRange(-1, 4).Draw(t, "first"), rapid.IntRange(-1, 4).Draw(t, "last")
			x, y := time.Draw(t, "x"), time.Draw(t, "y")
			switch rapid.IntRange(0, 5).Draw(t, "edit") {
			case 0:
				next, err = g.Moved(s.Registry, track, a, x, y)
			case 1:
				next, err = g.Shifted(s.Registry, track, a, b, x, y)
			case 2:
				next, _, err = g.Pointed(s.Registry, track, x, y)
			case 3:
				next, err = g.Without(track, a, b)
			case 4:
				if next, err = g.Trimmed(x, y); err == nil {
					for i := range next.Tracks {
						was := slices.IndexFunc(g.Tracks, func(t Track) bool { return t.Param == next.Tracks[i].Param })
						for k := range 9 {
							// Inside the lines, where no rounding decides the side of a step.
							at := next.Length * (float32(k) + 0.5) / 9
							p, there := next.Tracks[i].at(at)
							q, _ := g.Tracks[was].at(at + x)
							if there && math.Abs(float64(p-q)) > 0.01 && !steep(&g.Tracks[was], at+x) {
								t.Fatalf("trimmed from %v to %v, at %v s of it: %v, and it was %v", x, y, at, p, q)
							}
						}
					}
				}
			case 5:
				next, err = g.Stretched(x)
			}
			if err != nil {
				continue
			}
			offer(Event{Action: Edit, Index: 0, Item: next})
			offer(Event{Action: Undo})
			if d.look().GestureAt(0) != g {
				t.Fatal("an undo does not take the edit back")
			}
			offer(Event{Action: Redo})
			if d.look().GestureAt(0) != next {
				t.Fatal("a redo does not do the edit again")
			}
			g = next
			if len(g.Tracks) == 0 {
				break
			}
		}
	})
}

// steep says whether a track has a step within a hundredth of a second of x.
func steep(t *Track, x float32) bool {
	for k := 1; k < len(t.At); k++ {
		if t.At[k]-t.At[k-1] < 0.5 && x > t.At[k-1]-0.01 && x < t.At[k]+0.01 {
			return true
		}
	}
	return false
}

// TestEditedWhilePlayed: a gesture that is edited plays on as it is now, comes
// in softly, and leaves to a hand what the hand has taken.
func TestEditedWhilePlayed(t *testing.T) {
	d := open(t, artwork(2), Options{})
	g := sweep(d.Registry)
	p0, p1 := g.Tracks[0].Param, g.Tracks[1].Param
	g.Tracks[1].At = []float32{0, 3.5}
	d.offer(Event{Action: Insert, Index: -1, Item: g})
	d.offer(Event{Action: Play, Index: 0})
	d.run(40)
	d.offer(Event{Action: Set, Param: p1, Value: 1.75, Fade: 0, By: ByWindow})
	d.run(5)
	flat := &Gesture{Name: g.Name, Length: 4, Tracks: []Track{{Param: p1, At: []float32{0}, Value: []float32{0}}, {Param: p0, At: []float32{0}, Value: []float32{2}}}}
	d.offer(Event{Action: Edit, Index: 0, Item: flat})
	last := d.look().Base[p0]
	for range 60 {
		d.run(1)
		here := d.look().Base[p0]
		if step := math.Abs(float64(here - last)); step > 2.0/15 {
			t.Fatalf("edited while it plays, the value jumps by %v", step)
		}
		last = here
	}
	if v := d.look(); v.Playing[0] != 0 || last < 1.95 || v.Base[p1] != 1.75 {
		t.Errorf("it plays %v; the one goes to %v, and is to be at 2; the hand's is %v", v.Playing, last, v.Base[p1])
	}
}

// TestSeam: a loop whose end is far from its start does not jump at the seam.
func TestSeam(t *testing.T) {
	d := open(t, artwork(2), Options{})
	id := d.find("/scene/s0/l0/P0")
	d.offer(Event{Action: Insert, Index: -1, Item: &Gesture{Name: "saw", Length: 2, Loop: true, Tracks: []Track{{Param: id, At: []float32{0, 2}, Value: []float32{0, 2}}}}})
	d.offer(Event{Action: Play, Index: 0})
	d.run(60)
	last, low, high := d.look().Base[id], float32(2), float32(0)
	for range 400 {
		d.run(1)
		here := d.look().Base[id]
		if step := math.Abs(float64(here - last)); step > 2.0/12 {
			t.Fatalf("at the seam, the value jumps by %v", step)
		}
		last, low, high = here, min(low, here), max(high, here)
	}
	if low > 0.7 || high < 1.9 {
		t.Errorf("the loop runs from %v to %v", low, high)
	}
}
