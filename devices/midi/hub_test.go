package midi

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/drivers"
	"gitlab.com/gomidi/midi/v2/drivers/testdrv"

	"noctiluca/engine/show"
)

// box is a controller on virtual ports: gomidi's test driver for each way.
type box struct {
	toHub, toBox *testdrv.Driver
	hands        drivers.Out

	mu      sync.Mutex
	gone    bool
	shy     int // how often its outputs are still refused
	onErr   func(error)
	lights  [][]byte
	opening int // messages since it was plugged in
}

func newBox(t testing.TB, name string) *box {
	t.Helper()
	b := &box{toHub: testdrv.New(name), toBox: testdrv.New(name)}
	outs, _ := b.toHub.Outs()
	b.hands = outs[0]
	if err := b.hands.Open(); err != nil {
		t.Fatal(err)
	}
	ins, _ := b.toBox.Ins()
	if err := ins[0].Open(); err != nil {
		t.Fatal(err)
	}
	if _, err := ins[0].Listen(func(m []byte, _ int32) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.lights = append(b.lights, append([]byte(nil), m...))
	}, drivers.ListenConfig{SysEx: true}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *box) String() string { return "virtual" }
func (b *box) Close() error   { return nil }

func (b *box) Ins() ([]drivers.In, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return nil, nil
	}
	ins, err := b.toHub.Ins()
	return []drivers.In{&loose{ins[0], b}}, err
}

func (b *box) Outs() ([]drivers.Out, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return nil, nil
	}
	outs, err := b.toBox.Outs()
	if b.shy > 0 {
		b.shy--
		return []drivers.Out{&refused{outs[0]}}, err
	}
	return outs, err
}

// refused is an output that cannot be opened yet.
type refused struct{ drivers.Out }

func (*refused) Open() error { return errors.New("permission denied") }

// loose is an input whose cable can come out.
type loose struct {
	drivers.In
	box *box
}

func (l *loose) Listen(onMsg func([]byte, int32), c drivers.ListenConfig) (func(), error) {
	l.box.mu.Lock()
	l.box.onErr = c.OnErr
	l.box.mu.Unlock()
	// The test driver, told to stop, would be deaf for ever.
	_, err := l.In.Listen(onMsg, c)
	return func() {}, err
}

func (b *box) unplug() {
	b.mu.Lock()
	b.gone = true
	onErr := b.onErr
	b.mu.Unlock()
	onErr(errors.New("no such device"))
}

func (b *box) plug() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone, b.lights = false, nil
}

// sent takes what came for the lights.
func (b *box) sent() [][]byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([][]byte(nil), b.lights...)
}

// running is a show that steps by itself, as fast as it may.
type running struct {
	*show.Show
	mu    sync.Mutex
	n     int
	ended chan struct{}
}

func start(t testing.TB) *running {
	s, err := show.New(artwork(), show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Show: s, ended: make(chan struct{})}
	stop := make(chan struct{})
	go func() {
		defer close(r.ended)
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
			r.mu.Lock()
			r.n++
			s.Step(time.Duration(float64(r.n)/60*1e9), nobody{})
			r.mu.Unlock()
		}
	}()
	t.Cleanup(func() { close(stop); <-r.ended })
	return r
}

func (r *running) now() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Duration(float64(r.n) / 60 * 1e9)
}

func (r *running) look() *show.View {
	v := &show.View{}
	r.Look(v)
	return v
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%s: not within half a minute", what)
		}
	}
}

func connect(t testing.TB, r *running, d drivers.Driver) *Hub {
	t.Helper()
	h, err := NewHub(Options{Driver: d, Show: r.Show, Now: r.now, Poll: 5 * time.Millisecond, Lights: 2 * time.Millisecond, Log: func(s string) { t.Log(s) }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { h.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })
	return h
}

func is(m []byte, of ...byte) bool { return string(m) == string(of) }

// played is a press of a button on each controller there is a profile for,
// what it does, and the bytes that light its answer: by the devices' published
// maps. X-Touch Mini's layer B has no lights: its ring stands for them.
var played = []struct {
	name, device string
	press, light []byte
	start        byte // second byte of the start message, 0 for none
	does         func(*show.View, *show.Registry) bool
}{
	{"APC40 mkII", "APC40 mkII", midi.NoteOn(1, 50, 127), []byte{0x91, 50, 1}, 0x47, muted},
	{"APC mini mk2", "APC mini mk2", midi.NoteOn(0, 118, 127), []byte{0x90, 118, 1}, 0x47, frozen},
	{"MIDI Mix", "MIDImix", midi.NoteOn(0, 4, 127), []byte{0x90, 4, 127}, 0, muted},
	{"Launchpad Mini MK3", "Launchpad Mini MK3", midi.ControlChange(0, 97, 127), []byte{0xB0, 97}, 0x00, frozen},
	{"Launchpad X", "Launchpad X", midi.ControlChange(0, 97, 127), []byte{0xB0, 97}, 0x00, frozen},
	{"Launch Control XL", "Launch Control XL", midi.NoteOn(8, 74, 127), []byte{0x98, 74, 62}, 0, muted},
	{"nanoKONTROL2", "nanoKONTROL2", midi.ControlChange(0, 49, 127), []byte{0xB0, 49, 127}, 0, muted},
	{"X-TOUCH MINI", "X-Touch Mini", midi.NoteOn(10, 33, 127), []byte{0xB0, 9, 7}, 0, muted},
}

func muted(v *show.View, r *show.Registry) bool  { return v.To[r.Channels[1].Mute] == 1 }
func frozen(v *show.View, r *show.Registry) bool { return v.To[r.Master.Freeze] == 1 }

// lit reports whether a message is the light's: of a palette, whose index is
// the scene's affair, any that shines.
func lit(m, light []byte) bool {
	if len(light) == 2 {
		return len(m) == 3 && m[0] == light[0] && m[1] == light[1] && m[2] != 0
	}
	return string(m) == string(light)
}

// TestPlugIn: a controller is plugged in, played, unplugged and plugged in
// again: no value is lost, and the start message and every light come again.
func TestPlugIn(t *testing.T) {
	for _, c := range played {
		t.Run(c.device, func(t *testing.T) {
			r, b := start(t), newBox(t, c.name)
			h := connect(t, r, b)
			eventually(t, "the lights", func() bool { return len(b.sent()) > 20 })
			if m := b.sent()[0]; c.start != 0 && (m[0] != 0xF0 || m[1] != c.start) {
				t.Errorf("the first message is % x, not the start message", m)
			}
			if err := b.hands.Send(c.press); err != nil {
				t.Fatal(err)
			}
			shines := func() bool {
				for _, m := range b.sent() {
					if lit(m, c.light) {
						return true
					}
				}
				return false
			}
			eventually(t, "its light", shines)
			eventually(t, "what it does", func() bool { return c.does(r.look(), r.Registry) })
			b.unplug()
			eventually(t, "the end of the connection", func() bool { return !h.Surfaces()[0].Connected })
			before := r.look()
			eventually(t, "the show to go on while the cable is out", func() bool { return r.look().Tick > before.Tick+10 })
			after := r.look()
			for i := range before.To {
				if before.To[i] != after.To[i] {
					t.Errorf("%s changed while the cable was out", r.Specs[i].Path)
				}
			}
			b.plug()
			eventually(t, "the lights again", shines)
			if m := b.sent()[0]; c.start != 0 && (m[0] != 0xF0 || m[1] != c.start) {
				t.Errorf("plugged in again, the first message is % x", m)
			}
			if !c.does(r.look(), r.Registry) || h.Surfaces()[0].Device != c.device {
				t.Errorf("after the cable came back what was pressed is lost, or the device is %s", h.Surfaces()[0].Device)
			}
		})
	}
}

// TestOutputComesLater: a controller whose output cannot be opened at first is
// played in the dark, and gets its start message and lights when it can be;
// where its controls were is not forgotten.
func TestOutputComesLater(t *testing.T) {
	r, b := start(t), newBox(t, "APC40 mkII")
	b.shy = 1 << 30
	h := connect(t, r, b)
	eventually(t, "the box", func() bool { return len(h.Surfaces()) == 1 && h.Surfaces()[0].Connected })
	if err := b.hands.Send(midi.NoteOn(1, 50, 127)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "what it does in the dark", func() bool { return muted(r.look(), r.Registry) })
	if n := len(b.sent()); n > 0 {
		t.Errorf("%d messages came by an output that cannot be opened", n)
	}
	b.mu.Lock()
	b.shy = 0
	b.mu.Unlock()
	eventually(t, "its light", func() bool {
		for _, m := range b.sent() {
			if lit(m, []byte{0x91, 50, 1}) {
				return true
			}
		}
		return false
	})
	if m := b.sent()[0]; m[0] != 0xF0 {
		t.Errorf("the first message is % x, not the start message", m)
	}
	b.unplug()
	eventually(t, "the end of the connection", func() bool { return !h.Surfaces()[0].Connected })
}

// TestLearn: the next control that is moved, and moved enough, is the one.
func TestLearn(t *testing.T) {
	r, b := start(t), newBox(t, "MIDI Mix")
	h := connect(t, r, b)
	eventually(t, "the box", func() bool { return len(h.Surfaces()) == 1 && h.Surfaces()[0].Connected })
	done := h.Learn(show.Mapping{Path: "/master/hue", Takeover: show.Direct})
	for _, v := range []uint8{60, 61} { // a brush of the neighbour
		b.hands.Send(midi.ControlChange(0, 23, v))
	}
	for _, v := range []uint8{60, 75} {
		b.hands.Send(midi.ControlChange(0, 19, v))
	}
	select {
	case m := <-done:
		if m.Device != "MIDImix" || m.Control != "fader1" || m.To != 1 {
			t.Errorf("learned %+v", m)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was learned")
	}
	eventually(t, "the mapping", func() bool { return len(r.look().Items[show.Mappings]) == 1 })
	b.hands.Send(midi.ControlChange(0, 19, 127))
	eventually(t, "the hue", func() bool { return r.look().To[r.Master.Hue] == 0.5 })
	// A newer wish ends an older one, with nothing.
	old := h.Learn(show.Mapping{Do: "tap"})
	done = h.Learn(show.Mapping{Do: "go"})
	if _, ok := <-old; ok {
		t.Error("a wish that was given up has learned something")
	}
	b.hands.Send(midi.NoteOn(0, 1, 127))
	<-done
	eventually(t, "the second mapping", func() bool { return len(r.look().Items[show.Mappings]) == 2 })
	r.Offer(show.Event{At: r.now(), Action: show.Undo})
	eventually(t, "the undo", func() bool { return len(r.look().Items[show.Mappings]) == 1 })
}

// TestClockArrives: clock, position and timecode of a port reach the show.
func TestClockArrives(t *testing.T) {
	r, b := start(t), newBox(t, "a box")
	h := connect(t, r, b)
	eventually(t, "the box", func() bool { return len(h.Surfaces()) == 1 && h.Surfaces()[0].Connected })
	var c clockReader
	for _, m := range []struct {
		bytes []byte
		want  show.Action
	}{{[]byte{0xF8}, show.Pulse}, {[]byte{0xFA}, show.Start}, {[]byte{0xFB}, show.Continue}, {[]byte{0xFC}, show.Halt}, {[]byte{0xF2, 16, 1}, show.Locate},
		{[]byte{0xF0, 0x7F, 0x7F, 1, 1, 0x21, 2, 3, 4, 0xF7}, show.Timecode}} {
		if e, ok := c.read(m.bytes, 5); !ok || e.Action != m.want || e.At != 5 {
			t.Errorf("% x is %+v, %v", m.bytes, e, ok)
		}
	}
	if e, _ := c.read([]byte{0xF2, 16, 1}, 0); e.Index != 144 {
		t.Errorf("song position %d", e.Index)
	}
	// One a frame of the show: of 24 a beat that is 150 beats a minute.
	for range 50 {
		was := r.now()
		b.hands.Send([]byte{0xF8})
		eventually(t, "the next frame", func() bool { return r.now() > was })
	}
	eventually(t, "the clock's tempo", func() bool { return r.look().BPM != 120 })
}
