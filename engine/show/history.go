package show

// history is what can be undone. It is a fixed number of entries, so that a
// turn of a knob costs no allocation; the oldest are forgotten.
type history struct {
	entries []entry
	n       int // entries that can be undone; those after can be redone
	group   uint32
	nested  bool
	by      Origin
	since   uint64 // tick of the latest value
}

// entry is one change. Entries of a group are undone together.
type entry struct {
	group            uint32
	param            ID // −1: of a list
	before, after    float32
	list             List
	at               int
	oldItem, newItem Item
}

// maxHistory is how many changes are kept.
const maxHistory = 4096

func (h *history) init() { h.entries = make([]entry, 0, maxHistory) }

// begin and end enclose changes that are one edit.
func (h *history) begin() { h.group++; h.nested = true }
func (h *history) end()   { h.nested = false; h.by = Nobody }

// add takes an entry in; what could be redone is gone.
func (h *history) add(e entry) {
	if !h.nested {
		h.group++
	}
	e.group = h.group
	clear(h.entries[h.n:])
	h.entries = h.entries[:h.n]
	if len(h.entries) == cap(h.entries) {
		// Forget the older half, up to the end of a group.
		cut := len(h.entries) / 2
		for cut < len(h.entries) && h.entries[cut].group == h.entries[cut-1].group {
			cut++
		}
		k := copy(h.entries, h.entries[cut:])
		clear(h.entries[k:])
		h.entries = h.entries[:k]
	}
	h.entries = append(h.entries, e)
	h.n = len(h.entries)
}

// value takes a change of a parameter. One hand's movement of one parameter,
// with no pause as long as that many ticks, is one edit.
func (h *history) value(id ID, before, after float32, by Origin, tick uint64, pause int32) {
	if !h.nested && h.n > 0 && h.n == len(h.entries) {
		if e := &h.entries[h.n-1]; e.param == id && e.newItem == nil && e.oldItem == nil && h.by == by && by != Nobody && tick-h.since < uint64(pause) {
			e.after = after
			h.since = tick
			return
		}
	}
	h.add(entry{param: id, before: before, after: after})
	h.by, h.since = by, tick
}

// item takes a change of a list.
func (h *history) item(l List, at int, before, after Item) {
	h.add(entry{param: -1, list: l, at: at, oldItem: before, newItem: after})
	h.by = Nobody
}

func (h *history) latest() *entry { return &h.entries[h.n-1] }

// undo takes the latest edit back.
func (s *Show) undo() {
	h := &s.history
	if h.n == 0 {
		return
	}
	group := h.entries[h.n-1].group
	for h.n > 0 && h.entries[h.n-1].group == group {
		h.n--
		e := &h.entries[h.n]
		if e.param >= 0 {
			s.send(e.param, e.before, Own, ByUndo)
		} else {
			s.put(e.list, e.at, e.newItem, e.oldItem)
		}
	}
	h.by = Nobody
}

// redo does again what was undone last.
func (s *Show) redo() {
	h := &s.history
	if h.n == len(h.entries) {
		return
	}
	group := h.entries[h.n].group
	for h.n < len(h.entries) && h.entries[h.n].group == group {
		e := &h.entries[h.n]
		h.n++
		if e.param >= 0 {
			s.send(e.param, e.after, Own, ByUndo)
		} else {
			s.put(e.list, e.at, e.oldItem, e.newItem)
		}
	}
	h.by = Nobody
}
