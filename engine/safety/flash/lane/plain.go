package lane

import (
	"math"
	"math/bits"
)

// plain is the set in Go: what a kernel is to do is said here.
var plain = &Set{
	Name: "go",
	Dark: func(b *Block) { b.dark(false) }, DarkY: func(b *Block) { b.dark(true) },
	Full: func(b *Block) { b.full(false) }, FullY: func(b *Block) { b.full(true) },
	Choose: (*Choice).choose, Dim: (*Dim).dim, DimSteps: (*Dim).dimSteps, Mix: (*Mix).mix, Add: (*Areas).add, AddFew: (*Areas).addFew, Spread: (*Windows).spread, Tell: (*Tell).tell,
}

// more is the greater of two; b where neither is.
func more(a, b float32) float32 {
	if a > b {
		return a
	}
	return b
}

// luminance of one light.
func (b *Block) luminance(i int, given bool) float32 {
	if given {
		return b.Y[i]
	}
	y := float32(b.Full[0][0]*b.R[i]) + float32(b.Full[1][0]*b.G[i])
	return y + float32(b.Full[2][0]*b.B[i])
}

func (b *Block) dark(given bool) {
	b.Hot, b.Glows, b.Lit = 0, 0, 0
	for i := range b.N {
		if b.R[i]-b.G[i]-b.B[i] > 0 {
			b.Glows = 1
			return
		}
	}
	*b.Codes = Codes{}
	for i := range b.N {
		y := b.luminance(i, given)
		b.Sums[i] += y
		next, up, down := b.Rules.Lum.turn(b.OldLum[i], y)
		b.NextLum[i] = next
		b.code(LumUp, i, up)
		b.code(LumDown, i, down)
	}
}

func (b *Block) full(given bool) {
	b.Hot, b.Glows, b.Lit = 0, 0, 0
	*b.Codes = Codes{}
	*b.NextSat = Bits{}
	least, share := b.Rules.Red.Least[0], b.Rules.RedShare[0]
	for i := range b.N {
		y := b.luminance(i, given)
		b.Sums[i] += y
		next, up, down := b.Rules.Lum.turn(b.OldLum[i], y)
		b.NextLum[i] = next
		b.code(LumUp, i, up)
		b.code(LumDown, i, down)

		r := b.R[i]
		redness := more(r-b.G[i]-b.B[i], 0)
		if redness > 0 {
			b.Glows = 1
		}
		if math.Float32bits(on(b.OldRed[i], redness)) != SignBit {
			b.Lit = 1
		}
		next, up, down = b.Rules.Red.turn(b.OldRed[i], redness)
		b.NextRed[i] = next
		// A red is saturated, and not one too dark to be either state of a
		// transition.
		now := r >= least && r >= float32(float32(((r+b.G[i])+b.B[i])*share)*Near)
		since := now || b.OldSat[i/64]>>(i%64)&1 != 0
		b.code(RedUp, i, up && since)
		b.code(RedDown, i, down && since)
		if now || since && !up && !down {
			b.NextSat[i/64] |= 1 << (i % 64)
		}
	}
}

func (b *Block) code(which, i int, did bool) {
	if did {
		b.Codes[which][i/64] |= 1 << (i % 64)
		b.Hot = 1
	}
}

// Above is how high a signal may go from its lowest without a rise.
func (t *Track) Above(lo float32) float32 {
	if lo < t.Dark[0] {
		return float32((lo + t.Lift[0]) * Near)
	}
	return more(float32(lo*t.Ratio[0])*Near, t.Floor[0])
}

// Below is how low a signal may go from its highest without a fall.
func (t *Track) Below(hi float32) float32 {
	lo := hi - t.Lift[0]
	if t.Dark[0] <= lo {
		return float32(hi/t.Divisor[0]) + t.Rest[0]
	}
	return lo + t.Slack[0]
}

// on takes an extreme on by a signal, as if it did not turn.
func on(ext, v float32) float32 {
	return more(math.Float32frombits(math.Float32bits(v)^math.Float32bits(ext)&SignBit), ext)
}

// turn takes an extreme on by a signal, and says whether it turned.
func (t *Track) turn(ext, v float32) (next float32, up, down bool) {
	word := math.Float32bits(ext)
	q := math.Float32frombits(math.Float32bits(v) ^ word&SignBit)
	size := math.Float32frombits(word &^ SignBit)
	if more(float32(size*t.Share[0]), t.Least[0]) <= ext-q {
		if word&SignBit != 0 {
			if t.Above(size) < v {
				return v, true, false
			}
		} else if v < t.Below(size) {
			return math.Float32frombits(math.Float32bits(v) | SignBit), false, true
		}
	}
	return more(q, ext), false, false
}

func (c *Choice) choose() {
	*c.Then = *c.Soft
	*c.Gains = *c.Before
	for w := range (c.N + 63) / 64 {
		for todo := c.Soft[w] | c.Turned[w]; todo != 0; todo &= todo - 1 {
			bit := todo & -todo
			c.one(w*64+bits.TrailingZeros64(todo), &c.Then[w], bit, c.Turned[w]&bit != 0, c.Soft[w]&bit != 0)
		}
	}
}

// one decides on one light.
func (c *Choice) one(i int, then *uint64, bit uint64, turned, soft bool) {
	old, v, flags := c.Old[i], c.Next[i], c.Flags[i]
	limit := old
	if turned {
		limit = c.Rule.Above(math.Float32frombits(math.Float32bits(old) &^ SignBit))
	} else if !(old > 0 && v > old) {
		return
	}
	switch {
	case turned && (flags&Refused != 0 || soft && flags&Held != 0):
		*then |= bit
		limit = more(limit-c.Margin[0], -old)
	case !soft:
		return
	case flags&Unrecovered != 0:
		if limit += c.Back[0]; v > limit {
			break // it may come back, slowly
		}
		if turned {
			return
		}
		fallthrough
	default:
		*then &^= bit
		return
	}
	most := c.Most[0]
	c.Dims = 1
	c.Gains[i] = min(c.Gains[i], most, float32(limit/v)*most)
}

func (d *Dim) dim() {
	d.Least = 1
	for i, k := range d.Gains[:d.N] {
		if k == 1 {
			continue
		}
		d.Count++
		d.R[i], d.G[i], d.B[i] = float32(d.R[i]*k), float32(d.G[i]*k), float32(d.B[i]*k)
		d.Least = min(d.Least, k)
	}
}

func (a *Areas) add() {
	for k, w := range a.Where {
		first, s := w.First(), &a.Cells[w.Cell()]
		for i, area := range a.Fours[k] {
			if area == 0 {
				break
			}
			word, bit := (first+i)/64, (first+i)%64
			s[0] += uint64(area) * (a.A[word] >> bit & 1)
			s[1] += uint64(area) * (a.B[word] >> bit & 1)
		}
	}
}

func (a *Areas) addFew() {
	for k, of := range [2]*[words]uint64{&a.A, &a.B} {
		for i, word := range of[:(a.N+63)/64] {
			for ; word != 0; word &= word - 1 {
				s := &a.Seen[i*64+bits.TrailingZeros64(word)]
				a.Cells[s.Cell][k] += uint64(s.Area)
			}
		}
	}
}

func (w *Windows) spread() {
	for i := range w.Sums {
		var s Sum
		for _, r := range w.Runs[w.First[i]:w.First[i+1]] {
			a, b := &w.Before[r.From], &w.Before[r.To]
			s[0] += b[0] - a[0]
			s[1] += b[1] - a[1]
		}
		w.Sums[i] = s
	}
}

func (t *Tell) tell() {
	for i := range t.Crowds {
		c, to := &t.Crowds[i], t.Lights[i*32:]
		for k, after := range c.After {
			if after&Then == 0 {
				to[k] = t.Cells[int(c.First[k/16])+int(after)]
			} else {
				to[k] = t.Cells[int(c.Second[k/16])+int(after&^Then)]
			}
		}
	}
}

func (m *Mix) mix() {
	for light := range m.N {
		m.One(light, m.Run)
	}
}

// One works out one light of so many pixels.
func (m *Mix) One(light, pixels int) {
	f0, f1, f2, f3 := m.Full[0][0], m.Full[1][0], m.Full[2][0], m.Full[3][0]
	from := light * m.Run
	var y, r, g, b float32
	for i := from; i < from+pixels; i++ {
		x, h, z := m.R[i], m.G[i], m.B[i]
		r, g, b = r+x, g+h, b+z
		if m.White != 0 {
			white := min(x, h, z)
			y += float32(f3 * white)
			x, h, z = x-white, h-white, z-white
		}
		l := float32(f0*x) + float32(f1*h)
		y += l + float32(f2*z)
	}
	if n := float32(pixels); pixels > 1 {
		y, r, g, b = y/n, r/n, g/n, b/n
	}
	m.Mixed[0][light], m.Mixed[1][light], m.Mixed[2][light], m.Mixed[3][light] = r, g, b, y
}
