package osc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"
	"pgregory.net/rapid"
)

// flat is what a message says, in a form both decoders can be brought into.
type flat struct {
	address string
	args    []any
}

// ours gives a datagram's messages as this package reads them.
func ours(datagram []byte) (out []flat, err error) {
	var d Decoder
	d.Reset(datagram)
	for d.Next() {
		m := d.Message()
		f := flat{address: string(m.Address)}
		a := m.Arguments()
		for {
			arg, ok := a.Next()
			if !ok {
				break
			}
			f.args = append(f.args, value(arg))
		}
		out = append(out, f)
	}
	return out, d.Err()
}

// value gives an argument the Go type that go-osc gives it.
func value(a Argument) any {
	switch a.Tag {
	case 'i':
		return int32(binary.BigEndian.Uint32(a.Data))
	case 'h':
		return int64(binary.BigEndian.Uint64(a.Data))
	case 'f':
		return math.Float32frombits(binary.BigEndian.Uint32(a.Data))
	case 'd':
		return math.Float64frombits(binary.BigEndian.Uint64(a.Data))
	case 'T', 'F':
		yes, _ := a.Truth()
		return yes
	case 's':
		s, _ := a.Text()
		return string(s)
	case 'b':
		b, _ := a.Blob()
		return string(b) + " blob"
	case 't':
		t, _ := a.Time()
		return fmt.Sprintf("%d time", uint64(t)>>12) // go-osc rounds the fraction
	case 'N':
		return nil
	}
	return a.Tag
}

// theirs flattens a packet of go-osc in the order in which it encodes.
func theirs(p osc.Packet) (out []flat) {
	switch p := p.(type) {
	case *osc.Message:
		f := flat{address: p.Address}
		for _, a := range p.Arguments {
			switch a := a.(type) {
			case []byte:
				f.args = append(f.args, string(a)+" blob")
			case osc.Timetag:
				f.args = append(f.args, fmt.Sprintf("%d time", a.TimeTag()>>12))
			default:
				f.args = append(f.args, a)
			}
		}
		out = append(out, f)
	case *osc.Bundle:
		for _, m := range p.Messages {
			out = append(out, theirs(m)...)
		}
		for _, b := range p.Bundles {
			out = append(out, theirs(b)...)
		}
	}
	return out
}

func same(a, b []flat) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }

// messages draws messages with every argument go-osc can encode.
func messages() *rapid.Generator[*osc.Message] {
	argument := rapid.OneOf(
		rapid.Map(rapid.Int32(), func(x int32) any { return x }),
		rapid.Map(rapid.Int64(), func(x int64) any { return x }),
		rapid.Map(rapid.Float32(), func(x float32) any { return x }),
		rapid.Map(rapid.Float64(), func(x float64) any { return x }),
		rapid.Map(rapid.Bool(), func(x bool) any { return x }),
		rapid.Map(rapid.StringMatching(`[ -~]{0,12}`), func(x string) any { return x }),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 20), func(x []byte) any { return x }),
		rapid.Map(rapid.Int64Range(0, 4e9), func(x int64) any { return *osc.NewTimetag(time.Unix(x, 0)) }),
		rapid.Just(any(nil)),
	)
	return rapid.Custom(func(t *rapid.T) *osc.Message {
		return osc.NewMessage("/"+rapid.StringMatching(`[a-z/*]{0,15}`).Draw(t, "address"), rapid.SliceOfN(argument, 0, 9).Draw(t, "arguments")...)
	})
}

// Whatever go-osc encodes is read as go-osc means it.
func TestDecodeWhatGoOSCEncodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bundle func(depth int) *osc.Bundle
		bundle = func(depth int) *osc.Bundle {
			b := osc.NewBundle(time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "time"), 0))
			for _, m := range rapid.SliceOfN(messages(), 0, 4).Draw(t, "messages") {
				b.Append(m)
			}
			for range rapid.IntRange(0, depth).Draw(t, "bundles") {
				b.Append(bundle(depth - 1))
			}
			return b
		}
		var p osc.Packet
		if rapid.Bool().Draw(t, "bundled") {
			p = bundle(3)
		} else {
			p = messages().Draw(t, "message")
		}
		datagram := encode(t, p)
		got, err := ours(datagram)
		if err != nil {
			t.Fatalf("%q: %v", datagram, err)
		}
		if want := theirs(p); !same(got, want) {
			t.Fatalf("%q is read as\n%#v, want\n%#v", datagram, got, want)
		}
	})
}

// The argument types of OSC 1.0 that go-osc does not know, by the bytes.
func TestDecodeTheOtherTags(t *testing.T) {
	m := []byte("/x\x00\x00,[Sc]rmI[i]\x00" + "sym\x00" + "\x00\x00\x00A" + "\x01\x02\x03\x04" + "\x90\x40\x7f\x00" + "\xff\xff\xff\xff")
	// ",[Sc]rmI[i]" is 11 bytes and its zero.
	got, err := ours(m)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	var d Decoder
	d.Reset(m)
	d.Next()
	a := d.Message().Arguments()
	tags := ""
	for {
		arg, ok := a.Next()
		if !ok {
			break
		}
		tags += string(arg.Tag)
		switch arg.Tag {
		case 'S':
			if s, ok := arg.Text(); !ok || string(s) != "sym" {
				t.Errorf("S is %q", s)
			}
		case 'c':
			if w, ok := arg.Word(); !ok || w != 'A' {
				t.Errorf("c is %v", w)
			}
		case 'r':
			if w, ok := arg.Word(); !ok || w != 0x01020304 {
				t.Errorf("r is %#x", w)
			}
		case 'm':
			if w, ok := arg.Word(); !ok || w != 0x90407f00 {
				t.Errorf("m is %#x", w)
			}
		case 'i':
			if n, ok := arg.Number(); !ok || n != -1 {
				t.Errorf("i is %v", n)
			}
		}
	}
	if tags != "[Sc]rmI[i]" {
		t.Errorf("the tags are %q", tags)
	}
}

func TestMalformed(t *testing.T) {
	nest := func(depth int) []byte {
		b := []byte("/a\x00\x00,\x00\x00\x00")
		for range depth {
			outer := append([]byte("#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01"), 0, 0, 0, 0)
			binary.BigEndian.PutUint32(outer[16:], uint32(len(b)))
			b = append(outer, b...)
		}
		return b
	}
	many := func(n int) []byte {
		b := []byte("#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01")
		for range n {
			b = append(b, "\x00\x00\x00\x08/a\x00\x00,\x00\x00\x00"...)
		}
		return b
	}
	for _, c := range []struct {
		name     string
		datagram string
		want     error
	}{
		{"nothing", "", errAddress},
		{"no slash", "abc\x00", errAddress},
		{"no end of the address", "/abc", errString},
		{"padding cut off", "/ab\x00,i\x00", errString},
		{"no comma", "/ab\x00i\x00\x00\x00", errTags},
		{"unknown tag", "/ab\x00,q\x00\x00", errTag},
		{"int cut off", "/ab\x00,i\x00\x00\x00\x00", errArgument},
		{"double cut off", "/ab\x00,d\x00\x00\x00\x00\x00\x00", errArgument},
		{"string cut off", "/ab\x00,s\x00\x00abcd", errString},
		{"blob larger than all", "/ab\x00,b\x00\x00\xff\xff\xff\xff", errArgument},
		{"blob cut off", "/ab\x00,b\x00\x00\x00\x00\x00\x05abcd", errArgument},
		{"no blob size", "/ab\x00,b\x00\x00\x00", errArgument},
		{"bytes left over", "/ab\x00,\x00\x00\x00\x00\x00\x00\x00", errRest},
		{"array not closed", "/ab\x00,[\x00\x00", errArray},
		{"array not opened", "/ab\x00,]\x00\x00", errArray},
		{"arrays too deep", "/ab\x00,[[[[[[[[[]]]]]]]]]\x00", errArray},
		{"half a bundle", "#bundle\x00\x00\x00", errBundle},
		{"not a bundle", "#bungle\x00\x00\x00\x00\x00\x00\x00\x00\x01", errBundle},
		{"half a size", "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00", errSize},
		{"size larger than all", "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\xff\xff\xff\xfc", errSize},
		{"size not of four", "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x05/ab\x00\x00", errSize},
		{"an element of nothing", "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00", errAddress},
		{"bundles too deep", string(nest(MaxDepth + 1)), errDepth},
		{"too many messages", string(many(MaxMessages + 1)), errMany},

		{"bundles deep", string(nest(MaxDepth)), nil},
		{"many messages", string(many(MaxMessages)), nil},
		{"an empty bundle", "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01", nil},
		{"no type tags", "/ab\x00", nil},
		{"an empty blob", "/ab\x00,b\x00\x00\x00\x00\x00\x00", nil},
	} {
		if err := Check([]byte(c.datagram)); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// FuzzDecode feeds anything to the decoder. What it takes, it takes the same
// again, inside the datagram, and go-osc must read the same out of it where
// go-osc can read it at all.
func FuzzDecode(f *testing.F) {
	for _, p := range []osc.Packet{
		osc.NewMessage("/noctiluca/person/ada/hr", float32(70)),
		osc.NewMessage("/EmotiBit/0/PPG:IR", float32(1), float32(2), float32(3)),
		osc.NewMessage("/a", int32(1), int64(2), 3.0, "four", []byte{5}, true, false, nil),
	} {
		f.Add(encode(f, p))
		b := osc.NewBundle(time.Unix(1e9, 0))
		b.Append(p)
		f.Add(encode(f, b))
	}
	f.Add([]byte("/zone/[1\x00\x00\x00\x00"))
	f.Add([]byte("/x\x00\x00,[Sc]rmI[i]\x00sym\x00\x00\x00\x00A\x01\x02\x03\x04\x90\x40\x7f\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		before := bytes.Clone(datagram)
		got, err := ours(datagram)
		if !bytes.Equal(datagram, before) {
			t.Fatal("decoding changed the datagram")
		}
		if (err == nil) != (Check(datagram) == nil) {
			t.Fatal("Check and the decoder do not agree")
		}
		if err != nil || len(datagram) == 0 || datagram[0] != '/' || len(datagram) > 4000 {
			return // go-osc ignores the sizes in bundles: no oracle for those
		}
		p, err := osc.ParsePacket(string(datagram))
		if err != nil || p == nil {
			return // no type tags, an empty blob, a tag it does not know
		}
		m := p.(*osc.Message)
		for _, a := range m.Arguments {
			if _, ok := a.(osc.Timetag); ok {
				return // it rounds some times to others
			}
		}
		if want := theirs(m); !same(got, want) {
			t.Fatalf("%q is read as %#v, go-osc has %#v", datagram, got, want)
		}
	})
}
