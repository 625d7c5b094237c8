package safety

import (
	"fmt"
	"math"
	"slices"

	"noctiluca/engine/safety/flash"
	"noctiluca/installations"
)

// Room is an installation as its flashes are judged: who looks from where,
// what each light's luminance is, and what of it nobody stated.
type Room struct {
	Scene   flash.Scene
	Fixture []int     // of each stretch of the scene
	Pitch   []float64 // of each fixture, m
	Nearest []float64 // of each fixture: the least distance of eyes, m
	Assumed []string  // sentences, for the report
}

// screenWhite is the luminance of the screens that the rules were written for,
// cd/m²: 20 is a tenth of it, as 10 % of the most is in WCAG.
const screenWhite = 200

// eyes is the height of eyes over the ground, m.
const eyes = 1.6

// NewRoom works out the room of an installation.
func NewRoom(inst *installations.Installation) *Room {
	r := &Room{}
	lo, hi := bounds(inst)
	r.places(inst, lo, hi)
	r.Scene.Surround = r.surround(inst, lo, hi)
	guessed, assumed := 0, 0
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		x, y, z := inst.Pixels.X[f.First:f.First+f.Count], inst.Pixels.Y[f.First:f.First+f.Count], inst.Pixels.Z[f.First:f.First+f.Count]
		pitch := pitchOf(x, y, z)
		near := r.nearest(x, y, z)
		r.Pitch, r.Nearest = append(r.Pitch, pitch), append(r.Nearest, near)
		k, whiteCd := candela(&f.LED)
		total := k[0] + k[1] + k[2]
		// A bare LED fills the square up to its neighbours, or as much of it
		// as it could light to a screen's white.
		area := min(float64(pitch*pitch), max(total, whiteCd)/screenWhite)
		area = max(area, 1e-8)
		s := flash.Stretch{First: f.First, Count: f.Count, Area: area, Run: flash.RunFor(pitch, near), X: x, Y: y, Z: z}
		for c := range k {
			s.Full[c] = float32(k[c] / area)
		}
		if f.LED.White && f.LED.Primaries == nil && !f.LED.Amber {
			s.White, s.Full[3] = true, float32(whiteCd/area)
		}
		r.Scene.Stretches = append(r.Scene.Stretches, s)
		r.Fixture = append(r.Fixture, i)
		if f.LED.Guessed {
			guessed++
		}
		if f.LED.Assumed {
			assumed++
		}
	}
	if assumed > 0 {
		r.note("%d of %d fixtures name no LED type: they count as the type that draws most.", assumed, len(inst.Fixtures))
	}
	if guessed > 0 {
		r.note("No luminous intensity is stated for the LEDs of %d fixtures: it is taken in proportion to their current, as bright as the brightest type known.", guessed)
	}
	r.note("Each LED sends its full intensity towards every viewing place, whichever way it points.")
	r.note("Each LED fills the square up to its neighbours, or as much of it as it could light to %d cd/m², the white of the screens that the rules were written for.", screenWhite)
	return r
}

func (r *Room) note(format string, args ...any) {
	r.Assumed = append(r.Assumed, fmt.Sprintf(format, args...))
}

func bounds(inst *installations.Installation) (lo, hi [3]float32) {
	p := &inst.Pixels
	for k, v := range [][]float32{p.X, p.Y, p.Z} {
		if len(v) > 0 {
			lo[k], hi[k] = slices.Min(v), slices.Max(v)
		}
	}
	return lo, hi
}

// places are the viewing places stated, or else the cells where people are
// sensed, or else one in front.
func (r *Room) places(inst *installations.Installation, lo, hi [3]float32) {
	for _, p := range inst.Safety.Places {
		r.Scene.Places = append(r.Scene.Places, flash.Place{Name: p.Name, At: p.At, Near: p.Near})
	}
	if len(r.Scene.Places) > 0 {
		return
	}
	for _, c := range inst.Cells {
		at := c.At
		at[1] += eyes
		r.Scene.Places = append(r.Scene.Places, flash.Place{Name: c.Name, At: at, Near: 0.5})
	}
	if len(inst.Cells) > 0 {
		r.note("No viewing places are stated: people look around from the %d cells, with their eyes %.1f m over them and never closer than 0.5 m to a light.", len(inst.Cells), eyes)
		return
	}
	wide := max(hi[0]-lo[0], hi[1]-lo[1])
	at := [3]float32{(lo[0] + hi[0]) / 2, min(max(lo[1], eyes), max(hi[1], lo[1])), hi[2] + max(1.5, wide/2)}
	r.Scene.Places = append(r.Scene.Places, flash.Place{Name: "in front", At: at, Near: 0.5})
	r.note("No viewing places are stated and there are no cells: people look from %.1f m in front of the middle.", at[2]-hi[2])
}

func (r *Room) surround(inst *installations.Installation, lo, hi [3]float32) flash.Surround {
	s := flash.Surround{Area: inst.Safety.Surround.Area, Reflectance: inst.Safety.Surround.Reflectance}
	if s.Area == 0 {
		a, b, c := float64(hi[0]-lo[0])+2, float64(hi[1]-lo[1])+2, float64(hi[2]-lo[2])+2
		s.Area = 2 * (float64(a*b) + float64(b*c) + float64(a*c))
		r.note("The area that the light falls on is not stated: taken as the %.0f m² of a box 1 m larger than the installation.", s.Area)
	}
	if inst.Safety.Surround.Reflectance == 0 && inst.Safety.Surround.Area == 0 && len(inst.Safety.Places) == 0 {
		s.Reflectance = 0.5 // a file that was made by a program and says nothing
	}
	r.note("Surroundings throw back %.0f %% of the light, diffusely, and fill the view.", 100*s.Reflectance)
	return s
}

// pitchOf is the median distance between neighbours on the wire.
func pitchOf(x, y, z []float32) float64 {
	d := make([]float64, 0, len(x))
	for i := 1; i < len(x); i++ {
		a, b, c := float64(x[i]-x[i-1]), float64(y[i]-y[i-1]), float64(z[i]-z[i-1])
		d = append(d, math.Sqrt(float64(a*a)+float64(b*b)+float64(c*c)))
	}
	if len(d) == 0 {
		return 1
	}
	slices.Sort(d)
	return max(d[len(d)/2], 1e-3)
}

// nearest is the least distance of a viewing place to a pixel.
func (r *Room) nearest(x, y, z []float32) float64 {
	least := math.Inf(1)
	for _, p := range r.Scene.Places {
		for i := range x {
			a, b, c := float64(x[i]-p.At[0]), float64(y[i]-p.At[1]), float64(z[i]-p.At[2])
			least = min(least, max(math.Sqrt(float64(a*a)+float64(b*b)+float64(c*c)), float64(p.Near)))
		}
	}
	return least
}

// candela is what red, green and blue of a field give of an LED at full, and
// its white emitter. Where it mixes colours with more emitters, each colour is
// taken to be as much brighter as all of them together are.
func candela(led *installations.LED) (rgb [3]float64, w float64) {
	rgb = [3]float64{led.Candela[0], led.Candela[1], led.Candela[2]}
	if led.White && led.Primaries == nil && !led.Amber {
		return rgb, led.Candela[3]
	}
	if sum := rgb[0] + rgb[1] + rgb[2]; sum > 0 {
		k := (sum + led.Candela[3] + led.Candela[4]) / sum
		for i := range rgb {
			rgb[i] *= k
		}
	}
	return rgb, 0
}
