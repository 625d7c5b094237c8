package peers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Weather is a bad network between the test's namespace and a second one, in
// which Neighbour is: a relay of Ethernet frames that loses some of UDP's and
// holds the others back, each for a time of its own, so that they overtake one
// another. Multicasts and broadcasts pass like all others. It is our own, and
// seeded: not every kernel has netem.
type Weather struct {
	t     testing.TB
	space string
	lose  float64       // a share
	hold  time.Duration // at most
	fds   [2]int        // of "air" and "wind"
	late  sync.WaitGroup

	mu     sync.Mutex // guards all below
	rng    *rand.Rand
	cut    bool
	lost   int // UDP datagrams
	passed int
	seen   map[uint16]int // what passed, by the port that it went to
}

// tooLong is by how much a datagram may be later than the weather held it.
const tooLong = 50 * time.Millisecond

// StartWeather makes the second namespace and the network between. Only Alone.
func StartWeather(t testing.TB, lose float64, hold time.Duration) *Weather {
	t.Helper()
	w := &Weather{t: t, space: fmt.Sprintf("noctiluca-%d-far", os.Getpid()), lose: lose, hold: hold, rng: rand.New(rand.NewPCG(3, 1)), seen: map[uint16]int{}}
	for _, args := range []string{
		"netns add " + w.space,
		"link add wind type veth peer name far",
		"link set far netns " + w.space,
		// The relay's ends are wires: the kernel must not answer nor listen there.
		"link set wind arp off up",
		"link set air arp off",
		"-n " + w.space + " link set lo up",
		"-n " + w.space + " addr add " + Neighbour.String() + "/24 brd + dev far",
		"-n " + w.space + " link set far up",
		"-n " + w.space + " route add 224.0.0.0/4 dev far",
		// The relay carries frames as a wire does, so none may be larger.
		"link set light gso_max_segs 1",
		"-n " + w.space + " link set far gso_max_segs 1",
	} {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %s", args, out)
		}
		if strings.HasPrefix(args, "netns add") {
			t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", w.space).Run() })
		}
	}
	for i, name := range []string{"air", "wind"} {
		if err := os.WriteFile("/proc/sys/net/ipv4/conf/"+name+"/rp_filter", []byte("1"), 0o600); err != nil {
			t.Fatal(err)
		}
		fd, err := ethernet(name)
		if err != nil {
			t.Fatal(err)
		}
		w.fds[i] = fd
	}
	stop := make(chan struct{})
	for i := range w.fds {
		w.late.Go(func() { w.carry(w.fds[i], w.fds[1-i], stop) })
	}
	t.Cleanup(func() {
		close(stop)
		w.late.Wait()
		for _, fd := range w.fds {
			unix.Close(fd)
		}
	})
	return w
}

// ethernet opens an interface for whole frames, in both directions.
func ethernet(name string) (int, error) {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return 0, err
	}
	const all = 0x0300 // ETH_P_ALL in network order
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, all)
	if err != nil {
		return 0, err
	}
	tv := unix.NsecToTimeval(int64(50 * time.Millisecond))
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv)
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<20)
	return fd, unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: i.Index})
}

// carry takes frames from one end to the other until stop is closed.
func (w *Weather) carry(from, to int, stop chan struct{}) {
	buf := make([]byte, 65536)
	for {
		select {
		case <-stop:
			return
		default:
		}
		n, source, err := unix.Recvfrom(from, buf, 0)
		if err != nil {
			continue
		}
		if l, ok := source.(*unix.SockaddrLinklayer); !ok || l.Pkttype == unix.PACKET_OUTGOING {
			continue // what the other carrier put here
		}
		frame := bytes.Clone(buf[:n])
		wait, lost := w.fate(frame)
		switch {
		case lost:
		case wait == 0:
			_, _ = unix.Write(to, frame)
		default:
			came := time.Now()
			w.late.Go(func() {
				time.Sleep(wait)
				// A busy machine holds it for longer than the weather does:
				// then it is lost, so that none is later than was asked for.
				if time.Since(came) > w.hold+tooLong {
					w.mu.Lock()
					w.lost++
					w.passed--
					w.mu.Unlock()
					return
				}
				_, _ = unix.Write(to, frame)
			})
		}
	}
}

// fate says what becomes of a frame. A UDP checksum that was left to a network
// card to make is taken out, which IPv4 allows.
func (w *Weather) fate(frame []byte) (wait time.Duration, lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		return 0, true
	}
	if len(frame) < 14+20+8 || binary.BigEndian.Uint16(frame[12:]) != 0x0800 || frame[14+9] != unix.IPPROTO_UDP {
		return 0, false
	}
	udp := frame[14+4*int(frame[14]&15):]
	if len(udp) < 8 {
		return 0, false
	}
	udp[6], udp[7] = 0, 0
	if w.rng.Float64() < w.lose {
		w.lost++
		return 0, true
	}
	w.passed++
	w.seen[binary.BigEndian.Uint16(udp[2:])]++
	return time.Duration(w.rng.Int64N(int64(w.hold) + 1)), false
}

// Cut cuts the wire: nothing passes any more.
func (w *Weather) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
}

// Counts gives how many datagrams were lost and how many passed so far, and
// how many of those went to a port.
func (w *Weather) Counts(port uint16) (lost, passed, there int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost, w.passed, w.seen[port]
}

// Inside calls f in the second namespace: the sockets that f opens are there.
func (w *Weather) Inside(f func()) {
	w.t.Helper()
	runtime.LockOSThread()
	here, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		w.t.Fatal(err)
	}
	defer here.Close()
	there, err := os.Open("/run/netns/" + w.space)
	if err != nil {
		w.t.Fatal(err)
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		w.t.Fatal(err)
	}
	f()
	if err := unix.Setns(int(here.Fd()), unix.CLONE_NEWNET); err != nil {
		panic("peers: the way back to the own network namespace is barred: " + err.Error())
	}
	runtime.UnlockOSThread()
}
