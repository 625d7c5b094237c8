package safety

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/light"
	"noctiluca/engine/safety/flash"
	"noctiluca/installations"
)

// minutes of adversarial light: `make safety-soak` takes 10,000 of them with
// -coarse, for their cost, and one in twenty without.
//
// What -coarse leaves out: its lights are 0.15 m apart and 40 a wall, not
// 0.1 m and 96. Each fills a cell of 1.25° twice or more as seen from in
// front, so that few cells hold several lights that disagree, boards and
// chases have fewer steps, and single lights weigh more. Walls, viewers, ways
// of light, rates and judges are the same.
var (
	minutes = flag.Int("minutes", 8, "minutes of adversarial light that the limiter is shown")
	coarse  = flag.Bool("coarse", false, "show it to fewer, larger lights")
)

// families are the ways of light that are shown, each by itself and added to
// another.
var families = []string{
	"strobe", "square wave of 3 to 60 Hz", "noise", "noise of the whole", "checkerboard", "red in turn with blue",
	"two fixtures in antiphase", "MIDI bumps", "cue storm", "no number in a field", "chase", "red breath, too fast",
}

// gallery is an installation made for these tests: two walls of 8 × 12 lights
// 0.1 m apart, side by side, 2 m in front of one viewer and at an angle to
// another; every light is large and bright enough to matter: 510 cd/m², where
// a byte is 2 cd/m². Without dither, bytes are all that is told of its light.
func gallery(rate float64, dither bool) *installations.Installation {
	led := installations.LED{Type: "test", Volts: 5, Idle: 1, Full: [5]float64{20, 20, 20}, Candela: [5]float64{1.2, 3.4, 0.5}}
	columns, pitch, count := 8, float32(0.1), 96
	if *coarse {
		columns, pitch, count = 5, 0.15, 40
	}
	inst := wall(count, []installations.LED{led, led}, []int{0, -1}, 25)
	inst.Rate = rate
	inst.Outputs[0].Dither = dither
	for i := range inst.Pixels.X {
		k := i % count
		inst.Pixels.X[i] = float32(k%columns)*pitch + float32(i/count)*0.9 - 0.85
		inst.Pixels.Y[i] = float32(k/columns)*pitch + 1
	}
	inst.Safety.Places = []installations.Viewer{{Name: "front", At: [3]float32{0, 1.6, 2}, Near: 0.5}, {Name: "side", At: [3]float32{-3, 1.6, 1.5}, Near: 0.5}}
	inst.Safety.Surround = installations.Surround{Area: 60, Reflectance: 0.5}
	return inst
}

// adversary is a light made to break the rules: one or two of many ways at
// once, which change every few seconds.
type adversary struct {
	rng   *rand.Rand
	count int // lights of a wall
	ways  [2]func(t float64, i int) (r, g, b float32)
	until float64
	names [2]string
}

func (a *adversary) light(t float64, i int) (r, g, b float32) {
	r, g, b = a.ways[0](t, i)
	if a.ways[1] != nil {
		x, y, z := a.ways[1](t, i)
		r, g, b = r+x, g+y, b+z
	}
	return
}

// choose picks new ways.
func (a *adversary) choose(t float64) {
	a.until = t + 0.3 + 12*a.rng.Float64()*a.rng.Float64()
	a.ways[1] = nil
	a.names[1] = ""
	a.names[0], a.ways[0] = a.way(t)
	if a.rng.IntN(3) == 0 {
		a.names[1], a.ways[1] = a.way(t)
	}
}

// way makes a light of one of the families.
func (a *adversary) way(t0 float64) (string, func(float64, int) (float32, float32, float32)) {
	family := a.rng.IntN(len(families))
	return families[family], a.lightOf(family, t0)
}

func (a *adversary) lightOf(family int, t0 float64) func(float64, int) (float32, float32, float32) {
	rng, count := a.rng, a.count
	hz := 3 + 57*rng.Float64()*rng.Float64()
	level := rng.Float32()
	low := float32(0)
	if rng.IntN(2) == 0 {
		low = rng.Float32() * level
	}
	phase := rng.Float64()
	colour := [3]float32{rng.Float32(), rng.Float32(), rng.Float32()}
	on := func(t float64) bool { return math.Mod((t-t0)*hz+phase, 1) < 0.5 }
	grey := func(v float32) (float32, float32, float32) { return v, v, v }
	hash := func(x, y int) float32 {
		h := uint32(x)*2654435761 ^ uint32(y)*2246822519
		h ^= h >> 15
		h *= 3266489917
		h ^= h >> 13
		return float32(h>>8) / (1 << 24)
	}
	salt := rng.IntN(1 << 20)
	switch families[family] {
	case "strobe":
		return func(t float64, _ int) (float32, float32, float32) {
			if math.Mod((t-t0)*hz+phase, 1) < 0.15 {
				return grey(level)
			}
			return grey(low)
		}
	case "square wave of 3 to 60 Hz":
		return func(t float64, _ int) (float32, float32, float32) {
			if on(t) {
				return grey(level)
			}
			return grey(low)
		}
	case "noise":
		return func(t float64, i int) (float32, float32, float32) { return grey(hash(i, int(t*60)+salt)) }
	case "noise of the whole":
		return func(t float64, i int) (float32, float32, float32) { return grey(hash(0, int(t*hz)+salt)) }
	case "checkerboard":
		n := 1 + rng.IntN(4)
		return func(t float64, i int) (float32, float32, float32) {
			k := i % count
			if (k%8/n+k/8/n+int((t-t0)*hz*2))%2 == 0 {
				return grey(level)
			}
			return grey(low)
		}
	case "red in turn with blue":
		return func(t float64, _ int) (float32, float32, float32) {
			if on(t) {
				return level, 0, 0
			}
			return 0, 0, level
		}
	case "two fixtures in antiphase":
		return func(t float64, i int) (float32, float32, float32) {
			if on(t) == (i < count) {
				return grey(level)
			}
			return grey(low)
		}
	case "MIDI bumps":
		// Bumps: pads that are hit, each a jump that decays.
		return func(t float64, i int) (float32, float32, float32) {
			n := int((t - t0) * hz / 3)
			v := hash(n, salt) * float32(math.Exp(-8*math.Mod((t-t0)*hz/3, 1)))
			if hash(n, salt+1) < 0.3 && i < count {
				return 0, 0, 0
			}
			return grey(v)
		}
	case "cue storm":
		// Cues that are called faster than they can fade.
		return func(t float64, i int) (float32, float32, float32) {
			n := int((t - t0) * hz / 4 * float64(1+i/count))
			return hash(n, salt) * colour[0], hash(n, salt+7) * colour[1], hash(n, salt+13) * colour[2]
		}
	case "no number in a field":
		return func(t float64, i int) (float32, float32, float32) {
			if on(t) {
				return float32(math.NaN()), float32(math.Inf(1)), 7
			}
			return float32(math.Inf(-1)), -1, float32(math.NaN())
		}
	case "chase":
		w := 1 + 6*rng.Float64()
		return func(t float64, i int) (float32, float32, float32) {
			k := float64(i%count%8) + 9*float64(i/count)
			if math.Mod(k/w+(t-t0)*hz/2, 1) < 0.5 {
				return grey(level)
			}
			return grey(low)
		}
	default:
		return func(t float64, i int) (float32, float32, float32) {
			v := float32(0.5 - 0.5*math.Cos(2*math.Pi*((t-t0)*hz/2+float64(i%3)*0.05)))
			return v * level, v * low * 0.2, 0
		}
	}
}

// TestAdversarialMinutes: whatever light comes, what leaves has no second with
// more than three flashes, general or red, in any 10°, nor lasting ones.
// Judges are the analyser without limits, which is shown the light and again
// what the bytes of an output say, and a second, plain implementation. Three
// walls in five are told by bytes in proportion to light, one by bytes with a
// gamma of 2.2; the fifth is dithered.
func TestAdversarialMinutes(t *testing.T) {
	var next, softened atomic.Int64
	var harmful atomic.Int64
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for {
				m := int(next.Add(1) - 1)
				if m >= *minutes || harmful.Load() > 20 {
					return
				}
				bad, soft, say := minute(m)
				softened.Add(soft)
				if bad > 0 {
					harmful.Add(int64(bad))
					t.Errorf("minute %d: %s", m, say)
				}
				if m%500 == 499 {
					fmt.Printf("%d minutes, %d harmful frames\n", m+1, harmful.Load())
				}
			}
		})
	}
	group.Wait()
	for i, name := range families {
		n := acted[i].Load()
		t.Logf("%-26s %d frames in which it shone, alone or with another, were softened", name, n)
		if n == 0 {
			t.Errorf("%s: the limiter never acted: the light was meant to be harmful", name)
		}
	}
	t.Logf("%d minutes: %d frames with more than three flashes in a second, and %d by the plain judge; %d frames were softened", *minutes, harmful.Load(), strict.Load(), softened.Load())
	t.Logf("the bytes of dithered light, each frame by itself: %d frames of %d", dithered.Load(), ditheredOf.Load())
}

// acted counts the softened frames of each family.
var acted [12]atomic.Int64

// dithered counts the frames of dithered light whose bytes are harmful, where
// dither adds a step to a change that is just under a threshold; ditheredOf
// all such frames. No eye sees them one by one.
var dithered, ditheredOf atomic.Int64

// strict counts the frames that the plain judge finds harmful.
var strict atomic.Int64

// minute plays one minute to a stage, and gives the frames that a judge found
// harmful.
func minute(seed int) (bad int, softened int64, say string) {
	rate := []float64{60, 60, 50, 30, 25, 120}[seed%6]
	dither := seed%5 == 4
	inst := gallery(rate, dither)
	if seed%5 == 3 {
		inst.Outputs[0].Gamma = 2.2
	}
	curve, err := light.NewCurve(inst.Outputs[0].Gamma)
	if err != nil {
		return 1, 0, err.Error()
	}
	c := crew.New(1)
	defer c.Close()
	s, err := NewStage(inst, 1, c)
	if err != nil {
		return 1, 0, err.Error()
	}
	rules := flash.Room()
	judge := flash.New(&s.Room().Scene, rules, false, c)
	onWire := flash.New(&s.Room().Scene, rules, false, c)
	second := newPlain(&s.Room().Scene)
	a := &adversary{rng: rand.New(rand.NewPCG(2150, uint64(seed))), count: inst.Fixtures[0].Count}
	n := inst.Pixels.Count()
	r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
	var sent [3][]float32 // what the bytes say
	for i := range sent {
		sent[i] = make([]float32, n)
	}
	if dither {
		ditheredOf.Add(int64(60 * rate))
	}
	for k := range int(60 * rate) {
		at := time.Duration(float64(k) / rate * float64(time.Second))
		if t := at.Seconds(); t >= a.until {
			a.choose(t)
		}
		for i := range n {
			r[i], g[i], b[i] = a.light(at.Seconds(), i)
		}
		f := s.Make(uint64(k), at, r, g, b, false)
		if f.Softened() {
			softened++
			for i, name := range families {
				if name == a.names[0] || name == a.names[1] {
					acted[i].Add(1)
				}
			}
		}
		x, y, z := f.RGB()
		v := judge.Step(at, x, y, z)
		for i, w := range f.Output(0) {
			sent[i%3][i/3] = curve.Light(w)
		}
		w := onWire.Step(at, sent[0], sent[1], sent[2])
		switch {
		case dither && w.Harmful(rules):
			dithered.Add(1)
		case w.Harmful(rules):
			if bad++; bad == 1 {
				say = fmt.Sprintf("seed %d, %g frames a second, %v, %q: the bytes: %+v", seed, rate, at, a.names, w)
			}
		case !dither && !(slices.Equal(sent[0], x) && slices.Equal(sent[1], y) && slices.Equal(sent[2], z)):
			return 1, softened, fmt.Sprintf("seed %d, %v: the bytes are not the light", seed, at)
		}
		plain := second.step(at, x, y, z)
		if plain > 6 {
			strict.Add(1)
		}
		if v.Harmful(rules) {
			if bad++; bad == 1 {
				say = fmt.Sprintf("seed %d, %g frames a second, %v, %q: %+v; the plain judge counts %d", seed, rate, at, a.names, v, plain)
			}
		}
		f.Release()
	}
	return bad, softened, say
}

// plainJudge is a second judge, of general flashes, written without looking at the
// first: for each light as a centre, the exact 10° around it, from the first
// viewing place; all in float64, in the plainest way.
type plainJudge struct {
	full    [][3]float64
	area    []float64
	within  [][]int
	ext     []float64
	rising  []bool
	lastUp  []time.Duration // when each light last completed a rise, and a fall
	lastDn  []time.Duration
	history [][]time.Duration
	dir     []int
}

func newPlain(s *flash.Scene) *plainJudge {
	p := &plainJudge{}
	var dirs [][3]float64
	eye := s.Places[0].At
	for _, st := range s.Stretches {
		for i := range st.X {
			x, y, z := float64(st.X[i]-eye[0]), float64(st.Y[i]-eye[1]), float64(st.Z[i]-eye[2])
			d := math.Sqrt(x*x + y*y + z*z)
			dirs = append(dirs, [3]float64{x / d, y / d, z / d})
			p.area = append(p.area, st.Area/(d*d))
			p.full = append(p.full, [3]float64{float64(st.Full[0]), float64(st.Full[1]), float64(st.Full[2])})
		}
	}
	n := len(dirs)
	p.ext, p.rising = make([]float64, n), make([]bool, n)
	p.lastUp, p.lastDn = make([]time.Duration, n), make([]time.Duration, n)
	p.within, p.history, p.dir = make([][]int, n), make([][]time.Duration, n), make([]int, n)
	for i := range dirs {
		p.lastUp[i], p.lastDn[i] = -time.Hour, -time.Hour
		for k := range dirs {
			if dirs[i][0]*dirs[k][0]+dirs[i][1]*dirs[k][1]+dirs[i][2]*dirs[k][2] >= math.Cos(5*math.Pi/180) {
				p.within[i] = append(p.within[i], k)
			}
		}
	}
	return p
}

// step gives the most transitions that any window has had in a second. What
// changes in one frame is at once here, and no more than that.
func (p *plainJudge) step(at time.Duration, r, g, b []float32) int {
	changed := false
	for i := range p.full {
		l := float64(r[i])*p.full[i][0] + float64(g[i])*p.full[i][1] + float64(b[i])*p.full[i][2]
		flashed := func(dark, bright float64) bool {
			return dark < 160 && bright-dark >= 20 || dark >= 160 && (bright-dark)/(bright+dark) >= 1.0/17
		}
		switch {
		case p.rising[i] && l > p.ext[i], !p.rising[i] && l < p.ext[i]:
			p.ext[i] = l
		case p.rising[i] && flashed(l, p.ext[i]):
			p.rising[i], p.ext[i], p.lastDn[i], changed = false, l, at, true
		case !p.rising[i] && flashed(p.ext[i], l):
			p.rising[i], p.ext[i], p.lastUp[i], changed = true, l, at, true
		}
	}
	if !changed {
		return 0
	}
	most := 0
	for w, lights := range p.within {
		up, down := 0.0, 0.0
		for _, i := range lights {
			if p.lastUp[i] == at {
				up += p.area[i]
			}
			if p.lastDn[i] == at {
				down += p.area[i]
			}
		}
		switch {
		case up >= 0.006 && (p.dir[w] != 1):
			p.dir[w] = 1
		case down >= 0.006 && p.dir[w] != -1:
			p.dir[w] = -1
		default:
			continue
		}
		p.history[w] = append(p.history[w], at)
		for at-p.history[w][0] >= time.Second-time.Millisecond/2 {
			p.history[w] = p.history[w][1:]
		}
		most = max(most, len(p.history[w]))
	}
	return most
}
