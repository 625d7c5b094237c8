package osc

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"

	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// running starts a listener on the loopback and gives a socket that sends to it.
func running(t *testing.T, s installations.Signals, sink Sink, o Options) (*Listener, net.Conn) {
	t.Helper()
	s.OSC.Listen = "127.0.0.1:0"
	start := time.Now()
	if o.Now == nil {
		o.Now = func() time.Duration { return time.Since(start) }
	}
	o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := Listen(s, []string{"canopy", "stream"}, sink, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	conn, err := net.Dial("udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run gave %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("Run does not end with its context")
		}
	})
	return l, conn
}

// until waits for something that other goroutines bring about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(50 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: it does not come", what)
		}
	}
}

func TestFromTheWireToTheCell(t *testing.T) {
	cells := signal.New([]string{"canopy", "stream"}, signal.Options{})
	s := installations.Signals{Devices: []installations.SensorDevice{
		{Kind: "emotibit", Address: "/EmotiBit/0", Person: "wearer", Cell: 0, Consent: "signed at the desk"}}}
	start := time.Now()
	now := func() time.Duration { return time.Since(start) }
	_, conn := running(t, s, cells, Options{Now: now})
	for _, m := range []*osc.Message{
		osc.NewMessage("/noctiluca/person/ada/arousal", float32(1)), // not yet consented
		osc.NewMessage("/noctiluca/person/ada/consent", int32(1), "light", "display"),
		osc.NewMessage("/noctiluca/person/ada/cell", "stream"),
		osc.NewMessage("/noctiluca/person/ada/valence", float32(0.5)),
		osc.NewMessage("/EmotiBit/0/HR", float32(61)),
	} {
		conn.Write(encode(t, m))
	}
	var people []signal.PersonState
	until(t, "two people", func() bool {
		cells.Step(now())
		people = cells.People(nil)
		return len(people) == 2 && people[1].Affect.ValenceConfidence > 0 && people[0].HeartRate > 0
	})
	if p := people[0]; p.Person == "wearer" || p.Person == "" || p.Cell != 0 || p.HeartRate != 61 {
		t.Errorf("the first is %+v, want the wearer under a pseudonym, in cell 0 with 61 a minute", p)
	}
	if p := people[1]; p.Person != "ada" || p.Cell != 1 || p.Affect.Valence != 0.5 || p.Affect.ArousalConfidence != 0 {
		t.Errorf("the second is %+v, want ada in cell 1 with valence 0.5 and no arousal", p)
	}
	conn.Write(encode(t, osc.NewMessage("/noctiluca/person/ada/consent", false)))
	until(t, "ada's leave", func() bool { cells.Step(now()); return len(cells.People(nil)) == 1 })
}

func TestOnlyTheAllowedMaySend(t *testing.T) {
	l := &log{}
	listener, conn := running(t, installations.Signals{OSC: installations.OSC{Allow: []string{"192.0.2.0/24", "198.51.100.7"}}}, l, Options{})
	for range 5 {
		conn.Write(encode(t, osc.NewMessage("/noctiluca/person/ada/consent", true)))
	}
	until(t, "five refusals", func() bool { return listener.Counters().Refused == 5 })
	if len(l.events) > 0 {
		t.Errorf("a source that is not allowed had the effect %+v", l.events)
	}
	allow, err := Prefixes([]string{"192.0.2.0/24", "198.51.100.7", "2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	s := newSources(allow, 1, 1)
	for from, want := range map[string]bool{"192.0.2.77": true, "192.0.3.1": false, "198.51.100.7": true, "198.51.100.8": false, "2001:db8::1": true, "127.0.0.1": false} {
		if got := s.allowed(netip.MustParseAddr(from)); got != want {
			t.Errorf("allowed(%s) = %v, want %v", from, got, want)
		}
	}
	for _, wrong := range []string{"localhost", "192.0.2.0/33", "", "1.2.3"} {
		if _, err := Prefixes([]string{wrong}); err == nil || !strings.Contains(err.Error(), strconv.Quote(wrong)) {
			t.Errorf("Prefixes(%q) gives %v, want an error that names it", wrong, err)
		}
	}
	own, err := Prefixes(nil)
	if err != nil || !slices.Contains(own, netip.MustParsePrefix("127.0.0.0/8")) {
		t.Errorf("with no list %v, %v may send, want the loopback among them", own, err)
	}
}

func TestEachSourceIsRated(t *testing.T) {
	s := newSources(nil, 10, 20)
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	pay := func(from netip.Addr, n int, now time.Duration) (paid int) {
		for range n {
			if s.pay(from, 1, now) {
				paid++
			}
		}
		return paid
	}
	for _, c := range []struct {
		from netip.Addr
		now  time.Duration
		want int
	}{
		{a, 0, 20}, {a, 0, 0}, {b, 0, 20}, // a's flood costs b nothing
		{a, time.Second, 10}, {a, 500 * time.Millisecond, 0}, // backwards
		{a, time.Hour, 20},
	} {
		if got := pay(c.from, 100, c.now); got != c.want {
			t.Errorf("at %v %v of 100 datagrams pass, want %d", c.now, got, c.want)
		}
	}
	for i := range 100000 { // as many senders as one likes
		s.pay(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 1, 2*time.Hour)
	}
	if len(s.buckets) > maxSources || len(s.index) > maxSources {
		t.Errorf("%d sources are remembered, want %d at most", len(s.index), maxSources)
	}
}

// flaw is a Sink with a fault.
type flaw struct{ log }

func (f *flaw) Offer(e signal.Event) {
	if e.Value == 13 {
		panic("thirteen")
	}
	f.log.Offer(e)
}

func TestAFaultCostsOneDatagram(t *testing.T) {
	f := &flaw{}
	l, conn := running(t, installations.Signals{}, f, Options{})
	for _, x := range []float32{12, 13, 14} {
		conn.Write(encode(t, osc.NewMessage("/noctiluca/person/ada/hr", x)))
	}
	until(t, "three datagrams", func() bool { return l.Counters().Received == 3 && l.Counters().Recovered == 1 })
	conn.Write(encode(t, osc.NewMessage("/noctiluca/person/ada/hr", float32(15))))
	until(t, "a fourth", func() bool { return l.Counters().Received == 4 })
	l.Close() // the socket fails, and is opened again at the same place
	until(t, "a fifth", func() bool {
		conn.Write(encode(t, osc.NewMessage("/noctiluca/person/ada/hr", float32(16))))
		return l.Counters().Received >= 5
	})
}

// hostile makes random and mutated datagrams.
func hostile(r *rand.Rand, good [][]byte) []byte {
	if r.IntN(4) == 0 {
		b := make([]byte, r.IntN(300))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		if len(b) > 0 && r.IntN(2) == 0 {
			b[0] = "/#"[r.IntN(2)]
		}
		return b
	}
	b := slices.Clone(good[r.IntN(len(good))])
	for range r.IntN(6) {
		switch i := r.IntN(len(b)); r.IntN(4) {
		case 0:
			b[i] = byte(r.Uint32())
		case 1:
			b[i] ^= 1 << r.IntN(8)
		case 2:
			b = b[:max(i, 1)]
		case 3:
			b = slices.Insert(b, i, "[]{}*?,/#\x00\xff"[r.IntN(11)])
		}
	}
	return b
}

// A hundred thousand hostile datagrams, and the listener is there, has
// counted them, has not grown, and still serves who is well behaved.
func TestHostileDatagrams(t *testing.T) {
	cells := signal.New([]string{"canopy", "stream"}, signal.Options{MaxPeople: 256, MaxQueued: 4096})
	start := time.Now()
	now := func() time.Duration { return time.Since(start) }
	l, conn := running(t, installations.Signals{}, cells, Options{Now: now, Rate: 1e6, Burst: 2e6})
	var good [][]byte
	for _, m := range []*osc.Message{
		osc.NewMessage("/noctiluca/person/ada/consent", true),
		osc.NewMessage("/noctiluca/person/ada/consent", false),
		osc.NewMessage("/noctiluca/person/ada/cell", "stream"),
		osc.NewMessage("/noctiluca/person/ada/arousal", 1e30),
		osc.NewMessage("/noctiluca/person/*/{hr,eda,p*}", float32(60), float32(1), "x", nil, []byte{1}),
		osc.NewMessage("/EmotiBit/0/PPG:IR", float32(1), float32(2)),
		osc.NewMessage("/zone/[1"),
	} {
		good = append(good, encode(t, m))
		b := osc.NewBundle(time.Now().Add(time.Second))
		b.Append(m)
		outer := osc.NewBundle(time.Now().Add(time.Hour))
		outer.Append(m)
		outer.Append(b)
		good = append(good, encode(t, b), encode(t, outer))
	}
	r := rand.New(rand.NewPCG(1, 2))
	const total = 100000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range total {
		conn.Write(hostile(r, good))
		if i%64 == 0 { // what every kernel keeps, so that it loses none; and step as an engine does
			sent := uint64(i + 1)
			until(t, "the datagrams so far", func() bool { return l.Counters().Received >= sent })
			cells.Step(now())
		}
	}
	until(t, "the last datagrams", func() bool { return l.Counters().Received >= total })
	cells.Step(now())
	runtime.GC()
	runtime.ReadMemStats(&after)
	c := l.Counters()
	t.Logf("%+v; %+v; heap %d to %d KiB", c, cells.Counters(), before.HeapAlloc>>10, after.HeapAlloc>>10)
	if c.Recovered > 0 {
		t.Errorf("%d faults", c.Recovered)
	}
	if c.Malformed < total/10 || c.Unmatched == 0 || c.Late == 0 {
		t.Errorf("the counters are %+v", c)
	}
	if after.HeapAlloc > before.HeapAlloc+8<<20 {
		t.Errorf("the heap grew from %d to %d KiB", before.HeapAlloc>>10, after.HeapAlloc>>10)
	}
	conn.Write(encode(t, osc.NewMessage("/noctiluca/person/eve/consent", true, "light", "display")))
	conn.Write(encode(t, osc.NewMessage("/noctiluca/person/eve/valence", float32(0.25))))
	until(t, "eve", func() bool {
		cells.Step(now())
		return slices.ContainsFunc(cells.People(nil), func(p signal.PersonState) bool { return p.Person == "eve" })
	})
}
