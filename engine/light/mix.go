package light

import "noctiluca/shaders/kage/block/scalar"

// Picture is light with its coverage, a value a pixel, premultiplied. It is
// what a scene and a channel of the mixer are before they meet.
type Picture struct{ R, G, B, A []float32 }

// NewPicture makes a dark one that covers nothing.
func NewPicture(pixels int) Picture {
	v := make([]float32, 4*pixels)
	return Picture{v[:pixels:pixels], v[pixels : 2*pixels : 2*pixels], v[2*pixels : 3*pixels : 3*pixels], v[3*pixels:]}
}

// Clear makes it dark, and cover nothing.
func (p Picture) Clear() {
	clear(p.R)
	clear(p.G)
	clear(p.B)
	clear(p.A)
}

// Cover adds the layer's coverage to that of the pixels: what is covered by
// either, 1 − (1 − a)(1 − b).
func (l *Layer) Cover(a []float32, pixels []int32) {
	for i, p := range pixels {
		la := unit(float32(finite(l.A[i]) * l.Level))
		a[p] = la + float32(a[p]*(1-la))
	}
}

// Add adds k times the pixels lo…hi of a picture.
func (p Picture) Add(of Picture, k float32, lo, hi int) {
	for i := lo; i < hi; i++ {
		p.R[i] += float32(of.R[i] * k)
		p.G[i] += float32(of.G[i] * k)
		p.B[i] += float32(of.B[i] * k)
		p.A[i] += float32(of.A[i] * k)
	}
}

// Meeting says how a channel meets what lies under it: how much of each mode
// of Meetings, the sum being 1, so that a change of mode can be faded.
type Meeting [6]float32

// The modes of a channel, in the order of show.Blends. Mask lets what lies
// under it through as far as it shines itself: d × ((1 − level) + Y), Y being
// its luminance, level already in it.
const (
	MeetNormal = iota
	MeetAdd
	MeetMultiply
	MeetScreen
	MeetLighten
	MeetMask
)

// modes are the layers' modes that the first five of a channel are.
var modes = [5]Blend{Normal, Add, Multiply, Screen, Lighten}

// Luminance of linear light with the primaries of ITU-R BT.709 (item 3.2).
const (
	lumaR = 0.2126
	lumaG = 0.7152
	lumaB = 0.0722
)

func luma(r, g, b float32) float32 {
	return (float32(lumaR*r) + float32(lumaG*g)) + float32(lumaB*b)
}

// Meet lays the pixels lo…hi of a channel's picture on what is there. mask
// scales the level of each pixel; nil is 1 everywhere.
func (m *Meeting) Meet(r, g, b []float32, c Picture, level float32, mask []float32, lo, hi int) {
	only := -1
	for k, w := range m {
		if w == 1 {
			only = k
		}
	}
	for i := lo; i < hi; i++ {
		k := level
		if mask != nil {
			k = float32(k * mask[i])
		}
		if k == 0 {
			continue
		}
		sr, sg, sb, sa := float32(c.R[i]*k), float32(c.G[i]*k), float32(c.B[i]*k), float32(c.A[i]*k)
		if only >= 0 {
			r[i], g[i], b[i] = meet(only, r[i], g[i], b[i], sr, sg, sb, sa, k)
			continue
		}
		var or, og, ob float32
		for mode, w := range m {
			if w > 0 {
				x, y, z := meet(mode, r[i], g[i], b[i], sr, sg, sb, sa, k)
				or += float32(w * x)
				og += float32(w * y)
				ob += float32(w * z)
			}
		}
		r[i], g[i], b[i] = or, og, ob
	}
}

func meet(mode int, dr, dg, db, sr, sg, sb, sa, k float32) (r, g, b float32) {
	if mode == MeetMask {
		through := (1 - k) + unit(luma(sr, sg, sb))
		return float32(dr * through), float32(dg * through), float32(db * through)
	}
	m := modes[mode]
	return m.mix(dr, sr, sa), m.mix(dg, sg, sa), m.mix(db, sb, sa)
}

// Grade is what a master does to light, pixel by pixel.
type Grade struct {
	matrix  [9]float32
	turns   bool
	gain    float32
	sparkle float32
}

// NewGrade makes a grade: hue in turns, saturation 0…1, gain and sparkle 0…1.
// Hue is turned about grey with luminance kept: the matrix of SVG's hueRotate
// (Filter Effects Level 1, 9.4) with BT.709's weights, on linear light.
func NewGrade(hue, saturation, gain, sparkle float32) Grade {
	g := Grade{gain: gain, sparkle: sparkle, turns: hue != 0 || saturation != 1}
	if !g.turns {
		return g
	}
	const turn = 6.2831855
	c, s := scalar.Cos(float32(hue*turn)), scalar.Sin(float32(hue*turn))
	luma := [3]float32{lumaR, lumaG, lumaB}
	// For output row and input column: L + cos(I − L) + sin·S.
	sines := [9]float32{-lumaR, -lumaG, 1 - lumaB, 0.143, 0.140, -0.283, -(1 - lumaR), lumaG, lumaB}
	for row := range 3 {
		for col := range 3 {
			one := float32(0)
			if row == col {
				one = 1
			}
			v := luma[col] + float32(c*(one-luma[col]))
			v += float32(s * sines[3*row+col])
			// Towards grey by what saturation is short of 1.
			g.matrix[3*row+col] = luma[col] + float32(saturation*(v-luma[col]))
		}
	}
	return g
}

// Apply grades the pixels lo…hi. seconds is the time, for the sparkle.
func (g *Grade) Apply(r, gr, b []float32, seconds float64, lo, hi int) {
	m := &g.matrix
	for i := lo; i < hi; i++ {
		x, y, z := r[i], gr[i], b[i]
		if g.turns {
			x, y, z = max((float32(m[0]*x)+float32(m[1]*y))+float32(m[2]*z), 0),
				max((float32(m[3]*x)+float32(m[4]*y))+float32(m[5]*z), 0),
				max((float32(m[6]*x)+float32(m[7]*y))+float32(m[8]*z), 0)
		}
		k := g.gain
		if g.sparkle > 0 {
			k = float32(k * (1 + float32(g.sparkle*Sparkle(i, seconds))))
		}
		r[i], gr[i], b[i] = float32(x*k), float32(y*k), float32(z*k)
	}
}

// The sparkle of a pixel: at most once in its own period of 2.5…5 s it swells
// and falls within sparkleSeconds, to sparkleMost more than it is. Each pixel
// has its own time, so the whole does not pulse, and none comes near the three
// flashes a second of WCAG 2.3.1.
const (
	sparkleSeconds = 0.9
	sparkleMost    = 3
	sparkleShare   = 0.4 // of the periods
)

// Sparkle is how much more than it is a pixel shines at a time, 0…sparkleMost.
func Sparkle(pixel int, seconds float64) float32 {
	h := scramble(uint64(pixel) + 0x9E3779B97F4A7C15)
	period := 2.5 + float64(float64(h&0xFFFF)*(2.5/65536))
	at := seconds/period + float64(float64(h>>16&0xFFFF)*(1.0/65536))
	cycle := float64(int64(at))
	if float64(scramble(h^uint64(int64(cycle)))>>40)/(1<<24) >= sparkleShare {
		return 0
	}
	x := float32(float64((at-cycle)*period) / sparkleSeconds)
	if x >= 1 {
		return 0
	}
	bump := float32(x * (1 - x))
	return float32(sparkleMost * float32(16*float32(bump*bump)))
}

// scramble is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
