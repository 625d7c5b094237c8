package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// brain follows the alpha of the two sides of the forehead, from the raw
// signal or as a sender computed it. It is shown and moves nothing: what
// asymmetry means is not agreed upon.
type brain struct {
	known bool
	at    time.Duration
	conf  float64
	sides [2]electrode // left, right
}

// electrode is one side.
type electrode struct {
	clock    clock
	rate     float64
	detector *physio.EEG
	told     float64 // log10 of alpha power
	isTold   bool
}

// brainLeast is the least sampling rate that shows 40 Hz.
const brainLeast = 90

func (b *brain) add(k Kind, x float64, at time.Duration, told float64) {
	switch k {
	case AlphaLeft, AlphaRight:
		e := &b.sides[k-AlphaLeft]
		e.told, e.isTold = x, true
		b.known, b.at = true, max(b.at, at)
	case EEGLeft, EEGRight:
		e := &b.sides[k-EEGLeft]
		rate, ready := e.clock.rate(at, told, brainLeast)
		if !ready {
			return
		}
		if e.detector == nil || rate != e.rate {
			e.detector.Wipe()
			e.detector, e.rate = physio.NewEEG(rate), rate
		}
		if bands, ok := e.detector.Add(x); ok && bands.Quality > 0 {
			b.known, b.at = true, max(b.at, at)
		}
	}
}

func (b *brain) step(dt, fresh float64) {
	quality, n := 0.0, 0.0
	for i := range b.sides {
		if d := b.sides[i].detector; d != nil {
			quality += d.Bands.Quality
			n++
		} else if b.sides[i].isTold {
			quality++
			n++
		}
	}
	if n > 0 {
		fresh *= quality / n
	}
	b.conf = towards(b.conf, fresh, dt)
}

// alpha is its relative power in the mean of both sides, and the asymmetry.
func (b *brain) alpha() (relative, asymmetry float32) {
	l, r := &b.sides[0], &b.sides[1]
	sum, n := 0.0, 0.0
	for _, e := range []*electrode{l, r} {
		if e.detector != nil {
			sum += e.detector.Bands.RelativeAlpha()
			n++
		}
	}
	if n > 0 {
		relative = float32(sum / n)
	}
	switch {
	case l.detector != nil && r.detector != nil:
		asymmetry = float32(physio.Asymmetry(l.detector.Bands.Alpha, r.detector.Bands.Alpha))
	case l.isTold && r.isTold:
		asymmetry = float32(float64(r.told-l.told) * 2.302585092994046) // ln 10
	}
	return relative, asymmetry
}

func (b *brain) wipe() {
	for i := range b.sides {
		b.sides[i].detector.Wipe()
	}
}
