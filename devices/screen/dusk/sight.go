package dusk

// Sight knows, coarsely, how far one sees in each part of a picture before
// wood is in the way.
type Sight struct {
	width, height int
	depth         []float32
}

// far is the depth where nothing is in the way.
const far = 1e9

// Begin empties it, for pictures of the given size in cells.
func (s *Sight) Begin(width, height int) {
	s.width, s.height = width, height
	if n := width * height; cap(s.depth) < n {
		s.depth = make([]float32, n)
	} else {
		s.depth = s.depth[:n]
	}
	for i := range s.depth {
		s.depth[i] = far
	}
}

// Block puts a limb from (x0, y0) to (x1, y1), of half widths w0 and w1, all
// in cells, in the way at a depth. It covers only what it covers whole.
func (s *Sight) Block(x0, y0, w0, x1, y1, w1, depth float32) {
	dx, dy := x1-x0, y1-y0
	if dx*dx > dy*dy {
		// Rather level: column after column.
		if dx < 0 {
			x0, y0, w0, x1, y1, w1, dx, dy = x1, y1, w1, x0, y0, w0, -dx, -dy
		}
		for x := max(int(x0), 0); x <= int(x1) && x < s.width; x++ {
			k := min(max((float32(x)+0.5-x0)/dx, 0), 1)
			y, w := y0+k*dy, w0+k*(w1-w0)
			for j := max(int(y-w+0.5), 0); j < min(int(y+w+0.5), s.height); j++ {
				s.depth[j*s.width+x] = min(s.depth[j*s.width+x], depth)
			}
		}
		return
	}
	if dy < 0 {
		x0, y0, w0, x1, y1, w1, dx, dy = x1, y1, w1, x0, y0, w0, -dx, -dy
	}
	if dy == 0 {
		return
	}
	for y := max(int(y0), 0); y <= int(y1) && y < s.height; y++ {
		k := min(max((float32(y)+0.5-y0)/dy, 0), 1)
		x, w := x0+k*dx, w0+k*(w1-w0)
		for j := max(int(x-w+0.5), 0); j < min(int(x+w+0.5), s.width); j++ {
			s.depth[y*s.width+j] = min(s.depth[y*s.width+j], depth)
		}
	}
}

// Seen is how much of a light at a place and a depth is to be seen, 0…1: the
// share of the four nearest cells in which nothing is nearer.
func (s *Sight) Seen(x, y, depth float32) float32 {
	x, y = x-0.5, y-0.5
	if !(x >= 0 && y >= 0 && x < float32(s.width-1) && y < float32(s.height-1)) {
		return 1
	}
	ix, iy := int(x), int(y)
	x, y = x-float32(ix), y-float32(iy)
	at := iy*s.width + ix
	seen := float32(0)
	if s.depth[at] > depth {
		seen += (1 - x) * (1 - y)
	}
	if s.depth[at+1] > depth {
		seen += x * (1 - y)
	}
	if s.depth[at+s.width] > depth {
		seen += (1 - x) * y
	}
	if s.depth[at+s.width+1] > depth {
		seen += x * y
	}
	return seen
}
