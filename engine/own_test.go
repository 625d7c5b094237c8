package engine

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/lucasb-eyer/go-colorful"

	"noctiluca/engine/light/colour"
	"noctiluca/engine/safety"
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// lanterns is a field of nothing but people's own light.
const lanterns = `package main

var PersonCount int
var PersonPlace [32]vec4
var PersonColour [32]vec4
var PersonPulse [32]vec4

func Light(p vec3) vec4 {
	light := vec3(0)
	for i := 0; i < 32; i++ {
		if i >= PersonCount {
			break
		}
		d := distance(p.xy, PersonPlace[i].xy)
		light += PersonColour[i].xyz * (PersonPlace[i].w * (0.5 + 0.3*PersonPulse[i].y + 0.2*PersonColour[i].w) / (1 + d*d))
	}
	return vec4(min(light, vec3(1)), 0)
}
`

// lit is small with lanterns in it.
func lit() *installations.Installation { return litFor(32) }

// litFor is lit with room for so many people's own lights.
func litFor(room int) *installations.Installation {
	inst := small(strings.ReplaceAll(strings.ReplaceAll(lanterns, "[32]", fmt.Sprintf("[%d]", room)), "i < 32", fmt.Sprintf("i < %d", room)))
	for i := range inst.Scenes[0].Layers {
		l := &inst.Scenes[0].Layers[i]
		l.Parameters, l.Life = nil, ""
	}
	return inst
}

// own sends that somebody lays a hand somewhere, and in which colour.
func own(e *Engine, who string, hue float64, at time.Duration, place [3]float32) {
	e.Signals().Offer(signal.Event{Action: signal.Colour, Reading: signal.Reading{Person: who, Value: hue, At: at}})
	e.Signals().Offer(signal.Event{Action: signal.Place, Reading: signal.Reading{Person: who, At: at}, Place: place})
}

// TestAnOwnColourGoesWithItsConsent: without consent no colour and no hand
// moves a byte; taken back, the next frame is, to the bit, that of a run in
// which the person was absent from that moment, however much goes on being
// sent; and what there is of own light is that of a run without them.
func TestAnOwnColourGoesWithItsConsent(t *testing.T) {
	const leaves = 120
	revoked, absent, never := play(t, lit(), Config{}), play(t, lit(), Config{}), play(t, lit(), Config{})
	for _, e := range []*Engine{revoked, absent, never} {
		consents(e, "one", 0, 0)
	}
	consents(revoked, "three", 1, 0)
	absent.Signals().Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: "three"}, Cell: 1,
		Terms: consent.New(consent.Light|consent.Display, consent.Everything, frameTime(leaves))})
	differ := false
	for n := 1; n <= 300; n++ {
		at := frameTime(n)
		if n == leaves {
			revoked.Signals().Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: "three", At: at}})
		}
		for _, e := range []*Engine{revoked, absent, never} {
			own(e, "one", 0.1, at, [3]float32{1, 1, 0})
			everyone(e, at, n, e == revoked || e == absent && n < leaves)
			own(e, "three", 0.6, at, [3]float32{4, 2 + float32(n)*0.01, 0}) // goes on, with or without consent
			own(e, "nobody", 0.3, at, [3]float32{2, 2, 0})
		}
		f, g, h := revoked.Step(at), absent.Step(at), never.Step(at)
		for i := range f.Outputs() {
			if !bytes.Equal(f.Output(i), g.Output(i)) {
				t.Fatalf("frame %d, %d after the revocation: output %d differs from that of a run in which the person was absent from then on", n, n-leaves, i)
			}
			same := bytes.Equal(f.Output(i), h.Output(i))
			if n >= leaves && !same {
				t.Fatalf("frame %d, %d after the revocation: output %d differs from that of a run without the person", n, n-leaves, i)
			}
			differ = differ || n < leaves && !same
		}
		f.Release()
		g.Release()
		h.Release()
	}
	if !differ {
		t.Error("while there, the person's own light moved nothing: this test shows nothing")
	}
	if got := len(revoked.Signals().Own()); got != 1 {
		t.Errorf("%d have a light of their own at the end, want one alone", got)
	}
}

// TestOwnLightAllocatesNothing, with hands that move all the time.
func TestOwnLightAllocatesNothing(t *testing.T) {
	e := play(t, lit(), Config{})
	for _, who := range []string{"one", "two", "three"} {
		consents(e, who, 0, 0)
	}
	n := 0
	step := func() {
		n++
		at := frameTime(n)
		for i, who := range []string{"one", "two", "three"} {
			own(e, who, float64(i)/3, at, [3]float32{float32(i), float32(n%50) * 0.1, 0})
		}
		e.Step(at).Release()
	}
	for range 100 {
		step()
	}
	if a := testing.AllocsPerRun(200, step); a != 0 {
		t.Errorf("a frame with own light allocates %v times", a)
	}
}

// TestACrowdHasLights where an installation and its field have room for
// them: the same bytes with any number of workers, and without allocating; and
// a field with room for more shows those who are there as one with less does.
func TestACrowdHasLights(t *testing.T) {
	const people = 256
	names := make([]string, people)
	for i := range names {
		names[i] = fmt.Sprint("visitor-", i)
	}
	crowded := func(room, lights, workers int) *Engine {
		inst := litFor(room)
		inst.Governance.OwnLights = lights
		return play(t, inst, Config{Workers: workers})
	}
	come := func(e *Engine, n int, at time.Duration) {
		for i, who := range names[:n] {
			own(e, who, float64(i%36)/36, at, [3]float32{float32(i%40) * 0.1, float32(i/40) * 0.1, 0})
		}
	}
	one, three := crowded(people, people, 1), crowded(people, people, 3)
	few, roomy, tight := crowded(32, 0, 2), crowded(people, people, 2), crowded(32, people, 2)
	for _, who := range names {
		consents(one, who, -1, 0)
		consents(three, who, -1, 0)
		consents(tight, who, -1, 0)
	}
	for _, who := range names[:20] {
		consents(few, who, -1, 0)
		consents(roomy, who, -1, 0)
	}
	same := func(n int, what string, f, g *safety.Frame) bool {
		for i := range f.Outputs() {
			if !bytes.Equal(f.Output(i), g.Output(i)) {
				if what != "" {
					t.Fatalf("frame %d, output %d: %s", n, i, what)
				}
				return false
			}
		}
		return true
	}
	for n := 1; n <= 40; n++ {
		at := frameTime(n)
		come(one, people, at)
		come(three, people, at)
		come(tight, people, at)
		come(few, 20, at)
		come(roomy, 20, at)
		a, b, c, d, e := one.Step(at), three.Step(at), few.Step(at), roomy.Step(at), tight.Step(at)
		same(n, "with one worker other bytes than with three", a, b)
		same(n, "with room for a crowd, twenty look another way", c, d)
		if n == 40 && same(n, "", a, e) {
			t.Error("those beyond the thirty-second are not seen: this test shows nothing")
		}
		for _, f := range []*safety.Frame{a, b, c, d, e} {
			f.Release()
		}
	}
	var s Snapshot
	if one.Snapshot(&s); s.OwnLights != people || s.OwnWaiting != 0 {
		t.Errorf("%d have a light, and %d wait", s.OwnLights, s.OwnWaiting)
	}
	n := 40
	step := func() {
		n++
		come(one, people, frameTime(n))
		one.Step(frameTime(n)).Release()
	}
	step()
	if a := testing.AllocsPerRun(20, step); a != 0 {
		t.Errorf("a frame with a crowd's lights allocates %v times", a)
	}
	if w := one.OwnRoom(); len(w) != 0 {
		t.Errorf("room for all: %v", w)
	}
	if w := tight.OwnRoom(); len(w) != 1 || !strings.Contains(w[0].Message, "32 people") || !strings.Contains(w[0].Message, "own_lights is 256") {
		t.Errorf("room for 32: %v", w)
	}
	for _, room := range []int{0, signal.MaxOwn + 1} {
		inst := litFor(room)
		if _, err := New(inst, Config{}); err == nil {
			t.Errorf("a field with room for %d is taken", room)
		} else if room > 0 && !strings.Contains(err.Error(), "1…256") {
			t.Errorf("room for %d: %v", room, err)
		}
	}
}

// TestTheCommonsKeepsColoursWhileRhythmsLock: on the shipped wall two people
// choose colours and lay their hands on it, with hearts of different rates that
// then fall into step. Coherence comes to what can be known of two and their rings leave
// together; the light that is rendered round each hand has the hue they chose
// all the while, measured on the light by go-colorful.
func TestTheCommonsKeepsColoursWhileRhythmsLock(t *testing.T) {
	inst, problems := installations.OpenNamed("commons", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	e := play(t, inst, Config{Workers: 2})
	people := []struct {
		name  string
		hue   float64 // degrees
		place [3]float32
		rate  float64
		heart float64
	}{
		{name: "amber", hue: 60, place: [3]float32{-1.4, 1.3, 0}, rate: 1.0},
		{name: "violet", hue: 300, place: [3]float32{1.1, 1.6, 0}, rate: 1.3, heart: 0.5},
	}
	for _, p := range people {
		consents(e, p.name, -1, 0)
	}
	es := colour.Nominal()
	lamp, err := colour.NewLamp(es[:])
	if err != nil {
		t.Fatal(err)
	}
	// hueAt is the hue of all light within 25 cm of a hand, degrees.
	hueAt := func(at [3]float32) float64 {
		var sum [colour.MaxEmitters]float64
		for i := range inst.Pixels.X {
			x, y := float64(inst.Pixels.X[i]-at[0]), float64(inst.Pixels.Y[i]-at[1])
			if x*x+y*y < 0.25*0.25 {
				sum[0] += float64(e.r[i])
				sum[1] += float64(e.g[i])
				sum[2] += float64(e.b[i])
			}
		}
		if most := max(sum[0], sum[1], sum[2]); most > 0 {
			for i := range sum {
				sum[i] /= most
			}
		}
		c := lamp.XYZ(sum)
		_, _, h := colorful.XyzToOkLch(c[0], c[1], c[2])
		return h
	}
	worst, apart := 0.0, 0.0
	for n := 1; n <= 60*50; n++ {
		at := frameTime(n)
		for i := range people {
			p := &people[i]
			rate := p.rate
			if n > 60*20 { // they fall into step: the second follows the first
				rate = people[0].rate
				if i == 1 {
					near := people[0].heart - p.heart
					near -= math.Round(near)
					rate += 0.25 * near
				}
			}
			before := p.heart
			p.heart += rate / 60
			if math.Floor(p.heart) > math.Floor(before) {
				e.Signals().Offer(signal.Event{Reading: signal.Reading{Person: p.name, Kind: signal.BeatToBeat, Value: 1000 / rate, At: at}})
			}
			own(e, p.name, p.hue/360, at, p.place)
		}
		e.Step(at).Release()
		if n < 60*6 {
			continue // their light is coming up
		}
		for _, p := range people {
			d := math.Abs(hueAt(p.place) - p.hue)
			worst = max(worst, min(d, 360-d))
		}
		if n > 60*42 {
			o := e.Signals().Own()
			d := math.Abs(float64(o[0].Heart - o[1].Heart))
			apart = max(apart, min(d, 1-d))
		}
	}
	r := e.Signals().Cell(-1).Coherence
	t.Logf("largest difference of hue at a hand %.1f°; at the end coherence %.3f, phases at most %.3f of a beat apart", worst, r, apart)
	if worst > 12 {
		t.Errorf("at a hand the hue is up to %.1f° from the one that was chosen: at most 12", worst)
	}
	if r < 0.85 || apart > 0.08 {
		t.Errorf("coherence %.3f, phases up to %.3f apart: want at least 0.85 (as sure as two hearts are known), and at most 0.08", r, apart)
	}
}
