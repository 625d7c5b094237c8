package show

import (
	"fmt"
	"slices"
)

// A recorded gesture is put right as every item is: one of the functions below
// gives a changed copy, which an Edit puts in the old one's place, so each is
// one step of undo. A window that drags a point shows the copies itself and
// offers the last, when the hand lets go. One that plays goes on playing as it
// is now, from where it was.

// point finds a point of a track, or says what there is.
func (g *Gesture) point(track, k int) error {
	if track < 0 || track >= len(g.Tracks) {
		return fmt.Errorf("gesture %s: track %d: there are %d", g.Name, track, len(g.Tracks))
	}
	if n := len(g.Tracks[track].At); k < 0 || k >= n {
		return fmt.Errorf("gesture %s: track %d: point %d: there are %d", g.Name, track, k, n)
	}
	return nil
}

// copied is a copy of which that track may be changed; −1: of all.
func (g *Gesture) copied(track int) *Gesture {
	c := *g
	c.Tracks = slices.Clone(g.Tracks)
	for i := range c.Tracks {
		if t := &c.Tracks[i]; track < 0 || i == track {
			t.At, t.Value = slices.Clone(t.At), slices.Clone(t.Value)
		}
	}
	return &c
}

// Moved gives the gesture with a point of a track at another time, in seconds,
// and value. The point stays between its neighbours and within the gesture,
// its value within the parameter's range.
func (g *Gesture) Moved(r *Registry, track, point int, at, value float32) (*Gesture, error) {
	if err := g.point(track, point); err != nil {
		return nil, err
	}
	if at-at != 0 || value-value != 0 {
		return nil, fmt.Errorf("gesture %s: a point at %v s, %v: expected numbers", g.Name, at, value)
	}
	c := g.copied(track)
	t := &c.Tracks[track]
	low, high := g.room(t, point, point)
	t.At[point] = min(max(at, low), high)
	t.Value[point] = r.Specs[t.Param].Clamp(value)
	return c, nil
}

// room is between which times points first…last of a track can be: those of
// their neighbours, or of the gesture's ends.
func (g *Gesture) room(t *Track, first, last int) (low, high float32) {
	high = max(g.Length, t.At[len(t.At)-1])
	if first > 0 {
		low = t.At[first-1]
	}
	if last+1 < len(t.At) {
		high = t.At[last+1]
	}
	return low, high
}

// Shifted gives the gesture with points first…last of a track moved together,
// by seconds and up by a value. Between themselves they keep their times; the
// first and the last of them stay between their neighbours and within the
// gesture, and each value within the parameter's range.
func (g *Gesture) Shifted(r *Registry, track, first, last int, by, up float32) (*Gesture, error) {
	if err := g.point(track, first); err != nil {
		return nil, err
	}
	if err := g.point(track, last); err != nil {
		return nil, err
	}
	if first > last || by-by != 0 || up-up != 0 {
		return nil, fmt.Errorf("gesture %s: points %d…%d by %v s and %v", g.Name, first, last, by, up)
	}
	c := g.copied(track)
	t := &c.Tracks[track]
	low, high := g.room(t, first, last)
	by = min(max(by, low-t.At[first]), high-t.At[last])
	for k := first; k <= last; k++ {
		// Held once more: a rounding must not bring them past each other.
		t.At[k] = min(max(t.At[k]+by, low), high)
		t.Value[k] = r.Specs[t.Param].Clamp(t.Value[k] + up)
	}
	return c, nil
}

// Pointed gives the gesture with another point on a track, and where in the
// track it lies. A point at that very time takes the value instead.
func (g *Gesture) Pointed(r *Registry, track int, at, value float32) (*Gesture, int, error) {
	if err := g.point(track, 0); err != nil {
		return nil, 0, err
	}
	if !(at >= 0 && at <= g.Length) || value-value != 0 {
		return nil, 0, fmt.Errorf("gesture %s: a point at %v s, %v: expected 0…%v s", g.Name, at, value, g.Length)
	}
	c := g.copied(track)
	t := &c.Tracks[track]
	value = r.Specs[t.Param].Clamp(value)
	k, found := slices.BinarySearch(t.At, at)
	if found {
		t.Value[k] = value
		return c, k, nil
	}
	t.At, t.Value = slices.Insert(t.At, k, at), slices.Insert(t.Value, k, value)
	return c, k, nil
}

// Without gives the gesture without points first…last of a track. A track
// whose last point goes, goes too.
func (g *Gesture) Without(track, first, last int) (*Gesture, error) {
	if err := g.point(track, first); err != nil {
		return nil, err
	}
	if err := g.point(track, last); err != nil {
		return nil, err
	}
	if first > last {
		return nil, fmt.Errorf("gesture %s: points %d…%d", g.Name, first, last)
	}
	c := g.copied(track)
	t := &c.Tracks[track]
	t.At, t.Value = slices.Delete(t.At, first, last+1), slices.Delete(t.Value, first, last+1)
	if len(t.At) == 0 {
		c.Tracks = slices.Delete(c.Tracks, track, track+1)
	}
	return c, nil
}

// Trimmed gives what of the gesture lies between two times, which is then all
// of it. Where a track is cut, a point is made on the cut, so that what is left
// is as it was; a track that begins only after the end is gone.
func (g *Gesture) Trimmed(from, to float32) (*Gesture, error) {
	if !(from >= 0 && from < to && to <= g.Length) {
		return nil, fmt.Errorf("gesture %s: from %v s to %v s: expected times that rise, of 0…%v s", g.Name, from, to, g.Length)
	}
	c := *g
	c.Length, c.Tracks = to-from, nil
	for i := range g.Tracks {
		t, cut := &g.Tracks[i], Track{Param: g.Tracks[i].Param}
		add := func(at, v float32) {
			cut.At, cut.Value = append(cut.At, min(max(at-from, 0), c.Length)), append(cut.Value, v)
		}
		lo, whole := slices.BinarySearch(t.At, from)
		if v, there := t.at(from); there && !whole {
			add(from, v)
		}
		hi := lo
		for ; hi < len(t.At) && t.At[hi] <= to; hi++ {
			add(t.At[hi], t.Value[hi])
		}
		if v, there := t.at(to); there && hi < len(t.At) && hi > 0 && t.At[hi-1] < to {
			add(to, v)
		}
		if len(cut.At) > 0 {
			c.Tracks = append(c.Tracks, cut)
		}
	}
	if len(c.Tracks) == 0 {
		return nil, fmt.Errorf("gesture %s: nothing moves from %v s to %v s", g.Name, from, to)
	}
	return &c, nil
}

// Stretched gives the gesture played in another time: every point goes with it.
func (g *Gesture) Stretched(length float32) (*Gesture, error) {
	if err := seconds("gesture "+g.Name+": length", length, 0); err != nil {
		return nil, err
	}
	if !(length > 0 && g.Length > 0) {
		return nil, fmt.Errorf("gesture %s: from %v s to %v s: expected more than 0", g.Name, g.Length, length)
	}
	c := g.copied(-1)
	c.Length = length
	for i := range c.Tracks {
		for k, at := range c.Tracks[i].At {
			c.Tracks[i].At[k] = min(float32(at/g.Length)*length, longest)
		}
	}
	return c, nil
}
