// Package format is what an installation.yaml may say: Go types whose tags
// give each key with its type, range, default and meaning. The reader, the
// JSON Schema and the reference for artists are all made from them.
//
// It says what a file may hold, and not what it means: names are not looked
// up and nothing is built here. The one idea it owns: the format is written
// down once.
package format

import (
	"slices"
	"strings"

	"noctiluca/installations/document"
	"noctiluca/installations/fixture"
)

// Version is the format that is read.
const Version = 1

// Document is a whole file.
type Document struct {
	document.Object
	Noctiluca  int        `key:"noctiluca" need:"yes" range:"[1,1]" doc:"Version of the format."`
	Name       string     `key:"name" need:"yes" name:"yes" doc:"Short name, for the command line."`
	Title      string     `key:"title" doc:"Name for people; the short one when left out."`
	Rate       float64    `key:"rate" default:"60" range:"[1,240]" unit:"frames a second" doc:"Frames that are computed and sent."`
	Mesopic    float64    `key:"mesopic" default:"0" range:"[0,100000]" unit:"cd/m²" doc:"Light as an eye used to the dark sees it: what is dim turns blue and loses colour (CIE 191). The luminance of LEDs at full white; 0: off, for rooms where eyes do so themselves."`
	Seed       uint64     `key:"seed" default:"0" doc:"Seed of everything random: another number is another forest."`
	Cells      []Cell     `key:"cells" items:"0,8" doc:"Places where people are sensed."`
	Supplies   []Supply   `key:"supplies" items:"0,4096" doc:"Power supplies, and the most that each may be asked for."`
	LEDs       []LED      `key:"leds" items:"0,256" doc:"LED types of your own, beside the built-in ones."`
	Fixtures   []Fixture  `key:"fixtures" need:"yes" items:"1,4096" doc:"What shines: sets of pixels."`
	Outputs    []Output   `key:"outputs" items:"0,1024" doc:"Which channel of which universe each pixel goes to."`
	Lives      []Living   `key:"lives" items:"0,64" doc:"Lives combined of shipped ones, for layers to name."`
	Scenes     []Scene    `key:"scenes" need:"yes" items:"1,256" doc:"What plays. The first one plays at the start."`
	Signals    Signals    `key:"signals" doc:"Where people's signals come from."`
	Console    Console    `key:"console" doc:"A lighting console that moves the show, by Art-Net or sACN."`
	Governance Governance `key:"governance" doc:"What the work may do with people's signals."`
	Safety     Safety     `key:"safety" doc:"What the light may not do: flashes, glare, the night, failure."`
	Scenery    Scenery    `key:"scenery" doc:"What stands there and does not shine; only the window shows it."`
}

// More implements document.Extender: a key that begins with x- holds what the
// author wants, such as a value that is used by alias in several places.
func (d *Document) More() []string {
	var out []string
	for _, k := range d.Keys() {
		if strings.HasPrefix(k, "x-") {
			out = append(out, k)
		}
	}
	return out
}

// ReadKey implements document.Extender.
func (d *Document) ReadKey(*document.Reader, string, *document.Node) {}

// Cell is a place in which people are sensed.
type Cell struct {
	document.Object
	Name   string     `key:"name" need:"yes" name:"yes" doc:"What signals and modulations call it."`
	At     [3]float64 `key:"at" need:"yes" range:"[-10000,10000]" unit:"m" doc:"Its middle."`
	Radius float64    `key:"radius" need:"yes" range:"(0,1000]" unit:"m" doc:"How far it reaches."`
}

// Supply is a power supply.
type Supply struct {
	document.Object
	Name  string  `key:"name" need:"yes" name:"yes" doc:"What fixtures call it."`
	Watts float64 `key:"watts" need:"yes" range:"(0,1000000]" unit:"W" doc:"The most it may be asked for. The light of its fixtures is dimmed to stay under it."`
}

// LED is an LED type of the file's own.
type LED struct {
	document.Object
	Name  string    `key:"name" need:"yes" name:"yes" doc:"What fixtures call it."`
	Volts float64   `key:"volts" default:"5" range:"(0,60]" unit:"V" doc:"Supply voltage."`
	Idle  float64   `key:"idle" default:"1" range:"[0,100]" unit:"mA" doc:"Current of a pixel when dark."`
	Full  []float64 `key:"full" need:"yes" items:"3,5" range:"(0,5000]" unit:"mA" doc:"Current of each emitter at full: red, green, blue, white, amber, of those that there are."`
	Order string    `key:"order" doc:"The colour order of fixtures that give none, e.g. GRB, GRBW, RGBA, RGBAW. With A and no W the fourth emitter is amber."`

	Candela []float64 `key:"candela" items:"0,5" range:"[0,100000]" unit:"cd" doc:"Luminous intensity of each emitter at full, straight ahead, in the order of full. Left out: in proportion to its current, as bright as the brightest known."`
	PWM     float64   `key:"pwm" default:"400" range:"(0,10000000]" unit:"Hz" doc:"How often its driver switches; the default is the slowest known."`
	Least   float64   `key:"least" range:"[0,60]" unit:"V" doc:"The least voltage at which it works. Where feeds are given, light is dimmed so that the last pixel keeps it. Left out: nothing is held."`

	Primaries [][3]float64 `key:"primaries" items:"0,5" range:"[0,1000000]" doc:"What was measured of each emitter at full, in the order of full: x, y (CIE 1931) and luminance in any unit. Left out: red, green and blue are the nominal ones."`
}

// Fixture is a set of pixels.
type Fixture struct {
	document.Object
	Name    string     `key:"name" need:"yes" name:"yes" doc:"What outputs call it."`
	Kind    Kind       `key:"kind" need:"yes" doc:"The kind; its parameters stand under a key of that name."`
	At      [3]float64 `key:"at" range:"[-10000,10000]" unit:"m" doc:"Where its origin is: x right, y up, z towards the viewer. Default [0, 0, 0]."`
	Turn    [3]float64 `key:"turn" range:"[-3600,3600]" unit:"degrees" doc:"Turned about x, then y, then z, counter-clockwise as seen from the axis's tip. Default [0, 0, 0]."`
	Scale   float64    `key:"scale" default:"1" range:"[0.001,1000]" doc:"Its size is multiplied by this, before it is turned."`
	LED     string     `key:"led" doc:"The LED type, built in or from leds. Left out: the one that draws most."`
	Order   string     `key:"order" doc:"Colour of each byte on the wire, e.g. GRB or GRBW. Left out: the LED type's."`
	Supply  string     `key:"supply" doc:"The power supply that feeds it."`
	Feeds   []Feed     `key:"feeds" items:"0,64" doc:"Where current enters it, for fuses and voltage drop. Left out: nothing is known of either."`
	Link    float64    `key:"link" default:"6.2" range:"[0,1000]" unit:"mΩ" doc:"Resistance of the wire between two of its pixels, there and back."`
	Groups  []string   `key:"groups" name:"yes" doc:"Groups it belongs to, for layers to play on. Every fixture is in the group all."`
	Parts   Parts      `key:"parts" doc:"Groups that only some of its pixels belong to, and which ones, counted from 0 along its wire: {tip: \"0-9, 20\"}."`
	Reverse bool       `key:"reverse" default:"false" doc:"The wire enters at the far end."`
	Seed    uint64     `key:"seed" doc:"Its own seed. Left out: made of the installation's seed and its name."`

	Shape fixture.Shape // of the kind; nil where it could not be read
}

// Kind is the name of a kind of fixture.
type Kind string

// ReadNode implements document.Custom.
func (k *Kind) ReadNode(r *document.Reader, n *document.Node) {
	names := fixture.Names()
	if !slices.Contains(names, n.Raw) {
		r.Errorf(n.Place, "kind is %q: there is no such kind of fixture%s", n.Raw, document.Expected(n.Raw, names))
		return
	}
	*k = Kind(n.Raw)
}

// More implements document.Extender: a fixture has a key for its kind.
func (*Fixture) More() []string { return fixture.Names() }

// ReadKey implements document.Extender.
func (f *Fixture) ReadKey(r *document.Reader, key string, n *document.Node) {
	if f.Shape != nil || f.Has("kind") && key != kindOf(f) {
		return // Check says that it does not belong here
	}
	before := r.Errors()
	s := fixture.New(key)
	r.Into(n, s, key)
	if r.Errors() == before {
		f.Shape = s
	}
}

// kindOf is the kind as written, also before the key was read.
func kindOf(f *Fixture) string {
	kind := ""
	f.Visit("kind", func(n *document.Node) { kind = n.Raw })
	return kind
}

// Check implements document.Checker.
func (f *Fixture) Check(r *document.Reader) {
	for _, k := range fixture.Names() {
		if k != string(f.Kind) && f.Has(k) {
			r.Errorf(f.Object.At(k), "fixture %s is of kind %s: the key %s does not belong to it", f.Name, f.Kind, k)
		}
	}
	if !f.Has(string(f.Kind)) {
		r.Errorf(f.Object.At("kind"), "fixture %s: the key %s with its parameters is missing", f.Name, f.Kind)
	}
}

// Output is one stream to one controller, or to groups of them.
type Output struct {
	document.Object
	Name         string  `key:"name" need:"yes" name:"yes" doc:"For messages."`
	Protocol     string  `key:"protocol" need:"yes" oneof:"artnet sacn ddp opc wled kinet kinet-dmx tpm2 osc enttec opendmx adalight awa spi" doc:"How it is sent; docs/outputs.md tells of each."`
	Host         string  `key:"host" doc:"The controller: an address or a name, with :port where it is not the protocol's own."`
	Multicast    bool    `key:"multicast" default:"false" doc:"sACN: to the multicast group of each universe, instead of a host."`
	Discover     bool    `key:"discover" default:"false" doc:"Art-Net: to the nodes that answer a poll and have the universe, instead of a host."`
	Broadcast    bool    `key:"broadcast" default:"false" doc:"host is the broadcast address of a network, and everybody there is meant. Without it such an address is refused. Of the protocols over UDP."`
	Interface    string  `key:"interface" doc:"With multicast or discover: the network interface, by name or by an address it has. Left out: the system's choice."`
	Device       string  `key:"device" doc:"enttec, opendmx, adalight, awa, spi: the device file, e.g. /dev/ttyUSB0 or /dev/spidev0.0."`
	Universe     int     `key:"universe" range:"[0,63999]" doc:"The first universe; the following ones are numbered on. Art-Net's port addresses run 0…32767, sACN's universes 1…63999; both need it. For opc it is the channel, for ddp the destination, for kinet the port; left out there: the first."`
	Priority     int     `key:"priority" default:"100" range:"[0,200]" doc:"sACN: of several sources the highest wins."`
	PerAddress   bool    `key:"per_address" default:"false" doc:"sACN: the priority is also sent for each address, and 0 for channels of gaps, which are left to other sources."`
	Preview      bool    `key:"preview" default:"false" doc:"sACN: marked as not for live light; visualisers show it."`
	Sync         bool    `key:"sync" default:"false" doc:"All universes of a frame change at once: ArtSync, or sACN's synchronisation."`
	SyncUniverse int     `key:"sync_universe" default:"63999" range:"[1,63999]" doc:"sACN: the universe that carries the synchronisation."`
	Failsafe     string  `key:"failsafe" oneof:"hold zero full scene" doc:"Art-Net: what the nodes do when the stream fails; they are told at the start. Left out: as they are set."`
	TimeCode     string  `key:"timecode" oneof:"film ebu df smpte" doc:"Art-Net: the time of the show as ArtTimeCode at 24, 25, 29.97 or 30 frames a second. Left out: none."`
	Gamma        float64 `key:"gamma" default:"1" range:"[1,4]" doc:"A byte is 255 × light^(1/gamma). 1 for LEDs driven by pulse width; another value undoes a curve that the controller applies."`
	Curve        string  `key:"curve" default:"power" oneof:"power lightness" doc:"power: by gamma. lightness: a byte is 255 × L*/100 (CIE 1976), for a controller that undoes L*."`
	Dither       bool    `key:"dither" default:"true" doc:"Light between two steps of a byte alternates between them, from frame to frame and pixel to pixel, so that its mean is right."`
	DitherIn     string  `key:"dither_in" default:"time" oneof:"time wire" doc:"time: from frame to frame too, temporal dither. wire: from pixel to pixel only, spatial dither; still light stands still, as changes wants it."`
	Bits         int     `key:"bits" default:"8" among:"8 16" doc:"8, or 16 for devices that take every channel as two, coarse then fine: 85 RGB or 64 RGBW pixels a universe, and no dither. artnet, sacn, ddp, kinet-dmx, enttec, opendmx."`
	Fixtures     []Entry `key:"fixtures" need:"yes" items:"1,0" doc:"What hangs on it, in the order of the wire."`
	Split        int     `key:"split" range:"[1,512]" doc:"Pixels a universe. Default as many as fit: 170 RGB, 128 RGBW; with 16 bits 85 and 64. A pixel is never split over two."`
	MaxRate      float64 `key:"max_rate" range:"[1,240]" unit:"frames a second" doc:"The most that are sent; 44 where DMX cables hang on it. Left out: every frame."`
	Spread       float64 `key:"spread" default:"0.5" range:"[0,1]" doc:"The part of a frame over which its packets go out when they are more than 16, so that a small controller's queue does not overflow. 0: at once."`
	Changes      bool    `key:"changes" default:"false" doc:"artnet, sacn, ddp: what does not change is sent only as often as the protocol asks, for slow links."`
	Address      string  `key:"address" default:"/noctiluca/light/{fixture}" doc:"osc: where each fixture's light goes."`
	Form         string  `key:"form" default:"blob" oneof:"blob values mean both" doc:"osc: blob: a fixture's bytes. values: its pixels as floats 0…1. mean: their mean red, green and blue. both: the blob, and the mean at the address with /mean after it."`
	Timeout      int     `key:"timeout" default:"2" range:"[1,255]" unit:"s" doc:"wled: how long the controller waits for the next frame before it plays its own again; 255 never."`
	Realtime     string  `key:"realtime" default:"drgb" oneof:"drgb warls" doc:"wled: drgb: the pixels in a row, as DRGB, and where one packet is too small DNRGB; with white DRGBW and DNRGBW. warls: those that changed, each with its index, and all of them every second; red, green and blue, 256 pixels at most."`
	Baud         int     `key:"baud" default:"115200" range:"[9600,4000000]" unit:"bit/s" doc:"adalight, awa: the speed of the port."`
	Chip         string  `key:"chip" default:"ws2812" oneof:"ws2812 ws2801 apa102" doc:"spi: the LEDs on the bus."`
	Clock        int     `key:"clock" range:"[100000,50000000]" unit:"Hz" doc:"spi: the bus's clock. Left out: 2,400,000 for ws2812, 1,000,000 for ws2801, 4,000,000 for apa102."`
	Brightness   int     `key:"brightness" default:"31" range:"[1,31]" doc:"spi: the current of an apa102, in thirty-firsts."`
}

// Entry is one thing on the wire of an output: the name of a fixture, or a
// mapping that says more.
type Entry struct {
	document.Object
	At       document.Place
	Fixture  string `key:"fixture" doc:"A fixture, whole unless first or count are given."`
	First    int    `key:"first" default:"0" range:"[0,4000000]" doc:"Its first pixel on this wire."`
	Count    int    `key:"count" range:"[1,4000000]" doc:"How many of its pixels; left out: all the rest."`
	Reverse  bool   `key:"reverse" default:"false" doc:"These pixels come last one first."`
	Gap      int    `key:"gap" range:"[1,16777215]" unit:"channels" doc:"Channels that carry nothing; fewer than a universe has."`
	Universe int    `key:"universe" range:"[0,63999]" doc:"Go on at the start of this universe."`
}

// ReadNode implements document.Custom.
func (e *Entry) ReadNode(r *document.Reader, n *document.Node) {
	e.At = n.Place
	if n.Kind == document.Text {
		e.Fixture = n.Raw
		return
	}
	type plain Entry
	p := (*plain)(e)
	before := r.Errors()
	r.Into(n, p, "fixtures")
	if n.Kind != document.Map || r.Errors() > before {
		return
	}
	given := []string{}
	for _, k := range []string{"fixture", "gap", "universe"} {
		if e.Has(k) {
			given = append(given, k)
		}
	}
	if len(given) != 1 {
		got := "none of them"
		if len(given) > 0 {
			got = strings.Join(given, " and ")
		}
		r.Errorf(n.Place, "an item of fixtures is one of fixture, gap and universe; this has %s", got)
		e.Fixture, e.Gap, e.Universe = "", 0, 0
		return
	}
	if given[0] != "fixture" {
		for _, k := range []string{"first", "count", "reverse"} {
			if e.Has(k) {
				r.Errorf(e.Object.At(k), "%s belongs to a fixture, not to a %s", k, given[0])
			}
		}
	}
}

// Scene is what plays at one time.
type Scene struct {
	document.Object
	Name   string  `key:"name" need:"yes" name:"yes" doc:"What the command line and cues call it."`
	Colour string  `key:"colour" doc:"Its colour on a controller's pads and in the window, as \"#3080ff\". Left out: one by its place."`
	Layers []Layer `key:"layers" need:"yes" items:"1,64" doc:"Fields on groups; each is blended onto those before it."`
}

// Layer is a field on a group.
type Layer struct {
	document.Object
	Name       string      `key:"name" need:"yes" name:"yes" doc:"For messages and controllers."`
	Group      string      `key:"group" default:"all" doc:"The group it plays on."`
	Field      string      `key:"field" need:"yes" doc:"A shipped field's name, or a path ending in .kage beside this file."`
	Life       string      `key:"life" doc:"The life whose state the field reads, e.g. fireflies, or one of lives. Left out: the organism's, if it plays one."`
	Organism   string      `key:"organism" doc:"One of the catalogue (noctiluca organisms): its life, with its settings, and its colour as the field's uniform Organism."`
	Settings   Numbers     `key:"settings" doc:"The life's settings that are to be others than its own, or the organism's."`
	Colours    Colours     `key:"colours" doc:"The field's uniforms of these names, vec3: colours of organisms, or as \"#3080ff\"."`
	Blend      string      `key:"blend" default:"normal" oneof:"normal add screen lighten multiply" doc:"How it meets the layers before it."`
	Level      float64     `key:"level" default:"1" range:"[0,1]" doc:"How strong it is."`
	Parameters []Parameter `key:"parameters" items:"0,64" doc:"The field's uniforms of these names."`
	Picture    Picture     `key:"picture" doc:"Where the picture of a field with a Fragment lies. LEDs outside it are left as they are."`
	Images     []string    `key:"images" items:"0,4" doc:"PNG or JPEG files beside this file: source images 0 to 3 of the field."`
}

// Picture is a plane or a cylinder that a picture is wrapped on.
type Picture struct {
	document.Object
	Shape  string     `key:"shape" default:"plane" oneof:"plane cylinder" doc:"A plane, or a cylinder with the picture once around it, its middle towards the viewer."`
	At     [3]float64 `key:"at" range:"[-10000,10000]" unit:"m" doc:"The picture's middle; of a cylinder, the middle of its axis. Default [0, 0, 0]."`
	Normal [3]float64 `key:"normal" range:"[-1000,1000]" doc:"Where a plane faces, or a cylinder's axis points up. Default [0, 0, 1] of a plane and [0, 1, 0] of a cylinder."`
	Width  float64    `key:"width" range:"(0,10000]" unit:"m" doc:"How wide a plane is; a cylinder is once around."`
	Height float64    `key:"height" need:"yes" range:"(0,10000]" unit:"m" doc:"How high it is."`
	Turn   float64    `key:"turn" default:"0" range:"[-3600,3600]" unit:"degrees" doc:"Turned about its normal or axis, counter-clockwise as seen from its tip."`
	Pixels [2]int     `key:"pixels" need:"yes" range:"[1,16384]" doc:"Width and height that the field is told the picture has."`
}

// Parameter is a number that a field reads.
type Parameter struct {
	document.Object
	Name      string       `key:"*"`
	Min       float64      `key:"min" default:"0" range:"[-1000000,1000000]" doc:"The least it may become."`
	Max       float64      `key:"max" default:"1" range:"[-1000000,1000000]" doc:"The most it may become."`
	Default   float64      `key:"default" range:"[-1000000,1000000]" doc:"What it is when no signal moves it. Left out: min."`
	Unit      string       `key:"unit" doc:"Its unit, for people: shown beside its value. Left out: none, or Hz with integrate."`
	Curve     string       `key:"curve" oneof:"linear square exponential" doc:"How the way of a fader or knob becomes a value: linear; square, finer at the low end, as for light; exponential, each step a factor, for which min is over 0. Left out: linear, or exponential with integrate where min is over 0."`
	Integrate bool         `key:"integrate" default:"false" doc:"The field reads a phase: the time integral of the value in cycles a second, wrapped at 1. So a changing speed never jumps."`
	Move      []Modulation `key:"move" items:"0,64" doc:"Signals that move it. They are added to the default, and the sum is kept within min…max."`
}

// Modulation is a signal that moves a parameter.
type Modulation struct {
	document.Object
	Signal string  `key:"signal" need:"yes" oneof:"arousal valence presence coherence fragmentation heart breath synchrony breath-coherence spread variability instability inertia" doc:"What moves it."`
	Cell   string  `key:"cell" doc:"Whose signal. Left out: everybody's."`
	Depth  float64 `key:"depth" default:"1" range:"[-1000000,1000000]" doc:"How far a signal of 1 moves it."`
	Rise   float64 `key:"rise" default:"1" range:"[0,3600]" unit:"s" doc:"Time constant of the way up."`
	Fall   float64 `key:"fall" default:"1" range:"[0,3600]" unit:"s" doc:"Time constant of the way down."`
}

// Signals is where signals come from.
type Signals struct {
	document.Object
	OSC     OSC       `key:"osc" doc:"The socket that listens."`
	Devices []Device  `key:"devices" doc:"Sensors whose messages name nobody, and who wears them."`
	Map     []Mapping `key:"map" items:"0,256" doc:"Addresses of other senders, and what they measure of whom."`
	Streams []string  `key:"streams" items:"0,32" name:"yes" doc:"Lab Streaming Layer streams to take in, by name; map says what their channels are."`
}

// OSC is the socket that listens for signals.
type OSC struct {
	document.Object
	Listen string   `key:"listen" default:"127.0.0.1:9000" doc:"Address and port, or off."`
	Allow  []string `key:"allow" items:"0,256" doc:"Addresses, or networks as 10.0.0.0/8, that may send. Left out: this machine."`
}

// Device is a sensor that a person wears.
type Device struct {
	document.Object
	Kind       string   `key:"kind" need:"yes" oneof:"emotibit mindmonitor openbci wekinator heartrate mapped" doc:"What it is; mapped is one whose addresses stand under map."`
	Address    string   `key:"address" doc:"How its OSC addresses begin, e.g. /EmotiBit/0. Left out: /EmotiBit/0, /muse, /openbci, /wek or /heartrate, by its kind."`
	Person     string   `key:"person" need:"yes" name:"yes" doc:"What the desk calls who wears it. Each visit gets a pseudonym of its own."`
	Cell       string   `key:"cell" doc:"Where that person stands. Left out: the first cell."`
	Consent    string   `key:"consent" doc:"How they agreed, in words. Without it every reading is dropped where it arrives."`
	Purposes   []string `key:"purposes" items:"0,3" doc:"What they agreed to: light, display, record. Left out: light and display."`
	Modalities []string `key:"modalities" items:"0,5" doc:"Of which signals: feeling, heart, skin, breath, brain. Left out: all."`
	Hours      float64  `key:"hours" default:"0" range:"[0,48]" unit:"h" doc:"For how long from the start; 0 is until they take it back."`
}

// Mapping leads an address of any sender to a person's signal.
type Mapping struct {
	document.Object
	Address  string  `key:"address" need:"yes" doc:"An OSC address or pattern; of Lab Streaming Layer /lsl/STREAM/CHANNEL, with channels from 0."`
	Person   string  `key:"person" need:"yes" name:"yes" doc:"Whose it is: a person of devices, or a pseudonym that consents over OSC."`
	Kind     string  `key:"kind" need:"yes" oneof:"valence arousal hr eda ppg ibi breath ecg eeg-left eeg-right alpha-left alpha-right" doc:"What it measures."`
	Argument int     `key:"argument" default:"0" range:"[-1,1024]" doc:"Which number of the message: 1 is the first, -1 the last; 0 takes all of them as samples one after another."`
	Scale    float64 `key:"scale" default:"1" range:"[-1000000000,1000000000]" doc:"The number is multiplied by this …"`
	Offset   float64 `key:"offset" default:"0" range:"[-1000000000,1000000000]" doc:"… and this is added."`
	Log      bool    `key:"log" default:"false" doc:"Then its logarithm to the base of 10 is taken, as alpha-left and alpha-right want it."`
	Rate     float64 `key:"rate" default:"0" range:"[0,1000]" unit:"samples a second" doc:"How often the sensor samples; 0: counted over the first seconds."`
}

// Governance is what the work may do with people's signals. docs/governance.md
// explains each rule and how it is held to.
type Governance struct {
	document.Object
	InfluenceCap float64  `key:"influence_cap" default:"0.25" range:"(0,1]" doc:"The most of a collective value, of its whole range, that any one person may move. In a smaller group each moves their equal part."`
	Blend        float64  `key:"blend" default:"0" range:"[0,1]" doc:"What a cell's light follows: 0 its own people, 1 everybody, between them a mixture."`
	Steer        Steer    `key:"steer" doc:"How far the work may draw people towards a mood. Left out: not at all."`
	MinimumGroup int      `key:"minimum_group" default:"5" range:"[1,1000]" unit:"people" doc:"Of fewer, nothing about the group is shown, logged or exported, unless each of them agreed to be shown."`
	OwnLights    int      `key:"own_lights" default:"32" range:"[0,256]" unit:"people" doc:"How many can have a light of their own at a time: those who consented first. A field shows as many as its arrays have room for. 0: nobody."`
	Epsilon      float64  `key:"epsilon" default:"0" range:"[0,100]" doc:"Privacy budget of a day for exported summaries; each costs 0.1 of it. 0: none are exported."`
	Veto         bool     `key:"veto" default:"true" doc:"A person may have the cell where they stand follow nobody."`
	Setting      string   `key:"setting" default:"public" oneof:"public workplace school" doc:"Where it stands. At a workplace or in a school nothing is inferred of anybody."`
	Loop         Loop     `key:"loop" doc:"The feedback guard."`
	Live         []string `key:"live" items:"0,16" doc:"Rules that a technician may change while the work plays, with noctiluca govern or over OSC control: influence_cap, blend, steer, minimum_group, veto, loop; guard gives the light's reactivity back. Each change is a line in the audit log. Left out: none."`
}

// Steer is a mood towards which the work may draw people.
type Steer struct {
	document.Object
	Valence float64 `key:"valence" default:"0" range:"[-1,1]" doc:"The mood's valence."`
	Arousal float64 `key:"arousal" default:"0" range:"[-1,1]" doc:"The mood's arousal."`
	Most    float64 `key:"most" default:"0" range:"[0,0.3]" doc:"The most by which what the light follows may differ from what is felt. 0: no steering."`
	Slew    float64 `key:"slew" default:"0.01" range:"(0,0.1]" unit:"a second" doc:"How fast it may come and go."`
}

// Loop bounds the loop from light to people and back.
type Loop struct {
	document.Object
	Limit   float64 `key:"limit" default:"0.5" range:"[0.05,0.9]" doc:"The most that reactivity × gain of the people may be. The guard lowers the reactivity to hold it, and never raises it."`
	Assumed float64 `key:"assumed" default:"0.5" range:"[0.05,2]" doc:"The gain of the people that is taken for granted until it is measured."`
	Dither  float64 `key:"dither" default:"0.05" range:"[0,0.2]" doc:"Size of the slow pattern in the light by which it is measured; 0: it is not measured."`
}

// Scenery is what does not shine.
type Scenery struct {
	document.Object
	Ground Ground `key:"ground" doc:"The floor."`
	View   View   `key:"view" doc:"From where the window shows it at first."`
}

// View is where the window looks from at first.
type View struct {
	document.Object
	From  [3]float64 `key:"from" range:"[-10000,10000]" unit:"m" doc:"Where the eye is. Left out, with at: so far in front that all of it is seen."`
	At    [3]float64 `key:"at" range:"[-10000,10000]" unit:"m" doc:"What it looks at, and turns round; not straight above or below the eye."`
	Angle float64    `key:"angle" default:"52" range:"[10,120]" unit:"degrees" doc:"From the lower edge of the picture to the upper one."`
}

// Ground is the floor, with a stream through it.
type Ground struct {
	document.Object
	Centre [3]float64   `key:"centre" range:"[-10000,10000]" unit:"m" doc:"Its middle. Default [0, 0, 0]."`
	Size   [2]float64   `key:"size" range:"[0,10000]" unit:"m" doc:"Its extent in x and z. Default: none is drawn."`
	Stream [][3]float64 `key:"stream" items:"0,1000" range:"[-10000,10000]" unit:"m" doc:"The middle of a stream, point after point."`
	Width  float64      `key:"width" default:"1" range:"(0,1000]" unit:"m" doc:"Of the stream."`
}
