// Package controllers is what is known of MIDI controllers: their controls by
// name, the messages they send, how their LEDs are lit, and what they must be
// told at the start. A file here is one controller; a new one needs no code.
//
// It moves no message. The one idea it owns: what the controls are and what
// they do by default is data.
//
// Channels count from 0 everywhere.
package controllers

import (
	"embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Profile is one controller.
type Profile struct {
	Name    string   `yaml:"name"`
	Match   []string `yaml:"match"`   // parts of its ports' names, in any case
	Not     []string `yaml:"not"`     // parts that its ports' names must not have
	Start   []string `yaml:"start"`   // messages, in hexadecimal, that it needs when it is plugged in
	Note    string   `yaml:"note"`    // what a person must do once
	Sources []string `yaml:"sources"` // where the figures come from
	Groups  []Group  `yaml:"controls"`
	Palette []string `yaml:"palette"` // colours of velocities 0, 1, …; for lights of kind palette
	// Solid, Pulse and Blink are the channels of a palette light's messages.
	Solid uint8 `yaml:"solid"`
	Pulse uint8 `yaml:"pulse"`
	Blink uint8 `yaml:"blink"`
	// RGB is how lights of kind rgb are told their colours.
	RGB *RGB `yaml:"rgb"`

	Controls []Control  `yaml:"-"` // the groups, written out
	Colours  [][3]uint8 `yaml:"-"`
	Opening  [][]byte   `yaml:"-"` // Start, as bytes
}

// RGB is a system-exclusive message that gives any number of lights a true
// colour each. It begins with Head; then, as Form says,
//
//   - akai: the number of bytes that follow, 14 bits, and for each light its
//     number twice (of a range first and last), and red, green and blue as
//     the eighth bit and the seven below it;
//   - novation: for each light a 3, its number, and red, green and blue, 0…127.
type RGB struct {
	Head string `yaml:"head"` // in hexadecimal, with its F0
	Form string `yaml:"form"`
	Most int    `yaml:"most"` // lights of one message

	Begin []byte `yaml:"-"` // Head, as bytes
}

// Group is a set of like controls. One with count is a row, NAME1, NAME2, …;
// one with rows and columns a grid, NAME1.1 at the top left.
type Group struct {
	Name string `yaml:"name"`
	Role string `yaml:"role"` // what it does by default; see Roles
	Kind string `yaml:"kind"` // fader, knob, encoder, button
	Send string `yaml:"send"` // note, cc, cc14, nrpn, bend, pressure, touch, program

	Count   int   `yaml:"count"`
	Rows    int   `yaml:"rows"`
	Columns int   `yaml:"columns"`
	Channel int   `yaml:"channel"`
	Number  int   `yaml:"number"`  // of the first
	Numbers []int `yaml:"numbers"` // of each, where they follow no rule
	// StepNumber and StepChannel lead from one to the next of a row; of a
	// grid, StepNumber leads to the right and RowNumber down.
	StepNumber  *int `yaml:"step"`
	StepChannel int  `yaml:"step_channel"`
	RowNumber   int  `yaml:"row"`

	// Relative is the encoding of an endless encoder: twos, offset or sign.
	Relative string `yaml:"relative"`
	// Steps is how many clicks of a relative encoder go the whole way; 0 is 128.
	Steps int    `yaml:"steps"`
	Light *Light `yaml:"light"`
}

// Light is the LED of a control.
type Light struct {
	Kind string `yaml:"kind"` // palette, rgb, switch, bicolour, ring
	Send string `yaml:"send"` // note or cc; left out: as the control
	// Channel and Number are those of the first; left out: the control's.
	Channel *int `yaml:"channel"`
	Number  *int `yaml:"number"`
	Step    *int `yaml:"step"`
	// Off, On and Blink are the values of a switch.
	Off   uint8 `yaml:"off"`
	On    uint8 `yaml:"on"`
	Blink uint8 `yaml:"blink"`
	// Dim to Amber are those of a bicolour LED.
	RedDim   uint8 `yaml:"red_dim"`
	Red      uint8 `yaml:"red"`
	GreenDim uint8 `yaml:"green_dim"`
	Green    uint8 `yaml:"green"`
	Amber    uint8 `yaml:"amber"`
	// Style is a message before the first value of a ring: a CC as far above
	// the ring's own as StyleAt says, with that value.
	Style   uint8 `yaml:"style"`
	StyleAt int   `yaml:"style_at"`
	// Low and High are a ring's values at its ends; High left out is 127.
	Low  uint8 `yaml:"low"`
	High uint8 `yaml:"high"`
}

// Control is one control, as its messages tell it.
type Control struct {
	Name     string
	Group    int // index into Groups
	Index    int // in its group; of a grid row × columns + column
	Role     string
	Kind     string
	Send     string
	Channel  uint8
	Number   int
	Relative string
	Steps    int
	Light    *Light
	LightOn  struct {
		CC      bool
		Channel uint8
		Number  uint8
	}
}

// Roles are what a group can do with no set-up.
var Roles = []string{
	"", "level", "master", "cross", "parameter", "scene", "select", "mute", "solo", "deck",
	"go", "back", "hold", "tap", "undo", "redo", "record", "keep", "blackout", "freeze", "panic",
	"page-next", "page-back", "cue", "program",
}

var (
	kinds = []string{"fader", "knob", "encoder", "button"}
	sends = []string{"note", "cc", "cc14", "nrpn", "bend", "pressure", "touch", "program"}
)

//go:embed *.yaml
var files embed.FS

var profiles = sync.OnceValue(func() []*Profile {
	var out []*Profile
	entries, _ := files.ReadDir(".")
	for _, e := range entries {
		data, _ := files.ReadFile(e.Name())
		p, err := Parse(e.Name(), data)
		if err != nil {
			panic("assets/controllers/" + err.Error())
		}
		out = append(out, p)
	}
	return out
})

// All lists the profiles. Read only; any goroutine may call it.
func All() []*Profile { return profiles() }

// For finds the profile of a port by its name, or nil.
func For(port string) *Profile {
	port = strings.ToLower(port)
	has := func(parts []string) bool {
		return slices.ContainsFunc(parts, func(s string) bool { return strings.Contains(port, strings.ToLower(s)) })
	}
	for _, p := range profiles() {
		if has(p.Match) && !has(p.Not) {
			return p
		}
	}
	return nil
}

// Named finds a profile by its own name, or nil.
func Named(name string) *Profile {
	for _, p := range profiles() {
		if strings.EqualFold(p.Name, name) {
			return p
		}
	}
	return nil
}

// Find gives the index of a control by its name, −1 when there is none.
func (p *Profile) Find(name string) int {
	return slices.IndexFunc(p.Controls, func(c Control) bool { return strings.EqualFold(c.Name, name) })
}

// Parse reads a profile. An error names the file and what is wrong in it.
func Parse(file string, data []byte) (*Profile, error) {
	p := &Profile{}
	if err := yaml.UnmarshalWithOptions(data, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := p.expand(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

func (p *Profile) expand() error {
	if p.Name == "" || len(p.Match) == 0 {
		return fmt.Errorf("a profile needs a name and match, parts of its ports' names")
	}
	for _, s := range p.Start {
		b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		if err != nil || len(b) == 0 {
			return fmt.Errorf("start %q: expected bytes in hexadecimal", s)
		}
		p.Opening = append(p.Opening, b)
	}
	for _, s := range p.Palette {
		b, err := hex.DecodeString(s)
		if err != nil || len(b) != 3 {
			return fmt.Errorf("palette: %q: expected six hexadecimal digits", s)
		}
		p.Colours = append(p.Colours, [3]uint8(b))
	}
	if r := p.RGB; r != nil {
		b, err := hex.DecodeString(strings.ReplaceAll(r.Head, " ", ""))
		if err != nil || len(b) < 2 || b[0] != 0xF0 {
			return fmt.Errorf("rgb: head is %q: expected bytes in hexadecimal that begin with F0", r.Head)
		}
		if r.Form != "akai" && r.Form != "novation" {
			return fmt.Errorf("rgb: form is %q: expected akai or novation", r.Form)
		}
		if r.Most < 1 || r.Most > 128 {
			return fmt.Errorf("rgb: most is %d: expected 1…128 lights in a message", r.Most)
		}
		r.Begin = b
	}
	taken := map[string]string{}
	for i := range p.Groups {
		g := &p.Groups[i]
		for what, word := range map[string][2]any{"kind": {g.Kind, kinds}, "send": {g.Send, sends}, "role": {g.Role, Roles}} {
			if !slices.Contains(word[1].([]string), word[0].(string)) {
				return fmt.Errorf("controls: %s: %s is %q: expected one of %v", g.Name, what, word[0], word[1])
			}
		}
		if g.Relative != "" && !slices.Contains([]string{"twos", "offset", "sign"}, g.Relative) {
			return fmt.Errorf("controls: %s: relative is %q: expected twos, offset or sign", g.Name, g.Relative)
		}
		rows, columns := g.Rows, g.Columns
		grid := rows > 0
		if !grid {
			rows, columns = 1, max(g.Count, 1)
		}
		if g.Numbers != nil && len(g.Numbers) != rows*columns {
			return fmt.Errorf("controls: %s: %d numbers for %d controls", g.Name, len(g.Numbers), rows*columns)
		}
		for k := range rows * columns {
			c, err := p.control(g, i, k, columns, grid)
			if err != nil {
				return err
			}
			at := fmt.Sprintf("%s %d %d", c.Send, c.Channel, c.Number)
			if was, ok := taken[at]; ok {
				return fmt.Errorf("controls: %s and %s send the same message (%s)", was, c.Name, at)
			}
			taken[at] = c.Name
			p.Controls = append(p.Controls, c)
		}
	}
	return nil
}

func (p *Profile) control(g *Group, group, k, columns int, grid bool) (Control, error) {
	step := 1
	if g.StepNumber != nil {
		step = *g.StepNumber
	} else if g.StepChannel != 0 {
		step = 0
	}
	c := Control{Name: g.Name, Group: group, Index: k, Role: g.Role, Kind: g.Kind, Send: g.Send, Relative: g.Relative, Steps: g.Steps, Light: g.Light}
	if c.Steps == 0 {
		c.Steps = 128
	}
	switch {
	case grid:
		c.Name = fmt.Sprintf("%s%d.%d", g.Name, k/columns+1, k%columns+1)
	case g.Count > 0:
		c.Name = fmt.Sprintf("%s%d", g.Name, k+1)
	}
	offset := k/columns*g.RowNumber + k%columns*step
	c.Number = g.Number + offset
	if g.Numbers != nil {
		c.Number = g.Numbers[k]
		offset = c.Number - g.Numbers[0]
	}
	channel := g.Channel + k%columns*g.StepChannel
	most := 127
	if g.Send == "nrpn" {
		most = 16383
	} else if g.Send == "cc14" {
		most = 31
	}
	if channel < 0 || channel > 15 || c.Number < 0 || c.Number > most {
		return c, fmt.Errorf("controls: %s: channel %d, number %d: expected 0…15 and 0…%d", c.Name, channel, c.Number, most)
	}
	c.Channel = uint8(channel)
	if l := g.Light; l != nil {
		if !slices.Contains([]string{"palette", "rgb", "switch", "bicolour", "ring"}, l.Kind) {
			return c, fmt.Errorf("controls: %s: light is %q: expected palette, rgb, switch, bicolour or ring", g.Name, l.Kind)
		}
		if l.Kind == "rgb" && p.RGB == nil {
			return c, fmt.Errorf("controls: %s: light is rgb: the profile needs rgb, the message that sets it", g.Name)
		}
		if l.High == 0 {
			l.High = 127
		}
		if l.Low > l.High || l.High > 127 {
			return c, fmt.Errorf("controls: %s: light from %d to %d: expected values that rise, to 127", g.Name, l.Low, l.High)
		}
		c.LightOn.CC = l.Send == "cc" || l.Send == "" && g.Send == "cc"
		c.LightOn.Channel, c.LightOn.Number = c.Channel, uint8(c.Number&127)
		if l.Channel != nil {
			c.LightOn.Channel = uint8(*l.Channel + k%columns*g.StepChannel)
		}
		if l.Number != nil {
			if l.Step != nil {
				offset = k * *l.Step
			}
			c.LightOn.Number = uint8(*l.Number + offset)
		}
	}
	return c, nil
}
