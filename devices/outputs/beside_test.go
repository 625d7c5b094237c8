package outputs

import (
	"strings"
	"testing"
	"time"

	"noctiluca/devices/peers"
	"noctiluca/installations"
)

// TestBesideOLA measures, in one run, how many universes of sACN a second
// leave by OLA's own streaming client and daemon, and by us, by multicast on
// the same Ethernet, each as fast as it goes; and what a second of one
// processor is worth to each. It asserts only that both arrive.
func TestBesideOLA(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	const count = 32
	ola := peers.StartOLA(t, map[string]string{"e131": "ip = " + peers.Here.String() + "\noutput_ports = 32\ninput_ports = 0"})
	for i := range count {
		ola.Output("E1.31", i, 1+i)
	}
	length := loadTime() / 2
	levels := make([]byte, 510)
	left := func() uint64 {
		n, err := peers.Left()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	client := ola.Stream()
	was, used, own, began := left(), ola.CPU(), cpu(), time.Now()
	for n := 0; time.Since(began) < length; n++ {
		for u := range count {
			levels[0], levels[1] = byte(n), byte(n>>8)
			if err := client.Send(1+u, levels); err != nil {
				t.Fatal(err)
			}
		}
	}
	took := time.Since(began).Seconds()
	theirs, theirCPU := float64(left()-was), (ola.CPU() - used + cpu() - own).Seconds()

	inst := wall(installations.Output{Name: "sacn", Protocol: "sacn", Multicast: true, Interface: "light", Universes: universes(101, count), Priority: 100})
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	m := frames(t, inst)
	f, g := m.next(false), m.next(false)
	defer f.Release()
	defer g.Release()
	was, own, began = left(), cpu(), time.Now()
	sent := uint64(0)
	for n := 0; time.Since(began) < length; n++ {
		if n%2 == 0 {
			runners[0].Put(f)
		} else {
			runners[0].Put(g)
		}
		// As fast as it goes: the next one when this one has gone.
		for limit := time.Now().Add(time.Second); runners[0].Stats().Frames == sent && time.Now().Before(limit); {
			time.Sleep(20 * time.Microsecond)
		}
		sent = runners[0].Stats().Frames
	}
	ourTook := time.Since(began).Seconds()
	ours, ourCPU := float64(left()-was), (cpu() - own).Seconds()
	if err := runners[0].Stop(30 * time.Second); err != nil {
		t.Error(err)
	}
	t.Logf("OLA: %.0f packets/s, %.0f for a second of one core (client and daemon); it hung up on its client %d times", theirs/took, theirs/theirCPU, client.Broken)
	t.Logf("Noctiluca: %.0f packets/s, %.0f for a second of one core", ours/ourTook, ours/ourCPU)
	if theirs < count || ours < count {
		t.Errorf("%v and %v packets left: %s", theirs, ours, strings.TrimSpace(runners[0].Stats().LastError))
	}
}
