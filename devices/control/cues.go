package control

import (
	"fmt"

	goosc "github.com/hypebeast/go-osc/osc"

	"noctiluca/devices/osc"
	"noctiluca/engine/show"
)

// cuePaths are where it is told which cue was called last and which is next.
var cuePaths = [2]string{"/cue/now", "/cue/next"}

// cuesOf are the numbers of these cues, from 1; 0 is none.
func cuesOf(v *show.View) [2]int32 { return [2]int32{int32(v.Cue + 1), int32(v.Next + 1)} }

// cueName is the name of cue n, counted from 1.
func cueName(v *show.View, n int32) string {
	if n < 1 || int(n) > len(v.Items[show.Cues]) {
		return ""
	}
	return v.CueAt(int(n) - 1).Name
}

// cueMessages tell a subscriber of the cues that it does not know of.
func (sub *subscriber) cueMessages(v *show.View, first bool) []*goosc.Message {
	var out []*goosc.Message
	for i, n := range cuesOf(v) {
		name := cueName(v, n)
		if first || sub.cues[i] != n || sub.names[i] != name {
			sub.cues[i], sub.names[i] = n, name
			out = append(out, goosc.NewMessage(cuePaths[i], n, name))
		}
	}
	return out
}

// describeCues adds them to the description.
func describeCues(root *node, v *show.View) {
	for i, n := range cuesOf(v) {
		at := root.at(cuePaths[i])
		at.Access, at.Type, at.Value = readable, "is", []any{n, cueName(v, n)}
		at.Description = [2]string{"the cue that was called last, 0 for none", "the cue that a go calls, 0 for none"}[i]
	}
}

// takeSnapshot keeps the parameters under a path, or all of them: /snapshot/take
// with nothing, with a path, or with a path and a name.
func (s *Server) takeSnapshot(args osc.Arguments, e show.Event) {
	var said [2]string
	for i := range said {
		if a, ok := args.Next(); ok {
			if text, is := a.Text(); is {
				said[i] = string(text)
			}
		}
	}
	var v show.View
	s.o.Show.Look(&v)
	if said[1] == "" {
		said[1] = fmt.Sprintf("Snapshot %d", len(v.Items[show.Snapshots])+1)
	}
	shot := s.o.Show.Capture(&v, said[1], said[0])
	if len(shot.Sets) == 0 {
		s.o.Log(fmt.Sprintf("OSC control: /snapshot/take: no parameter's path begins with %q", said[0]))
		return
	}
	e.Action, e.Index, e.Item = show.Insert, -1, shot
	s.offer(e)
}
