//go:build !venue

package screen

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"noctiluca/devices/screen/camera"
	"noctiluca/devices/screen/desk"
	"noctiluca/devices/screen/dusk"
	"noctiluca/engine"
	"noctiluca/installations"

	"github.com/hajimehoshi/ebiten/v2"
)

// view is what fills the window behind the desk.
type view uint8

// The views, in the order in which a key goes through them.
const (
	stageView   view = iota // the installation as it stands
	mapView                 // every pixel by fixture, in the order of the wire
	fixtureView             // one fixture, its pixels large
	views
)

// chart is the flat views: pixels as squares in rows.
type chart struct {
	inst   *installations.Installation
	image  *ebiten.Image
	pix    []byte
	at     []int32 // which pixel each square is, −1 for none
	w, h   int
	cell   float64 // pixels of the window a square
	x, y   float64 // upper left corner on the window
	shown  view
	picked int
}

// lay finds where the squares go: each fixture begins a row.
func (c *chart) lay(v view, fixture int, width, height float64) {
	n := len(c.inst.Fixtures)
	first, end := 0, n
	if v == fixtureView && n > 0 {
		fixture = min(max(fixture, 0), n-1)
		first, end = fixture, fixture+1
	}
	total := 0
	for _, f := range c.inst.Fixtures[first:end] {
		total += f.Count
	}
	// The widest rows with which everything fits.
	for c.w = 16; ; c.w += 8 {
		c.h = 0
		for _, f := range c.inst.Fixtures[first:end] {
			c.h += (f.Count + c.w - 1) / c.w
		}
		c.cell = math.Min(width/float64(c.w), height/float64(max(c.h, 1)))
		if float64(c.h)*width <= float64(c.w)*height || c.w > 4096 || total == 0 {
			break
		}
	}
	c.cell = min(c.cell, 26)
	c.at = c.at[:0]
	for i := first; i < end; i++ {
		f := &c.inst.Fixtures[i]
		rows := (f.Count + c.w - 1) / c.w
		for k := range rows * c.w {
			p := int32(-1)
			if k < f.Count {
				p = int32(f.First + k)
			}
			c.at = append(c.at, p)
		}
	}
	c.h = max(c.h, 1)
	for len(c.at) < c.w*c.h {
		c.at = append(c.at, -1)
	}
	if c.image == nil || c.image.Bounds().Dx() != c.w || c.image.Bounds().Dy() != c.h {
		if c.image != nil {
			c.image.Deallocate()
		}
		c.image = ebiten.NewImage(c.w, c.h)
	}
	if len(c.pix) != 4*c.w*c.h {
		c.pix = make([]byte, 4*c.w*c.h)
	}
}

// draw draws the squares into the room x, y, w, h of dst, in pixels.
func (c *chart) draw(dst *ebiten.Image, v view, fixture int, x, y, w, h float64, r, g, b []float32, exposure float32) {
	c.lay(v, fixture, w, h)
	c.x, c.y = x+(w-c.cell*float64(c.w))/2, y
	for i, p := range c.at {
		o := c.pix[4*i : 4*i+4]
		if p < 0 {
			o[0], o[1], o[2], o[3] = 0, 0, 0, 255
			continue
		}
		k := 3 * exposure
		o[0], o[1], o[2], o[3] = lit(k*r[p]), lit(k*g[p]), lit(k*b[p]), 255
	}
	c.image.WritePixels(c.pix)
	dst.Fill(color.RGBA{3, 5, 7, 255})
	var o ebiten.DrawImageOptions
	o.GeoM.Scale(c.cell, c.cell)
	o.GeoM.Translate(c.x, c.y)
	dst.DrawImage(c.image, &o)
}

// lit is a byte of the chart: what is dark can still be told from the paper.
func lit(l float32) byte { return byte(14 + min(dusk.Film(l), 255)*(241.0/255)) }

// pixelAt is the pixel under a place of the window, −1 for none.
func (c *chart) pixelAt(x, y float64) int {
	i, j := int(math.Floor((x-c.x)/c.cell)), int(math.Floor((y-c.y)/c.cell))
	if i < 0 || j < 0 || i >= c.w || j >= c.h {
		return -1
	}
	return int(c.at[j*c.w+i])
}

// square is where a pixel's square is, for marking it.
func (c *chart) square(pixel int) (x, y float64, ok bool) {
	for i, p := range c.at {
		if int(p) == pixel {
			return c.x + c.cell*float64(i%c.w), c.y + c.cell*float64(i/c.w), true
		}
	}
	return 0, 0, false
}

// nearest is the pixel seen nearest to a place of the picture, within reach
// pixels; of several the one in front. −1 for none.
func nearest(inst *installations.Installation, v camera.View, x, y, reach float32) int {
	best, at := reach*reach, -1
	depth := float32(math.Inf(1))
	p := &inst.Pixels
	for i := range p.X {
		px, py, z := v.Project(camera.Vec{p.X[i], p.Y[i], p.Z[i]})
		if z < camera.Near {
			continue
		}
		d := (px-x)*(px-x) + (py-y)*(py-y)
		if d < best-4 || d < best+4 && z < depth {
			best, at, depth = min(d, best), i, z
		}
	}
	return at
}

// describe says what pixel that is: where it is, what carries it, and what it
// gives now.
func describe(inst *installations.Installation, reaches []engine.Reach, pixel int, r, g, b []float32, frame func(output int) []byte) []string {
	p := &inst.Pixels
	f := &inst.Fixtures[p.Fixture[pixel]]
	lines := []string{
		fmt.Sprintf("pixel %d of %s (%s, %s)", pixel-f.First, f.Name, f.Kind, f.LED.Type),
		fmt.Sprintf("x %.2f  y %.2f  z %.2f m", p.X[pixel], p.Y[pixel], p.Z[pixel]),
		fmt.Sprintf("light %.3f  %.3f  %.3f", r[pixel], g[pixel], b[pixel]),
	}
	for i := range reaches {
		if c := &reaches[i]; c.Noticed() && slices.Contains(c.Fixtures, int(p.Fixture[pixel])) {
			lines = append(lines, fmt.Sprintf("%s: out of its gamut, ΔE OK %.2f", c.Organism.Latin, c.Distance))
		}
	}
	for o := range inst.Outputs {
		out := &inst.Outputs[o]
		for _, run := range out.Runs {
			step := max(run.Step, -run.Step)
			k := 0
			if step > 0 {
				k = (pixel - run.First) / run.Step
			}
			if k < 0 || k >= run.Count || run.First+k*run.Step != pixel {
				continue
			}
			at := run.Offset + k*run.Width()
			to := out.Host
			if out.Multicast {
				to = "multicast"
			}
			lines = append(lines, fmt.Sprintf("%s: %s %s", out.Name, out.Protocol, to))
			for _, u := range out.Universes {
				if at >= u.Offset && at < u.Offset+u.Length {
					text := fmt.Sprintf("universe %d, channels %d…%d, %v", u.Number, at-u.Offset+1, at-u.Offset+run.Width(), run.Order)
					if bytes := frame(o); len(bytes) >= at+run.Width() {
						text += fmt.Sprintf(" = %v", bytes[at:at+run.Width()])
					}
					lines = append(lines, text)
				}
			}
		}
	}
	return lines
}

// tell writes lines in a panel whose upper left corner is at x, y, and edge
// away from the sides of the window.
func tell(c desk.Canvas, lines []string, x, y, edge float64) {
	f := desk.Face{Size: 12.5}
	wide := 0.0
	for _, l := range lines {
		wide = max(wide, c.Width(l, f))
	}
	w, h := c.Size()
	x, y = min(x, w-edge-wide-24), min(y, h-edge/3-float64(len(lines))*18-20)
	c.Box(x, y, wide+20, float64(len(lines))*18+14, color.NRGBA{4, 9, 14, 225})
	for i, l := range lines {
		tone := color.NRGBA{205, 222, 228, 240}
		if i == 0 {
			tone = color.NRGBA{90, 225, 200, 235}
		}
		c.Text(l, x+10, y+6+18*float64(i), f, desk.Left, tone)
	}
}
