package recording

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// sounding writes down what the sound is told.
type sounding struct{ told []string }

func (f *sounding) Begin(it *Item, at time.Duration) {
	f.told = append(f.told, filepath.Base(it.Name)+" "+at.Round(time.Millisecond).String())
}
func (f *sounding) Position(time.Duration) (time.Duration, bool) { return 0, false }
func (f *sounding) Pause()                                       { f.told = append(f.told, "silence") }

// Whoever moves what plays, the light is that of the place where they moved
// it to, and the sound is told so.
func TestHands(t *testing.T) {
	inst := installation(t, 100000)
	l := layout(t, inst, LayoutOptions{})
	dir := t.TempDir()
	one, two := filepath.Join(dir, "1.fseq"), filepath.Join(dir, "2.fseq")
	first := record(t, inst, l, one, 400) // ten seconds
	second := record(t, inst, l, two, 80)
	const frame = 25 * time.Millisecond
	sound := &sounding{}
	hand := map[int]func(*Source){
		30:  (*Source).Pause,                                    // at 0.5 s
		90:  func(s *Source) { s.Hold(false) },                  // goes on there
		120: func(s *Source) { s.Speed(2) },                     // at 1 s, twice as fast
		150: func(s *Source) { s.Speed(0) },                     // at 2 s, real time again
		180: func(s *Source) { s.Skip(5 * time.Second) },        // from 2.5 s
		210: func(s *Source) { s.Skip(-time.Minute) },           // to the start
		240: (*Source).Next,                                     // the second from its start
		246: (*Source).Previous,                                 // within its first 3 s: the first
		250: func(s *Source) { s.Item(7); s.Seek(time.Second) }, // the last, at 1 s
		256: func(s *Source) { s.Seek(time.Hour) },              // its last frame
	}
	at := func(n int) (item [][]byte, position time.Duration) {
		s := func(from int) time.Duration { return time.Duration(n-from) * time.Second / 60 }
		switch {
		case n < 30:
			return first, s(0)
		case n < 90:
			return first, time.Second / 2
		case n < 120:
			return first, time.Second/2 + s(90)
		case n < 150:
			return first, time.Second + 2*s(120)
		case n < 180:
			return first, 2*time.Second + s(150)
		case n < 210:
			return first, 7500*time.Millisecond + s(180)
		case n < 240:
			return first, s(210)
		case n < 246:
			return second, s(240)
		case n < 250:
			return first, s(246)
		case n < 256:
			return second, time.Second + s(250)
		}
		return second, 79 * frame
	}
	var state State
	got := played(t, Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, one, two), Follow: sound}, 257, func(n int, s *Source) {
		if h := hand[n]; h != nil {
			h(s)
		}
		if n == 60 {
			state = s.At()
		}
	})
	for n := range got {
		item, position := at(n)
		// The place is kept in nanoseconds: a frame's edge may fall either way.
		if k := int((position + time.Microsecond) / frame); !bytes.Equal(got[n], item[min(k, len(item)-1)]) && !bytes.Equal(got[n], item[max(int((position-time.Microsecond)/frame), 0)]) {
			t.Fatalf("step %d is not what stands at %v", n, position)
		}
	}
	if want := (State{Item: 0, Items: 2, Name: one, Position: time.Second / 2, Length: 10 * time.Second, Speed: 1, Paused: true}); state != want {
		t.Errorf("in the pause: %+v, expected %+v", state, want)
	}
	if want := []string{"1.fseq 0s", "silence", "1.fseq 500ms", "silence", "1.fseq 2s", "1.fseq 7.5s", "1.fseq 0s", "2.fseq 0s", "1.fseq 0s", "2.fseq 0s", "2.fseq 1s", "2.fseq 2s"}; !slices.Equal(sound.told, want) {
		t.Errorf("the sound was told %q, expected %q", sound.told, want)
	}
}
