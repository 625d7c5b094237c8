// Package consent says what a person has agreed to: which of their signals may
// serve which purpose, and until when. It keeps no list of people (package
// signal does) and knows no readings.
//
// The one idea it owns: what was not granted is denied. The zero Terms deny
// everything, a grant names each purpose and each modality, and a later grant
// takes the place of the one before rather than adding to it.
package consent

import (
	"fmt"
	"strings"
	"time"
)

// Modality is a set of kinds of signal.
type Modality uint8

// The modalities.
const (
	Feeling Modality = 1 << iota // valence and arousal, as a sender measured them
	Heart                        // pulse wave, electrocardiogram, beats, rate
	Skin                         // conductance
	Breath
	Brain      // electroencephalogram
	Everything = Feeling | Heart | Skin | Breath | Brain
)

// Purpose is a set of what signals may be used for.
type Purpose uint8

// The purposes.
const (
	Light   Purpose = 1 << iota // moves the light
	Display                     // is shown, under the pseudonym, to those who run the work
	Record                      // is written to a file
)

var modalities = []struct {
	name string
	m    Modality
}{{"feeling", Feeling}, {"heart", Heart}, {"skin", Skin}, {"breath", Breath}, {"brain", Brain}}

var purposes = []struct {
	name string
	p    Purpose
}{{"light", Light}, {"display", Display}, {"record", Record}}

// Terms are what one person has agreed to: for each purpose the modalities
// that may serve it. The zero value agrees to nothing.
type Terms struct {
	Light, Display, Record Modality
	// Until is the engine time at which it ends by itself; 0 is with the visit.
	Until time.Duration
}

// New gives terms by which all the modalities may serve all the purposes.
func New(p Purpose, m Modality, until time.Duration) Terms {
	t := Terms{Until: until}
	if p&Light != 0 {
		t.Light = m
	}
	if p&Display != 0 {
		t.Display = m
	}
	if p&Record != 0 {
		t.Record = m
	}
	return t
}

// Any is every modality that serves some purpose: what is not in it is dropped
// where it arrives.
func (t Terms) Any() Modality { return t.Light | t.Display | t.Record }

// Ended says whether the terms have run out.
func (t Terms) Ended(now time.Duration) bool { return t.Until > 0 && now >= t.Until }

// String names what is agreed to, for the audit log.
func (t Terms) String() string {
	var b strings.Builder
	for _, p := range purposes {
		m := t.of(p.p)
		if m == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(p.name + ":")
		for _, k := range modalities {
			if m&k.m != 0 {
				b.WriteString(" " + k.name)
			}
		}
	}
	if b.Len() == 0 {
		return "nothing"
	}
	if t.Until > 0 {
		fmt.Fprintf(&b, "; until %v", t.Until.Round(time.Second))
	}
	return b.String()
}

func (t Terms) of(p Purpose) Modality {
	switch p {
	case Light:
		return t.Light
	case Display:
		return t.Display
	}
	return t.Record
}

// Parse adds one word, the name of a purpose or a modality, to the sets.
func Parse(word string, p *Purpose, m *Modality) bool {
	for _, k := range purposes {
		if k.name == word {
			*p |= k.p
			return true
		}
	}
	for _, k := range modalities {
		if k.name == word {
			*m |= k.m
			return true
		}
	}
	return false
}

// Purposes and Modalities are the words that Parse knows.
func Purposes() []string {
	var out []string
	for _, k := range purposes {
		out = append(out, k.name)
	}
	return out
}

// Modalities are the names of all modalities.
func Modalities() []string {
	var out []string
	for _, k := range modalities {
		out = append(out, k.name)
	}
	return out
}

// syllables make pseudonyms that can be said aloud and mean nothing.
var syllables = [...]string{
	"ba", "be", "bi", "bo", "da", "de", "di", "do", "fa", "fe", "fi", "fo", "ga", "go", "ka", "ki",
	"la", "le", "li", "lo", "lu", "ma", "me", "mi", "mo", "mu", "na", "ne", "ni", "no", "nu", "pa",
	"pe", "pi", "po", "ra", "re", "ri", "ro", "ru", "sa", "se", "si", "so", "su", "ta", "te", "ti",
	"to", "tu", "va", "ve", "vi", "vo", "wa", "we", "wi", "ya", "yo", "yu", "za", "ze", "zi", "zo",
}

// Pseudonym is a name for one visit, of 48 random bits. The next visit gets
// another, so that two visits cannot be told to be one person's.
func Pseudonym(random uint64) string {
	var b strings.Builder
	for i := range 8 {
		if i == 4 {
			b.WriteByte('-')
		}
		b.WriteString(syllables[random>>(6*i)&63])
	}
	return b.String()
}
