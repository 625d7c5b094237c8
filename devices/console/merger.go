// Package console lets a lighting console play the show: Art-Net and sACN
// that come in, merged as the standards say, move parameters and call cues.
//
// It is in three layers: Merger, which is told of packets and knows the
// levels of every channel; Hands, which turns levels into events of the show
// and sees to it that a console which takes over or gives back never makes
// the light jump; and Listener, the sockets. Only the last one has a clock.
package console

import (
	"fmt"
	"net/netip"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/sacn"
)

// Protocol says whose universes are meant.
type Protocol uint8

// The protocols.
const (
	Artnet Protocol = iota
	SACN
)

func (p Protocol) String() string { return [...]string{"Art-Net", "sACN"}[p&1] }

// Address is a universe.
type Address struct {
	Protocol Protocol
	Universe uint16
}

func (a Address) String() string { return fmt.Sprintf("%v universe %d", a.Protocol, a.Universe) }

// Mode says how sources of equal priority are merged.
type Mode uint8

// The modes.
const (
	HTP Mode = iota // the highest level takes precedence
	LTP             // the latest change takes precedence
)

// How long a source may be silent: E1.31-2018's network data loss timeout
// (appendix A), and Art-Net 4's for a node that merges.
const (
	lossSACN   = 2500 * time.Millisecond
	lossArtnet = 10 * time.Second
)

// artnetPriority is where Art-Net, which has no priorities, ranks among sACN.
const artnetPriority = 100

// MaxSources is how many sources of one universe are followed: more are
// refused until one is lost. Art-Net has two (the standard's limit).
const (
	MaxSources       = 6
	maxArtnetSources = 2
)

const slots = artnet.Slots

// source is one sender of one universe.
type source struct {
	id       any  // sacn.CID or netip.Addr
	counted  bool // sequence is that of a packet before
	priority byte
	sequence byte
	// perSlot is the priority of each slot, when perSlotAt is not long ago.
	perSlot   [slots]byte
	hasSlots  bool
	perSlotAt time.Duration
	heard     time.Duration // of levels; when it was first heard of, before any
	begun     bool          // levels have come
	levels    [slots]byte
	length    int
	changed   [slots]time.Duration // for LTP
}

// loss is how long this source may be silent.
func (s *source) loss() time.Duration {
	if _, ok := s.id.(netip.Addr); ok {
		return lossArtnet
	}
	return lossSACN
}

// universe is all sources of one universe.
type universe struct{ sources []*source }

// Counters tell what came in.
type Counters struct {
	Packets, Malformed, OutOfOrder, Refused, Preview uint64
}

// Merger knows the levels of the universes it was asked to follow. It belongs
// to one goroutine, and is told the time, which never runs back.
type Merger struct {
	mode      Mode
	universes map[Address]*universe
	counters  Counters
}

// NewMerger follows the universes given.
func NewMerger(mode Mode, follow ...Address) *Merger {
	m := &Merger{mode: mode, universes: map[Address]*universe{}}
	for _, a := range follow {
		m.universes[a] = &universe{}
	}
	return m
}

// Counters gives the counts so far.
func (m *Merger) Counters() Counters { return m.counters }

// source finds or makes a source; nil when there are too many.
func (u *universe) source(id any, most int, now time.Duration) *source {
	kept := u.sources[:0]
	var found *source
	for _, s := range u.sources {
		if now-s.heard > s.loss() {
			continue
		}
		kept = append(kept, s)
		if s.id == id {
			found = s
		}
	}
	clear(u.sources[len(kept):])
	u.sources = kept
	if found != nil {
		return found
	}
	if len(u.sources) >= most {
		return nil
	}
	s := &source{id: id, heard: now}
	u.sources = append(u.sources, s)
	return s
}

// take notes levels.
func (s *source) take(levels []byte, now time.Duration) {
	for i := range s.levels {
		v := byte(0)
		if i < len(levels) {
			v = levels[i]
		}
		if v != s.levels[i] || !s.begun {
			s.changed[i] = now
		}
		s.levels[i] = v
	}
	s.length, s.heard, s.begun = len(levels), now, true
}

// ArtNet takes a datagram from the port of Art-Net.
func (m *Merger) ArtNet(from netip.Addr, b []byte, now time.Duration) {
	m.counters.Packets++
	op, err := artnet.Op(b)
	if err != nil {
		m.counters.Malformed++
		return
	}
	if op != artnet.OpDmx {
		return
	}
	d, err := artnet.ParseDmx(b)
	if err != nil {
		m.counters.Malformed++
		return
	}
	u := m.universes[Address{Artnet, d.Address}]
	if u == nil {
		return
	}
	s := u.source(from, maxArtnetSources, now)
	if s == nil {
		m.counters.Refused++
		return
	}
	if s.counted && d.Sequence != 0 && s.sequence != 0 {
		// 1…255 in a ring: a small step back is a packet that was overtaken.
		if step := (int(d.Sequence) - int(s.sequence) + 255) % 255; step > 255-20 {
			m.counters.OutOfOrder++
			return
		}
	}
	s.sequence, s.counted, s.priority = d.Sequence, true, artnetPriority
	s.take(d.Data, now)
}

// SACN takes a datagram from the port of sACN. Synchronisation is not waited
// for: parameters glide by themselves.
func (m *Merger) SACN(b []byte, now time.Duration) {
	m.counters.Packets++
	kind, _, err := sacn.KindOf(b)
	if err == nil && kind != sacn.KindData {
		return
	}
	d, err := sacn.ParseData(b)
	if err != nil {
		m.counters.Malformed++
		return
	}
	u := m.universes[Address{SACN, d.Universe}]
	switch {
	case u == nil:
		return
	case d.Options&sacn.Preview != 0:
		m.counters.Preview++ // not for live light, 6.2.6
		return
	}
	s := u.source(d.CID, MaxSources, now)
	if s == nil {
		m.counters.Refused++
		return
	}
	if s.counted && sacn.Stale(d.Sequence, s.sequence) {
		m.counters.OutOfOrder++
		return
	}
	s.sequence, s.counted, s.priority = d.Sequence, true, d.Priority
	if d.Options&sacn.Terminated != 0 {
		// It is gone at once, whatever else the packet says. Its sequence is
		// kept for as long as a source may be silent: a packet that was
		// overtaken on the way must not bring its levels back.
		*s = source{id: s.id, counted: true, sequence: d.Sequence, heard: now}
		return
	}
	switch d.StartCode {
	case sacn.StartLevels:
		s.take(d.Slots, now)
	case sacn.StartPriority:
		clear(s.perSlot[:])
		copy(s.perSlot[:], d.Slots)
		s.hasSlots, s.perSlotAt = true, now
	}
}

// Level gives the level of a channel, 1…512, and whether anybody sends it.
// The highest priority wins; among equals the mode decides.
func (m *Merger) Level(a Address, channel int, now time.Duration) (level byte, present bool) {
	u := m.universes[a]
	if u == nil || channel < 1 || channel > slots {
		return 0, false
	}
	i := channel - 1
	best, latest := -1, time.Duration(-1)
	for _, s := range u.sources {
		if !s.begun || now-s.heard > s.loss() || i >= s.length {
			continue
		}
		priority := int(s.priority)
		if s.hasSlots && now-s.perSlotAt <= s.loss() {
			if s.perSlot[i] == 0 {
				continue // this source leaves the slot to others
			}
			priority = int(s.perSlot[i])
		}
		switch {
		case priority > best:
			best, level, latest, present = priority, s.levels[i], s.changed[i], true
		case priority == best && m.mode == HTP:
			level = max(level, s.levels[i])
		case priority == best && s.changed[i] > latest:
			level, latest = s.levels[i], s.changed[i]
		}
	}
	return level, present
}

// Sources is how many sources of a universe are heard now.
func (m *Merger) Sources(a Address, now time.Duration) int {
	n := 0
	if u := m.universes[a]; u != nil {
		for _, s := range u.sources {
			if s.begun && now-s.heard <= s.loss() {
				n++
			}
		}
	}
	return n
}
