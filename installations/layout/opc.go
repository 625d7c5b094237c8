package layout

import (
	"bytes"
	"encoding/json"
	"fmt"

	"noctiluca/installations/space"
)

// jsonError says where a JSON file is wrong.
func (s *source) jsonError(err error) error {
	switch e := err.(type) {
	case *json.SyntaxError:
		return s.errorf(s.lineAt(e.Offset), "", "%v", e)
	case *json.UnmarshalTypeError:
		return s.errorf(s.lineAt(e.Offset), e.Field, "%s is not what is expected there, %s", e.Value, e.Type)
	}
	return s.errorf(0, "", "%v", err)
}

func hasKey(data []byte, key string) bool {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return false
	}
	var m map[string]json.RawMessage
	if json.Unmarshal(data, &m) != nil {
		// A file that is broken has the key in it, if anything.
		return bytes.Contains(data, []byte(`"`+key+`"`))
	}
	_, ok := m[key]
	return ok
}

// readOPC reads the layout of Open Pixel Control's simulator, which Fadecandy
// uses too: a list of {"point": [x, y, z]}, and null for a place on the wire
// without a pixel. Lengths are metres, z is up there: openpixelcontrol's
// viewer draws the ground at z = 0.
func readOPC(s *source) (*Layout, error) {
	var items []struct {
		Point []float64 `json:"point"`
		Name  string    `json:"name"`
	}
	// null leaves a struct as it is: with no point.
	if err := json.Unmarshal(s.data, &items); err != nil {
		return nil, s.jsonError(err)
	}
	unit := s.unit(1)
	f := Fixture{Name: "pixels"}
	var run *Wire
	for i, it := range items {
		if it.Point == nil {
			run = nil
			continue
		}
		if len(it.Point) != 3 {
			return nil, s.errorf(0, fmt.Sprintf("item %d", i), "point has %d numbers: expected 3", len(it.Point))
		}
		if run == nil {
			f.Wires = append(f.Wires, Wire{Protocol: "opc", Universe: 1, Channel: 3 * i, First: len(f.Points)})
			run = &f.Wires[len(f.Wires)-1]
		}
		run.Count++
		p := it.Point
		f.Points = append(f.Points, s.stand("z", space.V{X: p[0], Y: p[1], Z: p[2]}.Times(unit)))
	}
	l := &Layout{Fixtures: []Fixture{f}}
	if s.Up == "" {
		l.Notes = append(l.Notes, "The file's z is taken for up, as Open Pixel Control has it (--up y for the other way).")
	}
	if n := len(items); 3*n > 65535 {
		l.Notes = append(l.Notes, "It has more pixels than one channel of Open Pixel Control: its wire was left out.")
		l.Fixtures[0].Wires = nil
	}
	return l, nil
}
