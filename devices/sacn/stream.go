package sacn

import (
	"bytes"
	"crypto/sha1"
	"slices"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Refresh is the longest that a universe which does not change may be silent
// (6.6.2 wants a keep-alive every 800 to 1000 ms); repeats is how often the
// first unchanged packet is sent before (6.6.1: three).
const (
	Refresh = 800 * time.Millisecond
	repeats = 3
)

// terminations is how many packets end a stream, 6.2.6.
const terminations = 3

// Part is one output of a stream: where its bytes are in a frame.
type Part struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output
}

// Options of a Stream.
type Options struct {
	CID    CID
	Source string // name, for people
}

// Stream makes the packets of one destination: the universes of one or more
// outputs, and a packet for each synchronisation universe after all of them.
// It belongs to one goroutine.
type Stream struct {
	o         Options
	data      Data // what all packets share
	parts     []Part
	universes []universe
	syncs     []synchronisation
	group     bool // multicast
	listed    []uint16
	list      time.Duration // engine time of the next universe discovery
	once      bool          // there was one
}

type universe struct {
	begun     bool
	sequence  byte
	priority  []byte        // of each slot, where that is sent; nil otherwise
	told      time.Duration // when it was sent last
	telling   bool          // it was sent
	unchanged int           // packets since the last change
	sent      time.Duration // engine time
	last      []byte
}

type synchronisation struct {
	universe uint16
	sequence byte
}

// NewStream makes the stream of some outputs, all to one host or all to
// multicast groups.
func NewStream(parts []Part, o Options) *Stream {
	s := &Stream{o: o, parts: parts, data: Data{CID: o.CID, Source: []byte(o.Source)}}
	for _, p := range parts {
		s.group = s.group || p.Output.Multicast
		for _, u := range p.Output.Universes {
			state := universe{last: make([]byte, u.Length)}
			if p.Output.PerAddress {
				state.priority = slotPriorities(p.Output, u)
			}
			s.universes = append(s.universes, state)
			s.listed = append(s.listed, uint16(u.Number))
		}
		n := uint16(p.Output.SyncUniv)
		if p.Output.Sync && !slices.ContainsFunc(s.syncs, func(y synchronisation) bool { return y.universe == n }) {
			s.syncs = append(s.syncs, synchronisation{universe: n})
		}
	}
	slices.Sort(s.listed)
	s.listed = slices.Compact(s.listed)
	return s
}

// slotPriorities gives the slots that carry pixels the output's priority, and
// leaves the others to other sources. 0 would leave all of them: the least
// that can be sent for a slot is 1.
func slotPriorities(o *installations.Output, u installations.Universe) []byte {
	p := make([]byte, u.Length)
	for _, r := range o.Runs {
		for i := r.Offset; i < r.Offset+r.Count*r.Width(); i++ {
			if i >= u.Offset && i < u.Offset+u.Length {
				p[i-u.Offset] = byte(max(o.Priority, 1))
			}
		}
	}
	return p
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	k, sent := 0, false
	for _, p := range s.parts {
		data := f.Output(p.Index)
		for _, u := range p.Output.Universes {
			state := &s.universes[k]
			k++
			levels := data[u.Offset : u.Offset+u.Length]
			if state.priority != nil && (!state.telling || f.At()-state.told >= Refresh) {
				state.telling, state.told = true, f.At()
				s.packet(b, &p, u.Number, state, StartPriority, 0)
			}
			if !state.due(levels, f.At()) && p.Output.Changes && !f.Final() {
				continue
			}
			sent = true
			state.sent = f.At()
			s.packet(b, &p, u.Number, state, StartLevels, 0)
		}
	}
	s.discover(b, f.At())
	if !sent {
		return
	}
	for i := range s.syncs {
		y := &s.syncs[i]
		y.sequence++
		b.Buf = AppendSync(b.Buf, &s.o.CID, y.sequence, y.universe)
		s.cut(b, y.universe)
	}
}

// packet adds one universe's levels, or its slots' priorities, as they are
// noted in its state.
func (s *Stream) packet(b *datagram.Batch, p *Part, number int, state *universe, start, options byte) {
	d := &s.data
	state.sequence++
	d.Priority, d.Sequence, d.Universe, d.Slots = byte(p.Output.Priority), state.sequence, uint16(number), state.last
	d.StartCode, d.Options, d.Sync = start, options, 0
	if start == StartPriority {
		d.Slots = state.priority
	}
	if p.Output.Preview {
		d.Options |= Preview
	}
	if p.Output.Sync && options&Terminated == 0 {
		// Lost synchronisation must not freeze the light.
		d.Options |= ForceSync
		d.Sync = uint16(p.Output.SyncUniv)
	}
	b.Buf = AppendData(b.Buf, d)
	s.cut(b, d.Universe)
}

// discover adds the list of universes when it is due. It is multicast, so a
// source that only unicasts keeps it to itself.
func (s *Stream) discover(b *datagram.Batch, now time.Duration) {
	if !s.group || s.once && now < s.list {
		return
	}
	s.once, s.list = true, now+DiscoverEvery
	last := (len(s.listed) - 1) / pageSize
	for page := range last + 1 {
		d := Discovery{CID: s.o.CID, Source: s.data.Source, Page: byte(page), Last: byte(last), Universes: s.listed[page*pageSize : min((page+1)*pageSize, len(s.listed))]}
		b.Buf = AppendDiscovery(b.Buf, &d)
		b.CutTo(Group(DiscoveryUniverse))
	}
}

func (s *Stream) cut(b *datagram.Batch, universe uint16) {
	if s.group {
		b.CutTo(Group(universe))
	} else {
		b.Cut()
	}
}

// due notes the levels, and says whether the standard wants them sent.
func (u *universe) due(levels []byte, now time.Duration) bool {
	if u.begun && bytes.Equal(u.last, levels) {
		u.unchanged++
		return u.unchanged <= repeats || now-u.sent >= Refresh
	}
	copy(u.last, levels)
	u.begun, u.unchanged = true, 0
	return true
}

// End implements datagram.Coder: three packets of each universe say that it ends.
func (s *Stream) End(b *datagram.Batch) {
	for range terminations {
		k := 0
		for i := range s.parts {
			for _, u := range s.parts[i].Output.Universes {
				if state := &s.universes[k]; state.begun {
					s.packet(b, &s.parts[i], u.Number, state, StartLevels, Terminated)
				}
				k++
			}
		}
	}
}

// namespace is the UUID under which this program's CIDs are made, a random one.
var namespace = CID{0x6e, 0x1d, 0x0c, 0x5a, 0x2f, 0x4b, 0x4e, 0x9d, 0x9a, 0x37, 0x51, 0xc2, 0x08, 0xe6, 0x7b, 0xd4}

// NewCID makes the UUID (RFC 9562, version 5) of a name: the same name gives
// the same CID, so that a source keeps it when it starts again.
func NewCID(name string) CID {
	h := sha1.New()
	h.Write(namespace[:])
	h.Write([]byte(name))
	var c CID
	copy(c[:], h.Sum(nil))
	c[6] = c[6]&0x0f | 0x50
	c[8] = c[8]&0x3f | 0x80
	return c
}
