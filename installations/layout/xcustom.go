package layout

import (
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// custom reads CustomModel: node numbers in columns with commas, rows with
// semicolons and layers with bars; or CustomModelCompressed: node,row,column
// and perhaps layer of each.
func (m *xmodel) custom() []space.V {
	type cell struct{ x, y, z int }
	at := map[int]cell{}
	var w, h, d, most int
	put := func(node, x, y, z int) bool {
		if node < 1 || node > MaxPixels {
			m.fail("CustomModel", strconv.Itoa(node), "expected nodes of 1…"+strconv.Itoa(MaxPixels))
			return false
		}
		if _, twice := at[node]; !twice { // several lights of one node: its first
			at[node] = cell{x, y, z}
		}
		w, h, d, most = max(w, x+1), max(h, y+1), max(d, z+1), max(most, node)
		return true
	}
	if packed := m.attrs["CustomModelCompressed"]; packed != "" {
		for _, item := range strings.Split(packed, ";") {
			var v [4]int
			n := 0
			for _, s := range strings.Split(item, ",") {
				i, err := strconv.Atoi(strings.TrimSpace(s))
				if err != nil || n == 4 || i < 0 || i > 100000000 {
					m.fail("CustomModelCompressed", item, "expected node,row,column or node,row,column,layer")
					return nil
				}
				v[n] = i
				n++
			}
			if n < 3 {
				m.fail("CustomModelCompressed", item, "expected node,row,column or node,row,column,layer")
				return nil
			}
			if !put(v[0], v[2], v[1], v[3]) {
				return nil
			}
		}
	} else {
		for z, layer := range strings.Split(m.attrs["CustomModel"], "|") {
			for y, row := range strings.Split(layer, ";") {
				for x, s := range strings.Split(row, ",") {
					if s = strings.TrimSpace(s); s == "" {
						continue
					}
					n, err := strconv.Atoi(s)
					if err != nil {
						m.fail("CustomModel", s, "expected a node's number or nothing")
						return nil
					}
					if !put(n, x, y, z) {
						return nil
					}
				}
			}
		}
	}
	if most > 2*len(at)+10_000 {
		m.fail("CustomModel", strconv.Itoa(most), "so many nodes, of which "+strconv.Itoa(len(at))+" have a place")
		return nil
	}
	var out []space.V
	var nowhere []string
	for n := 1; n <= most; n++ {
		c, ok := at[n]
		if !ok { // it has its channels all the same
			nowhere = append(nowhere, strconv.Itoa(n))
			out = append(out, space.V{})
			continue
		}
		out = append(out, space.V{X: float64(c.x) - float64(w-1)/2, Y: float64(h-1)/2 - float64(c.y), Z: float64(d-1)/2 - float64(c.z)})
	}
	if len(nowhere) > 0 {
		m.remark("its nodes " + some(nowhere) + " have no place there, and are in its middle here")
	}
	return out
}
