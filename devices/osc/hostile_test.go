package osc

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"

	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// All at once, as datagrams, for six seconds: ten thousand pseudonyms a second
// that consent and send, a person who never stops, values that no body has, and
// bundles dated ever further back. Memory is bounded, what is dropped is
// counted, and one who sends among them is heard.
func TestHostileSenders(t *testing.T) {
	cells := signal.New([]string{"a"}, signal.Options{MaxPeople: 64, MaxQueued: 4096})
	told := &counts{}
	r := newReceiver(installations.Signals{}, []string{"a"}, cells, Options{}.withDefaults(), told)
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now := time.Duration(0)
	say := func(p osc.Packet) {
		if err := r.Receive(encode(t, p), now, begin.Add(now)); err != nil {
			t.Fatal(err)
		}
	}
	say(osc.NewMessage("/noctiluca/person/ada/consent", true, "light", "display"))
	say(osc.NewMessage("/noctiluca/person/eve/consent", true, "light"))
	endless := osc.NewMessage("/noctiluca/person/eve/ecg")
	for i := range 1000 {
		endless.Append(float32(math.Sin(float64(i))))
	}
	bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	pseudonyms, at1 := 0, uint64(0)
	for frame := range 360 {
		now = time.Duration(frame) * time.Second / 60
		say(osc.NewMessage("/noctiluca/person/ada/arousal", float32(0.8)))
		say(osc.NewMessage("/noctiluca/person/ada/hr", float32(66)))
		for range 10000 / 60 {
			who := fmt.Sprintf("/noctiluca/person/p%d", pseudonyms)
			pseudonyms++
			say(osc.NewMessage(who+"/consent", true))
			if pseudonyms%8 == 0 {
				say(osc.NewMessage(who+"/arousal", float32(-1)))
			}
		}
		for range 10 { // 600,000 samples a second
			say(endless)
		}
		for k, leaf := range leaves {
			say(osc.NewMessage("/noctiluca/person/eve/"+leaf.name, bad[(frame+k)%len(bad)]))
		}
		back := osc.NewBundle(begin.Add(-time.Duration(frame) * time.Hour))
		back.Append(osc.NewMessage("/noctiluca/person/ada/ibi", float32(900)))
		say(back)
		cells.Step(now)
		s := cells.Felt(-1)
		for _, x := range []float32{s.Arousal, s.Valence, s.Presence, s.Coherence, s.Fragmentation, s.Polarisation} {
			if !(x >= -1 && x <= 1) {
				t.Fatalf("at %v the whole is %+v", now, s)
			}
		}
		if frame == 120 {
			at1 = heap()
		}
	}
	k := cells.Counters()
	grown := int64(heap()) - int64(at1)
	t.Logf("%d pseudonyms; %+v; the heap has grown by %d bytes in the last four seconds", pseudonyms, k, grown)
	if k.People > 64 || k.Queued > 4096+3*64 {
		t.Errorf("more than the limits: %+v", k)
	}
	if k.Implausible < uint64(360*len(leaves)) || k.Overflow == 0 || k.Evicted == 0 {
		t.Errorf("what was dropped is not counted: %+v", k)
	}
	if grown > 1<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	for _, p := range cells.People(nil) {
		if p.Person == "ada" {
			if p.Affect.Arousal < 0.7 || math.Abs(float64(p.HeartRate)-66) > 1 {
				t.Errorf("among all that ada is %+v", p)
			}
			return
		}
	}
	t.Error("ada was put out by those who came after")
}
