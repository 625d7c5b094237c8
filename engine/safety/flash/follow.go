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
	mixed          [4][lane.Size]float32 // R, G, B and luminance of lights that are mixed
	following      following
	gains          [lane.Size]float32
	pixels         []float32 // the gains of pixels, where a light is several
	then           lane.Bits // marks from now on
	mix            lane.Mix
	flags          [2][perPart]uint8 // of a part's lights, by each signal
	view           [perPart]uint8    // the same, of one view
	tell           lane.Tell
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
	for i := range a.scene.Stretches {
		if run := a.scene.Stretches[i].run(); run > 1 && run*lane.Size > len(w.pixels) {
			w.pixels = make([]float32, run*lane.Size)
		}
	}
	w.dim.One, w.dim.ByRed = lane.Of(1), lane.NewByRed(a.rules.RedShare, false)
	w.mix.Mixed = [4]*[lane.Size]float32{&w.mixed[0], &w.mixed[1], &w.mixed[2], &w.mixed[3]}
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
	w.begin(p, &a.scene.Stretches[p.stretch])
	for at := 0; at < p.end-p.light; at += lane.Size {
		a.followBlock(w, at, first)
	}
	w.finish()
}

// following is the part that a worker follows.
type following struct {
	part       *part
	stretch    *Stretch
	did        uint8
	dark, glow bool // there were blocks of either kind
}

func (w *worker) begin(p *part, st *Stretch) {
	w.following = following{part: p, stretch: st}
	for k := range w.block.Full {
		if w.block.Full[k][0] != st.Full[k] {
			w.block.Full[k] = lane.Of(st.Full[k])
		}
	}
	n := sixteens(p.end - p.light)
	clear(w.sums[:n])
	clear(w.darkSums[:n])
}

// followBlock follows the block of a part that begins at a light of it.
func (a *Analyser) followBlock(w *worker, at int, first bool) {
	p, st, b := w.following.part, w.following.stretch, &w.block
	n := p.end - p.light
	slot := p.slot + at
	k := slot / lane.Size
	b.N = sixteens(n - at)
	dark, full := w.set.Dark, w.set.Full
	switch {
	case st.mixed():
		a.mix(w, p, st, at)
		b.R, b.G, b.B, b.Y = &w.mixed[0], &w.mixed[1], &w.mixed[2], &w.mixed[3]
		dark, full = w.set.DarkY, w.set.FullY
	case n-at < lane.Size:
		from := p.pixel + at
		end := p.pixel + n
		w.pad(&[3][]float32{a.r[from:end], a.g[from:end], a.b[from:end]})
		b.R, b.G, b.B = &w.last[0], &w.last[1], &w.last[2]
	default:
		from := p.pixel + at
		b.R, b.G, b.B = whole(a.r[from:]), whole(a.g[from:]), whole(a.b[from:])
	}
	b.OldLum, b.NextLum = whole(a.lum.old[slot:]), whole(a.lum.next[slot:])
	b.OldRed, b.NextRed = whole(a.red.old[slot:]), whole(a.red.next[slot:])
	b.OldSat, b.NextSat, b.Codes = &a.oldSat[k], &a.nextSat[k], &a.codes[k]
	b.Sums = &w.darkSums
	glows := a.idle[k] < idleBoth
	if !glows {
		dark(b)
		if glows = b.Glows != 0; !glows {
			w.following.dark = true
		}
	}
	if glows {
		w.following.glow = true
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
				w.following.did |= 1 << i
			}
		}
	}
}

// finish writes what was found out about the part.
func (w *worker) finish() {
	f := &w.following
	n := sixteens(f.part.end - f.part.light)
	f.part.did, f.part.sum = f.did, 0
	if f.glow {
		f.part.sum = total(w.sums[:n])
	}
	if f.dark {
		f.part.sum += total(w.darkSums[:n])
	}
}

// pad copies the lights of a part's last block, with darkness after them.
func (w *worker) pad(in *[3][]float32) {
	for k := range w.last {
		clear(w.last[k][copy(w.last[k][:], in[k]):])
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

// mix works out a block of a part's lights, whose pixels are finer than a
// light, or have a white emitter.
func (a *Analyser) mix(w *worker, p *part, st *Stretch, at int) {
	run := st.run()
	from := p.pixel + at*run
	n := min(p.end-p.light-at, lane.Size)
	last := min(from+n*run, st.First+st.Count)
	m := &w.mix
	if m.Run != run {
		m.Run, m.Count = run, lane.Of(float32(run))
	}
	m.White = 0
	if st.White {
		m.White = 1
	}
	for k := range m.Full {
		if m.Full[k][0] != st.Full[k] {
			m.Full[k] = lane.Of(st.Full[k])
		}
	}
	m.R, m.G, m.B = a.r[from:last], a.g[from:last], a.b[from:last]
	// Those in sixteens, and of as many pixels as they are meant to be; then
	// the rest.
	m.N = (last - from) / run &^ 15
	if m.N > 0 {
		w.set.Mix(m)
	}
	for i := range w.mixed {
		clear(w.mixed[i][m.N:])
	}
	for light := m.N; light < n; light++ {
		m.One(light, min(run, last-from-light*run))
	}
}

// sixteens is so many lights of a block, or the whole block, in sixteens.
func sixteens(n int) int { return min((n+15)&^15, lane.Size) }
