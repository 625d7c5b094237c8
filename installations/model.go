package installations

import (
	"fmt"
	"image"
	"slices"
)

// Installation is one physical artwork, read and validated. It does not
// change after Open returned it, so any number of goroutines may read it.
// All lengths are metres: x right, y up, z towards the viewer.
type Installation struct {
	Name  string  // short name, as in `noctiluca run NAME`
	Title string  // for people
	File  string  // the installation.yaml it came from, for messages
	Rate  float64 // frames a second
	Seed  uint64  // default seed of everything random in it
	// Mesopic is the luminance of LEDs at full white, cd/m², for light to be
	// shown as an eye used to the dark sees it; 0 for as it is.
	Mesopic float64

	Pixels   Pixels
	Fixtures []Fixture
	Groups   []Group
	Cells    []Cell
	Scenes   []Scene // at least one; the first one plays at start
	Lives    []Living
	Outputs  []Output
	Supplies []Supply
	Signals  Signals
	Console  *Console // nil: none
	Scenery  Scenery

	Governance Governance
	Safety     Safety
}

// Pixels holds every LED of the installation, a slice for each component so
// that blocks of points can be loaded straight from it. All slices have the
// same length. A pixel's number is its index here; the pixels of a fixture
// are consecutive, in the order of its wire.
type Pixels struct {
	X, Y, Z []float32 // position, metres
	Fixture []int32   // index into Installation.Fixtures
	Along   []float32 // 0…1 along its fixture; of one that grows, from its root to its furthest tip
	Random  []float32 // 0…1, by the fixture's seed and the index: the pixel's own character
}

// Count is how many pixels there are.
func (p Pixels) Count() int { return len(p.X) }

// Fixture is a set of pixels in the order of its wire.
type Fixture struct {
	Name   string
	Kind   string // points, measured, strip, arc, ring, grid, helix, tree, fern, mycelium
	First  int    // its first pixel
	Count  int
	LED    LED
	Order  Order // of a pixel's bytes on the wire
	Supply int   // index into Installation.Supplies, -1 when none was named
	Feeds  []Feed
	Link   float64 // Ω of the wire between two pixels, there and back
	Line   int     // where it stands in the file, for messages
}

// LED is what the power estimate and the encoders need to know of an LED.
type LED struct {
	Type string // ws2812b, sk6812rgbw, …
	// Assumed says that the file named no type, and this one, which draws
	// most, stands for it.
	Assumed bool
	White   bool       // it has a white emitter
	Amber   bool       // it has an amber emitter
	Volts   float64    // supply voltage
	Idle    float64    // mA a pixel when dark
	Full    [5]float64 // mA of each emitter (R G B W A) at full
	Candela [5]float64 // cd of each emitter at full, straight ahead
	Guessed bool       // nobody measured the candelas: they go by the current
	PWM     float64    // Hz of its driver
	Least   float64    // the least voltage at which it works; 0: nobody said
	// Primaries is x, y and relative luminance of each emitter at full, in the
	// order R G B W A of those there are. Nil: not known; then red, green and
	// blue are what fields mean by them.
	Primaries [][3]float64
}

// Group is a named set of fixtures, and of parts of fixtures: what a layer of
// a scene plays on.
type Group struct {
	Name     string
	Fixtures []int  // those that are in it whole, ascending
	Parts    []Span // of others, ascending, none touching the next
}

// Span is pixels of an installation one after another.
type Span struct{ First, Count int }

// Spans are the pixels of a group, ascending.
func (inst *Installation) Spans(group int) []Span {
	g := &inst.Groups[group]
	out := slices.Clone(g.Parts)
	for _, f := range g.Fixtures {
		if n := inst.Fixtures[f].Count; n > 0 {
			out = append(out, Span{inst.Fixtures[f].First, n})
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return a.First - b.First })
	return out
}

// Cell is a place in the installation where people are sensed.
type Cell struct {
	Name   string
	At     [3]float32
	Radius float32
}

// Scene is a field for each of some groups, with parameters and what moves them.
type Scene struct {
	Name   string
	Colour *[3]uint8 // on pads and in the window; nil for one by its place
	Layers []Layer
}

// Layer plays one field on the pixels of one group.
type Layer struct {
	Name       string
	Group      int    // index into Installation.Groups
	FieldFile  string // name of the Kage file, for messages
	FieldText  []byte // its source
	Life       string // the life whose state the field reads; empty for none
	Settings   map[string]float64
	Living     *Living // what Life names, where it is a combined one
	Colours    []Colour
	Blend      string // normal, add, screen, lighten, multiply
	Level      float32
	Parameters []Parameter
	Picture    *Picture      // where the picture of a field with a Fragment lies; nil for none
	Images     []image.Image // the field's source images
	Line       int
}

// Picture is a plane or a cylinder that a picture is wrapped on.
type Picture struct {
	Cylinder      bool
	At, Normal    [3]float64 // Normal is the axis of a cylinder; it is no zero
	Width, Height float64    // metres; a cylinder has no Width
	Turn          float64    // degrees about Normal
	Pixels        [2]int     // width and height
}

// Parameter is a named value that a field reads as the uniform of that name.
type Parameter struct {
	Name     string // the field's uniform, e.g. Breath
	Min, Max float32
	Default  float32
	// Integrate: the field reads the time integral of the value (a rate in
	// cycles a second), wrapped at 1, so that a changing speed never jumps.
	Integrate bool
	// Modulations move the parameter by a signal; their contributions are
	// added to Default and the sum is clamped to Min…Max.
	Modulations []Modulation
	Line        int
	Unit        string // for people; empty for none, or Hz where it is integrated
	Curve       string // how a control's way becomes a value: linear, square, exponential; empty for what suits
	// Found in the field, as the file does not speak of it.
	Found bool
}

// Modulation adds Depth × signal to a parameter, smoothed by a first-order
// low-pass of the time constants Rise and Fall, in seconds.
type Modulation struct {
	Signal     string // arousal, valence, presence, coherence, fragmentation, heart, breath
	Cell       int    // index into Installation.Cells, -1 for the whole
	Depth      float32
	Rise, Fall float32
}

// Output is one stream to one controller, or to groups of them.
type Output struct {
	Name       string
	Protocol   string  // artnet, sacn, ddp, …: a key of the protocols of this package
	Host       string  // host or host:port; empty with Multicast, Discover and Device
	Multicast  bool    // sacn only
	Discover   bool    // artnet only: to the nodes that answer a poll
	Broadcast  bool    // Host is a broadcast address, and that is meant
	Interface  string  // with Multicast and Discover; empty for the system's choice
	Device     string  // a device file, of those protocols that have one
	Priority   int     // sacn only, 0…200
	PerAddress bool    // sacn: a priority for each address too
	Preview    bool    // sacn: not for live light
	Sync       bool    // artnet: ArtSync after each frame; sacn: synchronisation packets
	SyncUniv   int     // sacn: the synchronisation universe when Sync
	Failsafe   string  // artnet: hold, zero, full, scene; empty to leave it
	TimeCode   string  // artnet: film, ebu, df, smpte; empty for none
	Gamma      float64 // byte = round(255 × light^(1/Gamma)); 1 is linear
	Lightness  bool    // instead, byte = round(255 × L*/100), CIE 1976
	Dither     bool    // steps of a byte are divided in time and along the wire; never with Bits 16
	Still      bool    // they are divided along the wire only
	Bits       int     // of a component, 8 or 16; 0 stands for 8
	MaxRate    float64 // frames a second; 0 for all
	Spread     float64 // of a frame, 0…1: over which its packets go out
	Changes    bool    // what does not change is sent seldom
	Address    string  // osc: the address of a fixture's light
	Form       string  // osc: blob, values, mean
	Timeout    int     // wled, seconds
	Realtime   string  // wled: drgb or warls; empty stands for drgb
	Baud       int     // adalight, awa
	Chip       string  // spi: ws2812, ws2801, apa102
	Clock      int     // spi, Hz
	Brightness int     // spi: of an apa102, 1…31
	Universes  []Universe
	Bytes      int // length of the output's channel data: Universes lie in it one after another
	Runs       []Run
	Line       int
}

// Universe is one universe of an output.
type Universe struct {
	Number int // Art-Net: 15-bit port address from 0; sACN: 1…63999; opc: channel; ddp: destination; kinet: port
	Offset int // its first channel in the output's bytes
	Length int // channels in use; even and at most 512 where universes are DMX512's
}

// Run is a stretch of pixels whose bytes follow one another in an output,
// inside one universe. Pixel First+i×Step goes to Offset+i×Width().
type Run struct {
	First, Step, Count int
	Offset             int   // into the output's bytes
	Order              Order // e.g. G R B: the component each byte carries
	Wide               bool  // a component is two bytes, 0…65535, coarse then fine
}

// Width is how many bytes a pixel has.
func (r *Run) Width() int {
	if r.Wide {
		return 2 * len(r.Order)
	}
	return len(r.Order)
}

// Order is a colour order: for each byte the component 0 R, 1 G, 2 B, 3 W, 4 A.
type Order []uint8

// String gives the order as it is written in the file, e.g. GRB.
func (o Order) String() string {
	b := make([]byte, len(o))
	for i, c := range o {
		b[i] = "RGBWA"[c]
	}
	return string(b)
}

// Supply is a power supply and the most it may be asked for.
type Supply struct {
	Name  string
	Watts float64
	Line  int
}

// Signals is where people's signals come from.
type Signals struct {
	OSC     OSC
	Devices []SensorDevice
	Map     []Mapping
	Streams []string // names of Lab Streaming Layer streams to take in
}

// OSC is the socket that listens for signals. Listen is empty when off.
type OSC struct {
	Listen string   // host:port, default 127.0.0.1:9000
	Allow  []string // addresses or CIDR prefixes that may send; empty: the loopback and the host's own
}

// SensorDevice assigns a device, whose messages name nobody, to a person.
type SensorDevice struct {
	Kind    string // emotibit, mindmonitor, openbci, wekinator, heartrate, mapped
	Address string // OSC address prefix, e.g. /EmotiBit/0; empty for mapped
	Person  string // pseudonym
	Cell    int    // where that person stands
	// Consent says how the wearer agreed, in words; empty is no consent,
	// and then every reading of the device is dropped where it arrives.
	Consent    string
	Purposes   []string // light, display, record; empty: light and display
	Modalities []string // feeling, heart, skin, breath, brain; empty: all
	Hours      float64  // for how long; 0 until it is taken back
	Line       int
}

// Mapping leads an address to a person's signal: Scale × number + Offset, and
// its log10 if Log.
type Mapping struct {
	Address       string // an address or a pattern
	Person        string
	Kind          string // as package signal names it
	Argument      int    // 1 is the first number of a message, −1 the last, 0 all as samples
	Scale, Offset float64
	Log           bool
	Rate          float64 // samples a second; 0 is unknown
	Line          int
}

// Governance is what the work may do with people's signals; format.Governance
// says what each rule is.
type Governance struct {
	InfluenceCap float64 // 0…1
	Blend        float64 // 0 own … 1 whole
	SteerValence float64
	SteerArousal float64
	SteerMost    float64 // 0: off
	SteerSlew    float64 // a second
	MinimumGroup int
	OwnLights    int     // people with a light of their own at a time; 0 the default, below 0 nobody
	Epsilon      float64 // a day
	NoVeto       bool
	Setting      string // public, workplace, school

	LoopLimit, LoopAssumed, LoopDither float64

	Live []string // rules that may be changed while it plays, as signal.RuleNames
}

// Scenery is what stands in the installation and does not shine: the window
// draws it dark, so that light has something to fall on.
type Scenery struct {
	Limbs  []Limb // trunks, branches, stems
	Ground Ground
	View   View
}

// View is where the window looks from at first; with From and At the same, so
// far in front that all of it is seen.
type View struct {
	From, At [3]float32
	Angle    float32 // vertical, degrees
}

// Limb is a tapered piece of wood or stem.
type Limb struct {
	From, To             [3]float32
	RadiusFrom, RadiusTo float32
	Fixture              int // whose limb it is
}

// Ground is the floor: a rectangle around Centre at height Y, with a stream
// bed along Stream, if any.
type Ground struct {
	Centre [3]float32
	Size   [2]float32   // x and z
	Stream [][3]float32 // the middle of the stream, point after point
	Width  float32      // of the stream
}

// Problem is one thing wrong in a file, or one warning about it.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 when the whole file is meant
	Message      string // what was seen, with the value, and what must hold
	Warning      bool
}

func (p Problem) String() string {
	kind := "error"
	if p.Warning {
		kind = "warning"
	}
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s: %s", p.File, kind, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Column, kind, p.Message)
}

// Problems is every error of an installation, as one error.
type Problems []Problem

func (ps Problems) Error() string {
	s := ""
	for i, p := range ps {
		if i > 0 {
			s += "\n"
		}
		s += p.String()
	}
	return s
}
