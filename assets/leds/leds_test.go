package leds

import (
	"math"
	"strings"
	"testing"
)

func TestTypesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range All() {
		if l.Name == "" || l.Title == "" || seen[l.Name] {
			t.Errorf("%q: expected a name of its own and a title", l.Name)
		}
		seen[l.Name] = true
		want := "BGR"
		if l.White() {
			want = "BGRW"
		}
		for _, c := range want {
			if strings.Count(l.Order, string(c)) != 1 || len(l.Order) != len(want) {
				t.Errorf("%s: order %q: expected the letters of %s", l.Name, l.Order, want)
			}
		}
		if len(l.Full) != len(want) || l.Volts <= 0 || l.Idle < 0 {
			t.Errorf("%s: %v", l.Name, l)
		}
		if len(l.Sources) == 0 {
			t.Errorf("%s: a figure needs a source", l.Name)
		}
		for _, s := range l.Sources {
			if !strings.HasPrefix(s, "measured: ") && !strings.HasPrefix(s, "datasheet: ") {
				t.Errorf("%s: source %q says neither measured nor datasheet", l.Name, s)
			}
		}
		if ByName(l.Name) == nil {
			t.Errorf("%s is not found by its name", l.Name)
		}
	}
}

// The figures as their sources print them.
func TestPublishedFigures(t *testing.T) {
	for name, white := range map[string]float64{
		"ws2812b": 52.5, "ws2812b-low": 33.5, "ws2812": 660.0 / 16, "xl1010": 7, "apa102": 60,
	} {
		sum := 0.0
		for _, f := range ByName(name).Full {
			sum += f
		}
		if math.Abs(sum-white) > 0.05 {
			t.Errorf("%s: %v mA at white: its source says %v", name, sum, white)
		}
	}
}

func TestDefaultDrawsMost(t *testing.T) {
	for _, white := range []bool{false, true} {
		d := Default(white)
		for _, l := range All() {
			if l.White() == white && l.Watts() > d.Watts() {
				t.Errorf("%s draws more than the default %s", l.Name, d.Name)
			}
		}
	}
	if ByName("neopixel") != nil {
		t.Error("an unknown name gave a type")
	}
}
