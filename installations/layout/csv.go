package layout

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// units are lengths in metres, as a header or a command line writes them.
var units = map[string]float64{"m": 1, "cm": 0.01, "mm": 0.001, "in": 0.0254, "inch": 0.0254, "ft": 0.3048, "feet": 0.3048}

// ParseUnit reads a unit: m, cm, mm, in, ft, or a number of metres.
func ParseUnit(s string) (float64, error) {
	if u, ok := units[strings.ToLower(s)]; ok {
		return u, nil
	}
	u, err := strconv.ParseFloat(s, 64)
	if err != nil || !(u >= 1e-6 && u <= 1e6) {
		return 0, fmt.Errorf("unit %q: expected m, cm, mm, in, ft, or how many metres one is", s)
	}
	return u, nil
}

// columns are the columns that are read, by the names they go by.
var columns = map[string][]string{
	"x": {"x"}, "y": {"y"}, "z": {"z"},
	"fixture":  {"fixture", "strip", "name", "model", "group"},
	"index":    {"index", "pixel", "led", "number", "id", "node"},
	"universe": {"universe", "uni"},
	"channel":  {"channel", "address", "dmx", "start"},
	"order":    {"order", "colour order", "color order", "byteorder"},
	"host":     {"host", "ip", "controller"},
	"protocol": {"protocol"},
	"output":   {"output"},
	"bits":     {"bits"},
}

// row is a line of a table of pixels.
type row struct {
	line, index       int
	at                space.V
	universe, channel int // channel from 0; −1: not given
	order, host, via  string
	output            string
	wide              bool
}

// readCSV reads a table with a header: x, y, z and what it names of fixture,
// index, universe, channel (from 1), order, host, protocol, output and bits (8
// or 16 for each colour). A unit may
// stand in the header: x_mm, "y (cm)". Without an index, pixels are in the
// order of their rows.
func readCSV(s *source) (*Layout, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(s.data), "\ufeff")))
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comment, r.LazyQuotes, r.ReuseRecord = -1, true, '#', false, false
	first, _, _ := strings.Cut(string(s.data), "\n")
	switch { // of the separators, the one that the header has most of
	case strings.Count(first, "\t") > strings.Count(first, ","):
		r.Comma = '\t'
	case strings.Count(first, ";") > strings.Count(first, ","):
		r.Comma = ';'
	}
	head, err := r.Read()
	if err != nil {
		return nil, s.csvError(err)
	}
	at, unit, stated, err := s.header(head)
	if err != nil {
		return nil, err
	}
	l := &Layout{}
	if !stated && s.Unit == 0 {
		l.Notes = append(l.Notes, "The file names no unit of length: it is taken for metres (--unit mm and others give another).")
	}
	rows := map[string][]row{}
	var names []string
	total := 0
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, s.csvError(err)
		}
		line, _ := r.FieldPos(0)
		if len(record) == 1 && strings.TrimSpace(record[0]) == "" {
			continue
		}
		one, name, err := s.row(record, at, line, unit)
		if err != nil {
			return nil, err
		}
		if total++; total > MaxPixels {
			return nil, s.errorf(line, "", "more than %d pixels", MaxPixels)
		}
		if rows[name] == nil {
			names = append(names, name)
		}
		rows[name] = append(rows[name], one)
	}
	for _, name := range names {
		f, err := s.fixture(name, rows[name], at)
		if err != nil {
			return nil, err
		}
		l.Fixtures = append(l.Fixtures, f)
	}
	return l, nil
}

func (s *source) csvError(err error) error {
	var e *csv.ParseError
	if errors.As(err, &e) {
		return s.errorf(e.Line, fmt.Sprintf("column %d", e.Column), "%v", e.Err)
	}
	if errors.Is(err, io.EOF) {
		return s.errorf(0, "", "it is empty: expected a header with x, y and z")
	}
	return s.errorf(0, "", "%v", err)
}

// header finds the columns, and the unit of each of x, y and z.
func (s *source) header(head []string) (at map[string]int, unit [3]float64, stated bool, err error) {
	at = map[string]int{}
	unit = [3]float64{s.unit(1), s.unit(1), s.unit(1)}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(h))
		bare, suffix := h, ""
		if open := strings.IndexAny(h, "([_"); open > 0 {
			if u := strings.Trim(h[open:], " ()[]_"); units[u] > 0 {
				bare, suffix = strings.TrimSpace(h[:open]), u
			}
		}
		for key, known := range columns {
			if !slices.Contains(known, bare) {
				continue
			}
			if _, twice := at[key]; twice {
				continue // the first of several names of one thing counts
			}
			at[key] = i
			if axis := strings.Index("xyz", key); len(key) == 1 && suffix != "" {
				stated = true
				if s.Unit == 0 {
					unit[axis] = units[suffix]
				}
			}
		}
	}
	for _, axis := range []string{"x", "y"} {
		if _, ok := at[axis]; !ok {
			return nil, unit, false, s.errorf(1, "", "the header has no column %s: expected x, y and z, and what there is of %s", axis, "fixture, index, universe, channel, order, host, protocol, output, bits")
		}
	}
	return at, unit, stated, nil
}

func (s *source) row(record []string, at map[string]int, line int, unit [3]float64) (row, string, error) {
	r := row{line: line, index: -1, universe: -1, channel: -1}
	field := func(key string) string {
		if i, ok := at[key]; ok && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	var err error
	number := func(key string) float64 {
		v := field(key)
		if _, ok := at[key]; !ok || err != nil {
			return 0
		}
		f, e := strconv.ParseFloat(v, 64)
		if e != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			err = s.errorf(line, "column "+key, "%q: expected a number", text(v))
		}
		return f
	}
	whole := func(key string, low, high int) int {
		v := field(key)
		if v == "" || err != nil {
			return -1
		}
		n, e := strconv.Atoi(v)
		if e != nil || n < low || n > high {
			err = s.errorf(line, "column "+key, "%q: expected a whole number, %d…%d", text(v), low, high)
		}
		return n
	}
	r.at = s.stand("y", space.V{X: number("x") * unit[0], Y: number("y") * unit[1], Z: number("z") * unit[2]})
	r.index = whole("index", 0, MaxPixels)
	r.universe = whole("universe", 0, 63999)
	if o := strings.ToUpper(field("order")); o != "" && err == nil {
		if !validOrder(o) {
			err = s.errorf(line, "column order", "%q: expected R, G and B once each, and W once for RGBW", text(o))
		}
		r.order = o
	}
	r.host, r.via = field("host"), strings.ToLower(field("protocol"))
	switch r.via {
	case "", "artnet", "sacn", "ddp", "opc":
	case "art-net":
		r.via = "artnet"
	case "e131", "e1.31":
		r.via = "sacn"
	default:
		if err == nil {
			err = s.errorf(line, "column protocol", "%q: expected artnet, sacn, ddp or opc", text(r.via))
		}
	}
	// Only DMX has universes of 512 channels.
	most := 512
	if endless[r.via] {
		most = 1 << 24
	}
	if c := whole("channel", 1, most); c > 0 {
		r.channel = c - 1
	}
	r.output = field("output")
	switch bits := whole("bits", 8, 16); bits {
	case -1, 8:
	case 16:
		if r.wide = true; r.via == "opc" && err == nil {
			err = s.errorf(line, "column bits", "16: opc carries 8 bits for each colour; artnet, sacn and ddp carry 16")
		}
	default:
		if err == nil {
			err = s.errorf(line, "column bits", "%d: expected 8 or 16", bits)
		}
	}
	if r.via == "sacn" && r.universe == 0 && err == nil {
		err = s.errorf(line, "column universe", "0: sACN's universes are 1…63999")
	}
	if most := map[string]int{"sacn": 63999, "ddp": 249, "opc": 255}[r.via]; r.universe > max(most, 0) && most > 0 && err == nil {
		err = s.errorf(line, "column universe", "%d: %s's are 0…%d", r.universe, r.via, most)
	}
	if (r.via == "" || r.via == "artnet") && r.universe > 32767 && err == nil {
		err = s.errorf(line, "column universe", "%d: Art-Net's universes are 0…32767", r.universe)
	}
	name := field("fixture")
	if name == "" {
		name = "pixels"
	}
	return r, name, err
}

func validOrder(o string) bool {
	if len(o) != 3 && len(o) != 4 {
		return false
	}
	for i := range len(o) {
		if strings.IndexByte("RGBW"[:len(o)], o[i]) < 0 || strings.Count(o, o[i:i+1]) > 1 {
			return false
		}
	}
	return true
}

// fixture makes one of its rows, in the order of their index.
func (s *source) fixture(name string, rows []row, at map[string]int) (Fixture, error) {
	f := Fixture{Name: name}
	if _, ok := at["index"]; ok {
		for _, r := range rows {
			if r.index < 0 {
				return f, s.errorf(r.line, "column index", "it is empty: expected a number in every row of fixture %s, or in none", text(name))
			}
		}
		sort.SliceStable(rows, func(i, j int) bool { return rows[i].index < rows[j].index })
		for i := 1; i < len(rows); i++ {
			if rows[i].index == rows[i-1].index {
				return f, s.errorf(rows[i].line, "column index", "pixel %d of fixture %s is on line %d already", rows[i].index, text(name), rows[i-1].line)
			}
		}
	}
	for i, r := range rows {
		f.Points = append(f.Points, r.at)
		if r.order != "" {
			if f.Order != "" && f.Order != r.order {
				return f, s.errorf(r.line, "column order", "%s: the pixels of fixture %s before it have %s; one fixture has one order", r.order, text(name), f.Order)
			}
			f.Order = r.order
		}
		if r.universe < 0 {
			continue
		}
		w := Wire{Protocol: r.via, Host: r.host, Controller: r.output, Universe: r.universe, Channel: r.channel, Wide: r.wide}
		if w.Channel < 0 { // right after the pixel before, or at the start
			w.Channel = 0
			if n := len(f.Wires); n > 0 {
				if u, c := f.Wires[n-1].next(&f); u == w.Universe {
					w.Channel = c
				}
			}
		}
		f.hang(i, w)
	}
	return f, nil
}

// after is where the pixel after so many of a width begins, from a universe
// and channel on: a pixel is never in two universes.
func after(universe, channel, count, width int) (int, int) {
	for left := count; ; {
		n := (512 - channel) / width
		if left < n || left == n && (512-channel)%width >= width {
			return universe, channel + left*width
		}
		left -= n
		universe, channel = universe+1, 0
		if left == 0 {
			return universe, 0
		}
	}
}
