package show

// list is how far the cues have come.
type list struct {
	now  int // the cue that was called last; −1 none yet
	held bool
	// left is how many ticks the fades of the present cue still take, and
	// then how many its follow-on waits.
	left, follow int32
	follows      bool
	waited       int32 // ticks for which the next cue's condition held

	// What a parameter was before a cue touched it first, to go back to.
	before  []float32
	touched []bool
	// For the way to a cue that is not the next: where each parameter goes.
	goal []float32
	has  []bool
}

func (l *list) init(params int) {
	l.now = -1
	l.before, l.goal = make([]float32, params), make([]float32, params)
	l.touched, l.has = make([]bool, params), make([]bool, params)
}

// moved keeps the place in the list when a cue before it comes or goes.
func (l *list) moved(at int, before, after Item) {
	switch {
	case before == nil && at <= l.now:
		l.now++
	case after == nil && at <= l.now:
		l.now--
	}
	l.waited = 0
}

// next is the cue that a Go calls: after the last comes the first.
func (s *Show) next() int {
	n := len(s.lists[Cues])
	if n == 0 {
		return -1
	}
	return (s.cues.now + 1) % n
}

// goNext is the button Go: it ends a hold, or calls the next cue.
func (s *Show) goNext() {
	if s.cues.held {
		s.cues.held = false
		return
	}
	if n := s.next(); n >= 0 {
		c := s.lists[Cues][n].(*Cue)
		if n == 0 && s.cues.now > 0 {
			s.jump(0) // round to the first: what the others did is undone
			return
		}
		for _, set := range c.Sets {
			s.touch(set.Param)
			s.cueFade(set.Param, set.Value, c)
		}
		s.called(n)
	}
}

// goBack goes to the state of the cue before, or to that before all cues.
func (s *Show) goBack() {
	if s.cues.now >= 0 {
		s.jump(s.cues.now - 1)
	}
}

// jump goes to the state that the cues up to one add up to; what only later
// ones touched goes back to what it was before them.
func (s *Show) jump(to int) {
	l := &s.cues
	l.held = false
	clear(l.has)
	from := l.now
	if from < 0 || from >= len(s.lists[Cues]) {
		from = to
	}
	for i := range l.touched {
		if l.touched[i] {
			l.goal[i], l.has[i] = l.before[i], true
		}
	}
	for i := 0; i <= to; i++ {
		for _, set := range s.lists[Cues][i].(*Cue).Sets {
			s.touch(set.Param)
			l.goal[set.Param], l.has[set.Param] = set.Value, true
		}
	}
	// The times are those of the cue that is gone to; on the way out of the
	// first, its own.
	with := s.lists[Cues][max(to, 0)].(*Cue)
	for i := range l.has {
		if l.has[i] && s.params[i].to != l.goal[i] {
			s.cueFade(ID(i), l.goal[i], with)
		}
	}
	s.called(to)
}

// touch remembers what a parameter is before cues move it.
func (s *Show) touch(id ID) {
	if l := &s.cues; !l.touched[id] {
		l.touched[id], l.before[id] = true, s.params[id].to
	}
}

// cueFade sends a parameter in the cue's time: In for what rises.
func (s *Show) cueFade(id ID, v float32, c *Cue) {
	p := &s.params[id]
	fade := c.In
	if s.Specs[id].Kind != Choice && v < p.base {
		fade = c.Out
	}
	p.aim(v, s.ticks(fade))
	p.by, p.cue = ByCue, true
	s.cues.left = max(s.cues.left, p.ticks)
}

// called sets the clocks of the cue that has been called.
func (s *Show) called(n int) {
	l := &s.cues
	l.now, l.waited, l.follows = n, 0, false
	if n < 0 {
		l.left = 0
		return
	}
	c := s.lists[Cues][n].(*Cue)
	l.left = max(s.ticks(max(c.In, c.Out)), 1)
	if c.Follow >= 0 {
		l.follows, l.follow = true, s.ticks(c.Follow)
	}
}

// stepCues lets cues go by themselves: after another, at a signal, at a time.
func (s *Show) stepCues(sense Sense, codeBefore float32) {
	l := &s.cues
	if l.held {
		return
	}
	if l.left > 0 {
		l.left--
	} else if l.follows {
		if l.follow--; l.follow <= 0 {
			l.follows = false
			s.goNext()
			return
		}
	}
	n := s.next()
	if n < 0 {
		return
	}
	if c := s.lists[Cues][n].(*Cue); c.Wait != nil {
		w := c.Wait
		x := Read(sense.Cell(w.Cell), w.Signal)
		if there := x > w.Threshold; there != w.Below && x != w.Threshold {
			l.waited++
		} else {
			l.waited = 0
		}
		if l.waited > 0 && l.waited >= s.ticks(w.For) {
			s.goNext()
			return
		}
	}
	// A code that runs past a cue's time calls it; one that jumps does not
	// call all that lie between.
	if s.code >= 0 && codeBefore >= 0 && s.code > codeBefore && s.code-codeBefore < 1 {
		for i, item := range s.lists[Cues] {
			if c := item.(*Cue); c.Timecode >= 0 && c.Timecode > codeBefore && c.Timecode <= s.code {
				s.jump(i)
			}
		}
	}
}
