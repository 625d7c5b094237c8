package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"noctiluca/assets/organisms"
	"noctiluca/devices/plot"
	"noctiluca/devices/wholefile"
	"noctiluca/engine"
	"noctiluca/installations/document"
)

// organismsCommand lists the catalogue, or shows one of it.
type organismsCommand struct {
	Name string `arg:"" optional:"" name:"ORGANISM" help:"One of the catalogue, e.g. photinus-carolinus. Left out: all are listed."`
	Plot string `placeholder:"FILE" help:"Draw its spectrum, its place in the gamut and its light over time: a .png or an .svg."`
}

func (c *organismsCommand) Run(p *program) error {
	if c.Name == "" {
		if c.Plot != "" {
			return inputError{fmt.Errorf("--plot %s: of which organism? Name one: noctiluca organisms photinus-carolinus --plot FILE", c.Plot)}
		}
		listOrganisms(p)
		return nil
	}
	o := organisms.ByName(c.Name)
	if o == nil {
		return inputError{fmt.Errorf("organism %q: it is not in the catalogue; %s", c.Name, nearOrganisms(c.Name))}
	}
	if c.Plot != "" {
		d, err := plot.Organism(o)
		if err != nil {
			return err
		}
		var data []byte
		switch ext := strings.ToLower(filepath.Ext(c.Plot)); ext {
		case ".svg":
			data = d.SVG()
		case ".png":
			if data, err = d.PNG(); err != nil {
				return err
			}
		default:
			return inputError{fmt.Errorf("--plot %s: expected a name that ends in .png or .svg", c.Plot)}
		}
		if err := wholefile.Write(c.Plot, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, c.Plot)
		return nil
	}
	text, err := showOrganism(o, terminal(p.stdout) != nil)
	if err != nil {
		return err
	}
	_, err = p.stdout.Write([]byte(text))
	return err
}

// nearOrganisms tells which ones may have been meant: those that the word is a
// part of, the one it is nearly, or all.
func nearOrganisms(word string) string {
	var near []string
	for _, o := range organisms.All() {
		if w := strings.ToLower(word); w != "" && strings.Contains(strings.ToLower(o.Name+" "+o.Latin+" "+o.Common), w) {
			near = append(near, o.Name)
		}
	}
	if len(near) == 0 {
		if one, ok := document.Nearest(word, organisms.Names()); ok {
			near = append(near, one)
		}
	}
	if len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "?"
	}
	return "there is " + strings.Join(organisms.Names(), ", ")
}

func listOrganisms(p *program) {
	fmt.Fprintf(p.stdout, "%-28s %-34s %-15s %7s  %-10s %s\n", "name", "", "kind", "peak nm", "life", "ΔE OK on an RGB LED")
	for _, o := range organisms.All() {
		s := engine.Emission(o)
		peak, _ := s.PeakAndWidth()
		_, off := engine.Nominal(s.XYZ())
		reach := "–"
		if off >= 0.005 {
			reach = fmt.Sprintf("%.2f", off)
		}
		fmt.Fprintf(p.stdout, "%-28s %-34s %-15s %7.0f  %-10s %s\n", o.Name, o.Common, o.Kind, peak, o.Life, reach)
	}
	fmt.Fprintln(p.stdout, "\nnoctiluca organisms NAME shows one; --plot FILE.png draws it.")
}

// showOrganism is one organism in words and, as well as a terminal can, in
// pictures.
func showOrganism(o *organisms.Organism, coloured bool) (string, error) {
	course, err := engine.TimeCourse(o)
	if err != nil {
		return "", err
	}
	s := engine.Emission(o)
	rgb, off := engine.Nominal(s.XYZ())
	peak, width := s.PeakAndWidth()
	x, y := s.XYZ().Chromaticity()
	var b bytes.Buffer
	paint := func(text string) string {
		if !coloured {
			return text
		}
		var c [3]int
		for i, v := range rgb {
			c[i] = int(255 * math.Sqrt(float64(v)))
		}
		return fmt.Sprintf("\x1b[38;2;%d;%d;%dm%s\x1b[0m", c[0], c[1], c[2], text)
	}
	fmt.Fprintf(&b, "%s\n%s, %s\n", paint(o.Latin), o.Common, o.Kind)
	for _, st := range []struct {
		what string
		organisms.Statement
	}{{"where", o.Where}, {"stimulus", o.Stimulus}, {"rhythm", o.Rhythm}} {
		if st.Text != "" {
			fmt.Fprintf(&b, "%-9s %s (%s%s)\n", st.what, st.Text, st.Source, mark(st.Verify))
		}
	}
	const columns = 64
	curve := make([]float64, columns)
	for i := range curve {
		curve[i] = s.At(400+300*float64(i)/columns) / s.At(peak)
	}
	fmt.Fprintf(&b, "\nspectrum: peak %.0f nm, half as strong over %.0f nm\n%s400 nm%56s\n", peak, width, paint(plot.Terminal(curve, columns, 5)), "700 nm")
	for _, band := range o.Spectrum {
		if slices.Contains(band.Assumed, "width") {
			fmt.Fprintf(&b, "(for the band at %g nm no width was found: %g nm is assumed)\n", band.Peak, band.Width)
		}
	}
	reach := "within an RGB LED's gamut"
	if off >= 0.005 {
		reach = fmt.Sprintf("out of an RGB LED's gamut: it shows ΔE OK %.2f off", off)
	}
	fmt.Fprintf(&b, "colour: x %.4f, y %.4f, %s; red %.3f, green %.3f, blue %.3f\n", x, y, reach, rgb[0], rgb[1], rgb[2])
	light := slices.Clone(course.Light)
	most := max(slices.Max(light), 1e-9)
	for i := range light {
		light[i] /= most
	}
	fmt.Fprintf(&b, "\nlight over time: %s\n%s0%63s\n", course.What, paint(plot.Terminal(light, columns, 5)), fmt.Sprintf("%.4g %s", float64(len(light))*course.Step, course.Unit))
	fmt.Fprintf(&b, "\nplayed by the life %s with", o.Life)
	var keys []string
	for k := range o.Settings {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(&b, " %s %g", k, o.Settings[k])
	}
	if len(keys) == 0 {
		b.WriteString(" its own settings")
	}
	b.WriteString("\n\nwhat is cited:\n")
	for _, f := range o.Figures {
		note := ""
		if f.Note != "" {
			note = " – " + f.Note
		}
		if f.Beyond != "" {
			note += " – not measured on the light: " + f.Beyond
		}
		fmt.Fprintf(&b, "  %-13s %s %s%s (%s%s)\n", f.What, f.Range(), f.Unit, note, f.Source, mark(f.Verify))
	}
	return b.String(), nil
}

// mark says that a figure is widely cited and was not checked in its source.
func mark(verify bool) string {
	if verify {
		return "; to be verified there"
	}
	return ""
}
