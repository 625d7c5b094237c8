package format

import (
	"strings"

	"noctiluca/installations/document"
)

// Show is a whole show.yaml: how an installation is played. It stands beside
// the installation's own file, and one installation can have several.
type Show struct {
	document.Object
	Noctiluca  int              `key:"noctiluca" need:"yes" range:"[1,1]" doc:"Version of the format."`
	Channels   int              `key:"channels" default:"8" range:"[1,32]" doc:"Channels of the mixer. At the start channel 1 plays the first scene, and each other channel holds the next one."`
	BPM        float64          `key:"bpm" default:"120" range:"[20,999]" unit:"beats a minute" doc:"Tempo, until somebody taps another or a MIDI clock comes."`
	Control    Control          `key:"control" doc:"Control over the network: OSC and OSCQuery."`
	Values     Settings         `key:"values" doc:"Parameters that begin elsewhere than at their default, by path."`
	Modulators []Modulator      `key:"modulators" items:"0,256" doc:"Waves that move parameters."`
	Cues       []Cue            `key:"cues" items:"0,4096" doc:"States to go to, in order."`
	Snapshots  []Snapshot       `key:"snapshots" items:"0,4096" doc:"States of some parameters, kept."`
	Mappings   []ControlMapping `key:"mappings" items:"0,4096" doc:"What controls of MIDI devices do, where it is not what their profile says."`
	Gestures   []Gesture        `key:"gestures" items:"0,256" doc:"What hands did, recorded."`
}

// More implements document.Extender: a key that begins with x- is the author's.
func (s *Show) More() []string {
	var out []string
	for _, k := range s.Keys() {
		if strings.HasPrefix(k, "x-") {
			out = append(out, k)
		}
	}
	return out
}

// ReadKey implements document.Extender.
func (s *Show) ReadKey(*document.Reader, string, *document.Node) {}

// Control is who may turn parameters over the network.
type Control struct {
	document.Object
	OSC   string   `key:"osc" default:"off" doc:"Where OSC control listens: address:port, as 127.0.0.1:9001, or off."`
	Query string   `key:"query" default:"off" doc:"Where the OSCQuery description is served over HTTP: address:port, or off."`
	MDNS  bool     `key:"mdns" default:"false" doc:"Announce both on the local network (_osc._udp, _oscjson._tcp)."`
	Allow []string `key:"allow" items:"0,256" doc:"Addresses, or networks as 10.0.0.0/8, that may send. Left out: this machine."`
	// Timecode is where Art-Net timecode comes in.
	Timecode string `key:"timecode" default:"off" doc:"Where Art-Net timecode is listened for: address:port, as 127.0.0.1:6454, or off."`
	Link     bool   `key:"link" default:"false" doc:"Follow the tempo and the beat of an Ableton Link session on the local network."`
}

// Setting is a parameter and a value.
type Setting struct {
	Path  string
	At    document.Place // of the path
	Value *document.Node
}

// Settings are parameters with values, as a mapping of paths.
type Settings []Setting

// ReadNode implements document.Custom.
func (s *Settings) ReadNode(r *document.Reader, n *document.Node) {
	if n.Kind != document.Map {
		r.Errorf(n.Place, "expected a mapping of parameters' paths to values, as /master/level: 0.8")
		return
	}
	for _, p := range n.Pairs {
		*s = append(*s, Setting{p.Key, p.At, p.Value})
	}
}

// Modulator is a wave that moves parameters.
type Modulator struct {
	document.Object
	Name      string    `key:"name" need:"yes" doc:"For people; it is the seed of its randomness too."`
	Source    string    `key:"source" need:"yes" oneof:"lfo envelope noise steps signal beat" doc:"What the wave is made of. lfo and noise run −1…1, envelope and beat 0…1, steps as its levels say, signal as the signal does."`
	Shape     string    `key:"shape" default:"sine" oneof:"sine triangle saw square random" doc:"Of an lfo."`
	Rate      float64   `key:"rate" default:"0.1" range:"[0,60]" unit:"cycles a second" doc:"How fast it goes."`
	Beats     float64   `key:"beats" default:"0" range:"[0,4096]" doc:"A cycle takes so many beats, instead of rate. 0: it goes by rate."`
	Phase     float64   `key:"phase" default:"0" range:"[0,1]" unit:"cycles" doc:"Where it begins."`
	Signal    string    `key:"signal" default:"arousal" oneof:"arousal valence presence coherence fragmentation heart breath synchrony breath-coherence spread variability instability inertia" doc:"Of a signal, and what opens an envelope."`
	Cell      string    `key:"cell" doc:"Whose signal. Left out: everybody's."`
	Threshold float64   `key:"threshold" default:"0.5" range:"[-1,1]" doc:"Over which the signal opens an envelope."`
	Attack    float64   `key:"attack" default:"1" range:"[0,86400]" unit:"s" doc:"Of an envelope: how long it rises."`
	Decay     float64   `key:"decay" default:"1" range:"[0,86400]" unit:"s" doc:"Of an envelope: how long it falls to sustain."`
	Sustain   float64   `key:"sustain" default:"1" range:"[0,1]" doc:"Of an envelope: where it stays while it is open."`
	Release   float64   `key:"release" default:"1" range:"[0,86400]" unit:"s" doc:"Of an envelope: how long it falls to 0."`
	Levels    []float64 `key:"levels" items:"0,1024" range:"[-1,1]" doc:"Of steps: one after another within a cycle."`
	Slide     float64   `key:"slide" default:"0" range:"[0,1]" doc:"Of steps: the share of each in which it slides to the next."`
	Move      []Route   `key:"move" items:"0,4096" doc:"What it moves."`
}

// Route leads a modulator to a parameter.
type Route struct {
	document.Object
	Parameter string  `key:"parameter" need:"yes" doc:"Its path."`
	Depth     float64 `key:"depth" default:"1" range:"[-1000000,1000000]" doc:"How far a wave of 1 moves it."`
	Smooth    float64 `key:"smooth" default:"0" range:"[0,86400]" unit:"s" doc:"Time constant of a low-pass."`
	Low       float64 `key:"low" default:"-1000000" range:"[-1000000,1000000]" doc:"The least that is added."`
	High      float64 `key:"high" default:"1000000" range:"[-1000000,1000000]" doc:"The most that is added."`
}

// Cue is a state to go to.
type Cue struct {
	document.Object
	Name     string   `key:"name" need:"yes" doc:"What people call it."`
	In       float64  `key:"in" default:"3" range:"[0,86400]" unit:"s" doc:"How long values take that rise, and choices."`
	Out      float64  `key:"out" default:"3" range:"[0,86400]" unit:"s" doc:"How long values take that fall."`
	Follow   float64  `key:"follow" default:"-1" range:"[-1,86400]" unit:"s" doc:"How long after its fades the next cue goes by itself. −1: it waits for a Go."`
	Timecode float64  `key:"timecode" default:"-1" range:"[-1,86400]" unit:"s" doc:"Where in a timecode it goes by itself. −1: nowhere."`
	Wait     Wait     `key:"wait" doc:"A signal that lets it go by itself when it is next."`
	Set      Settings `key:"set" doc:"Where parameters go, by path. All others stay as they are."`
}

// Wait is a condition on a signal.
type Wait struct {
	document.Object
	Signal string  `key:"signal" need:"yes" oneof:"arousal valence presence coherence fragmentation heart breath synchrony breath-coherence spread variability instability inertia" doc:"Which signal."`
	Cell   string  `key:"cell" doc:"Whose. Left out: everybody's."`
	Over   float64 `key:"over" range:"[-1,1]" doc:"It must be over this"`
	Under  float64 `key:"under" range:"[-1,1]" doc:"or under this; one of the two is needed."`
	For    float64 `key:"for" default:"0" range:"[0,86400]" unit:"s" doc:"For so long, without a break."`
}

// Snapshot is a state of some parameters.
type Snapshot struct {
	document.Object
	Name string   `key:"name" need:"yes" doc:"What people call it."`
	Set  Settings `key:"set" need:"yes" doc:"The parameters, by path."`
}

// ControlMapping is what a control does.
type ControlMapping struct {
	document.Object
	Device    string  `key:"device" need:"yes" doc:"A profile's name, or a port's where there is no profile."`
	Control   string  `key:"control" need:"yes" doc:"A control's name in the profile, or its messages, as cc 0/7, cc14 0/7, cc 0/7 twos, note 9/36, nrpn 0/300, bend 0, pressure 0."`
	Parameter string  `key:"parameter" doc:"The path of what it turns; or"`
	Do        string  `key:"do" doc:"what it does: go, back, hold, tap, undo, redo, record, keep (a snapshot of all), cue/N, snapshot/N, gesture/N."`
	From      float64 `key:"from" default:"0" range:"[0,1]" doc:"Where the control's low end lies on the parameter's way."`
	To        float64 `key:"to" default:"1" range:"[0,1]" doc:"Where its high end lies; under from it turns the other way round."`
	Takeover  string  `key:"takeover" default:"pickup" oneof:"pickup direct scale" doc:"How it takes hold of a value that it does not stand at."`
}

// Gesture is a recording of parameters.
type Gesture struct {
	document.Object
	Name   string  `key:"name" need:"yes" doc:"What people call it."`
	Length float64 `key:"length" need:"yes" range:"[0,86400]" unit:"s" doc:"How long it is."`
	Loop   bool    `key:"loop" default:"false" doc:"It begins again at its end."`
	Chase  bool    `key:"chase" default:"false" doc:"It follows the timecode that comes in."`
	Tracks []Track `key:"tracks" items:"0,256" doc:"The parameters it moves."`
}

// Track is one parameter's way.
type Track struct {
	document.Object
	Parameter string    `key:"parameter" need:"yes" doc:"Its path."`
	At        []float64 `key:"at" need:"yes" items:"1,65536" range:"[0,86400]" unit:"s" doc:"Times, rising."`
	Value     []float64 `key:"value" need:"yes" items:"1,65536" range:"[-1000000,1000000]" doc:"The value at each; between them the way is straight."`
}
