package signal

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"noctiluca/engine/physio"
	"noctiluca/engine/signal/granger"
)

var write = flag.String("write", "", "the document whose table of references is to be written anew")

// reference is a number that is known, and what the code that runs live makes
// of the same input, a sample at a time.
type reference struct {
	what, source string
	want, within float64
	got          float64
	test         string // that holds it beside this one
}

// TestReferences holds every reference value of the signals, and writes the
// table of them.
func TestReferences(t *testing.T) {
	var b strings.Builder
	b.WriteString("| what | known | within | measured | source | also held by |\n|---|---|---|---|---|---|\n")
	for _, f := range []func(*testing.T) []reference{heartReferences, bodyReferences, groupReferences, lawReferences} {
		for _, r := range f(t) {
			t.Logf("%s: %.6g, want %.6g within %.2g", r.what, r.got, r.want, r.within)
			if !(math.Abs(r.got-r.want) <= r.within) {
				t.Errorf("%s: %.6g, want %.6g within %.2g", r.what, r.got, r.want, r.within)
			}
			fmt.Fprintf(&b, "| %s | %.6g | %.2g | %.6g | %s | %s |\n", r.what, r.want, r.within, r.got, r.source, r.test)
		}
	}
	if *write != "" {
		into(t, *write, b.String())
	}
}

// into puts a table between the marks of a document.
func into(t *testing.T, name, table string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: signals -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q", name, begin)
	}
	if err := os.WriteFile(name, []byte(head+begin+table+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// intervals are the beats that a live detector finds in a recording.
func intervals(x []float64, add func(float64) (physio.Beat, bool)) (found []physio.Beat, latest float64) {
	for _, v := range x {
		if b, ok := add(v); ok {
			found = append(found, b)
			latest = max(latest, b.Ago)
		}
	}
	return found, latest
}

// pace is the mean interval of the beats after some seconds, ms.
func pace(found []physio.Beat, from float64) float64 {
	sum, n := 0.0, 0.0
	for _, b := range found {
		if b.At > from && b.Interval > 0 {
			sum += 1000 * b.Interval
			n++
		}
	}
	return sum / n
}

func heartReferences(t *testing.T) []reference {
	const (
		pyhrv   = "pyHRV's report, published"
		heartpy = "HeartPy's documentation, published"
		biosppy = "BioSPPy's recording, computed"
	)
	x := samples(t, "pyhrv/pyhrv_SampleNNISeriesLong.csv", 0)
	h := physio.NewHRV(len(x))
	for _, v := range x {
		h.Add(v)
	}
	short := physio.NewHRV(60)
	for _, v := range []float64{1020, 990, 960, 1000, 1050, 1090, 990, 900, 900, 950, 1080} {
		short.Add(v)
	}
	const hrv = "`TestHRVAgainstPyHRV`"
	out := []reference{
		{"pyHRV, long series: intervals", pyhrv, 4684, 0, float64(h.Count()), hrv},
		{"mean, ms", pyhrv, 768.438, 5e-4, h.Mean(), hrv},
		{"SDNN (n − 1), ms", pyhrv, 85.357, 5e-4, h.SDNN(), hrv},
		{"RMSSD, ms", pyhrv, 60.523, 5e-4, h.RMSSD(), hrv},
		{"NN50", pyhrv, 1338, 0, float64(h.NN50()), hrv},
		{"pNN50, %", pyhrv, 28.571, 5e-4, 100 * h.PNN50(), hrv},
		{"mean of the rates, a minute", pyhrv, 78.990, 5e-3, h.Rate(), ""},
		{"HeartPy, eleven intervals: beats a minute", heartpy, 60.384, 5e-4, 60000 / short.Mean(), "`TestHRVAgainstHeartPy`"},
		{"RMSSD, ms", heartpy, 67.082, 5e-4, short.RMSSD(), "`TestHRVAgainstHeartPy`"},
	}

	leads := physio.NewECG(1000)
	found, late := intervals(samples(t, "biosppy/ecg.txt", 0), leads.Add)
	places := []float64{2158, 3188, 4211, 5187, 6200, 7232, 8200, 9157, 10155, 11198, 12159, 13139, 14162}
	worst, count := 0.0, 0.0
	for _, b := range found {
		if b.At < 1.9 {
			continue
		}
		count++
		near := math.Inf(1)
		for _, p := range places {
			near = min(near, math.Abs(1000*b.At-p))
		}
		worst = max(worst, near)
	}
	out = append(out,
		reference{"electrocardiogram: beats after the first two seconds", biosppy, 13, 0, count, "`TestECGOnBioSPPy`"},
		reference{"farthest of them from the listed R peak, ms", biosppy, 0, 30, worst, "`TestECGOnBioSPPy`"},
		reference{"latest told after its R peak, ms (under 400)", "asked for", 0, 400, 1000 * late, "`TestECGOnBioSPPy`"})

	wave := physio.NewPPG(1000)
	found, late = intervals(samples(t, "biosppy/ppg.txt", 0), wave.Add)
	mean := pace(found, 2)
	out = append(out,
		reference{"pulse wave: beats", biosppy, 31, 1, float64(len(found)), "`TestPPGOnBioSPPy`"},
		reference{"mean interval, ms", biosppy, 634.8, 5, mean, "`TestPPGOnBioSPPy`"},
		reference{"beats a minute", biosppy, 94.5, 0.8, 60000 / mean, ""},
		reference{"latest told after its peak, ms (under 400)", "asked for", 0, 400, 1000 * late, "`TestPPGOnBioSPPy`"})

	artefacts := physio.NewPPG(116.996)
	found, _ = intervals(samples(t, "heartpy/data2.csv", 1), artefacts.Add)
	rhythm := physio.NewRhythm(1000)
	for _, b := range found {
		if b.Interval > 0 {
			rhythm.Add(1000*b.Interval, b.Quality)
		}
	}
	out = append(out,
		reference{"HeartPy's data2, with its artefacts: beats a minute", heartpy, 62.376, 1, 60000 / rhythm.HRV.Mean(), "`TestPPGRecoversFromArtefacts`"},
		reference{"RMSSD, ms (HeartPy leaves out other beats than a live detector)", heartpy, 57.070, 3, rhythm.HRV.RMSSD(), ""})

	red := physio.NewPPG(25)
	found, _ = intervals(fromEmotiBit(t, "PI", -1), red.Add)
	out = append(out,
		reference{"EmotiBit: beats", "its packet log, computed", 74, 1, float64(len(found)), "`TestPPGOnEmotiBit`"},
		reference{"mean interval, ms", "its packet log, computed", 989.2, 10, pace(found, 3), "`TestPPGOnEmotiBit`"})
	told := physio.NewHRV(100)
	for _, v := range fromEmotiBit(t, "BI", 1) {
		told.Add(v)
	}
	out = append(out, reference{"steps to which its own intervals (BI) are rounded, ms", "its packet log, computed", 40, 0, told.Quantum(), ""},
		reference{"RMSSD that such steps make by themselves, ms", "√(6·40²/12)", 28.28, 1, rounding(), ""})
	return out
}

// rounding is the RMSSD of an even heart whose beats are told to 40 ms.
func rounding() float64 {
	r := rand.New(rand.NewPCG(40, 40))
	h := physio.NewHRV(20000)
	last := 0.0
	for i := range 20001 {
		// The place of each beat has an error that is uniform over a step.
		at := 800*float64(i) + 40*(r.Float64()-0.5)
		if i > 0 {
			h.Add(at - last)
		}
		last = at
	}
	return h.RMSSD()
}

// fromEmotiBit are the samples of one tag of the packet log, times sign.
func fromEmotiBit(t testing.TB, tag string, sign float64) []float64 {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(recordings, "emotibit", "*.csv"))
	if len(names) == 0 {
		t.Skip("the EmotiBit recording: ../shared/data is missing")
	}
	text, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	var out []float64
	for line := range strings.SplitSeq(string(text), "\n") {
		cells := strings.Split(strings.TrimSpace(line), ",")
		if len(cells) < 7 || cells[3] != tag {
			continue
		}
		for _, c := range cells[6:] {
			if x, err := strconv.ParseFloat(c, 64); err == nil {
				out = append(out, sign*x)
			}
		}
	}
	return out
}

func bodyReferences(t *testing.T) []reference {
	const biosppy = "BioSPPy's recording, computed"
	breath := physio.NewBreath(1000)
	breaths, sum, n := 0.0, 0.0, 0.0
	for _, v := range samples(t, "biosppy/resp.txt", 0) {
		r, ok := breath.Add(v)
		if !ok {
			continue
		}
		if r.At > 2 {
			breaths++
		}
		if r.Interval > 0 {
			sum += r.Interval
			n++
		}
	}
	skin := physio.NewEDA(1000)
	responses := 0.0
	for _, v := range samples(t, "biosppy/eda.txt", 0) {
		if _, ok := skin.Add(v * 3 / 4096 / 0.12); ok {
			responses++
		}
	}
	out := []reference{
		{"breaths", biosppy, 16, 1, breaths, "`TestBreathOnTheRecording`"},
		{"a minute (a breath more or less is 1.1)", biosppy, 15.3, 1.1, 60 * n / sum, "`TestBreathOnTheRecording`"},
		{"skin-conductance responses", biosppy, 9, 0, responses, "`TestEDAOnTheRecording`; their places: below"},
	}
	for _, c := range []struct {
		file, eyes string
		want       float64
	}{{"biosppy/eeg_ec.txt", "closed", 0.109}, {"biosppy/eeg_eo.txt", "open", 0.050}} {
		e := physio.NewEEG(125)
		alpha, total := 0.0, 0.0
		var spectrum []float64
		for _, v := range samples(t, c.file, 0) {
			if b, ok := e.Add(v); ok && b.Total > 0 {
				alpha += b.Alpha
				total += b.Total
				if s := e.Spectrum(); spectrum == nil {
					spectrum = append(spectrum, s[:]...)
				} else {
					for i := range s {
						spectrum[i] += s[i]
					}
				}
			}
		}
		out = append(out, reference{"relative alpha, eyes " + c.eyes, biosppy, c.want, 0.002, alpha / total, "`TestEEGOnBioSPPy`"})
		if c.eyes == "closed" {
			peak := 28
			for k := 28; k <= 56; k++ {
				if spectrum[k] > spectrum[peak] {
					peak = k
				}
			}
			out = append(out, reference{"its peak, Hz", biosppy, 9.75, 0.01, float64(peak) / 4, "`TestEEGOnBioSPPy`"})
		}
	}
	at, noisy, want := samples(t, "oneeuro/groundTruth.csv", 0), samples(t, "oneeuro/groundTruth.csv", 2), samples(t, "oneeuro/groundTruth.csv", 3)
	f := physio.OneEuro{MinCutoff: 1, Beta: 0.1, DCutoff: 1}
	worst := 0.0
	for i, x := range noisy {
		dt := 1.0 / 120
		if i > 0 {
			dt = at[i] - at[i-1]
		}
		worst = max(worst, math.Abs(f.Add(x, dt)-want[i]))
	}
	return append(out, reference{"1 € filter: farthest of 1200 rows from the ground truth", "its authors, published", 0, 1e-4, worst, "`TestOneEuroAgainstGroundTruth`"})
}

func groupReferences(t *testing.T) []reference {
	poles := &axis{}
	ten := &axis{}
	for i := range 100 {
		poles.add(float64(i%2), 1)
	}
	for i := range 10 {
		ten.add(float64(i+1)/10, 1)
	}
	const agrmt, pfister, esteban = "CRAN agrmt", "Pfister et al. 2013", "Esteban & Ray 1994"
	out := []reference{
		{"van der Eijk's A of (30, 40, 210, 130, 530, 50, 10)", agrmt, 0.6113333, 5e-8, Agreement([]float64{30, 40, 210, 130, 530, 50, 10}), "`TestAgreement`"},
		{"of (50, 0, 0, 0, 50)", agrmt, -1, 5e-8, Agreement([]float64{50, 0, 0, 0, 50}), "`TestAgreement`"},
		{"of (50, 50, 0, 0, 0)", agrmt, 0.75, 5e-8, Agreement([]float64{50, 50, 0, 0, 0}), "`TestAgreement`"},
		{"bimodality coefficient of 1 … 10", pfister, 0.31854, 5e-6, ten.bimodality(), "`TestBimodalityCoefficient`"},
		{"of 50 × 0 and 50 × 1", pfister, 0.95070, 5e-6, poles.bimodality(), "`TestBimodalityCoefficient`"},
		{"Esteban–Ray of two poles, α = 1", esteban, 0.25, 1e-6, EstebanRay([]float64{50, 0, 0, 0, 50}, 1), "`TestEstebanRay`"},
		{"α = 1.6", esteban, 0.16494, 5e-6, EstebanRay([]float64{50, 0, 0, 0, 50}, 1.6), "`TestEstebanRay`"},
	}
	for _, c := range []struct{ k, want float64 }{{3, 0.577}, {4, 0.707}, {8, 0.866}} {
		out = append(out, reference{fmt.Sprintf("Kuramoto's r, Lorentzian γ = 1, K = %v", c.k), "√(1 − 2γ/K)", c.want, 0.02, coupledOrder(t, c.k), "`TestKuramotoOrder`"})
	}
	_, _, mssd := moments([]float64{5, 6, 4, 7, 5, 5})
	out = append(out, reference{"MSSD of 5 6 4 7 5 5", "computed", 3.6, 1e-9, mssd, "`TestMoments`"})
	worst := 0.0
	for i := range 8 {
		s, c := math.Sincos(float64(i) * math.Pi / 4)
		worst = max(worst, math.Abs((Affect{Valence: float32(c), Arousal: float32(s)}).Angle()-float64(45*i)))
	}
	return append(out, reference{"Russell's eight directions: farthest from 0°, 45° … 315°", "Russell 1980", 0, 1e-3, worst, "`TestCircumplex`"})
}

func lawReferences(*testing.T) []reference {
	r := rand.New(rand.NewPCG(21, 12))
	s := granger.New(1, 1)
	x := 0.0
	for range 400000 {
		y := x + r.NormFloat64()
		x2 := r.NormFloat64()
		s.Add(y, x2)
		x = x2
	}
	// Add takes the pair of one instant; what y answers is the x before.
	g, _ := s.Strength()
	sum := 0.0
	const n = 200000
	bits := rand.New(rand.NewPCG(8, 8))
	for range n {
		sum += math.Abs(laplace(2/(8*1.0), bits.Uint64))
	}
	return []reference{
		{"Granger's F of y = x₋₁ + e", "ln(1 + c²)", math.Log(2), 0.006, g.F, "granger, `TestReferences`"},
		{"transfer entropy of the same, bits", "F/2, Barnett et al. 2009", 0.5, 0.005, g.Bits(), "granger, `TestReferences`"},
		{"Laplace noise of 8 people, ε = 1: mean size", "2/(n ε)", 0.25, 0.005, sum / n, "`TestSummariesArePrivate`"},
	}
}
