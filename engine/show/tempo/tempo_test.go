package tempo

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// clockRMS plays a MIDI clock with jitter of sd 2 ms into a Beat and gives the
// RMS error of the phase, in milliseconds, once it has had four beats to lock.
func clockRMS(bpm float64, uniform bool, seed uint64) float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	b := New(120)
	b.Start(0)
	period := 60 / bpm
	sum, n := 0.0, 0
	for i := range 24 * 64 {
		exact := float64(i) / 24 * period
		j := r.NormFloat64() * 0.002
		if uniform {
			j = (r.Float64()*2 - 1) * 0.002
		}
		b.Pulse(time.Duration((exact + 1 + j) * 1e9))
		if i < 24*4 {
			continue
		}
		// Looked at between pulses, as a frame does.
		look := exact + 1 + r.Float64()*period/24
		e := (b.Position(time.Duration(look*1e9)) - (look-1)/period) * period * 1000
		sum += e * e
		n++
	}
	return math.Sqrt(sum / float64(n))
}

// TestClockIsQuiet: under 1 ms RMS of phase error with 2 ms of jitter in.
func TestClockIsQuiet(t *testing.T) {
	worst := 0.0
	for _, bpm := range []float64{40, 60, 98.6, 120, 174, 300} {
		for seed := range uint64(5) {
			for _, uniform := range []bool{false, true} {
				worst = max(worst, clockRMS(bpm, uniform, seed))
			}
		}
	}
	t.Logf("worst RMS phase error %.3f ms", worst)
	if worst >= 1 {
		t.Errorf("the phase errs by %.3f ms RMS with 2 ms of jitter; it must stay under 1", worst)
	}
}

// TestClockFollows: another tempo, a pause, a cable that comes loose.
func TestClockFollows(t *testing.T) {
	b := New(100)
	at := 0.0
	pulses := func(bpm float64, n int) {
		for range n {
			at += 60 / bpm / 24
			b.Pulse(time.Duration(at * 1e9))
		}
	}
	b.Start(0)
	pulses(90, 24*8)
	if math.Abs(b.BPM()-90) > 0.1 {
		t.Errorf("after 8 beats of 90 the tempo is %.2f", b.BPM())
	}
	pulses(150, 24*8)
	if math.Abs(b.BPM()-150) > 0.5 {
		t.Errorf("after 8 beats of 150 the tempo is %.2f", b.BPM())
	}
	before := b.Position(time.Duration(at * 1e9))
	at += 5
	if got := b.Position(time.Duration(at*1e9)) - before; math.Abs(got-5*150/60.0) > 0.1 {
		t.Errorf("with the cable out for 5 s the beat went on by %.2f, not 12.5", got)
	}
	pulses(150, 24*4)
	if math.Abs(b.BPM()-150) > 0.5 {
		t.Errorf("after the cable came back the tempo is %.2f", b.BPM())
	}
	b.Stop(time.Duration(at * 1e9))
	held := b.Position(time.Duration(at * 1e9))
	if got := b.Position(time.Duration((at + 3) * 1e9)); got != held {
		t.Errorf("stopped, the beat went from %.3f to %.3f", held, got)
	}
	b.Locate(32, time.Duration((at+3)*1e9))
	b.Continue(time.Duration((at + 3) * 1e9))
	if got := b.Position(time.Duration((at + 3) * 1e9)); got != 8 {
		t.Errorf("located at sixteenth 32 and continued, the beat is %.3f, not 8", got)
	}
}

func TestTap(t *testing.T) {
	b := New(60)
	for i := range 3 {
		b.Tap(time.Duration(10+i) * 500 * time.Millisecond)
	}
	if b.BPM() != 60 {
		t.Errorf("three taps act: %.2f", b.BPM())
	}
	at := 13 * 500 * time.Millisecond
	b.Tap(at)
	if math.Abs(b.BPM()-120) > 1e-6 {
		t.Errorf("four taps at half a second give %.3f", b.BPM())
	}
	if p := b.Position(at); math.Abs(p-math.Round(p)) > 1e-9 {
		t.Errorf("the tap falls on beat %.4f", p)
	}
	b.Tap(at + 3*time.Second) // silence: a first tap again
	if math.Abs(b.BPM()-120) > 1e-6 {
		t.Errorf("a tap after silence acts: %.3f", b.BPM())
	}
}

// TestSync: a session's beat is taken as it is told, leads before a MIDI clock,
// goes on when nothing is heard, and lets the clock lead after a while.
func TestSync(t *testing.T) {
	b := New(100)
	b.Sync(17.25, 120, time.Second)
	for _, act := range []func(time.Duration){b.Pulse, b.Start, b.Stop, b.Continue, func(at time.Duration) { b.Locate(3, at) }} {
		act(2 * time.Second)
	}
	if got := b.Position(3 * time.Second); got != 21.25 || b.Source() != Session || b.BPM() != 120 {
		t.Errorf("two seconds on, at %v, the beat is %v", b.BPM(), got)
	}
	b.Start(5 * time.Second)
	if got := b.Position(5 * time.Second); got != 0 || b.Source() != Clock {
		t.Errorf("the session is gone, and a start leaves the beat at %v", got)
	}
	b.Sync(1, 130, 6*time.Second)
	b.Set(90, 7*time.Second)
	if b.Source() != Free || b.BPM() != 90 {
		t.Error("a hand cannot set the tempo")
	}
}

// TestDrop compares with the worked figures of SMPTE ST 12: the frame after
// 00:00:59:29 is 00:01:00:02, and an hour of drop-frame code is 107,892 frames.
func TestDrop(t *testing.T) {
	a := Timecode{0, 0, 59, 29, Drop}
	if got := a.plus(1); got != (Timecode{0, 1, 0, 2, Drop}) {
		t.Errorf("after %v comes %v", a, got)
	}
	if got := (Timecode{0, 9, 59, 29, Drop}).plus(1); got != (Timecode{0, 10, 0, 0, Drop}) {
		t.Errorf("after 00:09:59:29 comes %v", got)
	}
	hour := Timecode{Hours: 1, Rate: Drop}.Time()
	if want := time.Duration(107892 * 1001 * int64(time.Second) / 30000); hour != want {
		t.Errorf("an hour of drop-frame code is %v, not %v", hour, want)
	}
}

// TestQuarters spells 01:02:03:04 at 25 frames as MIDI does; the bytes are
// those of the standard's table, nibble by nibble.
func TestQuarters(t *testing.T) {
	var q Quarters
	bytes := []byte{0x04, 0x10, 0x23, 0x30, 0x42, 0x50, 0x61, 0x72}
	for round := range 2 {
		for i, d := range bytes {
			tc, ok := q.Add(d)
			if ok != (i == 7) {
				t.Fatalf("round %d, piece %d: complete %v", round, i, ok)
			}
			if ok && tc != (Timecode{1, 2, 3, 6, EBU}) {
				t.Errorf("got %v, want 01:02:03:06", tc)
			}
		}
	}
	// A piece that was lost spoils its own code only.
	for _, d := range bytes[3:] {
		if _, ok := q.Add(d); ok {
			t.Error("five pieces make a timecode")
		}
	}
}

func TestFullAndArtNet(t *testing.T) {
	want := Timecode{1, 2, 3, 4, EBU}
	if got, err := FullFrame([]byte{0xF0, 0x7F, 0x7F, 1, 1, 0x21, 2, 3, 4, 0xF7}); err != nil || got != want {
		t.Errorf("full frame: %v, %v", got, err)
	}
	p := append([]byte("Art-Net\x00\x00\x97\x00\x0e\x00\x00"), 4, 3, 2, 1, 1)
	if got, err := ArtNet(p); err != nil || got != want {
		t.Errorf("Art-Net: %v, %v", got, err)
	}
	p[14] = 25
	if _, err := ArtNet(p); err == nil {
		t.Error("frame 25 of 25 is taken")
	}
	if _, err := ArtNet(p[:18]); err == nil {
		t.Error("a short packet is taken")
	}
}

func TestChase(t *testing.T) {
	var c Chase
	r := rand.New(rand.NewPCG(3, 4))
	if _, ok := c.At(0); ok {
		t.Error("there is a code before any came")
	}
	worst := 0.0
	for i := range 250 {
		exact := time.Duration(i) * 40 * time.Millisecond
		at := exact + time.Duration(r.Float64()*4e6)
		c.Add(Timecode{0, 0, i / 25, i % 25, EBU}, at)
		if i > 50 {
			got, ok := c.At(exact + 20*time.Millisecond)
			if !ok {
				t.Fatal("lost a code that runs")
			}
			worst = max(worst, math.Abs(got-(exact.Seconds()+0.018)))
		}
	}
	if worst > 0.0015 {
		t.Errorf("the chase errs by %.2f ms with 4 ms of jitter", worst*1000)
	}
	if _, ok := c.At(13 * time.Second); ok {
		t.Error("a silent code is followed for three seconds")
	}
}

func FuzzTimecode(f *testing.F) {
	f.Add([]byte("Art-Net\x00\x00\x97\x00\x0e\x00\x00\x04\x03\x02\x01\x01"))
	f.Add([]byte{0xF0, 0x7F, 0x7F, 1, 1, 0x21, 2, 3, 4, 0xF7})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func([]byte) (Timecode, error){ArtNet, FullFrame} {
			if tc, err := read(b); err == nil && (tc.Time() < 0 || tc.Time() > 25*time.Hour) {
				t.Errorf("%v is at %v", tc, tc.Time())
			}
		}
		var q Quarters
		for _, d := range b {
			q.Add(d)
		}
	})
}
