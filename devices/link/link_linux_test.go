package link

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"net/netip"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"noctiluca/devices/peers"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

// said is a message of Ableton's library, version 3.0.6, as it was caught.
const said = "5f617364705f760101050000502d4a3c572e5452746d6c6e00000018000000000007a1200000000000001d3a00000000000000007365737300000008502d4a3c572e5452737473740000001100000000000000000000000000000000006d657034000000067f000001df26"

// TestMessages reads a message that the library sent, byte by byte.
func TestMessages(t *testing.T) {
	data, err := hex.DecodeString(said)
	if err != nil {
		t.Fatal(err)
	}
	h, err := parseHello(data)
	if err != nil || h.kind != alive || h.ttl != 5*time.Second || h.timeline.microsPerBeat != 500_000 || h.endpoint.Addr() != netip.AddrFrom4([4]byte{127, 0, 0, 1}) || h.endpoint.Port() == 0 {
		t.Errorf("%+v, %v", h, err)
	}
	for n := range data {
		if n == 68 || n == 93 {
			continue // after the session, after whether it plays: whole entries
		}
		if _, err := parseHello(data[:n]); err == nil {
			t.Errorf("%d bytes of it are taken for a whole message", n)
		}
	}
	// A question, and the answer that the library makes of it: its session, its
	// time, and what was asked.
	ask := appendPing(nil, 1000, 77)
	if want := "5f6c696e6b5f7601" + "01" + "5f5f687400000008" + "00000000000003e8" + "5f70677400000008" + "000000000000004d"; hex.EncodeToString(ask) != want {
		t.Errorf("a question is %x", ask)
	}
	reply := append(slices.Clone(measurementHead), pong)
	reply = appendTime(appendTime(reply, keySession, 0x0102030405060708), keyGhostTime, 5000)
	a, err := parsePong(append(reply, ask[9:]...))
	if err != nil || a.ghost != 5000 || a.host != 1000 || a.since != 77 || a.session != (id{1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestMeasures: answers that come late, by different times each way, lead to
// the session's time by their median; and the beat is the timeline's.
func TestMeasures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, peer := newSession(), id{7}
		offset := rapid.Int64Range(1, 1e12).Draw(t, "offset")
		h := hello{kind: alive, ttl: time.Hour, peer: peer, session: peer, endpoint: netip.MustParseAddrPort("10.0.0.1:5"), timeline: timeline{microsPerBeat: rapid.Int64Range(60_060, 3_000_000).Draw(t, "tempo"), beatOrigin: 3_500_000, timeOrigin: 9_000_000}}
		s.hear(h, 0)
		now := int64(2e6)
		late := rapid.Int64Range(50, 3000)
		for range 200 {
			at := time.Duration(now) * time.Microsecond
			_, ghost, ok := s.ask(at)
			if !ok {
				break
			}
			s.expected = now
			a := answer{session: peer, host: now, since: ghost}
			there := late.Draw(t, "there")
			a.ghost = now + there + offset
			now += there + late.Draw(t, "back")
			s.answered(a, time.Duration(now)*time.Microsecond)
		}
		beat, bpm, ok := s.beat(time.Duration(now) * time.Microsecond)
		want := 3.5 + (float64(now+offset)-9e6)/float64(h.timeline.microsPerBeat)
		if !ok || math.Abs(bpm*float64(h.timeline.microsPerBeat)-60e6) > 1 || math.Abs(beat-want)*float64(h.timeline.microsPerBeat) > 1500 {
			t.Fatalf("beat %v at %v, and is to be %v", beat, bpm, want)
		}
		// One that says goodbye is gone; one that falls silent too.
		s.hear(hello{kind: byebye, peer: peer}, 0)
		if _, _, ok := s.beat(0); ok {
			t.Fatal("the session goes on without its peer")
		}
	})
}

func FuzzMessages(f *testing.F) {
	data, _ := hex.DecodeString(said)
	f.Add(data)
	f.Add(append(slices.Clone(measurementHead), pong))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSession()
		if h, err := parseHello(data); err == nil {
			s.hear(h, 0)
			s.ask(0)
		}
		if a, err := parsePong(data); err == nil {
			s.expected = a.host
			s.answered(a, time.Duration(a.host)*time.Microsecond)
		}
		if beat, bpm, ok := s.beat(time.Second); ok && !(beat-beat == 0 && bpm > 19 && bpm < 1000) {
			t.Fatalf("beat %v at %v", beat, bpm)
		}
	})
}

type nobody struct{}

func (nobody) Cell(int) signal.CellState { return signal.CellState{} }

// peer is a program with Ableton's library.
type peer struct {
	in        io.WriteCloser
	mu        sync.Mutex
	at        time.Duration // on the monotonic clock
	beat, bpm float64
}

func build(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("g++"); err != nil {
		t.Skip("a peer of a session needs g++ (Debian: g++)")
	}
	name := filepath.Join(t.TempDir(), "peer")
	if out, err := exec.Command("g++", "-std=c++11", "-DLINK_PLATFORM_LINUX=1", "-pthread", "-o", name, "testdata/peer.cpp").CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ableton/Link.hpp") {
			t.Skip("a peer of a session needs Ableton's library (Debian: ableton-link-dev)")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

func begin(t *testing.T, program string, bpm float64) *peer {
	t.Helper()
	c := exec.Command(program, fmt.Sprint(bpm))
	p := &peer{}
	p.in, _ = c.StdinPipe()
	out, _ := c.StdoutPipe()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.in.Close(); c.Wait() })
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var at int64
			var beat, tempo float64
			if n, _ := fmt.Sscan(lines.Text(), &at, &beat, &tempo); n == 3 {
				p.mu.Lock()
				p.at, p.beat, p.bpm = time.Duration(at), beat, tempo
				p.mu.Unlock()
			}
		}
	}()
	return p
}

// TestInASession plays in a session with two peers of Ableton's own library, in
// a network of their own: the beat is theirs to a millisecond, before and after
// one of them changes the tempo, and goes on when they leave.
func TestInASession(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	program := build(t)
	monotonic := func() time.Duration {
		var ts unix.Timespec
		unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts)
		return time.Duration(ts.Nano())
	}
	begun := monotonic() - time.Second
	now := func() time.Duration { return monotonic() - begun }
	inst := &installations.Installation{Name: "test", Rate: 60, Scenes: []installations.Scene{{Name: "s", Layers: []installations.Layer{{Name: "l"}}}}}
	s, err := show.New(inst, show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Follow(ctx, Options{Show: s, Now: now, Log: func(m string) { t.Log(m) }}) }()
	// errs is how far the show's beat is from a peer's, in ms, at the worst of
	// half a second.
	errs := func(p *peer) float64 {
		worst := 0.0
		for range 25 {
			time.Sleep(20 * time.Millisecond)
			at := now()
			s.Step(at, nobody{})
			var v show.View
			s.Look(&v)
			p.mu.Lock()
			there := p.beat + (at+begun-p.at).Seconds()*p.bpm/60
			p.mu.Unlock()
			// Link gives a beat within its quantum's phase: whole quanta apart
			// are the same.
			d := math.Mod(v.Beat-there, 4)
			if d > 2 {
				d -= 4
			} else if d < -2 {
				d += 4
			}
			worst = max(worst, math.Abs(d)*60/v.BPM*1000)
		}
		return worst
	}
	settle := func(p *peer, bpm float64) {
		t.Helper()
		worst := 0.0
		// It is measured anew every five seconds, which a busy machine may
		// disturb: so it may take several.
		for range 120 {
			if worst = errs(p); worst < 1 {
				break
			}
		}
		var v show.View
		s.Look(&v)
		t.Logf("%.1f s: at %v beats a minute the beat errs by %.3f ms at the worst", now().Seconds(), v.BPM, worst)
		if worst >= 1 || math.Abs(v.BPM-bpm) > 0.01 {
			t.Errorf("the beat errs by %.3f ms; the tempo is %v, and is to be %v", worst, v.BPM, bpm)
		}
	}
	first := begin(t, program, 120)
	settle(first, 120)
	second := begin(t, program, 97)
	time.Sleep(time.Second)
	settle(second, 120) // who joins takes the session's tempo
	fmt.Fprintln(second.in, "143.5")
	settle(first, 143.5)
	first.in.Close() // the one who began it leaves
	time.Sleep(time.Second)
	settle(second, 143.5)
	second.in.Close()
	time.Sleep(500 * time.Millisecond)
	var a, b show.View
	from := now()
	s.Step(from, nobody{})
	s.Look(&a)
	time.Sleep(time.Second)
	to := now()
	s.Step(to, nobody{})
	s.Look(&b)
	if moved, want := b.Beat-a.Beat, (to-from).Minutes()*143.5; math.Abs(b.BPM-143.5) > 0.01 || math.Abs(moved-want) > 0.5 {
		t.Errorf("alone, at %v, the beat goes on by %v in %v, want %v", b.BPM, moved, to-from, want)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
