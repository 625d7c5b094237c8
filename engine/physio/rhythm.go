package physio

// Rhythm is the variability of a heart, of those of its intervals that are
// normal to normal: one that differs by more than a fifth from the median of
// the five before it is an ectopic beat, or one missed or false, and is left
// out with the difference to its neighbours. (The fifth: M. Malik et al.,
// "Heart rate variability in relation to prognosis after myocardial
// infarction: selection of optimal processing techniques", Eur. Heart J. 10
// (1989) 1060-1074.)
type Rhythm struct {
	HRV     *HRV
	last    [5]float64
	n       int
	quality float64
}

// rhythmFifth is how far an interval may lie beside the median; rhythmShare
// how fast the quality follows what is left out.
const rhythmFifth, rhythmShare = 0.2, 0.1

// NewRhythm makes one over the last size intervals that are kept.
func NewRhythm(size int) *Rhythm { return &Rhythm{HRV: NewHRV(size)} }

// Add takes the next interval, ms, of a beat with a quality of 0 to 1, and
// says whether it was kept.
func (r *Rhythm) Add(interval, quality float64) bool {
	median := r.median()
	r.last[r.n%5] = interval
	r.n++
	d := interval - median
	kept := quality >= 0.5 && (median == 0 || d <= rhythmFifth*median && -d <= rhythmFifth*median)
	share, target := float64(rhythmShare), 0.0
	if kept {
		target = quality
	}
	if r.n <= 10 {
		share = 1 / float64(r.n)
	}
	r.quality += float64(share * (target - r.quality))
	if kept {
		r.HRV.Add(interval)
	} else {
		r.HRV.Break()
	}
	return kept
}

// Quality is 0…1: how many of the last ten or so intervals were kept, and how
// good their beats were.
func (r *Rhythm) Quality() float64 { return r.quality }

// median is of the last five intervals, of fewer at the start; 0 of none.
func (r *Rhythm) median() float64 {
	k := min(r.n, 5)
	if k == 0 {
		return 0
	}
	s := r.last
	for i := 1; i < k; i++ {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return s[k/2]
}
