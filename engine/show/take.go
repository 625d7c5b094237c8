package show

// Note is one change by a hand while gestures are recorded.
type Note struct {
	At    float32 // seconds since the recording began
	Param ID
	Value float32
}

// MaxNotes is how many changes one recording holds: ten minutes of two faders
// that never rest. What comes after them is not recorded.
const MaxNotes = 1 << 16

// Take is a gesture in the making: it makes tracks of notes, as many at once
// as there are, so that whoever looks while hands record sees the very curve
// that is kept. The zero Take is empty. It belongs to one goroutine.
type Take struct {
	Tracks []Track // in the order in which hands first moved them
	of     map[ID]int
	added  int
}

// rest is for how many seconds nothing must change to be a rest, which is then
// drawn as one: the line holds, and moves only from just before the next note.
const rest = 0.1

// Add takes in what is new of notes, which begin with all that it was given
// before. Notes of more than 256 parameters are left out.
func (t *Take) Add(notes []Note) {
	if t.of == nil {
		t.of = map[ID]int{}
	}
	for _, n := range notes[min(t.added, len(notes)):] {
		i, ok := t.of[n.Param]
		if !ok {
			i = len(t.Tracks)
			if i == maxTracks {
				continue
			}
			t.of[n.Param] = i
			t.Tracks = append(t.Tracks, Track{Param: n.Param})
		}
		k := &t.Tracks[i]
		if last := len(k.At) - 1; last >= 0 {
			if n.At == k.At[last] {
				k.Value[last] = n.Value
				continue
			}
			if n.At-k.At[last] > rest {
				k.At, k.Value = append(k.At, n.At-rest/2), append(k.Value, k.Value[last])
			}
		}
		k.At, k.Value = append(k.At, n.At), append(k.Value, n.Value)
	}
	t.added = max(t.added, len(notes))
}
