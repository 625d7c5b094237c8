//go:build !venue

package screen

import (
	"fmt"
	"path/filepath"
	"time"

	"noctiluca/devices/screen/camera"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"
)

// hands is what mouse and keys do to a view. It belongs to the window's
// goroutine.
type hands struct {
	x, y    int // of the pointer, when it was last looked at
	turning bool
	wrote   bool // the overlay is shown
	quit    bool
	picture bool // a picture is wanted
}

// Radians for a drag over the height of the window, and a second of a key.
const (
	dragTurn = 3.2
	keyTurn  = 1.0
	idleTurn = 0.045 // of the view that turns by itself
)

// take reads what happened since the last call, dt seconds ago.
func (h *hands) take(o *camera.Orbit, help *bool, dt float32) {
	_, height := ebiten.WindowSize()
	if height <= 0 {
		height = 720
	}
	x, y := ebiten.CursorPosition()
	scale := float32(ebiten.Monitor().DeviceScaleFactor()) * float32(height)
	dx, dy := float32(x-h.x)/scale, float32(y-h.y)/scale
	h.x, h.y = x, y
	shift := ebiten.IsKeyPressed(ebiten.KeyShift)
	left, right := ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft), ebiten.IsMouseButtonPressed(ebiten.MouseButtonRight) || ebiten.IsMouseButtonPressed(ebiten.MouseButtonMiddle)
	fresh := inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft) || inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonRight) || inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonMiddle)
	switch {
	case fresh || dx == 0 && dy == 0:
	case right || left && shift:
		o.Pan(-dx, dy)
	case left:
		o.Turn(-dx*dragTurn, dy*dragTurn)
	}
	if _, wheel := ebiten.Wheel(); wheel != 0 {
		o.Zoom(1 - 0.1*min(max(float32(wheel), -5), 5))
	}
	h.keys(o, shift, dt)
	if inpututil.IsKeyJustPressed(ebiten.KeySpace) {
		h.turning = !h.turning
	}
	if h.turning {
		o.Turn(idleTurn*dt, 0)
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyTab) {
		h.wrote = !h.wrote
	}
	for _, r := range ebiten.AppendInputChars(nil) {
		if r == '?' {
			*help = !*help
			h.wrote = h.wrote || *help
		}
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyF) || inpututil.IsKeyJustPressed(ebiten.KeyF11) {
		ebiten.SetFullscreen(!ebiten.IsFullscreen())
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyEscape) {
		*help = false
		ebiten.SetFullscreen(false)
	}
	h.picture = inpututil.IsKeyJustPressed(ebiten.KeyP)
	h.quit = inpututil.IsKeyJustPressed(ebiten.KeyQ)
	o.Step(dt)
}

func (h *hands) keys(o *camera.Orbit, shift bool, dt float32) {
	held := func(a ebiten.Key) float32 {
		if ebiten.IsKeyPressed(a) {
			return dt
		}
		return 0
	}
	across := held(ebiten.KeyArrowRight) - held(ebiten.KeyArrowLeft)
	up := held(ebiten.KeyArrowUp) - held(ebiten.KeyArrowDown)
	if across != 0 || up != 0 {
		if shift {
			o.Pan(across*0.6, up*0.6)
		} else {
			o.Turn(across*keyTurn, up*keyTurn)
		}
	}
	if in := held(ebiten.KeyEqual) + held(ebiten.KeyKPAdd) - held(ebiten.KeyMinus) - held(ebiten.KeyKPSubtract); in != 0 {
		o.Zoom(1 - 0.9*in)
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyH) || inpututil.IsKeyJustPressed(ebiten.KeyHome) {
		o.Home()
	}
}

// pictureName is the file of a picture taken now, in the folder where the
// program was started.
func pictureName(installation string, now time.Time) string {
	return filepath.Clean(fmt.Sprintf("noctiluca-%s-%s.png", installation, now.Format("20060102-150405")))
}
