package outputs

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/wled"
	"noctiluca/installations"
)

// warls puts a strip together as WLED's handleNotifications does: from the
// third byte on an index and three colours, as long as four bytes are left
// (wled00/udp.cpp). It gives how many pixels the packet told.
func warls(t *testing.T, leds, b []byte) (told int) {
	t.Helper()
	if len(b) < 2 || b[0] != 1 || len(b) > 1472 || (len(b)-2)%4 != 0 {
		t.Fatalf("%d bytes, %.4x: not WARLS", len(b), b)
	}
	for i := 2; i < len(b)-3; i += 4 {
		copy(leds[3*int(b[i]):], b[i+1:i+4])
		told++
	}
	return told
}

// TestWARLS sends strips by their indices over a socket, a second reading puts
// them together, and the controller is given back at the end.
func TestWARLS(t *testing.T) {
	for _, c := range []struct{ pixels, packets int }{{1, 1}, {255, 1}, {256, 2}} {
		node := listen(t)
		f, r := play(t, strip(c.pixels, 3, installations.Output{Name: "a", Protocol: "wled", Host: node.LocalAddr().String(), Timeout: 3, Realtime: "warls"}))
		leds, told := make([]byte, 3*c.pixels), 0
		for _, b := range receive(t, node, c.packets) {
			if b[1] != 3 {
				t.Errorf("timeout %d", b[1])
			}
			told += warls(t, leds, b)
		}
		if told != c.pixels || !bytes.Equal(leds, f.Output(0)) {
			t.Errorf("%d pixels: %d were told, and the strip is the frame: %v", c.pixels, told, bytes.Equal(leds, f.Output(0)))
		}
		if err := r.Stop(time.Second); err != nil {
			t.Error(err)
		}
		if b := receive(t, node, 1)[0]; len(b) != 2 || b[1] != 0 {
			t.Errorf("the end is %x", b)
		}
	}
}

// TestWARLSChanges: only what changed is told, the whole once in a second or
// in half of the timeout, at the end too; the strip is the frame after each,
// and nothing is allocated.
func TestWARLSChanges(t *testing.T) {
	for _, c := range []struct {
		timeout int
		want    string
	}{{2, "0:200 20:1 60:200 120:200 129:200"}, {1, "0:200 20:1 30:200 60:200 90:200 120:200 129:200"}} {
		inst := strip(200, 3, installations.Output{Name: "a", Protocol: "wled", Timeout: c.timeout, Realtime: "warls"})
		m := frames(t, inst)
		s := &wled.Stream{Output: &inst.Outputs[0]}
		light, leds := make([]float32, 200), make([]byte, 600)
		var b datagram.Batch
		var sent []string
		for n := range 130 {
			if n == 20 {
				light[150] = 1
			}
			f := m.stage.Make(uint64(n), time.Duration(n)*time.Second/60, light, light, light, n == 129)
			b.Reset()
			s.Frame(&b, f)
			told := 0
			for i := range b.Len() {
				p, _ := b.Packet(i)
				told += warls(t, leds, p)
			}
			if told > 0 {
				sent = append(sent, strconv.Itoa(n)+":"+strconv.Itoa(told))
			}
			if !bytes.Equal(leds, f.Output(0)) {
				t.Fatalf("frame %d: the strip is not the frame", n)
			}
			if allocated := testing.AllocsPerRun(10, func() { b.Reset(); s.Frame(&b, f) }); n > 0 && allocated > 0 {
				t.Fatalf("frame %d: %v allocations", n, allocated)
			}
			f.Release()
		}
		if got := strings.Join(sent, " "); got != c.want {
			t.Errorf("timeout %d s: frame:pixels %s, want %s", c.timeout, got, c.want)
		}
	}
}
