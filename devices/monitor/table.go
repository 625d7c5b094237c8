package monitor

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/sacn"
)

// most is how many streams are kept: a network that floods us with names must
// not eat the memory.
const most = 16384

// Table is what has arrived. It belongs to one goroutine, and is told the time.
type Table struct {
	streams map[key]*stream
	// Of the whole network.
	malformed uint64
	lastFault string
	other     map[string]uint64 // packets that carry no levels, by what they are
	full      uint64
}

// key tells streams apart: a sender, and a universe.
type key struct {
	protocol string // Art-Net, sACN
	from     netip.Addr
	cid      sacn.CID
	universe int
}

type stream struct {
	key
	name     string // the source's own, of sACN
	priority int    // -1: the protocol has none
	ended    bool
	preview  bool
	sync     bool

	packets, bytes uint64
	lost, stale    uint64
	sequence       byte
	first, last    time.Duration // first: for the first whole second

	channels int       // of the last packet
	length   int       // of them the first, which are kept
	levels   [512]byte // for the bar

	// Since the last writing.
	since      uint64
	sinceBytes uint64
	began      time.Duration
}

// NewTable makes an empty table.
func NewTable() *Table {
	return &Table{streams: map[key]*stream{}, other: map[string]uint64{}}
}

// Heard says whether any stream has arrived.
func (t *Table) Heard() bool { return len(t.streams) > 0 || len(t.other) > 0 || t.malformed > 0 }

// Whole says whether some stream has been heard for a second.
func (t *Table) Whole(now time.Duration) bool {
	for _, s := range t.streams {
		if now-s.first >= time.Second {
			return true
		}
	}
	return false
}

func (t *Table) fault(err error) {
	t.malformed++
	t.lastFault = err.Error()
}

// stream finds a stream or begins it; nil when there are too many.
func (t *Table) stream(k key, now time.Duration) (s *stream, began bool) {
	if s = t.streams[k]; s != nil {
		return s, false
	}
	if len(t.streams) >= most {
		t.full++
		return nil, false
	}
	s = &stream{key: k, priority: -1, first: now, began: now}
	t.streams[k] = s
	return s, true
}

// take notes a packet's levels.
func (s *stream) take(levels []byte, size int, now time.Duration) {
	s.packets++
	s.since++
	s.bytes += uint64(size)
	s.sinceBytes += uint64(size)
	s.last = now
	s.length = copy(s.levels[:], levels)
	s.channels = len(levels)
}

// ArtNet takes a datagram from the port of Art-Net.
func (t *Table) ArtNet(from netip.AddrPort, b []byte, now time.Duration) {
	op, err := artnet.Op(b)
	if err != nil {
		t.fault(err)
		return
	}
	if op != artnet.OpDmx {
		t.other["Art-Net "+strings.TrimPrefix(op.String(), "Art")]++
		return
	}
	d, err := artnet.ParseDmx(b)
	if err != nil {
		t.fault(err)
		return
	}
	s, began := t.stream(key{protocol: "Art-Net", from: from.Addr(), universe: int(d.Address)}, now)
	if s == nil {
		return
	}
	if !began && d.Sequence != 0 && s.sequence != 0 {
		// 1…255 in a ring: what is missing between two packets was lost; a
		// small step back is a packet that was overtaken, and a larger one a
		// source that began anew.
		switch step := (int(d.Sequence) - int(s.sequence) + 255) % 255; {
		case step == 0 || step > 255-20:
			s.overtaken()
		case step < 128:
			s.lose(step - 1)
			s.sequence = d.Sequence
		default:
			s.sequence = d.Sequence
		}
	} else {
		s.sequence = d.Sequence
	}
	s.take(d.Data, len(b), now)
}

// overtaken notes a packet that came after a later one: it is not lost, as
// was thought.
func (s *stream) overtaken() {
	s.stale++
	if s.lost > 0 {
		s.lost--
	}
}

func (s *stream) lose(n int) {
	s.lost += uint64(n)
}

// SACN takes a datagram from the port of sACN.
func (t *Table) SACN(from netip.AddrPort, b []byte, now time.Duration) {
	kind, _, err := sacn.KindOf(b)
	if err != nil {
		t.fault(err)
		return
	}
	if kind != sacn.KindData {
		t.other["sACN "+kind.String()]++
		return
	}
	d, err := sacn.ParseData(b)
	if err != nil {
		t.fault(err)
		return
	}
	if d.StartCode != sacn.StartLevels {
		t.other[fmt.Sprintf("sACN start code 0x%02x", d.StartCode)]++
		return
	}
	s, began := t.stream(key{"sACN", from.Addr(), d.CID, int(d.Universe)}, now)
	if s == nil {
		return
	}
	if !began {
		switch step := d.Sequence - s.sequence; {
		case sacn.Stale(d.Sequence, s.sequence):
			s.overtaken()
		case step < 128:
			s.lose(int(step) - 1)
			s.sequence = d.Sequence
		default:
			s.sequence = d.Sequence
		}
	} else {
		s.sequence = d.Sequence
	}
	if s.name != string(d.Source) {
		s.name = printable(d.Source)
	}
	s.priority, s.preview, s.sync = int(d.Priority), d.Options&sacn.Preview != 0, d.Sync != 0
	if d.Options&sacn.Terminated != 0 {
		s.ended = true
		s.packets++
		s.last = now
		return // its levels are to be ignored, 6.2.6
	}
	s.ended = false
	s.take(d.Slots, len(b), now)
}

// printable keeps control characters of a stranger off the terminal.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffd {
			return '?'
		}
		return r
	}, string(b))
}

// sorted gives the streams by protocol, universe and source.
func (t *Table) sorted() []*stream {
	all := make([]*stream, 0, len(t.streams))
	for _, s := range t.streams {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *stream) int {
		return cmp.Or(strings.Compare(a.protocol, b.protocol), a.universe-b.universe, a.from.Compare(b.from), slices.Compare(a.cid[:], b.cid[:]))
	})
	return all
}
