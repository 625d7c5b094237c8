package safety

import (
	"sync/atomic"
	"time"
)

// Frame is the light of every pixel at one instant, after all limits, and
// the bytes of each output made of it. Only a Stage makes one that holds
// light: its fields are unexported and nothing outside this package sets
// them, so whatever a device sends has passed the limits.
//
// A Frame is shared by all devices and is read-only. It belongs to a fixed
// pool: whoever was handed it calls Release once when done, and must not
// touch it afterwards. Any goroutine may read and release it.
type Frame struct {
	number  uint64
	at      time.Duration
	r, g, b []float32
	outputs [][]byte
	watts   float64
	limited bool
	// softened says that the flash limiter dimmed some of it.
	softened bool
	final    bool

	refs atomic.Int32
	pool *Pool
}

// Number counts frames from 0.
func (f *Frame) Number() uint64 { return f.number }

// At is the engine's time of the frame.
func (f *Frame) At() time.Duration { return f.at }

// RGB gives linear light, 0…1 of each emitter's full, a value a pixel. Where
// bytes without dither are all that LEDs of red, green and blue are sent, it is
// what those bytes say. Read only.
func (f *Frame) RGB() (r, g, b []float32) { return f.r, f.g, f.b }

// Outputs is how many outputs the frame has bytes for.
func (f *Frame) Outputs() int { return len(f.outputs) }

// Output gives the channel data of output i, its universes one after another. Read only.
func (f *Frame) Output(i int) []byte { return f.outputs[i] }

// Watts is the estimated power of the frame over all supplies.
func (f *Frame) Watts() float64 { return f.watts }

// Limited says that a supply's limit dimmed this frame.
func (f *Frame) Limited() bool { return f.limited }

// Softened says that some of this frame was dimmed because it would have been
// one flash too many.
func (f *Frame) Softened() bool { return f.softened }

// Final says that this is the black frame with which a run ends.
func (f *Frame) Final() bool { return f.final }

// Retain adds a holder, who must Release it.
func (f *Frame) Retain() *Frame {
	f.refs.Add(1)
	return f
}

// Release gives the frame back. The last holder's call returns it to its pool.
func (f *Frame) Release() {
	switch n := f.refs.Add(-1); {
	case n == 0:
		f.pool.put(f)
	case n < 0:
		panic("safety: Frame released more often than it was handed out")
	}
}
