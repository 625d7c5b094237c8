package osc

import (
	"bytes"
	"time"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// Sink takes events in; *signal.Cells is one.
type Sink interface {
	Offer(signal.Event)
	// Consenting appends the pseudonyms of all who have consented.
	Consenting(dst []string) []string
}

// maxSamples is the most samples of one message that are taken. An EmotiBit
// sends some three at a time.
const maxSamples = 1024

// leaves are the last parts of the addresses that carry a person's readings.
var leaves = []struct {
	name string
	kind signal.Kind
}{
	{"valence", signal.Valence}, {"arousal", signal.Arousal}, {"hr", signal.HeartRate}, {"eda", signal.EDA},
	{"ppg", signal.PPG}, {"ibi", signal.BeatToBeat}, {"breath", signal.Breath},
}

// emotibit is what is taken from an EmotiBit, below its address prefix, and
// how often it samples. Of the three lights of its pulse sensor one is enough;
// infrared is the one whose beats come out cleanest. Raw intensity falls when
// the vessel fills, so it is turned round.
var emotibit = []struct {
	name  string
	kind  signal.Kind
	rate  float32
	scale float64
}{
	{"PPG:IR", signal.PPG, 25, -1}, {"HR", signal.HeartRate, 0, 1}, {"EDA", signal.EDA, 15, 1},
}

// device is where a device's address leads.
type device struct {
	address string
	person  string
	kind    signal.Kind
	rate    float32
	scale   float64
}

// Receiver turns datagrams into events. It has no socket and no clock, so a
// recording can be taken in as fast as it can be read, with the same result.
// It belongs to one goroutine.
type Receiver struct {
	sink     Sink
	signals  installations.Signals
	cells    []string
	devices  []device
	byDevice map[string]int
	later    later
	counts   *counts
	decoder  Decoder
	people   []string // reused
}

// NewReceiver makes the receiver of an installation, whose cells are given in
// its order. It needs no clock in its Options.
func NewReceiver(s installations.Signals, cells []string, sink Sink, o Options) *Receiver {
	return newReceiver(s, cells, sink, o.withDefaults(), &counts{})
}

func newReceiver(s installations.Signals, cells []string, sink Sink, o Options, c *counts) *Receiver {
	r := &Receiver{sink: sink, signals: s, cells: cells, byDevice: map[string]int{}, counts: c, later: newLater(o.Horizon, o.MaxScheduled)}
	for _, d := range s.Devices {
		if d.Consent == "" {
			continue // no consent: its addresses lead nowhere
		}
		for _, e := range emotibit {
			r.byDevice[d.Address+"/"+e.name] = len(r.devices)
			r.devices = append(r.devices, device{d.Address + "/" + e.name, d.Person, e.kind, e.rate, e.scale})
		}
	}
	return r
}

// Seat offers the consents that were given at the desk, for devices.
func (r *Receiver) Seat(now time.Duration) {
	for _, d := range r.signals.Devices {
		if d.Consent != "" {
			r.sink.Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: d.Person, At: now}, Cell: d.Cell, Standing: true})
		}
	}
}

// Receive takes in one datagram that came at engine time now and at the time
// wall. A datagram that is malformed anywhere has no effect at all.
func (r *Receiver) Receive(datagram []byte, now time.Duration, wall time.Time) error {
	if err := Check(datagram); err != nil {
		return err
	}
	r.decoder.Reset(datagram)
	for r.decoder.Next() {
		m := r.decoder.Message()
		at, ok := r.later.due(m.Time, now, wall)
		if !ok {
			if !r.revokes(m, now) { // a revocation acts at once, whatever its time
				r.counts.late.Add(1)
			}
			continue
		}
		if !r.route(m, at, now) {
			r.counts.unmatched.Add(1)
		}
	}
	return nil
}

// cost is how many plain datagrams one is worth to the rate limit: a pattern
// is looked up among all the people there are.
func cost(datagram []byte) float64 {
	if len(datagram) > 0 && datagram[0] == '/' {
		end := bytes.IndexByte(datagram, 0)
		if end > 0 && !IsPattern(datagram[:end]) {
			return 1
		}
		return 16
	}
	return 1 + float64(len(datagram))/256
}

// personal splits an address below /noctiluca/person.
func personal(address []byte) (person, leaf []byte, ok bool) {
	const stem = "/noctiluca/person/"
	if len(address) <= len(stem) || string(address[:len(stem)]) != stem {
		return nil, nil, false
	}
	rest := address[len(stem):]
	slash := bytes.IndexByte(rest, '/')
	if slash < 0 || bytes.IndexByte(rest[slash+1:], '/') >= 0 {
		return nil, nil, false
	}
	return rest[:slash], rest[slash+1:], true
}

// route finds what a message is for; false when nothing here takes it.
func (r *Receiver) route(m Message, at, now time.Duration) bool {
	if IsPattern(m.Address) {
		return r.pattern(m, at, now)
	}
	if i, ok := r.byDevice[string(m.Address)]; ok {
		d := &r.devices[i]
		return r.readings(m, d.person, d.kind, d.rate, d.scale, at)
	}
	person, leaf, ok := personal(m.Address)
	if !ok || !pseudonym(person) {
		return false
	}
	// The sink keeps no part of the name but a copy, so the datagram's own
	// bytes may stand for it while the call lasts.
	return r.person(m, unsafe.String(&person[0], len(person)), leaf, at, now)
}

// revokes takes a message back to what it does if it takes consents back.
func (r *Receiver) revokes(m Message, now time.Duration) bool {
	_, leaf, ok := personal(m.Address)
	if !ok || string(leaf) != "consent" {
		return false
	}
	a := m.Arguments()
	first, ok := a.Next()
	if !ok {
		return false
	}
	yes, ok := first.Truth()
	return ok && !yes && r.route(m, now, now)
}

// person lets a message act on one person.
func (r *Receiver) person(m Message, who string, leaf []byte, at, now time.Duration) bool {
	e := signal.Event{Reading: signal.Reading{Person: who, At: at}, Cell: -1}
	switch string(leaf) {
	case "consent":
		a := m.Arguments()
		first, ok := a.Next()
		if !ok {
			return false
		}
		yes, ok := first.Truth()
		switch {
		case !ok:
			return false
		case yes:
			e.Action = signal.Grant
			if len(r.cells) == 1 {
				e.Cell = 0 // there is nowhere else
			}
		default:
			e.Action, e.At = signal.Revoke, now
		}
		r.sink.Offer(e)
		return true
	case "cell":
		a := m.Arguments()
		first, ok := a.Next()
		if !ok {
			return false
		}
		name, ok := first.Text()
		if !ok {
			return false
		}
		e.Action = signal.Move
		for i, c := range r.cells {
			if c == string(name) {
				e.Cell = i
				r.sink.Offer(e)
				return true
			}
		}
		if len(name) == 0 { // they stand in none
			r.sink.Offer(e)
			return true
		}
		return false
	}
	for _, l := range leaves {
		if l.name == string(leaf) {
			return r.readings(m, who, l.kind, 0, 1, at)
		}
	}
	return false
}

// readings offers every number of a message as a sample.
func (r *Receiver) readings(m Message, who string, kind signal.Kind, rate float32, scale float64, at time.Duration) bool {
	a := m.Arguments()
	samples := 0
	for {
		arg, ok := a.Next()
		if !ok {
			break
		}
		x, ok := arg.Number()
		if !ok {
			if arg.Tag == '[' || arg.Tag == ']' {
				continue
			}
			return samples > 0
		}
		if samples == maxSamples {
			return true
		}
		samples++
		r.sink.Offer(signal.Event{Reading: signal.Reading{Person: who, Kind: kind, Value: x * scale, At: at}, Rate: rate})
	}
	return samples > 0
}

// pattern lets a message act on all it matches: devices, and those people who
// have consented. A consent cannot be given by a pattern; it can be taken back.
func (r *Receiver) pattern(m Message, at, now time.Duration) bool {
	taken := false
	for i := range r.devices {
		d := &r.devices[i]
		if Match(m.Address, raw(d.address)) {
			taken = r.readings(m, d.person, d.kind, d.rate, d.scale, at) || taken
		}
	}
	person, leaf, ok := tail(m.Address)
	if !ok {
		return taken
	}
	defer clear(r.people[:cap(r.people)])
	r.people = r.sink.Consenting(r.people[:0])
	reach := func(name string) bool { return Match(leaf, raw(name)) }
	if reach("consent") {
		a := m.Arguments()
		first, ok := a.Next()
		yes, truth := first.Truth()
		if ok && truth && !yes {
			for _, who := range r.people {
				if Match(person, raw(who)) {
					taken = true
					r.sink.Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: who, At: now}, Cell: -1})
				}
			}
			return taken
		}
	}
	for _, l := range leaves {
		if !reach(l.name) {
			continue
		}
		for _, who := range r.people {
			if Match(person, raw(who)) {
				taken = r.readings(m, who, l.kind, 0, 1, at) || taken
			}
		}
	}
	return taken
}

// tail gives the third and the fourth part of a pattern whose first two match
// /noctiluca/person, and which has no more.
func tail(pattern []byte) (person, leaf []byte, ok bool) {
	parts := [4][]byte{}
	for i := range parts {
		if len(pattern) == 0 || pattern[0] != '/' {
			return nil, nil, false
		}
		parts[i], pattern = cut(pattern[1:])
	}
	if pattern != nil || !Match(parts[0], raw("noctiluca")) || !Match(parts[1], raw("person")) {
		return nil, nil, false
	}
	return parts[2], parts[3], true
}

// raw gives the bytes of a string, which nobody may change.
func raw(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// pseudonym says whether a name may be one: 1 to 64 bytes of printable UTF-8
// without what OSC keeps for patterns. So a name that reaches a terminal or
// the window can do nothing there but be read.
func pseudonym(name []byte) bool {
	if len(name) == 0 || len(name) > signal.MaxPseudonym {
		return false
	}
	for i := 0; i < len(name); {
		c, n := utf8.DecodeRune(name[i:])
		if c == utf8.RuneError && n <= 1 || !unicode.IsPrint(c) || c == ' ' || c == '#' || c == ',' {
			return false
		}
		i += n
	}
	return true
}
