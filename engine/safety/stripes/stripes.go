// Package stripes finds regular patterns in what the people in a room see:
// stripes of light and dark, which can harm who is photosensitive even when
// nothing flashes.
//
// The rule is a screen's (ITU-R BT.1702-3, Ofcom's guidance note 2, annex 1,
// and EA's IRIS with its figures): clearly discernible stripes, more than five
// light-dark pairs in any orientation, over a quarter of the view, for half a
// second. In a room the view is what a square of 10°, 20° or 40° takes in,
// anywhere around a viewing place, so that both fine stripes close together
// and broad ones over a whole wall are seen.
//
// It judges and limits nothing: no dimming of single lights makes a pattern
// harmless without being a pattern itself. It is no part of the frame path and
// takes its time, some 10 ms for a few thousand lights: look a few times a
// second.
package stripes

import (
	"math"
	"time"

	"noctiluca/engine/safety/flash"
)

// Rules say what a pattern is.
type Rules struct {
	// Pairs is how many light-dark pairs it takes: 6, more than five.
	Pairs int
	// Share is how much of the view they fill: a quarter.
	Share float64
	// Long is how long they stay: 0.5 s.
	Long time.Duration
	// Change, Dark and Contrast are those of a flash.
	Change, Dark, Contrast float64
}

// Room is what this program judges by.
func Room() Rules {
	f := flash.Room()
	return Rules{Pairs: 6, Share: 0.25, Long: time.Second / 2, Change: float64(f.Change), Dark: float64(f.Dark), Contrast: float64(f.Contrast)}
}

// Pattern is one that was found.
type Pattern struct {
	Pairs int           // light-dark pairs; 0: there is none
	Size  float64       // degrees: the side of the square that they fill a share of
	Share float64       // of that square
	Turn  float64       // degrees that the stripes lie at, 0 upright, 0…180
	Place int           // the viewing place
	At    [2]float64    // azimuth and elevation of the square's middle, degrees
	For   time.Duration // how long there has been one, from anywhere
}

// Harmful says that it has stayed for too long.
func (p *Pattern) Harmful(r Rules) bool { return p.Pairs >= r.Pairs && p.For >= r.Long }

// discernible is the share of all that differs in a row which has to differ
// along it, for it to be stripes.
const discernible = 0.5

const (
	most  = 64 // bins along a square's side, at most
	rows  = 4  // of a quarter of it each, across
	turns = 36 // orientations, 5° apart
)

// sizes of the squares, degrees.
var sizes = [...]float64{10, 20, 40}

// Analyser looks at the light of a scene. Its methods are called from one
// goroutine.
type Analyser struct {
	rules Rules
	scene *flash.Scene
	views [][]window // of each place
	lum   []float64  // of each light
	since time.Duration
	seen  bool
}

// window is one square of directions and the lights in and around it.
type window struct {
	size   float64
	at     [2]float64
	lights []spot
	bins   int // along a side: none is finer than its lights
}

// spot is a light on the plane of a window, degrees from its middle.
type spot struct {
	light      int32
	x, y, side float64
}

// New prepares an analyser.
func New(s *flash.Scene, r Rules) *Analyser {
	a := &Analyser{rules: r, scene: s}
	n := 0
	for i := range s.Stretches {
		n += s.Stretches[i].Count
	}
	a.lum = make([]float64, n)
	for _, p := range s.Places {
		a.views = append(a.views, windows(s, p))
	}
	return a
}

// windows lays squares over all directions in which there are lights, half a
// side apart.
func windows(s *flash.Scene, p flash.Place) []window {
	type cell struct {
		size     int
		row, col int
	}
	known := map[cell]int{}
	var out []window
	light := int32(-1)
	for i := range s.Stretches {
		st := &s.Stretches[i]
		for k := range st.Count {
			light++
			x, y, z := float64(st.X[k]-p.At[0]), float64(st.Y[k]-p.At[1]), float64(st.Z[k]-p.At[2])
			d := max(math.Sqrt(x*x+y*y+z*z), float64(p.Near), 0.1)
			az, el := math.Atan2(x, -z)*180/math.Pi, math.Atan2(y, math.Hypot(x, z))*180/math.Pi
			side := math.Sqrt(st.Area) / d * 180 / math.Pi
			for n, size := range sizes {
				// Every square whose circle the light can lie in.
				row0 := int(math.Floor(el / (size / 2)))
				for row := row0 - 1; row <= row0+2; row++ {
					mid := float64(row) * size / 2
					if mid < -90 || mid > 90 {
						continue
					}
					wide := max(math.Cos(mid*math.Pi/180), 0.1)
					step := size / 2 / wide
					around := max(1, int(360/step+0.5))
					step = 360 / float64(around)
					col0 := int(math.Floor((az + 180) / step))
					for c := col0 - 1; c <= col0+2; c++ {
						col := ((c % around) + around) % around
						at := [2]float64{float64(col)*step - 180, mid}
						u, v, ok := onto(at, az, el)
						if !ok || math.Hypot(u, v) > size*0.7072+side {
							continue
						}
						key := cell{n, row, col}
						w, found := known[key]
						if !found {
							w = len(out)
							known[key] = w
							out = append(out, window{size: size, at: at})
						}
						out[w].lights = append(out[w].lights, spot{light, u, v, side})
					}
				}
			}
		}
	}
	for i := range out {
		w := &out[i]
		side := 0.0
		for _, l := range w.lights {
			side = max(side, l.side)
		}
		w.bins = min(most, int(w.size/side))
	}
	return out
}

// onto projects a direction onto the plane that touches the sphere at a
// middle, so that straight stripes stay straight; in degrees there.
func onto(at [2]float64, az, el float64) (x, y float64, ok bool) {
	const rad = math.Pi / 180
	s0, c0 := math.Sincos(at[1] * rad)
	s1, c1 := math.Sincos(el * rad)
	sd, cd := math.Sincos((az - at[0]) * rad)
	front := s0*s1 + c0*c1*cd
	if front < 0.5 {
		return 0, 0, false
	}
	return c1 * sd / front / rad, (c0*s1 - s0*c1*cd) / front / rad, true
}

// Step looks at linear light 0…1 of every pixel. at must not be before the
// last, and no more than half of Rules.Long after it.
func (a *Analyser) Step(at time.Duration, r, g, b []float32) Pattern {
	i := 0
	for k := range a.scene.Stretches {
		st := &a.scene.Stretches[k]
		for p := st.First; p < st.First+st.Count; p++ {
			x, y, z, w := float64(r[p]), float64(g[p]), float64(b[p]), 0.0
			if st.White {
				w = min(x, y, z)
				x, y, z = x-w, y-w, z-w
			}
			a.lum[i] = x*float64(st.Full[0]) + y*float64(st.Full[1]) + z*float64(st.Full[2]) + w*float64(st.Full[3])
			i++
		}
	}
	best := Pattern{Place: -1}
	for place := range a.views {
		for w := range a.views[place] {
			if p := a.look(&a.views[place][w]); p.Pairs > best.Pairs {
				best = p
				best.Place = place
			}
		}
	}
	if best.Pairs == 0 {
		a.seen = false
		return best
	}
	if !a.seen {
		a.seen, a.since = true, at
	}
	best.For = at - a.since
	return best
}

// differs says that two luminances are as far apart as those of a flash.
func (a *Analyser) differs(dark, light float64) bool {
	if dark < a.rules.Dark {
		return light-dark >= a.rules.Change*(1-1e-6)
	}
	return a.rules.Contrast > 0 && light-dark >= a.rules.Contrast*(light+dark)*(1-1e-6)
}

// look judges one window.
func (a *Analyser) look(w *window) Pattern {
	lo, hi := math.Inf(1), 0.0
	area := 0.0
	for i := range w.lights {
		l := a.lum[w.lights[i].light]
		lo, hi = min(lo, l), max(hi, l)
		area += w.lights[i].side * w.lights[i].side
	}
	if area < w.size*w.size { // there are dark gaps, or an edge
		lo = 0
	}
	if !a.differs(lo, hi) || area < a.rules.Share*w.size*w.size/2 {
		return Pattern{}
	}
	if w.bins < 2*a.rules.Pairs {
		return Pattern{} // too few lights to be so many stripes
	}
	best := Pattern{}
	for turn := range turns {
		angle := float64(turn) * math.Pi / turns
		sin, cos := math.Sincos(angle)
		pairs, share := a.across(w, cos, sin)
		if share >= a.rules.Share*(1-1e-6) && (pairs > best.Pairs || pairs == best.Pairs && share > best.Share) {
			best = Pattern{Pairs: pairs, Size: w.size, Share: share, Turn: angle * 180 / math.Pi, At: w.at}
		}
	}
	return best
}

// across counts the light-dark pairs along one direction, in each of the rows
// that a window is cut into along it, and gives the most pairs of a row with
// enough of them, and the share of the window that such rows fill with theirs.
func (a *Analyser) across(w *window, cos, sin float64) (pairs int, share float64) {
	var light, square, cover [rows][most]float64
	bins := w.bins
	perBin := w.size / float64(bins)
	// Seen at an angle, a square is wider.
	wider := math.Abs(cos) + math.Abs(sin)
	for i := range w.lights {
		s := &w.lights[i]
		u, v := s.x*cos+s.y*sin+w.size/2, s.y*cos-s.x*sin+w.size/2
		half := s.side * wider / 2
		if u+half <= 0 || u-half >= w.size || v+half <= 0 || v-half >= w.size {
			continue
		}
		l := a.lum[s.light]
		b0, b1 := max(0, int((u-half)/perBin)), min(bins-1, int((u+half)/perBin))
		r0, r1 := max(0, int((v-half)*rows/w.size)), min(rows-1, int((v+half)*rows/w.size))
		for row := r0; row <= r1; row++ {
			tall := min(v+half, float64(row+1)*w.size/rows) - max(v-half, float64(row)*w.size/rows)
			for bin := b0; bin <= b1; bin++ {
				wide := min(u+half, float64(bin+1)*perBin) - max(u-half, float64(bin)*perBin)
				if wide > 0 && tall > 0 {
					light[row][bin] += l * wide * tall
					square[row][bin] += l * l * wide * tall
					cover[row][bin] += wide * tall
				}
			}
		}
	}
	full := perBin * w.size / rows
	for row := range rows {
		for bin := range bins {
			// Squares that lie close fill it; what gaps there are between
			// others are dark.
			c := max(cover[row][bin], full*wider*wider*0.7)
			light[row][bin] /= c
			square[row][bin] /= c
		}
		n, first, end := a.count(light[row][:bins])
		if n < a.rules.Pairs {
			continue
		}
		// Stripes differ along the row, and little across it: noise, boards
		// and what fills only part of its height do not.
		sum, squares, between := 0.0, 0.0, 0.0
		for bin := first; bin < end; bin++ {
			sum += light[row][bin]
			squares += square[row][bin]
			between += light[row][bin] * light[row][bin]
		}
		long := float64(end - first)
		mean := sum / long
		if between/long-mean*mean < discernible*(squares/long-mean*mean) {
			continue
		}
		pairs = max(pairs, n)
		share += long / float64(bins) / rows
	}
	return pairs, share
}

// count follows a row's luminance as a flash is followed in time, and gives
// its light-dark pairs and the bins that they take.
func (a *Analyser) count(row []float64) (pairs, first, end int) {
	lo, hi := row[0], row[0]
	loAt, hiAt := 0, 0
	changes, last, up := 0, 0, 0
	for i, l := range row {
		if up <= 0 && l < lo || up == 0 && l == lo {
			lo, loAt = l, i
		}
		if up >= 0 && l > hi || up == 0 && l == hi {
			hi, hiAt = l, i
		}
		switch {
		case up <= 0 && a.differs(lo, l):
			if changes == 0 {
				first = loAt
			}
			up, hi, hiAt = 1, l, i
			changes++
			last = i
		case up >= 0 && a.differs(l, hi):
			if changes == 0 {
				first = hiAt
			}
			up, lo, loAt = -1, l, i
			changes++
			last = i
		}
	}
	if changes == 0 {
		return 0, 0, 0
	}
	// The last stripe is as wide as it goes on being it.
	end = last
	for end < len(row) && end-last < (last-first)/changes+1 {
		end++
	}
	return (changes + 1) / 2, first, end
}
