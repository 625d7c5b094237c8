package flash

import (
	"math"

	"noctiluca/shaders/kage/block"
)

// worker is what one goroutine needs to follow lights.
type worker struct {
	// Of lights that are a sum of their R, G and B, and of others.
	calm, dark, turns [2]machine
	mixed             [4][]float32 // R, G, B and luminance of a part of such
	list              [block.Size + 1]uint8
}

// machine is a program and the memory that it runs in.
type machine struct {
	*block.State
	p    *block.Program
	in   []int // what its inputs are
	kept int   // how many of its results go where inputs come from
}

func newMachine(a *assembler, kept int, k *block.Kernels) machine {
	return machine{a.p.NewState(k), &a.p, a.in, kept}
}

// sees is a result that is looked at.
func (m *machine) sees(result int) block.Arg { return m.p.Outputs[m.kept+result] }

func (a *Analyser) newWorker(k *block.Kernels) *worker {
	w := &worker{}
	for i := range w.calm {
		share, mixed := a.rules.RedShare, i == 1
		w.calm[i] = newMachine(calmProgram(a.lum, a.red, share, mixed, false), 3, k)
		w.dark[i] = newMachine(calmProgram(a.lum, a.red, share, mixed, true), 1, k)
		w.turns[i] = newMachine(turnProgram(a.lum, a.red, share, mixed), 3, k)
	}
	for i := range a.scene.Stretches {
		if st := &a.scene.Stretches[i]; st.mixed() && w.mixed[0] == nil {
			for k := range w.mixed {
				w.mixed[k] = make([]float32, perPart)
			}
		}
	}
	return w
}

// few is how many lights of a block, at most, it is quicker to look at one by
// one, where there is more to see, than all at once. What is seen is the same.
const few = block.Size / 8

// blocks is how many blocks so many lights take.
func blocks(lights int) int { return (lights + block.Size - 1) / block.Size }

// idleBoth is for how many frames a block has to be without red before its
// redness is not followed: until both the old numbers and the next say so.
const idleBoth = 2

// followPart takes one part's signals a frame on: from the extremes of the
// frame before to those of this one. first says that it was not done yet in
// this frame.
func (a *Analyser) followPart(w *worker, task int, first bool) {
	p := &a.parts[task]
	st := &a.scene.Stretches[p.stretch]
	n := p.end - p.light
	kind := 0
	var r, g, b []float32
	var y []float32
	if st.mixed() {
		kind = 1
		a.mix(w, p, st)
		r, g, b, y = w.mixed[0], w.mixed[1], w.mixed[2], w.mixed[3]
	} else {
		r, g, b = a.r[p.pixel:p.pixel+n], a.g[p.pixel:p.pixel+n], a.b[p.pixel:p.pixel+n]
	}
	calm, dark, turns := &w.calm[kind], &w.dark[kind], &w.turns[kind]
	for _, m := range [...]*machine{calm, dark, turns} {
		for k := range 3 {
			m.SetScalar(k, math.Float32bits(st.Full[k]))
		}
		m.Prologue()
	}
	sums, darkSums := calm.Block(calm.sees(outSum)), dark.Block(dark.sees(outSum))
	clear(sums)
	clear(darkSums)
	p.hot, p.did = 0, 0
	for at := 0; at < n; at += block.Size {
		many := min(block.Size, n-at)
		slot := p.slot + at
		in := [7][]float32{r[at : at+many], g[at : at+many], b[at : at+many], a.lum.old[slot:], a.red.old[slot:], a.oldSat[slot:]}
		if kind == 1 {
			in[inY] = y[at : at+many]
		}
		out := [3][]float32{a.lum.next[slot:], a.red.next[slot:], a.nextSat[slot:]}
		idle := &a.idle[slot/block.Size]
		m, hot, glow := dark, false, *idle < idleBoth
		if !glow {
			hot, glow = dark.look(&in, &out, many)
		}
		if glow {
			m = calm
			hot, glow = calm.look(&in, &out, many)
			switch {
			case glow || !allDark(out[1][:many]):
				*idle = 0
			case first:
				*idle++
			}
		}
		if !hot {
			continue
		}
		p.hot |= 1 << (at / block.Size)
		any := m.Words(m.sees(outAny))
		p.hot |= 1 << (at / block.Size)
		codes := a.codes[slot : slot+many]
		n := 0
		for i, m := range any[:many] {
			w.list[n] = uint8(i)
			n += int(m & 1)
		}
		if n <= few {
			clear(codes)
			for _, i := range w.list[:n] {
				y := float32(0)
				if kind == 1 {
					y = in[inY][i]
				} else {
					y = float32(st.Full[0]*in[inR][i]) + float32(st.Full[1]*in[inG][i])
					y += float32(st.Full[2] * in[inB][i])
				}
				codes[i] = a.turn(slot+int(i), y, in[inR][i], in[inG][i], in[inB][i])
				p.did |= codes[i]
			}
			continue
		}
		turns.run(&in, &out, many)
		for i, c := range turns.Words(turns.sees(outSum))[:many] {
			codes[i] = uint8(c)
			p.did |= uint8(c)
		}
	}
	p.sum = total(sums) + total(darkSums)
}

// turn is what turnProgram does, for one light.
func (a *Analyser) turn(slot int, y, r, g, b float32) (code uint8) {
	up, down := a.lum.turn(slot, y)
	if up {
		code = lumUp
	} else if down {
		code = lumDown
	}
	up, down = a.red.turn(slot, max(r-g-b, 0))
	if up || down {
		now := r >= a.red.least && r >= float32(a.rules.RedShare*((r+g)+b))*near
		if now || a.oldSat[slot] != 0 {
			if up {
				code |= redUp
			} else {
				code |= redDown
			}
		}
		a.nextSat[slot] = 0
		if now {
			a.nextSat[slot] = math.Float32frombits(math.MaxUint32)
		}
	}
	return code
}

// allDark says that lights have been without red since they fell.
func allDark(ext []float32) bool {
	for _, x := range ext {
		if math.Float32bits(x) != signBit {
			return false
		}
	}
	return true
}

// total adds up a block, in four rows.
func total(v []float32) float64 {
	var a, b, c, d float64
	for i := 0; i < len(v); i += 4 {
		x := (*[4]float32)(v[i:])
		a, b, c, d = a+float64(x[0]), b+float64(x[1]), c+float64(x[2]), d+float64(x[3])
	}
	return (a + b) + (c + d)
}

// look is run for a program that says whether there is more to see, and
// whether anything glows red.
func (m *machine) look(in *[7][]float32, out *[3][]float32, n int) (hot, glow bool) {
	h, g := m.Words(m.sees(outHot)), m.Words(m.sees(outGlow))
	h[0], g[0] = 0, 0
	m.run(in, out, n)
	return h[0] != 0, g[0] != 0
}

// run runs a program over a block. What is shorter than a block is copied,
// with darkness after it.
func (m *machine) run(in *[7][]float32, out *[3][]float32, n int) {
	for i, k := range m.in {
		from := in[k]
		if len(from) >= block.Size && m.ReadsFrom(i) {
			m.ReadFrom(i, from[:block.Size])
			continue
		}
		if m.ReadsFrom(i) {
			m.ReadFrom(i, nil)
		}
		to := m.Block(m.p.Inputs[i])
		clear(to[copy(to, from):])
	}
	for i, to := range out[:m.kept] {
		if m.WritesTo(i) {
			m.WriteTo(i, to[:block.Size])
		}
	}
	m.Run(n)
	for i, to := range out[:m.kept] {
		if !m.WritesTo(i) {
			copy(to[:n], m.Block(m.p.Outputs[i]))
		}
	}
}

// mix works out the lights of a part whose pixels are finer than a light, or
// have a white emitter.
func (a *Analyser) mix(w *worker, p *part, st *Stretch) {
	n := st.run()
	full := &st.Full
	for i := range w.mixed {
		w.mixed[i] = w.mixed[i][:p.end-p.light]
	}
	for light := range p.end - p.light {
		from := p.pixel + light*n
		to := min(from+n, st.First+st.Count)
		var y, r, g, b float32
		for i := from; i < to; i++ {
			x, h, z := a.r[i], a.g[i], a.b[i]
			r, g, b = r+x, g+h, b+z
			if st.White {
				white := min(x, h, z)
				y += float32(full[3] * white)
				x, h, z = x-white, h-white, z-white
			}
			l := float32(full[0]*x) + float32(full[1]*h)
			y += l + float32(full[2]*z)
		}
		if n := float32(to - from); n > 1 {
			y, r, g, b = y/n, r/n, g/n, b/n
		}
		w.mixed[0][light], w.mixed[1][light], w.mixed[2][light], w.mixed[3][light] = r, g, b, y
	}
}
