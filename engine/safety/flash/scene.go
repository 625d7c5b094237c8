package flash

import (
	"cmp"
	"math"
	"slices"

	"noctiluca/engine/safety/flash/lane"
	"noctiluca/shaders/kage/block/scalar"
)

// Scene is the geometry that flashes are judged by.
type Scene struct {
	Stretches []Stretch // in order of First, without overlap
	Places    []Place
	Surround  Surround
}

// Stretch is a run of pixels of one fixture: one kind of LED at one pitch.
type Stretch struct {
	First, Count int
	// Full is the luminance of one light at full of R, G, B and W, cd/m².
	Full [4]float32
	// White: the LED has a white emitter, which takes what R, G and B share.
	White bool
	// Area is what one pixel's light fills, m².
	Area float64
	// Run is how many consecutive pixels are one light: over 1 where their
	// squares are under 0.1° even from the nearest place (the exemption for
	// fine, balanced patterns in WCAG's thresholds). 0 counts as 1.
	Run int
	// Steps are the light of one component that can be sent, where it is told
	// in so few steps that it matters. What the analyser is given is to be such
	// light. nil: any can be.
	Steps *lane.Steps
	// X, Y, Z are the pixels' positions, metres, Count each.
	X, Y, Z []float32
}

func (s *Stretch) run() int { return max(s.Run, 1) }

// mixed says that a light's luminance is no sum of one pixel's R, G and B.
func (s *Stretch) mixed() bool { return s.run() > 1 || s.White }

func (s *Stretch) lights() int { return (s.Count + s.run() - 1) / s.run() }

// Place is where somebody stands and looks around.
type Place struct {
	Name string
	At   [3]float32
	// Near is the least distance to a light that is reckoned with, m.
	Near float32
}

// Surround is what the light falls on: walls, ground, fog, trees.
type Surround struct {
	Area        float64 // m²; 0: there is none
	Reflectance float64 // diffuse, 0…1, under 1
}

// luminance is what one lumen gives, cd/m²: an integrating box of that area
// and reflectance, whose mean illuminance with all reflections is
// Φ/(A(1−ρ)), and whose luminance is ρE/π.
func (s Surround) luminance() float64 {
	if !(s.Area > 0) {
		return 0
	}
	return s.Reflectance / (math.Pi * s.Area * (1 - s.Reflectance))
}

// Solid angles are whole numbers of 10 nsr, so that sums are exact.
const perSteradian = 1e8

// The grid of directions: cells of 1.25°, which a light belongs to one of,
// and windows of 10°, and as much more as a cell's half diagonal, whose
// centres are 2.5° apart. Judge and limiter have the same ones: the limiter's
// promise is exact for each.
const (
	cellSize     = 1.25
	windowSize   = 2.5
	windowRadius = 5 + cellSize*0.7072
)

// view is a place's directions: who lies where.
type view struct {
	lights  []lane.Seen
	total   []int64 // of each cell
	windows [][]int32
	cells   [][]int32  // of each window
	runs    []lane.Run // of cells that follow each other, of each window
	runsOf  []int32    // where each window's begin
	pairs   int        // of a cell and a window that it lies in
	fours   []fours    // of each part
	crowds  []crowds   // of each part
}

func newView(s *Scene, p Place, lights int, parts []part) *view {
	v := &view{lights: make([]lane.Seen, 0, lights)}
	near := float64(p.Near)
	if !(near > 0) {
		near = 0.1
	}
	known := map[[2]int]int32{}
	var at [][2]int
	for i := range s.Stretches {
		st := &s.Stretches[i]
		for k := 0; k < st.Count; k += st.run() {
			x, y, z := float64(st.X[k])-float64(p.At[0]), float64(st.Y[k])-float64(p.At[1]), float64(st.Z[k])-float64(p.At[2])
			flat := float64(x*x) + float64(z*z)
			d2 := max(flat+float64(y*y), float64(near*near))
			n := min(st.run(), st.Count-k)
			omega := float64(st.Area*float64(n)) / d2
			area := int32(min(float64(omega*perSteradian), 2e8)) + 1
			az := float64(scalar.Atan2(float32(x), float32(-z))) * 180 / math.Pi
			el := float64(scalar.Atan2(float32(y), float32(math.Sqrt(flat)))) * 180 / math.Pi
			key := gridAt(az, el, cellSize)
			c, ok := known[key]
			if !ok {
				c = int32(len(at))
				known[key] = c
				at = append(at, key)
				v.total = append(v.total, 0)
			}
			v.lights = append(v.lights, lane.Seen{Cell: c, Area: area})
			v.total[c] += int64(area)
		}
	}
	at = v.sort(at)
	v.window(at)
	for _, cells := range v.cells {
		v.runsOf = append(v.runsOf, int32(len(v.runs)))
		v.pairs += len(cells)
		for i, c := range cells { // they are in order
			if i > 0 && cells[i-1] == c-1 {
				v.runs[len(v.runs)-1].To++
			} else {
				v.runs = append(v.runs, lane.Run{From: c, To: c + 1})
			}
		}
	}
	v.runsOf = append(v.runsOf, int32(len(v.runs)))
	for i := range parts {
		v.fours = append(v.fours, v.four(&parts[i]))
		v.crowds = append(v.crowds, v.crowd(&parts[i]))
	}
	return v
}

// sort numbers the cells anew, row by row, and gives their places so.
func (v *view) sort(at [][2]int) [][2]int {
	order := make([]int32, len(at))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(at[i][0], at[j][0]), cmp.Compare(at[i][1], at[j][1]))
	})
	number, sorted, total := make([]int32, len(at)), make([][2]int, len(at)), make([]int64, len(at))
	for i, c := range order {
		number[c], sorted[i], total[i] = int32(i), at[c], v.total[c]
	}
	for i := range v.lights {
		v.lights[i].Cell = number[v.lights[i].Cell]
	}
	v.total = total
	return sorted
}

// gridAt is the row and column of a direction on a grid whose squares are
// size degrees: rows by elevation, columns by azimuth, fewer towards the poles.
func gridAt(az, el, size float64) [2]int {
	rows := int(180 / size)
	row := min(int((el+90)/size), rows-1)
	n := columns(row, size)
	return [2]int{row, min(int((az+180)/360*float64(n)), n-1)}
}

func columns(row int, size float64) int {
	el := (float64(row)+0.5)*size - 90
	return max(1, int(float64(360/size*float64(scalar.Cos(float32(el*math.Pi/180))))+0.5))
}

// centre is a square's direction, a unit vector.
func centre(at [2]int, size float64) [3]float64 {
	el := ((float64(at[0])+0.5)*size - 90) * math.Pi / 180
	az := (float64(float64(float64(at[1])+0.5)/float64(columns(at[0], size))*360) - 180) * math.Pi / 180
	ce := float64(scalar.Cos(float32(el)))
	return [3]float64{float64(ce * float64(scalar.Sin(float32(az)))), float64(scalar.Sin(float32(el))), float64(ce * float64(scalar.Cos(float32(az))))}
}

// window finds for each cell the windows it lies in.
func (v *view) window(at [][2]int) {
	known := map[[2]int]int32{}
	least := float64(scalar.Cos(float32(windowRadius * math.Pi / 180)))
	rows := int(180 / windowSize)
	v.windows = make([][]int32, len(at))
	for c, cell := range at {
		to := centre(cell, cellSize)
		mid := int(float64((float64(cell[0])+0.5)*cellSize) / windowSize)
		const reach = 5 // rows of windows that can be within the radius
		for row := max(mid-reach, 0); row <= min(mid+reach, rows-1); row++ {
			n := columns(row, windowSize)
			middle := int((float64(cell[1]) + 0.5) / float64(columns(cell[0], cellSize)) * float64(n))
			wide := n // near a pole all of the row may be close
			if n > 24 {
				wide = min(n, int(reach*float64(columns(rows/2, windowSize))/float64(n))*2+3)
			}
			for k := range wide {
				col := ((middle-wide/2+k)%n + n) % n
				w := centre([2]int{row, col}, windowSize)
				if float64(w[0]*to[0])+float64(w[1]*to[1])+float64(w[2]*to[2]) < least {
					continue
				}
				key := [2]int{row, col}
				id, ok := known[key]
				if !ok {
					id = int32(len(v.cells))
					known[key] = id
					v.cells = append(v.cells, nil)
				}
				v.windows[c] = append(v.windows[c], id)
				v.cells[id] = append(v.cells[id], int32(c))
			}
		}
	}
}

// RunFor gives how many neighbouring pixels at a pitch, in metres, are one
// light to somebody at a distance: as many as lie within 0.1°.
func RunFor(pitch, distance float64) int {
	const tenth = 0.1 * math.Pi / 180
	if !(pitch > 0) {
		return 1
	}
	return max(1, int(float64(distance*tenth)/pitch+1))
}
