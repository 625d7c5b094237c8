package show

import "noctiluca/engine/signal"

// Sense is where a show reads what people feel. Cell −1 is the whole.
type Sense interface {
	Cell(i int) signal.CellState
}

// Read gives the value of a named signal of a cell. Affect has in it already
// how far it is known, so no signal moves nothing.
func Read(c signal.CellState, name string) float32 {
	switch name {
	case "arousal":
		return c.Arousal
	case "valence":
		return c.Valence
	case "presence":
		return c.Presence
	case "coherence":
		return c.Coherence
	case "fragmentation":
		return c.Fragmentation
	case "heart":
		return c.Beat
	case "breath":
		// A wave of the phase, 0 at the start of a breath in, 1 at its height.
		if c.BreathPhase < 0.5 {
			return float32(2 * c.BreathPhase)
		}
		return 2 - float32(2*c.BreathPhase)
	case "synchrony":
		return c.Synchrony
	case "breath-coherence":
		return c.BreathCoherence
	case "spread":
		return max(c.ValenceSpread, c.ArousalSpread)
	case "variability":
		return c.Variability
	case "instability":
		return c.Instability
	case "inertia":
		return c.Inertia
	}
	return 0
}

// SignalNames are the signals that can move a parameter or let a cue go.
var SignalNames = []string{"arousal", "valence", "presence", "coherence", "fragmentation", "heart", "breath",
	"synchrony", "breath-coherence", "spread", "variability", "instability", "inertia"}

// Knows says whether a signal of that name exists.
func Knows(name string) bool {
	for _, s := range SignalNames {
		if s == name {
			return true
		}
	}
	return false
}
