package outputs

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/pacer"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// loadTime is how long a load lasts: LOAD_SECONDS, or 2 s.
func loadTime() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("LOAD_SECONDS")); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	return 2 * time.Second
}

// sink is a socket on the loopback that nobody reads: the kernel carries every
// packet to it, and what this process pays is the sending alone.
func sink(t testing.TB) string {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.LocalAddr().String()
}

// BenchmarkLoad sends at the rates of large works and says what that takes of
// one core: `make load` for a minute each. The frames are made beforehand, so
// that only the outputs are measured.
func BenchmarkLoad(b *testing.B) {
	ddp := func(host string) *installations.Installation {
		return strip(1_000_000, 3, installations.Output{Name: "ddp", Protocol: "ddp", Host: host, Line: 1})
	}
	artnet := func(host string) *installations.Installation {
		return wall(installations.Output{Name: "artnet", Protocol: "artnet", Host: host, Universes: universes(0, 3000), Sync: true, Spread: 0.5})
	}
	sacn := func(host string) *installations.Installation {
		return wall(installations.Output{Name: "sacn", Protocol: "sacn", Host: host, Universes: universes(1, 3000), Priority: 100, Spread: 0.5})
	}
	for _, c := range []struct {
		name    string
		rate    float64
		packets int // of a frame
		inst    func(host string) *installations.Installation
	}{
		{"artnet-3000-universes-44", 44, 3001, artnet},
		{"sacn-3000-universes-44", 44, 3000, sacn},
		{"ddp-1000000-pixels-30", 30, 2084, ddp},
	} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				inst := c.inst(sink(b))
				inst.Rate = c.rate
				runners, err := Open(inst)
				if err != nil {
					b.Fatal(err)
				}
				m := frames(b, inst)
				f := m.next(false)
				g := m.next(false)
				clock, err := pacer.New(c.rate)
				if err != nil {
					b.Fatal(err)
				}
				clock.Start(2, 0)
				used, began, n := cpu(), time.Now(), 0
				for at := clock.Wait(0); at.At < loadTime(); at = clock.Wait(0) {
					if n++; n%2 == 0 {
						runners[0].Put(f)
					} else {
						runners[0].Put(g)
					}
				}
				took := time.Since(began)
				if err := runners[0].Stop(5 * time.Second); err != nil {
					b.Error(err)
				}
				share := float64(cpu()-used) / float64(took)
				s := runners[0].Stats()
				if s.Errors > 0 || s.Frames+s.Dropped != uint64(n) || s.Packets < s.Frames*uint64(c.packets) {
					b.Errorf("%d frames put, %+v", n, s)
				}
				b.ReportMetric(100*share, "%core")
				b.ReportMetric(float64(s.Packets)/took.Seconds(), "packets/s")
				b.ReportMetric(float64(s.Dropped), "frames-dropped")
				f.Release()
				g.Release()
			}
		})
	}
}

// slow is a device that takes a frame and gives no sign until it is let go.
type slow struct{ hold chan struct{} }

func (s *slow) Send(*safety.Frame) (int, int, error) { <-s.hold; return 1, 1, nil }
func (s *slow) Close() error                         { return nil }

// TestFaultsDelayNobody: of 50 outputs one leads where nobody listens, one to
// a name that is never found, and one to a device a thousand times too slow.
// The time that a frame takes to be handed over is that of a run without
// them, and the other 47 get as many frames.
func TestFaultsDelayNobody(t *testing.T) {
	// All of 127.0.0.0/8 is this machine: 50 nodes with one socket.
	node, err := net.ListenUDP("udp4", &net.UDPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	port := node.LocalAddr().(*net.UDPAddr).Port
	inst := func(faults bool) *installations.Installation {
		var outs []installations.Output
		for i := range 50 {
			o := installations.Output{Name: fmt.Sprint("node", i), Protocol: "artnet", Host: fmt.Sprintf("127.0.0.%d:%d", 1+i, port), Universes: universes(0, 2)}
			if faults && i == 10 {
				o.Host = "127.0.0.1:9" // discard: nobody listens
			}
			if faults && i == 20 {
				o.Host = "nowhere.invalid"
			}
			outs = append(outs, o)
		}
		return wall(outs...)
	}
	run := func(faults bool) (p999 time.Duration, fewest uint64) {
		in := inst(faults)
		runners, err := Open(in)
		if err != nil {
			t.Fatal(err)
		}
		if faults {
			// A device that takes 16 s for a frame of 16 ms.
			old := runners[30]
			hold := make(chan struct{})
			runners[30] = output.Start("slow", &slow{hold}, output.Options{})
			defer close(hold)
			_ = old.Stop(time.Second)
		}
		m := frames(t, in)
		clock, err := pacer.New(60)
		if err != nil {
			t.Fatal(err)
		}
		clock.Start(4, 0)
		var times []time.Duration
		for at := clock.Wait(0); at.At < 2*time.Second; at = clock.Wait(0) {
			f := m.next(false)
			began := time.Now()
			for _, r := range runners {
				r.Put(f)
			}
			times = append(times, time.Since(began))
			f.Release()
		}
		fewest = 1 << 60
		for i, r := range runners {
			if faults && i == 30 {
				continue // it does not end
			}
			if err := r.Stop(30 * time.Second); err != nil {
				t.Error(err)
			}
			if s := r.Stats(); !faults || i != 10 && i != 20 {
				fewest = min(fewest, s.Frames)
				if s.Errors > 0 {
					t.Errorf("%s: %+v", r.Name(), s)
				}
			} else if s.Errors == 0 {
				t.Errorf("%s: the fault shows nowhere: %+v", r.Name(), s)
			}
		}
		slices.Sort(times)
		return times[len(times)*999/1000], fewest
	}
	before, most := run(false)
	after, fewest := run(true)
	t.Logf("handing a frame to 50 outputs, p99.9: %v without faults, %v with; the slowest good output got %d and %d frames", before, after, most, fewest)
	// A busy machine makes both times long; waiting for the slow device would
	// have taken as long as it is held.
	if after > before+time.Second {
		t.Errorf("faults make the hand-over %v longer: somebody waited", after-before)
	}
	if fewest < 5 {
		t.Errorf("a good output got %d frames of two seconds", fewest)
	}
}
