package signal

import (
	"math"

	"noctiluca/engine/physio/turn"
)

// sums gathers the people of one cell. Every person adds with the weight
// presence × confidence, and in the order of the grants, so that the sum has
// the same bits whoever else has come and gone.
type sums struct {
	people   int
	presence float64
	absent   float64 // product of 1 − presence
	valence  axis
	arousal  axis
	heart    rhythm
	breath   rhythm
	beat     float64
}

// axis gathers one axis of affect.
type axis struct {
	weight, square, value float64 // Σw, Σw², Σwx
	bins                  [axisBins]float64
}

func (a *axis) add(x, w float64) {
	a.weight += w
	a.square += float64(w * w)
	a.value += float64(w * x)
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
	w := float64(p.presence * p.heart.conf)
	s.heart.add(p.heart.phase, w)
	s.beat += float64(w * envelope(p.heart.phase))
	s.breath.add(p.breath.phase, float64(p.presence*p.breath.conf))
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
	length := math.Sqrt(float64(s.heart.sin*s.heart.sin) + float64(s.heart.cos*s.heart.cos))
	return CellState{
		Affect: Affect{
			Valence:           unit(s.share(s.valence.value, s.valence.weight, cap)),
			Arousal:           unit(s.share(s.arousal.value, s.arousal.weight, cap)),
			ValenceConfidence: unit(s.valence.weight / crowd),
			ArousalConfidence: unit(s.arousal.weight / crowd),
		},
		People:        s.people,
		Presence:      unit(1 - s.absent),
		Coherence:     unit(float64(s.share(length, s.heart.weight, cap) * group(s.heart.weight, s.heart.square))),
		Fragmentation: unit(max(s.valence.fragmentation(), s.arousal.fragmentation())),
		Heart:         float32(s.heart.phase()),
		Beat:          unit(s.share(s.beat, s.heart.weight, cap)),
		BreathPhase:   float32(s.breath.phase()),
	}
}

// fragmentation is van der Eijk's A turned round, from 0 at full agreement,
// over 0.5 at an even spread, to 1 at two poles; 0 where nobody or one is.
func (a *axis) fragmentation() float64 {
	return float64((1-Agreement(a.bins[:]))*0.5) * group(a.weight, a.square)
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
		if !p.heard {
			continue
		}
		whole.add(p)
		if p.cell >= 0 {
			c.sums[p.cell].add(p)
		}
	}
	for i := range c.sums {
		c.states[i] = c.sums[i].state(c.opts.InfluenceCap)
	}
}
