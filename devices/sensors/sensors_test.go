package sensors

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
)

// list is a message's numbers.
type list []float64

func (l *list) Number() (float64, bool) {
	if len(*l) == 0 {
		return 0, false
	}
	x := (*l)[0]
	*l = (*l)[1:]
	return x, true
}

func counter() func() uint64 {
	n := uint64(0)
	return func() uint64 { n++; return n * 0x9e3779b97f4a7c15 }
}

// heard is what a table offers for a message, without who.
func heard(t *Table, address string, numbers ...float64) (out []signal.Event) {
	for _, i := range t.Wires(address) {
		l := list(numbers)
		t.Take(i, &l, time.Second, func(e signal.Event) {
			e.Person, e.At = "", 0
			out = append(out, e)
		})
	}
	return out
}

func is(k signal.Kind, rate float32, v ...float64) (out []signal.Event) {
	for _, x := range v {
		out = append(out, signal.Event{Reading: signal.Reading{Kind: k, Value: x}, Rate: rate})
	}
	return out
}

func table(kind, address string, maps ...installations.Mapping) *Table {
	t := New(installations.Signals{Devices: []installations.SensorDevice{
		{Kind: kind, Address: address, Person: "wearer", Consent: "yes"},
		{Kind: kind, Address: "/denied", Person: "other"}}, Map: maps}, counter())
	t.Seat(0, func(signal.Event) {})
	return t
}

func TestMindMonitor(t *testing.T) {
	m := table("mindmonitor", "/muse")
	check := func(what string, got, want []signal.Event) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	eeg := []float64{1, 2, 3, 4, 5} // TP9 AF7 AF8 TP10 and an auxiliary one
	both := append(is(signal.EEGLeft, 256, 2), is(signal.EEGRight, 256, 3)...)
	check("eeg", heard(m, "/muse/eeg", eeg...), both)
	check("alpha of four", heard(m, "/muse/elements/alpha_absolute", 0.1, 0.2, 0.3, 0.4), append(is(signal.AlphaLeft, 0, 0.2), is(signal.AlphaRight, 0, 0.3)...))
	check("alpha in the mean", heard(m, "/muse/elements/alpha_absolute", 0.7), nil)
	heard(m, "/muse/elements/horseshoe", 1, 4, 2, 1)
	check("with AF7 off", heard(m, "/muse/eeg", eeg...), is(signal.EEGRight, 256, 3))
	heard(m, "/muse/elements/horseshoe", 1, 1, 1, 1)
	heard(m, "/muse/elements/touching_forehead", 0)
	check("in the hand", heard(m, "/muse/eeg", eeg...), nil)
	heard(m, "/muse/elements/touching_forehead", 1)
	check("on again", heard(m, "/muse/eeg", eeg...), both)
	check("of another, who did not consent", heard(m, "/denied/eeg", eeg...), nil)
	check("a blink", heard(m, "/muse/elements/blink", 1), nil)
}

func TestOpenBCI(t *testing.T) {
	m := table("openbci", "/openbci")
	if got := heard(m, "/openbci/time-series-filtered/ch1", 1, 2, 3); !slices.Equal(got, is(signal.EEGRight, 250, 1, 2, 3)) {
		t.Errorf("a chunk: %+v", got)
	}
	if got := heard(m, "/openbci/band-power/0", 9, 8, 100, 6, 5); !slices.Equal(got, is(signal.AlphaLeft, 0, 2)) {
		t.Errorf("band powers: %+v, want alpha's logarithm, 2", got)
	}
	// It repeats what it sent before: the last number is this message's.
	if got := heard(m, "/openbci/pulse/ibi", 810, 820, 830); !slices.Equal(got, is(signal.BeatToBeat, 0, 830)) {
		t.Errorf("an interval: %+v, want the last, 830", got)
	}
}

func TestMappings(t *testing.T) {
	m := table("wekinator", "/wek",
		installations.Mapping{Address: "/face/smile", Person: "wearer", Kind: "valence", Argument: 2, Scale: 0.5, Offset: -0.5},
		installations.Mapping{Address: "/belt/*", Person: "guest-7", Kind: "breath", Scale: 1, Rate: 25})
	if got := heard(m, "/wek/outputs", 1, 0.25); !slices.Equal(got, append(is(signal.Arousal, 0, 1), is(signal.Valence, 0, -0.5)...)) {
		t.Errorf("Wekinator: %+v", got)
	}
	if got := heard(m, "/face/smile", 9, 3); !slices.Equal(got, is(signal.Valence, 0, 1)) {
		t.Errorf("a mapping: %+v", got)
	}
	if got := heard(m, "/face/smile", 9); got != nil {
		t.Errorf("a message without the number wanted: %+v", got)
	}
	if p := m.Patterns(); len(p) != 1 || m.At(p[0]).Address != "/belt/*" {
		t.Errorf("patterns: %v", p)
	}
	l := list{1, 2}
	m.Take(m.Patterns()[0], &l, 0, func(e signal.Event) {
		if e.Person != "guest-7" || e.Kind != signal.Breath || e.Rate != 25 {
			t.Errorf("the belt gives %+v", e)
		}
	})
}

// Each visit has its own pseudonym, and in between the sensor says nothing.
func TestPseudonymsRotate(t *testing.T) {
	m := New(installations.Signals{Devices: []installations.SensorDevice{
		{Kind: "heartrate", Address: "/heartrate", Person: "strap", Consent: "yes", Purposes: []string{"light", "record"}, Modalities: []string{"heart"}, Hours: 1}}}, counter())
	var events []signal.Event
	offer := func(e signal.Event) { events = append(events, e) }
	take := func(at time.Duration) string {
		events = nil
		l := list{70}
		m.Take(m.Wires("/heartrate/bpm")[0], &l, at, offer)
		if len(events) == 0 {
			return ""
		}
		return events[0].Person
	}
	if take(0) != "" {
		t.Error("before the seat was taken a reading came through")
	}
	m.Seat(0, offer)
	grant := events[0]
	if want := consent.New(consent.Light|consent.Record, consent.Heart, time.Hour); grant.Terms != want || !grant.Standing {
		t.Errorf("the desk grants %+v, want %+v", grant, want)
	}
	first := take(time.Second)
	if first == "" || strings.Contains(first, "strap") {
		t.Errorf("the first visit is called %q", first)
	}
	m.Consent("strap", false, time.Minute, offer)
	if take(time.Minute+1) != "" {
		t.Error("after the consent was taken back a reading came through")
	}
	m.Consent("strap", true, 2*time.Minute, offer)
	second := take(2 * time.Minute)
	if second == "" || second == first {
		t.Errorf("the second visit is called %q, the first %q", second, first)
	}
	if take(2*time.Minute+time.Hour) != "" {
		t.Error("after the hour that was agreed to a reading came through")
	}
}

// The file format names the kinds that there are.
func TestSchemaNamesTheKinds(t *testing.T) {
	b, err := os.ReadFile("../../installations/installation.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(signal.KindNames())
	squeezed := strings.Join(strings.Fields(string(b)), "")
	if !strings.Contains(squeezed, strings.Join(strings.Fields(string(want)), "")) {
		t.Errorf("the schema does not list %s", want)
	}
	if x := math.Log10(0); !math.IsInf(x, -1) {
		t.Fatal(x)
	}
}
