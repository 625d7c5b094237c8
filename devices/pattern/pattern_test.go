package pattern

import (
	"strings"
	"testing"

	"noctiluca/installations"
)

// wall is two outputs of two universes, each of which has five pixels; the
// second fixture lies on both.
func wall() *installations.Installation {
	order := installations.Order{0, 1, 2}
	inst := &installations.Installation{File: "wall.yaml", Rate: 10, Fixtures: []installations.Fixture{{Name: "a", Count: 8}, {Name: "b", First: 8, Count: 12}}}
	inst.Pixels = installations.Pixels{X: make([]float32, 20), Y: make([]float32, 20), Z: make([]float32, 20), Fixture: make([]int32, 20)}
	for i := 8; i < 20; i++ {
		inst.Pixels.Fixture[i] = 1
	}
	for k := range 2 {
		o := installations.Output{Name: []string{"left", "right"}[k]}
		for u := range 2 {
			o.Universes = append(o.Universes, installations.Universe{Number: 10*k + u, Offset: 16 * u, Length: 16})
			o.Runs = append(o.Runs, installations.Run{First: 10*k + 5*u, Step: 1, Count: 5, Offset: 16 * u, Order: order})
		}
		inst.Outputs = append(inst.Outputs, o)
	}
	return inst
}

// paint draws frame n as letters: the strongest component of each pixel.
func paint(t *testing.T, name string, s Select, n int) string {
	t.Helper()
	p, err := New(wall(), name, 0.5, 10, s)
	if err != nil {
		t.Fatal(err)
	}
	r, g, b := make([]float32, 20), make([]float32, 20), make([]float32, 20)
	p.Paint(r, g, b, n)
	out := ""
	for i := range r {
		v := [3]float32{r[i], g[i], b[i]}
		for _, x := range v {
			if x < 0 || x > 0.5 {
				t.Fatalf("pixel %d of %s is %v", i, name, v)
			}
		}
		switch {
		case v == [3]float32{}:
			out += "."
		case v[0] == v[1] && v[1] == v[2]:
			out += "w"
		case v[0] > 0 && v[1] == 0 && v[2] == 0:
			out += "r"
		case v[1] > 0 && v[0] == 0 && v[2] == 0:
			out += "g"
		case v[2] > 0 && v[0] == 0 && v[1] == 0:
			out += "b"
		default:
			out += "y"
		}
	}
	return out
}

func TestPatterns(t *testing.T) {
	all := Select{Universe: -1}
	for _, c := range []struct {
		name string
		s    Select
		n    int
		want string
	}{
		{"white", all, 0, "wwwwwwwwwwwwwwwwwwww"},
		{"white", Select{Universe: 11}, 0, "...............wwwww"},
		{"white", Select{Universe: -1, Output: "left"}, 0, "wwwwwwwwww.........."},
		{"white", Select{Universe: -1, Output: "right", Fixture: "b"}, 0, "..........wwwwwwwwww"},
		{"white", Select{Universe: 1, Fixture: "a"}, 0, ".....www............"},
		{"universes", all, 0, "rrrrrgggggbbbbbyyyyy"},
		{"rgb", all, 10, "rrrrrrrrrrrrrrrrrrrr"},
		{"rgb", all, 30, "gggggggggggggggggggg"},
		{"rgb", all, 50, "bbbbbbbbbbbbbbbbbbbb"},
		{"rgb", all, 70, "wwwwwwwwwwwwwwwwwwww"},
		{"chase", all, 0, "w....www" + "w........www"},
		{"chase", all, 6, "...wwww." + "...wwww....."},
		{"binary", all, 5, "bbbbbbbbbbbbbbbbbbbb"},
		{"binary", all, 25, "rgrgrrgrgrrgrgrrgrgr"}, // bit 0 of 0…4
		{"binary", all, 35, "rrggrrrggrrrggrrrggr"}, // bit 1
		{"binary", all, 45, "rrrrgrrrrgrrrrgrrrrg"}, // bit 2
		{"identify", Select{Universe: 0}, 20, "wwwww..............."},
	} {
		if got := paint(t, c.name, c.s, c.n); got != c.want {
			t.Errorf("%s %+v frame %d:\n got %s\nwant %s", c.name, c.s, c.n, got, c.want)
		}
	}
	for _, c := range []struct {
		name  string
		level float64
		s     Select
		says  string
	}{
		{"strobe", 0.5, all, "strobe"}, {"white", 0, all, "level 0"}, {"white", 0.5, Select{Universe: -1, Output: "up"}, "up"},
		{"white", 0.5, Select{Universe: -1, Fixture: "c"}, `fixture "c"`}, {"white", 0.5, Select{Universe: 7}, "universe 7"},
	} {
		if _, err := New(wall(), c.name, c.level, 10, c.s); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want %q", err, c.says)
		}
	}
}

// TestNothingFlashes: no pixel goes up and down more than once a second, as
// the rule of three flashes a second wants with much to spare.
func TestNothingFlashes(t *testing.T) {
	for _, name := range Names {
		if name == "chase" {
			continue // its speed is the user's; a point is no area that flashes
		}
		p, err := New(wall(), name, 1, 10, Select{Universe: -1})
		if err != nil {
			t.Fatal(err)
		}
		r, g, b := make([]float32, 20), make([]float32, 20), make([]float32, 20)
		var last, turns, dir float32
		for n := range 600 {
			p.Paint(r, g, b, n)
			v := r[3] + g[3] + b[3]
			d := v - last
			if n > 0 && d != 0 {
				if s := float32(1); (d > 0) != (dir > 0) && dir != 0 {
					turns += s
				}
				dir = d
			}
			last = v
		}
		if turns > 60 { // in 60 s: half as many flashes
			t.Errorf("%s turns %v times in a minute", name, turns)
		}
	}
}
