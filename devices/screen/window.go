//go:build !venue

package screen

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"noctiluca/devices/screen/camera"
	"noctiluca/devices/screen/desk"
	"noctiluca/devices/screen/editor"
	"noctiluca/devices/screen/film"
	"noctiluca/devices/wholefile"
	"noctiluca/engine/safety"

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
	if c.Screenshot == "" && c.Film == "" {
		ebiten.SetWindowSize(c.Width, c.Height)
	} else {
		ebiten.SetWindowSize(160, 90)
		ebiten.SetVsyncEnabled(false)
	}
	if c.Film != "" {
		if w.film, err = film.Open(c.Film, c.Width, c.Height, c.FPS); err != nil {
			return err
		}
	}
	if err := ebiten.RunGame(w); err != nil && !errors.Is(err, ebiten.Termination) {
		return fmt.Errorf("screen: %w", err)
	}
	w.endFilm()
	return w.err
}

// window is the game that Ebitengine runs.
type window struct {
	c       Config
	picture *picture
	chart   chart
	desk    *desk.Desk
	editor  *editor.Editor // nil when closed
	field   int            // that it shows; −1 before the first
	reread  time.Duration
	ink     *ink
	orbit   *camera.Orbit
	status  Status
	told    time.Duration // when controllers were asked how they stand
	plugged []Surface
	remote  []string
	hands   hands
	view    view
	picked  int // pixel, −1 for none
	named   bool
	said    string        // the last thing to say that is no state of the show
	until   time.Duration // when that is taken away
	start   time.Time
	last    time.Duration // when the last picture was begun
	pace    pace
	err     error
	done    bool
	frame   *safety.Frame // the one that is drawn, held
	r, g, b []float32
	dark    []float32

	primaries primaries
	shown     [3][]float32 // the frame's light, as a display shows it
	film      film.Writer
	canvas    *ebiten.Image // of a film
	pixels    []byte
	shot      int // pictures of the film so far
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
	return &window{
		c: c, picture: p, chart: chart{inst: c.Installation}, ink: i, orbit: home(c.Installation), start: time.Now(), picked: c.Pick - 1, field: -1,
		view: view(max(slices.Index(Views, c.View), 0)),
		dark: make([]float32, c.Installation.Pixels.Count()), primaries: newPrimaries(),
		hands: hands{hidden: !c.Overlay},
		desk:  desk.New(desk.Options{Installation: c.Installation, Show: c.Show, Title: c.Title, Revoke: c.Revoke}),
	}, nil
}

// Update takes what hands do.
func (w *window) Update() error {
	if w.done || w.c.Context.Err() != nil || ebiten.IsWindowBeingClosed() || w.hands.quit {
		return ebiten.Termination
	}
	if w.c.Screenshot == "" && w.film == nil {
		w.hands.take(w.orbit, 1/float32(ebiten.TPS()), ebiten.Monitor().DeviceScaleFactor())
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
		w.compose(dst, w.c.At, float64(w.c.Height)/720, true)
		w.err = save(dst, w.c.Screenshot)
		return
	}
	if w.film != nil {
		w.roll()
		return
	}
	now := time.Since(w.start)
	if w.last > 0 {
		w.picture.quality = qualities[w.pace.add(now-w.last, now)]
	}
	w.last = now
	w.obey(now)
	w.compose(screen, now, ebiten.Monitor().DeviceScaleFactor(), false)
}

// roll takes the next picture of a film.
func (w *window) roll() {
	if w.canvas == nil {
		w.canvas = ebiten.NewImage(w.c.Width, w.c.Height)
		w.pixels = make([]byte, 4*w.c.Width*w.c.Height)
	}
	at := w.c.At + time.Duration(float64(w.shot)/w.c.FPS*float64(time.Second))
	w.compose(w.canvas, at, float64(w.c.Height)/720, true)
	w.canvas.ReadPixels(w.pixels)
	if w.err = w.film.Add(w.pixels); w.err != nil {
		w.done = true
		return
	}
	w.shot++
	if w.c.Progress != nil {
		w.c.Progress(w.shot)
	}
	w.orbit.Turn(float32(w.c.Turn/w.c.FPS), 0)
	w.done = !w.c.Next()
}

// endFilm ends the file, or removes it when something went wrong.
func (w *window) endFilm() {
	switch {
	case w.film == nil:
	case w.err != nil:
		w.film.Abandon()
	case w.c.Context.Err() != nil:
		w.film.Abandon()
		w.err = fmt.Errorf("%s: stopped after %d pictures; nothing was kept", w.c.Film, w.shot)
	default:
		w.err = w.film.Close()
	}
}

// obey does what keys asked of the window.
func (w *window) obey(now time.Duration) {
	h := &w.hands
	if h.help {
		w.desk.Help()
		h.hidden = false
	}
	if h.maps {
		w.desk.Surfaces()
		h.hidden = false
	}
	if h.lanes {
		w.desk.Gestures()
		h.hidden = false
	}
	if h.leave && w.editor == nil {
		w.desk.Close()
	}
	if h.view {
		w.view = (w.view + 1) % views
	}
	if h.save && w.c.Save != nil {
		w.say(now, "saved")
		if err := w.c.Save(); err != nil {
			w.say(now, err.Error())
		}
	}
	if h.name && w.c.Identify != nil {
		w.named = !w.named && w.picked >= 0
		w.identify()
	}
	if h.learn && w.c.Learn != nil {
		if path := w.desk.Focus(); strings.HasPrefix(path, "/") {
			w.c.Learn(path)
			w.say(now, "move the MIDI control for "+path)
		} else {
			w.say(now, "L ties a MIDI control to the parameter in focus: tab, or a click, gives one the focus")
		}
	}
	w.edit(now)
	h.learn = false
	h.maps, h.lanes = false, false
	h.help, h.view, h.save, h.name, h.edit, h.leave = false, false, false, false, false, false
}

// edit opens, fills and closes the editor.
func (w *window) edit(now time.Duration) {
	h := &w.hands
	if h.edit && len(w.c.Fields) > 0 {
		// The field of each layer in turn; what is unsaved stays in view.
		if w.editor == nil || !w.editor.Changed() {
			w.field = (w.field + 1) % len(w.c.Fields)
			w.editor = editor.New(w.c.Fields[w.field])
		}
		h.editing, h.hidden = true, false
	}
	if w.editor == nil {
		return
	}
	if h.leave {
		switch {
		case h.editing:
			h.editing = false // the keys are the window's again
		case w.editor.Changed():
			w.say(now, "ctrl + S saves "+w.editor.Name()+", ctrl + Z takes back")
		default:
			w.editor = nil
			return
		}
	}
	w.editor.Type(h.letters)
	w.editor.Press(h.strokes)
	h.letters, h.strokes = h.letters[:0], h.strokes[:0]
	if w.c.Reread != nil && now > w.reread {
		w.reread = now + time.Second
		if text, err := w.c.Reread(w.field); err == nil {
			w.editor.Reload(text)
			w.c.Fields[w.field].Text = text
		}
	}
}

// editorRoom is where the editor is, in units: beside the stage, at its right.
func (w *window) editorRoom() (x, y, width, height float64) {
	full, high := w.ink.Size()
	width = min(560, full*0.45)
	return full - width - 10, 44, width, high - 44 - 66
}

// drawEditor draws the editor over the desk, gives it the pointer where that
// is over it, and says whether it is.
func (w *window) drawEditor(now time.Duration, h desk.Hand) (mine bool) {
	x, y, width, height := w.editorRoom()
	mine = w.overEditor(h)
	switch {
	case mine:
		if h.Pressed {
			w.editor.Click(w.ink, h.X, h.Y, x, y)
			w.hands.editing = true
		}
		w.editor.Wheel(h.Wheel)
	case h.Pressed:
		w.hands.editing = false
	}
	w.editor.Draw(w.ink, x, y, width, height, w.hands.editing, now.Milliseconds()/500%2 == 0)
	return mine
}

func (w *window) overEditor(h desk.Hand) bool {
	if w.editor == nil {
		return false
	}
	x, y, width, height := w.editorRoom()
	return h.X >= x && h.X < x+width && h.Y >= y && h.Y < y+height
}

// identify lets the fixture of the picked pixel show itself, or ends it.
func (w *window) identify() {
	if w.c.Identify == nil {
		return
	}
	first, count := 0, 0
	if w.named && w.picked >= 0 {
		f := &w.c.Installation.Fixtures[w.c.Installation.Pixels.Fixture[w.picked]]
		first, count = f.First, f.Count
	}
	w.c.Identify(first, count)
}

func (w *window) say(now time.Duration, s string) { w.said, w.until = s, now+4*time.Second }

// compose draws a picture and what is written over it.
func (w *window) compose(dst *ebiten.Image, at time.Duration, scale float64, whole bool) {
	w.take()
	defer w.drop()
	w.ink.on(dst, scale)
	if w.view == stageView {
		if e, ok := w.c.Source.(Editor); ok {
			w.picture.reload(e.Reloaded(), w.c.Installation)
		}
		w.picture.draw(dst, w.orbit, w.r, w.g, w.b, at, w.c.Source.Words, whole)
	} else {
		x, y, width, height := w.room(dst, scale)
		w.chart.draw(dst, w.view, w.fixture(), x, y, width, height, w.r, w.g, w.b, max(w.picture.exposure, 1))
	}
	if w.hands.picture {
		w.hands.picture = false
		w.keep(dst, at)
	}
	if w.hands.pick {
		w.hands.pick = false
		w.pick(dst)
	}
	if w.hands.hidden {
		return
	}
	if at > w.until {
		w.said = ""
	}
	w.c.Source.Status(&w.status)
	w.status.Errors = append(w.status.Errors, w.picture.problems()...)
	w.surfaces(at)
	w.status.Said = w.said
	w.mark(dst, scale)
	hand := w.hands.gathered()
	under := hand
	if w.overEditor(hand) {
		under.X, under.Y, under.Pressed, under.Second, under.Wheel = -1, -1, false, false, 0
	}
	w.hands.mine = w.desk.Draw(w.ink, under, &w.status)
	if w.editor != nil {
		w.hands.mine = w.drawEditor(at, hand) || w.hands.mine
	}
}

// surfacesEvery is how often controllers are asked how they stand.
const surfacesEvery = 150 * time.Millisecond

// surfaces brings what is told of controllers up to date, while it is shown.
func (w *window) surfaces(at time.Duration) {
	if w.c.Surfaces == nil || !w.desk.Asks() {
		return
	}
	if w.told == 0 || at-w.told >= surfacesEvery || at < w.told {
		w.told = at
		w.plugged, w.remote = w.c.Surfaces(w.plugged[:0])
	}
	w.status.Surfaces, w.status.Remote = w.plugged, w.remote
}

// take holds the newest frame while it is drawn.
func (w *window) take() {
	w.r, w.g, w.b = w.dark, w.dark, w.dark
	if w.frame = w.c.Source.Frame(); w.frame != nil {
		r, g, b := w.frame.RGB()
		w.primaries.show(&w.shown, r, g, b)
		w.r, w.g, w.b = w.shown[0], w.shown[1], w.shown[2]
	}
}

func (w *window) drop() {
	if w.frame != nil {
		w.frame.Release()
		w.frame = nil
	}
}

// room is where the flat views go, in pixels: between the desk's columns.
func (w *window) room(dst *ebiten.Image, scale float64) (x, y, width, height float64) {
	s := dst.Bounds().Size()
	x, y = 12, 12
	if !w.hands.hidden {
		x, y = (desk.Side+8)*scale, 46*scale
	}
	return x, y, float64(s.X) - 2*x, float64(s.Y) - 2*y - y/2
}

// fixture is the one in hand.
func (w *window) fixture() int {
	if w.picked >= 0 {
		return int(w.c.Installation.Pixels.Fixture[w.picked])
	}
	return 0
}

// pick takes the pixel under the pointer in hand.
func (w *window) pick(dst *ebiten.Image) {
	if w.view == stageView {
		s := dst.Bounds().Size()
		w.picked = nearest(w.c.Installation, w.orbit.View(s.X, s.Y), float32(w.hands.x), float32(w.hands.y), 14)
	} else {
		w.picked = w.chart.pixelAt(float64(w.hands.x), float64(w.hands.y))
	}
	if w.named {
		w.named = w.picked >= 0
		w.identify()
	}
}

// mark shows the picked pixel and tells what it is.
func (w *window) mark(dst *ebiten.Image, scale float64) {
	if w.picked < 0 {
		return
	}
	var x, y float64
	if w.view == stageView {
		s := dst.Bounds().Size()
		v := w.orbit.View(s.X, s.Y)
		p := &w.c.Installation.Pixels
		px, py, z := v.Project(camera.Vec{p.X[w.picked], p.Y[w.picked], p.Z[w.picked]})
		if z < camera.Near {
			return
		}
		x, y = float64(px)/scale, float64(py)/scale
		w.ink.Ring(x, y, 9, 1.5, found)
	} else {
		cx, cy, ok := w.chart.square(w.picked)
		if !ok {
			return
		}
		k := w.chart.cell / scale
		x, y = cx/scale+k/2, cy/scale+k/2
		w.ink.Ring(x, y, max(k*0.75, 5), 1.5, found)
	}
	r, g, b := w.dark, w.dark, w.dark
	if w.frame != nil {
		r, g, b = w.frame.RGB()
	}
	tell(w.ink, describe(w.c.Installation, w.desk.Reaches(), w.picked, r, g, b, func(o int) []byte {
		if w.frame == nil || o >= w.frame.Outputs() {
			return nil
		}
		return w.frame.Output(o)
	}), x+18, y+8, desk.Side)
}

// found marks what was picked.
var found = color.NRGBA{255, 235, 180, 240}

// keep saves the picture as it is seen, without what is written over it.
func (w *window) keep(screen *ebiten.Image, now time.Duration) {
	name := pictureName(w.c.Installation.Name, time.Now())
	w.say(now, "saved "+name)
	if err := save(screen, name); err != nil {
		w.say(now, err.Error())
	}
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
	if err := wholefile.Write(file, func(w io.Writer) error { return png.Encode(w, out) }); err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	return nil
}
