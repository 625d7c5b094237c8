// Package lane is what the flash limiter does with every light of a frame:
// kernels that take blocks of lights a frame on, decide which of them are
// dimmed by how much, dim them, and add up the areas of those that did
// something. Whatever decides about more than one light is not here.
//
// Each kernel is there in plain Go, which says what it does, and for
// instruction sets that do several lights at once, which gen writes with avo.
// All give the same bits: a kernel is a sequence of IEEE 754 operations of
// float32, none fused, and adds in an order of its own that no set changes.
package lane

//go:generate go run ./gen -out lane_amd64.s

import (
	"math"
	"math/bits"
)

// Size is how many lights a block has.
const Size = 256

// Bits is a yes or no for each light of a block, the first in the lowest bit
// of the first word.
type Bits [Size / 64]uint64

// Any says whether it is yes for any light.
func (b *Bits) Any() bool { return b[0]|b[1]|b[2]|b[3] != 0 }

// Count is for how many lights it is yes.
func (b *Bits) Count() int {
	return bits.OnesCount64(b[0]) + bits.OnesCount64(b[1]) + bits.OnesCount64(b[2]) + bits.OnesCount64(b[3])
}

// Codes are the transitions of a frame: who went up, or down, in luminance
// and in redness; of redness those with a saturated red before or after.
type Codes [4]Bits

// What Codes holds.
const (
	LumUp = iota
	LumDown
	RedUp
	RedDown
)

// Wide is a number once for each lane of the widest set.
type Wide [16]float32

// Of is v in every lane.
func Of(v float32) (w Wide) {
	for i := range w {
		w[i] = v
	}
	return w
}

// SignBit tells, in an extreme, a light that fell last (set) from one that
// rose. An extreme is the highest of a signal since it rose, or the negated
// lowest since it fell.
const SignBit = 1 << 31

// Near keeps a change that is right at a threshold a change.
const Near = 1 - 1e-6

// Endless is over every signal.
const Endless = 3e38

// Track is the rule of a change of one signal: from a darker state under dark
// it is lift, over it the ratio of the two; with ratio 0 there is none there.
type Track struct {
	Lift, Dark Wide
	// Share and Least say which changes are worth a look: of so much of the
	// extreme, and of so much.
	Share, Least Wide
	Slack        Wide // what keeps a fall of just the threshold a fall
	// Above Dark a rise is what is over the lowest times Ratio, and over
	// Floor; a fall is what is under the highest by Divisor, and Rest.
	Ratio, Floor, Divisor, Rest Wide
}

// NewTrack prepares a rule.
func NewTrack(lift, dark, ratio float32) (t Track) {
	t.Lift, t.Dark, t.Least = Of(lift), Of(dark), Of(float32(lift*Near))
	slack := float32(lift * (1 - Near))
	t.Slack = Of(slack)
	if ratio > 0 {
		t.Share = Of((1 - 1/ratio) * Near)
		t.Ratio, t.Divisor, t.Rest = Of(ratio), Of(ratio), Of(slack)
	} else {
		t.Floor, t.Divisor = Of(Endless), Of(float32(math.Inf(1)))
		t.Rest = Of(dark * Near) // just under it a fall of that size is one
	}
	return t
}

// Rules are what lights are followed by.
type Rules struct {
	Lum, Red Track
	RedShare Wide // of R, G and B, from which a red is saturated
	// Constants of the kernels.
	Near, Sign, Zero Wide
}

// NewRules prepares them.
func NewRules(lum, red Track, share float32) *Rules {
	return &Rules{Lum: lum, Red: red, RedShare: Of(share), Near: Of(Near), Sign: Of(math.Float32frombits(SignBit))}
}

// Block is what one block is followed with. Its lights are Size values of
// each component, and of their luminance, where that is not the sum of R, G
// and B by Full.
type Block struct {
	R, G, B, Y      *[Size]float32
	OldLum, NextLum *[Size]float32 // extremes, of the frame before and of this one
	OldRed, NextRed *[Size]float32
	OldSat, NextSat *Bits // a saturated red since the last transition of redness
	Codes           *Codes
	Sums            *[Size]float32 // luminances are added to it, each to its own
	Rules           *Rules
	Full            [3]Wide
	Hot, Glows, Lit uint32 // results: see Set
	N               int    // lights, of Size, in sixteens
}

// Choice is what one block of lights is decided with, by one signal.
type Choice struct {
	Old, Next     *[Size]float32 // extremes
	Turned        *Bits          // they rise, which is a transition
	Soft, Then    *Bits          // they were softened before, and are from now on
	Flags         *[Size]uint8   // what their cells say
	Before, Gains *[Size]float32 // Gains become the gain where that is less than Before, else Before
	Rule          *Track
	Margin        Wide   // how much below the threshold a rise is held
	Back          Wide   // how much a light that comes back may rise
	Most          Wide   // what a gain is multiplied by, and the most of one under 1
	Near, Sign    Wide   // constants
	Dims          uint32 // becomes 1 if a light is dimmed
	N             int    // lights, in sixteens
}

// Flags of a light, from its cell.
const (
	Refused     = 1 << (7 - iota) // it may not rise
	Held                          // one that was softened has to wait
	Unrecovered                   // one that was softened may only come back slowly
)

// Mix is what lights that are no sum of one pixel's R, G and B are worked out
// with.
type Mix struct {
	R, G, B []float32         // of pixels
	Run     int               // of pixels that are one light
	White   uint32            // 1: the LED has a white emitter, which takes what R, G and B share
	N       int               // lights of a block, in sixteens
	Mixed   [4]*[Size]float32 // become their mean R, G, B and luminance
	Full    [4]Wide
	Count   Wide // Run
}

// Dim is what a block is dimmed with.
type Dim struct {
	R, G, B *[Size]float32
	Gains   *[Size]float32
	N       int     // lights, in sixteens
	Count   int     // of gains that are not 1, added up
	Least   float32 // becomes the least gain, or 1
	One     Wide    // a constant
	Steps   *Steps  // the light that can be sent, for DimSteps
	ByRed   ByRed
}

// Four is up to four consecutive lights of one cell: the areas of so many,
// then zeros.
type Four [4]uint32

// Areas are what lights are added up with, by cells: the areas of those in A
// and of those in B.
type Areas struct {
	A, B  [words]uint64 // a bit for each light
	N     int           // lights
	Fours []Four
	Where []Where // of each four
	Seen  []Seen  // the lights, one by one
	Cells []Sum
	pairs [2*words + 1]uint64 // the bits of A and B in turn
}

// Seen is one light as a place sees it.
type Seen struct {
	Cell int32
	Area int32
}

// Where says which cell four lights lie in, and which is the first of them:
// in the upper half the cell, sixteenfold, from bit 8 on the byte of the first
// one's pair of bits, and in the lowest six which bit of that.
type Where uint64

// At is the place of four lights.
func At(cell, first int) Where { return Where(cell<<36 | first/4<<8 | first%4*2) }

// Cell is which cell they lie in, First the first of them.
func (w Where) Cell() int  { return int(w >> 36) }
func (w Where) First() int { return int(w>>8&0xffff)*4 + int(w&63)/2 }

// Sum is an area in A and one in B.
type Sum [2]uint64

// Windows are what areas are added up with, by windows.
type Windows struct {
	Before []Sum   // of each cell, the sum of all before it, and then that of all
	Runs   []Run   // of the cells of each window
	First  []int32 // where each window's begin, and then where the last's end
	Sums   []Sum   // become those of each window
}

// Run is some cells that follow each other, up to To.
type Run struct{ From, To int32 }

// Tell is what the flags of cells are told to their lights with.
type Tell struct {
	Cells  []uint8 // of each cell, and 16 more that do not matter
	Crowds []Crowd
	Lights []uint8 // become those of each light
}

// Crowd says in which cells 32 lights lie: so many after First, at most 15, or,
// with Then added, so many after Second. Each sixteen lights have their own.
type Crowd struct {
	First, Second [2]int32
	After         [32]uint8
}

// Then tells what is after Crowd.Second.
const Then = 0x80

// MaxLights is how many lights Areas can tell apart, Part blocks.
const (
	MaxLights = Part * Size
	Part      = 8
	words     = MaxLights / 64
)

// Set is one set of kernels. It is immutable and safe for concurrent use.
type Set struct {
	Name string
	// Dark follows a block in which nothing was red: it does nothing but set
	// Glows where anything now is more red than green and blue; else it
	// writes NextLum, Sums and Codes, and sets Hot if there are any. DarkY is
	// for lights with Y given.
	Dark, DarkY func(*Block)
	// Full follows all of a block. Glows is as in Dark, Lit says that a
	// redness is not at its darkest, or was not before it fell.
	Full, FullY func(*Block)
	// Choose decides on a block's lights that rise.
	Choose func(*Choice)
	// Dim multiplies a block by its gains. DimSteps gives light in steps: at
	// most that much, no redder, and no saturated red that was none.
	Dim, DimSteps func(*Dim)
	// Mix works out lights of several pixels, or with a white emitter.
	Mix func(*Mix)
	// Add adds up areas.
	Add func(*Areas)
	// AddFew does the same from Seen, which is quicker where few are in A and B.
	AddFew func(*Areas)
	// Spread adds up areas by windows.
	Spread func(*Windows)
	// Tell tells lights the flags of their cells.
	Tell func(*Tell)
}

// Sets are the sets that this CPU can run, the fastest first; the last is
// plain Go.
func Sets() []*Set { return append(natives(), plain) }

// Best is the fastest.
func Best() *Set { return Sets()[0] }
