package signal

import (
	"math"
	"time"

	"noctiluca/engine/physio"
	"noctiluca/engine/physio/turn"
	"noctiluca/engine/signal/consent"
)

// person is all that is known of one consenting person. It is zeroed as one.
type person struct {
	gen    uint32 // events of earlier generations of the seat are void
	ending bool   // the seat is on the list to be given back

	name     string
	granted  bool
	standing bool
	cell     int
	terms    consent.Terms
	veto     bool
	nothing  bool // nothing may be inferred of anybody here
	role     uint8
	hue      float64 // of their own colour, turns

	memory
}

// memory is what a person's readings leave behind.
type memory struct {
	heard    bool // a reading has come since the grant
	seen     time.Duration
	lit      time.Duration // of the last reading that may move light
	shining  bool          // there was one
	stepped  time.Duration // time of the last step
	presence float64

	said [2]said // valence, arousal, as sent

	heart  heart
	breath breath
	skin   skin
	brain  brain

	feeling          // as it may move light
	recent  dynamics // of arousal
	spot    spot     // where their own light is
}

// feeling is an affect with how sure it is.
type feeling struct {
	valence, valenceConf float64
	arousal, arousalConf float64
}

// said is an affect that a sender measured.
type said struct {
	value, conf float64
	at          time.Duration
	known       bool
}

// The time constants of coming and going, seconds. [design]
const (
	comeTime = 1.5 // presence and confidence rise
	goTime   = 3.0 // and fall, out of contact
)

// bodyCeiling is the most confidence an arousal may have that was computed
// from a body: across studies heart and skin go with arousal, but loosely
// (Siegel et al. 2018, 202 studies). [design]
const bodyCeiling = 0.8

// How much signal makes a baseline certain, seconds. Ten seconds give a mean
// heart rate as well as five minutes do (Salahuddin et al., "Ultra short term
// analysis of heart rate variability", IEEE EMBS 2007, 4656-4659); its spread
// wants some breaths more. A skin's level is slower. [design]
const (
	heartKnown = 30
	skinKnown  = 60
)

// zero ends a consent: nothing of the person is left.
func (p *person) zero() {
	p.wipe()
	*p = person{gen: p.gen, ending: p.ending, cell: -1}
}

// forget zeroes what the readings left and keeps the consent.
func (p *person) forget() {
	p.wipe()
	p.memory = memory{seen: p.seen, stepped: p.stepped}
}

// wipe overwrites what the detectors hold of the person's signals, so that it
// does not lie about in memory until that is used again.
func (p *person) wipe() {
	p.heart.wipe()
	p.breath.wipe()
	p.skin.wipe()
	p.brain.wipe()
}

// agree takes the terms of a grant. What no longer serves any purpose is zeroed.
func (p *person) agree(t consent.Terms) {
	lost := p.terms.Any() &^ t.Any()
	p.terms = t
	if lost&consent.Feeling != 0 {
		p.said = [2]said{}
	}
	if lost&consent.Heart != 0 {
		p.heart.wipe()
		p.heart = heart{}
	}
	if lost&consent.Breath != 0 {
		p.breath.wipe()
		p.breath = breath{}
	}
	if lost&consent.Skin != 0 {
		p.skin.wipe()
		p.skin = skin{}
	}
	if lost&consent.Brain != 0 {
		p.brain.wipe()
		p.brain = brain{}
	}
	if lost != 0 {
		p.recent = dynamics{}
	}
}

// read takes one reading in. The desk has seen that its value is plausible.
func (p *person) read(r *record) {
	if !p.heard {
		p.heard = true
		p.stepped = r.at
	}
	p.seen = max(p.seen, r.at)
	if p.terms.Light&r.kind.Modality() != 0 {
		p.lit, p.shining = max(p.lit, r.at), true
	}
	switch r.kind {
	case Valence, Arousal:
		s := &p.said[r.kind]
		s.value, s.at, s.known = min(max(r.value, -1), 1), r.at, true
	case HeartRate:
		p.heart.told(r.value, r.at, p.stepped)
	case BeatToBeat:
		p.heart.beat(fromInterval, r.value, 0.9, r.at, p.stepped)
	case PPG:
		if b, ok := p.heart.pulse.add(r.value, r.at, float64(r.rate)); ok {
			p.heart.beat(fromPPG, b.interval, b.quality, b.at, p.stepped)
		}
	case ECG:
		if b, ok := p.heart.leads.add(r.value, r.at, float64(r.rate)); ok {
			p.heart.beat(fromECG, b.interval, b.quality, b.at, p.stepped)
		}
	case EDA:
		p.skin.add(r.value, r.at, float64(r.rate))
	case Breath:
		p.breath.add(r.value, r.at, float64(r.rate), p.stepped)
	case EEGLeft, EEGRight, AlphaLeft, AlphaRight:
		p.brain.add(r.kind, r.value, r.at, float64(r.rate))
	}
}

// calibrated is a normal that a calibration found.
type calibrated struct {
	mean, spread float64
	known        bool
}

// calibratedAge is how firm a calibrated baseline is, in seconds of signal: as
// firm as a running one ever gets.
const calibratedAge = 180

// normal begins a baseline with what a calibration found.
func (p *person) normal(r *record) {
	c := calibrated{r.value, float64(r.rate), true}
	if r.kind == HeartRate {
		p.heart.before = c
		p.heart.base.Set(c.mean, c.spread, calibratedAge)
	} else {
		p.skin.before = c
		p.skin.base.Set(c.mean, c.spread, calibratedAge)
	}
}

// drift is how far a baseline lies from where a calibration put it, in its
// spreads.
func (c calibrated) drift(b *physio.Baseline) float32 {
	if !c.known {
		return 0
	}
	return float32((b.Mean() - c.mean) / c.spread)
}

// step moves the person on by dt seconds to now.
func (p *person) step(now time.Duration, dt float64, contact time.Duration, nothing bool) {
	p.stepped, p.nothing = now, nothing
	if !p.heard {
		return
	}
	fresh := func(known bool, at time.Duration) float64 {
		if known && now-at <= contact {
			return 1
		}
		return 0
	}
	p.presence = towards(p.presence, fresh(p.shining && p.terms.Light != 0, p.lit), dt)
	for i := range p.said {
		s := &p.said[i]
		s.conf = towards(s.conf, fresh(s.known, s.at), dt)
	}
	p.heart.step(dt, fresh(p.heart.known, p.heart.at))
	p.breath.step(dt, fresh(p.breath.known, p.breath.at))
	p.skin.step(dt, fresh(p.skin.known, p.skin.at))
	p.brain.step(dt, fresh(p.brain.known, p.brain.at))
	p.feeling = p.feel(p.terms.Light)
	p.recent.add(now, p.arousal, p.arousalConf)
}

// feel is the affect as some modalities tell it. What a sender measured comes
// first; the body fills in what is left. Of staff and pupils nothing is told.
func (p *person) feel(from consent.Modality) feeling {
	var f feeling
	if p.role != Visitor || p.nothing {
		return f
	}
	var sent said
	if from&consent.Feeling != 0 {
		f.valence, f.valenceConf = p.said[Valence].value, p.said[Valence].conf
		sent = p.said[Arousal]
	}
	z, body := p.body(from)
	body = float64(body * (1 - sent.conf))
	f.arousalConf = sent.conf + body
	if f.arousalConf > 0 {
		f.arousal = (float64(sent.value*sent.conf) + float64(squash(z)*body)) / f.arousalConf
	}
	return f
}

// body is the arousal of heart and skin against the person's own baseline,
// in spreads, and how sure it is.
func (p *person) body(from consent.Modality) (z, conf float64) {
	h, s := 0.0, 0.0
	if from&consent.Heart != 0 {
		h = float64(p.heart.conf * p.heart.base.Confidence(heartKnown))
	}
	if from&consent.Skin != 0 {
		s = float64(p.skin.conf * p.skin.base.Confidence(skinKnown))
	}
	if h+s == 0 {
		return 0, 0
	}
	z = (float64(h*p.heart.z()) + float64(s*p.skin.z())) / (h + s)
	// Two signals are surer than one: 1 − (1−h)(1−s).
	conf = bodyCeiling * (1 - float64((1-float64(0.8*h))*(1-float64(0.8*s)))) / 0.96
	return z, conf
}

// squash brings spreads into −1…1: 1.5 of them are 0.71.
func squash(z float64) float64 {
	z /= 1.5
	return z / math.Sqrt(1+float64(z*z))
}

// towards eases into contact faster than out of it.
func towards(x, target, dt float64) float64 {
	if target > x {
		return physio.Ease(x, target, dt, comeTime)
	}
	return physio.Ease(x, target, dt, goTime)
}

// state is the person as far as they agreed to be shown.
func (p *person) state() PersonState {
	f := p.feeling
	if p.terms.Display != p.terms.Light {
		f = p.feel(p.terms.Display)
	}
	presence := p.presence
	if p.terms.Light == 0 {
		presence = 1 // it does not move light; shown is who was heard
	}
	s := PersonState{
		Person: p.name,
		Cell:   p.cell,
		Terms:  p.terms,
		Affect: Affect{
			Valence: unit(f.valence), ValenceConfidence: unit(float64(f.valenceConf * presence)),
			Arousal: unit(f.arousal), ArousalConfidence: unit(float64(f.arousalConf * presence)),
		},
		Presence: unit(presence),
		LastSeen: p.seen,
	}
	shows := p.terms.Display
	if shows&consent.Heart != 0 && p.heart.known && p.heart.conf > 0 {
		s.HeartRate = float32(p.heart.rate)
		s.Heart = float32(p.heart.phase)
		s.Beat = float32(float64(envelope(p.heart.phase) * p.heart.conf))
		s.HeartQuality = unit(p.heart.conf)
		p.heart.variability(&s)
		s.HeartDrift = p.heart.before.drift(&p.heart.base)
	}
	if shows&consent.Skin != 0 && p.skin.known && p.skin.conf > 0 {
		s.SkinDrift = p.skin.before.drift(&p.skin.base)
		s.SkinQuality, s.SkinLevel = unit(p.skin.conf), float32(p.skin.fast)
		if p.skin.detector != nil {
			s.SkinResponses = float32(p.skin.detector.Rate())
		}
	}
	if shows&consent.Breath != 0 && p.breath.known && p.breath.conf > 0 {
		s.BreathQuality, s.BreathRate = unit(p.breath.conf), float32(p.breath.rate)
	}
	if shows&consent.Brain != 0 && p.brain.known && p.brain.conf > 0 {
		s.BrainQuality = unit(p.brain.conf)
		s.RelativeAlpha, s.AlphaAsymmetry = p.brain.alpha()
	}
	return s
}

// lock is an oscillator that runs at a rate and is drawn to events.
type lock struct {
	phase float64 // turns
	rate  float64 // events a minute
}

// pull tells the oscillator that at time at it was at phase 0. Its phase is
// of the time stepped. Two thirds of the error go at once, so that a single
// false event does not throw it over.
func (l *lock) pull(at, stepped time.Duration) {
	then := l.phase + float64((at-stepped).Seconds()*l.rate/60)
	l.phase = turn.Wrap(l.phase - turn.Near(then)*2/3)
}

func (l *lock) step(dt float64) { l.phase = turn.Wrap(l.phase + float64(dt*l.rate/60)) }
