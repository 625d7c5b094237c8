package outputs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/console"
	"noctiluca/devices/monitor"
	"noctiluca/devices/sacn"
	"noctiluca/installations"
)

// weather is a bad network: a relay that loses one packet of ten and holds
// others back until up to nine more have come, so that they overtake one
// another. It is our own, and seeded: not every kernel has netem. It counts
// packets and not milliseconds, so that a slow machine has the same weather.
type weather struct {
	in    *net.UDPConn
	lost  int // when ended is closed
	ended chan struct{}
}

// endOfWeather is the packet that ends the relay, which passes it on.
const endOfWeather = "the weather ends"

func newWeather(t *testing.T, to string) (*weather, string) {
	in := listen(t)
	out, err := net.Dial("udp", to)
	if err != nil {
		t.Fatal(err)
	}
	w := &weather{in: in, ended: make(chan struct{})}
	rng := rand.New(rand.NewPCG(3, 1))
	go func() {
		defer close(w.ended)
		defer out.Close()
		buf := make([]byte, 2048)
		var held [10][][]byte // those that go out when as many more have come
		pass := func() {
			for _, p := range held[0] {
				_, _ = out.Write(p)
			}
			copy(held[:], held[1:])
			held[len(held)-1] = nil
		}
		for {
			n, err := in.Read(buf)
			if err != nil {
				return
			}
			if string(buf[:n]) == endOfWeather {
				for range held {
					pass()
				}
				_, _ = out.Write(buf[:n])
				return
			}
			if rng.IntN(10) == 0 {
				w.lost++
			} else {
				wait := rng.IntN(len(held))
				held[wait] = append(held[wait], bytes.Clone(buf[:n]))
			}
			pass()
		}
	}()
	return w, in.LocalAddr().String()
}

// end lets pass what is held back, and waits for it.
func (w *weather) end(t *testing.T) {
	t.Helper()
	c, err := net.Dial("udp", w.in.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte(endOfWeather)); err != nil {
		t.Fatal(err)
	}
	<-w.ended
}

// TestLossDelayAndReordering: over a bad network a receiver by the standard's
// rules never shows an older frame after a newer one, and what the monitor
// counts is what was lost and overtaken.
func TestLossDelayAndReordering(t *testing.T) {
	node := listen(t)
	w, host := newWeather(t, node.LocalAddr().String())
	inst := wall(installations.Output{Name: "a", Protocol: "sacn", Host: host, Universes: universes(7, 1), Priority: 100})
	// The first channel counts the frames, so that a receiver's order shows.
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	m := frames(t, inst)
	const frames = 200
	var got [][]byte
	received := make(chan struct{})
	go func() {
		defer close(received)
		buf := make([]byte, 2048)
		for {
			n, err := node.Read(buf)
			if err != nil || string(buf[:n]) == endOfWeather {
				return
			}
			got = append(got, bytes.Clone(buf[:n]))
		}
	}()
	for n := range frames {
		for i := range m.r {
			m.g[i] = float32(n) / 255 // GRB: the first byte is the frame's number
		}
		f := m.stage.Make(uint64(n), time.Duration(n)*time.Second/60, m.r, m.g, m.b, false)
		runners[0].Put(f)
		f.Release()
		until(t, "the frame to be sent", func() bool { return runners[0].Stats().Frames > uint64(n) })
	}
	if err := runners[0].Stop(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	w.end(t)
	<-received

	sent := int(runners[0].Stats().Packets)
	merger := console.NewMerger(console.HTP, console.Address{Protocol: console.SACN, Universe: 7})
	table := monitor.NewTable()
	shown, overtaken, last := 0, 0, -1
	at := time.Duration(0) // by a clock of the test's own: a packet every 4 ms
	for _, p := range got {
		at += 4 * time.Millisecond
		d, err := sacn.ParseData(p)
		if err != nil {
			t.Fatal(err)
		}
		if d.Options&sacn.Terminated != 0 {
			continue
		}
		before := merger.Counters().OutOfOrder
		merger.SACN(p, at)
		table.SACN(netip.MustParseAddrPort("127.0.0.1:5568"), p, at)
		if merger.Counters().OutOfOrder > before {
			overtaken++
			continue
		}
		level, ok := merger.Level(console.Address{Protocol: console.SACN, Universe: 7}, 1, at)
		if !ok || int(level) < last {
			t.Fatalf("frame %d is shown after frame %d", level, last)
		}
		last = int(level)
		shown++
	}
	lines := table.Lines(at)
	t.Logf("%d sent, %d lost on the way, %d arrived, %d of them overtaken, %d shown; %s", sent, w.lost, len(got), overtaken, shown, strings.TrimSpace(lines))
	if w.lost == 0 || overtaken == 0 || last < frames-30 {
		t.Errorf("lost %d, overtaken %d, the last frame shown is %d: the weather was too good, or too bad", w.lost, overtaken, last)
	}
	// The last packets on their way may be lost unseen.
	if want := fmt.Sprintf("%d out of order", overtaken); !strings.Contains(lines, want) {
		t.Errorf("want %s: %s", want, lines)
	}
	var lost int
	if _, after, ok := strings.Cut(lines, "  lost "); ok {
		_, _ = fmt.Sscan(after, &lost)
	}
	if lost > w.lost || lost < w.lost-8 {
		t.Errorf("the monitor counts %d lost, %d were", lost, w.lost)
	}
}
