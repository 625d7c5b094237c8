package installations

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // images may be JPEG
	_ "image/png"  // and PNG
	"io/fs"
	"net/netip"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

// maxField is how large a field's source may be, in bytes.
const maxField = 1 << 20

func (m *maker) makeScenes() {
	d := m.doc.Scenes
	m.index("scene", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].At("name") })
	texts := map[string]fieldText{}
	for i := range d {
		scene := Scene{Name: d[i].Name, Colour: m.sceneColour(&d[i])}
		layers := d[i].Layers
		m.index("layer", len(layers), func(k int) (string, document.Place) { return layers[k].Name, layers[k].At("name") })
		for k := range layers {
			scene.Layers = append(scene.Layers, m.layer(&layers[k], texts))
		}
		m.inst.Scenes = append(m.inst.Scenes, scene)
	}
}

func (m *maker) layer(d *format.Layer, texts map[string]fieldText) Layer {
	l := Layer{Name: d.Name, Blend: d.Blend, Level: float32(d.Level), Line: d.Start().Line}
	if d.Group != "" {
		l.Group, _ = find(m, "group", d.Group, m.groups, d.At("group"))
	}
	if d.Field != "" {
		f, read := texts[d.Field]
		if !read {
			f = m.field(d.Field)
			texts[d.Field] = f
		}
		if f.message != "" {
			m.r.Errorf(d.At("field"), "%s", f.message)
		}
		l.FieldFile, l.FieldText = f.file, f.text
	}
	m.living(d, &l)
	for i := range d.Parameters {
		l.Parameters = append(l.Parameters, m.parameter(&d.Parameters[i]))
	}
	if d.Has("picture") {
		l.Picture = m.picture(d)
	}
	for _, name := range d.Images {
		img, message := m.image(name)
		if message != "" {
			m.r.Errorf(d.At("images"), "image %s: %s", quoted(name), message)
		}
		l.Images = append(l.Images, img)
	}
	return l
}

// sceneColour is what a scene's pad shows, or nil.
func (m *maker) sceneColour(d *format.Scene) *[3]uint8 {
	if !d.Has("colour") {
		return nil
	}
	if !hexColour.MatchString(d.Colour) {
		m.r.Errorf(d.At("colour"), `colour is %s: expected red, green and blue as "#3080ff"`, quoted(d.Colour))
		return nil
	}
	var c [3]uint8
	for i := range c {
		n, _ := strconv.ParseUint(d.Colour[1+2*i:3+2*i], 16, 8)
		c[i] = uint8(n)
	}
	return &c
}

func (m *maker) picture(l *format.Layer) *Picture {
	d := &l.Picture
	p := &Picture{Cylinder: d.Shape == "cylinder", At: d.At, Normal: d.Normal, Width: d.Width, Height: d.Height, Turn: d.Turn, Pixels: d.Pixels}
	if !d.Has("normal") {
		p.Normal = [3]float64{0, 0, 1}
		if p.Cylinder {
			p.Normal = [3]float64{0, 1, 0}
		}
	}
	switch {
	case d.Broken():
	case p.Normal == [3]float64{}:
		m.r.Errorf(d.Object.At("normal"), "normal is [0, 0, 0]: it must point somewhere")
	case !p.Cylinder && !d.Has("width"):
		m.r.Errorf(d.Start(), "a plane needs a width")
	case p.Cylinder && d.Has("width"):
		m.r.Errorf(d.Object.At("width"), "a cylinder has no width: the picture goes once around it")
	}
	return p
}

// Limits of an image: a file of so many bytes, a picture of so many pixels.
const (
	maxImage       = 32 << 20
	maxImagePixels = 16 << 20
)

// image reads a PNG or JPEG file.
func (m *maker) image(name string) (image.Image, string) {
	data, message := readFile(m.fsys, path.Join(path.Dir(m.file), name), maxImage)
	if message != "" {
		return nil, message
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, "this is neither a PNG nor a JPEG file"
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxImagePixels/c.Height {
		return nil, fmt.Sprintf("it has %d by %d pixels: at most %d are read", c.Width, c.Height, maxImagePixels)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err.Error()
	}
	return img, ""
}

// fieldText is the source of a field, or why it could not be read.
type fieldText struct {
	file    string
	text    []byte
	message string
}

// field reads a field: of the installation's own, or a shipped one.
func (m *maker) field(name string) fieldText {
	if own(name) {
		f := fieldText{file: filepath.ToSlash(filepath.Join(filepath.Dir(m.display), name))}
		f.text, f.message = readFile(m.fsys, path.Join(path.Dir(m.file), name), maxField)
		if strings.HasPrefix(name, "/") {
			f.message = "not a path inside the folder: no .. and no / at the start"
		}
		if f.message != "" {
			f.message = "field " + name + ": " + f.message
		}
		return f
	}
	f := fieldText{file: "shaders/" + name + ".kage"}
	names := m.fieldNames()
	if !slices.Contains(names, name) {
		f.message = "there is no shipped field " + quoted(name) + document.Expected(name, names) + " (a field of your own is a path that ends in .kage)"
		return f
	}
	if f.text, f.message = readFile(m.fields, name+".kage", maxField); f.message != "" {
		f.message = "field " + name + ": " + f.message
	}
	return f
}

func quoted(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return `"` + strings.ToValidUTF8(s, "�") + `"`
}

// fieldNames lists the shipped fields.
func (m *maker) fieldNames() []string {
	if m.fields == nil {
		return nil
	}
	files, _ := fs.Glob(m.fields, "*.kage")
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], ".kage")
	}
	return files
}

func (m *maker) parameter(d *format.Parameter) Parameter {
	p := Parameter{Name: d.Name, Min: float32(d.Min), Max: float32(d.Max), Default: float32(d.Default), Integrate: d.Integrate, Unit: d.Unit, Curve: d.Curve, Line: d.Start().Line}
	if !isUniform(d.Name) {
		m.r.Errorf(d.Start(), "parameter %s: a field's uniforms begin with a capital and hold letters, digits and _", quoted(d.Name))
	}
	if !d.Has("default") {
		p.Default = p.Min
	}
	switch {
	case d.Broken():
	case d.Min >= d.Max:
		m.r.Errorf(d.At("min"), "parameter %s: min is %g and max is %g: min must be under max", d.Name, d.Min, d.Max)
	case d.Has("default") && (d.Default < d.Min || d.Default > d.Max):
		m.r.Errorf(d.At("default"), "parameter %s: default is %g: must be within min…max, %g…%g", d.Name, d.Default, d.Min, d.Max)
	}
	if d.Curve == "exponential" && d.Min <= 0 && !d.Broken() {
		m.r.Errorf(d.At("curve"), "parameter %s: curve is exponential and min is %g: min must be over 0", d.Name, d.Min)
	}
	if utf8.RuneCountInString(d.Unit) > 12 {
		m.r.Errorf(d.At("unit"), "parameter %s: unit %s: at most 12 characters", d.Name, quoted(d.Unit))
	}
	for i := range d.Move {
		v := &d.Move[i]
		mod := Modulation{Signal: v.Signal, Cell: -1, Depth: float32(v.Depth), Rise: float32(v.Rise), Fall: float32(v.Fall)}
		if v.Cell != "" {
			if c, ok := find(m, "cell", v.Cell, m.cells, v.At("cell")); ok {
				mod.Cell = c
			}
		}
		p.Modulations = append(p.Modulations, mod)
	}
	return p
}

// isUniform says whether a name can be a uniform's: exported, as Kage wants it.
func isUniform(s string) bool {
	for i, c := range s {
		if i == 0 && !unicode.IsUpper(c) || !(c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c)) {
			return false
		}
	}
	return s != ""
}

func (m *maker) makeSignals() {
	d := &m.doc.Signals
	osc := &d.OSC
	if osc.Listen != "off" && osc.Listen != "" {
		if _, port, ok := splitHost(osc.Listen); !ok || port == "" {
			if !strings.HasPrefix(osc.Listen, ":") || !isPort(osc.Listen[1:]) {
				m.r.Errorf(osc.At("listen"), "listen is %q: expected address:port, as 127.0.0.1:9000, or off", osc.Listen)
			}
		}
		m.inst.Signals.OSC.Listen = osc.Listen
	}
	for i, a := range osc.Allow {
		_, err1 := netip.ParseAddr(a)
		_, err2 := netip.ParsePrefix(a)
		if err1 != nil && err2 != nil && a != "" {
			m.r.Errorf(osc.Item("allow", i), "allow %s: expected an address, or a network as 10.0.0.0/8", quoted(a))
		}
	}
	m.inst.Signals.OSC.Allow = osc.Allow
	m.makeDevices(d)
}

func isPort(s string) bool {
	_, port, ok := splitHost("localhost:" + s)
	return ok && port != ""
}
