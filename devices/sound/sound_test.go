package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// waveFile makes a WAVE file of the tones of testdata.
func waveFile(t testing.TB, bits int, float bool, seconds float64) string {
	t.Helper()
	var data []byte
	for i := range int(44100 * seconds) {
		for _, hz := range []float64{1000, 500} {
			v := 0.5 * math.Sin(2*math.Pi*hz*float64(i)/44100)
			switch {
			case float:
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(v)))
			case bits == 8:
				data = append(data, byte(128+127*v))
			case bits == 16:
				data = binary.LittleEndian.AppendUint16(data, uint16(int16(32767*v)))
			case bits == 24:
				n := int32(8388607 * v)
				data = append(data, byte(n), byte(n>>8), byte(n>>16))
			}
		}
	}
	tag := byte(1)
	if float {
		tag = 3
	}
	le := binary.LittleEndian
	b := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00"), tag, 0, 2, 0)
	b = le.AppendUint32(b, 44100)
	b = le.AppendUint32(b, uint32(44100*2*bits/8))
	b = append(b, byte(2*bits/8), 0, byte(bits), 0)
	b = append(b, "LIST\x03\x00\x00\x00abc\x00data"...) // an odd chunk is padded
	b = le.AppendUint32(b, uint32(len(data)))
	name := filepath.Join(t.TempDir(), fmt.Sprintf("tone%d%v.wav", bits, float))
	if err := os.WriteFile(name, append(b, data...), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// tone finds the frequency of a side by its passages through zero.
func tone(x []float32, side int, rate float64) float64 {
	crossed, first, last := 0, 0, 0
	for i := 2; i < len(x)/2; i++ {
		if x[2*(i-1)+side] < 0 && x[2*i+side] >= 0 {
			if crossed == 0 {
				first = i
			}
			last = i
			crossed++
		}
	}
	return float64(crossed-1) / float64(last-first) * rate
}

func TestEveryFormatIsReadToItsEnd(t *testing.T) {
	names := []string{"testdata/tone.flac", "testdata/tone.mp3", "testdata/tone.ogg", waveFile(t, 8, false, 0.4), waveFile(t, 16, false, 0.4), waveFile(t, 24, false, 0.4), waveFile(t, 32, true, 0.4)}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			s, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			r := newResampled(s)
			var all []float32
			buf := make([]float32, 2*777)
			for {
				n, err := r.read(buf)
				all = append(all, buf[:2*n]...)
				if err != nil {
					if !errors.Is(err, io.EOF) {
						t.Fatal(err)
					}
					break
				}
			}
			// An MP3 has a padded frame or two at its ends.
			if l := float64(len(all)/2) / Rate; l < 0.398 || l > 0.48 {
				t.Errorf("%v s, expected 0.4", l)
			}
			middle := all[len(all)/4/2*2 : len(all)*3/4/2*2]
			for side, want := range []float64{1000, 500} {
				if hz := tone(middle, side, Rate); math.Abs(hz-want) > want/100 {
					t.Errorf("side %d has %v Hz, expected %v", side, hz, want)
				}
			}
			sum := 0.0
			for _, v := range middle {
				sum += float64(v * v)
			}
			if rms := math.Sqrt(sum / float64(len(middle))); math.Abs(rms-0.5/math.Sqrt2) > 0.03 {
				t.Errorf("level %v, expected %v", rms, 0.5/math.Sqrt2)
			}
		})
	}
}

func TestGoingToAPlaceGivesWhatStandsThere(t *testing.T) {
	for _, name := range []string{"testdata/tone.flac", "testdata/tone.ogg", "testdata/tone.mp3", waveFile(t, 16, false, 0.4)} {
		whole, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var all []float32
		buf := make([]float32, 2*1000)
		for {
			n, err := whole.Read(buf)
			all = append(all, buf[:2*n]...)
			if err != nil {
				break
			}
		}
		whole.Close()
		for _, at := range []int{len(all) / 4, len(all) / 8} {
			s, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.GoTo(int64(at)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := make([]float32, 0, 2*2000)
			for len(got) < 2*2000 {
				n, err := s.Read(buf[:min(len(buf), 2*2000-len(got))])
				if err != nil {
					t.Fatalf("%s from %d: %v", name, at, err)
				}
				got = append(got, buf[:2*n]...)
			}
			for i := 0; i < 2*2000; i++ {
				if d := got[i] - all[2*at+i]; d > 0.02 || d < -0.02 {
					t.Fatalf("%s: pair %d after going to %d is %v, expected %v", name, i/2, at, got[i], all[2*at+i])
				}
			}
			s.Close()
		}
	}
}

func TestFilesThatAreNotSound(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, data, says string }{
		{"a.txt", "", "sound is read from"},
		{"a.wav", "RIFX", "no WAVE file"},
		{"b.wav", "RIFF\x00\x00\x00\x00WAVEdata\x00\x00\x00\x00", "before the chunk fmt"},
		{"c.wav", "RIFF\x00\x00\x00\x00WAVE", "ends before its chunk data"},
		{"a.flac", "fLaC", "a.flac"}, {"a.mp3", "no", "a.mp3"}, {"a.ogg", "OggS", "a.ogg"},
	} {
		name := filepath.Join(dir, c.name)
		os.WriteFile(name, []byte(c.data), 0o644)
		s, err := Open(name)
		if err == nil {
			_, err = s.Read(make([]float32, 64))
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: %v, expected %s", c.name, err, c.says)
		}
	}
}

// An hour with a card whose clock is 200 parts in a million off, that takes
// its sound in pieces of 40 ms and is seen late by up to 15: the light stays
// within 10 ms of what is heard, but for the constant half of a piece. By the
// computer's clock alone it would be 720 ms off.
func TestAnHourDriftsLessThanTenMilliseconds(t *testing.T) {
	for _, ppm := range []float64{200, -200, 37, 0} {
		var c Clock
		rng := rand.New(rand.NewPCG(1, uint64(ppm+1000)))
		const piece = 0.040
		heard := func(s float64) float64 { return s * (1 + ppm*1e-6) }
		c.Start(0, 0)
		var early, late, worst, last float64
		n := 0.0
		for k := 1; k <= 36000; k++ {
			at := float64(k) * 0.1
			seen := at + 0.015*rng.Float64()
			played := math.Floor(heard(seen)/piece) * piece
			c.Observe(time.Duration(seen*1e9), time.Duration(played*1e9))
			for f := range 6 { // frames between
				now := seen + float64(f)/60
				p, ok := c.Position(time.Duration(now * 1e9))
				if !ok {
					t.Fatal("no position")
				}
				off := p.Seconds() - (heard(now) - piece/2)
				if k > 300 {
					worst = max(worst, math.Abs(off))
				}
				if p.Seconds() < last-0.005 {
					t.Fatalf("the position goes back from %v to %v", last, p.Seconds())
				}
				last = p.Seconds()
				if k > 300 && k <= 3300 {
					early += off
					n++
				}
				if k > 32000 {
					late += off
				}
			}
		}
		drift := (late - early) / n
		t.Logf("%v ppm: worst %.2f ms, drift over the hour %.3f ms", ppm, 1000*worst, 1000*drift)
		if worst > 0.010 || math.Abs(drift) > 0.010 {
			t.Errorf("%v ppm: off by %.1f ms at worst, drift %.1f ms", ppm, 1000*worst, 1000*drift)
		}
	}
}

func TestASoundThatStallsIsFollowed(t *testing.T) {
	var c Clock
	c.Start(0, 0)
	second := func(s float64) time.Duration { return time.Duration(s * 1e9) }
	for k := 1; k < 50; k++ {
		c.Observe(second(float64(k)*0.1), second(float64(k)*0.1))
	}
	for k := 50; k < 60; k++ { // it stands still for a second
		c.Observe(second(float64(k)*0.1), second(4.9))
	}
	if p, _ := c.Position(second(5.9)); math.Abs(p.Seconds()-4.9) > 0.3 {
		t.Errorf("at %v of a sound that stands at 4.9 s", p)
	}
	c.Stop()
	if _, ok := c.Position(second(6)); ok {
		t.Error("a position after Stop")
	}
}

// card takes sound as a real one does, at a speed of its own choice.
type card struct {
	mu      sync.Mutex
	r       io.Reader
	waiting int
	heard   []byte
}

func (c *card) Play(r io.Reader) error { c.mu.Lock(); c.r = r; c.mu.Unlock(); return nil }
func (c *card) Stop()                  { c.mu.Lock(); c.r = nil; c.mu.Unlock() }
func (c *card) Waiting() int           { c.mu.Lock(); defer c.mu.Unlock(); return c.waiting }
func (c *card) take(bytes int) {
	c.mu.Lock()
	r := c.r
	c.mu.Unlock()
	if r == nil {
		return
	}
	b := make([]byte, bytes)
	n, _ := io.ReadFull(r, b)
	c.mu.Lock()
	c.heard = append(c.heard, b[:n]...)
	c.mu.Unlock()
}

func TestAPlayerTellsWhereItIs(t *testing.T) {
	name := waveFile(t, 16, false, 3)
	// By a clock that only sleeping moves: the card takes its sound in time,
	// however busy the machine is.
	synctest.Test(t, func(t *testing.T) {
		c := &card{}
		start := time.Now()
		var said []string
		p := NewPlayer(c, func() time.Duration { return time.Since(start) }, func(m string) { said = append(said, m) })
		defer p.Close()
		if _, ok := p.Position(0); ok {
			t.Error("a position before anything plays")
		}
		p.Begin(name, time.Second)
		synctest.Wait()
		for i := range 60 {
			time.Sleep(10 * time.Millisecond)
			c.take(Rate * 8 / 100)
			synctest.Wait()
			pos, ok := p.Position(time.Since(start))
			if d := pos - time.Second - time.Since(start); ok && (d > 20*time.Millisecond || d < -20*time.Millisecond) {
				t.Errorf("after %v it is at %v", time.Since(start), pos)
			}
			if !ok && i > 20 {
				t.Errorf("no position after %v", time.Since(start))
			}
		}
		p.Begin("missing.wav", 0)
		p.Pause()
		if _, ok := p.Position(time.Since(start)); ok {
			t.Error("a position while it is held")
		}
		synctest.Wait()
		if len(said) != 1 || !strings.Contains(said[0], "missing.wav") {
			t.Errorf("it said %q", said)
		}
	})
}

func FuzzWAV(f *testing.F) {
	b, _ := os.ReadFile(waveFile(f, 16, false, 0.01))
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "a.wav")
		os.WriteFile(name, b, 0o644)
		s, err := Open(name)
		if err != nil {
			return
		}
		defer s.Close()
		buf := make([]float32, 512)
		for range 20 {
			if _, err := s.Read(buf); err != nil {
				break
			}
		}
		s.GoTo(5)
		s.Read(buf)
	})
}
