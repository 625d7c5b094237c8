package signal

import (
	"time"

	"noctiluca/engine/signal/consent"
)

// Action says what an Event does.
type Action uint8

// The actions. All that changes what the cells feel is one of these, with a
// time: a log of events, replayed, gives the same states to the bit.
const (
	Read   Action = iota // a reading arrives
	Grant                // the person consents to the event's Terms
	Revoke               // the person takes the consent back
	Move                 // the person steps into another cell
	Veto                 // the person wants the cell where they stand to follow nobody; Value 0 ends it
	Normal               // the person's normal of a HeartRate or EDA, from a calibration: mean in Value, spread in Rate
	Role                 // Value is a Visitor, Staff or Pupil
	Colour               // Value is the hue of the person's own colour, in turns of OkLCh's
	Place                // the person's hand, or feet, are at the event's Place
)

// Roles that a person can have in the Value of a Role event. Of staff and
// pupils nothing is inferred.
const (
	Visitor = iota
	Staff
	Pupil
)

// Event is one change, with the person and the time in its Reading.
//
// Person may point into a buffer that is used again: Offer keeps no part of
// an Event but what it copies.
type Event struct {
	Action Action
	Reading
	// Rate is how many of these samples the sensor takes a second, for a
	// Read whose sender sends them in packets; 0 is unknown.
	Rate float32
	// Cell is the index of the cell for Move and Grant; −1 is nowhere: such
	// a person counts for the whole only.
	Cell int
	// Place is where a person of a Place event is, metres. It lies within
	// FarthestPlace of the origin on each axis. One within a cell's radius
	// moves the person into that cell.
	Place [3]float32
	// Standing marks a Grant that was given for the whole stay, at a desk:
	// it outlives a loss of contact. A Revoke ends it like any other.
	Standing bool
	// Terms are what a Grant agrees to; the zero value is nothing. They take
	// the place of what was agreed before.
	Terms consent.Terms
}

// record is an event in the queue: what is left of it once the person is a
// seat. It has no pointers, so a full queue costs the collector nothing.
type record struct {
	at       time.Duration
	value    float64
	seq      uint64
	gen      uint32 // the seat's generation: a record of an earlier one is void
	rate     float32
	seat     int32
	cell     int32
	action   Action
	kind     Kind
	standing bool
	terms    consent.Terms
	place    [3]float32
}

// before is the order of the one log: by time, then by arrival.
func (r *record) before(s *record) bool {
	return r.at < s.at || (r.at == s.at && r.seq < s.seq)
}

// queue is a binary heap of records in the order of the log.
type queue []record

func (q *queue) push(r record) {
	h := append(*q, r)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h[i].before(&h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	*q = h
}

func (q *queue) pop() record {
	h := *q
	top := h[0]
	n := len(h) - 1
	h[0] = h[n]
	h[n] = record{}
	h = h[:n]
	for i := 0; ; {
		c := 2*i + 1
		if c >= n {
			break
		}
		if c+1 < n && h[c+1].before(&h[c]) {
			c++
		}
		if !h[c].before(&h[i]) {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	*q = h
	return top
}
