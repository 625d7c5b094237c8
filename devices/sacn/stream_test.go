package sacn

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// TestGoldenDiscovery: the bytes as table 4-3 lays them out, with the
// standard's own example's values.
func TestGoldenDiscovery(t *testing.T) {
	got := AppendDiscovery(nil, &Discovery{CID: testCID, Source: []byte("Source_A"), Last: 0, Universes: []uint16{1, 2, 3, 4}})
	want := unhex(t, `0010 0000 4153432d45312e3137000000 7070 00000008 ef07c8dd00644401a3a2459ef8e6143e
		705a 00000002 536f757263655f41`+strings.Repeat("00", 56)+`00000000 7010 00000001 00 00 0001 0002 0003 0004`)
	if !bytes.Equal(got, want) {
		t.Errorf(" got %x\nwant %x", got, want)
	}
	d, err := ParseDiscovery(got)
	if err != nil || !slices.Equal(d.Universes, []uint16{1, 2, 3, 4}) || string(d.Source) != "Source_A" {
		t.Errorf("%+v, %v", d, err)
	}
	for _, c := range []struct {
		at   int
		v    byte
		says string
	}{{117, 2, "vector"}, {118, 1, "page 1"}, {113, 0x11, "layer"}, {113, 7, "length 7"}} {
		b := bytes.Clone(got)
		b[c.at] = c.v
		if _, err := ParseDiscovery(b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want %q", err, c.says)
		}
	}
}

// light makes frames of one output that a test describes.
func light(t *testing.T, o *installations.Output, pixels int) func(n int, level float32) *safety.Frame {
	inst := &installations.Installation{
		Pixels:   installations.Pixels{X: make([]float32, pixels), Y: make([]float32, pixels), Z: make([]float32, pixels)},
		Fixtures: []installations.Fixture{{Count: pixels, Supply: -1}}, Outputs: []installations.Output{*o},
	}
	c := crew.New(1)
	t.Cleanup(c.Close)
	s, err := safety.NewStage(inst, 1, c)
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, pixels)
	return func(n int, level float32) *safety.Frame {
		for i := range v {
			v[i] = level
		}
		return s.Make(uint64(n), time.Duration(n)*time.Second/60, v, v, v, false)
	}
}

// TestKeepAlive: what does not change is sent three times more, then every
// 800 ms; a change at once.
func TestKeepAlive(t *testing.T) {
	o := &installations.Output{Protocol: "sacn", Changes: true, Priority: 100, Bytes: 6, Universes: []installations.Universe{{Number: 9, Length: 6}},
		Runs: []installations.Run{{Count: 2, Step: 1, Order: installations.Order{0, 1, 2}}}}
	frame := light(t, o, 2)
	s := NewStream([]Part{{Output: o}}, Options{CID: testCID})
	var at []int
	for n := range 180 {
		level := float32(0)
		if n >= 120 {
			level = 1
		}
		f := frame(n, level)
		var b datagram.Batch
		s.Frame(&b, f)
		f.Release()
		if b.Len() > 0 {
			at = append(at, n)
		}
	}
	// 800 ms are 48 frames.
	if want := []int{0, 1, 2, 3, 51, 99, 120, 121, 122, 123, 171}; !slices.Equal(at, want) {
		t.Errorf("sent with frames %v, want %v", at, want)
	}
}

// TestPerAddress: slots with pixels have the priority, those of a gap are
// left to others; levels and priorities count one sequence.
func TestPerAddress(t *testing.T) {
	o := &installations.Output{Protocol: "sacn", PerAddress: true, Priority: 150, Bytes: 10, Universes: []installations.Universe{{Number: 9, Length: 10}},
		Runs: []installations.Run{{Count: 1, Step: 1, Order: installations.Order{0, 1, 2}}, {First: 1, Count: 1, Step: 1, Offset: 6, Order: installations.Order{0, 1, 2}}}}
	frame := light(t, o, 2)
	s := NewStream([]Part{{Output: o}}, Options{CID: testCID})
	priorities, sequence := 0, byte(0)
	for n := range 120 {
		f := frame(n, 0.5)
		var b datagram.Batch
		s.Frame(&b, f)
		f.Release()
		for i := range b.Len() {
			data, _ := b.Packet(i)
			d, err := ParseData(data)
			if sequence++; err != nil || d.Sequence != sequence {
				t.Fatalf("%+v, %v", d, err)
			}
			if d.StartCode == StartPriority {
				priorities++
				if want := []byte{150, 150, 150, 0, 0, 0, 150, 150, 150, 0}; !bytes.Equal(d.Slots, want) {
					t.Fatalf("%v, want %v", d.Slots, want)
				}
			}
		}
	}
	if priorities != 3 {
		t.Errorf("the priorities were sent %d times in 2 s, want 3", priorities)
	}
}

// TestDiscoveryIsSent every ten seconds by a source that multicasts, all its
// universes in order, 512 a page.
func TestDiscoveryIsSent(t *testing.T) {
	o := &installations.Output{Protocol: "sacn", Multicast: true, Priority: 100, Bytes: 1200}
	for i := range 600 {
		o.Universes = append(o.Universes, installations.Universe{Number: 1000 - i, Offset: 2 * i, Length: 2})
	}
	frame := light(t, o, 1)
	s := NewStream([]Part{{Output: o}}, Options{CID: testCID, Source: "forest"})
	var when []int
	for n := 0; n < 1300; n += 20 {
		f := frame(n, 0)
		var b datagram.Batch
		s.Frame(&b, f)
		f.Release()
		var all []uint16
		for i := range b.Len() {
			data, to := b.Packet(i)
			if d, err := ParseDiscovery(data); err == nil {
				if to != Group(DiscoveryUniverse) || d.Last != 1 {
					t.Fatalf("%v, last page %d", to, d.Last)
				}
				all = append(all, d.Universes...)
			}
		}
		if len(all) > 0 {
			when = append(when, n)
			if len(all) != 600 || !slices.IsSorted(all) || all[0] != 401 || all[599] != 1000 {
				t.Errorf("%d universes, %d…%d", len(all), all[0], all[len(all)-1])
			}
		}
	}
	if !slices.Equal(when, []int{0, 600, 1200}) {
		t.Errorf("with frames %v", when)
	}
}

func FuzzDiscovery(f *testing.F) {
	f.Add(AppendDiscovery(nil, &Discovery{Universes: []uint16{1, 2}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := ParseDiscovery(b); err == nil {
			if again, err := ParseDiscovery(AppendDiscovery(nil, d)); err != nil || !slices.Equal(again.Universes, d.Universes) {
				t.Fatalf("%+v became %+v, %v", d, again, err)
			}
		}
	})
}

// TestPerAddressOfSixteenBits: both slots of a component have the priority.
func TestPerAddressOfSixteenBits(t *testing.T) {
	o := &installations.Output{Priority: 150, Runs: []installations.Run{{Step: 1, Count: 1, Offset: 2, Order: installations.Order{0, 1, 2}, Wide: true}}}
	got := slotPriorities(o, installations.Universe{Number: 1, Length: 10})
	if want := "\x00\x00\x96\x96\x96\x96\x96\x96\x00\x00"; string(got) != want {
		t.Errorf("%v, want %v", got, []byte(want))
	}
}
