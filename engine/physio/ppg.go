package physio

// PPG finds heart beats in a photoplethysmogram whose systolic peaks point
// up, as they come: M. Elgendi et al., "Systolic peak detection in
// acceleration photoplethysmograms measured from emergency responders in
// tropical conditions", PLoS ONE 8(10):e76585 (2013), in causal form.
//
// The signal is band-passed 0.5 to 8 Hz, its negative part cut off, and
// squared. Where the average over a systolic peak (111 ms) exceeds the
// average over a beat (667 ms) by an offset, a beat lies; its time is that of
// the highest sample in there, refined by a parabola. Here both averages look
// back only, and the offset comes from a running mean, so a beat is told at
// the end of its peak: some 150 to 250 ms after it. What follows a beat soon
// and is much lower is the wave reflected after it, and no beat.
type PPG struct {
	rate    float64
	low     biquad
	high    biquad
	peak    mean
	beat    mean
	level   float64 // running mean of the squared signal
	n       int     // samples so far
	inside  bool
	began   int
	best    float64 // highest filtered sample of the block
	bestAt  int
	around  [2]float64 // its neighbours
	last    float64    // the sample before
	follow  bool       // the next sample is the right neighbour of best
	beatAt  float64    // time of the last beat, samples
	hasBeat bool
	usual   float64 // interval of late, s
	height  float64 // height of a beat of late
	band    ring
	shape   shape
}

// Windows and factors of the paper (W1, W2, β), and what bounds a heart.
const (
	ppgPeak    = 0.111 // s
	ppgBeat    = 0.667 // s
	ppgOffset  = 0.02
	ppgLevel   = 3.0 // s, of the running mean that stands for the paper's mean of the record
	refractory = 0.3 // s
)

// NewPPG makes a detector for a signal of rate samples a second, 10 or more.
func NewPPG(rate float64) *PPG {
	return &PPG{
		rate:  rate,
		usual: 0.8,
		low:   lowPass(8, rate),
		high:  highPass(0.5, rate),
		peak:  newMean(int(float64(ppgPeak*rate) + 0.5)),
		beat:  newMean(int(float64(ppgBeat*rate) + 0.5)),
		band:  newRing(int(rate) + 1),
		shape: newShape(0.25, 0.15),
	}
}

// Beat is one heart beat.
type Beat struct {
	At       float64 // seconds since the first sample
	Ago      float64 // how long before the newest sample it was, s
	Interval float64 // since the beat before, s; 0 when that is not known
	Quality  float64 // 0…1: how much its wave looks like those before it
}

// Add takes the next sample and says whether a beat has now been found.
func (d *PPG) Add(x float64) (Beat, bool) {
	y := d.low.step(d.high.step(x))
	d.band.push(y)
	n := d.n
	d.n++
	square := 0.0
	if y > 0 {
		square = y * y
	}
	d.level = Ease(d.level, square, 1/d.rate, ppgLevel)
	if n == 0 {
		d.level = square
	}
	peak, beat := d.peak.step(square), d.beat.step(square)

	if d.follow {
		d.around[1] = y
		d.follow = false
	}
	found, ok := Beat{}, false
	if peak > beat+float64(ppgOffset*d.level) && peak > 0 {
		if !d.inside {
			d.inside, d.began, d.best, d.bestAt = true, n, 0, -1
		}
	} else if d.inside {
		d.inside = false
		found, ok = d.block(n)
	}
	if d.inside && y > d.best {
		d.best, d.bestAt = y, n
		d.around = [2]float64{d.last, y}
		d.follow = true
	}
	d.last = y
	return found, ok
}

// block judges a block that has ended at sample n.
func (d *PPG) block(n int) (Beat, bool) {
	if d.bestAt < 0 || float64(n-d.began) < float64(ppgPeak*d.rate) {
		return Beat{}, false
	}
	at := float64(d.bestAt)
	if bend := d.around[0] - 2*d.best + d.around[1]; bend < 0 {
		at += min(max(0.5*(d.around[0]-d.around[1])/bend, -0.5), 0.5)
	}
	since := (at - d.beatAt) / d.rate
	if d.hasBeat && (since < refractory || d.best < float64(d.height*least(since/d.usual))) {
		return Beat{}, false
	}
	b := Beat{At: at / d.rate, Ago: (float64(n) - at) / d.rate}
	b.Quality = d.shape.judge(&d.band, min(n-d.bestAt, d.band.len()-1), d.rate)
	if d.hasBeat {
		b.Interval = since
		// Slowly, and within what a heart does, so that an artefact or a gap
		// does not set the measure for what comes.
		d.usual += float64((min(max(since, 0.75*d.usual), 1.33*d.usual) - d.usual) * 0.3)
		d.usual = min(max(d.usual, 0.35), 1.5)
	}
	if d.height == 0 {
		d.height = d.best
	}
	d.height += float64((min(d.best, 2*d.height) - d.height) * 0.3)
	d.beatAt, d.hasBeat = at, true
	return b, true
}

// least is how high a beat must be, in beats of late, by the time since the
// last one in usual intervals: two thirds where a reflected wave may be, in
// the first half; then less, for a startled person's pulse may shrink to a
// third within three beats; and nothing where a beat is overdue. [design]
func least(since float64) float64 {
	switch {
	case since < 0.55:
		return 0.67
	case since < 0.7:
		return 0.67 - float64((since-0.55)*2)
	case since < 1.75:
		return 0.37 - float64((since-0.7)*0.2)
	}
	return 0
}
