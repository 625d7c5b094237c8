package format

import "noctiluca/installations/document"

// Console is a lighting console that moves the show.
type Console struct {
	document.Object
	Listen     string           `key:"listen" need:"yes" doc:"The network interface to listen on, by an address it has or by name; 0.0.0.0 is all of them."`
	Allow      []string         `key:"allow" items:"0,256" doc:"Addresses, or networks as 10.0.0.0/8, that may send. Left out: private networks and this machine."`
	ArtnetPort int              `key:"artnet_port" default:"6454" range:"[1,65535]" doc:"UDP port of Art-Net."`
	SacnPort   int              `key:"sacn_port" default:"5568" range:"[1,65535]" doc:"UDP port of sACN."`
	Merge      string           `key:"merge" default:"htp" oneof:"htp ltp" doc:"Of sources of one priority the highest level takes precedence, or the latest change. A higher priority always wins."`
	Takeover   float64          `key:"takeover" default:"2" range:"[0,60]" unit:"s" doc:"How long parameters take to glide to a console that begins to send."`
	Release    bool             `key:"release" default:"false" doc:"When the console falls silent they glide back to where they were before; otherwise they stay."`
	Channels   []ConsoleChannel `key:"channels" need:"yes" items:"1,4096" doc:"What each channel moves."`
}

// ConsoleChannel is a channel of a console.
type ConsoleChannel struct {
	document.Object
	Protocol  string `key:"protocol" default:"sacn" oneof:"artnet sacn" doc:"Whose universe."`
	Universe  int    `key:"universe" need:"yes" range:"[0,63999]" doc:"Art-Net's port address or sACN's universe."`
	Channel   int    `key:"channel" need:"yes" range:"[1,512]" doc:"The channel."`
	Wide      bool   `key:"wide" default:"false" doc:"16 bits: this channel is the coarse one, the next one the fine one."`
	Parameter string `key:"parameter" doc:"The path of the parameter it moves, e.g. /master/level; noctiluca midi map lists them."`
	Cue       string `key:"cue" doc:"What it calls when it rises past its middle: go, back, hold, or the number of a cue."`
}

// Check implements document.Checker.
func (c *ConsoleChannel) Check(r *document.Reader) {
	if (c.Parameter == "") == (c.Cue == "") {
		r.Errorf(c.Start(), "channel %d: expected one of parameter and cue", c.Channel)
	}
	if c.Wide && c.Channel == 512 {
		r.Errorf(c.At("channel"), "channel is 512 and wide: there is no channel 513")
	}
	switch c.Protocol {
	case "sacn":
		if c.Universe < 1 {
			r.Errorf(c.At("universe"), "universe is %d: sACN's run 1…63999", c.Universe)
		}
	case "artnet":
		if c.Universe > 32767 {
			r.Errorf(c.At("universe"), "universe is %d: Art-Net's run 0…32767", c.Universe)
		}
	}
}
