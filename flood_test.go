package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"

	"golang.org/x/net/ipv4"
)

// floodRate is how many packets a second the flood has, on all ports together.
const floodRate = 200_000

// floodPorts are the ports that the flooded program opens: signals, OSC
// control, timecode, a console's Art-Net and sACN, and Art-Net's own, where
// nodes answer.
var floodPorts = []int{9000, 9100, 6455, 6464, 5568, 6454}

// floodTime is how long a flood lasts: FLOOD_SECONDS, or 1 s.
func floodTime() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("FLOOD_SECONDS")); err == nil && n > 0 && n <= 600 {
		return time.Duration(n) * time.Second
	}
	return time.Second
}

// playing is the program in a process of its own.
type playing struct {
	c    *exec.Cmd
	out  strings.Builder
	read chan struct{}
}

// startPlaying runs `noctiluca args…` by this test's own binary.
func startPlaying(t *testing.T, ready string, args ...string) *playing {
	t.Helper()
	p := &playing{c: exec.Command(os.Args[0], append([]string{"-test.run", "^TestFloodedProgram$", "-test.v", "-test.timeout", "15m", "--"}, args...)...), read: make(chan struct{})}
	p.c.Env = append(os.Environ(), "NOCTILUCA_FLOODED=1", "HOME="+t.TempDir())
	r, w := io.Pipe()
	p.c.Stdout, p.c.Stderr = w, w
	if err := p.c.Start(); err != nil {
		t.Fatal(err)
	}
	begun := make(chan struct{})
	go func() {
		defer close(p.read)
		for s := bufio.NewScanner(r); s.Scan(); {
			p.out.WriteString(s.Text() + "\n")
			if strings.Contains(s.Text(), ready) && begun != nil {
				close(begun)
				begun = nil
			}
		}
	}()
	started := begun
	go func() { _ = p.c.Wait(); w.Close() }()
	select {
	case <-started:
	case <-p.read:
		t.Fatalf("it ended:\n%s", p.out.String())
	case <-time.After(2 * time.Minute):
		_ = p.c.Process.Kill()
		t.Fatal("it did not begin")
	}
	return p
}

// end waits until it has ended, and gives what it said.
func (p *playing) end(t *testing.T, limit time.Duration) string {
	t.Helper()
	select {
	case <-p.read:
	case <-time.After(limit):
		_ = p.c.Process.Kill()
		<-p.read
		t.Fatalf("it did not end within %v:\n%s", limit, p.out.String())
	}
	return p.out.String()
}

// memory is its resident memory in MiB.
func (p *playing) memory() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.c.Process.Pid))
	if err != nil {
		return 0
	}
	var kib float64
	if _, after, ok := strings.Cut(string(text), "VmHWM:"); ok {
		_, _ = fmt.Sscan(after, &kib)
	}
	return kib / 1024
}

// processor is what it has used of the processor so far.
func (p *playing) processor() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.c.Process.Pid))
	if err != nil {
		return 0
	}
	// After the name, in brackets, comes field 3; 14 and 15 are the user's time
	// and the system's, in hundredths of a second (proc_pid_stat(5)).
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// TestFloodedProgram is the program itself, for TestFlood.
func TestFloodedProgram(t *testing.T) {
	if os.Getenv("NOCTILUCA_FLOODED") == "" {
		return
	}
	if code := run(os.Args[1+slices.Index(os.Args, "--"):], os.Stdout, os.Stderr); code != 0 {
		t.Fatal("exit code", code)
	}
}

// flood sends to all ports of an address in turn until stopped, rate packets
// a second, and says how many went out. What it sends is what each port is
// there for, from several sources, and garbage.
type flood struct {
	stop chan struct{}
	done chan struct{}
	sent int
	took time.Duration
}

func startFlood(t *testing.T, to netip.Addr, ports []int, rate int) *flood {
	t.Helper()
	f := &flood{stop: make(chan struct{}), done: make(chan struct{})}
	type stream struct {
		conn     *ipv4.PacketConn
		messages []ipv4.Message
	}
	const burst = 32
	var streams []stream
	for _, port := range ports {
		for range 4 { // sources
			c, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: to.AsSlice(), Port: port})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { c.Close() })
			s := stream{conn: ipv4.NewPacketConn(c)}
			for i := range burst {
				s.messages = append(s.messages, ipv4.Message{Buffers: [][]byte{floodPacket(port, i)}})
			}
			streams = append(streams, s)
		}
	}
	go func() {
		defer close(f.done)
		began := time.Now()
		defer func() { f.took = time.Since(began) }()
		for k := 0; ; k++ {
			select {
			case <-f.stop:
				return
			default:
			}
			s := streams[k%len(streams)]
			n, err := s.conn.WriteBatch(s.messages, 0)
			f.sent += max(n, 0)
			if err != nil { // nobody listens yet, or any more
				f.sent++
			}
			if ahead := time.Duration(f.sent)*time.Second/time.Duration(rate) - time.Since(began); ahead > time.Millisecond {
				time.Sleep(ahead)
			}
		}
	}()
	return f
}

func (f *flood) end() (rate float64) {
	close(f.stop)
	<-f.done
	return float64(f.sent) / f.took.Seconds()
}

// floodPacket is packet i of a port's flood: of eight, one is garbage.
func floodPacket(port, i int) []byte {
	text := func(b []byte, s string) []byte {
		b = append(append(b, s...), 0)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
		return b
	}
	levels := make([]byte, 512)
	for k := range levels {
		levels[k] = byte(i + k)
	}
	if i%8 == 7 {
		return levels[:1+i*16]
	}
	switch port {
	case 9000, 9100:
		address := fmt.Sprintf("/noctiluca/person/p%d/heart_rate", i)
		if i%8 == 3 {
			address = "/noctiluca/person/*/heart_rate"
		}
		if port == 9100 {
			address = "/master/level"
			if i%8 == 3 {
				address = "/*/*"
			}
		}
		return binary.BigEndian.AppendUint32(text(text(nil, address), ",f"), 0x3f000000+uint32(i)<<12)
	case 6455:
		return artnet.AppendTimeCode(nil, artnet.TimeCode{Minutes: 1, Seconds: byte(i), Film: artnet.EBU})
	case 5568:
		return sacn.AppendData(nil, &sacn.Data{CID: sacn.NewCID(fmt.Sprint(i % 9)), Source: []byte("flood"), Priority: 100, Sequence: byte(i), Universe: 1, Slots: levels})
	}
	switch i % 4 {
	case 0:
		return artnet.AppendPoll(nil, artnet.PollReplyOnChange)
	case 1:
		return artnet.AppendReply(nil, &artnet.Reply{IP: netip.AddrFrom4([4]byte{10, 77, 0, byte(i)}), ShortName: "flood", Bind: byte(i), Ports: []artnet.NodePort{{Output: true, Out: uint16(i)}}})
	}
	return artnet.AppendDmx(nil, artnet.Dmx{Sequence: byte(i), Address: 1, Data: levels})
}

var mostLate = regexp.MustCompile(`played (\d+) frames, late (\d+), lost (\d+), begun (.*) before they are due\n  woken after the release    (.*)\n  ready after the deadline   (.*)\n  sent after the deadline    (.*)\n`)

// TestFlood: the program plays on while every port that it has open is
// flooded, and takes no memory for it but what waits to be collected. It says
// how late the frames are beside those of a run without; `make flood` is a
// longer one.
func TestFlood(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	dir := t.TempDir()
	shipped, err := os.ReadFile("installations/forest/installation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// The forest, with a lighting console, and an output to whatever nodes answer.
	text := string(shipped) + `
console:
  listen: 127.0.0.1
  artnet_port: 6464
  channels:
    - {protocol: artnet, universe: 1, channel: 1, parameter: /master/hue}
    - {protocol: sacn, universe: 1, channel: 1, parameter: /master/saturation}
`
	text = strings.Replace(text, "    protocol: artnet\n    host: 127.0.0.1\n    universe: 96\n", "    protocol: artnet\n    discover: true\n    interface: light\n    universe: 96\n", 1)
	file := filepath.Join(dir, "installation.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	once := func(rate int) (said string, sent, memory, core float64) {
		length := floodTime()
		p := startPlaying(t, "   1s ", "run", file, "--no-midi", "--crowd", "7",
			"--osc", "127.0.0.1:9000", "--control", "127.0.0.1:9100", "--query", "off", "--timecode", "127.0.0.1:6455")
		used, began := p.processor(), time.Now()
		if rate > 0 {
			f := startFlood(t, netip.MustParseAddr("127.0.0.1"), floodPorts, rate)
			time.Sleep(length)
			sent = f.end()
		}
		if rate == 0 {
			time.Sleep(length)
		}
		core = (p.processor() - used).Seconds() / time.Since(began).Seconds()
		memory = p.memory()
		_ = p.c.Process.Signal(os.Interrupt) // and not before it was looked at, however busy the machine is
		return p.end(t, 2*time.Minute), sent, memory, core
	}
	report := func(name, out string, sent, memory, core float64) {
		m := mostLate.FindStringSubmatch(out)
		if m == nil {
			t.Fatalf("it said no summary:\n%s", out)
		}
		t.Logf("%-10s %7.0f packets/s; %s frames, %s late, %s lost; %.0f MiB, %.0f %% of a core; lead %s at the end\n  woken after the release   %s\n  ready after the deadline  %s\n  sent after the deadline   %s", name, sent, m[1], m[2], m[3], memory, 100*core, m[4], m[5], m[6], m[7])
		if strings.Contains(out, "only the clock stays in real time") {
			t.Log("it used so much that only the clock stayed in real time")
		}
	}
	out, sent, before, core := once(0)
	report("quiet", out, sent, before, core)
	out, sent, memory, core := once(floodRate)
	report("flooded", out, sent, memory, core)
	if memory > before+128 {
		t.Errorf("the flood takes %.0f MiB of memory, without it are %.0f", memory, before)
	}
}
