// Package sensors says whose body a number belongs to: it leads the addresses
// of sensors and programs that name no person (an EmotiBit's, Mind Monitor's,
// OpenBCI's, a stream's) to the person who wears them, and knows each one's
// traps. It has no socket; what listens (packages osc, lsl, heartrate) asks it.
//
// The one idea it owns: a sensor belongs to a seat, and a seat has another
// pseudonym at every visit. The name in the installation file stays at the
// desk; what the engine, the window and a recording see is the visit's.
package sensors

import (
	"math"
	"time"

	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
)

// Offer takes an event in.
type Offer func(signal.Event)

// Table is what the addresses of an installation mean. It belongs to one
// goroutine.
type Table struct {
	seats   []seat
	byName  map[string]int
	wires   []Wire
	exact   map[string][]int // address to wires
	pattern []int            // wires whose address is a pattern
	states  []state          // one for each device
	random  func() uint64
}

// seat is a person as the desk knows them.
type seat struct {
	name    string
	visit   string // the pseudonym of the present visit
	cell    int
	terms   consent.Terms // given at the desk; zero for a person who consents by OSC
	hours   float64
	seated  bool // the desk's consent is in force …
	normals []Normal
	until   time.Duration // … until then; 0 is until it is taken back
}

// state is what a device has told of itself.
type state struct {
	horseshoe [4]float64 // Muse: fit of each electrode, 1 good, 2 ok, 3 and more bad
	off       bool       // Muse: not on a forehead
}

// Wire leads one number of the messages of an address to one kind of signal.
type Wire struct {
	Address       string
	seat          int    // −1: the person below, who consents by OSC
	person        string // pseudonym
	what          what
	kind          signal.Kind
	argument      int // 1 is the first, −1 the last, 0 all as samples
	rate          float32
	scale, offset float64
	log           bool
	device        int
	electrode     int // of the horseshoe, from 1; 0 is none
}

// what a message is.
type what uint8

const (
	reading what = iota
	fit          // Muse's horseshoe
	worn         // Muse's touching_forehead
)

// wiring is what is taken from one kind of device, below its address.
//
// EmotiBit: of the three lights of its pulse sensor one is enough; infrared is
// the one whose beats come out cleanest. Raw intensity falls when the vessel
// fills, so it is turned round. Its HR is smoothed heavily and starts low; the
// cells prefer the beats.
//
// Mind Monitor: the order of electrodes is TP9 AF7 AF8 TP10. Band powers are
// one float (the average) or four; asymmetry needs the four. Blinks and jaw
// clenches are events of which a 0 is never sent, so they are not levels, and
// are not taken; the detector sees them in the signal.
//
// OpenBCI: a chunk of floats a message, the first two channels as left and
// right. Band powers are linear. Its average-band-power repeats what it sent
// before in every message: a mapping must read the last.
//
// Wekinator: its first output as arousal, its second as valence, both 0…1.
var wiring = map[string][]Wire{
	"emotibit": {
		{Address: "PPG:IR", kind: signal.PPG, rate: 25, scale: -1},
		{Address: "HR", kind: signal.HeartRate, scale: 1},
		{Address: "EDA", kind: signal.EDA, rate: 15, scale: 1},
	},
	"mindmonitor": {
		{Address: "eeg", kind: signal.EEGLeft, argument: 2, rate: 256, scale: 1, electrode: 2},
		{Address: "eeg", kind: signal.EEGRight, argument: 3, rate: 256, scale: 1, electrode: 3},
		{Address: "elements/alpha_absolute", kind: signal.AlphaLeft, argument: 2, scale: 1, electrode: 2},
		{Address: "elements/alpha_absolute", kind: signal.AlphaRight, argument: 3, scale: 1, electrode: 3},
		{Address: "elements/horseshoe", what: fit},
		{Address: "elements/touching_forehead", what: worn},
		{Address: "ppg", kind: signal.PPG, argument: 2, rate: 64, scale: -1},
	},
	"openbci": {
		{Address: "time-series-filtered/ch0", kind: signal.EEGLeft, rate: 250, scale: 1},
		{Address: "time-series-filtered/ch1", kind: signal.EEGRight, rate: 250, scale: 1},
		{Address: "band-power/0", kind: signal.AlphaLeft, argument: 3, scale: 1, log: true},
		{Address: "band-power/1", kind: signal.AlphaRight, argument: 3, scale: 1, log: true},
		{Address: "pulse/bpm", kind: signal.HeartRate, argument: -1, scale: 1},
		{Address: "pulse/ibi", kind: signal.BeatToBeat, argument: -1, scale: 1},
	},
	"wekinator": {
		{Address: "outputs", kind: signal.Arousal, argument: 1, scale: 2, offset: -1},
		{Address: "outputs", kind: signal.Valence, argument: 2, scale: 2, offset: -1},
	},
	"heartrate": {
		{Address: "bpm", kind: signal.HeartRate, argument: -1, scale: 1},
		{Address: "rr", kind: signal.BeatToBeat, scale: 1},
	},
	"mapped": {},
}

// New makes the table of an installation. random gives the bits of pseudonyms.
func New(s installations.Signals, random func() uint64) *Table {
	t := &Table{byName: map[string]int{}, exact: map[string][]int{}, random: random}
	for _, d := range s.Devices {
		if d.Consent == "" {
			continue // no consent: its addresses lead nowhere
		}
		i, known := t.byName[d.Person]
		if !known {
			i = len(t.seats)
			t.byName[d.Person] = i
			t.seats = append(t.seats, seat{name: d.Person, cell: d.Cell, terms: terms(d), hours: d.Hours})
		}
		t.states = append(t.states, state{horseshoe: [4]float64{1, 1, 1, 1}})
		for _, w := range wiring[d.Kind] {
			w.Address = d.Address + "/" + w.Address
			w.seat, w.device = i, len(t.states)-1
			t.add(w)
		}
	}
	for _, m := range s.Map {
		kind, ok := signal.ParseKind(m.Kind)
		if !ok {
			continue // the file's reader has refused it
		}
		w := Wire{Address: m.Address, seat: -1, person: m.Person, kind: kind, argument: m.Argument,
			rate: float32(m.Rate), scale: m.Scale, offset: m.Offset, log: m.Log, device: -1}
		if i, ok := t.byName[m.Person]; ok {
			w.seat = i
		}
		t.add(w)
	}
	return t
}

// terms are what was agreed to at the desk.
func terms(d installations.SensorDevice) consent.Terms {
	var p consent.Purpose
	var m consent.Modality
	for _, w := range d.Purposes {
		consent.Parse(w, &p, &m)
	}
	for _, w := range d.Modalities {
		consent.Parse(w, &p, &m)
	}
	if len(d.Purposes) == 0 {
		p = consent.Light | consent.Display
	}
	if len(d.Modalities) == 0 {
		m = consent.Everything
	}
	return consent.New(p, m, 0)
}

func (t *Table) add(w Wire) {
	i := len(t.wires)
	t.wires = append(t.wires, w)
	for _, c := range []byte(w.Address) {
		switch c {
		case '*', '?', '[', '{':
			t.pattern = append(t.pattern, i)
			return
		}
	}
	t.exact[w.Address] = append(t.exact[w.Address], i)
}

// Seat offers the consents that were given at the desk.
func (t *Table) Seat(now time.Duration, offer Offer) {
	for i := range t.seats {
		t.sit(i, now, offer)
	}
}

// sit begins a visit: the seat's pseudonym is a new one.
func (t *Table) sit(i int, now time.Duration, offer Offer) {
	s := &t.seats[i]
	if s.here(now) {
		return
	}
	s.visit, s.seated = consent.Pseudonym(t.random()), true
	u := s.terms
	if s.hours > 0 {
		u.Until = now + time.Duration(s.hours*float64(time.Hour))
	}
	s.until = u.Until
	offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: s.visit, At: now}, Cell: s.cell, Standing: true, Terms: u})
	for _, n := range s.normals {
		offer(signal.Event{Action: signal.Normal, Reading: signal.Reading{Person: s.visit, Kind: n.Kind, Value: n.Mean, At: now}, Rate: float32(n.Spread), Cell: -1})
	}
}

// Normal is what a calibration found of a person of the desk.
type Normal struct {
	Kind         signal.Kind // HeartRate or EDA
	Mean, Spread float64
}

// Calibrate has every visit of a seat begin with what a calibration found; it
// says whether there is such a seat. Call it before Seat.
func (t *Table) Calibrate(person string, n []Normal) bool {
	i, ok := t.byName[person]
	if ok {
		t.seats[i].normals = n
	}
	return ok
}

// here says whether the visit goes on.
func (s *seat) here(now time.Duration) bool { return s.seated && (s.until == 0 || now < s.until) }

// Name is what a person of the desk is called on the present visit. A consent
// given anew begins another visit; ok is false for whom the desk does not know.
func (t *Table) Name(person string) (visit string, ok bool) {
	i, ok := t.byName[person]
	if !ok {
		return "", false
	}
	return t.seats[i].visit, true
}

// Consent gives or takes back the consent of a person of the desk.
func (t *Table) Consent(person string, yes bool, now time.Duration, offer Offer) bool {
	i, ok := t.byName[person]
	if !ok {
		return false
	}
	s := &t.seats[i]
	if yes {
		t.sit(i, now, offer)
		return true
	}
	if s.seated {
		offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: s.visit, At: now}, Cell: -1})
		s.seated = false
	}
	return true
}

// Left hears that the consent of a visit was taken back some other way.
func (t *Table) Left(visit string) {
	for i := range t.seats {
		if t.seats[i].visit == visit {
			t.seats[i].seated = false
		}
	}
}

// Wires gives the indices of the wires of an address, of those that are no
// patterns.
func (t *Table) Wires(address string) []int { return t.exact[address] }

// Patterns are the wires whose address is a pattern.
func (t *Table) Patterns() []int { return t.pattern }

// Len is how many wires there are, and At one of them.
func (t *Table) Len() int { return len(t.wires) }

// At is wire i.
func (t *Table) At(i int) *Wire { return &t.wires[i] }

// Numbers goes through the numbers of a message, one at a time.
type Numbers interface {
	// Number gives the next number; ok is false after the last one.
	Number() (x float64, ok bool)
}

// Take lets the numbers of one message act by one wire, at the time at. It
// says whether there were any for it.
func (t *Table) Take(i int, numbers Numbers, at time.Duration, offer Offer) bool {
	w := &t.wires[i]
	switch w.what {
	case fit:
		s := &t.states[w.device]
		for k := range s.horseshoe {
			x, ok := numbers.Number()
			if !ok {
				return k > 0
			}
			s.horseshoe[k] = x
		}
		return true
	case worn:
		x, ok := numbers.Number()
		if ok {
			t.states[w.device].off = x == 0
		}
		return ok
	}
	who := w.person
	if w.seat >= 0 {
		if !t.seats[w.seat].here(at) {
			return true // the desk knows them, and they are not here
		}
		who = t.seats[w.seat].visit
	}
	silent := false
	if w.device >= 0 {
		s := &t.states[w.device]
		silent = s.off || w.electrode > 0 && !(s.horseshoe[w.electrode-1] < 3)
	}
	taken, last := 0, 0.0
	for n := 1; n <= MaxSamples; n++ {
		x, ok := numbers.Number()
		if !ok {
			break
		}
		switch {
		case w.argument == 0:
			taken++
			if !silent {
				w.offer(who, x, at, offer)
			}
		case w.argument < 0, n == w.argument:
			taken, last = 1, x
		}
		if n == w.argument {
			break
		}
	}
	if w.argument != 0 && taken > 0 && !silent {
		w.offer(who, last, at, offer)
	}
	return taken > 0
}

// MaxSamples is the most samples of one message that are taken.
const MaxSamples = 1024

func (w *Wire) offer(who string, x float64, at time.Duration, offer Offer) {
	x = float64(x*w.scale) + w.offset
	if w.log {
		x = math.Log10(x) // of what is not positive: no number, which nobody takes
	}
	offer(signal.Event{Reading: signal.Reading{Person: who, Kind: w.kind, Value: x, At: at}, Rate: w.rate})
}

// Seats gives the desk's name for each visit's pseudonym.
func (t *Table) Seats() map[string]string {
	out := map[string]string{}
	for _, s := range t.seats {
		if s.visit != "" {
			out[s.visit] = s.name
		}
	}
	return out
}
