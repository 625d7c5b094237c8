package signal

import (
	"fmt"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
)

// MaxPseudonym is the longest pseudonym, in bytes.
const MaxPseudonym = 64

// Options are the bounds and the habits of Cells. A zero field takes the
// default named at it.
type Options struct {
	// MaxPeople is how many may have consented at a time; default 2048. When
	// the house is full, who is silent makes room; who is present stays.
	MaxPeople int
	// MaxQueued is how many readings may wait for the next Step; default
	// 32768. Grants and revocations have room of their own.
	MaxQueued int
	// Contact is the silence after which a person counts as out of contact:
	// presence and confidence then fade. Default 10 s.
	Contact time.Duration
	// Forget is the silence after which all state of a person is zeroed and
	// their consent, unless it is standing, ends. Default 60 s.
	Forget time.Duration
	// InfluenceCap is the most of a collective value, of its whole range,
	// that any one person may move: 0.25 by default. In a group of n fewer
	// than 1/InfluenceCap it is 1/n, so a lone person moves all of it.
	InfluenceCap float64
	// Audit is told of consents, vetoes and roles; nil for nobody.
	Audit *audit.Log
	// Record is told, in Step, of every reading of a person who agreed to be
	// recorded; nil is nobody.
	Record func(person string, k Kind, value float64, at time.Duration, rate float32)
	// Rules are the governance of the work.
	Rules Rules
	// Places are where the cells are, in their order, for the light of each
	// person's own; without them only who sends a place of their own has one.
	Places []Ground
	// Seed is of the hues of those who choose none.
	Seed uint64
	// OwnLights is how many people can have a light of their own at a time, at
	// most MaxOwn; 0 is DefaultOwn, and less nobody.
	OwnLights int
}

func (o Options) withDefaults() Options {
	if o.MaxPeople <= 0 {
		o.MaxPeople = 2048
	}
	if o.MaxQueued <= 0 {
		o.MaxQueued = 32768
	}
	switch {
	case o.OwnLights == 0:
		o.OwnLights = DefaultOwn
	default:
		o.OwnLights = min(max(o.OwnLights, 0), MaxOwn)
	}
	if o.Contact <= 0 {
		o.Contact = 10 * time.Second
	}
	if o.Forget <= o.Contact {
		o.Forget = max(60*time.Second, 2*o.Contact)
	}
	if !(o.InfluenceCap > 0 && o.InfluenceCap <= 1) {
		o.InfluenceCap = 0.25
	}
	return o
}

// Cells turns events into the state of each cell and of the whole.
//
// Offer may be called by any goroutine at any time. Step, Cell, People and
// Cells belong to one goroutine, the engine's.
type Cells struct {
	names  []string
	opts   Options
	desk   *desk
	now    time.Duration
	due    []record
	people []person // one for each seat
	order  []int32  // seats of the consenting, in the order of their grants
	ending []int32  // seats without consent, to give back once no event is left
	states []CellState
	sums   []sums // one for each cell, and the whole last

	company company
	fresh   bool // the series of people have changed since they were compared

	light   []CellState // what the light follows: governed states
	steered [2]float64  // valence and arousal, as far as they are steered at present
	guard   *guard.Guard
	shown   []shown
	history *History
	leading *leading
	orders  orders
	exports exports
	own     []Own // its room is how many there can be
	waiting int
}

// New makes the cells of an installation, with nobody in them.
func New(cells []string, opts Options) *Cells {
	opts = opts.withDefaults()
	seats := 2 * opts.MaxPeople
	c := &Cells{
		names:  append([]string(nil), cells...),
		opts:   opts,
		desk:   newDesk(opts),
		due:    make([]record, 0, opts.MaxQueued+3*opts.MaxPeople),
		people: make([]person, seats),
		order:  make([]int32, 0, seats),
		ending: make([]int32, 0, seats),
		states: make([]CellState, len(cells)+1),
		sums:   make([]sums, len(cells)+1),
		light:  make([]CellState, len(cells)+1),
		shown:  make([]shown, len(cells)+1),
		own:    make([]Own, 0, opts.OwnLights),
	}
	if o := opts.Rules.Guard; o != nil {
		c.guard = guard.New(*o)
	}
	c.leading = newLeading(len(cells))
	c.history = newHistory(len(cells), opts.Rules.MinimumGroup, c.guard != nil)
	c.beginOrders()
	c.begin()
	return c
}

// Offer gives an event in. It never waits for a Step and allocates only for
// the grant of a new person. What has no consent is dropped here, silently.
func (c *Cells) Offer(e Event) { c.desk.offer(&e, len(c.names)) }

// Counters may be read by any goroutine.
func (c *Cells) Counters() Counters { return c.desk.count() }

// Consenting appends the pseudonyms of all who have consented so far. Any
// goroutine may call it.
func (c *Cells) Consenting(dst []string) []string { return c.desk.names(dst) }

// Names gives the names of the cells; their indices are those of Cell.
func (c *Cells) Names() []string { return c.names }

// Step takes in all events up to now, in the order of their times, and
// computes the states. A time before the last one counts as the last one.
func (c *Cells) Step(now time.Duration) {
	now = max(now, c.now)
	c.obey(now)
	for _, seat := range c.order {
		if c.people[seat].terms.Ended(now) {
			c.desk.lapse(seat, now)
		}
	}
	c.due = c.desk.due(now, c.due[:0])
	for i := range c.due {
		c.apply(&c.due[i])
	}
	clear(c.due) // readings stay nowhere longer than they are needed
	dt := (now - c.now).Seconds()
	c.fresh = c.fresh || slotAt(now) != slotAt(c.now)
	c.now = now

	kept := c.order[:0]
	for _, seat := range c.order {
		p := &c.people[seat]
		if now-p.seen > c.opts.Forget && p.heard {
			c.desk.forgot(seat, now)
			c.history.erase()
			if !p.standing {
				p.zero()
				c.fresh = true
				c.end(seat)
				continue
			}
			p.forget()
		}
		p.step(now, dt, c.opts.Contact, c.opts.Rules.InferNothing)
		kept = append(kept, seat)
	}
	c.order = kept

	left := c.ending[:0]
	for _, seat := range c.ending {
		p := &c.people[seat]
		if p.granted || c.desk.release(seat) {
			p.ending = false
			continue
		}
		left = append(left, seat)
	}
	c.ending = left
	c.sum()
	c.govern(dt)
	c.place(dt)
	c.release(dt)
	c.history.remember(c)
	c.leading.add(c)
}

// apply lets one record act. A record of a consent that has been taken back
// since (an earlier generation) is void.
func (c *Cells) apply(r *record) {
	p := &c.people[r.seat]
	if r.gen < p.gen {
		return
	}
	switch r.action {
	case Grant:
		p.gen = r.gen
		p.standing = p.standing || r.standing
		p.seen = max(p.seen, r.at)
		dark := p.terms.Light == 0
		p.agree(r.terms)
		if r.cell >= 0 || !p.granted {
			p.cell = int(r.cell)
			p.spot.held = false
		}
		c.fresh = true
		if !p.granted {
			p.granted = true
			p.name = c.desk.name(r.seat)
			c.order = append(c.order, r.seat)
		}
		if dark || r.terms.Light == 0 { // a colour serves light, and goes with it
			p.hue, p.spot = hueOf(p.name, c.opts.Seed), spot{}
		}
	case Revoke:
		if p.granted {
			for i, seat := range c.order {
				if seat == r.seat { // the others keep their order
					c.order = append(c.order[:i], c.order[i+1:]...)
					break
				}
			}
		}
		p.zero()
		c.fresh = true
		p.gen = r.gen + 1
		c.left()
		c.end(r.seat)
	case Move:
		if p.granted {
			p.cell = int(r.cell)
			p.spot.held = false
			c.fresh = true
		}
	case Colour:
		if p.granted && p.terms.Light != 0 {
			p.hue = r.value
		}
	case Place:
		if p.granted && p.terms.Light != 0 {
			c.touch(p, r)
		}
	case Normal:
		if p.granted && p.terms.Any()&r.kind.Modality() != 0 {
			p.normal(r)
		}
	case Veto:
		if p.granted {
			p.veto = r.value != 0
			what := audit.VetoEnded
			if p.veto {
				what = audit.Vetoed
			}
			c.opts.Audit.Add(audit.Entry{At: r.at, What: what, Visit: c.desk.visit(r.seat)})
		}
	case Role:
		if p.granted && r.value >= Visitor && r.value <= Pupil {
			p.role = uint8(r.value)
			c.opts.Audit.Add(audit.Entry{At: r.at, What: audit.RoleSet, Visit: c.desk.visit(r.seat), Text: [...]string{"visitor", "staff", "pupil"}[p.role]})
		}
	case Read:
		if p.granted && p.terms.Any()&r.kind.Modality() != 0 {
			p.read(r)
			if c.opts.Record != nil && p.terms.Record&r.kind.Modality() != 0 {
				c.opts.Record(p.name, r.kind, r.value, r.at, r.rate)
			}
		}
	}
}

// end puts a seat without consent on the list of those to be given back.
func (c *Cells) end(seat int32) {
	if p := &c.people[seat]; !p.ending {
		p.ending = true
		c.ending = append(c.ending, seat)
	}
}

// Cell is what the light follows in cell i as of the last Step: what its
// people feel, under the rules of the work. −1 is the whole, to which also
// those count who stand in no cell.
//
// Valence and arousal are given with the weight of what is known of them: a
// cell of which little is known lies near 0. Use them as they are; do not
// multiply them by their confidence again.
func (c *Cells) Cell(i int) CellState {
	if i < -1 || i >= len(c.names) {
		panic(fmt.Sprintf("signal: cell %d asked for; there are %d, and -1 is the whole", i, len(c.names)))
	}
	if i < 0 {
		i = len(c.names)
	}
	return c.light[i]
}

// Felt is what the people of cell i feel, −1 all of them, before the rules of
// the work: for the guard and for tests. What is shown or written of a group
// is Shown.
func (c *Cells) Felt(i int) CellState {
	if i < 0 || i >= len(c.names) {
		i = len(c.names)
	}
	return c.states[i]
}

// People appends everybody who has agreed to be shown and has been heard of,
// each with what they agreed to show, in the order of their grants.
func (c *Cells) People(dst []PersonState) []PersonState {
	for _, seat := range c.order {
		p := &c.people[seat]
		if !p.heard || p.terms.Display == 0 {
			continue
		}
		dst = append(dst, p.state())
	}
	return dst
}
