package spi

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

func TestGoldenBits(t *testing.T) {
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		// 0xff: 110 eight times; 0x00: 100 eight times; 0xa5: 110 100 110 100 100 110 100 110.
		{"ws2812 ff", AppendWS2812(nil, []byte{0xff})[:3], "db6db6"},
		{"ws2812 00", AppendWS2812(nil, []byte{0x00})[:3], "924924"},
		{"ws2812 a5", AppendWS2812(nil, []byte{0xa5})[:3], "d349a6"},
		{"apa102", AppendAPA102(nil, []byte{1, 2, 3, 4, 5, 6}, 31), "00000000" + "ff010203" + "ff040506" + "0000000000"},
		{"apa102 dimmed", AppendAPA102(nil, []byte{1, 2, 3}, 1), "00000000" + "e1010203" + "0000000000"},
		{"ws2801", Append(nil, WS2801, []byte{1, 2, 3}, 0), "010203"},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestTimings reads the line as a WS2812 does, by how long it is high, and
// holds every time against the data sheet.
func TestTimings(t *testing.T) {
	const bit = 1e9 / 2_400_000 // ns
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "data")
		stream := AppendWS2812(nil, data)
		var got []byte
		var bits, value int
		high, low := 0, 0
		for i := range len(stream) * 8 {
			if stream[i/8]>>(7-i%8)&1 == 1 {
				if low > 0 && high > 0 {
					high, low = 0, 0
				}
				high++
				continue
			}
			if high > 0 && low == 0 {
				ns := float64(high) * bit
				value <<= 1
				switch {
				case ns > 250 && ns < 550:
				case ns > 650 && ns < 950:
					value |= 1
				default:
					t.Fatalf("the line is high for %v ns", ns)
				}
				if bits++; bits == 8 {
					got, bits, value = append(got, byte(value)), 0, 0
				}
			}
			low++
		}
		if !bytes.Equal(got, data) {
			t.Fatalf("an LED reads %x of %x", got, data)
		}
		if pause := float64(low) * bit; pause < 280_000 {
			t.Fatalf("the pause is %v ns, want 280,000", pause)
		}
	})
}

// TestEveryPixelOfAnAPA102: a row of LEDs that each take the first word they
// see and pass the rest on half a clock late shows all of them.
func TestEveryPixelOfAnAPA102(t *testing.T) {
	for n := 1; n <= 700; n++ {
		stream := AppendAPA102(nil, bytes.Repeat([]byte{1, 2, 3}, n), 31)
		clocks := len(stream) * 8
		// The last pixel's word ends 32×(1+n) clocks in, and reaches it n/2 later.
		if need := 32*(1+n) + (n+1)/2; clocks < need {
			t.Fatalf("%d pixels: %d clocks, the last one needs %d", n, clocks, need)
		}
	}
}

// wire is a bus that writes what it is given down.
type wire struct {
	got    [][]byte
	limit  int
	fail   error
	closed bool
}

func (w *wire) Write(p []byte) error {
	if len(p) > w.limit {
		return errors.New("message too long")
	}
	w.got = append(w.got, bytes.Clone(p))
	return w.fail
}
func (w *wire) Limit() int   { return w.limit }
func (w *wire) Close() error { w.closed = true; return nil }

func frame(t *testing.T, pixels int) (*safety.Frame, *installations.Output) {
	inst := &installations.Installation{
		Pixels:   installations.Pixels{X: make([]float32, pixels), Y: make([]float32, pixels), Z: make([]float32, pixels)},
		Fixtures: []installations.Fixture{{Count: pixels, Supply: -1}},
		Outputs:  []installations.Output{{Protocol: "spi", Device: "/dev/spidev0.0", Brightness: 31, Bytes: 3 * pixels, Runs: []installations.Run{{Count: pixels, Step: 1, Order: installations.Order{2, 1, 0}}}}},
	}
	c := crew.New(1)
	t.Cleanup(c.Close)
	s, err := safety.NewStage(inst, 1, c)
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, pixels)
	for i := range v {
		v[i] = float32(i%10) / 10
	}
	f := s.Make(0, 0, v, v, v, false)
	t.Cleanup(f.Release)
	return f, &inst.Outputs[0]
}

// TestSender: a long row goes out in pieces where the chip allows it; a bus
// that fails is opened again, and not at once.
func TestSender(t *testing.T) {
	f, o := frame(t, 3000)
	for _, chip := range []string{WS2801, APA102, WS2812} {
		o.Chip = chip
		w := &wire{limit: 4096}
		s := NewSender(0, o)
		s.open = func() (Bus, error) { return w, nil }
		_, n, err := s.Send(f)
		if chip == WS2812 {
			if err == nil || !strings.Contains(err.Error(), "bufsiz") {
				t.Errorf("%s: %v", chip, err)
			}
			continue
		}
		whole := bytes.Join(w.got, nil)
		if want := Append(nil, chip, f.Output(0), 31); err != nil || n != len(want) || !bytes.Equal(whole, want) {
			t.Errorf("%s: %d bytes, %v", chip, n, err)
		}
		if err := s.Close(); err != nil || !w.closed {
			t.Error(err)
		}
	}
	opened := 0
	o.Chip = APA102
	s := NewSender(0, o)
	s.open = func() (Bus, error) { opened++; return &wire{limit: 4096, fail: errors.New("input/output error")}, nil }
	var now time.Time
	s.now = func() time.Time { return now }
	for range 10 {
		if _, _, err := s.Send(f); err == nil || !strings.Contains(err.Error(), "/dev/spidev0.0: input/output error") {
			t.Error(err)
		}
	}
	if opened != 1 {
		t.Errorf("opened %d times at once", opened)
	}
	for want := 1; want < 3; want++ {
		now = now.Add(waitFirst - 1)
		_, _, _ = s.Send(f)
		if opened != want {
			t.Errorf("opened %d times within the wait, want %d", opened, want)
		}
		now = now.Add(1)
		_, _, _ = s.Send(f)
		if opened != want+1 {
			t.Errorf("opened %d times after the wait, want %d", opened, want+1)
		}
	}
}

// TestNoSuchDevice: the error names the file.
func TestNoSuchDevice(t *testing.T) {
	f, o := frame(t, 1)
	o.Device = "/dev/no-such-spidev"
	if _, _, err := NewSender(0, o).Send(f); err == nil || !strings.Contains(err.Error(), "/dev/no-such-spidev") {
		t.Error(err)
	}
	// A file that is no bus is refused, not written to.
	o.Device = "/dev/null"
	if _, _, err := NewSender(0, o).Send(f); err == nil {
		t.Error("/dev/null was taken for a bus")
	}
}
