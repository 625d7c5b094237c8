package colour

// pixels is a lamp made ready for the frame path, in float32.
type pixels struct {
	plans [][]fast
	in    [MaxEmitters][3]float32
	// Where the colour is out of the gamut, a table of what Map gives: for
	// each component as the largest, over the two others relative to it.
	table [3][grid + 1][grid + 1][MaxEmitters]float32
}

const grid = 32

type fast struct {
	who [3]int
	m   [9]float32
}

func (l *Lamp) prepare() pixels {
	var p pixels
	p.plans = make([][]fast, len(l.plans))
	for w, plan := range l.plans {
		for _, t := range plan {
			f := fast{who: t.who}
			for i := range 9 {
				f.m[i] = float32(t.m[i/3][i%3])
			}
			p.plans[w] = append(p.plans[w], f)
		}
	}
	for e := range l.in {
		for i := range 3 {
			p.in[e][i] = float32(l.in[e][i])
		}
	}
	for i := range 3 {
		for j := range grid + 1 {
			for k := range grid + 1 {
				c := XYZ{}
				c[i], c[(i+1)%3], c[(i+2)%3] = 1, float64(j)/grid, float64(k)/grid
				a, ok := l.amounts(c, 0, false)
				if !ok {
					// Dimmer, so that lightness is not what keeps it out.
					a, _ = l.amounts(l.basis.inverse().times(Map(l.basis.times(c.scale(0.25)), l)), 0, false)
					for e := range a {
						a[e] *= 4
					}
				}
				for e := range a {
					p.table[i][j][k][e] = float32(a[e])
				}
			}
		}
	}
	return p
}

// Split gives the amount of each emitter, 0…1, for red, green and blue of the
// nominal lamp, 0…1 each: the frame path's Amounts. What is out of the gamut
// comes from a table, within 0.01 of Map.
func (l *Lamp) Split(r, g, b float32) [MaxEmitters]float32 {
	a, ok := l.pixels.solve(r, g, b, 0)
	if !ok {
		a = l.pixels.look(r, g, b)
	}
	most := float32(1)
	at := -1
	for i, v := range a {
		if v > most {
			most, at = v, i
		}
	}
	if at < 0 {
		return a
	}
	// One emitter at its most, and the rest of the colour from the others.
	if ok {
		if c, ok := l.pixels.without(r, g, b, at); ok {
			return c
		}
	}
	for i := range a {
		a[i] /= most
	}
	return a
}

// without puts emitter at to full, and a second one if need be.
func (p *pixels) without(r, g, b float32, at int) (a [MaxEmitters]float32, ok bool) {
	set := 0
	for range 2 {
		set |= 1 << at
		r, g, b = r-p.in[at][0], g-p.in[at][1], b-p.in[at][2]
		a, ok = p.solve(r, g, b, set)
		if !ok {
			return a, false
		}
		for e := range a {
			if set>>e&1 != 0 {
				a[e] = 1
			}
		}
		over := -1
		for i, v := range a {
			if v > 1 {
				over = i
			}
		}
		if over < 0 {
			return a, true
		}
		at = over
	}
	return a, false
}

func (p *pixels) solve(r, g, b float32, without int) (a [MaxEmitters]float32, ok bool) {
	const slack = -2e-6
	for i := range p.plans[without] {
		t := &p.plans[without][i]
		x := float32(t.m[0]*r) + float32(t.m[1]*g) + float32(t.m[2]*b)
		y := float32(t.m[3]*r) + float32(t.m[4]*g) + float32(t.m[5]*b)
		z := float32(t.m[6]*r) + float32(t.m[7]*g) + float32(t.m[8]*b)
		if x < slack || y < slack || z < slack {
			continue
		}
		a[t.who[0]], a[t.who[1]], a[t.who[2]] = max(x, 0), max(y, 0), max(z, 0)
		return a, true
	}
	return a, false
}

// look reads the table, bilinear.
func (p *pixels) look(r, g, b float32) (a [MaxEmitters]float32) {
	c := [3]float32{r, g, b}
	top := 0
	for i, v := range c {
		if v > c[top] {
			top = i
		}
	}
	if !(c[top] > 0) {
		return a
	}
	x, y := c[(top+1)%3]/c[top]*grid, c[(top+2)%3]/c[top]*grid
	x, y = min(max(x, 0), grid), min(max(y, 0), grid)
	i, j := min(int(x), grid-1), min(int(y), grid-1)
	fx, fy := x-float32(i), y-float32(j)
	t := &p.table[top]
	for e := range a {
		low := float32(t[i][j][e]*(1-fy)) + float32(t[i][j+1][e]*fy)
		high := float32(t[i+1][j][e]*(1-fy)) + float32(t[i+1][j+1][e]*fy)
		a[e] = float32((float32(low*(1-fx)) + float32(high*fx)) * c[top])
	}
	return a
}
