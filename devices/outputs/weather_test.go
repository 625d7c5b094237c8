package outputs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"noctiluca/devices/console"
	"noctiluca/devices/monitor"
	"noctiluca/devices/sacn"
	"noctiluca/installations"
)

// weather is a bad network: a relay that loses one packet of ten and holds
// others back for up to 40 ms, so that they overtake one another. It is our
// own, seeded: not every kernel has netem.
type weather struct {
	in, out *net.UDPConn
	mu      sync.Mutex
	lost    int
	passed  int
	late    sync.WaitGroup
}

func newWeather(t *testing.T, to string) (*weather, string) {
	in := listen(t)
	out, err := net.Dial("udp", to)
	if err != nil {
		t.Fatal(err)
	}
	w := &weather{in: in, out: out.(*net.UDPConn)}
	rng := rand.New(rand.NewPCG(3, 1))
	w.late.Go(func() {
		buf := make([]byte, 2048)
		for {
			n, err := in.Read(buf)
			if err != nil {
				return
			}
			if rng.IntN(10) == 0 {
				w.mu.Lock()
				w.lost++
				w.mu.Unlock()
				continue
			}
			packet, wait := bytes.Clone(buf[:n]), time.Duration(rng.IntN(40))*time.Millisecond
			w.mu.Lock()
			w.passed++
			w.mu.Unlock()
			w.late.Go(func() {
				time.Sleep(wait)
				_, _ = w.out.Write(packet)
			})
		}
	})
	return w, in.LocalAddr().String()
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
	type packet struct {
		at   time.Duration
		data []byte
	}
	var got []packet
	received := make(chan struct{})
	begin := time.Now()
	go func() {
		defer close(received)
		buf := make([]byte, 2048)
		for {
			n, err := node.Read(buf)
			if err != nil {
				return
			}
			got = append(got, packet{time.Since(begin), bytes.Clone(buf[:n])})
		}
	}()
	for n := range frames {
		for i := range m.r {
			m.g[i] = float32(n) / 255 // GRB: the first byte is the frame's number
		}
		f := m.stage.Make(uint64(n), time.Duration(n)*time.Second/60, m.r, m.g, m.b, false)
		runners[0].Put(f)
		f.Release()
		time.Sleep(4 * time.Millisecond)
	}
	if err := runners[0].Stop(2 * time.Second); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	w.in.Close()
	w.late.Wait()
	time.Sleep(20 * time.Millisecond)
	node.Close()
	<-received

	sent := int(runners[0].Stats().Packets)
	merger := console.NewMerger(console.HTP, console.Address{Protocol: console.SACN, Universe: 7})
	table := monitor.NewTable()
	shown, overtaken, last := 0, 0, -1
	for _, p := range got {
		d, err := sacn.ParseData(p.data)
		if err != nil {
			t.Fatal(err)
		}
		if d.Options&sacn.Terminated != 0 {
			continue
		}
		before := merger.Counters().OutOfOrder
		merger.SACN(p.data, p.at)
		table.SACN(netip.MustParseAddrPort("127.0.0.1:5568"), p.data, p.at)
		if merger.Counters().OutOfOrder > before {
			overtaken++
			continue
		}
		level, ok := merger.Level(console.Address{Protocol: console.SACN, Universe: 7}, 1, p.at)
		if !ok || int(level) < last {
			t.Fatalf("frame %d is shown after frame %d", level, last)
		}
		last = int(level)
		shown++
	}
	lines := table.Lines(time.Since(begin))
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
