//go:build !venue

package screen

import (
	"fmt"
	"time"

	"noctiluca/devices/screen/camera"
	"noctiluca/devices/screen/desk"
	"noctiluca/devices/screen/editor"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"
)

// hands is what mouse and keys do. It belongs to the window's goroutine. What
// comes with Update is gathered for the desk, which is drawn less often.
type hands struct {
	x, y    int // of the pointer, when it was last looked at
	drag    bool
	moved   float32 // how far a press has gone, heights of the window
	turning bool
	hidden  bool // only the light is shown
	quit    bool
	picture bool // a picture is wanted
	help    bool
	view    bool // the next view
	pick    bool // the pixel under the pointer is wanted
	name    bool // what is picked is to identify itself
	save    bool
	learn   bool      // the control in focus waits for a MIDI control
	maps    bool      // what controls move is wanted, or no more
	lanes   bool      // and what was recorded
	edit    bool      // the editor, of the next field
	leave   bool      // escape was struck
	desk    desk.Hand // gathered since the last picture
	mine    bool      // the pointer is the desk's
	typed   []rune

	editing bool // keys are the editor's
	letters []rune
	strokes []editor.Key
}

// Radians for a drag over the height of the window, and a second of turning.
const (
	dragTurn = 3.2
	idleTurn = 0.045 // of the view that turns by itself
)

var deskKeys = []struct {
	key      ebiten.Key
	control  bool
	to       desk.Key
	shifted  desk.Key
	repeated bool
}{
	{ebiten.KeyTab, false, desk.KeyNext, desk.KeyPrior, true},
	{ebiten.KeyArrowLeft, false, desk.KeyLeft, desk.KeyLeft, true},
	{ebiten.KeyArrowRight, false, desk.KeyRight, desk.KeyRight, true},
	{ebiten.KeyArrowUp, false, desk.KeyPrior, desk.KeyPrior, true},
	{ebiten.KeyArrowDown, false, desk.KeyNext, desk.KeyNext, true},
	{ebiten.KeyPageDown, false, desk.KeyNextPanel, desk.KeyPriorPanel, true},
	{ebiten.KeyPageUp, false, desk.KeyPriorPanel, desk.KeyNextPanel, true},
	{ebiten.KeyEnter, false, desk.KeyEnter, desk.KeyEnter, false},
	{ebiten.KeyBackspace, false, desk.KeyDefault, desk.KeyDefault, false},
	{ebiten.KeyDelete, false, desk.KeyDefault, desk.KeyDefault, false},
	{ebiten.KeySpace, false, desk.KeyGo, desk.KeyGo, false},
	{ebiten.KeyB, false, desk.KeyBack, desk.KeyBack, false},
	{ebiten.KeyU, false, desk.KeyKeep, desk.KeyKeep, false},
	{ebiten.KeyZ, true, desk.KeyUndo, desk.KeyRedo, true},
	{ebiten.KeyY, true, desk.KeyRedo, desk.KeyRedo, true},
}

var editorKeys = []struct {
	key      ebiten.Key
	control  bool
	to       editor.Key
	repeated bool
}{
	{ebiten.KeyArrowLeft, false, editor.Left, true},
	{ebiten.KeyArrowRight, false, editor.Right, true},
	{ebiten.KeyArrowUp, false, editor.Up, true},
	{ebiten.KeyArrowDown, false, editor.Down, true},
	{ebiten.KeyHome, false, editor.Home, false},
	{ebiten.KeyEnd, false, editor.End, false},
	{ebiten.KeyPageUp, false, editor.PageUp, true},
	{ebiten.KeyPageDown, false, editor.PageDown, true},
	{ebiten.KeyEnter, false, editor.Enter, true},
	{ebiten.KeyTab, false, editor.Tab, true},
	{ebiten.KeyBackspace, false, editor.Backspace, true},
	{ebiten.KeyDelete, false, editor.Delete, true},
	{ebiten.KeyZ, true, editor.Undo, true},
	{ebiten.KeyY, true, editor.Redo, true},
	{ebiten.KeyS, true, editor.Save, false},
}

// write gathers what is for the editor.
func (h *hands) write(control bool) {
	if !control {
		h.letters = ebiten.AppendInputChars(h.letters)
	}
	for _, k := range editorKeys {
		if k.control == control && struck(k.key, k.repeated) {
			h.strokes = append(h.strokes, k.to)
		}
	}
	h.leave = h.leave || struck(ebiten.KeyEscape, false)
}

// take reads what happened since the last call, dt seconds ago.
func (h *hands) take(o *camera.Orbit, dt float32, scale float64) {
	_, height := ebiten.WindowSize()
	if height <= 0 {
		height = 720
	}
	x, y := ebiten.CursorPosition()
	per := 1 / (float32(scale) * float32(height))
	dx, dy := float32(x-h.x)*per, float32(y-h.y)*per
	h.x, h.y = x, y
	shift := ebiten.IsKeyPressed(ebiten.KeyShift)
	control := ebiten.IsKeyPressed(ebiten.KeyControl) || ebiten.IsKeyPressed(ebiten.KeyMeta)
	h.pointer(o, dx, dy, shift, float64(x)/scale, float64(y)/scale)
	h.desk.Fine = shift
	if h.editing {
		h.write(control)
		o.Step(dt)
		return
	}
	for _, k := range deskKeys {
		if k.control != control || !struck(k.key, k.repeated) {
			continue
		}
		if shift {
			h.desk.Keys = append(h.desk.Keys, k.shifted)
		} else {
			h.desk.Keys = append(h.desk.Keys, k.to)
		}
	}
	h.window(o, control)
	if h.turning {
		o.Turn(idleTurn*dt, 0)
	}
	o.Step(dt)
}

// pointer gives the mouse to the desk, or to the view.
func (h *hands) pointer(o *camera.Orbit, dx, dy float32, shift bool, x, y float64) {
	left := ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft)
	right := ebiten.IsMouseButtonPressed(ebiten.MouseButtonRight) || ebiten.IsMouseButtonPressed(ebiten.MouseButtonMiddle)
	began := inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft)
	ended := inpututil.IsMouseButtonJustReleased(ebiten.MouseButtonLeft)
	_, wheel := ebiten.Wheel()
	wheel = min(max(wheel, -5), 5)
	d := &h.desk
	d.X, d.Y, d.Down = x, y, left
	d.Pressed, d.Released = d.Pressed || began, d.Released || ended
	d.Second = d.Second || inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonRight)
	if h.mine && !h.hidden {
		d.Wheel += wheel
		h.drag = false
		return
	}
	if began {
		h.drag, h.moved = true, 0
	}
	fresh := began || inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonRight) || inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonMiddle)
	switch {
	case fresh:
	case right || left && shift:
		o.Pan(-dx, dy)
	case left && h.drag && (dx != 0 || dy != 0):
		h.moved += max(dx, -dx) + max(dy, -dy)
		o.Turn(-dx*dragTurn, dy*dragTurn)
	}
	if ended && h.drag && h.moved < 0.006 {
		h.pick = true
	}
	if !left {
		h.drag = false
	}
	if wheel != 0 {
		o.Zoom(1 - 0.1*float32(wheel))
	}
}

// window does what keys do to the window itself.
func (h *hands) window(o *camera.Orbit, control bool) {
	if control {
		h.save = h.save || struck(ebiten.KeyS, false)
		return
	}
	h.typed = ebiten.AppendInputChars(h.typed[:0])
	for _, r := range h.typed {
		switch r {
		case '?':
			h.help = true
		case '+', '=':
			o.Zoom(0.92)
		case '-', '_':
			o.Zoom(1.08)
		}
	}
	turn(&h.turning, ebiten.KeyT)
	turn(&h.hidden, ebiten.KeyH)
	h.view = h.view || struck(ebiten.KeyV, false)
	h.name = h.name || struck(ebiten.KeyI, false)
	h.picture = h.picture || struck(ebiten.KeyP, false)
	h.quit = h.quit || struck(ebiten.KeyQ, false)
	h.edit = h.edit || struck(ebiten.KeyE, false)
	h.learn = h.learn || struck(ebiten.KeyL, false)
	h.maps = h.maps || struck(ebiten.KeyM, false)
	h.lanes = h.lanes || struck(ebiten.KeyG, false)
	if struck(ebiten.KeyHome, false) {
		o.Home()
	}
	if struck(ebiten.KeyF, false) || struck(ebiten.KeyF11, false) {
		ebiten.SetFullscreen(!ebiten.IsFullscreen())
	}
	if struck(ebiten.KeyEscape, false) {
		h.hidden, h.leave = false, true
		ebiten.SetFullscreen(false)
	}
}

// turn turns a switch over when its key was struck.
func turn(on *bool, k ebiten.Key) {
	if struck(k, false) {
		*on = !*on
	}
}

// struck says whether a key was just pressed, or repeats. One that was let go
// within the same tick counts: a slow machine loses no cue.
func struck(k ebiten.Key, repeated bool) bool {
	n := inpututil.KeyPressDuration(k)
	return inpututil.IsKeyJustPressed(k) || repeated && n >= 24 && n%3 == 0
}

// gathered gives what came for the desk since the last call.
func (h *hands) gathered() desk.Hand {
	d := h.desk
	h.desk.Pressed, h.desk.Released, h.desk.Second, h.desk.Wheel = false, false, false, 0
	h.desk.Keys = nil
	return d
}

// pictureName is the file of a picture taken now, in the folder where the
// program was started.
func pictureName(installation string, now time.Time) string {
	return fmt.Sprintf("noctiluca-%s-%s.png", installation, now.Format("20060102-150405"))
}
