package outputs

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// wall is an installation made for these tests: an output of so many
// universes of 170 pixels, of 16 bits 85, for each of some destinations.
func wall(outs ...installations.Output) *installations.Installation {
	inst := &installations.Installation{Name: "wall", File: "wall.yaml", Rate: 60}
	n := 0
	for _, o := range outs {
		first := n
		for i := range o.Universes {
			o.Universes[i].Offset, o.Universes[i].Length = i*510, 510
			run := installations.Run{First: n, Step: 1, Count: 170, Offset: i * 510, Order: installations.Order{1, 0, 2}}
			if o.Bits == 16 {
				run.Count, run.Wide = 85, true
			}
			o.Runs = append(o.Runs, run)
			n += run.Count
		}
		o.Bytes = len(o.Universes) * 510
		inst.Outputs = append(inst.Outputs, o)
		inst.Fixtures = append(inst.Fixtures, installations.Fixture{Name: o.Name, First: first, Count: n - first, Supply: -1})
	}
	inst.Pixels = installations.Pixels{X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n)}
	return inst
}

// universes are n universes numbered from first.
func universes(first, n int) []installations.Universe {
	u := make([]installations.Universe, n)
	for i := range u {
		u[i].Number = first + i
	}
	return u
}

// maker makes frames whose every pixel differs, and from frame to frame.
type maker struct {
	stage   *safety.Stage
	r, g, b []float32
	n       int
}

func frames(t testing.TB, inst *installations.Installation) *maker {
	c := crew.New(1)
	t.Cleanup(c.Close)
	s, err := safety.NewStage(inst, len(inst.Outputs)+2, c)
	if err != nil {
		t.Fatal(err)
	}
	n := inst.Pixels.Count()
	return &maker{stage: s, r: make([]float32, n), g: make([]float32, n), b: make([]float32, n)}
}

func (m *maker) next(final bool) *safety.Frame {
	for i := range m.r {
		k := i + 31*m.n
		m.r[i], m.g[i], m.b[i] = float32(k%251)/250, float32(k%241)/240, float32(k%239)/238
		if final {
			m.r[i], m.g[i], m.b[i] = 0, 0, 0
		}
	}
	m.n++
	return m.stage.Make(uint64(m.n), time.Duration(m.n)*time.Second/60, m.r, m.g, m.b, final)
}

// listen opens a socket on the loopback.
func listen(t testing.TB) *net.UDPConn {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadBuffer(4 << 20)
	t.Cleanup(func() { c.Close() })
	return c
}

// until waits for what other goroutines bring about.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !ok(); time.Sleep(200 * time.Microsecond) {
		if time.Now().After(limit) {
			t.Fatalf("%s: it does not come", what)
		}
	}
}

// receive reads n datagrams.
func receive(t testing.TB, c *net.UDPConn, n int) [][]byte {
	t.Helper()
	var got [][]byte
	buf := make([]byte, 65536)
	_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
	for len(got) < n {
		k, err := c.Read(buf)
		if err != nil {
			t.Fatalf("%d of %d packets arrived: %v", len(got), n, err)
		}
		got = append(got, bytes.Clone(buf[:k]))
	}
	return got
}

// TestArtNet: two outputs to one node go in one stream, all data before the
// one ArtSync, and every universe's bytes are the frame's.
func TestArtNet(t *testing.T) {
	node := listen(t)
	host := node.LocalAddr().String()
	inst := wall(
		installations.Output{Name: "a", Protocol: "artnet", Host: host, Universes: universes(0, 20), Sync: true},
		installations.Output{Name: "b", Protocol: "artnet", Host: host, Universes: universes(100, 3)},
	)
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	if len(runners) != 1 || runners[0].Name() != "a+1" {
		t.Fatalf("%d runners, the first is %s", len(runners), runners[0].Name())
	}
	m := frames(t, inst)
	for n := 1; n <= 3; n++ {
		f := m.next(false)
		runners[0].Put(f)
		got := receive(t, node, 24)
		for i, b := range got[:23] {
			d, err := artnet.ParseDmx(b)
			out, u := 0, i
			if i >= 20 {
				out, u = 1, i-20
			}
			o := inst.Outputs[out]
			if err != nil || d.Sequence != byte(n) || int(d.Address) != o.Universes[u].Number || !bytes.Equal(d.Data, f.Output(out)[u*510:u*510+510]) {
				t.Fatalf("frame %d packet %d: %+v, %v", n, i, d, err)
			}
		}
		if err := artnet.ParseSync(got[23]); err != nil {
			t.Fatal(err)
		}
		f.Release()
	}
	f := m.next(true)
	runners[0].Put(f)
	f.Release()
	if err := runners[0].Stop(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	for i, b := range receive(t, node, 3*24) { // the black frame, three times
		if d, err := artnet.ParseDmx(b); i%24 < 23 && (err != nil || !bytes.Equal(d.Data, make([]byte, 510))) {
			t.Fatalf("packet %d of the end: %v, %v", i, d.Data, err)
		}
	}
	if s := runners[0].Stats(); s.Frames != 4 || s.Packets != 6*24 || s.Errors != 0 {
		t.Errorf("%+v", s)
	}
}

// TestSACN: unicast with synchronisation, then the end of the stream.
func TestSACN(t *testing.T) {
	node := listen(t)
	inst := wall(installations.Output{Name: "a", Protocol: "sacn", Host: node.LocalAddr().String(), Universes: universes(7, 2), Priority: 120, Sync: true, SyncUniv: 500})
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	m := frames(t, inst)
	var cid sacn.CID
	for n := 1; n <= 300; n++ {
		f := m.next(false)
		runners[0].Put(f)
		got := receive(t, node, 3)
		for i, b := range got[:2] {
			d, err := sacn.ParseData(b)
			if err != nil || d.Sequence != byte(n) || int(d.Universe) != 7+i || d.Priority != 120 || d.Sync != 500 || d.Options != sacn.ForceSync ||
				d.StartCode != 0 || string(d.Source) != "Noctiluca wall" || !bytes.Equal(d.Slots, f.Output(0)[i*510:i*510+510]) {
				t.Fatalf("frame %d packet %d: %+v, %v", n, i, d, err)
			}
			if n == 1 {
				cid = d.CID
			}
			if d.CID != cid || cid == (sacn.CID{}) {
				t.Fatalf("the CID is %x, was %x", d.CID, cid)
			}
		}
		if seq, u, err := sacn.ParseSync(got[2]); err != nil || seq != byte(n) || u != 500 {
			t.Fatalf("synchronisation %d %d, %v", seq, u, err)
		}
		f.Release()
	}
	if err := runners[0].Stop(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	for i, b := range receive(t, node, 6) {
		if d, err := sacn.ParseData(b); err != nil || d.Options != sacn.Terminated || int(d.Universe) != 7+i%2 || d.Sync != 0 {
			t.Errorf("packet %d of the end: %+v, %v", i, d, err)
		}
	}
}

// TestFaults: of 50 outputs one leads where nobody listens, one to a name
// that is found never, and one to a name whose server hangs. The others get
// every frame, and nothing waits.
func TestFaults(t *testing.T) {
	// All of 127.0.0.0/8 is this machine: 47 nodes with one socket.
	node, err := net.ListenUDP("udp4", &net.UDPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	_ = node.SetReadBuffer(4 << 20)
	var got atomic.Int64
	go func() {
		buf := make([]byte, 2048)
		for {
			k, err := node.Read(buf)
			if err != nil {
				return
			}
			if d, err := artnet.ParseDmx(buf[:k]); err == nil && d.Address < 1000 {
				got.Add(1)
			}
		}
	}()
	unheard := peers.FreePort(t).String()
	var outs []installations.Output
	for i := range 47 {
		outs = append(outs, installations.Output{Name: fmt.Sprint("node", i), Protocol: "artnet", Host: fmt.Sprintf("127.0.0.%d:%d", 1+i, node.LocalAddr().(*net.UDPAddr).Port), Universes: universes(i, 1)})
	}
	outs = append(outs,
		installations.Output{Name: "unreachable", Protocol: "artnet", Host: unheard, Universes: universes(1000, 1)},
		installations.Output{Name: "unknown", Protocol: "artnet", Host: "nowhere.invalid", Universes: universes(1001, 1)},
		installations.Output{Name: "hanging", Protocol: "artnet", Host: "slow.invalid", Universes: universes(1002, 1)})
	inst := wall(outs...)
	var answered atomic.Bool // it is given up in the end
	runners, err := OpenWith(inst, Options{Lookup: func(ctx context.Context, _, host string) ([]netip.Addr, error) {
		if host == "slow.invalid" {
			<-ctx.Done()
			answered.Store(true)
			return nil, ctx.Err()
		}
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if answered.Load() {
		t.Error("opening waited for the name whose server hangs")
	}
	m := frames(t, inst)
	for range 60 {
		f := m.next(false)
		for _, r := range runners {
			r.Put(f)
		}
		f.Release()
		time.Sleep(4 * time.Millisecond)
	}
	for _, r := range runners {
		if err := r.Stop(30 * time.Second); err != nil {
			t.Error(err)
		}
	}
	for _, r := range runners {
		s := r.Stats()
		t.Logf("%-12s %d frames, %d packets, %d dropped, %d errors %s", r.Name(), s.Frames, s.Packets, s.Dropped, s.Errors, s.LastError)
		if bad := !strings.HasPrefix(r.Name(), "node"); bad != (s.Errors > 0) {
			t.Errorf("%s: %d errors (%s)", r.Name(), s.Errors, s.LastError)
		}
	}
	sent := 0
	for _, r := range runners[:47] {
		sent += int(r.Stats().Packets)
	}
	until(t, "all that was sent", func() bool { return got.Load() >= int64(sent) })
	if n := got.Load(); n != int64(sent) || n < 47*2 {
		t.Errorf("%d packets arrived of %d sent, of 47 nodes and 60 frames", n, sent)
	}
}
