package console

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"
	"noctiluca/engine/show"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

const (
	ms   = time.Millisecond
	tick = time.Second / 60
)

var (
	one  = netip.MustParseAddr("10.0.0.1")
	two  = netip.MustParseAddr("10.0.0.2")
	art  = Address{Artnet, 3}
	acn  = Address{SACN, 7}
	cid1 = sacn.CID{1}
	cid2 = sacn.CID{2}
)

// sender numbers the packets of one source.
type sender struct {
	cid      sacn.CID
	priority byte
	n        byte
}

func (s *sender) packet(start, options byte, slots ...byte) []byte {
	s.n++
	return sacn.AppendData(nil, &sacn.Data{CID: s.cid, Source: []byte("console"), Priority: s.priority, Sequence: s.n, Options: options, Universe: 7, StartCode: start, Slots: slots})
}

func dmx(seq byte, levels ...byte) []byte {
	return artnet.AppendDmx(nil, artnet.Dmx{Sequence: seq, Address: 3, Data: levels})
}

func want(t *testing.T, m *Merger, a Address, channel int, now time.Duration, level int) {
	t.Helper()
	got, ok := m.Level(a, channel, now)
	if level < 0 && ok || level >= 0 && (!ok || int(got) != level) {
		t.Errorf("%v channel %d at %v: %d, present %v; want %d", a, channel, now, got, ok, level)
	}
}

func TestHTP(t *testing.T) {
	m := NewMerger(HTP, art, acn)
	m.ArtNet(one, dmx(1, 10, 200), 0)
	m.ArtNet(two, dmx(9, 50, 100), 0)
	want(t, m, art, 1, 0, 50)
	want(t, m, art, 2, 0, 200)
	want(t, m, art, 3, 0, -1) // nobody sends it
	want(t, m, Address{Artnet, 4}, 1, 0, -1)
	m.ArtNet(netip.MustParseAddr("10.0.0.3"), dmx(9, 255, 255), 0) // a third: the standard knows two
	want(t, m, art, 1, 0, 50)
	if m.Counters().Refused != 1 {
		t.Error(m.Counters())
	}
	// One falls silent: after 10 s the other stands alone, and a third may come.
	m.ArtNet(two, dmx(10, 50, 100), 9*time.Second)
	want(t, m, art, 2, 10*time.Second, 200)
	want(t, m, art, 2, 10*time.Second+1, 100)
	m.ArtNet(one, dmx(77, 1, 1), 11*time.Second) // it begins anew wherever it likes
	want(t, m, art, 2, 11*time.Second, 100)
	if n := m.Sources(art, 11*time.Second); n != 2 {
		t.Error(n, "sources")
	}
}

func TestLTP(t *testing.T) {
	m := NewMerger(LTP, art)
	m.ArtNet(one, dmx(1, 200, 200), 0)
	m.ArtNet(two, dmx(1, 10, 200), 1*ms)
	want(t, m, art, 1, 1*ms, 10)
	m.ArtNet(one, dmx(2, 200, 200), 2*ms) // the same again is no change
	want(t, m, art, 1, 2*ms, 10)
	m.ArtNet(one, dmx(3, 150, 200), 3*ms)
	want(t, m, art, 1, 3*ms, 150)
}

// TestPriority: console 150, player 100, backup 50, one after another lost.
func TestPriority(t *testing.T) {
	m := NewMerger(HTP, acn)
	console, player, backup := &sender{cid: cid1, priority: 150}, &sender{cid: cid2, priority: 100}, &sender{cid: sacn.CID{3}, priority: 50}
	m.SACN(backup.packet(0, 0, 255), 0)
	m.SACN(player.packet(0, 0, 80), 0)
	m.SACN(console.packet(0, 0, 10), 0)
	want(t, m, acn, 1, 0, 10)
	m.SACN(player.packet(0, 0, 80), 2000*ms)
	m.SACN(backup.packet(0, 0, 255), 2400*ms)
	want(t, m, acn, 1, 2500*ms, 10)
	want(t, m, acn, 1, 2500*ms+1, 80) // loss after 2.5 s
	want(t, m, acn, 1, 4500*ms+1, 255)
	want(t, m, acn, 1, 4900*ms+1, -1)
	m.SACN(console.packet(0, 0, 10), 5000*ms)
	m.SACN(player.packet(0, 0, 80), 5000*ms)
	want(t, m, acn, 1, 5000*ms, 10)
	m.SACN(console.packet(0, sacn.Terminated, 99), 5001*ms) // it says that it ends: at once
	want(t, m, acn, 1, 5001*ms, 80)
}

// TestPerAddress: 0xDD gives each slot a priority; 0 leaves it to others.
func TestPerAddress(t *testing.T) {
	m := NewMerger(HTP, acn)
	a, b := &sender{cid: cid1, priority: 100}, &sender{cid: cid2, priority: 120}
	m.SACN(a.packet(0, 0, 10, 20, 30), 0)
	m.SACN(b.packet(0, 0, 1, 2, 3), 0)
	want(t, m, acn, 1, 0, 1)
	m.SACN(a.packet(sacn.StartPriority, 0, 200, 0, 120), 0)
	want(t, m, acn, 1, 0, 10)
	want(t, m, acn, 2, 0, 2)
	want(t, m, acn, 3, 0, 30) // equal: the highest
	m.SACN(a.packet(0, 0, 10, 20, 30), 2000*ms)
	m.SACN(b.packet(0, 0, 1, 2, 3), 2000*ms)
	want(t, m, acn, 1, 2501*ms, 1) // the priorities came last 2.5 s ago: the packet's count again
}

// TestWhatIsLetBe: late packets, preview, synchronisation, noise.
func TestWhatIsLetBe(t *testing.T) {
	m := NewMerger(HTP, acn, art)
	s := &sender{cid: cid1, priority: 100, n: 30}
	m.SACN(s.packet(0, 0, 5), 0)
	s.n -= 6
	m.SACN(s.packet(0, 0, 99), 1*ms)
	want(t, m, acn, 1, 1*ms, 5)
	s.n -= 40 // so far back: it began anew
	m.SACN(s.packet(0, 0, 7), 2*ms)
	want(t, m, acn, 1, 2*ms, 7)
	m.SACN(s.packet(0, sacn.Preview, 200), 3*ms)
	want(t, m, acn, 1, 3*ms, 7)
	m.SACN(sacn.AppendSync(nil, &cid1, 1, 7), 3*ms)
	m.SACN([]byte("noise"), 3*ms)
	m.ArtNet(one, dmx(20, 5, 5), 4*ms)
	m.ArtNet(one, dmx(18, 99, 99), 5*ms)
	want(t, m, art, 1, 5*ms, 5)
	m.ArtNet(one, dmx(0, 6, 6), 5*ms) // without sequences every packet counts
	want(t, m, art, 1, 5*ms, 6)
	if c := m.Counters(); c.Malformed != 1 || c.Preview != 1 || c.OutOfOrder != 2 {
		t.Errorf("%+v", c)
	}
}

// TestMergeProperty holds the merger against the rule written down plainly:
// of the sources heard within their time, those of the highest priority, and
// of them the highest level.
func TestMergeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewMerger(HTP, acn)
		type state struct {
			heard    time.Duration
			priority byte
			level    byte
			ok       bool
		}
		var model [4]state
		senders := [4]*sender{}
		for i := range senders {
			senders[i] = &sender{cid: sacn.CID{byte(i + 1)}}
		}
		now := time.Duration(0)
		for range rapid.IntRange(1, 60).Draw(t, "packets") {
			now += time.Duration(rapid.IntRange(0, 1500).Draw(t, "wait")) * ms
			i := rapid.IntRange(0, 3).Draw(t, "who")
			senders[i].priority = rapid.SampledFrom([]byte{0, 50, 100, 200}).Draw(t, "priority")
			level := rapid.Byte().Draw(t, "level")
			if rapid.IntRange(0, 9).Draw(t, "ends") == 0 {
				m.SACN(senders[i].packet(0, sacn.Terminated, level), now)
				model[i].ok = false
			} else {
				m.SACN(senders[i].packet(0, 0, level), now)
				model[i] = state{now, senders[i].priority, level, true}
			}
			best, expect := -1, byte(0)
			for _, s := range model {
				if !s.ok || now-s.heard > lossSACN {
					continue
				}
				if int(s.priority) > best {
					best, expect = int(s.priority), s.level
				} else if int(s.priority) == best {
					expect = max(expect, s.level)
				}
			}
			got, ok := m.Level(acn, 1, now)
			if ok != (best >= 0) || ok && got != expect {
				t.Fatalf("at %v: %d %v, want %d %v", now, got, ok, expect, best >= 0)
			}
		}
	})
}

// artwork is a small installation to play.
func artwork() *installations.Installation {
	return &installations.Installation{Name: "x", File: "x.yaml", Rate: 60, Scenes: []installations.Scene{{Name: "night", Layers: []installations.Layer{{
		Name: "canopy", Level: 1, Parameters: []installations.Parameter{{Name: "Swell", Min: 2, Max: 10, Default: 4}}}}}}}
}

func hands(t *testing.T, c *installations.Console) (*Hands, *show.Show) {
	t.Helper()
	s, err := show.New(artwork(), show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := NewHands(c, "x.yaml", s.Registry, s.NewOrigin(), s)
	if err != nil {
		t.Fatal(err)
	}
	return h, s
}

// TestNoJump: a console takes the master over at a level far from where it
// is, moves it while it still glides, falls silent and comes back: no tick
// changes the value by more than the takeover's glide allows.
func TestNoJump(t *testing.T) {
	for _, release := range []bool{false, true} {
		h, s := hands(t, &installations.Console{Takeover: 2, Release: release, Controls: []installations.Control{
			{Protocol: "sacn", Universe: 7, Channel: 1, Parameter: "/scene/night/canopy/Swell"}}})
		id, _ := s.Find("/scene/night/canopy/Swell")
		src := &sender{cid: cid1, priority: 100}
		var view show.View
		last, largest := float32(4), 0.0
		var values []float32
		for n := range 60 * 20 {
			now := time.Duration(n) * tick
			second := now.Seconds()
			switch {
			case second >= 1 && second < 8 && n%2 == 0:
				level := byte(255)
				if second > 1.5 {
					level = 128 // moved while it is taken over
				}
				m := h.Merger()
				m.SACN(src.packet(0, 0, level), now)
			case second >= 14 && n%2 == 0:
				h.Merger().SACN(src.packet(0, 0, 0), now)
			}
			h.Step(now)
			s.Step(now, nil)
			s.Look(&view)
			v := view.Base[id]
			largest = max(largest, math.Abs(float64(v-last)))
			last = v
			values = append(values, v)
		}
		if largest > 8.0/(60*0.4) { // the whole range in less than 0.4 s would be a jump
			t.Errorf("release %v: a tick moves it by %.2f of a range of 8", release, largest)
		}
		if v := values[60*7]; math.Abs(float64(v)-6.016) > 0.01 {
			t.Errorf("release %v: the console's level gives %v, want 6.016", release, v)
		}
		want := float32(6.016)
		if release {
			want = 4
		}
		if v := values[60*13]; math.Abs(float64(v-want)) > 0.01 {
			t.Errorf("release %v: after it fell silent %v, want %v", release, v, want)
		}
		if v := values[60*20-1]; v != 2 {
			t.Errorf("release %v: it came back at 0: %v, want 2", release, v)
		}
	}
}

// offers records what is offered.
type offers struct{ events []show.Event }

func (o *offers) Offer(e show.Event) error { o.events = append(o.events, e); return nil }
func (o *offers) Look(v *show.View)        {}

// TestCues: a rise calls once, trembling does not, and a console that begins
// with the fader up calls none.
func TestCues(t *testing.T) {
	_, s := hands(t, &installations.Console{})
	o := &offers{}
	h, err := NewHands(&installations.Console{Controls: []installations.Control{
		{Protocol: "sacn", Universe: 7, Channel: 1, Cue: "go"}, {Protocol: "sacn", Universe: 7, Channel: 2, Cue: "3"}}}, "x.yaml", s.Registry, 20, o)
	if err != nil {
		t.Fatal(err)
	}
	src := &sender{cid: cid1, priority: 100}
	for i, levels := range [][2]byte{{255, 0}, {255, 0}, {0, 0}, {130, 0}, {120, 0}, {130, 255}, {80, 255}, {200, 255}} {
		now := time.Duration(i) * 25 * ms
		h.Merger().SACN(src.packet(0, 0, levels[0], levels[1]), now)
		h.Step(now)
	}
	said := ""
	for _, e := range o.events {
		said += fmt.Sprintf("%d:%d@%v ", e.Action, e.Index, e.At)
	}
	if want := fmt.Sprintf("%d:0@75ms %d:2@125ms %d:0@175ms ", show.Go, show.GoTo, show.Go); said != want {
		t.Errorf("%s, want %s", said, want)
	}
	for _, bad := range []installations.Control{{Channel: 1, Line: 9, Parameter: "/master/levle"}, {Channel: 2, Line: 10, Cue: "soon"}} {
		if _, err := NewHands(&installations.Console{Controls: []installations.Control{bad}}, "x.yaml", s.Registry, 20, o); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("x.yaml:%d", bad.Line)) {
			t.Error(err)
		}
	}
}

// TestWide: two channels are one value of 16 bits.
func TestWide(t *testing.T) {
	_, s := hands(t, &installations.Console{})
	o := &offers{}
	h, _ := NewHands(&installations.Console{Controls: []installations.Control{{Protocol: "artnet", Universe: 3, Channel: 5, Wide: true, Parameter: "/scene/night/canopy/Swell"}}}, "x.yaml", s.Registry, 20, o)
	h.Merger().ArtNet(one, dmx(1, 0, 0, 0, 0, 0x80, 0x40), 0)
	h.Step(0)
	if want := float32(2 + 8*float64(0x8040)/65535); len(o.events) != 1 || math.Abs(float64(o.events[0].Value-want)) > 1e-5 {
		t.Errorf("%+v, want %v", o.events, want)
	}
}

// TestListener hears both protocols over the loopback, and not who is not
// allowed.
func TestListener(t *testing.T) {
	for _, c := range []struct {
		allow []string
		heard bool
	}{{nil, true}, {[]string{"10.0.0.0/8"}, false}, {[]string{"127.0.0.1"}, true}} {
		_, s := hands(t, &installations.Console{})
		config := &installations.Console{Listen: "127.0.0.1", Allow: c.allow, Takeover: 0, Controls: []installations.Control{
			{Protocol: "artnet", Universe: 3, Channel: 1, Parameter: "/master/level"}, {Protocol: "sacn", Universe: 7, Channel: 1, Parameter: "/master/saturation"}}}
		h, err := NewHands(config, "x.yaml", s.Registry, s.NewOrigin(), s)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		l, err := Listen(config, h, func() time.Duration { return time.Since(begin) }, nil)
		if err != nil {
			t.Fatal(err)
		}
		go l.Run(t.Context())
		a, _ := net.Dial("udp", l.Addr(Artnet).String())
		b, _ := net.Dial("udp", l.Addr(SACN).String())
		level, _ := s.Find("/master/level")
		saturation, _ := s.Find("/master/saturation")
		src := &sender{cid: cid1, priority: 100}
		var view show.View
		heard := false
		for n := 0; !heard && (n < 60 || c.heard && n < 6000); n++ {
			_, _ = a.Write(dmx(byte(n+1), 0, 0))
			_, _ = b.Write(src.packet(0, 0, 0))
			time.Sleep(5 * ms)
			s.Step(time.Since(begin), nil)
			s.Look(&view)
			heard = view.To[level] == 0 && view.To[saturation] == 0
		}
		if heard != c.heard {
			t.Errorf("allow %v: heard %v", c.allow, heard)
		}
	}
}

// TestPortsAreGivenBack: when Run returns, both ports are free.
func TestPortsAreGivenBack(t *testing.T) {
	art, acn := peers.FreePort(t), peers.FreePort(t)
	_, s := hands(t, &installations.Console{})
	config := &installations.Console{Listen: art.Addr().String(), ArtnetPort: int(art.Port()), SacnPort: int(acn.Port()), Controls: []installations.Control{
		{Protocol: "artnet", Universe: 3, Channel: 1, Parameter: "/master/level"}, {Protocol: "sacn", Universe: 7, Channel: 1, Parameter: "/master/saturation"}}}
	h, err := NewHands(config, "x.yaml", s.Registry, s.NewOrigin(), s)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		l, err := Listen(config, h, func() time.Duration { return 0 }, nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); _ = l.Run(ctx) }()
		stop()
		<-ended
	}
}

// FuzzMerger: no datagram, however wrong, does harm.
func FuzzMerger(f *testing.F) {
	f.Add(dmx(1, 1, 2), true)
	f.Add((&sender{cid: cid1}).packet(0, 0, 1, 2, 3), false)
	f.Add((&sender{cid: cid1}).packet(sacn.StartPriority, 0, 1, 2, 3), false)
	f.Fuzz(func(t *testing.T, b []byte, isArtnet bool) {
		m := NewMerger(HTP, art, acn)
		for i := range 3 {
			now := time.Duration(i) * time.Second
			if isArtnet {
				m.ArtNet(one, b, now)
			} else {
				m.SACN(b, now)
			}
			m.Level(art, 1, now)
			m.Level(acn, 512, now)
		}
	})
}

// TestEndedStaysEnded: a packet that the end of its stream has overtaken does
// not bring the levels back; the source may begin again.
func TestEndedStaysEnded(t *testing.T) {
	a := Address{SACN, 7}
	m := NewMerger(HTP, a)
	at := func(sequence, options byte) []byte {
		return sacn.AppendData(nil, &sacn.Data{CID: cid1, Priority: 100, Sequence: sequence, Options: options, Universe: 7, Slots: []byte{200}})
	}
	m.SACN(at(10, 0), 0)
	m.SACN(at(12, sacn.Terminated), 20*ms)
	m.SACN(at(11, 0), 40*ms)
	if _, present := m.Level(a, 1, 40*ms); present || m.Sources(a, 40*ms) != 0 {
		t.Error("an overtaken packet brought the levels back")
	}
	m.SACN(at(40, 0), 60*ms)
	if level, present := m.Level(a, 1, 60*ms); !present || level != 200 {
		t.Error("the source may not begin again")
	}
}
