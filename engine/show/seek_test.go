package show

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSeek: a gesture goes on where it is sent, softly, plays from there when
// it did not play, leaves to a hand what the hand has taken, and one that
// follows the timecode stays with that.
func TestSeek(t *testing.T) {
	d := open(t, artwork(2), Options{})
	p0, p1 := d.find("/scene/s0/l0/P0"), d.find("/scene/s0/l0/P1")
	line := func(id ID) Track { return Track{Param: id, At: []float32{0, 4}, Value: []float32{0, 2}} }
	d.offer(Event{Action: Insert, Index: -1, Item: &Gesture{Name: "rise", Length: 4, Tracks: []Track{line(p0), line(p1)}}})
	d.offer(Event{Action: Insert, Index: -1, Item: &Gesture{Name: "film", Length: 4, Chase: true, Tracks: []Track{line(p0)}}})
	at := func() float32 { at, _ := d.look().Played(0); return at }
	d.offer(Event{Action: Seek, Index: 0, Value: 1})
	d.run(1)
	if got, plays := d.look().Played(0); !plays || got != 1 {
		t.Fatalf("sought to 1 s, it plays: %v, at %v s", plays, got)
	}
	d.run(60)
	if got, v := at(), d.look().Base[p0]; got != 2 || math.Abs(float64(v-1)) > 0.05 {
		t.Fatalf("a second on it is at %v s, the value %v", got, v)
	}
	d.offer(Event{Action: Set, Param: p1, Value: 0.25, Fade: 0, By: ByWindow})
	d.run(2)
	d.offer(Event{Action: Seek, Index: 0, Value: 3.2})
	last := d.look().Base[p0]
	for range 35 {
		d.run(1)
		here := d.look().Base[p0]
		if step := math.Abs(float64(here - last)); step > 2.0/15 {
			t.Fatalf("sought to another place, the value jumps by %v", step)
		}
		last = here
	}
	if got := at(); got < 3.75 || got > 3.8 || last < 1.85 || d.look().Base[p1] != 0.25 {
		t.Errorf("it is at %v s, the value %v; the hand's is %v, and is to stay 0.25", got, last, d.look().Base[p1])
	}
	// A time past the end is the end.
	d.offer(Event{Action: Seek, Index: 0, Value: 99})
	d.run(2)
	if _, plays := d.look().Played(0); plays || at() != 0 {
		t.Error("it plays past its end")
	}
	d.offer(Event{Action: Seek, Index: 1, Value: 2})
	d.offer(Event{Action: Seek, Index: 7, Value: 2})
	d.run(1)
	if _, plays := d.look().Played(1); plays {
		t.Error("a gesture that follows the timecode was sought")
	}
	d.offer(Event{Action: Play, Index: 1})
	d.run(1)
	if got, plays := d.look().Played(1); !plays || got != -1 {
		t.Errorf("without a timecode it plays: %v, at %v s", plays, got)
	}
	for _, wrong := range []float32{-1, float32(math.NaN()), 1e9} {
		if err := d.Offer(Event{Action: Seek, Index: 0, Value: wrong}); err == nil {
			t.Errorf("a seek to %v s is taken", wrong)
		}
	}
}

// TestTakeIsWhatIsKept: whatever hands do, and whenever somebody looks, the
// curves seen while it is recorded grow into the gesture that is kept.
func TestTakeIsWhatIsKept(t *testing.T) {
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
		}
		for range 2 { // the second time, notes of the first are still in hand
			offer(Event{Action: Record})
			d.run(1)
			var take Take
			since := d.look().Since
			for range rapid.IntRange(0, 30).Draw(t, "hands") {
				for range rapid.IntRange(0, 2).Draw(t, "at once") {
					offer(Event{Action: Set, Param: ID(rapid.IntRange(0, 3).Draw(t, "param")), Value: rapid.Float32Range(0, 1).Draw(t, "value"), Fade: 0, By: ByWindow})
				}
				d.run(rapid.IntRange(1, 20).Draw(t, "ticks"))
				if v := d.look(); rapid.Bool().Draw(t, "looks") {
					if !v.Recording || v.Since != since || len(v.Notes) > 0 && v.Notes[len(v.Notes)-1].At > v.Recorded {
						t.Fatalf("recording %v since %d, for %v s", v.Recording, v.Since, v.Recorded)
					}
					take.Add(v.Notes)
				}
			}
			v := d.look()
			take.Add(v.Notes)
			n := len(v.Items[Gestures])
			offer(Event{Action: Record})
			d.run(1)
			if v := d.look(); v.Recording || v.Recorded != 0 || len(v.Notes) != 0 {
				t.Fatalf("it is over, and there are %d notes, of %v s", len(v.Notes), v.Recorded)
			} else if len(take.Tracks) > 0 {
				if len(v.Items[Gestures]) != n+1 {
					t.Fatal("it was not kept")
				}
				kept := v.GestureAt(n).Tracks
				if !slices.EqualFunc(kept, take.Tracks, func(a, b Track) bool {
					return a.Param == b.Param && slices.Equal(a.At, b.At) && slices.Equal(a.Value, b.Value)
				}) {
					t.Fatalf("kept %v, and seen was %v", kept, take.Tracks)
				}
			}
		}
	})
}
