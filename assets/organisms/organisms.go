// Package organisms is the catalogue of living light: what is known of each
// organism's colour and time, each figure with its source, and which life
// plays it. A file an organism; the data says so itself where it is not
// certain.
//
// It computes nothing: engine/light/colour makes colours of the spectra,
// engine/life plays the settings.
package organisms

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Organism is one of the catalogue. Read only.
type Organism struct {
	Name     string             `yaml:"-"` // of the file: lower case, with hyphens
	Latin    string             `yaml:"latin"`
	Common   string             `yaml:"common"`
	Kind     string             `yaml:"kind"`
	Where    Statement          `yaml:"where"`
	Spectrum []Band             `yaml:"spectrum"`
	Life     string             `yaml:"life"`     // which life plays it
	Settings map[string]float64 `yaml:"settings"` // of that life, chosen so that the figures hold
	Stimulus Statement          `yaml:"stimulus"`
	Rhythm   Statement          `yaml:"rhythm"`
	Figures  []Figure           `yaml:"figures"`
}

// Band is one band of the emission: a Gaussian.
type Band struct {
	Peak    float64  `yaml:"peak"`    // nm
	Width   float64  `yaml:"width"`   // full width at half maximum, nm
	Weight  float64  `yaml:"weight"`  // height beside the other bands; 0 stands for 1
	Assumed []string `yaml:"assumed"` // which of these no source was found for
}

// Statement is something known that is not a number.
type Statement struct {
	Text   string `yaml:"text"`
	Source string `yaml:"source"`
	Verify bool   `yaml:"verify"` // widely said, not yet checked in the named source
}

// Figure is a measured quantity, as a range.
//
// What: peak, second-peak and width (nm) of the emission; latency (from the stimulus to the
// first light), rise (from that to the peak), duration (of light over 5 % of
// the peak), period, burst and burst-period (s); flashes (a count, of a burst
// or until tired); recovery (s); rates (of a fast decay to a slow one);
// steadiness (least to most light over ten seconds); photons; night-to-day.
//
// The range is the source's. Where a source gives one number, it is that
// ± 10 %, and ± 20 % where it says "about" or gives one digit; wavelengths
// ± 1 nm. "Steady" is taken for no less than 0.8.
type Figure struct {
	What   string  `yaml:"what"`
	Low    float64 `yaml:"low"`
	High   float64 `yaml:"high"` // 0: no limit is known, the figure is "at least"
	Unit   string  `yaml:"unit"`
	Source string  `yaml:"source"`
	Verify bool    `yaml:"verify"` // widely cited, not yet checked in the named source
	Note   string  `yaml:"note"`
	// Beyond says why no light of an LED can be held against the figure; empty
	// for all that are measured on the light.
	Beyond string `yaml:"beyond"`
}

// Within says whether a measured value is in the range, give or take slack.
func (f *Figure) Within(v, slack float64) bool {
	return v >= f.Low-slack && (f.High == 0 || v <= f.High+slack)
}

// Range is the range in words, without the unit: "5…8", "at least 10".
func (f *Figure) Range() string {
	if f.High == 0 {
		return fmt.Sprintf("at least %.4g", f.Low)
	}
	return fmt.Sprintf("%.4g…%.4g", f.Low, f.High)
}

// Figure gives the figure of that name, and whether there is one.
func (o *Organism) Figure(what string) (Figure, bool) {
	for _, f := range o.Figures {
		if f.What == what {
			return f, true
		}
	}
	return Figure{}, false
}

//go:embed *.yaml
var files embed.FS

var all = sync.OnceValue(func() []*Organism {
	names, _ := fs.Glob(files, "*.yaml")
	var out []*Organism
	for _, name := range names {
		data, _ := files.ReadFile(name)
		o := &Organism{Name: strings.TrimSuffix(path.Base(name), ".yaml")}
		if err := yaml.UnmarshalWithOptions(data, o, yaml.Strict()); err != nil {
			panic(fmt.Sprintf("assets/organisms/%s: %v", name, err))
		}
		for i := range o.Spectrum {
			if o.Spectrum[i].Weight == 0 {
				o.Spectrum[i].Weight = 1
			}
		}
		out = append(out, o)
	}
	return out
})

// All lists the organisms by name. Any goroutine may call it.
func All() []*Organism { return all() }

// Names lists their names.
func Names() []string {
	var out []string
	for _, o := range all() {
		out = append(out, o.Name)
	}
	return out
}

// ByName gives the organism of that name, or nil. Its name in Latin, in any
// case, will do too.
func ByName(name string) *Organism {
	want := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "-")
	i := slices.IndexFunc(all(), func(o *Organism) bool {
		return o.Name == want || strings.ReplaceAll(strings.ToLower(o.Latin), " ", "-") == want
	})
	if i < 0 {
		return nil
	}
	return all()[i]
}
