// Package oscout sends light as OSC, as media artists use it: for each
// fixture a message, with its bytes as a blob, its pixels as numbers, or its
// mean colour as three; or the first and the last of them. The messages are apart from any socket.
package oscout

import (
	"fmt"
	"math"
	"strings"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Port is where messages go when the file names no port: 9000 is where
// Noctiluca itself listens.
const Port = 9001

// longest is the most bytes of a message: what a UDP datagram carries.
const longest = 65507

// Stream makes the messages of one output. It belongs to one goroutine.
type Stream struct {
	index    int
	form     string
	fixtures []fixture
}

// fixture is the light of one fixture on the output.
type fixture struct {
	address string
	mean    string // where the mean goes with form both
	runs    []installations.Run
	pixels  int
	bytes   int
}

// NewStream makes the stream of output index of an installation. It fails
// when a fixture's message would not fit a datagram.
func NewStream(inst *installations.Installation, index int) (*Stream, error) {
	o := &inst.Outputs[index]
	s := &Stream{index: index, form: o.Form}
	at := map[int32]int{} // a fixture's place in s.fixtures
	for _, r := range o.Runs {
		n := inst.Pixels.Fixture[r.First]
		k, ok := at[n]
		if !ok {
			k = len(s.fixtures)
			at[n] = k
			address := strings.ReplaceAll(o.Address, "{fixture}", inst.Fixtures[n].Name)
			s.fixtures = append(s.fixtures, fixture{address: address, mean: address + "/mean"})
		}
		f := &s.fixtures[k]
		f.runs = append(f.runs, r)
		f.pixels += r.Count
		f.bytes += r.Count * len(r.Order)
	}
	for i := range s.fixtures {
		f := &s.fixtures[i]
		if !strings.HasPrefix(f.address, "/") || strings.ContainsAny(f.address, " #*,?[]{}") {
			return nil, fmt.Errorf("%s:%d: output %s: address %q: expected / and then no space nor any of #*,?[]{}", inst.File, o.Line, o.Name, f.address)
		}
		if n := f.length(s.form); n > longest {
			return nil, fmt.Errorf("%s:%d: output %s: the message %s has %d bytes: a datagram carries %d; use form: mean, or shorter fixtures", inst.File, o.Line, o.Name, f.address, n, longest)
		}
	}
	return s, nil
}

func (f *fixture) length(form string) int {
	n := padded(len(f.address) + 1)
	switch form {
	case "values":
		return n + padded(1+3*f.pixels+1) + 12*f.pixels
	case "mean":
		return n + padded(5) + 12
	}
	return n + 4 + 4 + padded(f.bytes)
}

func padded(n int) int { return (n + 3) &^ 3 }

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	for i := range s.fixtures {
		x := &s.fixtures[i]
		start := len(b.Buf)
		b.Buf = appendText(b.Buf, start, x.address)
		switch s.form {
		case "values":
			b.Buf = x.values(b.Buf, start, f)
		case "mean":
			b.Buf = x.average(b.Buf, start, f)
		default:
			b.Buf = x.blob(b.Buf, start, f.Output(s.index))
		}
		b.Cut()
		if s.form == "both" {
			start := len(b.Buf)
			b.Buf = x.average(appendText(b.Buf, start, x.mean), start, f)
			b.Cut()
		}
	}
}

// appendText appends a string with its zero, padded to 4 counted from start.
func appendText(dst []byte, start int, s string) []byte {
	dst = append(append(dst, s...), 0)
	return pad(dst, start)
}

func pad(dst []byte, start int) []byte {
	for (len(dst)-start)%4 != 0 {
		dst = append(dst, 0)
	}
	return dst
}

func (f *fixture) blob(dst []byte, start int, data []byte) []byte {
	dst = appendText(dst, start, ",b")
	dst = append(dst, byte(f.bytes>>24), byte(f.bytes>>16), byte(f.bytes>>8), byte(f.bytes))
	for _, r := range f.runs {
		dst = append(dst, data[r.Offset:r.Offset+r.Count*r.Width()]...)
	}
	return pad(dst, start)
}

func (f *fixture) values(dst []byte, start int, frame *safety.Frame) []byte {
	dst = append(dst, ',')
	for range 3 * f.pixels {
		dst = append(dst, 'f')
	}
	dst = pad(append(dst, 0), start)
	r, g, b := frame.RGB()
	for _, run := range f.runs {
		for i := range run.Count {
			p := run.First + i*run.Step
			dst = appendFloat(appendFloat(appendFloat(dst, r[p]), g[p]), b[p])
		}
	}
	return dst
}

func (f *fixture) average(dst []byte, start int, frame *safety.Frame) []byte {
	dst = appendText(dst, start, ",fff")
	r, g, b := frame.RGB()
	var sr, sg, sb float64
	for _, run := range f.runs {
		for i := range run.Count {
			p := run.First + i*run.Step
			sr, sg, sb = sr+float64(r[p]), sg+float64(g[p]), sb+float64(b[p])
		}
	}
	n := float64(max(f.pixels, 1))
	return appendFloat(appendFloat(appendFloat(dst, float32(sr/n)), float32(sg/n)), float32(sb/n))
}

func appendFloat(dst []byte, v float32) []byte {
	x := math.Float32bits(v)
	return append(dst, byte(x>>24), byte(x>>16), byte(x>>8), byte(x))
}

// End implements datagram.Coder. OSC has no word for the end.
func (s *Stream) End(*datagram.Batch) {}
