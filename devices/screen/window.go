//go:build !venue

package screen

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"noctiluca/devices/screen/camera"

	"github.com/hajimehoshi/ebiten/v2"
)

// Available is nil when there is a display to open a window on; else it says
// why there is none and what to do.
func Available() error {
	if runtime.GOOS != "linux" && runtime.GOOS != "freebsd" {
		return nil
	}
	if os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	return errors.New("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); on a machine with a screen, start it from a terminal on that screen; over ssh, try ssh -X; for a picture without a screen, run it under xvfb-run")
}

// Run opens the window and blocks until it is closed or Config.Context ends.
// With Config.Screenshot it draws one picture instead, writes it and returns.
// It must be called from the main goroutine, once in the life of a process.
func Run(c Config) error {
	c, err := c.withDefaults()
	if err != nil {
		return err
	}
	if err := Available(); err != nil {
		return err
	}
	w, err := newWindow(c)
	if err != nil {
		return err
	}
	ebiten.SetWindowTitle(c.Title)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetRunnableOnUnfocused(true)
	ebiten.SetScreenClearedEveryFrame(false)
	if c.Screenshot == "" {
		ebiten.SetWindowSize(c.Width, c.Height)
	} else {
		ebiten.SetWindowSize(160, 90)
	}
	if err := ebiten.RunGame(w); err != nil && !errors.Is(err, ebiten.Termination) {
		return fmt.Errorf("screen: %w", err)
	}
	return w.err
}

// window is the game that Ebitengine runs.
type window struct {
	c       Config
	picture *picture
	orbit   *camera.Orbit
	status  Status
	hands   hands
	overlay overlay
	said    string        // the last thing to say that is no state of the show
	until   time.Duration // when that is taken away
	start   time.Time
	last    time.Duration // when the last picture was begun
	pace    pace
	err     error
	done    bool
	r, g, b []float32
}

func newWindow(c Config) (*window, error) {
	p, err := newPicture(c.Installation, c.Layers)
	if err != nil {
		return nil, err
	}
	i, err := newInk()
	if err != nil {
		return nil, err
	}
	dark := make([]float32, c.Installation.Pixels.Count())
	return &window{
		c: c, picture: p, orbit: home(c.Installation), start: time.Now(), r: dark, g: dark, b: dark,
		hands: hands{wrote: c.Overlay}, overlay: overlay{ink: i, inst: c.Installation, title: c.Title},
	}, nil
}

// Update takes what hands do.
func (w *window) Update() error {
	if w.done || w.c.Context.Err() != nil || ebiten.IsWindowBeingClosed() || w.hands.quit {
		return ebiten.Termination
	}
	if w.c.Screenshot == "" {
		w.hands.take(w.orbit, &w.overlay.help, 1/float32(ebiten.TPS()))
	}
	return nil
}

// Draw draws the newest frame.
func (w *window) Draw(screen *ebiten.Image) {
	if w.done {
		return
	}
	if w.c.Screenshot != "" {
		w.done = true
		dst := ebiten.NewImage(w.c.Width, w.c.Height)
		w.paint(dst, w.c.At, true)
		if w.hands.wrote {
			w.write(dst, float64(w.c.Height)/720)
		}
		w.err = save(dst, w.c.Screenshot)
		return
	}
	now := time.Since(w.start)
	if w.last > 0 {
		w.picture.quality = qualities[w.pace.add(now-w.last, now)]
	}
	w.last = now
	w.paint(screen, now, false)
	if w.hands.picture {
		w.keep(screen, now)
	}
	if w.hands.wrote {
		if now > w.until {
			w.said = ""
		}
		w.write(screen, ebiten.Monitor().DeviceScaleFactor())
	}
}

// write puts what people feel and the machine does over the picture.
func (w *window) write(dst *ebiten.Image, scale float64) {
	w.c.Source.Status(&w.status)
	problems := w.picture.problems()
	if w.said != "" {
		problems = append(problems, w.said)
	}
	w.overlay.ink.on(dst, scale)
	w.overlay.draw(&w.status, problems)
}

// keep saves the picture as it is seen, without what is written over it.
func (w *window) keep(screen *ebiten.Image, now time.Duration) {
	name := pictureName(w.c.Installation.Name, time.Now())
	w.said, w.until = "saved "+name, now+4*time.Second
	if err := save(screen, name); err != nil {
		w.said = err.Error()
	}
}

// paint draws the newest frame into dst.
func (w *window) paint(dst *ebiten.Image, at time.Duration, whole bool) {
	r, g, b := w.r, w.g, w.b
	if f := w.c.Source.Frame(); f != nil {
		defer f.Release()
		r, g, b = f.RGB()
	}
	w.picture.draw(dst, w.orbit, r, g, b, at, w.c.Source.Words, whole)
}

// Layout makes a pixel of the picture one of the display.
func (w *window) Layout(width, height int) (int, int) {
	k := ebiten.Monitor().DeviceScaleFactor()
	return max(int(float64(width)*k), 1), max(int(float64(height)*k), 1)
}

// save writes an image as PNG, whole or not at all.
func save(i *ebiten.Image, file string) error {
	size := i.Bounds().Size()
	out := image.NewNRGBA(image.Rect(0, 0, size.X, size.Y))
	i.ReadPixels(out.Pix)
	t, err := os.CreateTemp(filepath.Dir(file), ".screenshot-*")
	if err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	err = png.Encode(t, out)
	if e := t.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(t.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(t.Name(), file)
	}
	if err != nil {
		os.Remove(t.Name())
		return fmt.Errorf("screenshot %s: %w", file, err)
	}
	return nil
}
