package datagram

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"noctiluca/devices/peers"

	"golang.org/x/net/ipv4"
	"pgregory.net/rapid"
)

func listen(t testing.TB) (*net.UDPConn, string) {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadBuffer(4 << 20)
	t.Cleanup(func() { c.Close() })
	return c, c.LocalAddr().String()
}

func receive(t testing.TB, c *net.UDPConn, n int) (got [][]byte, at []time.Duration) {
	t.Helper()
	buf := make([]byte, 65536)
	_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
	begin := time.Now()
	for len(got) < n {
		k, err := c.Read(buf)
		if err != nil {
			t.Fatalf("%d of %d packets arrived: %v", len(got), n, err)
		}
		got, at = append(got, bytes.Clone(buf[:k])), append(at, time.Since(begin))
	}
	return got, at
}

// batch makes packets of these sizes, each full of its number.
func batch(sizes ...int) *Batch {
	b := &Batch{}
	for i, n := range sizes {
		b.Buf = append(b.Buf, bytes.Repeat([]byte{byte(i)}, n)...)
		b.Cut()
	}
	return b
}

// TestSizes: packets of all sizes arrive as they are, cut by the kernel or not.
func TestSizes(t *testing.T) {
	node, host := listen(t)
	for _, plain := range []bool{false, true} {
		l := NewLink(NewHost(host, 1, nil), Options{Plain: plain})
		for _, sizes := range [][]int{
			{1}, {530, 530, 530}, {530, 530, 100}, {100, 530, 530}, {530, 14, 530, 14, 14}, {0, 5},
			append(repeat(200, 530), 14), {1400, 1400, 1, 1400}, repeat(70, 1200),
		} {
			b := batch(sizes...)
			packets, n, err := l.Send(b, 0)
			if err != nil || packets != len(sizes) || n != len(b.Buf) {
				t.Fatalf("plain %v, sizes %v: %d packets, %d bytes, %v", plain, sizes, packets, n, err)
			}
			got, _ := receive(t, node, len(sizes))
			for i, size := range sizes {
				if len(got[i]) != size || !bytes.Equal(got[i], bytes.Repeat([]byte{byte(i)}, size)) {
					t.Fatalf("plain %v, sizes %v: packet %d has %d bytes", plain, sizes, i, len(got[i]))
				}
			}
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func repeat(n, size int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = size
	}
	return s
}

// TestTrain: what the kernel is to cut has equal parts, the last one aside,
// and no packet is left out.
func TestTrain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := batch(rapid.SliceOfN(rapid.SampledFrom([]int{1, 14, 530, 638, 1400}), 1, 300).Draw(t, "sizes")...)
		for i := 0; i < b.Len(); {
			limit := rapid.IntRange(1, b.Len()-i).Draw(t, "limit")
			n := b.train(i, limit)
			if n < 1 || n > limit || n > maxSegments {
				t.Fatalf("a train of %d of at most %d", n, limit)
			}
			first, _ := b.Packet(i)
			total := 0
			for k := i; k < i+n; k++ {
				p, _ := b.Packet(k)
				total += len(p)
				if len(p) > len(first) || len(p) < len(first) && k < i+n-1 {
					t.Fatalf("packet %d of a train has %d bytes, the first %d", k-i, len(p), len(first))
				}
			}
			if total > maxTrain {
				t.Fatalf("%d bytes", total)
			}
			i += n
		}
	})
}

// TestFallback: a way out that cannot cut gets plain packets, from the one on
// that failed, and none twice.
func TestFallback(t *testing.T) {
	if !segmentsWork {
		t.Log("this system does not cut buffers: there is nothing to fall back from")
		return
	}
	node, host := listen(t)
	l := NewLink(NewHost(host, 1, nil), Options{})
	defer l.Close()
	if err := l.open(); err != nil {
		t.Fatal(err)
	}
	write, calls := l.write, 0
	l.write = func(ms []ipv4.Message) (int, error) {
		calls++
		for i, m := range ms {
			if len(m.OOB) > 0 {
				if i == 0 {
					return 0, &net.OpError{Op: "write", Err: os.NewSyscallError("sendmmsg", syscall.EIO)}
				}
				return write(ms[:i])
			}
		}
		return write(ms)
	}
	// One plain packet, then a train that the network card refuses.
	packets, n, err := l.Send(batch(20, 100, 100, 100, 30), 0)
	if err != nil || packets != 5 || n != 350 || l.segments {
		t.Errorf("%d packets, %d bytes, %v; cutting still on: %v", packets, n, err, l.segments)
	}
	got, _ := receive(t, node, 5)
	for i, p := range got {
		if p[0] != byte(i) {
			t.Errorf("packet %d: %d bytes of %d", i, len(p), p[0])
		}
	}
	before := calls
	if packets, _, err := l.Send(batch(100, 100), 0); err != nil || packets != 2 || calls != before+1 {
		t.Errorf("the next frame: %d packets, %v, %d calls", packets, err, calls-before)
	}
}

// TestSpread: the packets of a frame come in bursts of no more than 16, over
// the time given.
func TestSpread(t *testing.T) {
	node, host := listen(t)
	l := NewLink(NewHost(host, 1, nil), Options{})
	defer l.Close()
	began := time.Now()
	if n, _, err := l.Send(batch(repeat(64, 530)...), 200*time.Millisecond); err != nil || n != 64 {
		t.Fatal(n, err)
	}
	took := time.Since(began)
	if took < 149*time.Millisecond {
		t.Errorf("64 packets over 200 ms took %v, want at least the three pauses of 50 ms", took)
	}
	receive(t, node, 64)
	// So little time that bursts go together: none is lost. They are read as
	// they come, for not every kernel keeps that many.
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if n, _, err := l.Send(batch(repeat(640, 530)...), time.Millisecond); err != nil || n != 640 {
			t.Error(n, err)
		}
	}()
	receive(t, node, 640)
	<-sent
}

// TestHost: a name is looked up aside and again, and a name that stops to be
// found keeps its address.
func TestHost(t *testing.T) {
	for _, c := range []struct{ host, want string }{
		{"10.0.0.5", "10.0.0.5:6454"}, {"10.0.0.5:7", "10.0.0.5:7"}, {"[::1]", "[::1]:6454"}, {"[::1]:9", "[::1]:9"}, {"::1", "[::1]:6454"},
	} {
		h := NewHost(c.host, 6454, nil)
		if a, err := h.Address(); err != nil || a.String() != c.want {
			t.Errorf("%s: %v, %v; want %s", c.host, a, err, c.want)
		}
	}
	var asked atomic.Int32
	h := NewHost("controller.local:99", 6454, func(_ context.Context, _, name string) ([]netip.Addr, error) {
		if name != "controller.local" {
			t.Errorf("asked for %q", name)
		}
		if asked.Add(1) < 2 {
			return nil, errors.New("no answer")
		}
		return []netip.Addr{netip.MustParseAddr("fe80::1"), netip.MustParseAddr("10.1.2.3")}, nil
	})
	defer h.Close()
	if _, err := h.Address(); err == nil || !strings.Contains(err.Error(), "controller.local") {
		t.Error(err)
	}
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if a, err := h.Address(); err == nil {
			if a.String() != "10.1.2.3:99" {
				t.Error(a)
			}
			return
		}
	}
	t.Error("the name was never found")
}

// TestNobodyListens: the packets that follow a refused one are sent all the
// same, and the error says what is wrong.
func TestNobodyListens(t *testing.T) {
	host := peers.FreePort(t)
	l := NewLink(NewHost(host.String(), 1, nil), Options{Plain: true})
	defer l.Close()
	var err error
	for range 2000 { // the answer to the first ones may be long in coming
		var n int
		if n, _, err = l.Send(batch(10, 10, 10), 0); n != 3 {
			t.Fatalf("%d packets, %v", n, err)
		}
		if err != nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err == nil || !strings.Contains(err.Error(), "nobody listens") {
		t.Error(err)
	}
	again, e := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(host))
	if e != nil {
		t.Fatal(e)
	}
	defer again.Close()
	_, _, _ = l.Send(batch(10), 0)
	receive(t, again, 1)
}

// TestSendAllocatesNothing once it has sent a frame.
func TestSendAllocatesNothing(t *testing.T) {
	_, host := listen(t)
	for _, plain := range []bool{false, true} {
		l := NewLink(NewHost(host, 1, nil), Options{Plain: plain})
		b := batch(append(repeat(100, 530), 14)...)
		send := func() {
			if _, _, err := l.Send(b, 0); err != nil {
				t.Fatal(err)
			}
		}
		send()
		if n := testing.AllocsPerRun(50, send); n != 0 && !raced {
			t.Errorf("plain %v: a frame allocates %v times", plain, n)
		}
		_ = l.Close()
	}
}

func BenchmarkSend(b *testing.B) {
	node, host := listen(b)
	go func() {
		buf := make([]byte, 2048)
		for {
			if _, err := node.Read(buf); err != nil {
				return
			}
		}
	}()
	for _, c := range []struct {
		name  string
		plain bool
	}{{"segments", false}, {"plain", true}} {
		b.Run(c.name, func(b *testing.B) {
			l := NewLink(NewHost(host, 1, nil), Options{Plain: c.plain})
			defer l.Close()
			frame := batch(repeat(128, 530)...)
			b.ReportAllocs()
			for range b.N {
				if _, _, err := l.Send(frame, 0); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/packet")
		})
	}
}

// FuzzAnswers: no answer of a stranger does harm.
func FuzzAnswers(f *testing.F) {
	q, err := query("wled.local")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(q)
	f.Fuzz(func(t *testing.T, b []byte) { answers(b, "wled.local") })
}
