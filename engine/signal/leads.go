package signal

import (
	"time"

	"noctiluca/engine/signal/granger"
)

// Lead is a cell whose arousal tells what another's will be.
type Lead struct {
	From, To int
	Bits     float32 // transfer entropy, bits each two seconds
}

const (
	// leadCells is the most cells of an installation that are compared: the
	// pairs grow with the square.
	leadCells = 16
	leadEvery = 2 * time.Second
	leadOrder = 4           // eight seconds of past
	leadKeep  = 1 - 1.0/450 // a quarter of an hour
)

// leading gathers, for every pair of cells, how much the arousal of one tells of
// the other's next: Granger causality, whose Gaussian transfer entropy it is.
// Nothing is gathered of a cell with fewer than minimum_group people, two at
// the least, so that what is held is of no person.
type leading struct {
	cells int
	slot  int64
	sum   [leadCells]float64
	n     [leadCells]int
	pairs []granger.Stream // from × to
	bits  []float32        // what was found of each, 0 where nothing sure
	next  int              // pair that is looked at next
}

func newLeading(cells int) *leading {
	if cells < 2 || cells > leadCells {
		return nil
	}
	l := &leading{cells: cells, pairs: make([]granger.Stream, cells*cells), bits: make([]float32, cells*cells)}
	for i := range l.pairs {
		l.pairs[i] = granger.New(leadOrder, leadKeep)
	}
	return l
}

// add takes the cells as they are at now.
func (l *leading) add(c *Cells) {
	if l == nil {
		return
	}
	if slot := int64(c.now / leadEvery); slot != l.slot {
		l.close(slot == l.slot+1)
		l.slot = slot
	}
	least := max(c.opts.Rules.MinimumGroup, 2)
	for i := range l.cells {
		s := &c.states[i]
		switch {
		case s.People < least || s.ArousalConfidence < slotSure:
			l.n[i] = -1 << 30 // this slot has nothing to tell
		default:
			l.sum[i] += float64(s.Arousal)
			l.n[i]++
		}
	}
	// A pair a step: what the series tell changes over minutes.
	l.bits[l.next] = 0
	if r, ok := l.pairs[l.next].Strength(); ok && r.Sure() {
		l.bits[l.next] = float32(r.Bits())
	}
	l.next = (l.next + 1) % len(l.pairs)
}

// close ends a slot; whole says that the one before it was there too.
func (l *leading) close(whole bool) {
	for from := range l.cells {
		for to := range l.cells {
			if from == to {
				continue
			}
			p := &l.pairs[from*l.cells+to]
			if l.n[from] <= 0 || l.n[to] <= 0 {
				p.Gap()
				continue
			}
			p.Add(l.sum[to]/float64(l.n[to]), l.sum[from]/float64(l.n[from]))
			if !whole {
				p.Gap()
			}
		}
	}
	l.sum, l.n = [leadCells]float64{}, [leadCells]int{}
}

// Leads appends the pairs of cells of which one surely tells what the other
// will feel, the most telling first: people there may catch a mood from those
// here, or both follow something that one hears first. Of cells that may not be
// shown, and of installations with more than sixteen cells, there are none. It
// belongs to the goroutine of Step and allocates nothing where dst has room.
func (c *Cells) Leads(dst []Lead) []Lead {
	l := c.leading
	if l == nil {
		return dst
	}
	first := len(dst)
	for from := range l.cells {
		for to := range l.cells {
			bits := l.bits[from*l.cells+to]
			if bits == 0 || c.shown[from].out.Withheld || c.shown[to].out.Withheld {
				continue
			}
			dst = append(dst, Lead{from, to, bits})
			for i := len(dst) - 1; i > first && dst[i].Bits > dst[i-1].Bits; i-- {
				dst[i], dst[i-1] = dst[i-1], dst[i]
			}
		}
	}
	return dst
}
