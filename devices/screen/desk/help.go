package desk

import "image/color"

// Shortcuts is every key of the window and what it does.
var Shortcuts = [][2]string{
	{"drag, wheel", "turn the stage, go nearer"},
	{"right drag, shift + drag", "pan"},
	{"home", "back to the first view"},
	{"tab, shift + tab", "next control, the one before"},
	{"← →, with shift finer", "turn the control in focus"},
	{"enter", "press it"},
	{"backspace, right click", "back to its default; removes a cue"},
	{"backspace on a person", "take their consent back for them"},
	{"space, B", "next cue, the cue before"},
	{"ctrl + Z, ctrl + Y", "undo, redo"},
	{"ctrl + S", "save the show"},
	{"L", "tie a MIDI control to the one in focus"},
	{"V", "stage, map, one fixture"},
	{"click on the stage", "what pixel that is"},
	{"I", "identify it on the real hardware"},
	{"E", "edit the field, then the next one"},
	{"escape", "leave the editor, close it"},
	{"H", "hide everything but the light"},
	{"F or F11", "full screen, and back"},
	{"T", "turn slowly by itself"},
	{"P", "save a picture"},
	{"?", "these keys"},
	{"Q", "close"},
}

// shortcuts writes them in the middle.
func (d *Desk) shortcuts(w, h float64) {
	const wide, each = 430.0, 22.0
	height := float64(len(Shortcuts))*each + 2*pad + 8
	x, y := (w-wide)/2, max((h-height)/2, 0)
	d.canvas.Box(x, y, wide, height, color.NRGBA{4, 9, 14, 235})
	for i, s := range Shortcuts {
		at := y + pad + 4 + float64(i)*each
		d.canvas.Text(s[0], x+pad+8, at, large, Left, living)
		d.canvas.Text(s[1], x+225, at, large, Left, pale)
	}
}
