package monitor

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"
)

var here = netip.MustParseAddrPort("10.0.0.7:6454")

func dmx(sequence byte, universe uint16, levels ...byte) []byte {
	return artnet.AppendDmx(nil, artnet.Dmx{Sequence: sequence, Address: universe, Data: levels})
}

// TestGaps: lost packets are counted over the wrap of both protocols'
// sequences, and late ones are not taken for lost ones.
func TestGaps(t *testing.T) {
	for _, c := range []struct {
		name        string
		sequences   []byte
		lost, stale uint64
	}{
		{"none", []byte{1, 2, 3}, 0, 0},
		{"Art-Net's wrap has no 0", []byte{254, 255, 1, 2}, 0, 0},
		{"two lost", []byte{1, 4}, 2, 0},
		{"lost over the wrap", []byte{254, 2}, 2, 0},
		{"out of order", []byte{1, 3, 2, 4}, 0, 1},
		{"sequences not used", []byte{0, 0, 0}, 0, 0},
	} {
		table := NewTable()
		for i, s := range c.sequences {
			table.ArtNet(here, dmx(s, 3, 1, 2), time.Duration(i)*time.Millisecond)
		}
		s := table.sorted()[0]
		if s.lost != c.lost || s.stale != c.stale {
			t.Errorf("%s: lost %d, out of order %d; want %d, %d", c.name, s.lost, s.stale, c.lost, c.stale)
		}
	}
	table := NewTable()
	for i, s := range []byte{254, 255, 0, 1, 5} {
		table.SACN(here, sacn.AppendData(nil, &sacn.Data{Universe: 9, Sequence: s, Slots: []byte{1}}), time.Duration(i))
	}
	if s := table.sorted()[0]; s.lost != 3 || s.stale != 0 {
		t.Errorf("sACN: lost %d, out of order %d; want 3, 0", s.lost, s.stale)
	}
}

// TestLines shows a whole table as a pipe gets it.
func TestLines(t *testing.T) {
	table := NewTable()
	for i := range 44 {
		now := time.Duration(i) * time.Second / 44
		table.ArtNet(here, dmx(byte(1+i), 258, 0, 255, 0, 10), now)
		table.SACN(here, sacn.AppendData(nil, &sacn.Data{
			CID: sacn.CID{1}, Source: []byte("desk\x1b[2J"), Priority: 150, Universe: 7, Sequence: byte(i), Options: sacn.Preview, Sync: 3, Slots: make([]byte, 512)}), now)
	}
	table.ArtNet(here, artnet.AppendSync(nil), time.Second)
	table.ArtNet(here, []byte("hello, is this the light?"), time.Second)
	want := "    1.0s  Art-Net universe 258  from 10.0.0.7  44.0 packets/s  1.0 kB/s  lost 0  channels 4  lit 2  most 255  |      ██████      ▁▁▁▁▁▁|\n" +
		"    1.0s  sACN universe 7  from 10.0.0.7 desk?[2J  priority 150  44.0 packets/s  28.1 kB/s  lost 0  channels 512  lit 0  most 0  |                        |  preview, synchronised\n" +
		"    1.0s  Art-Net Sync 1, malformed 1 (artnet: ID \"hello, i\": expected \"Art-Net\\x00\")\n"
	if got := table.Lines(time.Second); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := table.Screen(5 * time.Second); !strings.Contains(got, "silent 4 s") || !strings.Contains(got, "2 universes, 0 packets/s") {
		t.Error(got)
	}
	table.SACN(here, sacn.AppendData(nil, &sacn.Data{CID: sacn.CID{1}, Universe: 7, Sequence: 44, Options: sacn.Terminated}), time.Second)
	if got := table.Lines(6 * time.Second); !strings.Contains(got, "ended") {
		t.Error(got)
	}
}

// TestMemoryIsBounded: a stranger who invents universes and sources fills
// no memory.
func TestMemoryIsBounded(t *testing.T) {
	table := NewTable()
	for i := range most + 1000 {
		var cid sacn.CID
		cid[0], cid[1], cid[2] = byte(i), byte(i>>8), byte(i>>16)
		table.SACN(here, sacn.AppendData(nil, &sacn.Data{CID: cid, Universe: 7, Slots: []byte{1}}), 0)
	}
	if len(table.streams) != most || table.full != 1000 {
		t.Errorf("%d streams, %d refused", len(table.streams), table.full)
	}
}

// buffer may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) { b.mu.Lock(); defer b.mu.Unlock(); return b.b.Write(p) }
func (b *buffer) String() string              { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

// TestRun listens on the loopback for both protocols and leaves by itself.
func TestRun(t *testing.T) {
	art, acn := peers.FreePort(t), peers.FreePort(t)
	o := Options{Listen: art.Addr().String(), ArtnetPort: int(art.Port()), SacnPort: int(acn.Port()), Once: true, For: time.Minute}
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer stop()
		a, _ := net.Dial("udp", art.String())
		s, _ := net.Dial("udp", acn.String())
		for i := 0; ctx.Err() == nil; i++ {
			_, _ = a.Write(dmx(byte(i%255+1), 5, 9, 8))
			_, _ = s.Write(sacn.AppendData(nil, &sacn.Data{Universe: 6, Sequence: byte(i), Slots: []byte{7}}))
			time.Sleep(20 * time.Millisecond)
		}
	}()
	var out buffer
	if err := Run(t.Context(), &out, o); err != nil {
		t.Fatal(err)
	}
	stop()
	if got := out.String(); !strings.Contains(got, "Art-Net universe 5  from 127.0.0.1") || !strings.Contains(got, "sACN universe 6") {
		t.Error(got)
	}
	for _, bad := range []Options{{Listen: "nowhere", ArtnetPort: 1}, {Listen: "127.0.0.1"}, {Listen: "203.0.113.9", ArtnetPort: 6454}} {
		if err := Run(t.Context(), &out, bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}
