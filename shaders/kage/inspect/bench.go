// Package inspect looks at compiled fields: how fast they are on this
// machine, and what they were compiled to. It makes no frame.
package inspect

import (
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

// Speed is how fast a field is.
type Speed struct {
	Kernels string
	Workers int
	Points  int           // of one frame
	Frame   time.Duration // the median frame
}

// PerPoint is the time of a point, in nanoseconds.
func (s Speed) PerPoint() float64 { return float64(s.Frame.Nanoseconds()) / float64(s.Points) }

// PerSecond is how many points a second holds.
func (s Speed) PerSecond() float64 { return 1e9 / s.PerPoint() }

// Bench plays a field at points scattered through a wood of 24 by 24 metres
// for about the time given, on as many goroutines as workers.
func Bench(f *kage.Field, k *block.Kernels, points, workers int, about time.Duration) Speed {
	w := newWood(f, points)
	states := make([]*kage.State, workers)
	for i := range states {
		states[i] = f.NewState(k)
		scatter(f, states[i])
	}
	frame := func() {
		var all sync.WaitGroup
		for i, s := range states {
			lo, hi := i*points/workers, (i+1)*points/workers
			if workers == 1 {
				s.Begin()
				s.Light(w.part(lo, hi))
				return
			}
			all.Go(func() {
				s.Begin()
				s.Light(w.part(lo, hi))
			})
		}
		all.Wait()
	}
	frame()
	var took []time.Duration
	for began := time.Now(); len(took) < 5 || time.Since(began) < about; {
		t := time.Now()
		frame()
		took = append(took, time.Since(t))
	}
	for i := range took { // few enough to sort so
		for j := i; j > 0 && took[j] < took[j-1]; j-- {
			took[j], took[j-1] = took[j-1], took[j]
		}
	}
	return Speed{k.Name(), workers, points, took[len(took)/2]}
}

// wood is points with all that a field may read of them.
type wood struct {
	points kage.Points
	light  kage.Light
}

func newWood(f *kage.Field, n int) *wood {
	r := rand.New(rand.NewPCG(7, 7))
	slice := func(scale, shift float32) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = scale*r.Float32() + shift
		}
		return v
	}
	w := &wood{light: kage.Light{R: make([]float32, n), G: make([]float32, n), B: make([]float32, n), A: make([]float32, n)}}
	if f.IsPicture() {
		w.points = kage.Points{X: slice(pictureWidth, 0), Y: slice(pictureHeight, 0), Z: slice(0, 0)}
	} else {
		w.points = kage.Points{X: slice(24, -12), Y: slice(8, 0), Z: slice(24, -12)}
	}
	for i := range w.points.Life {
		w.points.Life[i] = slice(1, 0)
	}
	for i := range w.points.Pixel {
		w.points.Pixel[i] = slice(1, 0)
	}
	return w
}

// The size that a picture is told it has.
const (
	pictureWidth  = 640
	pictureHeight = 480
)

func (w *wood) part(lo, hi int) (kage.Points, kage.Light) {
	p := kage.Points{X: w.points.X[lo:hi], Y: w.points.Y[lo:hi], Z: w.points.Z[lo:hi]}
	for i := range p.Life {
		p.Life[i] = w.points.Life[i][lo:hi]
	}
	for i := range p.Pixel {
		p.Pixel[i] = w.points.Pixel[i][lo:hi]
	}
	return p, kage.Light{R: w.light.R[lo:hi], G: w.light.G[lo:hi], B: w.light.B[lo:hi], A: w.light.A[lo:hi]}
}

// scatter gives uniforms values in the middle of what they usually hold:
// three of whatever is counted, and floats between 0 and 1.
func scatter(f *kage.Field, s *kage.State) {
	r := rand.New(rand.NewPCG(8, 8))
	s.SetSize(pictureWidth, pictureHeight)
	for _, u := range f.Uniforms() {
		k := u.Type.Kind
		if k == check.Array {
			k = u.Type.Elem
		}
		for i := range u.Words {
			switch k {
			case check.Bool:
				s.Words()[u.Offset+i] = 1
			case check.Int, check.IVec2, check.IVec3, check.IVec4:
				s.Words()[u.Offset+i] = 3
			default:
				s.Words()[u.Offset+i] = math.Float32bits(r.Float32())
			}
		}
	}
	s.Begin()
}
