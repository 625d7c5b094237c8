package film

import (
	"image/gif"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// waves is a picture made for these tests: a dark gradient with a light that
// wanders.
func waves(w, h, n int) []byte {
	p := make([]byte, 4*w*h)
	for i := range w * h {
		x, y := i%w, i/w
		p[4*i], p[4*i+1], p[4*i+2], p[4*i+3] = byte(x*20/w), byte(y*60/h), byte(x*90/w), 255
		if (x-5*n)*(x-5*n)+(y-h/2)*(y-h/2) < 20 {
			p[4*i], p[4*i+1], p[4*i+2] = 90, 255, 200
		}
	}
	return p
}

func write(t *testing.T, name string, pictures int) {
	t.Helper()
	w, err := Open(name, 64, 36, 25)
	if err != nil {
		t.Fatal(err)
	}
	for n := range pictures {
		if err := w.Add(waves(64, 36, n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestGIF: what is read back is near what was written, and lasts as long.
func TestGIF(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.gif")
	write(t, name, 10)
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g, err := gif.DecodeAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Image) != 10 {
		t.Fatalf("%d pictures of 10", len(g.Image))
	}
	sum := 0
	for _, d := range g.Delay {
		sum += d
	}
	if sum != 40 {
		t.Errorf("10 pictures at 25 a second last %d hundredths", sum)
	}
	for n, img := range g.Image {
		want := waves(64, 36, n)
		worst := 0
		off := [3]int{}
		for i := range 64 * 36 {
			r, gr, b, _ := img.At(i%64, i/64).RGBA()
			for c, v := range []uint32{r, gr, b} {
				d := int(v>>8) - int(want[4*i+c])
				off[c] += d
				worst = max(worst, max(d, -d))
			}
		}
		// A step of 32 levels by the root is at most 2·255/31 wide.
		if worst > 34 {
			t.Errorf("picture %d: a component is %d off", n, worst)
		}
		for c := range off {
			if m := float64(off[c]) / (64 * 36); m > 4 || m < -4 {
				t.Errorf("picture %d: component %d is %.1f off in the mean", n, c, m)
			}
		}
	}
}

func TestSequence(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "f-%03d.png"), 3)
	for n, name := range []string{"f-001.png", "f-002.png", "f-003.png"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		r, _, _, _ := img.At(5*n, 18).RGBA()
		if r>>8 != 90 {
			t.Errorf("%s: the light is not at %d", name, 5*n)
		}
	}
}

func TestVideo(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("a video: ffmpeg is not installed")
	}
	name := filepath.Join(t.TempDir(), "a.mp4")
	write(t, name, 25)
	out, err := exec.Command("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames,width,height", "-of", "csv=p=0", name).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "64,36,25") {
		t.Errorf("%v: %s", err, out)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(name), "*.part*"))
	if len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestErrors(t *testing.T) {
	for name, says := range map[string]string{"a.avi": ".mp4", "a.png": "%04d", "a": ".gif"} {
		if _, err := Open(name, 64, 36, 25); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want an error that says %s", name, err, says)
		}
	}
	if _, err := Open("a.gif", 64, 36, 60); err == nil {
		t.Error("a GIF at 60 a second")
	}
	if _, err := Open("a.gif", 0, 36, 25); err == nil {
		t.Error("a GIF of no width")
	}
}
