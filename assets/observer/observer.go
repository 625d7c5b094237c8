// Package observer is the standard eye, as tables: how strongly each
// wavelength moves it by day (CIE 1931, 2°), by night (CIE 1951), in its clock
// (CIE S 026), and how far it harms it (IEC 62471).
//
// All are at 5 nm from 380 to 780 nm. Sources, and what each row was compared
// with:
//
//   - cie1931.csv: CIE 15, Colorimetry, the abridged table of the
//     colour-matching functions of the CIE 1931 standard colorimetric observer,
//     six decimals; CIE data set 10.25039/CIE.DS.xvudnb9b, and the table at
//     1 nm of the Colour and Vision Research Laboratory (ciexyz31_1.csv).
//   - scotopic.csv: CIE 1951 spectral luminous efficiency for scotopic vision
//     V′, the CVRL's scvle.csv; also the rhodopic column of CIE S 026.
//   - melanopic.csv: s_mel of CIE S 026:2018, as luox has it
//     (github.com/luox-app/luox, src/data/cies026.json).
//   - bluehazard.csv: B of IEC 62471:2006, table 4.2, the same as ICNIRP 2013;
//     500 to 600 nm by its formula 10^((450 − λ)/50), over that 0.001, over 700 nm
//     nothing; compared with luxpy (toolboxes/photbiochem).
package observer

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed cie1931.csv
var cie1931 string

//go:embed scotopic.csv
var scotopic string

//go:embed melanopic.csv
var melanopic string

//go:embed bluehazard.csv
var bluehazard string

// Table is functions of the wavelength at even steps. It is read only; any
// goroutine may use it.
type Table struct {
	First, Step float64     // nanometres
	Values      [][]float64 // a row a step
	// Straight says that between rows a straight line is meant, as in a table
	// with corners; else a curve is, through four rows.
	Straight bool
}

// CIE1931 is x̄, ȳ and z̄ of the 2° observer, 380 to 780 nm by 5 nm.
var CIE1931 = sync.OnceValue(func() Table { return parse("cie1931.csv", cie1931, 3) })

// Scotopic is V′, how strongly light moves the rods; 1 at 507 nm.
var Scotopic = sync.OnceValue(func() Table { return parse("scotopic.csv", scotopic, 1) })

// Melanopic is s_mel, how strongly light moves the cells that set the body's
// clock; 1 at 490 nm.
var Melanopic = sync.OnceValue(func() Table { return parse("melanopic.csv", melanopic, 1) })

// BlueHazard is B, how strongly light harms the retina by photochemistry; 1
// at 435 and 440 nm.
var BlueHazard = sync.OnceValue(func() Table {
	t := parse("bluehazard.csv", bluehazard, 1)
	t.Straight = true
	return t
})

func parse(name, text string, columns int) Table {
	var t Table
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		var row []float64
		for _, cell := range strings.Split(line, ",") {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				panic(fmt.Sprintf("assets/observer/%s: %v", name, err))
			}
			row = append(row, v)
		}
		if len(row) != columns+1 {
			panic(fmt.Sprintf("assets/observer/%s: %d columns in %q", name, len(row), line))
		}
		switch len(t.Values) {
		case 0:
			t.First = row[0]
		case 1:
			t.Step = row[0] - t.First
		}
		t.Values = append(t.Values, row[1:])
	}
	return t
}

// At gives column c at a wavelength in nanometres; 0 outside the table.
//
// Between rows it is Lagrange's polynomial of the third degree through the two
// rows before and the two after, or the four at an end, which CIE 15 and ASTM E2022 use to go from
// 5 nm to 1 nm; a straight line through rows 5 nm apart would put a spectral
// band's x and y off by up to 0.0016.
func (t Table) At(nm float64, c int) float64 {
	x := (nm - t.First) / t.Step
	n := len(t.Values)
	if x < 0 || x > float64(n-1) {
		return 0
	}
	i := min(int(x), n-2)
	if t.Straight {
		f := x - float64(i)
		return float64(t.Values[i][c]*(1-f)) + float64(t.Values[i+1][c]*f)
	}
	i = min(max(i, 1), n-3)
	f := x - float64(i)
	a, b, d, e := t.Values[i-1][c], t.Values[i][c], t.Values[i+1][c], t.Values[i+2][c]
	g, h, j := f+1, f-1, f-2
	v := float64(a*float64(-f*float64(h*j))/6) + float64(b*float64(g*float64(h*j))/2)
	v += float64(d * float64(-g*float64(f*j)) / 2)
	v += float64(e * float64(g*float64(f*h)) / 6)
	return max(v, 0)
}
