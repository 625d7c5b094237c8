package signal

import (
	"math"

	"noctiluca/engine/physio/turn"
	"noctiluca/engine/signal/consent"
)

// sums gathers the people of one cell. Every person adds with the weight
// presence × confidence, and in the order of the grants, so that the sum has
// the same bits whoever else has come and gone.
type sums struct {
	people   int
	presence float64
	absent   float64 // product of 1 − presence
	shaken   bool    // somebody has a veto
	open     int     // people who agreed to be shown
	valence  axis
	arousal  axis
	heart    rhythm
	breath   rhythm
	beat     float64
}

// axis gathers one axis of affect.
type axis struct {
	weight, square, value float64 // Σw, Σw², Σwx
	second, third, fourth float64 // Σwx², Σwx³, Σwx⁴
	bins                  [axisBins]float64
}

func (a *axis) add(x, w float64) {
	a.weight += w
	a.square += float64(w * w)
	wx := float64(w * x)
	a.value += wx
	a.second += float64(wx * x)
	a.third += float64(float64(wx*x) * x)
	a.fourth += float64(float64(float64(wx*x)*x) * x)
	// A person between two bins counts for both, by nearness: so fragmentation
	// does not jump when somebody crosses from one bin to the next.
	at := float64((x+1)*0.5) * (axisBins - 1)
	at = min(max(at, 0), axisBins-1)
	i := min(int(at), axisBins-2)
	f := at - float64(i)
	a.bins[i] += float64(w * (1 - f))
	a.bins[i+1] += float64(w * f)
}

// rhythm gathers phases.
type rhythm struct{ weight, square, sin, cos float64 }

func (r *rhythm) add(phase, w float64) {
	s, c := turn.SinCos(phase)
	r.weight += w
	r.square += float64(w * w)
	r.sin += float64(w * s)
	r.cos += float64(w * c)
}

func (r *rhythm) phase() float64 { return turn.Atan2(r.sin, r.cos) }

// group is 0 for one person and 1 for two or more of equal weight, and eases
// between as a second one comes: what only a group can have begins with it.
func group(weight, square float64) float64 {
	if !(square > 0) {
		return 0
	}
	return min(max(float64(weight*weight)/square-1, 0), 1)
}

func (s *sums) add(p *person) {
	s.people++
	s.presence += p.presence
	s.absent = float64(s.absent * (1 - p.presence))
	s.valence.add(p.valence, float64(p.presence*p.valenceConf))
	s.arousal.add(p.arousal, float64(p.presence*p.arousalConf))
	s.shaken = s.shaken || p.veto
	if p.terms.Light&^p.terms.Display == 0 {
		s.open++ // all that moves the light may be shown
	}
	if p.terms.Light&consent.Heart != 0 {
		w := float64(p.presence * p.heart.conf)
		s.heart.add(p.heart.phase, w)
		s.beat += float64(w * envelope(p.heart.phase))
	}
	if p.terms.Light&consent.Breath != 0 {
		s.breath.add(p.breath.phase, float64(p.presence*p.breath.conf))
	}
}

// share divides a sum of weighted values by the weight it has, and by no
// less than the group is large, up to 1/cap. So each person moves the result
// by at most cap of its range (1/n in a group of n fewer than 1/cap), however
// unsure the others are; and where little is known, the result is near 0.
//
// A median would resist outliers more but not this: in a crowd split in two,
// one person can swing it from one pole to the other.
func (s *sums) share(sum, weight, cap float64) float64 {
	return sum / max(weight, min(s.presence, 1/cap), 1)
}

func (s *sums) state(cap float64) CellState {
	if s.people == 0 {
		return CellState{}
	}
	crowd := max(s.presence, 1)
	return CellState{
		Affect: Affect{
			Valence:           unit(s.share(s.valence.value, s.valence.weight, cap)),
			Arousal:           unit(s.share(s.arousal.value, s.arousal.weight, cap)),
			ValenceConfidence: unit(s.valence.weight / crowd),
			ArousalConfidence: unit(s.arousal.weight / crowd),
		},
		People:        s.people,
		Presence:      unit(1 - s.absent),
		Coherence:     s.order(&s.heart, cap),
		Fragmentation: unit(max(s.valence.fragmentation(), s.arousal.fragmentation())),
		Heart:         float32(s.heart.phase()),
		Beat:          unit(s.share(s.beat, s.heart.weight, cap)),
		BreathPhase:   float32(s.breath.phase()),

		ValenceSpread: unit(s.valence.spread()), ArousalSpread: unit(s.arousal.spread()),
		BreathCoherence: s.order(&s.breath, cap),
		Bimodality:      unit(max(s.valence.bimodality(), s.arousal.bimodality())),
		Polarisation:    unit(max(s.valence.polarisation(), s.arousal.polarisation())),
	}
}

// order is Kuramoto's r of a rhythm, with the weight of what is known of it.
func (s *sums) order(r *rhythm, cap float64) float32 {
	length := math.Sqrt(float64(r.sin*r.sin) + float64(r.cos*r.cos))
	return unit(float64(s.share(length, r.weight, cap) * group(r.weight, r.square)))
}

// fragmentation is van der Eijk's A turned round, from 0 at full agreement,
// over 0.5 at an even spread, to 1 at two poles; 0 where nobody or one is.
// From four people on it is held back where the bimodality coefficient is
// under that of an even spread of as many people (5/9 for a multitude): A
// alone takes a broad single hump for two camps, the coefficient alone a
// skewed one.
func (a *axis) fragmentation() float64 {
	split := float64((1-Agreement(a.bins[:]))*0.5) * group(a.weight, a.square)
	n := a.count()
	known := min(max(n-3, 0), 1)
	humps := 1.0
	if n > 3.000001 {
		humps = min(a.bimodality()/evenSpread(n), 1)
	}
	return float64(split * (1 - float64(known*(1-humps))))
}

// evenSpread is the bimodality coefficient of 1, 2 … n, whose corrected excess
// kurtosis is −6/5 for every n.
func evenSpread(n float64) float64 {
	return 1 / (float64(3*(n-1)*(n-1))/float64((n-2)*(n-3)) - 1.2)
}

// count is how many people of equal weight the weights amount to.
func (a *axis) count() float64 {
	if !(a.square > 0) {
		return 0
	}
	return float64(a.weight*a.weight) / a.square
}

// central gives the mean and the central moments.
func (a *axis) central() (mean, m2, m3, m4 float64) {
	if !(a.weight > 0) {
		return 0, 0, 0, 0
	}
	mean = a.value / a.weight
	r2, r3, r4 := a.second/a.weight, a.third/a.weight, a.fourth/a.weight
	q := float64(mean * mean)
	m2 = max(r2-q, 0)
	m3 = r3 - float64(3*mean*r2) + float64(2*mean*q)
	m4 = r4 - float64(4*mean*r3) + float64(6*q*r2) - float64(3*q*q)
	return mean, m2, m3, m4
}

// spread is the standard deviation, 0…1.
func (a *axis) spread() float64 {
	_, m2, _, _ := a.central()
	return float64(math.Sqrt(m2) * group(a.weight, a.square))
}

// bimodality is the coefficient (G1² + 1)/(G2 + 3(n−1)²/((n−2)(n−3))) with
// the sample-corrected skewness G1 and excess kurtosis G2 (R. Pfister et al.,
// "Good things peak in pairs: a note on the bimodality coefficient", Front.
// Psychol. 4 (2013) 700); 0 with fewer than four people, or all alike.
func (a *axis) bimodality() float64 {
	n := a.count()
	_, m2, m3, m4 := a.central()
	if n <= 3.000001 || !(m2 > 1e-9) {
		return 0
	}
	g1 := m3 / float64(m2*math.Sqrt(m2))
	g2 := m4/float64(m2*m2) - 3
	skew := float64(g1 * math.Sqrt(n*(n-1)) / (n - 2))
	excess := float64((n-1)/float64((n-2)*(n-3))) * (float64((n+1)*g2) + 6)
	return min(max((float64(skew*skew)+1)/(excess+float64(3*(n-1)*(n-1))/float64((n-2)*(n-3))), 0), 1)
}

// unit brings a value into −1…1 and into the type of a frame.
func unit(x float64) float32 { return float32(min(max(x, -1), 1)) }

// envelope is the light of a beat at a phase: 1 at the beat, falling with the
// fourth power of what is left of the cycle, so that half is gone after 16 %.
func envelope(phase float64) float64 {
	x := 1 - phase
	x *= x
	return x * x
}

// sum computes the state of each cell and of the whole.
func (c *Cells) sum() {
	for i := range c.sums {
		c.sums[i] = sums{absent: 1}
	}
	whole := &c.sums[len(c.sums)-1]
	for _, seat := range c.order {
		p := &c.people[seat]
		if !p.shining || p.terms.Light == 0 {
			continue
		}
		whole.add(p)
		if p.cell >= 0 {
			c.sums[p.cell].add(p)
		}
	}
	for i := range c.sums {
		kept := c.states[i]
		s := c.sums[i].state(c.opts.InfluenceCap)
		if c.fresh {
			c.compare(i, &s)
		} else {
			s.Synchrony, s.SynchronyZ = kept.Synchrony, kept.SynchronyZ
			s.Inertia, s.Variability, s.Instability = kept.Inertia, kept.Variability, kept.Instability
		}
		c.states[i] = s
	}
	c.fresh = false
}

// compare computes, once a slot and whenever somebody has left, what rests on
// the series of the people of a cell.
func (c *Cells) compare(cell int, s *CellState) {
	if s.People == 0 {
		return
	}
	c.company.begin(slotAt(c.now))
	for _, seat := range c.order {
		p := &c.people[seat]
		if p.shining && p.terms.Light != 0 && (p.cell == cell || cell == len(c.names)) {
			c.company.add(&p.recent)
		}
	}
	c.company.tell(s)
}
