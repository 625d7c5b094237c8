// Package control lets peers on the network turn a show: every parameter has
// an OSC address, which is its path, and whoever asks is told what changes. An
// OSCQuery server (Vidvox, OSCQueryProposal) describes all of it over HTTP, so
// that a tablet or another program finds every name, range and value.
//
// It is not for people's signals: those have a socket of their own, in
// package osc. It is off unless a show's file or the command line turns it on.
//
// The one idea it owns: a peer is a hand like any other. What it turns is an
// event, can be undone, and is seen by every other hand.
package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	goosc "github.com/hypebeast/go-osc/osc"

	"noctiluca/devices/datagram"
	"noctiluca/devices/osc"
	"noctiluca/engine/show"
)

// Options are what a Server needs. A zero field takes the default named at it.
type Options struct {
	Show *show.Show
	// Now is the engine's time. There is no default.
	Now func() time.Duration
	// OSC and Query are the addresses, host:port, of UDP control and of HTTP;
	// empty or off is none.
	OSC, Query string
	// Allow lists who may send, as osc.Prefixes reads it.
	Allow []string
	// Announce tells the local network of both, by mDNS.
	Announce bool
	// Name is what the description calls this installation.
	Name string
	// Rules are the work's, which some may change; nil where nobody is felt.
	Rules Rules
	// Save keeps the show; nil where there is nothing to save to.
	Save func() error
	// Log is told what comes and goes; nil for nobody.
	Log func(string)
}

// Server is the control of one show. Run it once.
type Server struct {
	o     Options
	allow []netip.Prefix
	conn  *net.UDPConn
	web   net.Listener
	paths []string // of the parameters, in the order of the registry

	mu          sync.Mutex
	subscribers map[netip.AddrPort]*subscriber
	origins     map[netip.AddrPort]show.Origin
	told        time.Duration // when the log was told of an event that was not taken; 0 never
}

// The limits of what faces the network.
const (
	maxSubscribers = 64
	maxListeners   = 32
	lease          = 60 * time.Second // of a subscription; renewed by asking again
	feedbackEvery  = 33 * time.Millisecond
	maxBundle      = 1300 // bytes of feedback in a datagram
	// Datagrams a second that are read, of all peers together, and at once:
	// 40 faders that move at the rate of the screen. The kernel drops the rest.
	readRate  = 4000
	readBurst = 500
)

// subscriber is a peer that is told what changes.
type subscriber struct {
	to     netip.AddrPort
	origin show.Origin
	until  time.Duration
	told   []float32 // what it was told last; nil: nothing yet
	cues   [2]int32
	names  [2]string
}

// Open opens the sockets. Nothing is taken in before Run.
func Open(o Options) (*Server, error) {
	if o.Show == nil || o.Now == nil {
		return nil, errors.New("control: a server needs a show and the engine's time")
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	if o.Name == "" {
		o.Name = "Noctiluca"
	}
	s := &Server{o: o, subscribers: map[netip.AddrPort]*subscriber{}, origins: map[netip.AddrPort]show.Origin{}}
	var err error
	if s.allow, err = osc.Prefixes(o.Allow); err != nil {
		return nil, err
	}
	for i := range o.Show.Specs {
		s.paths = append(s.paths, o.Show.Specs[i].Path)
	}
	if on(o.OSC) {
		a, err := net.ResolveUDPAddr("udp", o.OSC)
		if err == nil {
			s.conn, err = net.ListenUDP("udp", a)
		}
		if err != nil {
			return nil, fmt.Errorf("control: OSC on %s: %w", o.OSC, err)
		}
	}
	if on(o.Query) {
		if s.web, err = net.Listen("tcp", o.Query); err != nil {
			s.Close()
			return nil, fmt.Errorf("control: OSCQuery on %s: %w", o.Query, err)
		}
	}
	return s, nil
}

func on(address string) bool { return address != "" && address != "off" }

// Close closes the sockets of a Server that is not to run.
func (s *Server) Close() {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.web != nil {
		s.web.Close()
	}
}

// Addr is where OSC control listens; QueryAddr where the description is. Both
// are invalid where there is none.
func (s *Server) Addr() netip.AddrPort {
	if s.conn == nil {
		return netip.AddrPort{}
	}
	return s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// QueryAddr is where the description is served.
func (s *Server) QueryAddr() netip.AddrPort {
	if s.web == nil {
		return netip.AddrPort{}
	}
	return s.web.Addr().(*net.TCPAddr).AddrPort()
}

// Run serves until ctx is done. A fault in one datagram or one request costs
// that one.
func (s *Server) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var ends sync.WaitGroup
	if s.conn != nil {
		ends.Go(func() { s.receive(ctx) })
		ends.Go(func() { s.feed(ctx) })
		s.o.Log("OSC control: " + s.Addr().String())
	}
	if s.web != nil {
		ends.Go(func() { s.serve(ctx) })
		s.o.Log("OSCQuery: http://" + s.QueryAddr().String())
	}
	if s.o.Announce {
		ends.Go(func() { s.announce(ctx) })
	}
	<-ctx.Done()
	s.Close()
	ends.Wait()
	return nil
}

// allowed says whether an address may turn anything.
func (s *Server) allowed(from netip.Addr) bool {
	from = from.Unmap()
	return slices.ContainsFunc(s.allow, func(p netip.Prefix) bool { return p.Contains(from) })
}

// receive takes datagrams.
func (s *Server) receive(ctx context.Context) {
	buffer := make([]byte, 65536)
	var d osc.Decoder
	sluice := datagram.NewSluice(readRate, readBurst)
	for ctx.Err() == nil {
		sluice.Wait()
		n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			if ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond) // an ICMP error of a peer that is gone
			}
			continue
		}
		if !s.allowed(from.Addr()) || osc.Check(buffer[:n]) != nil {
			continue
		}
		s.datagram(&d, buffer[:n], from)
		sluice.Spend(s.cost(buffer[:n]))
	}
}

// cost is how many datagrams of one message a datagram is worth beside its
// first: a bundle has several, and a pattern is looked up among all parameters
// and may turn every one.
func (s *Server) cost(data []byte) float64 {
	cost := float64(len(data)) / 64
	end := max(bytes.IndexByte(data, 0), 0)
	if data[0] == '#' {
		end = len(data)
	}
	if osc.IsPattern(data[:end]) {
		cost += float64(len(s.paths)) / 4
	}
	return cost
}

// datagram lets the messages of one act.
func (s *Server) datagram(d *osc.Decoder, data []byte, from netip.AddrPort) {
	defer func() { _ = recover() }() // of a fault in here, one datagram
	at := s.o.Now()
	d.Reset(data)
	for d.Next() {
		s.message(d.Message(), at, from)
	}
}

// origin is the number of a peer as a hand.
func (s *Server) origin(from netip.AddrPort) show.Origin {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.origins[from]; ok {
		return o
	}
	if len(s.origins) >= 4*maxSubscribers {
		return show.ByOSC // one of a crowd
	}
	o := s.o.Show.NewOrigin()
	s.origins[from] = o
	return o
}

// actions are the addresses that do something, beside the parameters'.
var actions = map[string]show.Action{
	"/go": show.Go, "/back": show.Back, "/hold": show.Hold, "/cue": show.GoTo, "/snapshot": show.Recall,
	"/gesture/play": show.Play, "/gesture/stop": show.Stop, "/gesture/seek": show.Seek, "/record": show.Record,
	"/undo": show.Undo, "/redo": show.Redo, "/tap": show.Tap, "/tempo": show.Tempo,
}

// message lets one message act.
func (s *Server) message(m osc.Message, at time.Duration, from netip.AddrPort) {
	address := string(m.Address)
	if s.o.Rules != nil && strings.HasPrefix(address, Governance) {
		s.govern(m, at, from)
		return
	}
	if osc.IsPattern(m.Address) {
		for i := range s.paths {
			if osc.Match(m.Address, []byte(s.paths[i])) {
				s.set(show.ID(i), m, at, from)
			}
		}
		return
	}
	if id, err := s.o.Show.Find(address); err == nil {
		s.set(id, m, at, from)
		return
	}
	args := m.Arguments()
	first, has := args.Next()
	number, isNumber := float64(0), false
	if has {
		number, isNumber = first.Number()
	}
	switch address {
	case "/subscribe":
		to := from
		if isNumber && number > 0 && number < 65536 {
			to = netip.AddrPortFrom(from.Addr(), uint16(number))
		}
		s.subscribe(from, to, at)
		return
	case "/unsubscribe":
		s.mu.Lock()
		delete(s.subscribers, from)
		s.mu.Unlock()
		return
	case "/snapshot/take":
		if !isNumber || number != 0 { // not a button coming up
			s.takeSnapshot(m.Arguments(), show.Event{At: at, By: s.origin(from)})
		}
		return
	case "/save":
		if s.o.Save != nil {
			if err := s.o.Save(); err != nil {
				s.o.Log(err.Error())
			}
		}
		return
	}
	a, known := actions[address]
	if !known {
		return
	}
	// A button of a tablet sends 1 when it goes down and 0 when it comes up.
	counted := a == show.GoTo || a == show.Recall || a == show.Play || a == show.Stop || a == show.Seek || a == show.Tempo
	if !counted && isNumber && number == 0 {
		return
	}
	e := show.Event{At: at, Action: a, By: s.origin(from), Fade: show.Own}
	switch {
	case a == show.Tempo:
		e.Value = float32(number)
	case counted:
		e.Index = -1
		if isNumber && number >= 1 && number < 1e6 {
			e.Index = int(number) - 1 // people count from 1
		}
		if seconds, ok := args.Next(); ok {
			if v, ok := seconds.Number(); ok && v >= 0 {
				e.Fade = float32(v)
			}
		}
		if a == show.Seek {
			e.Value, e.Fade = max(e.Fade, 0), show.Own
		}
	}
	s.offer(e)
}

// offer gives an event in. What the show does not take is told once a second
// at most: a peer may send thousands of them.
func (s *Server) offer(e show.Event) {
	err := s.o.Show.Offer(e)
	if err == nil {
		return
	}
	s.mu.Lock()
	tell := s.told == 0 || e.At-s.told >= time.Second
	if tell {
		s.told = max(e.At, 1)
	}
	s.mu.Unlock()
	if tell {
		s.o.Log("OSC control: " + err.Error())
	}
}

// set sends a parameter to the message's value; a second number is the fade
// in seconds. A choice takes its name or its number, a switch true or false.
func (s *Server) set(id show.ID, m osc.Message, at time.Duration, from netip.AddrPort) {
	spec := &s.o.Show.Specs[id]
	args := m.Arguments()
	a, ok := args.Next()
	if !ok {
		return
	}
	e := show.Event{At: at, Action: show.Set, Param: id, Fade: show.Own, By: s.origin(from)}
	if text, isText := a.Text(); isText {
		i := slices.Index(spec.Choices, string(text))
		if i < 0 {
			return
		}
		e.Value = float32(i)
	} else if v, isNumber := a.Number(); isNumber {
		e.Value = float32(v)
	} else if yes, isTruth := a.Truth(); isTruth {
		if yes {
			e.Value = spec.Max
		} else {
			e.Value = spec.Min
		}
	} else {
		return
	}
	if fade, ok := args.Next(); ok {
		if v, ok := fade.Number(); ok && v >= 0 {
			e.Fade = float32(v)
		}
	}
	if e.Value-e.Value != 0 {
		return
	}
	s.offer(e)
}

// subscribe takes a peer on, or renews it.
func (s *Server) subscribe(from, to netip.AddrPort, at time.Duration) {
	origin := s.origin(from)
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub := s.subscribers[from]; sub != nil && sub.to == to {
		sub.until = at + lease
		return
	}
	if len(s.subscribers) >= maxSubscribers {
		return
	}
	s.subscribers[from] = &subscriber{to: to, origin: origin, until: at + lease}
	s.o.Log("OSC control: " + to.String() + " subscribes")
}

// feed tells subscribers what has changed.
func (s *Server) feed(ctx context.Context) {
	tick := time.NewTicker(feedbackEvery)
	defer tick.Stop()
	var v show.View
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.o.Show.Look(&v)
		now := s.o.Now()
		s.mu.Lock()
		for from, sub := range s.subscribers {
			if now > sub.until {
				delete(s.subscribers, from)
				continue
			}
			for _, packet := range s.changes(sub, &v) {
				s.conn.WriteToUDPAddrPort(packet, sub.to)
			}
		}
		s.mu.Unlock()
	}
}

// changes gives the datagrams that tell a subscriber what it does not know:
// all, at first. What it turned itself it knows.
func (s *Server) changes(sub *subscriber, v *show.View) [][]byte {
	first := sub.told == nil
	if first {
		sub.told = make([]float32, len(v.To))
	}
	var packets [][]byte
	bundle := goosc.NewBundle(time.Unix(0, 0))
	bundle.Timetag = *goosc.NewTimetagFromTimetag(1) // at once
	size := 16
	flush := func() {
		if len(bundle.Messages) == 0 {
			return
		}
		if b, err := bundle.MarshalBinary(); err == nil {
			packets = append(packets, b)
		}
		bundle.Messages, size = nil, 16
	}
	for i := range v.To {
		if !first && v.To[i] == sub.told[i] {
			continue
		}
		sub.told[i] = v.To[i]
		if !first && v.By[i] == sub.origin {
			continue
		}
		m := message(&s.o.Show.Specs[i], v.To[i])
		if size += len(m.Address) + 32; size > maxBundle {
			flush()
			size += len(m.Address) + 32
		}
		bundle.Append(m)
	}
	for _, m := range sub.cueMessages(v, first) {
		bundle.Append(m)
	}
	flush()
	return packets
}

// message tells a value: a number as a float, a switch as 0 or 1, a choice by
// its name.
func message(spec *show.Spec, v float32) *goosc.Message {
	switch spec.Kind {
	case show.Switch:
		return goosc.NewMessage(spec.Path, int32(v))
	case show.Choice:
		return goosc.NewMessage(spec.Path, spec.Text(v))
	}
	return goosc.NewMessage(spec.Path, v)
}

// leaf is the last part of a path.
func leaf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
