package film

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"os"
	"slices"
)

// A GIF keeps every picture in memory until it is written, a byte a pixel.
const mostGIF = 1 << 29

type animation struct {
	name          string
	width, height int
	fps           float64
	out           gif.GIF
	palette       color.Palette
	nearest       []uint8 // of each colour of 15 bits
	ends          int     // hundredths of a second at which the last picture ends
}

func openGIF(name string, width, height int, fps float64) (Writer, error) {
	if fps > 50 {
		return nil, fmt.Errorf("%s: %v pictures a second: a GIF has at most 50", name, fps)
	}
	return &animation{name: name, width: width, height: height, fps: fps}, nil
}

// levels is a step of the ordered dither (Bayer 1973) that hides the steps of
// 256 colours.
var bayer = [4][4]int{{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}}

func (a *animation) Add(rgba []byte) error {
	n := len(a.out.Image)
	if (n+1)*a.width*a.height > mostGIF {
		return fmt.Errorf("%s: picture %d: a GIF of more than %d MB; make it smaller or shorter, or take a .mp4", a.name, n+1, mostGIF>>20)
	}
	if n == 0 {
		a.choose(rgba)
	}
	p := image.NewPaletted(image.Rect(0, 0, a.width, a.height), a.palette)
	for i := range p.Pix {
		d := bayer[i/a.width&3][i%a.width&3] - 8
		r, g, b := step(rgba[4*i], d), step(rgba[4*i+1], d), step(rgba[4*i+2], d)
		p.Pix[i] = a.nearest[r<<10|g<<5|b]
	}
	end := int(float64(n+1)*100/a.fps + 0.5)
	a.out.Image = append(a.out.Image, p)
	a.out.Delay = append(a.out.Delay, end-a.ends)
	a.ends = end
	return nil
}

// step is a component in 32 steps that follow lightness, finer in the dark.
func step(v uint8, dither int) int {
	x := int(dark[v]) + dither*16
	return min(max(x>>8, 0), 31)
}

// dark is 256 × 31 × (v/255)^(1/2).
var dark = func() (t [256]int16) {
	for v := range t {
		lo, hi := 0, 31*256
		for lo < hi { // the integer root of v·31²·2¹⁶/255
			m := (lo + hi + 1) / 2
			if m*m*255 <= v*31*31<<16 {
				lo = m
			} else {
				hi = m - 1
			}
		}
		t[v] = int16(lo)
	}
	return t
}()

// choose makes the palette of the first picture's colours: median cut
// (Heckbert 1982) over the 15-bit colours, each counted by the root of how
// often it occurs, so that much darkness leaves room for few lights.
func (a *animation) choose(rgba []byte) {
	var count [1 << 15]int
	for i := 0; i < len(rgba); i += 4 {
		count[step(rgba[i], 0)<<10|step(rgba[i+1], 0)<<5|step(rgba[i+2], 0)]++
	}
	type entry struct {
		c [3]int
		n int
	}
	var all []entry
	for k, n := range count {
		if n > 0 {
			w := 1
			for w*w < n {
				w++
			}
			all = append(all, entry{[3]int{k >> 10, k >> 5 & 31, k & 31}, w})
		}
	}
	boxes := [][]entry{all}
	for len(boxes) < 255 {
		best, axis, wide := -1, 0, 0
		for i, b := range boxes {
			for x := range 3 {
				lo, hi, n := 31, 0, 0
				for _, e := range b {
					lo, hi, n = min(lo, e.c[x]), max(hi, e.c[x]), n+e.n
				}
				if hi > lo && (hi-lo)*n > wide {
					best, axis, wide = i, x, (hi-lo)*n
				}
			}
		}
		if best < 0 {
			break
		}
		b := boxes[best]
		slices.SortStableFunc(b, func(x, y entry) int { return x.c[axis] - y.c[axis] })
		half, sum := 0, 0
		for _, e := range b {
			sum += e.n
		}
		at := 1
		for i, e := range b[:len(b)-1] {
			if half += e.n; 2*half >= sum {
				at = i + 1
				break
			}
			at = i + 1
		}
		boxes[best] = b[:at:at]
		boxes = append(boxes, b[at:])
	}
	a.palette = color.Palette{color.NRGBA{A: 255}}
	var centres [][3]int
	centres = append(centres, [3]int{})
	for _, b := range boxes {
		var sum [3]int
		n := 0
		for _, e := range b {
			for x := range 3 {
				sum[x] += e.c[x] * e.n
			}
			n += e.n
		}
		if n == 0 {
			continue
		}
		c := [3]int{(sum[0] + n/2) / n, (sum[1] + n/2) / n, (sum[2] + n/2) / n}
		centres = append(centres, c)
		value := func(v int) uint8 { return uint8((v*v*255 + 480) / 961) }
		a.palette = append(a.palette, color.NRGBA{value(c[0]), value(c[1]), value(c[2]), 255})
	}
	a.nearest = make([]uint8, 1<<15)
	for k := range a.nearest {
		c := [3]int{k >> 10, k >> 5 & 31, k & 31}
		least := 1 << 30
		for i, e := range centres {
			d := 2*(c[0]-e[0])*(c[0]-e[0]) + 4*(c[1]-e[1])*(c[1]-e[1]) + (c[2]-e[2])*(c[2]-e[2])
			if d < least {
				least, a.nearest[k] = d, uint8(i)
			}
		}
	}
}

func (a *animation) Close() error {
	part := a.name + ".part"
	f, err := os.Create(part)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = gif.EncodeAll(w, &a.out)
	if e := w.Flush(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(part, a.name)
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("%s: %w", a.name, err)
	}
	return nil
}

func (a *animation) Abandon() {}
