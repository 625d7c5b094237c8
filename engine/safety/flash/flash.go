// Package flash finds the flashes that the people in a room see, and softens
// those that would make a frame harmful to who is photosensitive.
//
// The rules were written for screens (WCAG 2.3.1, ITU-R BT.1702). Here they
// are turned into a room: a light has a luminance in cd/m², from what its LED
// gives and the area it fills, and each viewing place sees it under a solid
// angle. A light that goes up and down by the rule's change has flashed; a
// place flashes when the area that does so at once, within any 10° of what is
// seen from a viewing place, reaches 0.006 sr.
//
// One machine does both jobs: an Analyser only counts; one with Limit set
// asks before each frame what that frame would complete, and takes back the
// rises, and only those, that would be one flash too many. It never adds
// light: a fall cannot be refused, so every rise it lets pass has its fall
// paid for in advance. Rules are applied to what was really sent.
//
// Nothing here reads a clock or allocates once running; all sums that decide
// anything are integers or added in a fixed order, so that the same light is
// softened the same way on every machine with any number of workers.
package flash

import "time"

// Rules say what a flash is, and how many are too many.
type Rules struct {
	// Change is the least change of luminance of a flash, cd/m², where the
	// darker state is under Dark. BT.1702-3 and Ofcom's guidance note,
	// annex 1, clause 3: 20 under 160. WCAG 2.2 "general flash": 10 % of the
	// most, where the darker is under 0.80 of it.
	Change, Dark float32
	// Contrast is the least Michelson contrast (a−b)/(a+b) of a flash whose
	// darker state is at Dark or over; 0: there is no flash there. BT.1702-3,
	// for high dynamic range: 1/17. At Dark the two join without a step.
	Contrast float32
	// RedShare is R/(R+G+B) from which a red is saturated, RedChange the
	// least change of R−G−B, both of linear components 0…1 (WCAG 2.2 "red
	// flash": 0.8, and 20/320 by its note).
	RedShare, RedChange float32
	// Area is how much has to flash at once, sr, in any 10° (WCAG 2.3.1,
	// "general flash and red flash thresholds": a quarter of them, 0.006).
	Area float64
	// Most is how many flashes, each a pair of opposing changes, one second
	// may have: 3.
	Most int
	// Extended is how long in any 5 s there may be 2 to 3 flashes a second
	// (IRIS, extended failure: 4 s); 0 does not look.
	Extended time.Duration
	// Together is what counts as at once: one picture of the television that
	// the rules were written for, 1/30 s.
	Together time.Duration
}

// Room is what this program holds to: the stricter of the standards.
func Room() Rules {
	r := BT1702()
	r.Extended = 4 * time.Second
	return r
}

// BT1702 is ITU-R BT.1702-3 with WCAG's saturated red.
func BT1702() Rules {
	return Rules{Change: 20, Dark: 160, Contrast: 1.0 / 17, RedShare: 0.8, RedChange: 20.0 / 320, Area: 0.006, Most: 3, Together: time.Second / 30}
}

// WCAG is WCAG 2.2's definition, for a screen whose white is so many cd/m².
func WCAG(white float32) Rules {
	r := BT1702()
	r.Change, r.Dark, r.Contrast = white/10, float32(0.8*white), 0
	return r
}

// Verdict is what one frame did, over all places and both kinds of flash.
type Verdict struct {
	// General and Red are the most opposing transitions that any 10° has
	// seen in the second that ends now. More than 2 × Rules.Most is harmful.
	General, Red int
	// Rolling says that lights over the area have each changed too often in
	// this second, even if never at once.
	Rolling bool
	// Extended says that some 10° saw 2 to 3 flashes a second for too long.
	Extended bool
	// Surround is the transitions, in the last second, of the light that is
	// thrown on everything around.
	Surround int

	// Around is the mean luminance of what surrounds the installation.
	Around float32

	// Softened is how many lights were dimmed, Gain the least of their
	// gains, At the stretch of the most dimmed, Place the viewing place
	// whose view asked for it (−1: the surroundings, which dim everything).
	Softened  int
	Gain      float32
	At, Place int
	RedCaused bool // a red flash was the reason
}

// Harmful says that the rules were broken in the second that ends now.
func (v *Verdict) Harmful(r Rules) bool {
	most := 2 * r.Most
	return v.General > most || v.Red > most || v.Surround > most || v.Rolling || v.Extended
}

// second is the rules' one second, less half a millisecond: times are whole
// nanoseconds cut off, and a change every third of a second is not faster.
const second = time.Second - 500*time.Microsecond
