package show

import (
	"slices"
	"time"
)

// View is a show at one tick, for whoever looks: a window, a surface's LEDs,
// a peer. Its lists are shared and not to be changed; their items never are.
type View struct {
	Tick   uint64
	At     time.Duration
	To     []float32 // where each parameter goes
	Base   []float32 // where it is
	Value  []float32 // what is played: with modulation; of an integrated one the phase
	By     []Origin  // who moved it last
	Waves  []float32 // what each modulator gives
	Items  [lists][]Item
	Beat   float64
	BPM    float64
	Code   float32 // the timecode, in seconds; −1 for none
	Cue    int     // called last; −1 none
	Next   int     // that a Go calls; −1 none
	Held   bool
	Fading bool    // a cue's fades are under way
	Waited float32 // seconds for which the next cue's condition has held

	Recording bool
	Since     uint64     // tick at which the recording began that is or was the last
	Recorded  float32    // how many seconds of it there are; 0 when none is made
	Notes     []Note     // what hands did in it, oldest first
	Playing   [8]int     // indices of the gestures that play; −1 none
	PlayedAt  [8]float32 // how many seconds into each of those it is; −1: it waits for the timecode
	CanUndo   bool
	CanRedo   bool
	Panic     bool
}

// Cues, Modulators, … give the lists by their types.
func (v *View) CueAt(i int) *Cue             { return v.Items[Cues][i].(*Cue) }
func (v *View) SnapshotAt(i int) *Snapshot   { return v.Items[Snapshots][i].(*Snapshot) }
func (v *View) ModulatorAt(i int) *Modulator { return v.Items[Modulations][i].(*Modulator) }
func (v *View) MappingAt(i int) *Mapping     { return v.Items[Mappings][i].(*Mapping) }
func (v *View) GestureAt(i int) *Gesture     { return v.Items[Gestures][i].(*Gesture) }

// Played is how many seconds into gesture i its playing is, and whether it
// plays at all; −1 while it waits for the timecode.
func (v *View) Played(i int) (at float32, plays bool) {
	for k, p := range v.Playing {
		if p == i && i >= 0 {
			return v.PlayedAt[k], true
		}
	}
	return 0, false
}

// publish makes the view of this tick, unless somebody is reading the one
// before: a frame waits for nobody.
func (s *Show) publish() {
	if !s.mu.TryLock() {
		return
	}
	defer s.mu.Unlock()
	v := &s.view
	if v.To == nil {
		n := len(s.params)
		v.To, v.Base, v.Value, v.By = make([]float32, n), make([]float32, n), make([]float32, n), make([]Origin, n)
	}
	for i := range s.params {
		p := &s.params[i]
		v.To[i], v.Base[i], v.By[i] = p.to, p.base, p.by
	}
	copy(v.Value, s.values)
	if len(v.Waves) != len(s.waves) {
		v.Waves = make([]float32, len(s.waves))
	}
	for i := range s.waves {
		v.Waves[i] = s.waves[i].out
	}
	v.Items = s.lists
	v.Tick, v.At = s.tick, s.before
	v.Beat, v.BPM, v.Code = s.beat.Position(s.before), s.beat.BPM(), s.code
	v.Cue, v.Next, v.Held = s.cues.now, s.next(), s.cues.held
	v.Fading = s.cues.left > 0
	v.Waited = float32(float64(s.cues.waited) / s.rate)
	r := &s.recorder
	v.Recording, v.Since, v.Recorded, v.Notes = r.on, r.since, 0, r.notes
	if r.on {
		v.Recorded = s.elapsed(r.since)
	}
	for i := range s.played {
		v.Playing[i], v.PlayedAt[i] = -1, 0
		if g := s.played[i].gesture; g != nil {
			v.PlayedAt[i] = s.played[i].was
			if g.Chase && s.code < 0 {
				v.PlayedAt[i] = -1
			}
			v.Playing[i] = slices.IndexFunc(s.lists[Gestures], func(it Item) bool { return it == Item(g) })
		}
	}
	v.CanUndo, v.CanRedo = s.history.n > 0, s.history.n < len(s.history.entries)
	v.Panic = s.params[s.Master.Panic].to == 1
}

// Look copies the newest view into dst, reusing its slices.
func (s *Show) Look(dst *View) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to, base, value, by, waves := dst.To, dst.Base, dst.Value, dst.By, dst.Waves
	*dst = s.view
	dst.To = append(to[:0], s.view.To...)
	dst.Base = append(base[:0], s.view.Base...)
	dst.Value = append(value[:0], s.view.Value...)
	dst.By = append(by[:0], s.view.By...)
	dst.Waves = append(waves[:0], s.view.Waves...)
}
