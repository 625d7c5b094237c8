package outputs

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/ddp"
	"noctiluca/devices/kinet"
	"noctiluca/devices/opc"
	"noctiluca/devices/oscout"
	"noctiluca/devices/output"
	"noctiluca/devices/peers"
	"noctiluca/devices/tpm2"
	"noctiluca/engine/safety"
	"noctiluca/installations"

	goosc "github.com/hypebeast/go-osc/osc"
)

// strip is an installation made for these tests: some outputs, each with a
// fixture of so many pixels of a width, all in one universe.
func strip(pixels, width int, outs ...installations.Output) *installations.Installation {
	inst := &installations.Installation{Name: "strip", File: "strip.yaml", Rate: 60}
	order := installations.Order{0, 1, 2, 3}[:width]
	for i, o := range outs {
		first := i * pixels
		o.Bytes = pixels * width * max(o.Bits, 8) / 8
		o.Universes = []installations.Universe{{Number: o.Line, Length: o.Bytes}} // Line stands for the number here
		o.Runs = []installations.Run{{First: first, Step: 1, Count: pixels, Order: order, Wide: o.Bits == 16}}
		inst.Outputs = append(inst.Outputs, o)
		f := installations.Fixture{Name: o.Name, First: first, Count: pixels, Supply: -1}
		f.LED.White = width == 4
		inst.Fixtures = append(inst.Fixtures, f)
	}
	n := pixels * len(outs)
	inst.Pixels = installations.Pixels{X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n), Fixture: make([]int32, n)}
	for i := range n {
		inst.Pixels.Fixture[i] = int32(i / pixels)
	}
	return inst
}

// play sends one frame and gives it, and the runner to be stopped.
func play(t *testing.T, inst *installations.Installation) (*safety.Frame, *output.Runner) {
	t.Helper()
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	if len(runners) != 1 {
		t.Fatalf("%d runners", len(runners))
	}
	f := frames(t, inst).next(false)
	t.Cleanup(f.Release)
	runners[0].Put(f)
	t.Cleanup(func() {
		if err := runners[0].Stop(30 * time.Second); err != nil {
			t.Error(err)
		}
	})
	return f, runners[0]
}

// TestDDP puts a display together from the packets by their offsets, as a
// display does, and shows it when it is told to push.
func TestDDP(t *testing.T) {
	for _, c := range []struct {
		pixels, width, bits int
		kind                byte
	}{{1, 3, 8, 0x0b}, {480, 3, 8, 0x0b}, {481, 3, 8, 0x0b}, {3000, 3, 8, 0x0b}, {361, 4, 8, 0x1b}, {241, 3, 16, 0x0c}, {400, 4, 16, 0x1c}} {
		node := listen(t)
		inst := strip(c.pixels, c.width, installations.Output{Name: "a", Protocol: "ddp", Host: node.LocalAddr().String(), Line: 1, Bits: c.bits})
		f, r := play(t, inst)
		want := f.Output(0)
		n := (len(want) + ddp.MaxData - 1) / ddp.MaxData
		display := make([]byte, len(want))
		for i, b := range lit(t, node, n) {
			// An own reading of the header, apart from the package's.
			if b[0]&0xc0 != 0x40 || b[3] != 1 || b[1] != byte(i%15+1) || b[2] != c.kind {
				t.Fatalf("header %x", b[:10])
			}
			if push := b[0]&1 == 1; push != (i == n-1) {
				t.Fatalf("packet %d of %d: push is %v", i+1, n, push)
			}
			if int(binary.BigEndian.Uint16(b[8:])) != len(b)-10 {
				t.Fatalf("length %x of %d bytes", b[8:10], len(b)-10)
			}
			copy(display[binary.BigEndian.Uint32(b[4:]):], b[10:])
		}
		if !bytes.Equal(display, want) {
			t.Errorf("%d pixels of %d: the display is not the frame", c.pixels, c.width)
		}
		var d output.Device
		for limit := time.Now().Add(30 * time.Second); d.State == "" && time.Now().Before(limit); time.Sleep(time.Millisecond) {
			d = r.Stats().Device
		}
		if d.State != "Oak x, up" || d.Wrong || d.RoundTrip <= 0 {
			t.Errorf("of the display it is known: %+v", d)
		}
	}
}

// lit receives n packets of a display's light; what asks for its status is
// answered, as a display does.
func lit(t *testing.T, node *net.UDPConn, n int) [][]byte {
	t.Helper()
	var got [][]byte
	buf := make([]byte, 65536)
	_ = node.SetReadDeadline(time.Now().Add(30 * time.Second))
	for asked := false; len(got) < n || !asked; {
		k, from, err := node.ReadFromUDPAddrPort(buf)
		if err != nil {
			t.Fatalf("%d of %d packets arrived, asked %v: %v", len(got), n, asked, err)
		}
		if b := buf[:k]; bytes.Equal(b, []byte{0x42, 0, 0, 251, 0, 0, 0, 0, 0, 0}) {
			asked = true
			_, _ = node.WriteToUDPAddrPort(append([]byte{0x45, 0, 0, 251, 0, 0, 0, 0, 0, 41}, `{"status":{"man":"Oak","mod":"x","state":"up"}}`[:41]...), from)
			_, _ = node.WriteToUDPAddrPort(append([]byte{0x45, 0, 0, 251, 0, 0, 0, 0, 0, 47}, `{"status":{"man":"Oak","mod":"x","state":"up"}}`...), from)
			continue
		}
		got = append(got, bytes.Clone(buf[:k]))
	}
	return got
}

// TestDDPChanges sends a still picture seldom and a change at once.
func TestDDPChanges(t *testing.T) {
	inst := strip(1000, 3, installations.Output{Name: "a", Protocol: "ddp", Changes: true, Line: 1})
	m := frames(t, inst)
	s := ddp.NewStream([]ddp.Part{{Output: &inst.Outputs[0]}})
	r := make([]float32, 1000)
	sent := []int{}
	for n := range 130 {
		if n == 40 {
			r[999] = 1 // in the third packet
		}
		f := m.stage.Make(uint64(n), time.Duration(n)*time.Second/60, r, r, r, false)
		var b datagram.Batch
		s.Frame(&b, f)
		f.Release()
		if b.Len() > 0 {
			sent = append(sent, n*10+b.Len())
			last, _ := b.Packet(b.Len() - 1)
			if last[0]&ddp.Push == 0 {
				t.Errorf("frame %d: nothing says push", n)
			}
		}
	}
	// All three at the start, the changed one, then each again after a second.
	if want := []int{3, 401, 602, 1001, 1202}; !equal(sent, want) {
		t.Errorf("frame×10+packets %v, want %v", sent, want)
	}
}

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestWLED puts a strip together as WLED does.
func TestWLED(t *testing.T) {
	for _, c := range []struct{ pixels, width, packets int }{{490, 3, 1}, {491, 3, 2}, {367, 4, 1}, {800, 4, 3}} {
		node := listen(t)
		inst := strip(c.pixels, c.width, installations.Output{Name: "a", Protocol: "wled", Host: node.LocalAddr().String(), Timeout: 3})
		f, r := play(t, inst)
		leds := make([]byte, len(f.Output(0)))
		for _, b := range receive(t, node, c.packets) {
			if b[1] != 3 || len(b) > 1472 {
				t.Fatalf("timeout %d, %d bytes", b[1], len(b))
			}
			switch b[0] {
			case 2, 3:
				copy(leds, b[2:])
			case 4, 5:
				copy(leds[c.width*int(binary.BigEndian.Uint16(b[2:])):], b[4:])
			default:
				t.Fatalf("protocol %d", b[0])
			}
		}
		if !bytes.Equal(leds, f.Output(0)) {
			t.Errorf("%d pixels of %d: the strip is not the frame", c.pixels, c.width)
		}
		if err := r.Stop(time.Second); err != nil {
			t.Error(err)
		}
		if b := receive(t, node, 1)[0]; len(b) != 2 || b[1] != 0 {
			t.Errorf("the end is %x", b)
		}
	}
}

// TestTPM2 puts a strip together from numbered packets.
func TestTPM2(t *testing.T) {
	node := listen(t)
	inst := strip(1000, 3, installations.Output{Name: "a", Protocol: "tpm2", Host: node.LocalAddr().String()})
	f, _ := play(t, inst)
	var leds []byte
	for i, b := range receive(t, node, 3) {
		if b[0] != 0x9c || b[1] != 0xda || b[len(b)-1] != 0x36 || b[4] != byte(i+1) || b[5] != 3 || int(b[2])<<8|int(b[3]) != len(b)-7 {
			t.Fatalf("packet %d: %x", i, b[:6])
		}
		leds = append(leds, b[6:len(b)-1]...)
		if p, err := tpm2.Parse(b); err != nil || int(p.Number) != i+1 {
			t.Error(p.Number, err)
		}
	}
	if !bytes.Equal(leds, f.Output(0)) {
		t.Error("the strip is not the frame")
	}
}

// TestKinet sends port out to two ports of a supply, and DMX out.
func TestKinet(t *testing.T) {
	node := listen(t)
	inst := strip(50, 3,
		installations.Output{Name: "a", Protocol: "kinet", Host: node.LocalAddr().String(), Line: 1},
		installations.Output{Name: "b", Protocol: "kinet", Host: node.LocalAddr().String(), Line: 2})
	f, _ := play(t, inst)
	for i, b := range receive(t, node, 2) {
		if p, err := kinet.Parse(b); err != nil || !p.PortOut || int(p.Port) != i+1 || !bytes.Equal(p.Data, f.Output(i)) {
			t.Errorf("port %d: %+v, %v", i+1, p, err)
		}
	}
	dmx := strip(50, 3, installations.Output{Name: "a", Protocol: "kinet-dmx", Host: node.LocalAddr().String()})
	f, _ = play(t, dmx)
	if p, err := kinet.Parse(receive(t, node, 1)[0]); err != nil || p.PortOut || !bytes.Equal(p.Data, f.Output(0)) {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestOPC: two channels over one connection; a server that goes away and
// comes back is found again.
func TestOPC(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := server.Addr().String()
	inst := strip(1000, 3,
		installations.Output{Name: "a", Protocol: "opc", Host: host, Line: 1},
		installations.Output{Name: "b", Protocol: "opc", Host: host, Line: 2})
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	m := frames(t, inst)
	f := m.next(false)
	defer f.Release()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			runners[0].Put(f)
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	for range 2 {
		conn, err := server.Accept()
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 2*(4+3000))
		_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		if _, err := io.ReadFull(conn, buf); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			var msg opc.Message
			var ok bool
			if msg, buf, ok = opc.Parse(buf); !ok || int(msg.Channel) != i+1 || msg.Command != 0 || !bytes.Equal(msg.Data, f.Output(i)) {
				t.Fatalf("%v %v", msg, ok)
			}
		}
		conn.Close()
	}
	close(done)
	<-ended
	server.Close()
	if err := runners[0].Stop(3 * time.Second); err != nil {
		t.Log("at the end:", err) // the connection may be broken
	}
}

// TestOSC: what go-osc reads is the frame, in each of the four forms.
func TestOSC(t *testing.T) {
	for _, form := range []string{"blob", "values", "mean", "both"} {
		node := listen(t)
		inst := strip(99, 3, installations.Output{Name: "oak", Protocol: "osc", Host: node.LocalAddr().String(), Address: "/light/{fixture}/rgb", Form: form})
		f, _ := play(t, inst)
		b := receive(t, node, 1)[0]
		packet, err := goosc.ParsePacket(string(b))
		if err != nil {
			t.Fatal(err)
		}
		msg := packet.(*goosc.Message)
		if msg.Address != "/light/oak/rgb" {
			t.Error(msg.Address)
		}
		r, g, bl := f.RGB()
		switch form {
		case "blob", "both":
			if got := msg.Arguments[0].([]byte); len(msg.Arguments) != 1 || !bytes.Equal(got, f.Output(0)) {
				t.Error("the blob is not the frame")
			}
		case "values":
			if len(msg.Arguments) != 297 {
				t.Fatalf("%d arguments", len(msg.Arguments))
			}
			for p := range 99 {
				if msg.Arguments[3*p] != r[p] || msg.Arguments[3*p+1] != g[p] || msg.Arguments[3*p+2] != bl[p] {
					t.Fatalf("pixel %d: %v", p, msg.Arguments[3*p:3*p+3])
				}
			}
		case "mean":
			sum := 0.0
			for _, v := range g {
				sum += float64(v)
			}
			if got := float64(msg.Arguments[1].(float32)); math.Abs(got-sum/99) > 1e-6 {
				t.Errorf("mean green %v, want %v", got, sum/99)
			}
		}
		if form == "both" {
			packet, err := goosc.ParsePacket(string(receive(t, node, 1)[0]))
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for _, v := range r {
				sum += float64(v)
			}
			if msg := packet.(*goosc.Message); msg.Address != "/light/oak/rgb/mean" || len(msg.Arguments) != 3 || math.Abs(float64(msg.Arguments[0].(float32))-sum/99) > 1e-6 {
				t.Errorf("beside the blob: %v", msg)
			}
		}
	}
	// What cannot be sent is said at the start, with its line.
	big := strip(6000, 3, installations.Output{Name: "oak", Protocol: "osc", Address: "/x", Form: "values", Line: 12})
	if _, err := oscout.NewStream(big, 0); err == nil || !strings.Contains(err.Error(), "strip.yaml:12") {
		t.Error(err)
	}
	odd := strip(6, 3, installations.Output{Name: "oak", Protocol: "osc", Address: "/x y", Form: "blob"})
	if _, err := oscout.NewStream(odd, 0); err == nil {
		t.Error("an address with a space was taken")
	}
}

// TestOLAReceivesOPCAndOSC, byte for byte.
func TestOLAReceivesOPCAndOSC(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	ola := peers.StartOLA(t, map[string]string{
		"openpixelcontrol": "listen = 127.0.0.1:7890\nlisten_127.0.0.1:7890_channel = 3",
		"osc":              "udp_listen_port = 7770",
	})
	ola.Input("OPC Server", 3, 3)
	ola.Input("OSC Device", 0, 4)
	inst := strip(170, 3,
		installations.Output{Name: "opc", Protocol: "opc", Host: "127.0.0.1", Line: 3},
		installations.Output{Name: "osc", Protocol: "osc", Host: "127.0.0.1:7770", Address: "/dmx/universe/4", Form: "blob"})
	show(t, inst, func(data func(o, u int) []byte) {
		ola.Expect(4, data(1, 0))
		ola.Expect(3, data(0, 0))
	})
	t.Log("a channel of OPC and a universe of OSC equal the frame")
}

// TestTsharkDissectsOSC: no message is malformed. Wireshark has no dissector
// for DDP; TestDDP reads it by itself.
func TestTsharkDissectsOSC(t *testing.T) {
	for _, form := range []string{"blob", "values", "mean"} {
		inst := strip(300, 3, installations.Output{Name: "oak", Protocol: "osc", Address: "/light/{fixture}", Form: form})
		f := frames(t, inst).next(false)
		defer f.Release()
		s, err := oscout.NewStream(inst, 0)
		if err != nil {
			t.Fatal(err)
		}
		var b datagram.Batch
		s.Frame(&b, f)
		data, _ := b.Packet(0)
		got := peers.Dissect(t, "osc", []peers.Packet{{To: netip.AddrPortFrom(peers.Here, oscout.Port), Data: data}}, "osc.message.header.path", "osc.message.header.format")
		if want := map[string]string{"blob": ",b", "values": "," + strings.Repeat("f", 900), "mean": ",fff"}[form]; got[0][0] != "/light/oak" || got[0][1] != want {
			t.Errorf("%s: %.40q", form, got[0])
		}
	}
}
