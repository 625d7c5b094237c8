package dusk

import "noctiluca/devices/screen/camera"

// Air is the light that arrives at each point of a box of air, from all LEDs.
//
// A light's strength is spread over grids of doubling cells, each weighed by
// a quarter (and a bit less, for haze) of the one before: at the distance of a
// cell of each grid that is the inverse square.
type Air struct {
	origin camera.Vec
	cell   float32
	levels []volume
	splats []splat
}

// volume is one grid; light is nx·ny·nz cells of R G B.
type volume struct {
	nx, ny, nz  int
	light, temp []float32
}

// splat is where an LED lies in the finest grid: its cell and how far in it.
type splat struct {
	at      int32
	x, y, z float32
}

// haze is the weight of each grid beside the finer one before it.
const haze = 0.16

// NewAir prepares the air of a box, with cells of the given size, metres, for
// LEDs at x, y, z. LEDs outside the box count at its edge.
func NewAir(lo, hi camera.Vec, cell float32, x, y, z []float32) *Air {
	a := &Air{origin: lo, cell: cell}
	n := [3]int{}
	for i := range n {
		n[i] = min(max(int((hi[i]-lo[i])/cell)+2, 3), 96)
	}
	for {
		size := 3 * n[0] * n[1] * n[2]
		a.levels = append(a.levels, volume{n[0], n[1], n[2], make([]float32, size), make([]float32, size)})
		if len(a.levels) == 6 || max(n[0], n[1], n[2]) <= 3 {
			break
		}
		for i := range n {
			n[i] = max((n[i]+1)/2+1, 2)
		}
	}
	v := &a.levels[0]
	for i := range x {
		s := splat{}
		fx, ix := into((x[i]-lo[0])/cell, v.nx)
		fy, iy := into((y[i]-lo[1])/cell, v.ny)
		fz, iz := into((z[i]-lo[2])/cell, v.nz)
		s.x, s.y, s.z, s.at = fx, fy, fz, int32(3*((iz*v.ny+iy)*v.nx+ix))
		a.splats = append(a.splats, s)
	}
	return a
}

// into splits a place on a grid of n points into its cell and the way in it.
func into(p float32, n int) (float32, int) {
	p = min(max(p, 0), float32(n)-1.001)
	i := int(p)
	return p - float32(i), i
}

// Fill takes the light of all LEDs, a value each of linear light.
func (a *Air) Fill(r, g, b []float32) {
	v := &a.levels[0]
	clear(v.light)
	row, slab := 3*v.nx, 3*v.nx*v.ny
	for i := range a.splats {
		if r[i]+g[i]+b[i] < 1e-4 {
			continue
		}
		s := &a.splats[i]
		at := int(s.at)
		for _, z := range [2]float32{1 - s.z, s.z} {
			put(v.light[at:at+6], r[i], g[i], b[i], z*(1-s.y), s.x)
			put(v.light[at+row:at+row+6], r[i], g[i], b[i], z*s.y, s.x)
			at += slab
		}
	}
	for k := 1; k < len(a.levels); k++ {
		a.levels[k].gather(&a.levels[k-1])
	}
	for k := len(a.levels) - 1; k >= 0; k-- {
		a.levels[k].blur()
		if k < len(a.levels)-1 {
			a.levels[k].add(&a.levels[k+1], haze)
		}
	}
}

// put adds light to two neighbours along x.
func put(to []float32, r, g, b, k, x float32) {
	k0, k1 := k*(1-x), k*x
	_ = to[5]
	to[0] += k0 * r
	to[1] += k0 * g
	to[2] += k0 * b
	to[3] += k1 * r
	to[4] += k1 * g
	to[5] += k1 * b
}

// gather sums the cells of a finer grid into this one. Grid points of even
// number in the finer grid are points of this one; the others go half and half.
func (v *volume) gather(from *volume) {
	clear(v.light)
	for z := range from.nz {
		for y := range from.ny {
			src := from.light[3*(z*from.ny+y)*from.nx:][:3*from.nx]
			for dz := z / 2; dz <= (z+1)/2; dz++ {
				for dy := y / 2; dy <= (y+1)/2; dy++ {
					k := float32(1)
					if z&1 == 1 {
						k *= 0.5
					}
					if y&1 == 1 {
						k *= 0.5
					}
					dst := v.light[3*(dz*v.ny+dy)*v.nx:][:3*v.nx]
					for x := range from.nx {
						r, g, b := src[3*x], src[3*x+1], src[3*x+2]
						if r+g+b == 0 {
							continue
						}
						if x&1 == 0 {
							d := dst[3*(x/2):]
							d[0] += k * r
							d[1] += k * g
							d[2] += k * b
						} else {
							put(dst[3*(x/2):], r, g, b, k, 0.5)
						}
					}
				}
			}
		}
	}
}

// blur smooths by 1 2 1 along each axis, keeping the sum but at the edges.
func (v *volume) blur() {
	v.pass(v.temp, v.light, 3, v.nx, v.ny*v.nz, 3*v.nx, 1, 0)
	v.pass(v.light, v.temp, 3*v.nx, v.ny, v.nx, 3, v.nz, 3*v.nx*v.ny)
	v.pass(v.temp, v.light, 3*v.nx*v.ny, v.nz, v.nx*v.ny, 3, 1, 0)
	v.light, v.temp = v.temp, v.light
}

// pass smooths count lines (and that in outer blocks) of n points each, a step apart.
func (v *volume) pass(dst, src []float32, step, n, lines, between, outer, block int) {
	for o := range outer {
		for l := range lines {
			at := o*block + l*between
			for c := at; c < at+3; c++ {
				before, here := float32(0), src[c]
				for i, j := 0, c; i < n; i++ {
					after := float32(0)
					if i < n-1 {
						after = src[j+step]
					}
					dst[j] = 0.25*before + 0.5*here + 0.25*after
					before, here = here, after
					j += step
				}
			}
		}
	}
}

// add adds a coarser grid, interpolated.
func (v *volume) add(from *volume, k float32) {
	for z := range v.nz {
		for y := range v.ny {
			dst := v.light[3*(z*v.ny+y)*v.nx:][:3*v.nx]
			z0, z1, y0, y1 := z/2, (z+1)/2, y/2, (y+1)/2
			a := from.light[3*(z0*from.ny+y0)*from.nx:]
			b := from.light[3*(z0*from.ny+y1)*from.nx:]
			c := from.light[3*(z1*from.ny+y0)*from.nx:]
			d := from.light[3*(z1*from.ny+y1)*from.nx:]
			q := k / 4
			for x := range v.nx {
				i, j := 3*(x/2), 3*((x+1)/2)
				for n := range 3 {
					sum := a[i+n] + b[i+n] + c[i+n] + d[i+n]
					if j != i {
						sum = 0.5 * (sum + a[j+n] + b[j+n] + c[j+n] + d[j+n])
					}
					dst[3*x+n] += q * sum
				}
			}
		}
	}
}

// At is the light that arrives at a point; outside the box that of its edge.
func (a *Air) At(x, y, z float32) (r, g, b float32) {
	v := &a.levels[0]
	fx, ix := into((x-a.origin[0])/a.cell, v.nx)
	fy, iy := into((y-a.origin[1])/a.cell, v.ny)
	fz, iz := into((z-a.origin[2])/a.cell, v.nz)
	at := 3 * ((iz*v.ny+iy)*v.nx + ix)
	row, slab := 3*v.nx, 3*v.nx*v.ny
	c := v.light[at : at+6 : at+6]
	d := v.light[at+row : at+row+6]
	e := v.light[at+slab : at+slab+6]
	f := v.light[at+slab+row : at+slab+row+6]
	w00, w01 := (1-fz)*(1-fy), (1-fz)*fy
	w10, w11 := fz*(1-fy), fz*fy
	gx := 1 - fx
	r = w00*(gx*c[0]+fx*c[3]) + w01*(gx*d[0]+fx*d[3]) + w10*(gx*e[0]+fx*e[3]) + w11*(gx*f[0]+fx*f[3])
	g = w00*(gx*c[1]+fx*c[4]) + w01*(gx*d[1]+fx*d[4]) + w10*(gx*e[1]+fx*e[4]) + w11*(gx*f[1]+fx*f[4])
	b = w00*(gx*c[2]+fx*c[5]) + w01*(gx*d[2]+fx*d[5]) + w10*(gx*e[2]+fx*e[5]) + w11*(gx*f[2]+fx*f[5])
	return r, g, b
}
