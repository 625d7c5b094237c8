package desk

import "image/color"

// Shortcuts is every key of the window and what it does.
var Shortcuts = [][2]string{
	{"drag, wheel", "turn the stage, go nearer"},
	{"right drag, shift + drag", "pan"},
	{"home", "back to the first view"},
	{"tab, shift + tab", "next control, the one before"},
	{"page down, page up", "next panel, the one before"},
	{"← →, with shift finer", "turn the control in focus"},
	{"enter", "press it"},
	{"backspace, right click", "back to its default; removes a cue"},
	{"← →, U on a cue", "its fades; it keeps how everything is now"},
	{"backspace on a person", "take their consent back for them"},
	{"space, B", "next cue, the cue before"},
	{"ctrl + Z, ctrl + Y", "undo, redo"},
	{"ctrl + S", "save the show"},
	{"L", "tie a MIDI control to the one in focus"},
	{"M", "what every control moves; takeover, unmap"},
	{"G", "recorded gestures: move, trim, quantise"},
	{"V", "stage, map, one fixture"},
	{"click on the stage", "what pixel that is"},
	{"I", "identify it on the real hardware"},
	{"E", "edit the field, then the next one"},
	{"escape", "leave the editor, close what stands open"},
	{"H", "hide everything but the light"},
	{"F or F11", "full screen, and back"},
	{"T", "turn slowly by itself"},
	{"P", "save a picture"},
	{"?", "these keys"},
	{"Q", "close"},
}

// shortcuts writes them in the middle.
func (d *Desk) shortcuts(w, h float64) {
	face, each := large, 22.0
	if full := float64(len(Shortcuts))*each + 2*pad; full > h {
		// A low window: as large as there is room for.
		k := max(h-2*pad, 1) / (full - 2*pad)
		face.Size, each = face.Size*k, each*k
	}
	first, second := 0.0, 0.0
	for _, s := range Shortcuts {
		first, second = max(first, d.canvas.Width(s[0], face)), max(second, d.canvas.Width(s[1], face))
	}
	wide, height := first+second+24+4*pad, float64(len(Shortcuts))*each+2*pad
	x, y := max((w-wide)/2, 0), max((h-height)/2, 0)
	d.canvas.Box(x, y, wide, height, color.NRGBA{4, 9, 14, 240})
	for i, s := range Shortcuts {
		at := y + pad + float64(i)*each
		d.canvas.Text(s[0], x+2*pad, at, face, Left, living)
		d.canvas.Text(s[1], x+2*pad+first+24, at, face, Left, pale)
	}
}
