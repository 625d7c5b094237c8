// Package recording connects recorded shows with an installation: which
// channel of a file is which channel of which output, a recorder that is one
// more output of a live run, and a source of frames that plays files.
//
// What is played is light again before it goes anywhere: the bytes of a file
// are decoded to the light of each pixel by the installation's patch, and the
// safety stage makes the frame, with its limits, as of any other light. The
// file format is package fseq's.
package recording

import (
	"fmt"
	"slices"

	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// LayoutOptions says how the channels of a file are counted.
type LayoutOptions struct {
	// Universe is how many channels of a file each universe takes, 0 for as
	// many as it uses. xLights and FPP have 510 or 512 where a controller is
	// set up so.
	Universe int
	// First is, for an output, its first channel in the file, counted from 1
	// as FPP and xLights do. An output that is not named follows the one
	// before it.
	First map[string]int
}

// Layout is where the channel data of each output lie in the frames of a
// file. It does not change, so any number of goroutines may use it.
type Layout struct {
	pieces []piece
	size   int
	starts []int // of each output: its first channel, from 0
}

// piece is a stretch of channels of one output.
type piece struct{ output, offset, channel, count int }

// NewLayout lays the outputs of an installation into the channels of a file.
// Two outputs in one channel are an error.
func NewLayout(inst *installations.Installation, o LayoutOptions) (*Layout, error) {
	if o.Universe != 0 && (o.Universe < 2 || o.Universe > 512) {
		return nil, fmt.Errorf("a universe of %d channels: expected 2…512, or 0 for as many as are in use", o.Universe)
	}
	for name := range o.First {
		if !slices.ContainsFunc(inst.Outputs, func(out installations.Output) bool { return out.Name == name }) {
			return nil, fmt.Errorf("there is no output %q in %s", name, inst.File)
		}
	}
	l := &Layout{}
	at := 0
	for i := range inst.Outputs {
		out := &inst.Outputs[i]
		if first, ok := o.First[out.Name]; ok {
			if first < 1 {
				return nil, fmt.Errorf("output %s begins at channel %d: expected at least 1", out.Name, first)
			}
			at = first - 1
		}
		l.starts = append(l.starts, at)
		for _, u := range out.Universes {
			whole := o.Universe
			if u.Length > 512 {
				whole = 0 // of a protocol that has no universes of DMX512's size
			}
			if whole > 0 && u.Length > whole {
				return nil, fmt.Errorf("output %s: universe %d uses %d channels, and a universe of the file has %d", out.Name, u.Number, u.Length, whole)
			}
			l.pieces = append(l.pieces, piece{i, u.Offset, at, u.Length})
			at += max(u.Length, whole)
		}
		l.size = max(l.size, at)
	}
	byChannel := slices.Clone(l.pieces)
	slices.SortFunc(byChannel, func(a, b piece) int { return a.channel - b.channel })
	for i := 1; i < len(byChannel); i++ {
		if a, b := byChannel[i-1], byChannel[i]; a.channel+a.count > b.channel {
			return nil, fmt.Errorf("outputs %s and %s are both in channel %d of the file", inst.Outputs[a.output].Name, inst.Outputs[b.output].Name, b.channel+1)
		}
	}
	return l, nil
}

// Channels is how many channels a frame has.
func (l *Layout) Channels() int { return l.size }

// Start is the first channel of output i, counted from 0.
func (l *Layout) Start(i int) int { return l.starts[i] }

// Gather puts the bytes of a frame's outputs at their channels. Channels of
// no output stay as they are.
func (l *Layout) Gather(dst []byte, f *safety.Frame) {
	for _, p := range l.pieces {
		copy(dst[p.channel:p.channel+p.count], f.Output(p.output)[p.offset:])
	}
}

// Scatter puts the channels of a frame into the outputs' bytes. Channels that
// the frame does not have are dark.
func (l *Layout) Scatter(outputs [][]byte, frame []byte) {
	for _, p := range l.pieces {
		dst := outputs[p.output][p.offset : p.offset+p.count]
		n := 0
		if p.channel < len(frame) {
			n = copy(dst, frame[p.channel:])
		}
		clear(dst[n:])
	}
}
