package flash

import (
	"bufio"
	"bytes"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/crew"
)

// badness shows a film of 40 × 40 lights, 30 frames a second, to FFmpeg's
// photosensitivity filter, and gives the most that it finds: the change
// between frames over an 8 × 8 grid, in sRGB, summed over a second with less
// weight for what is longer ago. It knows no cd/m², no area and no opposing
// changes, so its own threshold of 1 is passed by a single cut from black to
// white; what it can tell is which of two films flashes more.
func badness(t *testing.T, film []byte) float64 {
	cmd := exec.Command("ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "40x40", "-r", "30", "-i", "pipe:0",
		"-vf", "photosensitivity=bypass=1,metadata=print:file=-", "-f", "null", "-")
	cmd.Stdin = bytes.NewReader(film)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	most, frames := 0.0, 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "lavfi.photosensitivity.badness="); ok {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, v)
			frames++
		}
	}
	if want := len(film) / (3 * 40 * 40); frames != want {
		t.Fatalf("ffmpeg judged %d frames of %d", frames, want)
	}
	return most
}

// TestFFmpegAgrees: what FFmpeg's filter finds worst the analyser calls
// harmful, what it finds milder than three flashes a second, harmless; and the
// limiter brings the one near the other. Not all the way: what it leaves is
// changes of just under 20 cd/m², which are no flash by the rules, but from
// black they are a third of a film's range in sRGB, and the filter goes by
// that.
func TestFFmpegAgrees(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("the photosensitivity filter: ffmpeg is not installed")
	}
	const frames = 5 * 30
	type wave = func(t float64, i int) (r, g, b float32)
	all := func(v float64) (r, g, b float32) { return float32(v), float32(v), float32(v) }
	film := func(light wave, limit bool) (bytes []byte, worst Verdict, softened int) {
		a := New(wall(40, 2*math.Tan(10*math.Pi/180)*3/40, 3, grey(200)), BT1702(), limit, crew.New(1))
		judge := New(a.scene, BT1702(), false, crew.New(1))
		r, g, b := make([]float32, 1600), make([]float32, 1600), make([]float32, 1600)
		for k := range frames {
			at := time.Duration(k) * time.Second / 30
			for i := range r {
				r[i], g[i], b[i] = light(float64(k)/30, i)
			}
			if limit {
				v := a.Step(at, r, g, b)
				softened += v.Softened
			}
			v := judge.Step(at, r, g, b)
			worst.General, worst.Red, worst.Rolling = max(worst.General, v.General), max(worst.Red, v.Red), worst.Rolling || v.Rolling
			for i := range r {
				for _, x := range [3]float32{r[i], g[i], b[i]} {
					bytes = append(bytes, sRGB(x))
				}
			}
		}
		return bytes, worst, softened
	}
	most := 0.0 // that is allowed
	for _, c := range []struct {
		name    string
		light   wave
		harmful bool
	}{
		// Allowed, and yet held back by the limiter: when a third flash
		// begins it cannot know that it will not end at once.
		{"three flashes a second", square(3, 0, 1), false},
		{"two flashes a second", square(2, 0, 1), false},
		{"breathing, 15 a minute", func(t float64, _ int) (r, g, b float32) { return all(0.5 - 0.5*math.Cos(2*math.Pi*t/4)) }, false},
		{"waves, one in 3 s", func(t float64, i int) (r, g, b float32) {
			return all(0.5 + 0.4*math.Sin(2*math.Pi*(float64(i%40)/40-t/3)))
		}, false},
		{"fireflies", func(t float64, i int) (r, g, b float32) {
			at := math.Mod(t+float64(i*7919%1600)/200, 6)
			return all(max(0, math.Sin(math.Pi*at/0.5)) * math.Floor(1-min(at, 0.999)+0.5))
		}, false},
		{"square wave, 6 Hz", square(6, 0, 1), true},
		{"square wave, 10 Hz", square(10, 0, 1), true},
		{"square wave, 15 Hz", square(15, 0, 1), true},
		{"halves in antiphase, 10 Hz", func(t float64, i int) (r, g, b float32) { return square(10, 0, 1)(t+float64(i%40/20)*0.05, i) }, true},
		{"a board of 10 × 10 lights that reverses, 7.5 Hz", func(t float64, i int) (r, g, b float32) {
			return square(7.5, 0, 1)(t+float64((i%40/10+i/400)%2)/15, i)
		}, true},
		{"red and blue in turn, 7.5 Hz", func(t float64, _ int) (r, g, b float32) {
			if math.Mod(t*7.5+1e-9, 1) < 0.5 {
				return 1, 0, 0
			}
			return 0, 0, 1
		}, true},
		{"noise of the whole", func(t float64, _ int) (r, g, b float32) {
			x := uint32(t*30+0.5) * 2654435761
			x ^= x >> 15
			x *= 2246822519
			return all(float64(x>>16) / 65535)
		}, true},
	} {
		before, v, _ := film(c.light, false)
		b := badness(t, before)
		if got := v.Harmful(BT1702()); got != c.harmful {
			t.Errorf("%s: the analyser says harmful %v: %+v", c.name, got, v)
		}
		after, v, softened := film(c.light, true)
		a := badness(t, after)
		t.Logf("%-50s FFmpeg finds %5.1f, limited %5.1f; %d lights softened", c.name, b, a, softened)
		switch {
		case v.Harmful(BT1702()):
			t.Errorf("%s: harmful when limited: %+v", c.name, v)
		case !c.harmful:
			most = max(most, b)
			if c.name != "three flashes a second" && !bytes.Equal(before, after) {
				t.Errorf("%s: the limiter changed what is harmless", c.name)
			}
		default:
			if b <= most {
				t.Errorf("%s: FFmpeg finds %v, no more than in what is harmless, %v", c.name, b, most)
			}
			if a > 2*most || a > 0.8*b {
				t.Errorf("%s: FFmpeg finds %v when limited, of %v before, and %v in what is harmless", c.name, a, b, most)
			}
		}
	}
}

// sRGB is the byte of a linear light (IEC 61966-2-1).
func sRGB(x float32) byte {
	v := float64(x) * 12.92
	if x > 0.0031308 {
		v = 1.055*math.Pow(float64(x), 1/2.4) - 0.055
	}
	return byte(v*255 + 0.5)
}
