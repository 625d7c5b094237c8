package osc

import (
	"math"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"

	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
)

// log is a Sink that keeps what it was offered, and takes these to have consented.
type log struct {
	events     []signal.Event
	consenting []string
}

func (l *log) Offer(e signal.Event) {
	e.Person = string([]byte(e.Person)) // as the sink must, keep a copy only
	l.events = append(l.events, e)
}
func (l *log) Consenting(dst []string) []string { return append(dst, l.consenting...) }

// encode gives a packet as go-osc sends it.
func encode(t interface{ Fatal(...any) }, p osc.Packet) []byte {
	b, err := p.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func testReceiver(l *log) *Receiver {
	s := installations.Signals{Devices: []installations.SensorDevice{
		{Kind: "emotibit", Address: "/EmotiBit/0", Person: "wearer", Cell: 1, Consent: "signed at the desk"},
		{Kind: "emotibit", Address: "/EmotiBit/1", Person: "other", Cell: 1},
	}}
	r := newReceiver(s, []string{"canopy", "stream"}, l, Options{}.withDefaults(), &counts{})
	r.Seat(0)
	l.events = nil // the desk's consents
	return r
}

func TestRoutes(t *testing.T) {
	const now = 5 * time.Second
	read := func(who string, k signal.Kind, v float64) signal.Event {
		return signal.Event{Reading: signal.Reading{Person: who, Kind: k, Value: v, At: now}}
	}
	do := func(who string, a signal.Action, cell int) signal.Event {
		e := signal.Event{Action: a, Reading: signal.Reading{Person: who, At: now}, Cell: cell}
		if a == signal.Grant {
			e.Terms = consent.New(consent.Light, consent.Everything, 0)
		}
		return e
	}
	gives := func(p consent.Purpose, m consent.Modality, until time.Duration) []signal.Event {
		e := do("ada", signal.Grant, -1)
		e.Terms = consent.New(p, m, until)
		return []signal.Event{e}
	}
	at := func(e signal.Event, x, y, z float32) signal.Event { e.Place = [3]float32{x, y, z}; return e }
	with := func(e signal.Event, v float64) []signal.Event { e.Value = v; return []signal.Event{e} }
	sensor := func(k signal.Kind, rate float32, vs ...float64) (es []signal.Event) {
		for _, v := range vs {
			e := read("wearer", k, v)
			e.Rate = rate
			es = append(es, e)
		}
		return es
	}
	for _, c := range []struct {
		address string
		args    []any
		want    []signal.Event
	}{
		{"/noctiluca/person/ada/valence", []any{float32(0.5)}, []signal.Event{read("ada", signal.Valence, 0.5)}},
		{"/noctiluca/person/ada/arousal", []any{float64(-0.25)}, []signal.Event{read("ada", signal.Arousal, -0.25)}},
		{"/noctiluca/person/ada/hr", []any{int32(72)}, []signal.Event{read("ada", signal.HeartRate, 72)}},
		{"/noctiluca/person/ada/eda", []any{int64(3)}, []signal.Event{read("ada", signal.EDA, 3)}},
		{"/noctiluca/person/ada/ppg", []any{float32(1), float32(2)}, []signal.Event{read("ada", signal.PPG, 1), read("ada", signal.PPG, 2)}},
		{"/noctiluca/person/ada/ibi", []any{float32(800)}, []signal.Event{read("ada", signal.BeatToBeat, 800)}},
		{"/noctiluca/person/ädä/breath", []any{float32(1)}, []signal.Event{read("ädä", signal.Breath, 1)}},
		{"/noctiluca/person/ada/mood", []any{float32(1)}, nil},
		{"/noctiluca/person/ada/hr", []any{"fast"}, nil},
		{"/noctiluca/person/ada/hr", nil, nil},
		{"/noctiluca/person/ada/hr/x", []any{float32(1)}, nil},
		{"/noctiluca/person//hr", []any{float32(1)}, nil},
		{"/noctiluca/person/a b/hr", []any{float32(1)}, nil},
		{"/noctiluca/person/a\x1b[2J/hr", []any{float32(1)}, nil}, // a terminal's escape sequence
		{"/noctiluca/person/0123456789012345678901234567890123456789012345678901234567890123/hr", []any{float32(60)},
			[]signal.Event{read("0123456789012345678901234567890123456789012345678901234567890123", signal.HeartRate, 60)}},
		{"/noctiluca/person/01234567890123456789012345678901234567890123456789012345678901234/hr", []any{float32(60)}, nil},

		{"/noctiluca/person/ada/consent", []any{int32(1)}, []signal.Event{do("ada", signal.Grant, -1)}},
		{"/noctiluca/person/ada/consent", []any{true}, []signal.Event{do("ada", signal.Grant, -1)}},
		{"/noctiluca/person/ada/consent", []any{true, "light", "display"}, gives(consent.Light|consent.Display, consent.Everything, 0)},
		{"/noctiluca/person/ada/consent", []any{true, "heart", "skin"}, gives(consent.Light, consent.Heart|consent.Skin, 0)},
		{"/noctiluca/person/ada/consent", []any{true, "record", "breath", float32(600)}, gives(consent.Record, consent.Breath, now+600*time.Second)},
		{"/noctiluca/person/ada/consent", []any{true, "sell"}, nil}, // what is not understood grants nothing
		{"/noctiluca/person/ada/consent", []any{true, float32(-1)}, nil},
		{"/noctiluca/person/ada/veto", []any{true}, with(do("ada", signal.Veto, -1), 1)},
		{"/noctiluca/person/ada/veto", []any{false}, with(do("ada", signal.Veto, -1), 0)},
		{"/noctiluca/person/ada/role", []any{"pupil"}, with(do("ada", signal.Role, -1), signal.Pupil)},
		{"/noctiluca/person/ada/role", []any{"king"}, nil},
		{"/noctiluca/person/ada/ecg", []any{float32(1)}, []signal.Event{read("ada", signal.ECG, 1)}},
		{"/noctiluca/person/ada/consent", []any{false}, []signal.Event{do("ada", signal.Revoke, -1)}},
		{"/noctiluca/person/ada/consent", []any{float32(0)}, []signal.Event{do("ada", signal.Revoke, -1)}},
		{"/noctiluca/person/ada/consent", []any{float32(0.7)}, nil}, // no clear yes is no yes
		{"/noctiluca/person/ada/consent", nil, nil},
		{"/noctiluca/person/ada/colour", []any{int32(90)}, with(do("ada", signal.Colour, -1), 0.25)},
		{"/noctiluca/person/ada/colour", []any{float32(-90)}, with(do("ada", signal.Colour, -1), 0.75)},
		{"/noctiluca/person/ada/colour", []any{float32(math.NaN())}, nil},
		{"/noctiluca/person/ada/colour", []any{"#777777"}, nil}, // a grey is no choice
		{"/noctiluca/person/ada/colour", []any{"blue"}, nil},
		{"/noctiluca/person/ada/colour", nil, nil},
		{"/noctiluca/person/ada/place", []any{float32(1), float32(1.5), float32(0)}, []signal.Event{at(do("ada", signal.Place, -1), 1, 1.5, 0)}},
		{"/noctiluca/person/ada/place", []any{float32(1), float32(1.5)}, nil},
		{"/noctiluca/person/ada/cell", []any{"stream"}, []signal.Event{do("ada", signal.Move, 1)}},
		{"/noctiluca/person/ada/cell", []any{""}, []signal.Event{do("ada", signal.Move, -1)}},
		{"/noctiluca/person/ada/cell", []any{"moon"}, nil},

		// Patterns reach those who have consented, ada and bob, and no others.
		{"/noctiluca/person/*/hr", []any{float32(70)}, []signal.Event{read("ada", signal.HeartRate, 70), read("bob", signal.HeartRate, 70)}},
		{"/noctiluca/person/{bob,eve}/{hr,mood}", []any{float32(70)}, []signal.Event{read("bob", signal.HeartRate, 70)}},
		{"/*/*/a?a/consent", []any{int32(0)}, []signal.Event{do("ada", signal.Revoke, -1)}},
		{"/noctiluca/person/*/consent", []any{int32(1)}, nil}, // nobody consents for others
		{"/noctiluca/person/[/hr", []any{float32(70)}, nil},
		{"/zone/[1", nil, nil},

		{"/EmotiBit/0/EDA", []any{float32(0.5), float32(0.75)}, sensor(signal.EDA, 15, 0.5, 0.75)},
		{"/EmotiBit/0/HR", []any{float32(64)}, sensor(signal.HeartRate, 0, 64)},
		{"/EmotiBit/0/PPG:IR", []any{float32(3), float32(4)}, sensor(signal.PPG, 25, -3, -4)},
		{"/EmotiBit/*/HR", []any{float32(64)}, sensor(signal.HeartRate, 0, 64)},
		{"/EmotiBit/0/ACC:X", []any{float32(1)}, nil},
		{"/EmotiBit/1/HR", []any{float32(64)}, nil}, // no consent at the desk
		{"/EmotiBit/2/HR", []any{float32(64)}, nil},
	} {
		l := &log{consenting: []string{"ada", "bob"}}
		r := testReceiver(l)
		if err := r.Receive(encode(t, osc.NewMessage(c.address, c.args...)), now, time.Unix(0, 0)); err != nil {
			t.Errorf("%s %v: %v", c.address, c.args, err)
		}
		if len(l.events) != len(c.want) {
			t.Errorf("%s %v gave %+v, want %+v", c.address, c.args, l.events, c.want)
			continue
		}
		visit, _ := r.sensors.Name("wearer")
		for i, e := range l.events {
			if e.Person == visit {
				e.Person = "wearer"
			}
			if e != c.want[i] {
				t.Errorf("%s %v gave %+v, want %+v", c.address, c.args, e, c.want[i])
			}
		}
	}
}

func TestTimeTags(t *testing.T) {
	wall := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	const now = time.Minute
	for _, c := range []struct {
		in   time.Duration
		want time.Duration // 0: dropped
	}{
		{-time.Hour, now},
		{0, now},
		{500 * time.Millisecond, now + 500*time.Millisecond},
		{10 * time.Second, now + 10*time.Second},
		{11 * time.Second, 0},
		{100 * 365 * 24 * time.Hour, now}, // after NTP's era ends in 2036 a tag looks like the past
	} {
		l := &log{}
		r := testReceiver(l)
		b := osc.NewBundle(wall.Add(c.in))
		b.Append(osc.NewMessage("/noctiluca/person/ada/hr", float32(60)))
		if err := r.Receive(encode(t, b), now, wall); err != nil {
			t.Fatal(err)
		}
		switch {
		case c.want == 0 && len(l.events) != 0:
			t.Errorf("a bundle %v ahead was taken: %+v", c.in, l.events)
		case c.want != 0 && len(l.events) != 1:
			t.Errorf("a bundle %v ahead was dropped", c.in)
		case c.want != 0 && (l.events[0].At-c.want).Abs() > time.Microsecond:
			t.Errorf("a bundle %v ahead acts at %v, want %v", c.in, l.events[0].At, c.want)
		}
	}

	l := &log{}
	r := testReceiver(l)
	b := osc.NewBundle(time.Time{}) // tag 1: at once
	b.Append(osc.NewMessage("/noctiluca/person/ada/hr", float32(60)))
	if err := r.Receive(encode(t, b), now, wall); err != nil || len(l.events) != 1 || l.events[0].At != now {
		t.Errorf("tag 1: %v, %+v, want one event at %v", err, l.events, now)
	}
}

// A revocation is not put off by whatever time its bundle is dated.
func TestRevocationIgnoresTimeTags(t *testing.T) {
	wall := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, in := range []time.Duration{time.Second, 24 * time.Hour} {
		l := &log{}
		r := testReceiver(l)
		b := osc.NewBundle(wall.Add(in))
		b.Append(osc.NewMessage("/noctiluca/person/ada/consent", false))
		if err := r.Receive(encode(t, b), time.Minute, wall); err != nil {
			t.Fatal(err)
		}
		if len(l.events) != 1 || l.events[0].Action != signal.Revoke || l.events[0].At != time.Minute {
			t.Errorf("a revocation dated %v ahead gave %+v, want it now", in, l.events)
		}
	}
}

func TestOnlySoManyMessagesWait(t *testing.T) {
	wall := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	l := &log{}
	r := newReceiver(installations.Signals{}, nil, l, Options{MaxScheduled: 100}.withDefaults(), &counts{})
	send := func(now time.Duration) {
		b := osc.NewBundle(wall.Add(now + time.Second))
		b.Append(osc.NewMessage("/noctiluca/person/ada/hr", float32(60)))
		if err := r.Receive(encode(t, b), now, wall.Add(now)); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < 2000; i++ {
		send(0)
	}
	if len(l.events) != 100 || r.counts.late.Load() != 1900 {
		t.Errorf("of 2000 messages for later %d wait and %d were counted, want 100 and 1900", len(l.events), r.counts.late.Load())
	}
	send(2 * time.Second) // the others' time has passed
	if len(l.events) != 101 {
		t.Errorf("a message after the others' time was dropped")
	}
}

// What a malformed datagram says is not half done.
func TestMalformedHasNoEffect(t *testing.T) {
	b := osc.NewBundle(time.Time{})
	b.Append(osc.NewMessage("/noctiluca/person/ada/hr", float32(60)))
	b.Append(osc.NewMessage("/noctiluca/person/ada/hr", float32(61)))
	whole := encode(t, b)
	for n := 0; n < len(whole); n++ {
		l := &log{}
		err := testReceiver(l).Receive(whole[:n], 0, time.Unix(0, 0))
		elements := n == 16 || n == 16+(len(whole)-16)/2 // a cut between elements leaves a shorter bundle
		if (err == nil) != elements {
			t.Errorf("cut to %d of %d bytes: %v", n, len(whole), err)
		}
		if err != nil && len(l.events) > 0 {
			t.Errorf("cut to %d bytes it still had the effect %+v", n, l.events)
		}
	}
}

// NaN and infinities go through the wire and end at the cells.
func TestNoNumbersReachNobody(t *testing.T) {
	cells := signal.New([]string{"a"}, signal.Options{})
	r := newReceiver(installations.Signals{}, []string{"a"}, cells, Options{}.withDefaults(), &counts{})
	say := func(address string, args ...any) {
		if err := r.Receive(encode(t, osc.NewMessage(address, args...)), 0, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	say("/noctiluca/person/ada/consent", true)
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30} {
		for _, leaf := range leaves {
			say("/noctiluca/person/ada/"+leaf.name, x)
		}
	}
	cells.Step(time.Second)
	if s := cells.Cell(-1); s != (signal.CellState{}) {
		t.Errorf("the whole is %+v, want nothing", s)
	}
	if n := cells.Counters().Implausible; n != uint64(5*len(leaves)) {
		t.Errorf("%d readings counted as implausible, want %d", n, 5*len(leaves))
	}
}

func TestTakingInAllocatesNothing(t *testing.T) {
	cells := signal.New([]string{"a", "b"}, signal.Options{})
	s := installations.Signals{Devices: []installations.SensorDevice{{Kind: "emotibit", Address: "/EmotiBit/0", Person: "wearer", Consent: "yes"}}}
	r := newReceiver(s, []string{"a", "b"}, cells, Options{}.withDefaults(), &counts{})
	r.Seat(0)
	for _, who := range []string{"ada", "a pseudonym of the longest kind, with many many many letters"} {
		cells.Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: who}, Terms: consent.New(consent.Light|consent.Display, consent.Everything, 0)})
	}
	cells.Step(0)
	bundle := osc.NewBundle(time.Time{})
	bundle.Append(osc.NewMessage("/noctiluca/person/ada/ibi", float32(800)))
	bundle.Append(osc.NewMessage("/noctiluca/person/ada/cell", "b"))
	now := time.Duration(0)
	for _, p := range []osc.Packet{
		osc.NewMessage("/noctiluca/person/ada/hr", float32(70)),
		osc.NewMessage("/noctiluca/person/ada/eda", float32(1)),
		osc.NewMessage("/noctiluca/person/nobody/hr", float32(70)),
		osc.NewMessage("/noctiluca/person/nobody/consent", false),
		osc.NewMessage("/noctiluca/person/*/{hr,eda}", float32(70)),
		osc.NewMessage("/EmotiBit/0/PPG:IR", float32(1), float32(2), float32(3)),
		bundle,
	} {
		b := encode(t, p)
		_ = r.Receive(b, now, time.Unix(0, 0))
		n := testing.AllocsPerRun(200, func() {
			now += time.Millisecond
			_ = r.Receive(b, now, time.Unix(0, 0))
			cells.Step(now)
		})
		if n != 0 {
			t.Errorf("%v: %v allocations", p, n)
		}
	}
}

// What another device brings goes the same way as a message.
func TestTakeFromAnotherDevice(t *testing.T) {
	l := &log{}
	r := newReceiver(installations.Signals{
		Devices: []installations.SensorDevice{{Kind: "mapped", Person: "wearer", Consent: "yes"}},
		Map: []installations.Mapping{
			{Address: "/lsl/Pulse/0", Person: "wearer", Kind: "ppg", Scale: -1, Rate: 100},
			{Address: "/lsl/Skin*/*", Person: "wearer", Kind: "eda", Scale: 1}},
	}, []string{"a"}, l, Options{}.withDefaults(), &counts{})
	r.Seat(0)
	l.events = nil
	for _, address := range []string{"/lsl/Pulse/0", "/lsl/Skin-2/1", "/lsl/Pulse/1"} {
		r.Take(address, &numbers{rest: Message{Tags: []byte("f"), Data: []byte{0x40, 0, 0, 0}}.Arguments()}, time.Second)
	}
	if len(l.events) != 2 || l.events[0].Kind != signal.PPG || l.events[0].Value != -2 || l.events[1].Kind != signal.EDA || l.events[1].Value != 2 {
		t.Errorf("it gave %+v", l.events)
	}
}
