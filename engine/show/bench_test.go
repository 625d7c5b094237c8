package show

import (
	"fmt"
	"testing"
)

// thousand is a show with 1,000 parameters that are each moved by a signal
// and by two modulators, with a cue's fade under way.
func thousand(t testing.TB) *desk {
	d := open(t, artwork(167), Options{}) // 3 scenes × 2 layers × 167
	var ids []ID
	for i := range d.params {
		if len(d.params[i].moves) > 0 && len(ids) < 1000 {
			ids = append(ids, ID(i))
		}
	}
	if len(ids) != 1000 {
		t.Fatalf("%d parameters", len(ids))
	}
	sources := []Modulator{{Source: LFO, Shape: "sine", Rate: 0.3}, {Source: Noise, Rate: 0.5}, {Source: Steps, Beats: 2, Levels: []float32{0, 1, -1, 0.5}, Slide: 0.2}, {Source: Signal, Signal: "arousal", Cell: 0}}
	for k := range 20 {
		m := sources[k%4]
		m.Name = fmt.Sprint("m", k)
		for i := k * 50; i < k*50+100; i++ {
			m.Routes = append(m.Routes, Route{Param: ids[i%1000], Depth: 0.2, Smooth: 0.3, Low: -1, High: 1})
		}
		d.offer(Event{Action: Insert, Index: -1, Item: &m})
	}
	cue := &Cue{Name: "long", In: 3600, Out: 3600, Follow: -1, Timecode: -1}
	for _, id := range ids {
		cue.Sets = append(cue.Sets, Setting{id, 2})
	}
	d.offer(Event{Action: Insert, Index: -1, Item: cue})
	d.run(1)
	d.offer(Event{Action: Go})
	d.run(60)
	return d
}

func TestATickAllocatesNothing(t *testing.T) {
	d := thousand(t)
	id := d.Channels[0].Level
	n := 0
	d.offer(Event{Action: Insert, Index: -1, Item: &Gesture{Name: "g", Length: 1, Loop: true, Tracks: []Track{{Param: d.Master.Hue, At: []float32{0, 1}, Value: []float32{0, 0.5}}}}})
	d.offer(Event{Action: Play})
	d.offer(Event{Action: Record}) // its room is made now
	d.run(1)
	if a := testing.AllocsPerRun(300, func() {
		n++
		d.offer(Event{Action: Set, Param: id, Value: float32(n%100) / 100, Fade: Own, By: FirstSurface})
		d.offer(Event{Action: Pulse})
		d.offer(Event{Action: Seek, Value: float32(n%10) / 10})
		if n%50 == 0 {
			d.offer(Event{Action: Go})
			d.offer(Event{Action: Undo})
		}
		d.run(1)
	}); a != 0 {
		t.Errorf("a tick allocates %v times", a)
	}
}

// BenchmarkThousand is a tick of 1,000 modulated parameters, each by a signal
// and two modulators, with all of them fading. The limit is 0.2 ms.
func BenchmarkThousand(b *testing.B) {
	d := thousand(b)
	b.ReportAllocs()
	for b.Loop() {
		d.run(1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/200_000, "of-limit")
}
