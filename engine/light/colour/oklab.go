package colour

// Lab is OkLab (Björn Ottosson, A perceptual color space for image
// processing, 2020, with the matrices of CSS Color 4 for XYZ D65): lightness
// 0…1 of a white of luminance 1, and two opponent axes.
type Lab struct{ L, A, B float64 }

// ok takes XYZ (D65, white Y = 1) to cone responses, okBack is its inverse;
// lab and labBack are those of OkLab. CSS Color Module Level 4, sample code.
var (
	ok = matrix{
		{0.8190224379967030, 0.3619062600528904, -0.1288737815209879},
		{0.0329836539323885, 0.9292868615863434, 0.0361446663506424},
		{0.0481771893596242, 0.2642395317527308, 0.6335478284694309},
	}
	lab = matrix{
		{0.2104542683093140, 0.7936177747023054, -0.0040720430116193},
		{1.9779985324311684, -2.4285922420485799, 0.4505937096174110},
		{0.0259040424655478, 0.7827717124575296, -0.8086757549230774},
	}
	okBack, labBack = ok.inverse(), lab.inverse()
)

// OkLab converts from XYZ with a white of D65 and luminance 1.
func (c XYZ) OkLab() Lab {
	lms := ok.times(c)
	for i := range lms {
		lms[i] = cbrt(lms[i])
	}
	v := lab.times(lms)
	return Lab{v[0], v[1], v[2]}
}

// XYZ converts back.
func (l Lab) XYZ() XYZ {
	lms := labBack.times(XYZ{l.L, l.A, l.B})
	for i, v := range lms {
		lms[i] = float64(float64(v*v) * v)
	}
	return okBack.times(lms)
}

// Chroma is the distance from grey.
func (l Lab) Chroma() float64 { return sqrt(float64(l.A*l.A) + float64(l.B*l.B)) }

// Distance is ΔE OK, the Euclidean distance; about 0.02 is just noticed.
func (l Lab) Distance(m Lab) float64 {
	dl, da, db := l.L-m.L, l.A-m.A, l.B-m.B
	return sqrt(float64(dl*dl) + float64(da*da) + float64(db*db))
}

// withChroma keeps lightness and hue.
func (l Lab) withChroma(k float64) Lab { return Lab{l.L, float64(l.A * k), float64(l.B * k)} }

// Gamut is what a set of emitters can make.
type Gamut interface {
	// Contains says whether a colour lies within.
	Contains(XYZ) bool
	// Clip gives the colour with each emitter's amount put into its range.
	Clip(XYZ) XYZ
}

// just is ΔE OK of a just noticeable difference, and close where the search
// for a chroma ends: CSS Color 4, section 13.2.
const just, close = 0.02, 0.0001

// Map brings a colour into a gamut as CSS Color Module Level 4 does (binary
// search with local MINDE): lightness and hue are kept, chroma is given up,
// until clipping what is left makes no noticeable difference. XYZ is that of
// D65 with white at 1.
func Map(c XYZ, g Gamut) XYZ {
	origin := c.OkLab()
	switch {
	case origin.L >= 1:
		return g.Clip(XYZ{0.9504559270516716, 1, 1.0890577507598784})
	case origin.L <= 0:
		return XYZ{}
	case g.Contains(c):
		return c
	}
	clipped := g.Clip(c)
	if clipped.OkLab().Distance(origin) < just {
		return clipped
	}
	lo, hi, inside := 0.0, 1.0, true
	chroma := origin.Chroma()
	for float64((hi-lo)*chroma) > close {
		k := (lo + hi) / 2
		now := origin.withChroma(k)
		x := now.XYZ()
		if inside && g.Contains(x) {
			lo = k
			continue
		}
		clipped = g.Clip(x)
		e := clipped.OkLab().Distance(now)
		if e >= just {
			hi = k
			continue
		}
		if just-e < close {
			return clipped
		}
		inside, lo = false, k
	}
	return clipped
}

// matrix is by rows.
type matrix [3]XYZ

func (m matrix) times(v XYZ) XYZ {
	var out XYZ
	for i := range m {
		out[i] = float64(m[i][0]*v[0]) + float64(m[i][1]*v[1]) + float64(m[i][2]*v[2])
	}
	return out
}

// columns makes a matrix of three columns.
func columns(a, b, c XYZ) matrix {
	return matrix{{a[0], b[0], c[0]}, {a[1], b[1], c[1]}, {a[2], b[2], c[2]}}
}

func (m matrix) cofactor(i, j int) float64 {
	a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
	return float64(m[a][c]*m[b][d]) - float64(m[a][d]*m[b][c])
}

func (m matrix) determinant() float64 {
	return float64(m[0][0]*m.cofactor(0, 0)) + float64(m[0][1]*m.cofactor(0, 1)) + float64(m[0][2]*m.cofactor(0, 2))
}

// inverse of a matrix that has one.
func (m matrix) inverse() matrix {
	d := m.determinant()
	var out matrix
	for i := range out {
		for j := range out[i] {
			out[i][j] = m.cofactor(j, i) / d
		}
	}
	return out
}
