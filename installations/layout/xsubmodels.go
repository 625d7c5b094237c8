package layout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Part is pixels of a fixture that make a group of their own, or belong to
// one.
type Part struct {
	Group  string
	Pixels []Range // ascending, none touching the next
}

// Range is pixels of a fixture from the first to the last, both included.
type Range struct{ First, Last int }

// part adds pixels to a group.
func (f *Fixture) part(group string, pixels []Range) {
	if len(pixels) == 0 {
		return
	}
	for i := range f.Parts {
		if f.Parts[i].Group == group {
			f.Parts[i].Pixels = union(append(f.Parts[i].Pixels, pixels...))
			return
		}
	}
	f.Parts = append(f.Parts, Part{group, union(slices.Clone(pixels))})
}

// union sorts ranges, with one for those that touch or overlap.
func union(in []Range) []Range {
	slices.SortFunc(in, func(a, b Range) int { return a.First - b.First })
	out := in[:1]
	for _, r := range in[1:] {
		if last := &out[len(out)-1]; r.First <= last.Last+1 {
			last.Last = max(last.Last, r.Last)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// pixels writes ranges as an installation has them.
func pixels(rs []Range) string {
	var out []string
	for _, r := range rs {
		if r.First == r.Last {
			out = append(out, strconv.Itoa(r.First))
		} else {
			out = append(out, fmt.Sprintf("%d-%d", r.First, r.Last))
		}
	}
	return strconv.Quote(strings.Join(out, ", "))
}

// submodels makes a part of each submodel: line0, line1 … have its nodes, as
// 1-10,15,30-21, from 1 in the order in which xLights numbers them
// (SubModel.cpp).
func (m *xmodel) submodels(f *Fixture, kind string, whole bool, l *Layout) error {
	f.subs = map[string][]Range{}
	skipped := 0
	for _, e := range m.children {
		if e.name != "subModel" {
			continue
		}
		name := strings.TrimSpace(e.attrs["name"])
		if whole || name == "" || e.attrs["type"] != "" && e.attrs["type"] != "ranges" {
			skipped++
			continue
		}
		var out []Range
		beyond := 0
		for line := 0; ; line++ {
			nodes, ok := e.attrs["line"+strconv.Itoa(line)]
			if !ok {
				break
			}
			for _, piece := range strings.Split(nodes, ",") {
				if piece = strings.TrimSpace(piece); piece == "" {
					continue
				}
				a, b, two := strings.Cut(piece, "-")
				first, err := strconv.Atoi(strings.TrimSpace(a))
				last := first
				if two && err == nil {
					last, err = strconv.Atoi(strings.TrimSpace(b))
				}
				if err != nil || first < 0 || last < 0 {
					return m.errorf(e.line, "model "+text(m.name)+", submodel "+text(name), "line%d has %q: expected a node from 1, or first-last", line, text(piece))
				}
				if first == 0 || last == 0 {
					continue // a place without a node
				}
				if first > last {
					first, last = last, first
				}
				if last > len(f.Points) {
					beyond += last - max(first-1, len(f.Points))
					last = len(f.Points)
				}
				if first <= last {
					out = m.numbered(out, kind, Range{first - 1, last - 1}, len(f.Points))
				}
			}
		}
		if beyond > 0 {
			l.Notes = append(l.Notes, fmt.Sprintf("Submodel %s of %s has %d nodes that the model has not: they were left out.", text(name), text(m.name), beyond))
		}
		if len(out) > 0 {
			f.subs[name] = out
			f.part(cleanName(m.name+"."+name, "part"), out)
		}
	}
	if skipped > 0 {
		m.remark(fmt.Sprintf("%d of its submodels are parts of its buffer, or of strings that shine as one, and are not taken over", skipped))
	}
	return nil
}

// numbered adds nodes by the pixels that they are: a model whose wire begins
// at its far end numbers its nodes from the near one.
func (m *xmodel) numbered(out []Range, kind string, r Range, count int) []Range {
	if m.attrs["Dir"] != "R" {
		return append(out, r)
	}
	per := count
	switch kind {
	case "Arches", "Poly Line":
	case "Single Line":
		per = m.count("NodesPerString", "parm2", 50, 1)
	case "Candy Canes": // the last cane is the first on the wire
		per = m.count("NodesPerCane", "parm2", 1, 1)
		for n := r.First; n <= r.Last; n++ {
			at := (count/per-1-n/per)*per + n%per
			out = append(out, Range{at, at})
		}
		return out
	default:
		return append(out, r)
	}
	for n := r.First; n <= r.Last; {
		string1 := n / per
		end := min((string1+1)*per-1, r.Last, count-1)
		mirror := func(k int) int { return string1*per + per - 1 - k%per }
		out = append(out, Range{mirror(end), mirror(n)})
		n = end + 1
	}
	return out
}

// groupsOf makes groups of modelGroup: of models, of submodels (as
// Model/Submodel), and of other groups.
func groupsOf(root *element, l *Layout) {
	lists := map[string][]string{}
	var names []string
	root.all("modelGroup", func(g *element) {
		name := strings.TrimSpace(g.attrs["name"])
		if _, twice := lists[name]; name == "" || twice {
			return
		}
		names = append(names, name)
		lists[name] = strings.Split(g.attrs["models"], ",")
	})
	at := map[string]int{}
	for i := range l.Fixtures {
		at[strings.TrimSpace(l.Fixtures[i].Name)] = i
	}
	for _, group := range names {
		seen := map[string]bool{}
		var missing []string
		var join func(members []string)
		join = func(members []string) {
			for _, name := range members {
				if name = strings.TrimSpace(name); name == "" || seen[name] {
					continue
				}
				seen[name] = true
				model, sub, part := strings.Cut(name, "/")
				i, known := at[name]
				j, of := at[model]
				switch {
				case known:
					l.Fixtures[i].Groups = append(l.Fixtures[i].Groups, group)
				case part && of && l.Fixtures[j].subs[sub] != nil:
					l.Fixtures[j].part(cleanName(group, "group"), l.Fixtures[j].subs[sub])
				case lists[name] != nil && name != group:
					join(lists[name])
				default:
					missing = append(missing, text(name))
				}
			}
		}
		join(lists[group])
		if len(missing) > 0 {
			l.Notes = append(l.Notes, fmt.Sprintf("Group %s names %s, and nothing of that is here.", text(group), some(missing)))
		}
	}
}

// some names a few of many.
func some(names []string) string {
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
	}
	return strings.Join(names, ", ")
}
