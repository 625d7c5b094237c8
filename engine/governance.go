package engine

import (
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
	"noctiluca/installations"
)

// auditKept is how many lines of the audit log are held for whoever writes
// them to a file.
const auditKept = 4096

// governed gives the cells the rules of the installation.
func governed(inst *installations.Installation, seed uint64, log *audit.Log, c Config) signal.Options {
	g := inst.Governance
	o := signal.Options{
		InfluenceCap: g.InfluenceCap,
		Audit:        log,
		Record:       c.Readings,
		Places:       grounds(inst),
		Seed:         seed,
		OwnLights:    g.OwnLights,
		Rules: signal.Rules{
			Blend:        g.Blend,
			SteerValence: g.SteerValence, SteerArousal: g.SteerArousal, SteerMost: g.SteerMost, SteerSlew: g.SteerSlew,
			MinimumGroup: g.MinimumGroup,
			NoVeto:       g.NoVeto,
			InferNothing: g.Setting == "workplace" || g.Setting == "school",
			Live:         g.Live,
			Epsilon:      g.Epsilon, Noise: c.Noise,
		},
	}
	if g.LoopLimit > 0 { // an installation that was read from a file has one
		o.Rules.Guard = &guard.Options{Limit: g.LoopLimit, Assumed: g.LoopAssumed, Dither: g.LoopDither, Seed: seed, Log: log}
	}
	return o
}

// grounds are the cells as the light of each person's own knows them.
func grounds(inst *installations.Installation) []signal.Ground {
	var gs []signal.Ground
	for _, c := range inst.Cells {
		gs = append(gs, signal.Ground{At: c.At, Radius: c.Radius})
	}
	return gs
}

// Audit is the log of consents, rules and what the feedback guard did.
func (e *Engine) Audit() *audit.Log { return e.audit }

// GuardState is what the feedback guard knows and does.
type GuardState struct {
	Watches         bool
	Reactivity      float64 // 0…1: how much of what people feel the light follows
	Known           bool    // the gain of the people is known, with its interval
	Gain, Low, High float64
	Why             string // the reason of the last lowering
	// Answers is whether people are surely seen to answer the light; Bits how
	// much what it followed tells of what they feel next, bits each two seconds.
	Answers bool
	Bits    float64
}

func (e *Engine) guardState() GuardState {
	g := e.people.Guard()
	if g == nil {
		return GuardState{Reactivity: 1}
	}
	s := GuardState{Watches: true, Reactivity: g.Reactivity(), Why: g.Why(), Answers: g.Answers()}
	if r, _, ok := g.Evidence(); ok {
		s.Bits = r.Bits()
	}
	s.Gain, s.Low, s.High, s.Known = g.Gain()
	return s
}
