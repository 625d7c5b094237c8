package organisms

import "testing"

// TestCatalogue: at least 16, each with a spectrum, a life, and a source for
// every figure and statement.
func TestCatalogue(t *testing.T) {
	if len(All()) < 16 {
		t.Errorf("%d organisms", len(All()))
	}
	known := map[string]bool{}
	for _, w := range []string{"peak", "second-peak", "width", "latency", "rise", "duration", "period", "burst", "burst-period", "flashes", "recovery", "rates", "steadiness", "photons", "night-to-day"} {
		known[w] = true
	}
	for _, o := range All() {
		if o.Latin == "" || o.Common == "" || o.Kind == "" || o.Life == "" || len(o.Spectrum) == 0 || len(o.Figures) == 0 {
			t.Errorf("%s is not whole", o.Name)
		}
		for _, s := range []Statement{o.Where, o.Stimulus, o.Rhythm} {
			if (s.Text == "") != (s.Source == "") {
				t.Errorf("%s: %q has the source %q", o.Name, s.Text, s.Source)
			}
		}
		for _, f := range o.Figures {
			if f.Source == "" || f.High != 0 && !(f.Low < f.High) || !known[f.What] {
				t.Errorf("%s: figure %+v", o.Name, f)
			}
		}
		for _, b := range o.Spectrum {
			if b.Peak < 400 || b.Peak > 700 || b.Width < 10 || b.Width > 150 {
				t.Errorf("%s: band %+v", o.Name, b)
			}
		}
		if ByName(o.Latin) != o || ByName(o.Name) != o {
			t.Errorf("%s is not found by its name", o.Name)
		}
	}
	if ByName("unicorn") != nil {
		t.Error("a unicorn")
	}
}
