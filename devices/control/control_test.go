package control

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/brutella/dnssd"
	"github.com/coder/websocket"
	goosc "github.com/hypebeast/go-osc/osc"

	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

type nobody struct{}

func (nobody) Cell(int) signal.CellState { return signal.CellState{} }

// stage is a show that steps by itself, with a server on the loopback.
type stage struct {
	*show.Show
	server *Server
	mu     sync.Mutex
	n      int
	saves  int
}

func (s *stage) now() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Duration(s.n) * time.Second / 60
}

func newStage(t testing.TB, o Options) *stage {
	t.Helper()
	inst := &installations.Installation{Name: "test", Rate: 60, Groups: []installations.Group{{Name: "all"}}}
	for _, name := range []string{"night", "dawn"} {
		inst.Scenes = append(inst.Scenes, installations.Scene{Name: name, Layers: []installations.Layer{{Name: "wood", Level: 1, Parameters: []installations.Parameter{{Name: "Wake", Max: 2}}}}})
	}
	sh, err := show.New(inst, show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{Show: sh}
	o.Show, o.Now = sh, s.now
	o.Save = func() error { s.mu.Lock(); s.saves++; s.mu.Unlock(); return nil }
	if s.server, err = Open(o); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var ends sync.WaitGroup
	ends.Go(func() { s.server.Run(ctx) })
	ends.Go(func() {
		for ctx.Err() == nil {
			time.Sleep(time.Millisecond)
			s.mu.Lock()
			s.n++
			at := time.Duration(s.n) * time.Second / 60
			s.mu.Unlock()
			sh.Step(at, nobody{})
		}
	})
	t.Cleanup(func() { stop(); ends.Wait() })
	return s
}

func (s *stage) to(t testing.TB, path string) float32 {
	t.Helper()
	id, err := s.Find(path)
	if err != nil {
		t.Fatal(err)
	}
	var v show.View
	s.Look(&v)
	return v.To[id]
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%s: not within half a minute", what)
		}
	}
}

var loopback = Options{OSC: "127.0.0.1:0", Query: "127.0.0.1:0", Name: "The forest"}

// peer is a client: go-osc's messages over a socket that also listens.
type peer struct {
	t    testing.TB
	conn *net.UDPConn
	mu   sync.Mutex
	got  map[string][]any
	n    int
}

func newPeer(t testing.TB, s *stage) *peer {
	t.Helper()
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(s.server.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: conn, got: map[string][]any{}}
	t.Cleanup(func() { conn.Close() })
	go func() {
		b := make([]byte, 65536)
		for {
			n, err := conn.Read(b)
			if err != nil {
				return
			}
			packet, err := goosc.ParsePacket(string(b[:n]))
			if err != nil {
				t.Errorf("go-osc cannot read what was sent: %v", err)
				continue
			}
			p.mu.Lock()
			p.n++
			if bundle, ok := packet.(*goosc.Bundle); ok {
				for _, m := range bundle.Messages {
					p.got[m.Address] = m.Arguments
				}
			}
			p.mu.Unlock()
		}
	}()
	return p
}

func (p *peer) say(address string, args ...any) {
	p.t.Helper()
	b, err := goosc.NewMessage(address, args...).MarshalBinary()
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.conn.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

// heardBoth are the two arguments of what came last.
func (p *peer) heardBoth(address string) (any, any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.got[address]; len(a) == 2 {
		return a[0], a[1]
	}
	return nil, nil
}

func (p *peer) heard(address string) any {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.got[address]; len(a) > 0 {
		return a[0]
	}
	return nil
}

func TestControl(t *testing.T) {
	s := newStage(t, loopback)
	a, b := newPeer(t, s), newPeer(t, s)
	a.say("/subscribe")
	b.say("/subscribe")
	eventually(t, "the first feedback", func() bool { return a.heard("/scene/dawn/wood/Wake") != nil && b.heard("/cross") != nil })
	if got := a.heard("/channel/1/scene"); got != "night" {
		t.Errorf("a choice is told as %v", got)
	}
	for _, c := range []struct {
		path string
		args []any
		want float32
	}{
		{"/scene/night/wood/Wake", []any{float32(1.5)}, 1.5}, {"/scene/night/wood/Wake", []any{int32(9)}, 2},
		{"/channel/1/scene", []any{"dawn"}, 2}, {"/channel/1/scene", []any{int32(1)}, 1},
		{"/channel/2/mute", []any{true}, 1}, {"/channel/2/mute", []any{int32(0)}, 0}, {"/cross", []any{0.25, float32(0)}, 0.25},
	} {
		a.say(c.path, c.args...)
		eventually(t, fmt.Sprint(c.path, c.args), func() bool { return s.to(t, c.path) == c.want })
	}
	eventually(t, "feedback to the other", func() bool { return b.heard("/cross") == float32(0.25) })
	time.Sleep(80 * time.Millisecond)
	if a.heard("/cross") == float32(0.25) {
		t.Error("a peer is told what it turned itself")
	}
	a.say("/channel/*/level", float32(0.5))
	eventually(t, "a pattern", func() bool { return s.to(t, "/channel/8/level") == 0.5 })
	a.say("/undo", float32(1))
	eventually(t, "undo", func() bool { return s.to(t, "/channel/8/level") == 0 })
	a.say("/save", int32(1))
	eventually(t, "a save", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.saves == 1 })
	if err := s.Offer(show.Event{Action: show.Insert, Item: &show.Cue{Name: "c", Follow: -1, Timecode: -1, Sets: []show.Setting{{Param: s.Master.Hue, Value: 0.25}}}}); err != nil {
		t.Fatal(err)
	}
	a.say("/go", float32(0)) // a button coming up
	a.say("/cue", int32(1))
	eventually(t, "a cue", func() bool { return s.to(t, "/master/hue") == 0.25 })
	eventually(t, "the cue's number and name", func() bool { n, name := a.heardBoth("/cue/now"); return n == int32(1) && name == "c" })
	a.say("/snapshot/take", int32(0))
	a.say("/snapshot/take", "/nothing/here")
	a.say("/snapshot/take", "/channel/1/", "one")
	snapshots := func() []show.Item { var v show.View; s.Look(&v); return v.Items[show.Snapshots] }
	eventually(t, "a snapshot", func() bool { return len(snapshots()) == 1 })
	a.say("/snapshot/take")
	eventually(t, "two snapshots", func() bool { return len(snapshots()) == 2 })
	if one, all := snapshots()[0].(*show.Snapshot), snapshots()[1].(*show.Snapshot); one.Name != "one" || len(one.Sets) != 7 || all.Name != "Snapshot 2" || len(all.Sets) < 50 {
		t.Errorf("a snapshot of a channel is %+v; of all, %q of %d", one, all.Name, len(all.Sets))
	}
	a.say("/channel/1/level", float32(0.1))
	a.say("/master/hue", float32(-0.25))
	eventually(t, "two changes", func() bool { return s.to(t, "/master/hue") == -0.25 })
	a.say("/snapshot", int32(1), float32(0))
	eventually(t, "the part that was kept", func() bool { return s.to(t, "/channel/1/level") == 0.5 && s.to(t, "/master/hue") == -0.25 })
	b.say("/unsubscribe")
	for _, junk := range []string{"", "/", "nothing", "/cross\x00\x00,f\x00\x00", "#bundle\x00", strings.Repeat("/x", 5000)} {
		a.conn.Write([]byte(junk))
	}
	a.say("/cross", float32(0.75))
	eventually(t, "control after junk", func() bool { return s.to(t, "/cross") == 0.75 })
}

func get(t testing.TB, s *stage, path string) (int, map[string]any) {
	t.Helper()
	r, err := http.Get("http://" + s.server.QueryAddr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var out map[string]any
	json.NewDecoder(r.Body).Decode(&out)
	return r.StatusCode, out
}

// TestQuery holds the answers to the OSCQuery proposal.
func TestQuery(t *testing.T) {
	s := newStage(t, loopback)
	_, host := get(t, s, "/?HOST_INFO")
	if host["NAME"] != "The forest" || int(host["OSC_PORT"].(float64)) != int(s.server.Addr().Port()) || host["OSC_TRANSPORT"] != "UDP" || host["EXTENSIONS"].(map[string]any)["LISTEN"] != true {
		t.Errorf("HOST_INFO is %v", host)
	}
	_, root := get(t, s, "/")
	if root["FULL_PATH"] != "/" {
		t.Errorf("the root is %v", root)
	}
	// Every parameter is found by walking the tree.
	for _, spec := range s.Specs {
		n := root
		for _, part := range strings.Split(spec.Path[1:], "/") {
			n = n["CONTENTS"].(map[string]any)[part].(map[string]any)
		}
		if n["FULL_PATH"] != spec.Path || n["ACCESS"] != float64(3) || n["TYPE"] == nil || n["VALUE"] == nil || n["RANGE"] == nil {
			t.Fatalf("%s is described as %v", spec.Path, n)
		}
	}
	_, n := get(t, s, "/scene/night/wood/Wake")
	if r := n["RANGE"].([]any)[0].(map[string]any); n["TYPE"] != "f" || r["MIN"] != 0. || r["MAX"] != 2. {
		t.Errorf("Wake is %v", n)
	}
	_, n = get(t, s, "/channel/1/scene?RANGE")
	if vals := n["RANGE"].([]any)[0].(map[string]any)["VALS"].([]any); len(n) != 1 || len(vals) != 3 || vals[1] != "night" {
		t.Errorf("a choice has the range %v", n)
	}
	for path, want := range map[string]int{"/nowhere": 404, "/cross?SONG": 400, "/cross?UNIT": 204, "/cross?VALUE": 200} {
		if code, _ := get(t, s, path); code != want {
			t.Errorf("%s answers %d, not %d", path, code, want)
		}
	}
}

// TestListen streams a value over a WebSocket, as OSC.
func TestListen(t *testing.T) {
	s := newStage(t, loopback)
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	c, _, err := websocket.Dial(ctx, "ws://"+s.server.QueryAddr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	say := func(text string) {
		if err := c.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	next := func() *goosc.Message {
		kind, data, err := c.Read(ctx)
		if err != nil || kind != websocket.MessageBinary {
			t.Fatalf("%v, %v", kind, err)
		}
		p, err := goosc.ParsePacket(string(data))
		if err != nil {
			t.Fatal(err)
		}
		return p.(*goosc.Message)
	}
	say(`{"COMMAND": "LISTEN", "DATA": "/cross"}`)
	if m := next(); m.Address != "/cross" || m.Arguments[0] != float32(0) {
		t.Errorf("first %v", m)
	}
	if err := s.Offer(show.Event{Action: show.Set, Param: s.Cross, Value: 0.5}); err != nil {
		t.Fatal(err)
	}
	if m := next(); m.Address != "/cross" || m.Arguments[0] != float32(0.5) {
		t.Errorf("then %v", m)
	}
	say(`{"COMMAND": "IGNORE", "DATA": "/cross"}`)
	say(`not JSON`)
	say(`{"COMMAND": "LISTEN", "DATA": "/nowhere"}`)
	say(`{"COMMAND": "LISTEN", "DATA": "/master/hue"}`)
	if m := next(); m.Address != "/master/hue" {
		t.Errorf("after IGNORE %v", m)
	}
}

// TestWhoMaySend: an address that is not on the list turns nothing and sees
// nothing.
func TestWhoMaySend(t *testing.T) {
	o := loopback
	o.Allow = []string{"10.0.0.0/8"}
	s := newStage(t, o)
	p := newPeer(t, s)
	p.say("/cross", float32(0.5))
	p.say("/subscribe")
	time.Sleep(100 * time.Millisecond)
	if s.to(t, "/cross") != 0 || p.heard("/cross") != nil {
		t.Error("a stranger has turned the crossfader")
	}
	if code, _ := get(t, s, "/"); code != http.StatusForbidden {
		t.Errorf("a stranger is answered %d", code)
	}
	if _, err := Open(Options{Show: s.Show, Now: s.now, OSC: "nowhere:x"}); err == nil || !strings.Contains(err.Error(), "nowhere:x") {
		t.Errorf("%v", err)
	}
}

// TestArtNetTimecode: packets of an ArtTimeCode are chased.
func TestArtNetTimecode(t *testing.T) {
	s := newStage(t, Options{})
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- follow(ctx, conn, &Server{allow: s.server.allow}, s.Show, s.now) }()
	out, err := net.Dial("udp", conn.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	frame := byte(0)
	eventually(t, "the timecode", func() bool {
		out.Write(append([]byte("Art-Net\x00\x00\x97\x00\x0e\x00\x00"), frame%25, 5, 1, 0, 1))
		frame++
		var v show.View
		s.Look(&v)
		return v.Code > 64 && v.Code < 67
	})
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestAnnounced makes a network namespace with one link of its own, in which
// the test runs again: what is announced there is found there, and no packet
// leaves.
func TestAnnounced(t *testing.T) {
	if os.Getenv("NOCTILUCA_INSIDE") == "1" {
		inside(t)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("a network namespace needs root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("a network namespace needs ip (Debian: iproute2)")
	}
	name := fmt.Sprintf("noctiluca-mdns-%d", os.Getpid())
	ip := func(args ...string) error { return exec.Command("ip", args...).Run() }
	if err := ip("netns", "add", name); err != nil {
		t.Skipf("ip netns add: %v", err)
	}
	defer ip("netns", "del", name)
	for _, args := range [][]string{
		{"link", "set", "lo", "up"}, {"link", "add", "d0", "type", "veth", "peer", "name", "d1"}, {"addr", "add", "10.99.1.1/24", "dev", "d0"},
		{"link", "set", "d0", "up", "multicast", "on"}, {"link", "set", "d1", "up"}, {"route", "add", "224.0.0.0/4", "dev", "d0"},
	} {
		if err := ip(append([]string{"-n", name}, args...)...); err != nil {
			t.Skipf("ip %v: %v", args, err)
		}
	}
	c := exec.Command("ip", "netns", "exec", name, os.Args[0], "-test.run=^TestAnnounced$", "-test.v")
	c.Env = append(os.Environ(), "NOCTILUCA_INSIDE=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("inside the namespace: %v\n%s", err, out)
	}
}

func inside(t *testing.T) {
	s := newStage(t, Options{OSC: "10.99.1.1:0", Query: "10.99.1.1:0", Name: "The forest", Announce: true})
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	found := make(chan dnssd.BrowseEntry, 8)
	go dnssd.LookupType(ctx, "_oscjson._tcp.local.", func(e dnssd.BrowseEntry) {
		select {
		case found <- e:
		default:
		}
	}, func(dnssd.BrowseEntry) {})
	select {
	case e := <-found:
		if e.Name != "The forest" || e.Port != int(s.server.QueryAddr().Port()) {
			t.Errorf("found %+v; the description is at %v", e, s.server.QueryAddr())
		}
	case <-ctx.Done():
		t.Error("the description is not announced")
	}
}
