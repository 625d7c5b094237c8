package signal

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
)

const recordings = "../../../shared/data"

// samples reads a column of a recording.
func samples(t testing.TB, name string, column int) []float64 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(recordings, name))
	if err != nil {
		t.Skipf("recording %s: ../shared/data is missing", name)
	}
	var out []float64
	for line := range strings.SplitSeq(string(b), "\n") {
		cells := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\r' })
		if len(cells) <= column || strings.HasPrefix(line, "#") {
			continue
		}
		if x, err := strconv.ParseFloat(cells[column], 64); err == nil {
			out = append(out, x)
		}
	}
	return out
}

// told are the beats that the cells saw, by their intervals, of a recording
// offered in packets of the sizes that size gives.
func told(x []float64, k Kind, rate float64, size func() int) (states []PersonState) {
	c := New([]string{"a"}, Options{})
	c.Offer(grant("ada", 0, 0))
	sent := 0
	next := size()
	for now := time.Duration(0); sent < len(x); now += frame {
		for sent+next <= len(x) && time.Duration(float64(sent+next)/rate*float64(time.Second)) <= now {
			for i := sent; i < sent+next; i++ {
				c.Offer(Event{Reading: Reading{Person: "ada", Kind: k, Value: x[i], At: now}, Rate: float32(rate)})
			}
			sent += next
			next = size()
		}
		if sent+next > len(x) {
			next = max(len(x)-sent, 1)
		}
		c.Step(now)
	}
	return c.People(nil)
}

// A sample at a time or in packets of any size: the same variability, level,
// responses and breaths, to the bit.
func TestPacketsChangeNothing(t *testing.T) {
	for _, c := range []struct {
		file   string
		column int
		kind   Kind
		rate   float64
		scale  float64
	}{
		{"biosppy/ecg.txt", 0, ECG, 1000, 1}, {"biosppy/ppg.txt", 0, PPG, 1000, 1},
		{"biosppy/eda.txt", 0, EDA, 1000, 3.0 / 4096 / 0.12}, {"biosppy/resp.txt", 0, Breath, 1000, 1},
		{"heartpy/data.csv", 0, PPG, 100, 1},
	} {
		x := samples(t, c.file, c.column)
		x = x[:min(len(x), 60000)]
		for i := range x {
			x[i] *= c.scale
		}
		want := told(x, c.kind, c.rate, func() int { return 1 })
		r := rand.New(rand.NewPCG(1, uint64(len(x))))
		for range 3 {
			most := 1 + r.IntN(200)
			got := told(x, c.kind, c.rate, func() int { return 1 + r.IntN(most) })
			if len(got) != 1 || len(want) != 1 {
				t.Fatalf("%s: people %+v and %+v", c.file, got, want)
			}
			a, b := got[0], want[0]
			if a.RMSSD != b.RMSSD || a.SDNN != b.SDNN || a.PNN50 != b.PNN50 || a.BreathRate != b.BreathRate ||
				math.Abs(float64(a.HeartRate-b.HeartRate)) > 1e-6 || math.Abs(float64(a.SkinLevel-b.SkinLevel)) > 1e-4 {
				t.Errorf("%s in packets of up to %d: %+v, a sample at a time %+v", c.file, most, a, b)
			}
		}
		t.Logf("%s: %+v", c.file, want[0])
	}
}

// stream is a recording that goes on for ever: there and back, so that the
// seam makes no jump, or round and round where beats must not run backwards.
type stream struct {
	who   string
	kind  Kind
	x     []float64
	rate  float64 // samples a second
	round bool
	sent  int
}

// until offers the samples up to an instant.
func (s *stream) until(at time.Duration, offer func(Event)) {
	for ; float64(s.sent) <= at.Seconds()*s.rate; s.sent++ {
		k := s.sent % len(s.x)
		if !s.round {
			if k = s.sent % (2 * len(s.x)); k >= len(s.x) {
				k = 2*len(s.x) - 1 - k
			}
		}
		offer(Event{Reading: Reading{Person: s.who, Kind: s.kind, Value: s.x[k], At: at}, Rate: float32(s.rate)})
	}
}

// every is every nth value, times a scale.
func every(x []float64, n int, scale float64) []float64 {
	var out []float64
	for i := 0; i < len(x); i += n {
		out = append(out, scale*x[i])
	}
	return out
}

// An hour of recorded people, whom no light moves, over and over: the guard
// raises no alarm and lowers nothing. Nine people, each with some of the
// recordings: electrocardiograms, pulse waves, intervals, skin, breath, and an
// EmotiBit's wave, intervals and skin.
func TestNoFalseAlarmInAnHourOfRecordings(t *testing.T) {
	rr := samples(t, "pyhrv/pyhrv_SampleNNISeriesLong.csv", 0)
	skin := every(samples(t, "biosppy/eda.txt", 0), 50, 3.0/4096/0.12)
	breath := every(samples(t, "biosppy/resp.txt", 0), 50, 1)
	second := samples(t, "heartpy/data2.csv", 1)
	streams := []*stream{
		{who: "p0", kind: EDA, x: skin, rate: 20}, {who: "p0", kind: Breath, x: breath, rate: 20},
		{who: "p2", kind: EDA, x: skin, rate: 20, sent: 700}, {who: "p2", kind: Breath, x: breath, rate: 20, sent: 700},
		{who: "ecg1", kind: ECG, x: every(samples(t, "biosppy/ecg.txt", 0), 4, 1), rate: 250, round: true},
		{who: "ecg2", kind: ECG, x: every(samples(t, "pyhrv/pyhrv_SampleECG.txt", 5), 4, 1), rate: 250, round: true},
		{who: "ppg1", kind: PPG, x: every(samples(t, "biosppy/ppg.txt", 0), 10, 1), rate: 100, round: true},
		{who: "ppg2", kind: PPG, x: second, rate: 116.996, round: true},
		{who: "emotibit", kind: PPG, x: fromEmotiBit(t, "PI", -1), rate: 25, round: true},
		{who: "emotibit", kind: EDA, x: fromEmotiBit(t, "EA", 1), rate: 15},
	}
	for _, s := range streams {
		if len(s.x) < 100 {
			t.Fatalf("%s, %v: %d samples", s.who, s.kind, len(s.x))
		}
	}
	log := audit.New(1000)
	c := New([]string{"a"}, Options{Audit: log, Rules: Rules{Guard: &guard.Options{Dither: 0.1, Log: log}}})
	type heart struct {
		who  string
		beat int
		next time.Duration
		rr   []float64
	}
	hearts := []*heart{{who: "p0", rr: rr}, {who: "p1", rr: rr, beat: 997}, {who: "p2", rr: rr, beat: 1994}, {who: "p3", rr: fromEmotiBit(t, "BI", 1)}}
	for _, who := range []string{"p0", "p1", "p2", "p3", "ecg1", "ecg2", "ppg1", "ppg2", "emotibit"} {
		c.Offer(grant(who, 0, 0))
	}
	for at := time.Duration(0); at < time.Hour; at += 50 * time.Millisecond {
		for _, h := range hearts {
			for h.next <= at {
				x := h.rr[h.beat%len(h.rr)]
				h.beat++
				h.next += time.Duration(x * float64(time.Millisecond))
				c.Offer(read(h.who, BeatToBeat, x, at))
			}
		}
		for _, s := range streams {
			s.until(at, c.Offer)
		}
		c.Step(at)
	}
	for _, e := range log.Since(0, nil) {
		if e.What == audit.Warned || e.What == audit.Lowered {
			t.Errorf("%v: %v", e.At, e)
		}
	}
	for _, p := range c.People(nil) {
		if p.HeartQuality == 0 && p.Person != "ppg2" || p.Affect.ArousalConfidence == 0 && p.Person != "ppg2" {
			t.Errorf("after an hour %s is not heard: %+v", p.Person, p)
		}
	}
	gain, low, high, ok := c.Guard().Gain()
	t.Logf("whole %+v; gain %.2f (%.2f to %.2f, %v)", c.Felt(-1), gain, low, high, ok)
	if r := c.Guard().Reactivity(); r != 1 {
		t.Errorf("the reactivity is %v", r)
	}
	if k := c.Counters(); k.Overflow > 0 {
		t.Errorf("%d readings were dropped", k.Overflow)
	}
}

// Values that no body has, and people who never stop: bounded memory, counted,
// and no harm to who is well.
func TestHostileReadings(t *testing.T) {
	c := New([]string{"a"}, Options{MaxQueued: 4096})
	c.Offer(grant("eve", 0, 0))
	c.Offer(grant("ada", 0, 0))
	bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30}
	offered := uint64(0)
	for n := range 60 * 30 {
		at := time.Duration(n) * frame
		for k := Kind(0); k < Kinds; k++ {
			c.Offer(Event{Reading: Reading{Person: "eve", Kind: k, Value: bad[n%len(bad)], At: at}, Rate: float32(bad[(n+1)%len(bad)])})
			offered++
		}
		for range 300 { // never stops: 18,000 samples a second
			c.Offer(Event{Reading: Reading{Person: "eve", Kind: ECG, Value: math.Sin(float64(n)), At: at - 3*time.Second}, Rate: 1e9})
		}
		c.Offer(read("ada", Arousal, 0.5, at))
		c.Offer(read("ada", HeartRate, 66, at))
		c.Step(at)
		s := c.Cell(0)
		for _, x := range []float32{s.Arousal, s.Valence, s.Presence, s.Coherence, s.Fragmentation, s.Heart, s.Beat, s.Synchrony, s.Inertia, s.Bimodality} {
			if !(x >= -1 && x <= 1) {
				t.Fatalf("at %v the cell is %+v", at, s)
			}
		}
	}
	k := c.Counters()
	t.Logf("%+v", k)
	if k.Implausible != offered || cap(c.desk.queue) != 4096+3*2048 {
		t.Errorf("%d of %d counted as implausible, queue of %d", k.Implausible, offered, cap(c.desk.queue))
	}
	for _, p := range c.People(nil) {
		if p.Person == "ada" && (math.Abs(float64(p.HeartRate)-66) > 0.01 || p.Affect.Arousal < 0.45) {
			t.Errorf("beside eve ada is %+v", p)
		}
	}
}
