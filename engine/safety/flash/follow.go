package flash

import (
	"noctiluca/engine/safety/flash/lane"
)

// worker is what one goroutine needs to follow and to dim lights.
type worker struct {
	set    *lane.Set
	block  lane.Block
	choice [2]lane.Choice // by luminance, and by redness
	dim    lane.Dim
	areas  lane.Areas
	ledger [2][]tallied // of each signal and view

	least float32 // of all gains that it has seen in the frame

	sums, darkSums [lane.Size]float32
	last           [3][lane.Size]float32 // a block with fewer lights than it could have
	mixed          [4][]float32          // R, G, B and luminance of a part's lights that are mixed
	gains          [perPart]float32
	pixels         [perPart]float32 // the gains of pixels, where a light is several
	mix            lane.Mix
	flags          [2][perPart]uint8 // of a part's lights, by each signal
	view           [perPart]uint8    // the same, of one view
	tell           lane.Tell
	then           [2][lane.Part]lane.Bits
}

func (a *Analyser) newWorker(set *lane.Set) *worker {
	w := &worker{set: set}
	w.block.Rules = a.rule
	for k, t := range a.tracks {
		w.choice[k] = lane.Choice{Rule: &t.Track, Near: a.rule.Near, Sign: a.rule.Sign, Most: lane.Of(mostGain)}
		for _, v := range a.views {
			w.ledger[k] = append(w.ledger[k], newTallied(len(v.total), len(a.views)))
		}
	}
	w.dim.One, w.dim.ByRed = lane.Of(1), lane.NewByRed(a.rules.RedShare, false)
	for i := range a.scene.Stretches {
		if st := &a.scene.Stretches[i]; st.mixed() && w.mixed[0] == nil {
			for k := range w.mixed {
				w.mixed[k] = make([]float32, perPart)
			}
		}
	}
	return w
}

// blocks is how many blocks so many lights take.
func blocks(lights int) int { return (lights + lane.Size - 1) / lane.Size }

// idleBoth is for how many frames a block has to be without red before its
// redness is not followed: until both the old extremes and the next say so.
const idleBoth = 2

// whole is so many values of an array as a block has.
func whole[T any](of []T) *[lane.Size]T { return (*[lane.Size]T)(of) }

// followPart takes one part's signals a frame on: from the extremes of the
// frame before to those of this one. first says that it was not done yet in
// this frame.
func (a *Analyser) followPart(w *worker, p *part, first bool) {
	st := &a.scene.Stretches[p.stretch]
	n := p.end - p.light
	b := &w.block
	dark, full := w.set.Dark, w.set.Full
	var in [3][]float32
	if st.mixed() {
		a.mix(w, p, st)
		dark, full = w.set.DarkY, w.set.FullY
	} else {
		in = [3][]float32{a.r[p.pixel : p.pixel+n], a.g[p.pixel : p.pixel+n], a.b[p.pixel : p.pixel+n]}
		for k := range b.Full {
			if b.Full[k][0] != st.Full[k] {
				b.Full[k] = lane.Of(st.Full[k])
			}
		}
	}
	clear(w.sums[:])
	clear(w.darkSums[:])
	anyDark, anyGlows := false, false
	p.did = 0
	for at := 0; at < n; at += lane.Size {
		slot := p.slot + at
		k := slot / lane.Size
		b.N = sixteens(n - at)
		switch {
		case st.mixed():
			b.R, b.G, b.B, b.Y = whole(w.mixed[0][at:]), whole(w.mixed[1][at:]), whole(w.mixed[2][at:]), whole(w.mixed[3][at:])
		case n-at < lane.Size:
			w.pad(&in, at)
			b.R, b.G, b.B = &w.last[0], &w.last[1], &w.last[2]
		default:
			b.R, b.G, b.B = whole(in[0][at:]), whole(in[1][at:]), whole(in[2][at:])
		}
		b.OldLum, b.NextLum = whole(a.lum.old[slot:]), whole(a.lum.next[slot:])
		b.OldRed, b.NextRed = whole(a.red.old[slot:]), whole(a.red.next[slot:])
		b.OldSat, b.NextSat, b.Codes = &a.oldSat[k], &a.nextSat[k], &a.codes[k]
		b.Sums = &w.darkSums
		glows := a.idle[k] < idleBoth
		if !glows {
			dark(b)
			glows = b.Glows != 0
			anyDark = anyDark || !glows
		}
		if glows {
			anyGlows = true
			b.Sums = &w.sums
			full(b)
			switch {
			case b.Glows != 0 || b.Lit != 0:
				a.idle[k] = 0
			case first:
				a.idle[k]++
			}
		}
		if b.Hot != 0 {
			for i := range b.Codes {
				if b.Codes[i].Any() {
					p.did |= 1 << i
				}
			}
		}
	}
	p.sum = 0
	if anyGlows {
		p.sum = total(w.sums[:sixteens(n)])
	}
	if anyDark {
		p.sum += total(w.darkSums[:sixteens(n)])
	}
}

// pad copies the lights of a part's last block, with darkness after them.
func (w *worker) pad(in *[3][]float32, at int) {
	for k := range w.last {
		clear(w.last[k][copy(w.last[k][:], in[k][at:]):])
	}
}

// total adds up a block's sums, in four rows.
func total(v []float32) float64 {
	var a, b, c, d float64
	for i := 0; i < len(v); i += 4 {
		x := (*[4]float32)(v[i:])
		a, b, c, d = a+float64(x[0]), b+float64(x[1]), c+float64(x[2]), d+float64(x[3])
	}
	return (a + b) + (c + d)
}

// mix works out the lights of a part whose pixels are finer than a light, or
// have a white emitter.
func (a *Analyser) mix(w *worker, p *part, st *Stretch) {
	n, run := p.end-p.light, st.run()
	m := &w.mix
	m.Run, m.Count, m.White = run, lane.Of(float32(run)), 0
	if st.White {
		m.White = 1
	}
	for k := range m.Full {
		m.Full[k] = lane.Of(st.Full[k])
	}
	// Those in sixteens, and of as many pixels as they are meant to be; then
	// the rest.
	last := min(p.pixel+n*run, st.First+st.Count)
	whole := (last - p.pixel) / run &^ 15
	m.N = whole
	m.R, m.G, m.B, m.Mixed = a.r[p.pixel:last], a.g[p.pixel:last], a.b[p.pixel:last], w.mixed
	if whole > 0 {
		w.set.Mix(m)
	}
	for i := range w.mixed {
		clear(w.mixed[i][whole:])
	}
	for light := whole; light < n; light++ {
		m.One(light, min(run, last-p.pixel-light*run))
	}
}

// sixteens is so many lights of a block, or the whole block, in sixteens.
func sixteens(n int) int { return min((n+15)&^15, lane.Size) }
