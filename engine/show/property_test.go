package show

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// same says whether two documents hold the same.
func same(a, b *Document) string {
	if !slices.Equal(a.Values, b.Values) {
		for i := range a.Values {
			if a.Values[i] != b.Values[i] {
				return fmt.Sprintf("parameter %d: %v and %v", i, a.Values[i], b.Values[i])
			}
		}
	}
	for l := range a.Items {
		if !slices.Equal(a.Items[l], b.Items[l]) {
			return fmt.Sprintf("%v: %v and %v", List(l), a.Items[l], b.Items[l])
		}
	}
	return ""
}

// TestAnything: any order of sets, cues, fades, mutes, learning, gestures,
// undo and redo gives no value that is not a number or out of its range, and
// none that moves faster than its fade allows; and an edit that is undone
// leaves no trace.
func TestAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &desk{sense: &felt{}}
		s, err := New(artwork(2), Options{Channels: 3})
		if err != nil {
			t.Fatal(err)
		}
		d.Show = s
		offer := func(e Event) {
			e.At = d.now()
			if err := d.Offer(e); err != nil {
				t.Fatalf("%+v: %v", e, err)
			}
		}
		// fastest is how far a base may go in a tick: the widest way over the
		// shortest fade that is under way.
		shortest := make([]int32, len(s.params))
		last := make([]float32, len(s.params))
		weights := make([][]float32, len(s.params))
		remember := func() {
			for i := range s.params {
				last[i] = s.params[i].base
				weights[i] = append(weights[i][:0], s.params[i].weights...)
			}
		}
		remember()
		step := func() {
			d.run(1)
			for i := range s.params {
				p, spec := &s.params[i], &s.Specs[i]
				v := s.values[i]
				low, high := spec.Min, spec.Max
				if p.integrate {
					low, high = 0, 1
				}
				if !(v >= low && v <= high) || !(p.base >= spec.Min && p.base <= spec.Max) {
					t.Fatalf("%s is %v, its base %v: out of %v…%v", spec.Path, v, p.base, spec.Min, spec.Max)
				}
				shortest[i] = p.ticks
				most := float64(spec.Max-spec.Min)/float64(shortest[i])*1.0001 + 1e-6
				if spec.Kind != Choice && math.Abs(float64(p.base-last[i])) > most {
					t.Fatalf("%s goes from %v to %v in a tick; a fade of %d ticks allows %v", spec.Path, last[i], p.base, p.ticks, most)
				}
				sum := float32(0)
				for k, w := range p.weights {
					sum += w
					if !(w >= 0 && w <= 1.0001) || math.Abs(float64(w-weights[i][k])) > 1/float64(p.ticks)+1e-5 {
						t.Fatalf("%s: the weight of choice %d goes from %v to %v in a tick of %d", spec.Path, k, weights[i][k], w, p.ticks)
					}
				}
				if spec.Kind == Choice && math.Abs(float64(sum)-1) > 1e-4 {
					t.Fatalf("%s: the weights add up to %v", spec.Path, sum)
				}
			}
			for i, c := range s.Mix().Channels {
				if !(c.Gain >= 0 && c.Gain <= 1) {
					t.Fatalf("channel %d has gain %v", i, c.Gain)
				}
			}
			if g := s.Mix().Master.Gain; !(g >= 0 && g <= 1) {
				t.Fatalf("the master's gain is %v", g)
			}
			remember()
		}
		param := rapid.IntRange(0, len(s.Specs)-1)
		fade := rapid.SampledFrom([]float32{Own, 0, 0.1, 0.5, 2})
		value := func(id ID) float32 {
			spec := &s.Specs[id]
			return spec.At(float32(rapid.Float64Range(0, 1).Draw(t, "position")))
		}
		settings := func() []Setting {
			var sets []Setting
			for range rapid.IntRange(0, 4).Draw(t, "settings") {
				id := ID(param.Draw(t, "param"))
				sets = append(sets, Setting{id, value(id)})
			}
			return sets
		}
		item := func() Item {
			switch rapid.IntRange(0, 4).Draw(t, "item") {
			case 0:
				c := &Cue{Name: "c", In: max(0, fade.Draw(t, "in")), Out: max(0, fade.Draw(t, "out")), Follow: fade.Draw(t, "follow"), Timecode: -1, Sets: settings()}
				if rapid.Bool().Draw(t, "waits") {
					c.Wait = &Wait{Signal: "arousal", Cell: 0, Threshold: 0.5, For: 0.1}
				}
				return c
			case 1:
				return &Snapshot{Name: "s", Sets: settings()}
			case 2:
				m := &Modulator{Name: rapid.StringMatching("m[0-3]").Draw(t, "name"), Source: Source(rapid.IntRange(0, 5).Draw(t, "source")),
					Shape: rapid.SampledFrom(Shapes).Draw(t, "shape"), Rate: 2, Signal: "arousal", Cell: -1, Levels: []float32{1, -1}, Attack: 0.1}
				for range rapid.IntRange(0, 3).Draw(t, "routes") {
					if id := ID(param.Draw(t, "param")); s.Specs[id].Kind == Number {
						m.Routes = append(m.Routes, Route{Param: id, Depth: 3, Low: -9, High: 9, Smooth: 0.1})
					}
				}
				return m
			case 3:
				id := ID(param.Draw(t, "param"))
				return &Mapping{Device: "x", Control: "fader", Path: s.Specs[id].Path, Param: id, To: 1}
			}
			id := ID(param.Draw(t, "param"))
			return &Gesture{Name: "g", Length: 1, Loop: rapid.Bool().Draw(t, "loop"), Tracks: []Track{{Param: id, At: []float32{0, 0.5}, Value: []float32{value(id), value(id)}}}}
		}
		index := func() int { return rapid.IntRange(-1, 4).Draw(t, "index") }
		isEdit := false
		event := func() Event {
			isEdit = true
			switch a := Action(rapid.IntRange(0, int(Sync)).Draw(t, "action")); a {
			case Set, Nudge, Toggle:
				id := ID(param.Draw(t, "param"))
				return Event{Action: a, Param: id, Value: float32(rapid.Float64Range(-3, 3).Draw(t, "value")), Fade: fade.Draw(t, "fade"), By: Nobody}
			case Recall:
				return Event{Action: a, Index: index(), Fade: fade.Draw(t, "fade")}
			case Edit, Insert:
				return Event{Action: a, Index: index(), Item: item()}
			case Remove:
				return Event{Action: a, List: List(rapid.IntRange(0, int(lists)-1).Draw(t, "list")), Index: index()}
			case Tempo, Sync:
				isEdit = false
				return Event{Action: a, Value: 130, Beat: rapid.Float64Range(-1e6, 1e6).Draw(t, "beat")}
			case Seek:
				isEdit = false
				return Event{Action: a, Index: index(), Value: rapid.Float32Range(0, 2).Draw(t, "seconds")}
			default:
				isEdit = false
				return Event{Action: a, Index: index()}
			}
		}
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			d.sense.arousal = float32(rapid.Float64Range(-1, 1).Draw(t, "arousal"))
			e := event()
			before := d.look()
			was := before.Document(s.Registry)
			offer(e)
			step()
			after := d.look()
			if is := after.Document(s.Registry); isEdit && after.Cue == before.Cue && !before.Recording && same(was, is) != "" && playing(before) < 0 {
				// The same edit, undone, done again, undone.
				for _, a := range []Action{Undo, Redo, Undo} {
					offer(Event{Action: a})
					step()
					want := was
					if a == Redo {
						want = is
					}
					v := d.look()
					if v.Cue != before.Cue {
						break // a cue went by itself in between
					}
					if diff := same(want, v.Document(s.Registry)); diff != "" {
						t.Fatalf("after %v of %+v: %s", a, e, diff)
					}
				}
			}
			for range rapid.IntRange(0, 20).Draw(t, "ticks") {
				step()
			}
		}
	})
}

func playing(v *View) int { return slices.Max(v.Playing[:]) }

// TestHistoryForgets: more edits than are kept; the oldest go, whole.
func TestHistoryForgets(t *testing.T) {
	d := open(t, artwork(1), Options{})
	id := d.find("/scene/s0/l0/P0")
	for k := range 3 * maxHistory {
		d.offer(Event{Action: Set, Param: id, Value: float32(k%7) / 7, Fade: 0})
		if k%1000 == 0 {
			d.run(1)
		}
	}
	d.run(1)
	if n := len(d.history.entries); n > maxHistory || n < maxHistory/4 {
		t.Errorf("%d entries are kept", n)
	}
}
