//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/peers"

	"golang.org/x/sys/unix"
)

// faultTime is how long each run of TestFaultsReachNobodyElse is:
// LOAD_SECONDS, or 2 s.
func faultTime() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("LOAD_SECONDS")); err == nil && n > 0 && n <= 600 {
		return time.Duration(n) * time.Second
	}
	return 2 * time.Second
}

// gathering is the receivers: when the kernel got the packets of each
// universe, whoever was running then.
type gathering struct {
	conn *net.UDPConn
	at   map[uint16][]time.Duration
	done chan struct{}
}

func gather(t *testing.T) *gathering {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadBuffer(8 << 20)
	raw, err := conn.SyscallConn()
	if err == nil {
		e := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) })
		if e != nil {
			err = e
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	g := &gathering{conn: conn, at: map[uint16][]time.Duration{}, done: make(chan struct{})}
	go func() {
		defer close(g.done)
		buf, oob := make([]byte, 2048), make([]byte, 128)
		for {
			n, k, _, _, err := conn.ReadMsgUDP(buf, oob)
			if err != nil {
				return
			}
			d, err := artnet.ParseDmx(buf[:n])
			messages, e := unix.ParseSocketControlMessage(oob[:k])
			if err != nil || e != nil || len(messages) != 1 || len(messages[0].Data) < 16 {
				continue
			}
			s := messages[0].Data
			at := time.Duration(binary.NativeEndian.Uint64(s))*time.Second + time.Duration(binary.NativeEndian.Uint64(s[8:]))
			g.at[d.Address] = append(g.at[d.Address], at)
		}
	}()
	return g
}

// late gives, for the universes wanted, how late each packet came on a grid
// of the period, measured from the one that came best.
func (g *gathering) late(period time.Duration, want func(universe uint16) bool) (all []time.Duration, fewest int) {
	fewest = 1 << 30
	for u, times := range g.at {
		if !want(u) {
			continue
		}
		fewest = min(fewest, len(times))
		// The first second has the start in it, the last frame the end.
		times = times[min(60, len(times)/2) : len(times)-min(8, len(times)/4)]
		var phases []time.Duration
		for _, at := range times {
			phases = append(phases, (at-times[0]+period*1000)%period)
		}
		// The grid's phase is where most packets are: the middle one's, turned
		// so that none is far below it.
		turned := func(from time.Duration) []time.Duration {
			out := make([]time.Duration, len(phases))
			for i, p := range phases {
				out[i] = (p - from + 2*period) % period
			}
			slices.Sort(out)
			return out
		}
		best := turned(-period / 2)
		base := best[len(best)/2] - period/2 - period/8
		for _, late := range turned(base) {
			all = append(all, late-period/8)
		}
	}
	slices.Sort(all)
	return all, fewest
}

// slowly is a server of Open Pixel Control that takes so many bytes a second.
func slowly(t *testing.T, bytes int) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*net.TCPConn).SetReadBuffer(4096)
			go func() {
				defer c.Close()
				buf := make([]byte, 1+bytes/100)
				for {
					if _, err := c.Read(buf); err != nil {
						return
					}
					time.Sleep(10 * time.Millisecond)
				}
			}()
		}
	}()
	return l.Addr().String()
}

// TestFaultsReachNobodyElse: of 50 outputs one leads to a host that is not
// there, one to a name that is never found, and one to a device a thousand
// times too slow. The program's own frame times, and when packets arrive at
// the other 47, are told beside those of a run without faults; every one of
// the 47 gets every frame in both.
func TestFaultsReachNobodyElse(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	const count = 50
	// A neighbour that does not answer three questions is not there: the kernel
	// asks once a second, which is longer than a short run.
	if err := os.WriteFile("/proc/sys/net/ipv4/neigh/light/retrans_time_ms", []byte("200"), 0o600); err != nil {
		t.Fatal(err)
	}
	once := func(faults bool) (summary []string, late []time.Duration) {
		g := gather(t)
		port := g.conn.LocalAddr().(*net.UDPAddr).Port
		opc := slowly(t, 100<<20)
		if faults {
			opc = slowly(t, 170*3*60/1000)
		}
		var b strings.Builder
		b.WriteString("noctiluca: 1\nname: faults\nrate: 60\nfixtures:\n")
		for i := range count {
			fmt.Fprintf(&b, "  - {name: f%d, kind: strip, strip: {points: [[0, %d, 0], [17, %d, 0]], pixels: 170}}\n", i, i, i)
		}
		b.WriteString("scenes:\n  - name: one\n    layers:\n      - {name: light, field: glow.kage}\noutputs:\n")
		for i := range count {
			host := fmt.Sprintf("127.0.0.%d:%d", 1+i, port)
			switch {
			case i == 30:
				fmt.Fprintf(&b, "  - {name: o%d, protocol: opc, host: '%s', universe: 1, fixtures: [f%d]}\n", i, opc, i)
				continue
			case faults && i == 10:
				host = "10.77.0.200" // its network is there, it is not
			case faults && i == 20:
				host = "nowhere.invalid"
			}
			fmt.Fprintf(&b, "  - {name: o%d, protocol: artnet, host: '%s', universe: %d, fixtures: [f%d]}\n", i, host, i, i)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "glow.kage"), []byte("//kage:unit pixels\n\npackage main\n\nvar Time float\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(0.5+0.5*sin(p.x+Time), 0.2, 0.1, 1)\n}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "installation.yaml")
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		p := startPlaying(t, "   1s ", "run", file, "--no-midi", "--osc", "off", "--control", "off", "--query", "off", "--for", (faultTime() + time.Second).String())
		out := p.end(t, faultTime()+2*time.Minute)
		time.Sleep(100 * time.Millisecond)
		g.conn.Close()
		<-g.done
		summary = mostLate.FindStringSubmatch(out)
		if summary == nil {
			t.Fatalf("it said no summary:\n%s", out)
		}
		if faults {
			for _, name := range []string{"o10", "o20", "o30"} {
				if !regexp.MustCompile(`  ` + name + ` \d+ pkt [\d.]+ .?B( dropped \d+)? (errors|dropped)`).MatchString(out) {
					t.Errorf("the fault of %s shows nowhere:\n%s", name, out)
				}
			}
		}
		late, fewest := g.late(time.Second/60, func(u uint16) bool { return u < count && u != 10 && u != 20 && u != 30 })
		played, _ := strconv.Atoi(summary[1])
		if len(g.at) < 47 || fewest < played/2 {
			t.Errorf("faults %v: %d universes came, the fewest packets of one are %d of %d frames", faults, len(g.at), fewest, played)
		}
		at := func(q float64) float64 { return late[min(int(q*float64(len(late))), len(late)-1)].Seconds() * 1e3 }
		t.Logf("faults %-5v %s frames, %s late, %s lost; the fewest that a good output got: %d\n  woken    %s\n  ready    %s\n  sent     %s\n  arrived  p50 %.2f ms  p99 %.2f ms  p99.9 %.2f ms  most %.2f ms after the middle of the grid (47 receivers, %d packets)",
			faults, summary[1], summary[2], summary[3], fewest, summary[5], summary[6], summary[7], at(0.5), at(0.99), at(0.999), at(1), len(late))
		return summary, late
	}
	once(false)
	once(true)
}
