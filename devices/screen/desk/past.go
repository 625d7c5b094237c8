package desk

import (
	"image/color"
	"math"
	"time"

	"noctiluca/engine/signal"
)

// past is the last minutes of the cells and of the guard, copied out of the
// status whenever they are others.
type past struct {
	changes uint64
	of      *signal.History
	cells   [][]signal.Moment // everybody first, then each cell
	guard   []signal.GuardMoment
}

// recall copies the history, when it has changed. What somebody took back is
// gone from it, and so from here.
func (d *Desk) recall() {
	p, h := &d.past, d.status.History
	if p.cells == nil {
		p.cells = make([][]signal.Moment, len(d.inst.Cells)+1)
	}
	if h == nil {
		for i := range p.cells {
			p.cells[i] = p.cells[i][:0]
		}
		p.of, p.guard = nil, p.guard[:0]
		return
	}
	n := h.Changes()
	if p.of == h && p.changes == n {
		return
	}
	p.of, p.changes = h, n
	for i := range p.cells {
		p.cells[i] = h.Cell(i-1, p.cells[i][:0])
	}
	p.guard = h.Guard(p.guard[:0])
}

// pastMinutes is how much of the history the small graphs show, and
// pastMoments how many moments that is.
const (
	pastMinutes = 5
	pastMoments = int(pastMinutes * time.Minute / signal.HistoryEvery)
)

// feature is what a small graph shows of a cell.
type feature struct {
	tone color.NRGBA
	// at is the value as a height, 0…1; NaN where there is none.
	at func(m *signal.Moment) float32
}

var nan = float32(math.NaN())

// felt are the features that are drawn over time, left to right.
var felt = [...]feature{
	{warm, func(m *signal.Moment) float32 {
		if m.ArousalConfidence > 0 {
			return m.Arousal/2 + 0.5
		}
		return nan
	}},
	{cool, func(m *signal.Moment) float32 { return ofSeveral(m, m.Coherence) }},
	{wrong, func(m *signal.Moment) float32 { return ofSeveral(m, m.Fragmentation) }},
}

// ofSeveral is a value that only several people can have.
func ofSeveral(m *signal.Moment, v float32) float32 {
	if m.Withheld || m.People < 2 {
		return nan
	}
	return v
}

// history draws a feature of a cell.
func (d *Desk) history(m []signal.Moment, f feature, a area) {
	tone := f.tone
	tone.A = 190
	d.series(len(m), a, tone, func(i int) float32 { return f.at(&m[i]) })
}

// series draws the last of n values a second, oldest first, with now at the
// right and a gap where at gives none.
func (d *Desk) series(n int, a area, c color.NRGBA, at func(i int) float32) {
	const stride = 4 // seconds to a point
	d.points = d.points[:0]
	for ago := (pastMoments - 1) / stride * stride; ago >= 0; ago -= stride {
		v := nan
		if ago < n {
			v = at(n - 1 - ago)
		}
		if v != v {
			d.curve(c)
			continue
		}
		d.points = append(d.points, a.x+a.w*(1-float64(ago)/float64(pastMoments)), a.y+a.h*(1-float64(min(max(v, 0), 1))))
	}
	d.curve(c)
}

// curve draws the points that were gathered, and begins anew.
func (d *Desk) curve(c color.NRGBA) {
	if len(d.points) >= 4 {
		d.canvas.Curve(d.points, 1.2, c)
	}
	d.points = d.points[:0]
}
