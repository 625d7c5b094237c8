package signal

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A cell that catches the mood of another with some seconds' delay is led by
// it, and leads it not; a third that has its own is left out.
func TestLeads(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const people = 9 // three in each cell
	c := New([]string{"a", "b", "c"}, Options{Rules: Rules{MinimumGroup: 3}})
	var past [64]float64
	mood := [3]float64{}
	step := 0
	move := func() {
		step++
		for i := range mood {
			noise := 0.25 * math.Sqrt(2*0.1/5) * r.NormFloat64()
			pull := 0.0
			if i == 1 {
				pull = 0.8 * past[(step+64-30)%64] // what a felt 3 s ago
			}
			mood[i] += (pull-mood[i])*0.1/5 + noise
		}
		past[step%64] = mood[0]
	}
	hall(c, people, 20*time.Minute, agreed, func(i int, _ time.Duration) float64 { return min(max(mood[i%3], -1), 1) }, func(time.Duration) { move() })
	got := c.Leads(nil)
	t.Logf("%+v", got)
	if len(got) != 1 || got[0].From != 0 || got[0].To != 1 || got[0].Bits < 0.01 {
		t.Errorf("leads %+v, want of 0 over 1 alone", got)
	}
	if a := testing.AllocsPerRun(10, func() { got = c.Leads(got[:0]) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
	// Of groups that are too small nothing is gathered.
	d := New([]string{"a", "b", "c"}, Options{Rules: Rules{MinimumGroup: 4}})
	hall(d, people, 10*time.Minute, agreed, func(i int, _ time.Duration) float64 { return mood[i%3] }, func(time.Duration) { move() })
	if l := d.Leads(nil); l != nil {
		t.Errorf("of three people, where four are the least: %+v", l)
	}
	for i := range d.leading.pairs {
		if s, _ := d.leading.pairs[i].Strength(); s.N != 0 {
			t.Fatal("something was gathered of a group that is too small")
		}
	}
}
