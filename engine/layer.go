package engine

import (
	"math"

	"noctiluca/engine/life"
	"noctiluca/engine/light"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

// chunk is how many points one task evaluates: enough blocks to be worth the
// handing out, few enough to share an installation among many cores.
const chunk = 4 * block.Size

// layer plays one field on the pixels of one group.
type layer struct {
	fitted
	from *installations.Layer
	show *show.Layer

	pixels  []int32 // which pixel each point is
	x, y, z []float32
	pixel   [3][]float32
	life    life.Life

	level float32 // how strong it is in this frame
	fade  float32 // 0…1: how far the next hour has come in
	frame uint64  // counts binds
	blend light.Blend
}

// fitted is a field with what playing it takes: what is replaced when a file
// is saved anew.
type fitted struct {
	field   *kage.Field
	inputs  inputs
	words   []uint32 // uniforms of the present frame
	next    []uint32 // the same with Time an hour earlier, for the crossfade
	workers []worker
}

// worker is what one goroutine needs to evaluate the layer.
type worker struct {
	now, next  *kage.State
	frame      uint64
	light, mix kage.Light
	blend      light.Layer
}

func newLayer(inst *installations.Installation, from *installations.Layer, f fitted, params *show.Layer, seed uint64) (*layer, error) {
	l := &layer{from: from, show: params, fitted: f}
	var err error
	if l.blend, err = light.ParseBlend(from.Blend); err != nil {
		return nil, err
	}
	var wrapped *surface
	if f.field.IsPicture() {
		wrapped = newSurface(from.Picture)
	}
	for _, span := range inst.Spans(from.Group) {
		for p := span.First; p < span.First+span.Count; p++ {
			x, y, z := inst.Pixels.X[p], inst.Pixels.Y[p], inst.Pixels.Z[p]
			if wrapped != nil {
				var on bool
				if x, y, on = wrapped.find(x, y, z); !on {
					continue
				}
			}
			l.pixels = append(l.pixels, int32(p))
			l.x = append(l.x, x)
			l.y = append(l.y, y)
			l.z = append(l.z, z)
			l.pixel[0] = append(l.pixel[0], inst.Pixels.Along[p])
			l.pixel[1] = append(l.pixel[1], inst.Pixels.Random[p])
			l.pixel[2] = append(l.pixel[2], float32(inst.Pixels.Fixture[p]))
		}
	}
	if from.Life != "" {
		l.life, err = makeLife(from, life.Config{Seed: seed, X: l.x, Y: l.y, Z: l.z, Cells: places(inst, l.y)})
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

// fit binds a field to its layer. The seed is the show's.
func fit(inst *installations.Installation, from *installations.Layer, field *kage.Field, seed uint64, workers int, k *block.Kernels) fitted {
	l := fitted{field: field, inputs: bindInputs(field, from)}
	l.inputs.places = inst.Cells
	n := l.inputs.words
	l.words, l.next = make([]uint32, n), make([]uint32, n)
	fades := l.inputs.time >= 0
	images := make([]*kage.Picture, len(from.Images))
	for i, img := range from.Images {
		images[i] = kage.NewPicture(img)
	}
	state := func() *kage.State {
		s := field.NewState(k)
		if from.Picture != nil {
			s.SetSize(from.Picture.Pixels[0], from.Picture.Pixels[1])
		}
		for i, img := range images {
			s.SetImage(i, img)
		}
		return s
	}
	for range workers {
		w := worker{now: state(), light: newLight()}
		if fades {
			w.next, w.mix = state(), newLight()
		}
		l.workers = append(l.workers, w)
	}
	if at := l.inputs.seed; at >= 0 {
		l.words[at] = uint32(seed ^ seed>>32)
	}
	return l
}

func newLight() kage.Light {
	v := make([]float32, 4*chunk)
	return kage.Light{R: v[:chunk], G: v[chunk : 2*chunk], B: v[2*chunk : 3*chunk], A: v[3*chunk:]}
}

func (l *layer) tasks() int { return (len(l.pixels) + chunk - 1) / chunk }

// bind takes the uniforms of the present tick.
func (l *layer) bind(hour float64, people *signal.Cells) {
	l.frame++
	l.level = l.show.Level()
	l.inputs.fill(l.words, l.show, people)
	l.fade = 0
	if at := l.inputs.time; at >= 0 {
		l.words[at] = math.Float32bits(float32(hour))
		if left := hourSeconds - hour; left < hourFade {
			l.fade = float32(1 - left/hourFade)
			copy(l.next, l.words)
			l.next[at] = math.Float32bits(float32(hour - hourSeconds))
		}
	}
}

// run evaluates one chunk and blends it onto a picture, whose coverage may be
// nil.
func (l *layer) run(who, task int, on light.Picture) {
	w := &l.workers[who]
	if w.frame != l.frame {
		w.frame = l.frame
		copy(w.now.Words(), l.words)
		w.now.Begin()
		if l.fade > 0 {
			copy(w.next.Words(), l.next)
			w.next.Begin()
		}
	}
	lo := task * chunk
	hi := min(lo+chunk, len(l.pixels))
	points := kage.Points{X: l.x[lo:hi], Y: l.y[lo:hi], Z: l.z[lo:hi]}
	if l.field.ReadsLife() && l.life != nil {
		s := l.life.State()
		for i := range points.Life {
			points.Life[i] = s[i][lo:hi]
		}
	}
	if l.field.ReadsPixel() {
		for i := range points.Pixel {
			points.Pixel[i] = l.pixel[i][lo:hi]
		}
	}
	n := hi - lo
	out := kage.Light{R: w.light.R[:n], G: w.light.G[:n], B: w.light.B[:n], A: w.light.A[:n]}
	w.now.Light(points, out)
	if l.fade > 0 {
		next := kage.Light{R: w.mix.R[:n], G: w.mix.G[:n], B: w.mix.B[:n], A: w.mix.A[:n]}
		w.next.Light(points, next)
		crossfade(out.R, next.R, l.fade)
		crossfade(out.G, next.G, l.fade)
		crossfade(out.B, next.B, l.fade)
		crossfade(out.A, next.A, l.fade)
	}
	w.blend = light.Layer{R: out.R, G: out.G, B: out.B, A: out.A, Level: l.level, Blend: l.blend}
	w.blend.Onto(on.R, on.G, on.B, l.pixels[lo:hi])
	if on.A != nil {
		w.blend.Cover(on.A, l.pixels[lo:hi])
	}
}

func crossfade(dst, to []float32, k float32) {
	for i := range dst {
		dst[i] = float32(dst[i]*(1-k)) + float32(to[i]*k)
	}
}
