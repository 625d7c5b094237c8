package guard

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

var write = flag.String("write", "", "the document whose table of the guard's references is to be written anew")

// TestReferences holds what is known of loops through people, and writes the
// table of it.
func TestReferences(t *testing.T) {
	type reference struct {
		what, source      string
		want, within, got float64
		test              string
	}
	var all []reference
	// People of a time constant of 5 s, ten times a second: the pole of the
	// closed loop, and the correlation of a long series about it.
	phi := math.Exp(-0.1 / 5)
	for _, c := range []struct{ loop, pole, simulated float64 }{{0, 0.9802, 0.9813}, {0.6, 0.9921, 0.9921}, {0.9, 0.9980, 0.9977}} {
		pole := 1 - (1-phi)*(1-c.loop)
		r := rand.New(rand.NewPCG(17, 18))
		x := make([]float64, 200000)
		for i := 1; i < len(x); i++ {
			x[i] = pole*x[i-1] + 0.02*r.NormFloat64()
		}
		lag, _ := lagOne(x)
		all = append(all,
			reference{fmt.Sprintf("closed-loop pole at a loop gain of %.1f", c.loop), "1 − (1 − φ)(1 − L)", c.pole, 5e-5, pole, "`TestSlowingAgainstTheory`"},
			reference{"lag-1 autocorrelation there", "simulated", c.simulated, 0.002, lag, "`TestSlowingAgainstTheory`"})
	}
	// Ten minutes of dither of 0.1 in moods of 0.1 (steps of 0.02, ten a second):
	// the gain that is found, in the mean of a hundred rooms, against what
	// two-stage least squares found with its standard deviation.
	for _, c := range []struct{ gain, found, deviation float64 }{{0.3, 0.33, 0.11}, {0.6, 0.63, 0.17}, {0.9, 0.96, 0.22}} {
		sum, square, n := 0.0, 0.0, 0.0
		for seed := range uint64(100) {
			o := room(fresh+seed, People{Gain: c.gain}, Options{Dither: 0.1, Limit: 100}, true, 10*time.Minute)
			if o.guard.measure.n >= pairsLeast {
				_, y, x, _, _, _ := o.guard.measure.moments(usual)
				sum += y / x
				square += y / x * (y / x)
				n++
			}
		}
		mean := sum / n
		all = append(all, reference{
			fmt.Sprintf("gain found in ten minutes of a true one of %.1f (ours ± %.2f)", c.gain, math.Sqrt(square/n-mean*mean)),
			fmt.Sprintf("two-stage least squares, simulated: ± %.2f", c.deviation), c.found, c.deviation, mean, "`TestLoopGains`"})
	}
	var b strings.Builder
	b.WriteString("| what | known | within | measured | source | also held by |\n|---|---|---|---|---|---|\n")
	for _, r := range all {
		t.Logf("%s: %.4f, want %.4f within %.2g", r.what, r.got, r.want, r.within)
		if !(math.Abs(r.got-r.want) <= r.within) {
			t.Errorf("%s: %.4f, want %.4f within %.2g", r.what, r.got, r.want, r.within)
		}
		fmt.Fprintf(&b, "| %s | %.4g | %.2g | %.4g | %s | %s |\n", r.what, r.want, r.within, r.got, r.source, r.test)
	}
	if *write == "" {
		return
	}
	text, err := os.ReadFile(*write)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: guard -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q", *write, begin)
	}
	if err := os.WriteFile(*write, []byte(head+begin+b.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
