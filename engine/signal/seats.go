package signal

import (
	"strings"
	"sync"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/consent"
)

// seat is a place for one consenting person. A person without consent has
// none, and so nothing of them is kept anywhere.
type seat struct {
	name     string
	gen      uint32
	granted  bool // by what has arrived; the person's own state follows at Step
	standing bool
	read     bool          // has sent a reading since the grant
	seen     time.Duration // of the last grant or reading that arrived
	queued   int           // records in the queue that point here
	terms    consent.Terms
	visit    uint64 // number of the visit, for the audit log
}

// desk is where events arrive: it keeps who has consented, drops what has no
// consent, and keeps the rest in one bounded queue until Step. All of it is
// under mu, which is held for the copying of records only, never while people
// are computed.
type desk struct {
	mu       sync.Mutex
	queue    queue
	seq      uint64
	seats    []seat
	free     []int32 // seats nobody has; the last is taken first
	byName   map[string]int32
	granted  int // seats with granted set, at most people
	people   int
	contact  time.Duration // after which a silent person may make room for another
	readings int           // Read records in the queue, at most limit
	controls int           // Grant and Move records in the queue, at most people
	limit    int
	counters Counters
	visits   uint64
	log      *audit.Log
}

// Counters tell how busy the desk is. Nothing in them speaks of readings
// without consent: those leave no trace.
type Counters struct {
	Grants      uint64 // consents that arrived
	Revocations uint64 // consents taken back by the person
	Forgotten   uint64 // people whose state was zeroed after a long silence
	Evicted     uint64 // silent people who made room for others
	Refused     uint64 // grants refused: the house was full of people present
	Implausible uint64 // readings of consenting people outside any physical range
	Overflow    uint64 // readings of consenting people dropped because the queue was full
	Queued      int    // events waiting for Step
	People      int    // people with consent
}

func newDesk(o Options) *desk {
	// Twice as many seats as people: a seat that was given up is taken again
	// only after Step has zeroed it, and newcomers need not wait for that.
	n := 2 * o.MaxPeople
	d := &desk{
		seats:   make([]seat, n),
		free:    make([]int32, n),
		byName:  make(map[string]int32, n),
		people:  o.MaxPeople,
		contact: o.Contact,
		limit:   o.MaxQueued,
		log:     o.Audit,
		// Readings, then grants and moves; and a Revoke for each grant in the
		// queue and each person seated, so that a revocation always has room.
		queue: make(queue, 0, o.MaxQueued+3*o.MaxPeople),
	}
	for i := range d.free {
		d.free[i] = int32(n - 1 - i)
	}
	return d
}

// admit counts one more of a sort that may wait for a frame, or that there are
// too many of it.
func (d *desk) admit(waiting *int, limit int) bool {
	if *waiting >= limit {
		d.counters.Overflow++
		return false
	}
	*waiting++
	return true
}

// offer takes one event in. It allocates for a person's grant only.
func (d *desk) offer(e *Event, cells int) {
	if e.At < 0 || e.Action > Place || e.Kind >= Kinds {
		return
	}
	if e.Cell < -1 || e.Cell >= cells {
		e.Cell = -1
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at, seated := d.byName[e.Person]
	if e.Action == Grant {
		d.grant(e, at, seated)
		return
	}
	if !seated || !d.seats[at].granted {
		return // no consent: as if it had not been sent
	}
	s := &d.seats[at]
	if e.Action != Revoke && s.terms.Ended(e.At) {
		return // dated after the end of the consent, which Step sees to
	}
	switch e.Action {
	case Read:
		if s.terms.Any()&e.Kind.Modality() == 0 {
			return // not agreed to: as if it had not been sent
		}
		if !plausible(e.Kind, e.Value) {
			d.counters.Implausible++
			return
		}
		if !d.admit(&d.readings, d.limit) {
			return
		}
		s.read = true
		s.seen = max(s.seen, e.At)
	case Place:
		if s.terms.Light == 0 {
			return // not agreed to: a hand is for the light and for nothing else
		}
		if !placeable(e.Place) {
			d.counters.Implausible++
			return
		}
		if !d.admit(&d.readings, d.limit) { // hands move as often as sensors are read
			return
		}
		s.read = true
		s.seen = max(s.seen, e.At)
	case Colour:
		if s.terms.Light == 0 {
			return
		}
		if !(e.Value >= 0 && e.Value <= 1) {
			d.counters.Implausible++
			return
		}
		if !d.admit(&d.controls, d.people) {
			return
		}
	case Move, Veto, Role:
		if !d.admit(&d.controls, d.people) {
			return
		}
	case Normal:
		if s.terms.Any()&e.Kind.Modality() == 0 {
			return
		}
		if (e.Kind != HeartRate && e.Kind != EDA) || !plausible(e.Kind, e.Value) || !(e.Rate > 0 && e.Rate < 100) {
			d.counters.Implausible++
			return
		}
		if !d.admit(&d.controls, d.people) {
			return
		}
	case Revoke:
		d.counters.Revocations++
		d.log.Add(audit.Entry{At: e.At, What: audit.Revoked, Visit: s.visit})
		d.revoke(at, e.At)
		return
	}
	d.push(e, at)
}

func (d *desk) push(e *Event, at int32) {
	s := &d.seats[at]
	d.seq++
	s.queued++
	d.queue.push(record{
		at: e.At, value: e.Value, seq: d.seq, gen: s.gen, rate: e.Rate, seat: at,
		cell: int32(e.Cell), action: e.Action, kind: e.Kind, standing: e.Standing, terms: e.Terms,
		place: e.Place,
	})
}

// grant seats a person, or renews the consent of one who is seated.
func (d *desk) grant(e *Event, at int32, seated bool) {
	if d.controls >= d.people {
		d.counters.Refused++
		return
	}
	if !seated || !d.seats[at].granted {
		if d.granted >= d.people && !d.evict(e.At) {
			d.counters.Refused++
			return
		}
		if !seated {
			if len(d.free) == 0 || e.Person == "" || len(e.Person) > MaxPseudonym {
				d.counters.Refused++
				return
			}
			at = d.free[len(d.free)-1]
			d.free = d.free[:len(d.free)-1]
			name := strings.Clone(e.Person)
			d.byName[name] = at
			d.seats[at] = seat{name: name, gen: d.seats[at].gen}
		}
		d.granted++
		d.visits++
		d.seats[at].visit = d.visits
	}
	s := &d.seats[at]
	if s.terms != e.Terms || !s.granted {
		d.log.Add(audit.Entry{At: e.At, What: audit.Granted, Visit: s.visit, Terms: e.Terms})
	}
	s.terms = e.Terms
	s.granted = true
	s.standing = s.standing || e.Standing
	s.seen = max(s.seen, e.At)
	d.counters.Grants++
	d.controls++
	d.push(e, at)
}

// revoke closes the seat for all that arrives from now on, and tells Step.
func (d *desk) revoke(at int32, when time.Duration) {
	s := &d.seats[at]
	s.granted, s.standing, s.read, s.terms = false, false, false, consent.Terms{}
	d.granted--
	d.push(&Event{Action: Revoke, Reading: Reading{At: when}, Cell: -1}, at)
	s.gen++ // records of before are void once the revocation has passed
}

// evict takes the seat of whoever is the least recently seen: of those who
// never sent a reading first, then of those out of contact. Someone who is
// here and sends is never put out by a newcomer, nor is a standing consent.
func (d *desk) evict(now time.Duration) bool {
	worst := -1
	for i := range d.seats {
		s := &d.seats[i]
		if !s.granted || s.standing || (s.read && now-s.seen < d.contact) {
			continue
		}
		if worst < 0 || s.less(&d.seats[worst]) {
			worst = i
		}
	}
	if worst < 0 {
		return false
	}
	d.counters.Evicted++
	d.log.Add(audit.Entry{At: now, What: audit.Evicted, Visit: d.seats[worst].visit})
	d.revoke(int32(worst), now)
	return true
}

// less says whether s is to leave before t.
func (s *seat) less(t *seat) bool {
	if s.read != t.read {
		return t.read
	}
	return s.seen < t.seen
}

// due moves all records up to now to the end of dst, in the order of the log.
func (d *desk) due(now time.Duration, dst []record) []record {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.queue) > 0 && d.queue[0].at <= now {
		r := d.queue.pop()
		d.seats[r.seat].queued--
		switch r.action {
		case Read, Place:
			d.readings--
		case Grant, Move, Veto, Role, Normal, Colour:
			d.controls--
		}
		dst = append(dst, r)
	}
	return dst
}

// release ends what is left of a consent and gives the seat back, unless
// events still wait for it. Step asks for it once the person's state is zero.
func (d *desk) release(at int32) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &d.seats[at]
	if s.queued > 0 {
		return false
	}
	if s.granted {
		d.granted--
	}
	delete(d.byName, s.name)
	*s = seat{gen: s.gen + 1}
	d.free = append(d.free, at)
	return true
}

// names appends the pseudonyms of all who have consented.
func (d *desk) names(dst []string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.seats {
		if d.seats[i].granted {
			dst = append(dst, d.seats[i].name)
		}
	}
	return dst
}

// name is the pseudonym on a seat.
func (d *desk) name(at int32) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seats[at].name
}

func (d *desk) forgot(at int32, now time.Duration) {
	d.mu.Lock()
	d.counters.Forgotten++
	d.log.Add(audit.Entry{At: now, What: audit.Forgotten, Visit: d.seats[at].visit})
	d.mu.Unlock()
}

// lapse ends a consent whose time is over.
func (d *desk) lapse(at int32, now time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := &d.seats[at]; s.granted && s.terms.Ended(now) {
		d.log.Add(audit.Entry{At: now, What: audit.Expired, Visit: s.visit})
		d.revoke(at, now)
	}
}

// visit is the number of the visit of a seat.
func (d *desk) visit(at int32) uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seats[at].visit
}

func (d *desk) count() Counters {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.counters
	c.Queued, c.People = len(d.queue), d.granted
	return c
}

// plausible is whether a body can have such a value. It refuses NaN and
// infinities, and what is no measure at all: clamping 1e30 would turn a
// broken sensor into an extreme feeling.
func plausible(k Kind, v float64) bool {
	switch k {
	case Valence, Arousal:
		return v >= -1.001 && v <= 1.001 // float32 senders round past the ends
	case HeartRate:
		return v >= 20 && v <= 250
	case EDA:
		return v >= 0 && v <= 200
	case BeatToBeat:
		return v >= 240 && v <= 3000 // 250 to 20 beats a minute
	case PPG, Breath, ECG, EEGLeft, EEGRight:
		return v >= -1e9 && v <= 1e9
	case AlphaLeft, AlphaRight:
		return v >= -12 && v <= 12
	}
	return false
}
