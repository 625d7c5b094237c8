// Package fieldtest holds a shipped field a second time, written by hand in
// Go as a careful programmer would write it, point by point. It is what the
// compiled field is measured against: its light, and its speed. No frame is
// made with it.
//
// The one idea: the same operations in the same order. forest-canopy.kage
// adds, multiplies, divides, takes square roots and nothing else, so the two
// agree to the bit; products are rounded explicitly (float32(a*b)), which
// keeps a compiler from fusing them on processors that could.
package fieldtest

import "math"

// MaxCells is the length of the arrays of cells that a field reads.
const MaxCells = 8

// CanopyUniforms is what forest-canopy.kage reads that is the same at every
// point; shaders/README.md says what each means.
type CanopyUniforms struct {
	Time       float32
	CellCount  int
	CellPlace  [MaxCells][4]float32 // x, y, z, radius; metres
	CellAffect [MaxCells][4]float32 // valence, arousal, confidence, presence
	CellPulse  [MaxCells][4]float32 // heart phase, beat, breath phase, 0
	Whole      [3][4]float32

	Swell, Glint, Wake, Fireflies float32
}

// Values gives each uniform under the name and in the shape that
// Ebitengine's DrawTrianglesShaderOptions.Uniforms takes it.
func (u *CanopyUniforms) Values() map[string]any {
	flat := func(v [][4]float32) []float32 {
		var out []float32
		for i := range v {
			out = append(out, v[i][:]...)
		}
		return out
	}
	return map[string]any{
		"Time": u.Time, "CellCount": u.CellCount,
		"CellPlace": flat(u.CellPlace[:]), "CellAffect": flat(u.CellAffect[:]),
		"CellPulse": flat(u.CellPulse[:]), "Whole": flat(u.Whole[:]),
		"Swell": u.Swell, "Glint": u.Glint, "Wake": u.Wake, "Fireflies": u.Fireflies,
	}
}

// CanopyPoint is what the field reads of one pixel beside its place: x of its
// life (a firefly's flash, 0…1), and x and y of pixel (along its fixture, and
// its random, 0…1). The zero value is a place where there is no pixel.
type CanopyPoint struct{ Flash, Along, Random float32 }

// ForestCanopy is the light of forest-canopy.kage at a place, in metres:
// linear, 0…1, and its coverage. It may be called by any number of goroutines.
func ForestCanopy(u *CanopyUniforms, x, y, z float32, px CanopyPoint) (r, g, b, a float32) {
	t := u.Time
	bend := noise(float32(x*0.29)+float32(t*0.021), float32(y*0.29)+float32(-t*0.035), float32(z*0.29)+float32(t*0.016)) - 0.5
	qx := float32(x*0.55) + float32(2.6*bend) + float32(-t*0.03)
	qy := float32(y*0.55) + float32(-1.9*bend) + float32(-t*0.05)
	qz := float32(z*0.55) + float32(2.2*bend) + float32(t*0.02)
	veil := float32(0.56*noise(qx, qy, qz)) +
		float32(0.3*noise(qx*2.03, qy*2.03, qz*2.03)) +
		float32(0.14*noise(qx*4.11, qy*4.11, qz*4.11))

	var calling, arousal, valence, ring float32
	away := float32(40)
	for i := range u.CellCount {
		place, affect := &u.CellPlace[i], &u.CellAffect[i]
		dx, dy, dz := x-place[0], y-place[1], z-place[2]
		d := sqrt(float32(dx*dx) + float32(dy*dy) + float32(dz*dz))
		rad := place[3]
		here := affect[3] / (1 + float32(d*d)/float32(float32(3.5*rad)*rad))
		calling += here
		arousal += float32(here * affect[1])
		valence += float32(here * affect[0])
		ring += float32(here * beat(u.CellPulse[i][0]-float32((d+float32(2.2*bend))*0.3)))
		away = min(away, d)
	}
	calling = min(calling, 1)

	unity, split := u.Whole[1][0], u.Whole[1][1]
	side := smoothstep(-0.05, 0.05, bend)
	gap := smoothstep(0, 0.1, abs(bend))
	swell := wave(u.Swell - float32(away*(0.075-float32(0.06*unity))) + float32(bend*(0.9-float32(0.7*unity))) + float32(float32(0.5*split)*side))
	torn := 1 - float32(split*(1-gap))

	awake := float32(u.Wake*(0.3+float32(0.7*calling))) + float32(float32(0.4*calling)*max(arousal, -0.6))
	dense := smoothstep(0.52-float32(0.1*awake), 0.86-float32(0.08*awake), veil+float32(0.16*swell))
	foliage := 0.3 + float32(0.7*px.Along)
	body := float32(dense*torn) * (0.1 + float32(float32(0.9*swell)*swell))
	body = body * (0.07 + float32(1.2*awake)) * foliage

	pace := 1 + floor(3*fract(px.Random*57.31))
	lone := max(1-float32(9*abs(fract(float32(u.Glint*pace)+float32(px.Random*13.7))-0.5)), 0)
	together := wave(float32(u.Glint*2) - float32(away*0.09) + float32(px.Random*0.15))
	glint := mix(lone*lone, together*together*0.5, unity)
	glint = glint * (0.12 + float32(0.88*dense)) * torn * (0.15 + float32(1.7*awake)) * smoothstep(0.68, 1, px.Random)

	hue := float32(float32(0.9*dense)*swell) + float32(0.5*(veil-0.5)) + float32(0.22*valence) + float32(0.12*arousal) + float32(float32(split*(side-0.5))*0.7)
	k := smoothstep(0.05, 0.6, hue)
	r, g, b = mix(0.006, 0.004, k), mix(0.06, 0.32, k), mix(0.75, 0.95, k)
	k = smoothstep(0.5, 1, hue)
	r, g, b = mix(r, 0.012, k), mix(g, 0.8, k), mix(b, 0.62, k)
	k = smoothstep(0.9, 1.35, hue)
	r, g, b = mix(r, 0.05, k), mix(g, 0.95, k), mix(b, 0.22, k)

	pulse := float32(ring*(0.06+float32(0.5*dense))) * foliage * torn
	flash := px.Flash * u.Fireflies
	r = float32(r*body) + float32(0.01*pulse) + float32(0.1*glint) + float32(0.33*flash)
	g = float32(g*body) + float32(0.4*pulse) + float32(0.8*glint) + float32(0.95*flash)
	b = float32(b*body) + float32(0.9*pulse) + float32(0.9*glint) + float32(0.02*flash)
	r, g, b = min(r, 1), min(g, 1), min(b, 1)
	return r, g, b, max(r, g, b)
}

// noise is smooth value noise, 0…1, on the lattice of whole numbers.
func noise(x, y, z float32) float32 {
	fx, fy, fz := floor(x), floor(y), floor(z)
	ux, uy, uz := x-fx, y-fy, z-fz
	wx := float32(ux*ux) * (3 - float32(2*ux))
	wy := float32(uy*uy) * (3 - float32(2*uy))
	wz := float32(uz*uz) * (3 - float32(2*uz))
	const mx, my, mz = 0x1B873593, 0x27D4EB2D, 0x165667B1
	x0, y0, z0 := int32(fx)*mx, int32(fy)*my, int32(fz)*mz
	x1, y1, z1 := x0+mx, y0+my, z0+mz
	low := mix(mix(corner(x0^y0^z0), corner(x1^y0^z0), wx), mix(corner(x0^y1^z0), corner(x1^y1^z0), wx), wy)
	high := mix(mix(corner(x0^y0^z1), corner(x1^y0^z1), wx), mix(corner(x0^y1^z1), corner(x1^y1^z1), wx), wy)
	return mix(low, high, wz)
}

// corner hashes a corner of the lattice to 0…1.
func corner(h int32) float32 {
	m := (h ^ h>>15) * 0x2C1B3C6D
	return float32((m^m>>12)&0xFFFF) * (1.0 / 65535)
}

// wave is a smooth wave of period 1: 1 at 0, 0 at a half.
func wave(x float32) float32 {
	t := abs(float32(2*fract(x)) - 1)
	return float32(t*t) * (3 - float32(2*t))
}

// beat is a heart's two sounds, of period 1.
func beat(x float32) float32 {
	a, b := fract(x), fract(x-0.27)
	k := float32((1 - a) * (1 - a))
	m := float32((1 - b) * (1 - b))
	return float32(k*k*k*min(a*12, 1)) + float32(0.4*float32(m*m*m*min(b*12, 1)))
}

func mix(a, b, t float32) float32 { return float32(a*(1-t)) + float32(b*t) }

func smoothstep(low, high, x float32) float32 {
	t := min(max((x-low)/(high-low), 0), 1)
	return float32(t*t) * (3 - float32(2*t))
}

// floor is exact within the range of an int32, far beyond any lattice here.
func floor(x float32) float32 {
	f := float32(int32(x))
	if f > x {
		f--
	}
	return f
}

func fract(x float32) float32 { return x - floor(x) }

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
