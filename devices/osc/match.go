package osc

// MaxPattern is the longest part of a pattern, between two slashes, that
// Match takes; a longer one matches nothing.
const MaxPattern = 255

// IsPattern says whether an address holds anything but literal characters.
func IsPattern(address []byte) bool {
	for _, c := range address {
		switch c {
		case '?', '*', '[', ']', '{', '}':
			return true
		}
	}
	return false
}

// Match says whether an OSC 1.0 address pattern matches an address: ? any
// character, * any run of them, also an empty one, [a-z] one of a class, [!a]
// one not of it, {a,b} one of some strings. None crosses a slash, and pattern
// and address must match whole. A pattern that is not well formed (a bracket
// left open) matches nothing.
//
// It takes time in proportion to the product of the lengths at worst,
// whatever the pattern, and allocates nothing: all places in the pattern
// where one might be are followed at once, as a set.
func Match(pattern, address []byte) bool {
	for {
		p, moreP := cut(pattern)
		a, moreA := cut(address)
		if (moreP == nil) != (moreA == nil) || !matchPart(p, a) {
			return false
		}
		if moreP == nil {
			return true
		}
		pattern, address = moreP[1:], moreA[1:]
	}
}

// cut splits at the first slash, which begins the rest; nil for none.
func cut(s []byte) (part, rest []byte) {
	for i, c := range s {
		if c == '/' {
			return s[:i], s[i:]
		}
	}
	return s, nil
}

// places is a set of places in a pattern part.
type places [(MaxPattern + 64) / 64]uint64

func (s *places) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s *places) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// part is a part of a pattern with its brackets paired.
type part struct {
	text []byte
	// end is, for the place of a '[' or '{', that of its ']' or '}'; for a
	// place between braces, that of the closing one; 0 elsewhere.
	end    [MaxPattern + 1]uint8
	inside places // the places after a '{', up to its '}' with it
}

func matchPart(pattern, s []byte) bool {
	if len(pattern) > MaxPattern {
		return false
	}
	var p part
	if !p.pair(pattern) {
		return false
	}
	var here places
	p.reach(&here, 0)
	for _, c := range s {
		var next places
		alive := false
		for i := range pattern {
			if !here.has(i) {
				continue
			}
			to, ok := p.accept(i, c)
			if ok {
				p.reach(&next, to)
				alive = true
			}
		}
		if !alive {
			return false
		}
		here = next
	}
	return here.has(len(pattern))
}

// pair finds the end of every bracket; false when one has none.
func (p *part) pair(text []byte) bool {
	p.text = text
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[':
			j := i + 1
			for j < len(text) && text[j] != ']' {
				j++
			}
			if j == len(text) {
				return false
			}
			p.end[i] = uint8(j)
			i = j
		case '{':
			j := i + 1
			for j < len(text) && text[j] != '}' {
				if text[j] == '{' {
					return false // OSC 1.0 has strings in braces, no patterns
				}
				j++
			}
			if j == len(text) {
				return false
			}
			p.end[i] = uint8(j)
			for k := i + 1; k <= j; k++ {
				p.end[k] = uint8(j)
				p.inside.add(k)
			}
			i = j
		case ']', '}':
			return false
		}
	}
	return true
}

// reach adds place i, and the places one is at as well without reading on.
func (p *part) reach(set *places, i int) {
	for {
		if set.has(i) {
			return
		}
		set.add(i)
		if i == len(p.text) {
			return
		}
		switch c := p.text[i]; {
		case p.inside.has(i):
			if c != ',' && c != '}' {
				return
			}
			i = int(p.end[i]) + 1 // one string is through
		case c == '*':
			i++
		case c == '{':
			end := int(p.end[i])
			for k := i + 1; k < end; k++ {
				if p.text[k] == ',' {
					p.reach(set, k+1)
				}
			}
			i++
		default:
			return
		}
	}
}

// accept reads c at place i and gives the place after it.
func (p *part) accept(i int, c byte) (int, bool) {
	switch q := p.text[i]; {
	case p.inside.has(i):
		return i + 1, q == c && q != ',' && q != '}'
	case q == '*':
		return i, true
	case q == '?':
		return i + 1, true
	case q == '[':
		end := int(p.end[i])
		return end + 1, class(p.text[i+1:end], c)
	case q == '{':
		return 0, false
	default:
		return i + 1, q == c
	}
}

// class says whether c is in a class: single characters and ranges a-z, all
// turned round by a '!' at the front. A '-' at an end is itself.
func class(set []byte, c byte) bool {
	in := true
	if len(set) > 0 && set[0] == '!' {
		in, set = false, set[1:]
	}
	for i := 0; i < len(set); i++ {
		if i+2 < len(set) && set[i+1] == '-' {
			if low, high := min(set[i], set[i+2]), max(set[i], set[i+2]); low <= c && c <= high {
				return in
			}
			i += 2
			continue
		}
		if set[i] == c {
			return in
		}
	}
	return !in
}
