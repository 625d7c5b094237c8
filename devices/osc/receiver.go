package osc

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"noctiluca/devices/sensors"
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
)

// Sink takes events in; *signal.Cells is one.
type Sink interface {
	Offer(signal.Event)
	// Consenting appends the pseudonyms of all who have consented.
	Consenting(dst []string) []string
}

// leaves are the last parts of the addresses that carry a person's readings:
// the names of the kinds.
var leaves = func() (ls []leaf) {
	for i, n := range signal.KindNames() {
		ls = append(ls, leaf{n, signal.Kind(i)})
	}
	return ls
}()

type leaf struct {
	name string
	kind signal.Kind
}

// Receiver turns datagrams into events. It has no socket and no clock, so a
// recording can be taken in as fast as it can be read, with the same result.
// Any goroutine may call it; calls follow one another.
type Receiver struct {
	mu      sync.Mutex // guards all below
	sink    Sink
	cells   []string
	sensors *sensors.Table
	later   later
	counts  *counts
	decoder Decoder
	people  []string // reused
	numbers numbers  // reused
	offer   sensors.Offer
}

// numbers are the numbers of a message, one after another.
type numbers struct{ rest Arguments }

// Number implements sensors.Numbers. Brackets of arrays are passed over; what
// is no number ends it.
func (n *numbers) Number() (float64, bool) {
	for {
		arg, ok := n.rest.Next()
		if !ok {
			return 0, false
		}
		if x, ok := arg.Number(); ok {
			return x, true
		}
		if arg.Tag != '[' && arg.Tag != ']' {
			return 0, false
		}
	}
}

// NewReceiver makes the receiver of an installation, whose cells are given in
// its order. It needs no clock in its Options.
func NewReceiver(s installations.Signals, cells []string, sink Sink, o Options) *Receiver {
	return newReceiver(s, cells, sink, o.withDefaults(), &counts{})
}

func newReceiver(s installations.Signals, cells []string, sink Sink, o Options, c *counts) *Receiver {
	r := &Receiver{sink: sink, cells: cells, counts: c, later: newLater(o.Horizon, o.MaxScheduled), sensors: sensors.New(s, random)}
	r.offer = sink.Offer
	return r
}

// random gives the bits of a visit's pseudonym.
func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

// Seat offers the consents that were given at the desk, for devices.
func (r *Receiver) Seat(now time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sensors.Seat(now, r.offer)
}

// Calibrate has every visit of a seat begin with what a calibration found.
func (r *Receiver) Calibrate(person string, n []sensors.Normal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sensors.Calibrate(person, n)
}

// Take takes in the numbers that some other device sent, as if they had come
// as a message to the address, at engine time now.
func (r *Receiver) Take(address string, n sensors.Numbers, now time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := false
	for _, i := range r.sensors.Wires(address) {
		taken = r.sensors.Take(i, n, now, r.offer) || taken
	}
	for _, i := range r.sensors.Patterns() {
		if Match(raw(r.sensors.At(i).Address), raw(address)) {
			taken = r.sensors.Take(i, n, now, r.offer) || taken
		}
	}
	return taken
}

// Receive takes in one datagram that came at engine time now and at the time
// wall. A datagram that is malformed anywhere has no effect at all.
func (r *Receiver) Receive(datagram []byte, now time.Duration, wall time.Time) error {
	if err := Check(datagram); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
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
	taken := false
	for _, i := range r.sensors.Wires(unsafe.String(&m.Address[0], len(m.Address))) {
		r.numbers.rest = m.Arguments()
		taken = r.sensors.Take(i, &r.numbers, at, r.offer) || taken
	}
	for _, i := range r.sensors.Patterns() {
		if Match(raw(r.sensors.At(i).Address), m.Address) {
			r.numbers.rest = m.Arguments()
			taken = r.sensors.Take(i, &r.numbers, at, r.offer) || taken
		}
	}
	if taken {
		return true
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
	if string(leaf) == "consent" {
		return r.consent(m, who, at, now)
	}
	if visit, ok := r.sensors.Name(who); ok {
		who = visit
	}
	e := signal.Event{Reading: signal.Reading{Person: who, At: at}, Cell: -1}
	switch string(leaf) {
	case "veto":
		a := m.Arguments()
		first, ok := a.Next()
		yes, truth := first.Truth()
		if !ok || !truth {
			return false
		}
		e.Action = signal.Veto
		if yes {
			e.Value = 1
		}
		r.sink.Offer(e)
		return true
	case "role":
		a := m.Arguments()
		first, ok := a.Next()
		if !ok {
			return false
		}
		name, ok := first.Text()
		e.Action = signal.Role
		switch {
		case !ok:
			return false
		case string(name) == "visitor":
			e.Value = signal.Visitor
		case string(name) == "staff":
			e.Value = signal.Staff
		case string(name) == "pupil":
			e.Value = signal.Pupil
		default:
			return false
		}
		r.sink.Offer(e)
		return true
	case "colour":
		hue, ok := ownHue(m.Arguments())
		if !ok {
			return false
		}
		e.Action, e.Value = signal.Colour, hue
		r.sink.Offer(e)
		return true
	case "place":
		r.numbers.rest = m.Arguments()
		for i := range e.Place {
			x, ok := r.numbers.Number()
			if !ok {
				return false
			}
			e.Place[i] = float32(x)
		}
		e.Action = signal.Place
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
			return r.readings(m, who, l.kind, at)
		}
	}
	return false
}

// consent gives or takes back a person's consent. Given, the texts after it
// name the purposes (light, display, record) and the modalities (feeling,
// heart, skin, breath, brain), and a number the seconds after which it ends.
// Without a purpose it is for light alone, without a modality for all.
func (r *Receiver) consent(m Message, who string, at, now time.Duration) bool {
	a := m.Arguments()
	first, ok := a.Next()
	yes, truth := first.Truth()
	if !ok || !truth {
		return false
	}
	if r.sensors.Consent(who, yes, now, r.offer) {
		return true
	}
	if !yes {
		r.sink.Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: who, At: now}, Cell: -1})
		return true
	}
	var p consent.Purpose
	var mod consent.Modality
	until := time.Duration(0)
	for {
		arg, ok := a.Next()
		if !ok {
			break
		}
		if word, ok := arg.Text(); ok {
			if !consent.Parse(string(word), &p, &mod) {
				return false // a word that is not understood must not widen what is granted
			}
			continue
		}
		x, ok := arg.Number()
		if !ok || !(x > 0 && x <= 48*3600) {
			return false
		}
		until = at + time.Duration(x*float64(time.Second))
	}
	if p == 0 {
		p = consent.Light
	}
	if mod == 0 {
		mod = consent.Everything
	}
	e := signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: who, At: at}, Cell: -1, Terms: consent.New(p, mod, until)}
	if len(r.cells) == 1 {
		e.Cell = 0 // there is nowhere else
	}
	r.sink.Offer(e)
	return true
}

// readings offers every number of a message as a sample.
func (r *Receiver) readings(m Message, who string, kind signal.Kind, at time.Duration) bool {
	r.numbers.rest = m.Arguments()
	samples := 0
	for ; samples < sensors.MaxSamples; samples++ {
		x, ok := r.numbers.Number()
		if !ok {
			break
		}
		r.sink.Offer(signal.Event{Reading: signal.Reading{Person: who, Kind: kind, Value: x, At: at}})
	}
	return samples > 0
}

// pattern lets a message act on all it matches: devices, and those people who
// have consented. A consent cannot be given by a pattern; it can be taken back.
func (r *Receiver) pattern(m Message, at, now time.Duration) bool {
	taken := false
	for i := range r.sensors.Len() {
		if a := r.sensors.At(i).Address; !IsPattern(raw(a)) && Match(m.Address, raw(a)) {
			r.numbers.rest = m.Arguments()
			taken = r.sensors.Take(i, &r.numbers, at, r.offer) || taken
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
					r.sensors.Left(who)
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
				taken = r.readings(m, who, l.kind, at) || taken
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
