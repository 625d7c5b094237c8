package show

import "slices"

// player plays a gesture.
type player struct {
	gesture *Gesture
	since   uint64 // tick of its start
	// taken marks tracks that another hand has taken hold of: they rest until
	// the gesture is played again.
	taken []bool
	begun bool
	soft  uint64  // tick from which it comes in softly
	was   float32 // the time in it at the tick before
}

// maxTracks is how many parameters of one gesture are played.
const maxTracks = 256

// recorder keeps what hands do. Its room is made anew when a recording begins:
// views of the one before may still be read.
type recorder struct {
	on    bool
	name  string
	since uint64
	notes []Note
}

func (r *recorder) note(at float32, id ID, v float32) {
	if !r.on || len(r.notes) == cap(r.notes) {
		return
	}
	r.notes = append(r.notes, Note{at, id, v})
}

// toggleRecord begins a recording, or ends one and keeps it as a gesture.
func (s *Show) toggleRecord(e *Event) {
	r := &s.recorder
	if !r.on {
		*r = recorder{on: true, name: e.Text, since: s.tick, notes: make([]Note, 0, MaxNotes)}
		return
	}
	notes := r.notes
	r.on, r.notes = false, nil
	if len(notes) == 0 {
		return
	}
	g := &Gesture{Name: r.name, Length: s.elapsed(r.since)}
	if g.Name == "" {
		g.Name = nameFor("gesture", len(s.lists[Gestures])+1)
	}
	var t Take
	t.Add(notes)
	g.Tracks = t.Tracks
	s.edit(&Event{Action: Insert, List: Gestures, Index: -1, Item: g})
}

// play starts a gesture, from its beginning if it plays already, and gives
// what plays it: nil where there is no such gesture, or too many play.
func (s *Show) play(i int) *player {
	if i < 0 || i >= len(s.lists[Gestures]) {
		return nil
	}
	g := s.lists[Gestures][i].(*Gesture)
	s.forget(g)
	for k := range s.played {
		p := &s.played[k]
		if p.gesture == nil {
			if cap(p.taken) == 0 {
				p.taken = make([]bool, maxTracks)
			}
			clear(p.taken)
			p.gesture, p.since, p.soft, p.begun = g, s.tick, s.tick, false
			return p
		}
	}
	return nil
}

// seek lets a gesture go on at a time in it, held within its length; one that
// does not play begins there. Hands keep what they have taken, and what would
// jump comes in softly. One that follows the timecode stays with that.
func (s *Show) seek(i int, at float32) {
	if i < 0 || i >= len(s.lists[Gestures]) {
		return
	}
	g := s.lists[Gestures][i].(*Gesture)
	if g.Chase {
		return
	}
	p := s.playing(g)
	if p == nil {
		if p = s.play(i); p == nil {
			return
		}
	}
	at = min(at, g.Length)
	// This tick counts: it is played at that very time.
	p.since = s.tick - uint64(floor(float64(float64(at)*s.rate)+0.5))
	if p.begun && s.parts(p, at) {
		p.soft = s.tick
	}
	p.was = at
}

// playing is what plays a gesture; nil for nothing.
func (s *Show) playing(g *Gesture) *player {
	for k := range s.played {
		if s.played[k].gesture == g {
			return &s.played[k]
		}
	}
	return nil
}

// stop ends gesture i, or all.
func (s *Show) stop(i int) {
	if i < 0 {
		for k := range s.played {
			s.played[k].gesture = nil
		}
		return
	}
	if i < len(s.lists[Gestures]) {
		s.forget(s.lists[Gestures][i].(*Gesture))
	}
}

// forget stops a gesture wherever it plays.
func (s *Show) forget(g *Gesture) {
	for k := range s.played {
		if s.played[k].gesture == g {
			s.played[k].gesture = nil
		}
	}
}

// reshape lets a gesture that plays go on as it is after an edit, softly. What
// hands have taken stays theirs.
func (s *Show) reshape(before, after *Gesture) {
	for k := range s.played {
		p := &s.played[k]
		if p.gesture != before {
			continue
		}
		var taken [maxTracks]bool
		for i := range min(len(after.Tracks), maxTracks) {
			was := slices.IndexFunc(before.Tracks, func(t Track) bool { return t.Param == after.Tracks[i].Param })
			switch {
			case was >= 0 && was < maxTracks:
				taken[i] = p.taken[was]
			case p.begun: // a new one: it takes hold as at the start
				s.params[after.Tracks[i].Param].by = ByGesture
			}
		}
		copy(p.taken, taken[:])
		p.gesture, p.soft = after, s.tick
	}
}

// stepGestures moves what is played one tick on.
func (s *Show) stepGestures() {
	for k := range s.played {
		p := &s.played[k]
		g := p.gesture
		if g == nil {
			continue
		}
		at := s.elapsed(p.since)
		if g.Chase {
			if at = s.code; at < 0 {
				continue
			}
		}
		if at > g.Length {
			if !g.Loop || g.Length <= 0 {
				p.gesture = nil
				continue
			}
			if !g.Chase {
				p.since, at = s.tick, 0
			} else {
				at -= float32(g.Length * float32(floor(float64(at/g.Length))))
			}
		}
		// Where the time jumps, at a loop's seam or with a film that is wound,
		// it comes in softly again, if it would jump too.
		if step := at - p.was; p.begun && !(step >= 0 && step < seam) && s.parts(p, at) {
			p.soft = s.tick
		}
		p.was = at
		// It comes in softly, from wherever the parameters are.
		ticks := max(2, s.ticks(0.5)-int32(min(s.tick-p.soft, 1<<20)))
		for i := range min(len(g.Tracks), maxTracks) {
			t := &g.Tracks[i]
			q := &s.params[t.Param]
			if p.begun && q.by != ByGesture {
				p.taken[i] = true
			}
			if p.taken[i] {
				continue
			}
			v, there := t.at(at)
			if !there {
				v = q.to
			}
			if there && v != q.to {
				q.aim(s.Specs[t.Param].Clamp(v), ticks)
			}
			q.by = ByGesture
		}
		p.begun = true
	}
}

// seam is how many seconds a gesture may go on in a tick without having
// jumped: that many of a slow installation, at 10 frames a second, and then
// some.
const seam = 0.25

// parts says whether a gesture would be seen to jump, at a time, from where
// its parameters go: by more than a twentieth of the way of one of them.
func (s *Show) parts(p *player, at float32) bool {
	for i := range min(len(p.gesture.Tracks), maxTracks) {
		t := &p.gesture.Tracks[i]
		spec := &s.Specs[t.Param]
		v, there := t.at(at)
		if d := v - s.params[t.Param].to; there && !p.taken[i] && max(d, -d) > (spec.Max-spec.Min)/20 {
			return true
		}
	}
	return false
}

// at is a track's value at a time; there is none before its first point.
func (t *Track) at(x float32) (float32, bool) {
	if x < t.At[0] {
		return 0, false
	}
	n := len(t.At)
	i, found := slices.BinarySearch(t.At, x)
	switch {
	case found:
		return t.Value[i], true
	case i == n:
		return t.Value[n-1], true
	}
	a, b := t.At[i-1], t.At[i]
	k := (x - a) / (b - a)
	return t.Value[i-1] + float32((t.Value[i]-t.Value[i-1])*k), true
}
