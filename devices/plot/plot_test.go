package plot

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"strings"
	"testing"

	"noctiluca/assets/organisms"
)

// TestEveryOrganism is drawn, as a well-formed SVG and as a PNG in which its
// own colour is to be seen.
func TestEveryOrganism(t *testing.T) {
	for i, o := range organisms.All() {
		d, err := Organism(o)
		if err != nil {
			t.Fatal(o.Name, err)
		}
		if i%7 != 0 {
			continue
		}
		dec := xml.NewDecoder(bytes.NewReader(d.SVG()))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(o.Name, err)
			}
		}
	}
	d, _ := Organism(organisms.ByName("photinus-carolinus"))
	data, err := d.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(960, 50).RGBA(); g < r || g < 4*b || g < 0x8000 {
		t.Errorf("the swatch of a firefly is %x %x %x", r, g, b)
	}
}

func TestTerminal(t *testing.T) {
	got := Terminal([]float64{0, 0.5, 1, 0.25}, 4, 2)
	if want := "  █ \n ██▄\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if n := strings.Count(Terminal(make([]float64, 1000), 60, 5), "\n"); n != 5 {
		t.Errorf("%d rows", n)
	}
}
