// Package desk is what hands reach in the window: the mixer and its master,
// the parameters of a scene with what moves them, cues, people and the cells
// they stand in, outputs, and the log.
//
// It draws on a Canvas and reads a Hand, both of which the window gives, and
// all that it changes it changes by offering events to the show; so it can be
// tested without a display. It owns no state of the show: everything is
// written anew for each picture from what is there.
//
// The one idea it owns: whatever a pointer reaches, keys reach too. Each
// control that is drawn is a place where the focus can stand.
package desk

import "image/color"

// Canvas is what the desk is drawn on. Lengths are units of the display; text
// is placed by its upper edge.
type Canvas interface {
	Size() (width, height float64)
	Box(x, y, w, h float64, c color.NRGBA)
	Line(x0, y0, x1, y1, width float64, c color.NRGBA)
	// Curve joins points, x and y in turn, by straight lines of that width.
	Curve(points []float64, width float64, c color.NRGBA)
	Dot(x, y, radius float64, c color.NRGBA)
	Ring(x, y, radius, width float64, c color.NRGBA)
	// Text writes one line from x, ending at x, or round it, by Align.
	Text(s string, x, y float64, f Face, a Align, c color.NRGBA)
	// Width is how wide Text would be.
	Width(s string, f Face) float64
}

// Align says which end of a text its place is.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Right
	Middle
)

// Face is how text looks.
type Face struct {
	Size   float64
	Medium bool // the heavier weight
	Mono   bool // every letter as wide as the others
}

// The faces in use.
var (
	body  = Face{Size: 12.5}
	tiny  = Face{Size: 11}
	head  = Face{Size: 12.5, Medium: true}
	title = Face{Size: 19, Medium: true}
	large = Face{Size: 15}
	code  = Face{Size: 12.5, Mono: true}
)

// The colours: of moonlight, not to outshine the light that is looked at.
var (
	paper  = color.NRGBA{4, 9, 14, 190}      // behind everything written
	raised = color.NRGBA{24, 38, 48, 225}    // of a button
	pale   = color.NRGBA{205, 222, 228, 240} // what is read
	faint  = color.NRGBA{128, 152, 162, 230} // what names it
	soft   = color.NRGBA{190, 212, 220, 200} // of a value
	line   = color.NRGBA{110, 140, 155, 70}
	living = color.NRGBA{90, 225, 200, 235} // a value that is alive, the control in focus
	fill   = color.NRGBA{44, 120, 128, 200} // of a slider
	warm   = color.NRGBA{255, 205, 120, 235}
	cool   = color.NRGBA{95, 190, 255, 225}
	wrong  = color.NRGBA{255, 128, 104, 245}
)

// hue is a colour of the circle, 0…1, for telling things apart.
func hue(h float64) color.NRGBA {
	wave := func(shift float64) uint8 {
		x := h + shift
		x -= float64(int(x))
		if x < 0 {
			x++
		}
		// A smooth bump, 1 at 0 and 0 at 1/2.
		d := min(x, 1-x) * 2
		return uint8(70 + 175*(1-d*d*(3-2*d)))
	}
	return color.NRGBA{wave(0), wave(2.0 / 3), wave(1.0 / 3), 235}
}

// Tint is the colour that stands for thing i, of scenes as of people. It is a
// name and no rank.
func Tint(i int) color.NRGBA { return hue(0.45 + 0.61803398875*float64(i)) }
