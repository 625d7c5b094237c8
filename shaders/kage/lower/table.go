package lower

// table finds what was computed already: values by their operation and
// operands, all regions' in one, for most are looked for in several regions
// from the inside out. A value is there for its region and those in it, and
// moves with it when a region dissolves. It is a hash table with the chains in
// the values: the map that was here took a third of the time of lowering.
type table struct {
	heads []*value // a power of two of them
	n     int
}

func newTable(heads int) table { return table{heads: make([]*value, heads)} }

func (k *key) hash() uint32 {
	h := uint32(k.op) * 0x9E3779B1
	for _, a := range k.args {
		if a == nil {
			break
		}
		h = (h ^ uint32(a.id)) * 0x85EBCA6B
		h ^= h >> 15
	}
	return h
}

// find is the value of k that is there in home; nil home is the prologue.
func (t *table) find(k *key, home *region) *value {
	for v := t.heads[k.hash()&uint32(len(t.heads)-1)]; v != nil; v = v.next {
		if v.op == k.op && [keyArgs]*value(v.args[:keyArgs]) == k.args && (v.home == home || v.home != nil && within(home, v.home)) {
			return v
		}
	}
	return nil
}

// add adds a value that find did not find.
func (t *table) add(v *value) {
	if t.n++; t.n > len(t.heads) {
		old := t.heads
		t.heads = make([]*value, 4*len(old))
		for _, x := range old {
			for x != nil {
				next := x.next
				t.put(x)
				x = next
			}
		}
	}
	t.put(v)
}

func (t *table) put(v *value) {
	k := key{op: v.op, args: [keyArgs]*value(v.args[:keyArgs])}
	head := &t.heads[k.hash()&uint32(len(t.heads)-1)]
	v.next, *head = *head, v
}
