// Package observer is the standard eye, as tables: how strongly each
// wavelength moves it by day (CIE 1931, 2°) and by night (CIE 1951).
//
// Sources: CIE 15, Colorimetry, the abridged table at 5 nm of the
// colour-matching functions of the CIE 1931 standard colorimetric observer
// (the same figures as CIE data set 10.25039/CIE.DS.xvudnb9b at its multiples
// of 5 nm, here to six decimals); CIE 1951 spectral luminous efficiency for
// scotopic vision V′, at 10 nm.
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

// Table is functions of the wavelength at even steps. It is read only; any
// goroutine may use it.
type Table struct {
	First, Step float64     // nanometres
	Values      [][]float64 // a row a step
}

// CIE1931 is x̄, ȳ and z̄ of the 2° observer, 380 to 780 nm by 5 nm.
var CIE1931 = sync.OnceValue(func() Table { return parse("cie1931.csv", cie1931, 3) })

// Scotopic is V′, 380 to 780 nm by 10 nm.
var Scotopic = sync.OnceValue(func() Table { return parse("scotopic.csv", scotopic, 1) })

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

// At gives column c at a wavelength in nanometres, linear between the rows; 0
// outside the table.
func (t Table) At(nm float64, c int) float64 {
	x := (nm - t.First) / t.Step
	i := int(x)
	if x < 0 || i > len(t.Values)-1 {
		return 0
	}
	if i == len(t.Values)-1 {
		if x > float64(i) {
			return 0
		}
		return t.Values[i][c]
	}
	f := x - float64(i)
	return float64(t.Values[i][c]*(1-f)) + float64(t.Values[i+1][c]*f)
}
