package show

import "time"

// apply lets one event act. Where it names something that is not there any
// more, it does nothing: two hands may have been at work.
func (s *Show) apply(e *Event, now time.Duration) {
	was := e.At - e.Ago
	switch e.Action {
	case Set, Nudge, Toggle:
		s.hand(e)
	case Go:
		s.goNext()
	case Back:
		s.goBack()
	case Hold:
		s.cues.held = !s.cues.held
	case GoTo:
		if e.Index >= 0 && e.Index < len(s.lists[Cues]) {
			s.jump(e.Index)
		}
	case Recall:
		s.recall(e)
	case Edit, Insert, Remove:
		s.edit(e)
	case Undo:
		s.undo()
	case Redo:
		s.redo()
	case Record:
		s.toggleRecord(e)
	case Play:
		s.play(e.Index)
	case Stop:
		s.stop(e.Index)
	case Seek:
		s.seek(e.Index, e.Value)
	case Tap:
		s.beat.Tap(was)
	case Tempo:
		s.beat.Set(float64(e.Value), was)
	case Pulse:
		s.beat.Pulse(was)
	case Start:
		s.beat.Start(was)
	case Continue:
		s.beat.Continue(was)
	case Halt:
		s.beat.Stop(was)
	case Locate:
		s.beat.Locate(e.Index, was)
	case Sync:
		s.beat.Sync(e.Beat, float64(e.Value), was)
	case Timecode:
		s.chase.Add(e.Code, was)
	}
}

// hand is a change of one parameter by a hand.
func (s *Show) hand(e *Event) {
	p, spec := &s.params[e.Param], &s.Specs[e.Param]
	v := e.Value
	switch e.Action {
	case Nudge:
		switch spec.Kind {
		case Number:
			v = spec.At(spec.Position(p.to) + e.Value)
		default:
			v = p.to + 1
			if e.Value < 0 {
				v = p.to - 1
			}
		}
	case Toggle:
		v = spec.Max
		if p.to > spec.Min {
			v = spec.Min
		}
	}
	v = spec.Clamp(v)
	s.recorder.note(s.elapsed(s.recorder.since), e.Param, v)
	if v != p.to {
		s.history.value(e.Param, p.to, v, e.By, s.tick, s.ticks(1))
	}
	s.send(e.Param, v, e.Fade, e.By)
}

// send starts the fade of a parameter.
func (s *Show) send(id ID, v, fade float32, by Origin) {
	p := &s.params[id]
	if fade < 0 {
		fade = s.Specs[id].Glide
		if id == s.Master.Blackout {
			fade = s.params[s.Master.Fade].base
		}
	}
	p.aim(v, s.ticks(fade))
	p.by = by
}

// recall sends parameters to a snapshot. All of it is one edit.
func (s *Show) recall(e *Event) {
	if e.Index < 0 || e.Index >= len(s.lists[Snapshots]) {
		return
	}
	shot := s.lists[Snapshots][e.Index].(*Snapshot)
	s.history.begin()
	for _, set := range shot.Sets {
		if p := &s.params[set.Param]; p.to != set.Value {
			s.history.value(set.Param, p.to, set.Value, e.By, s.tick, 0)
		}
		s.send(set.Param, set.Value, e.Fade, e.By)
	}
	s.history.end()
}

// edit changes a list. The list is copied, so that whoever reads the old one
// may go on; an edit is the one thing that allocates in a tick.
func (s *Show) edit(e *Event) {
	old := s.lists[e.List]
	at := e.Index
	switch e.Action {
	case Insert:
		if at < 0 || at > len(old) {
			at = len(old)
		}
		s.history.item(e.List, at, nil, e.Item)
	case Edit:
		if at < 0 || at >= len(old) {
			at = len(old)
			s.history.item(e.List, at, nil, e.Item)
			break
		}
		s.history.item(e.List, at, old[at], e.Item)
	case Remove:
		if at < 0 || at >= len(old) {
			return
		}
		s.history.item(e.List, at, old[at], nil)
	}
	entry := s.history.latest()
	s.put(e.List, at, entry.oldItem, entry.newItem)
}

// put replaces an item of a list; nil before is an insertion, nil after a removal.
func (s *Show) put(l List, at int, before, after Item) {
	old := s.lists[l]
	items := make([]Item, 0, len(old)+1)
	items = append(items, old[:at]...)
	if after != nil {
		items = append(items, after)
	}
	rest := at
	if before != nil {
		rest++
	}
	s.lists[l] = append(items, old[rest:]...)
	switch l {
	case Modulations:
		s.wire()
	case Cues:
		s.cues.moved(at, before, after)
	case Gestures:
		switch {
		case before != nil && after != nil:
			s.reshape(before.(*Gesture), after.(*Gesture))
		case before != nil:
			s.forget(before.(*Gesture))
		}
	}
}

// wire makes the waves and routes of the modulators. A modulator that was
// there keeps its state, one that was changed its wave.
func (s *Show) wire() {
	s.edited = true
	var waves []wave
	var routes []route
	for i, item := range s.lists[Modulations] {
		m := item.(*Modulator)
		w := wave{from: m, seed: s.seed ^ nameSeed(m.Name)}
		for k := range s.waves {
			if s.waves[k].from.Name == m.Name {
				w = s.waves[k]
				w.from = m
			}
		}
		waves = append(waves, w)
		for _, t := range m.Routes {
			r := route{wave: i, param: t.Param, depth: t.Depth, share: share(s.seconds, t.Smooth), lo: t.Low, hi: t.High}
			for k := range s.routes {
				o := &s.routes[k]
				if o.param == t.Param && s.waves[o.wave].from.Name == m.Name {
					r.at, r.started = o.at, o.started
				}
			}
			routes = append(routes, r)
		}
	}
	s.waves, s.routes = waves, routes
}

// nameSeed is FNV-1a of a name: a modulator's randomness is its own and does
// not change with its place in the list.
func nameSeed(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h
}
