package recording

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"noctiluca/devices/fseq"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Two controllers, one with white, one with a curve of its own and a gap.
const twoControllers = `noctiluca: 1
name: test
rate: 40
leds: [{name: neutral, full: [12, 12, 12, 18]}]
supplies: [{name: box, watts: %d}]
fixtures:
  - {name: a, kind: strip, led: ws2812b, supply: box, strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 200}}
  - {name: b, kind: strip, led: neutral, supply: box, strip: {points: [[0, 1, 0], [1, 1, 0]], pixels: 50}}
outputs:
  - {name: one, protocol: artnet, host: 127.0.0.1, universe: 0, fixtures: [a]}
  - {name: two, protocol: sacn, host: 127.0.0.1, universe: 7, gamma: 2.2, dither: false, fixtures: [{gap: 3}, b]}
scenes: [{name: s, layers: [{name: l, field: f.kage}]}]
safety:
  # The test's light is noise, which no room should see: what is looked at is
  # whether bytes come back.
  off:
    - {limit: flash, reason: "a test without anybody in the room"}
    - {limit: glare, reason: "a test without anybody in the room"}
`

func installation(t testing.TB, watts int) *installations.Installation {
	t.Helper()
	fsys := fstest.MapFS{"i.yaml": {Data: fmt.Appendf(nil, twoControllers, watts)}, "f.kage": {Data: []byte("package main")}}
	inst, problems := installations.Open(fsys, "i.yaml", nil)
	if inst == nil {
		t.Fatal(problems)
	}
	return inst
}

func stage(t testing.TB, inst *installations.Installation) *safety.Stage {
	t.Helper()
	c := crew.New(1)
	t.Cleanup(c.Close)
	s, err := safety.NewStage(inst, 2, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func layout(t testing.TB, inst *installations.Installation, o LayoutOptions) *Layout {
	t.Helper()
	l, err := NewLayout(inst, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shine makes the light of frame n.
func shine(inst *installations.Installation, n int) (r, g, b []float32) {
	rng := rand.New(rand.NewPCG(uint64(n), 9))
	for range inst.Pixels.Count() {
		r, g, b = append(r, rng.Float32()*0.95), append(g, rng.Float32()*0.95), append(b, rng.Float32()*0.1)
	}
	return r, g, b
}

// record makes a file of so many frames, 25 ms each, and gives the outputs'
// bytes of each frame.
func record(t testing.TB, inst *installations.Installation, l *Layout, name string, frames int) [][]byte {
	t.Helper()
	s := stage(t, inst)
	rec, err := NewRecorder(name, false, l, RecordOptions{Step: 25, Compression: fseq.Zstd, Producer: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var want [][]byte
	for n := range frames {
		r, g, b := shine(inst, n)
		f := s.Make(uint64(n), time.Second+time.Duration(n)*25*time.Millisecond, r, g, b, false)
		want = append(want, sent(f))
		if _, _, err := rec.Send(f); err != nil {
			t.Fatal(err)
		}
		f.Release()
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if n, d := rec.Written(); n != frames || d != time.Duration(frames)*25*time.Millisecond {
		t.Errorf("%d frames, %v were written, expected %d", n, d, frames)
	}
	return want
}

func sent(f *safety.Frame) []byte {
	var b []byte
	for i := range f.Outputs() {
		b = append(b, f.Output(i)...)
	}
	return b
}

func open(t testing.TB, names ...string) []Item {
	t.Helper()
	var items []Item
	for _, n := range names {
		it, err := OpenItem(n)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, it)
	}
	return items
}

// played gives the outputs' bytes of steps at 60 a second.
func played(t testing.TB, c Config, steps int, each func(n int, s *Source)) [][]byte {
	t.Helper()
	c.Wait = true
	s, err := NewSource(c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out [][]byte
	for n := range steps {
		if each != nil {
			each(n, s)
		}
		f := s.Step(time.Hour + time.Duration(n)*time.Second/60)
		out = append(out, sent(f))
		f.Release()
	}
	return out
}

func TestWhatWasRecordedPlaysByteForByte(t *testing.T) {
	inst := installation(t, 100000)
	for name, o := range map[string]LayoutOptions{"packed": {}, "512 a universe": {Universe: 512}, "apart": {First: map[string]int{"two": 5001, "one": 9001}}} {
		t.Run(name, func(t *testing.T) {
			l := layout(t, inst, o)
			file := filepath.Join(t.TempDir(), "show.fseq")
			want := record(t, inst, l, file, 80)
			got := played(t, Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, file)}, 130, nil)
			for n := range 118 { // 80 frames of 25 ms are 120 steps of 1/60 s
				at := time.Duration(n) * time.Second / 60
				if !bytes.Equal(got[n], want[at/(25*time.Millisecond)]) {
					t.Fatalf("step %d differs from frame %d", n, at/(25*time.Millisecond))
				}
			}
			if bytes.ContainsFunc(got[129], func(r rune) bool { return r != 0 }) {
				t.Error("it is not dark after the end")
			}
		})
	}
}

func TestWhatIsPlayedPassesTheLimits(t *testing.T) {
	bright := installation(t, 100000)
	l := layout(t, bright, LayoutOptions{})
	file := filepath.Join(t.TempDir(), "show.fseq")
	record(t, bright, l, file, 4)
	weak := installation(t, 10)
	s, err := NewSource(Config{Installation: weak, Stage: stage(t, weak), Layout: l, Items: open(t, file), Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f := s.Step(0)
	if !f.Limited() || f.Watts() > 10.0001 {
		t.Errorf("%v W of a 10 W supply, limited: %v", f.Watts(), f.Limited())
	}
}

func TestPlaylistLoopSeekAndSpeed(t *testing.T) {
	inst := installation(t, 100000)
	l := layout(t, inst, LayoutOptions{})
	dir := t.TempDir()
	one, two := filepath.Join(dir, "1.fseq"), filepath.Join(dir, "2.fseq")
	want := record(t, inst, l, one, 40) // a second
	want = append(want, record(t, inst, l, two, 20)...)
	at := func(d time.Duration) []byte { return want[int(d/(25*time.Millisecond))%60] }
	config := func() Config {
		return Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, one, two)}
	}
	check := func(what string, got [][]byte, position func(n int) time.Duration) {
		t.Helper()
		for n := range got {
			if p := position(n); !bytes.Equal(got[n], at(p)) {
				t.Fatalf("%s: step %d is not what stands at %v", what, n, p)
			}
		}
	}
	c := config()
	c.Loop = true
	check("loop", played(t, c, 400, nil), func(n int) time.Duration { return time.Duration(n) * time.Second / 60 })
	c = config()
	c.Loop, c.Speed = true, 3
	check("speed", played(t, c, 200, nil), func(n int) time.Duration { return time.Duration(float64(time.Duration(n)*time.Second/60) * 3) })
	c = config()
	c.From = 300 * time.Millisecond
	check("from", played(t, c, 60, nil), func(n int) time.Duration {
		return 300*time.Millisecond + time.Duration(n)*time.Second/60
	})
	c = config()
	seek := func(n int, s *Source) {
		if n == 30 {
			s.Seek(100 * time.Millisecond)
		}
	}
	check("seek", played(t, c, 80, seek), func(n int) time.Duration {
		if n >= 30 {
			n -= 30 - 6
		}
		return time.Duration(n) * time.Second / 60
	})
}

func TestOpeningHoursFadeAndBeginAnew(t *testing.T) {
	inst := installation(t, 100000)
	l := layout(t, inst, LayoutOptions{})
	file := filepath.Join(t.TempDir(), "show.fseq")
	want := record(t, inst, l, file, 40)
	on := false
	c := Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, file), Loop: true, Open: func() bool { return on }}
	got := played(t, c, 900, func(n int, s *Source) { on = n >= 120 && n < 500 })
	dark := func(b []byte) bool { return !bytes.ContainsFunc(b, func(r rune) bool { return r != 0 }) }
	if !dark(got[100]) || dark(got[260]) || !dark(got[899]) {
		t.Error("it should be dark before opening, light within, dark after")
	}
	if !bytes.Equal(got[120+120+60], want[0]) && !bytes.Equal(got[120+121+60], want[0]) {
		t.Error("it should have begun at the beginning, and be at full after two seconds")
	}
	sum := func(b []byte) (n int) {
		for _, v := range b {
			n += int(v)
		}
		return n
	}
	for n := 150; n < 230; n += 10 {
		if sum(got[n+10]) <= sum(got[n])*9/10 {
			t.Errorf("the light does not come up between steps %d and %d", n, n+10)
		}
	}
}

func TestADamagedFileGoesOn(t *testing.T) {
	inst := installation(t, 100000)
	l := layout(t, inst, LayoutOptions{})
	file := filepath.Join(t.TempDir(), "show.fseq")
	want := record(t, inst, l, file, 120)
	b, _ := os.ReadFile(file)
	data := int(b[4]) | int(b[5])<<8
	first := int(b[36]) | int(b[37])<<8 | int(b[38])<<16
	for i := range 40 { // in the second block
		b[data+first+100+i] ^= 0x55
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	var said []string
	s, err := NewSource(Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, file), Wait: true, Log: func(m string) { said = append(said, m) }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range 120 {
		f := s.Step(time.Duration(n) * 25 * time.Millisecond)
		if (n < 40 || n >= 80) && !bytes.Equal(sent(f), want[n]) {
			for i, v := range sent(f) {
				if v != want[n][i] {
					t.Errorf("byte %d is %d, expected %d", i, v, want[n][i])
				}
			}
			t.Fatalf("frame %d, of a block that is whole, differs", n)
		}
		f.Release()
	}
	if len(said) != 1 || !strings.Contains(said[0], "show.fseq: compression block 1") || s.Late() == 0 {
		t.Errorf("it said %q and counted %d", said, s.Late())
	}
}

func TestAFrameAllocatesNothing(t *testing.T) {
	inst := installation(t, 100000)
	l := layout(t, inst, LayoutOptions{})
	file := filepath.Join(t.TempDir(), "show.fseq")
	record(t, inst, l, file, 400)
	s, err := NewSource(Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, file), Loop: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	step := func() {
		s.Step(time.Duration(n) * time.Second / 60).Release()
		n++
	}
	for range 120 {
		step()
	}
	s.reader.ready() // what is read ahead is read
	if a := testing.AllocsPerRun(10, step); a != 0 {
		t.Errorf("%v allocations a frame", a)
	}
}

func TestLayoutsThatCannotBe(t *testing.T) {
	inst := installation(t, 100000)
	for _, c := range []struct {
		o    LayoutOptions
		says string
	}{
		{LayoutOptions{First: map[string]int{"two": 100}}, "both in channel 100"},
		{LayoutOptions{First: map[string]int{"three": 1}}, `no output "three"`},
		{LayoutOptions{First: map[string]int{"one": 0}}, "channel 0"},
		{LayoutOptions{Universe: 300}, "uses 510 channels"},
		{LayoutOptions{Universe: 513}, "expected 2…512"},
	} {
		if _, err := NewLayout(inst, c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, expected %s", c.o, err, c.says)
		}
	}
}

func TestARecordedShowIsNotWrittenOver(t *testing.T) {
	inst := installation(t, 100000)
	l := layout(t, inst, LayoutOptions{})
	file := filepath.Join(t.TempDir(), "show.fseq")
	record(t, inst, l, file, 2)
	if _, err := NewRecorder(file, false, l, RecordOptions{Step: 25}); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("the second time: %v", err)
	}
}
