package dusk

// Glow is the veil of light that bright points cast in an eye or a lens: the
// sum, over halos of doubling width, of every light in the picture. It is a
// quarter of the picture's size or less.
type Glow struct {
	Width, Height int
	Pixels        []byte // R G B A, by Film, for the GPU

	levels []plane
	frame  uint32
}

// plane is one width of halo; light is w·h cells of R G B.
type plane struct {
	w, h        int
	light, temp []float32
}

// halos weighs the widths, from the narrowest, and sums to 1.
var halos = [...]float32{0.34, 0.26, 0.18, 0.11, 0.07, 0.04}

// Resize prepares for pictures of the given size; nothing happens if it has
// that size.
func (g *Glow) Resize(width, height int) {
	if g.Width == width && g.Height == height {
		return
	}
	g.Width, g.Height = width, height
	g.Pixels = make([]byte, 4*width*height)
	g.levels = g.levels[:0]
	for range halos {
		g.levels = append(g.levels, plane{width, height, make([]float32, 3*width*height), make([]float32, 3*width*height)})
		width, height = max((width+1)/2, 2), max((height+1)/2, 2)
	}
}

// Begin empties the glow.
func (g *Glow) Begin() { clear(g.levels[0].light) }

// Add puts light at a place, in cells; outside it is ignored.
func (g *Glow) Add(x, y, r, gr, b float32) {
	x, y = x-0.5, y-0.5
	if !(x >= 0 && y >= 0 && x < float32(g.Width-1) && y < float32(g.Height-1)) {
		return
	}
	ix, iy := int(x), int(y)
	x, y = x-float32(ix), y-float32(iy)
	at := 3 * (iy*g.Width + ix)
	l := g.levels[0].light
	put(l[at:at+6], r, gr, b, 1-y, x)
	at += 3 * g.Width
	put(l[at:at+6], r, gr, b, y, x)
}

// Finish spreads what was added and writes Pixels. strength multiplies.
func (g *Glow) Finish(strength float32) {
	g.frame++
	for k := 1; k < len(g.levels); k++ {
		g.levels[k].gather(&g.levels[k-1])
	}
	for k := len(g.levels) - 1; k >= 0; k-- {
		// A cell of this level is 4^k cells of the picture: spread its light
		// over them all.
		w := strength * halos[k]
		for range k {
			w *= 0.25
		}
		g.levels[k].blur(w)
		if k < len(g.levels)-1 {
			g.levels[k].add(&g.levels[k+1])
		}
	}
	l := g.levels[0].light
	for i, j := 0, 0; i < len(g.Pixels); i, j = i+4, j+3 {
		d := noise(uint32(i), g.frame)
		p, q := g.Pixels[i:i+4], l[j:j+3]
		p[0], p[1], p[2], p[3] = toByte(Film(q[0])+d), toByte(Film(q[1])+d), toByte(Film(q[2])+d), 255
	}
}

// At is the finished glow at a place, in cells.
func (g *Glow) At(x, y float32) (r, gr, b float32) {
	ix := min(max(int(x), 0), g.Width-1)
	iy := min(max(int(y), 0), g.Height-1)
	l := g.levels[0].light[3*(iy*g.Width+ix):]
	return l[0], l[1], l[2]
}

// gather sums two by two cells.
func (p *plane) gather(from *plane) {
	clear(p.light)
	for y := range from.h {
		src := from.light[3*y*from.w:][:3*from.w]
		dst := p.light[3*min(y/2, p.h-1)*p.w:][:3*p.w]
		for x := range from.w {
			d, s := dst[3*(x/2):3*(x/2)+3], src[3*x:3*x+3]
			d[0] += s[0]
			d[1] += s[1]
			d[2] += s[2]
		}
	}
}

// blur smooths by 1 4 6 4 1 both ways, times k.
func (p *plane) blur(k float32) {
	line := 3 * p.w
	for y := range p.h {
		src, dst := p.light[y*line:][:line], p.temp[y*line:][:line]
		for c := range 3 {
			a, b, m := float32(0), float32(0), src[c]
			d, e := src[3+c], float32(0)
			if p.w > 2 {
				e = src[6+c]
			}
			for x := c; x < line; x += 3 {
				dst[x] = a + e + 4*(b+d) + 6*m
				a, b, m, d = b, m, d, e
				e = 0
				if x+9 < line {
					e = src[x+9]
				}
			}
		}
	}
	k *= 1.0 / 256
	for y := range p.h {
		dst := p.light[y*line:][:line]
		m := p.temp[y*line:][:line]
		up1, up2 := p.row(y-1), p.row(y-2)
		down1, down2 := p.row(y+1), p.row(y+2)
		for x := range dst {
			dst[x] = k * (up2[x] + down2[x] + 4*(up1[x]+down1[x]) + 6*m[x])
		}
	}
}

// row is a line of temp; beyond the edges the edge itself.
func (p *plane) row(y int) []float32 {
	return p.temp[3*min(max(y, 0), p.h-1)*p.w:][:3*p.w]
}

// add adds a coarser plane, interpolated between the middles of its cells.
func (p *plane) add(from *plane) {
	line := 3 * from.w
	for y := range p.h {
		near := min(y/2, from.h-1)
		far := min(max(near-1+2*(y&1), 0), from.h-1)
		a, b := from.light[near*line:][:line], from.light[far*line:][:line]
		dst := p.light[3*y*p.w:][:3*p.w]
		for x := range p.w {
			i := 3 * min(x/2, from.w-1)
			j := min(max(i-3+6*(x&1), 0), line-3)
			d := dst[3*x : 3*x+3]
			for n := range 3 {
				d[n] += 0.5625*a[i+n] + 0.1875*(a[j+n]+b[i+n]) + 0.0625*b[j+n]
			}
		}
	}
}
