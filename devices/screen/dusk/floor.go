package dusk

import (
	"math"

	"noctiluca/devices/screen/camera"
	"noctiluca/installations"
)

// Floor is the ground: what it is made of, which stays, and the light on it,
// which changes.
type Floor struct {
	Lo, Size      [2]float32 // its corner of least x and z, and its extent, metres
	Y             float32
	Width, Height int // of the light map, along x and z

	// Pixels is the light map, R G B A by Film.
	Pixels []byte
	// Soil is what it is made of, SoilWidth × SoilHeight of R G B A: how
	// bright it is, how much water stands there, how much of the sky it sees
	// (little at the foot of a tree), and how deep the water is.
	Soil                  []byte
	SoilWidth, SoilHeight int

	bed     [][3]float32 // the middle of the stream
	halfBed float32

	low         []splat // LEDs on or just over it; at −1 for the others
	light, temp plane
	frame       uint32
}

// grain is the width of a cell of the light map, soil that of the soil, metres.
const (
	grain = 0.14
	soil  = 0.035
	// lowest is the height under which an LED lights the ground beneath it by
	// itself and not through the air, metres.
	lowest = 0.6
)

// NewFloor prepares the ground of an installation.
func NewFloor(ground installations.Ground, wood *Wood, x, y, z []float32) *Floor {
	f := &Floor{Size: ground.Size, Y: ground.Centre[1]}
	f.Lo = [2]float32{ground.Centre[0] - ground.Size[0]/2, ground.Centre[2] - ground.Size[1]/2}
	f.Width = min(max(int(f.Size[0]/grain), 8), 400)
	f.Height = min(max(int(f.Size[1]/grain), 8), 400)
	f.Pixels = make([]byte, 4*f.Width*f.Height)
	f.light = plane{f.Width, f.Height, make([]float32, 3*f.Width*f.Height), make([]float32, 3*f.Width*f.Height)}
	f.temp = plane{f.Width, f.Height, make([]float32, 3*f.Width*f.Height), make([]float32, 3*f.Width*f.Height)}
	for i := range x {
		s := splat{at: -1}
		if high := y[i] - f.Y; high < lowest {
			u := (x[i]-f.Lo[0])/f.Size[0]*float32(f.Width) - 0.5
			v := (z[i]-f.Lo[1])/f.Size[1]*float32(f.Height) - 0.5
			if u >= 0 && v >= 0 && u < float32(f.Width-1) && v < float32(f.Height-1) {
				var ix, iz int
				s.x, ix = into(u, f.Width)
				s.y, iz = into(v, f.Height)
				s.at = int32(3 * (iz*f.Width + ix))
				s.z = 1 / (1 + 20*max(high, 0)*max(high, 0))
			}
		}
		f.low = append(f.low, s)
	}
	f.bed, f.halfBed = smooth(ground.Stream), ground.Width/2
	f.makeSoil(ground, wood)
	return f
}

// Under says whether a point is in the water of the stream.
func (f *Floor) Under(x, y, z float32) bool {
	return len(f.bed) > 1 && y < f.Y+0.06 && distanceTo(f.bed, x, z) < 1.25*f.halfBed
}

// Banks gives both edges of the stream and beyond, by so many metres, point
// for point; none without a stream.
func (f *Floor) Banks(beyond float32) (left, right []camera.Vec) {
	if f.halfBed <= 0 || len(f.bed) < 2 {
		return nil, nil
	}
	for i, p := range f.bed {
		a, b := camera.Vec(f.bed[max(i-1, 0)]), camera.Vec(f.bed[min(i+1, len(f.bed)-1)])
		d := b.Sub(a).Unit().Times(1.3*f.halfBed + beyond)
		at := camera.Vec{p[0], f.Y, p[2]}
		left = append(left, at.Add(camera.Vec{-d[2], 0, d[0]}))
		right = append(right, at.Add(camera.Vec{d[2], 0, -d[0]}))
	}
	return left, right
}

// Fill lights the ground.
func (f *Floor) Fill(air *Air, r, g, b []float32) {
	f.frame++
	l := f.light.light
	clear(l)
	row := 3 * f.Width
	for i := range f.low {
		s := &f.low[i]
		if s.at < 0 || r[i]+g[i]+b[i] < 1e-4 {
			continue
		}
		at := int(s.at)
		put(l[at:at+6], r[i], g[i], b[i], s.z*(1-s.y), s.x)
		put(l[at+row:at+row+6], r[i], g[i], b[i], s.z*s.y, s.x)
	}
	f.light.blur(1)
	copy(f.temp.light, f.light.light)
	f.temp.blur(1)
	f.temp.blur(1)
	t := f.temp.light
	dx, dz := f.Size[0]/float32(f.Width), f.Size[1]/float32(f.Height)
	for v := range f.Height {
		z := f.Lo[1] + (float32(v)+0.5)*dz
		for u := range f.Width {
			i := v*f.Width + u
			// Light from above, a step up where the grid is not all LEDs.
			ar, ag, ab := air.At(f.Lo[0]+(float32(u)+0.5)*dx, f.Y+0.55, z)
			p, q, o := f.Pixels[4*i:4*i+4], l[3*i:3*i+3], t[3*i:3*i+3]
			d := noise(uint32(i), f.frame)
			p[0] = toByte(Film(0.8*q[0]+3*o[0]+2.2*ar) + d)
			p[1] = toByte(Film(0.8*q[1]+3*o[1]+2.2*ag) + d)
			p[2] = toByte(Film(0.8*q[2]+3*o[2]+2.2*ab) + d)
			p[3] = 255
		}
	}
}

// makeSoil paints leaf litter and moss, the bed of the stream, and the shade
// at the feet of trees.
func (f *Floor) makeSoil(ground installations.Ground, wood *Wood) {
	f.SoilWidth = min(max(int(f.Size[0]/soil), 16), 1024)
	f.SoilHeight = min(max(int(f.Size[1]/soil), 16), 1024)
	f.Soil = make([]byte, 4*f.SoilWidth*f.SoilHeight)
	type foot struct {
		x, z, r float32
	}
	var feet []foot
	for _, n := range wood.Nodes {
		if n.Radius > 0.04 && n.At[1] < f.Y+0.3 {
			feet = append(feet, foot{n.At[0], n.At[2], n.Radius})
		}
	}
	dx, dz := f.Size[0]/float32(f.SoilWidth), f.Size[1]/float32(f.SoilHeight)
	bed := f.bed
	for j := range f.SoilHeight {
		z := f.Lo[1] + (float32(j)+0.5)*dz
		for i := range f.SoilWidth {
			x := f.Lo[0] + (float32(i)+0.5)*dx
			broad := turbulence(x*0.7, z*0.7)
			fine := turbulence(x*6+31, z*6)
			litter := ridge(x*13+7, z*13) * 0.6
			bright := 0.18 + 0.5*broad*broad + 0.5*(fine-0.4) + 0.35*litter*fine
			wet, deep := float32(0), float32(0)
			if ground.Width > 0 && len(bed) > 1 {
				half := ground.Width / 2 * (0.86 + 0.5*(broad-0.5))
				d := distanceTo(bed, x, z) + 0.16*(fine-0.5)
				wet = 1 - step(half*0.92, half*1.08+0.03, d)
				deep = 1 - step(half*0.15, half, d)
				// Stones and wet mud on the bank.
				bank := 1 - step(half, half+0.5, d)
				bright *= 1 - 0.45*bank
				wet = max(wet, 0.22*bank)
			}
			open := float32(1)
			for _, t := range feet {
				d := (x-t.x)*(x-t.x) + (z-t.z)*(z-t.z)
				if reach := 3 * t.r; d < reach*reach {
					open = min(open, 0.25+0.75*d/(reach*reach))
				}
			}
			p := f.Soil[4*(j*f.SoilWidth+i):]
			p[0] = toByte(255 * min(bright, 1))
			p[1] = toByte(255 * wet)
			p[2] = toByte(255 * open)
			p[3] = 255
			_ = deep
		}
	}
}

// smooth rounds a polyline's corners (Chaikin, thrice).
func smooth(line [][3]float32) [][3]float32 {
	for range 3 {
		if len(line) < 3 {
			return line
		}
		next := [][3]float32{line[0]}
		for i := 1; i < len(line); i++ {
			a, b := camera.Vec(line[i-1]), camera.Vec(line[i])
			next = append(next, a.Lerp(b, 0.25), a.Lerp(b, 0.75))
		}
		line = append(next, line[len(line)-1])
	}
	return line
}

// distanceTo is how far (x, z) is from a polyline, metres.
func distanceTo(line [][3]float32, x, z float32) float32 {
	best := float32(math.MaxFloat32)
	for i := 1; i < len(line); i++ {
		ax, az := line[i-1][0], line[i-1][2]
		dx, dz := line[i][0]-ax, line[i][2]-az
		k := float32(0)
		if l := dx*dx + dz*dz; l > 0 {
			k = min(max(((x-ax)*dx+(z-az)*dz)/l, 0), 1)
		}
		ex, ez := x-ax-k*dx, z-az-k*dz
		best = min(best, ex*ex+ez*ez)
	}
	return float32(math.Sqrt(float64(best)))
}

func step(a, b, x float32) float32 {
	t := min(max((x-a)/(b-a), 0), 1)
	return t * t * (3 - 2*t)
}

// turbulence is value noise of three octaves, 0…1.
func turbulence(x, y float32) float32 {
	return 0.55*value(x, y) + 0.3*value(x*2.1+17, y*2.1) + 0.15*value(x*4.3, y*4.3+5)
}

// ridge is 1 along wandering lines and 0 away from them.
func ridge(x, y float32) float32 {
	v := 2*value(x, y) - 1
	return 1 - min(float32(math.Abs(float64(v)))*3, 1)
}

func value(x, y float32) float32 {
	fx, fy := float32(math.Floor(float64(x))), float32(math.Floor(float64(y)))
	ix, iy := uint32(int32(fx)), uint32(int32(fy))
	x, y = step(0, 1, x-fx), step(0, 1, y-fy)
	at := func(x, y uint32) float32 { return hash01(x*0x27D4EB2D ^ y*0x165667B1) }
	a := at(ix, iy) + x*(at(ix+1, iy)-at(ix, iy))
	b := at(ix, iy+1) + x*(at(ix+1, iy+1)-at(ix, iy+1))
	return a + y*(b-a)
}
