// Package failure says what light is left when the program is gone: what each
// protocol's receivers do when frames stop, and what they can be told before.
//
// It sends nothing. A protocol's sender reads what to say from its output
// (Output.Failsafe, Output.Timeout), which package installations fills from
// safety.failure; this package is where what that means is written down, for
// the report and for people.
package failure

import (
	"fmt"

	"noctiluca/installations"
)

// Left is what an output leaves.
type Left struct {
	Stop  string // when the program ends in order
	Crash string // when it is killed, or the machine is
	Dark  bool   // the light goes out by itself after a crash
	Stays bool   // it stays for ever, and nothing in the protocol could change that
}

// Of says what an output leaves, by its protocol and what it is told.
func Of(o *installations.Output, f *installations.Failure) Left {
	l := Left{Stop: map[string]string{
		"":      "dark at once",
		"dark":  "dark at once",
		"fade":  fmt.Sprintf("fades to dark in %.3g s", f.Fade.Seconds()),
		"hold":  "the last frame",
		"scene": "the safe scene",
	}[f.Stop]}
	switch o.Protocol {
	case "artnet":
		// Art-Net 4, ArtAddress: AcFailHold 0x08, AcFailZero 0x09, AcFailFull
		// 0x0a, AcFailScene 0x0b.
		switch o.Failsafe {
		case "zero":
			l.Crash, l.Dark = "nodes that know ArtAddress go dark (failsafe 0x09), after a time of their own", true
		case "hold":
			l.Crash = "nodes hold the last frame (failsafe 0x08)"
		case "full":
			l.Crash = "nodes go to full (failsafe 0x0a)"
		case "scene":
			l.Crash = "nodes that have recorded a scene show it (failsafe 0x0b)"
		default:
			l.Crash = "each node does as it is set; most hold the last frame"
		}
	case "sacn":
		// ANSI E1.31-2018, 6.7.1: data loss after 2.5 s; 6.2.6: terminated.
		l.Stop += ", then three packets that end the stream"
		l.Crash = "receivers lose the stream after 2.5 s; what they show then is set in them"
	case "wled":
		if o.Timeout == 255 {
			l.Crash = "controllers hold the last frame for ever (timeout 255)"
		} else {
			l.Crash = fmt.Sprintf("controllers go back to their own light after %d s; set that to dark", o.Timeout)
			l.Dark = true
		}
	case "ddp", "opc", "tpm2", "tpm2net", "kinet", "adalight", "awa", "spi", "osc":
		l.Crash = "most controllers hold the last frame for ever: only a watchdog that restarts the program, or a relay, darkens them"
		l.Stays = true
	default:
		l.Crash = "unknown: try it"
	}
	return l
}

// Warnings names the outputs that stay lit after a crash although the
// installation is to be dark then: a line each, with file and line.
func Warnings(inst *installations.Installation) []string {
	if inst.Safety.Failure.Lost == "hold" {
		return nil // as they do
	}
	var out []string
	for i := range inst.Outputs {
		o := &inst.Outputs[i]
		if Of(o, &inst.Safety.Failure).Stays {
			out = append(out, fmt.Sprintf("%s:%d: warning: output %s (%s) holds its last frame for ever if the program or the machine dies: nothing in the protocol darkens it. Run the program under a service manager that restarts it, or put the supply on a relay; safety.failure.lost: hold says that this is meant", inst.File, o.Line, o.Name, o.Protocol))
		}
	}
	return out
}
