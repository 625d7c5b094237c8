package midi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/gomidi/midi/v2/drivers"

	"noctiluca/assets/controllers"
	"noctiluca/engine/show"
)

// Options are what a Hub needs. A zero field takes the default named at it.
type Options struct {
	Driver drivers.Driver
	Show   *show.Show
	// Now is the engine's time, for messages as they arrive. There is no default.
	Now func() time.Duration
	// Log is told what comes and goes; nil for nobody.
	Log func(string)
	// Poll is how often ports are looked for; default 500 ms.
	Poll time.Duration
	// Lights is how often lights are brought up to date; default 33 ms.
	Lights time.Duration
}

// Hub connects every controller that is plugged in, whenever it is, with the
// show. A cable that comes loose ends one connection and nothing else: when
// it returns, the start message and every light are sent again, and no value
// has changed. Learn, Cancel and Surfaces may be called by any goroutine.
type Hub struct {
	o Options

	mu       sync.Mutex
	seats    map[string]*seat // by port name; kept while a cable is out
	learning *learning
}

// seat is one port and its surface.
type seat struct {
	mu      sync.Mutex // guards all but the last three
	surface *Surface
	view    show.View
	clock   clockReader
	last    Touch
	events  []show.Event

	connected bool             // under the hub's lock
	dark      chan drivers.Out // of a connection that has no output: where it comes, when it can be opened; under the hub's lock
	said      string           // the last complaint; Run's own
}

// Touch is the latest movement of a control.
type Touch struct {
	Device, Control string
	Value           float32
	At              time.Duration
}

// learning is a parameter or an action that waits for a control.
type learning struct {
	mapping show.Mapping
	first   map[string]float32 // where absolute controls were when it began
	done    chan show.Mapping
}

// NewHub prepares a hub.
func NewHub(o Options) (*Hub, error) {
	if o.Now == nil || o.Driver == nil || o.Show == nil {
		return nil, errors.New("midi: a hub needs a driver, a show and the engine's time")
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	if o.Poll <= 0 {
		o.Poll = 500 * time.Millisecond
	}
	if o.Lights <= 0 {
		o.Lights = 33 * time.Millisecond
	}
	return &Hub{o: o, seats: map[string]*seat{}}, nil
}

// Run connects and reconnects until ctx is done.
func (h *Hub) Run(ctx context.Context) error {
	var ends sync.WaitGroup
	defer ends.Wait()
	tick := time.NewTicker(h.o.Poll)
	defer tick.Stop()
	for {
		h.scan(ctx, &ends)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// scan connects the ports that are there and not connected yet.
func (h *Hub) scan(ctx context.Context, ends *sync.WaitGroup) {
	ins, err := h.o.Driver.Ins()
	if err != nil {
		return // the next look may find them
	}
	outs, _ := h.o.Driver.Outs()
	alike := map[string]int{}
	for _, in := range ins {
		name := in.String()
		profile, key := controllers.For(name), name
		if alike[name]++; alike[name] > 1 { // two of a kind
			key = fmt.Sprintf("%s (%d)", name, alike[name])
		}
		h.mu.Lock()
		s := h.seats[key]
		if s == nil {
			s = &seat{surface: NewSurface(profile, key, h.o.Show)}
			h.seats[key] = s
		}
		busy, dark := s.connected, s.dark != nil
		h.mu.Unlock()
		if busy && !dark {
			continue
		}
		var out drivers.Out
		if i := slices.IndexFunc(outs, func(o drivers.Out) bool { return partner(in, o) }); i >= 0 {
			out = outs[i]
		}
		if busy {
			h.enlighten(s, out)
			continue
		}
		if err := h.connect(ctx, s, in, out, ends); err != nil {
			if s.said != err.Error() { // say it once, not twice a second
				s.said = err.Error()
				h.o.Log(err.Error())
			}
		}
	}
}

// enlighten gives a connection the output that it did not have when it began:
// the two ways of a device do not come at the same instant on every system.
func (h *Hub) enlighten(s *seat, out drivers.Out) {
	if out == nil || out.Open() != nil {
		return // the next look may open it
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.dark == nil { // it has ended
		out.Close()
		return
	}
	s.dark <- out
	s.dark = nil
}

// partner says whether two ports are the two ways of one device: by what lies
// under them, or by their names, which some systems end in In and Out.
func partner(in drivers.In, out drivers.Out) bool {
	if a, ok := in.Underlying().(string); ok {
		if b, ok := out.Underlying().(string); ok {
			return a == b
		}
	}
	cut := func(s string) string {
		s = strings.ToLower(s)
		return strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(s, "in"), "out"), " -_")
	}
	return in.String() == out.String() || cut(in.String()) == cut(out.String())
}

// connect opens a port and starts its two ways.
func (h *Hub) connect(ctx context.Context, s *seat, in drivers.In, out drivers.Out, ends *sync.WaitGroup) error {
	if err := in.Open(); err != nil {
		return err
	}
	if out != nil {
		if err := out.Open(); err != nil {
			out = nil // it may be played in the dark, until it can be opened
		}
	}
	var dark chan drivers.Out
	if out == nil {
		dark = make(chan drivers.Out, 1)
	}
	quit := make(chan struct{})
	var once sync.Once
	leave := func() { once.Do(func() { close(quit) }) }
	stop, err := in.Listen(func(msg []byte, _ int32) { h.receive(s, msg) }, drivers.ListenConfig{SysEx: true, TimeCode: true, OnErr: func(error) { leave() }})
	if err != nil {
		in.Close()
		return err
	}
	h.mu.Lock()
	s.connected, s.dark = true, dark
	h.mu.Unlock()
	note := ""
	if s.surface.Profile.Note != "" {
		note = " (" + s.surface.Profile.Note + ")"
	}
	h.o.Log(fmt.Sprintf("MIDI: %s is plugged in%s", in, note))
	ends.Go(func() {
		out := h.light(ctx, s, out, dark, quit, leave)
		stop()
		if out != nil {
			out.Close()
		}
		h.mu.Lock()
		s.connected, s.dark = false, nil
		h.mu.Unlock()
		select {
		case out := <-dark: // it came too late
			out.Close()
		default:
		}
		if ctx.Err() == nil {
			h.o.Log(fmt.Sprintf("MIDI: %s is unplugged", in))
		}
	})
	return nil
}

// light brings the lights up to date until the connection ends. Where there is
// no output, one may come from dark. It gives the output that is open at the end.
func (h *Hub) light(ctx context.Context, s *seat, out drivers.Out, dark <-chan drivers.Out, quit chan struct{}, leave func()) drivers.Out {
	tick := time.NewTicker(h.o.Lights)
	defer tick.Stop()
	var view show.View
	var messages [][]byte
	s.mu.Lock()
	messages = append(messages, s.surface.Start()...)
	s.mu.Unlock()
	for {
		h.o.Show.Look(&view)
		s.mu.Lock()
		messages = s.surface.Lights(&view, messages)
		s.mu.Unlock()
		for _, m := range messages {
			if out == nil {
				break
			}
			if out.Send(m) != nil {
				leave()
				break
			}
		}
		messages = messages[:0]
		select {
		case <-ctx.Done():
			return out
		case <-quit:
			return out
		case out = <-dark:
			s.mu.Lock()
			messages = append(messages, s.surface.relight()...)
			s.mu.Unlock()
		case <-tick.C:
		}
	}
}

// receive takes one message of a port, on the driver's goroutine.
func (h *Hub) receive(s *seat, msg []byte) {
	at := h.o.Now()
	if len(msg) == 0 {
		return
	}
	s.mu.Lock()
	if msg[0] >= 0xF0 {
		e, ok := s.clock.read(msg, at)
		s.mu.Unlock()
		if ok {
			h.offer(e)
		}
		return
	}
	h.o.Show.Look(&s.view)
	events, move, ok := s.surface.Receive(msg, at, &s.view, s.events[:0])
	s.events = events
	if ok {
		s.last = Touch{s.surface.Profile.Name, move.Name, move.Value, at}
	}
	device := s.surface.Profile.Name
	s.mu.Unlock()
	if ok && h.learn(device, move) {
		return // the movement that taught does nothing else
	}
	for _, e := range events {
		h.offer(e)
	}
}

func (h *Hub) offer(e show.Event) {
	if err := h.o.Show.Offer(e); err != nil {
		h.o.Log("MIDI: " + err.Error())
	}
}

// Learn ties the control that is moved next to the mapping's parameter or
// action; it gives the mapping as it was learned on done. Device and Control
// of m are filled in; From and To 0 and 0 become 0 and 1. An earlier mapping
// of that control is replaced. It is an edit, and can be undone. done is closed
// with nothing on it when another Learn or a Cancel ends the wait.
func (h *Hub) Learn(m show.Mapping) (done <-chan show.Mapping) {
	if m.From == 0 && m.To == 0 {
		m.To = 1
	}
	l := &learning{mapping: m, first: map[string]float32{}, done: make(chan show.Mapping, 1)}
	h.mu.Lock()
	h.drop()
	h.learning = l
	h.mu.Unlock()
	return l.done
}

// drop ends the Learn that waits, with nothing on its channel.
func (h *Hub) drop() {
	if h.learning != nil {
		close(h.learning.done)
		h.learning = nil
	}
}

// Cancel ends a Learn that waits.
func (h *Hub) Cancel() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop()
}

// enough is how far a fader must go to be meant: a hand brushes its neighbours.
const enough = 0.08

// learn takes a movement for a Learn that waits.
func (h *Hub) learn(device string, m Move) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.learning
	if l == nil {
		return false
	}
	name := device + "\x00" + m.Name
	if !m.Press && !m.Relative {
		first, seen := l.first[name]
		if !seen {
			l.first[name] = m.Value
			return true
		}
		if m.Release || abs(m.Value-first) < enough {
			return true
		}
	}
	h.learning = nil
	l.mapping.Device, l.mapping.Control = device, m.Name
	if l.mapping.Path != "" {
		id, err := h.o.Show.Find(l.mapping.Path)
		if err != nil {
			h.o.Log("MIDI: " + err.Error())
			return true
		}
		l.mapping.Param = id
	}
	var v show.View
	h.o.Show.Look(&v)
	e := show.Event{At: h.o.Now(), Action: show.Insert, Index: -1, Item: &l.mapping}
	for i := range v.Items[show.Mappings] {
		if was := v.MappingAt(i); was.Device == device && was.Control == m.Name {
			e.Action, e.Index = show.Edit, i
		}
	}
	if err := h.o.Show.Offer(e); err != nil {
		h.o.Log("MIDI: " + err.Error())
	}
	l.done <- l.mapping
	return true
}

// Status is one controller, as a window shows it.
type Status struct {
	Port      string
	Device    string
	Connected bool
	Look      Look
	Last      Touch
}

// Surfaces lists the controllers that are or were plugged in, by port name.
func (h *Hub) Surfaces() []Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []Status
	for name, s := range h.seats {
		s.mu.Lock()
		out = append(out, Status{name, s.surface.Profile.Name, s.connected, s.surface.Look(), s.last})
		s.mu.Unlock()
	}
	slices.SortFunc(out, func(a, b Status) int {
		if a.Port < b.Port {
			return -1
		}
		return 1
	})
	return out
}
