package osc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Limits of one datagram. What is over them is malformed.
const (
	MaxDepth    = 8    // bundles within bundles, and arrays within arrays
	MaxMessages = 1024 // messages in one datagram
)

// Immediately is the time tag that means at once.
const Immediately TimeTag = 1

// TimeTag is an NTP time: seconds since 1900 in the upper half, fractions of
// a second in the lower.
type TimeTag uint64

// Message is one message in a datagram. Its slices are parts of the datagram.
type Message struct {
	Address []byte  // an address or an address pattern; begins with '/'
	Tags    []byte  // type tags without the comma; empty when there are none
	Data    []byte  // the arguments
	Time    TimeTag // of the innermost bundle round it; Immediately for none
}

// What can be wrong with a datagram.
var (
	errAddress  = errors.New("neither a message ('/') nor a bundle ('#bundle')")
	errString   = errors.New("a string has no end, or its padding is cut off")
	errTags     = errors.New("type tags do not begin with ','")
	errTag      = errors.New("an unknown type tag")
	errArray    = errors.New("array brackets do not pair, or nest too deeply")
	errArgument = errors.New("an argument is cut off")
	errRest     = errors.New("bytes are left after the last argument")
	errBundle   = errors.New("a bundle or its time tag is cut off")
	errSize     = errors.New("a bundle element's size is not a multiple of 4 within the bundle")
	errDepth    = fmt.Errorf("bundles nest deeper than %d", MaxDepth)
	errMany     = fmt.Errorf("more than %d messages", MaxMessages)
)

// Decoder goes through the messages of a datagram, in order. It allocates
// nothing. After Next gave false, Err tells whether all of it was well formed.
type Decoder struct {
	levels   [MaxDepth + 1]level
	depth    int // levels in use
	single   []byte
	message  Message
	messages int
	err      error
}

// level is what is left of a bundle.
type level struct {
	rest []byte
	time TimeTag
}

var bundleMark = []byte("#bundle\x00")

// Reset starts on a datagram.
func (d *Decoder) Reset(datagram []byte) {
	*d = Decoder{}
	if len(datagram) > 0 && datagram[0] == '#' {
		d.open(datagram)
		return
	}
	d.single = datagram
	if len(datagram) == 0 {
		d.err = errAddress
	}
}

// open enters a bundle.
func (d *Decoder) open(b []byte) {
	switch {
	case d.depth == MaxDepth:
		d.err = errDepth
	case len(b) < 16 || !bytes.Equal(b[:8], bundleMark):
		d.err = errBundle
	default:
		d.levels[d.depth] = level{b[16:], TimeTag(binary.BigEndian.Uint64(b[8:]))}
		d.depth++
	}
}

// Next goes on to the next message; its arguments have been seen to be whole.
func (d *Decoder) Next() bool {
	for d.err == nil {
		if d.single != nil {
			b := d.single
			d.single = nil
			return d.take(b, Immediately)
		}
		if d.depth == 0 {
			return false
		}
		l := &d.levels[d.depth-1]
		if len(l.rest) == 0 {
			d.depth--
			continue
		}
		if len(l.rest) < 4 {
			d.err = errSize
			return false
		}
		size := binary.BigEndian.Uint32(l.rest)
		if size%4 != 0 || uint64(size) > uint64(len(l.rest)-4) {
			d.err = errSize
			return false
		}
		b := l.rest[4 : 4+size]
		l.rest = l.rest[4+size:]
		if len(b) > 0 && b[0] == '#' {
			d.open(b)
			continue
		}
		return d.take(b, l.time)
	}
	return false
}

// Message is the one Next went to.
func (d *Decoder) Message() Message { return d.message }

// Err is what is wrong with the datagram, or nil.
func (d *Decoder) Err() error { return d.err }

func (d *Decoder) take(b []byte, at TimeTag) bool {
	if d.messages == MaxMessages {
		d.err = errMany
		return false
	}
	d.messages++
	d.message, d.err = parse(b)
	d.message.Time = at
	return d.err == nil
}

// Check says what is wrong with a datagram, or nil.
func Check(datagram []byte) error {
	var d Decoder
	d.Reset(datagram)
	for d.Next() {
	}
	return d.Err()
}

// parse takes a message apart. Type tags may be missing, as some old senders
// do it: the message has no arguments then that could be told.
func parse(b []byte) (Message, error) {
	if len(b) == 0 || b[0] != '/' {
		return Message{}, errAddress
	}
	m := Message{}
	var ok bool
	if m.Address, b, ok = text(b); !ok {
		return Message{}, errString
	}
	if len(b) == 0 {
		return m, nil
	}
	if b[0] != ',' {
		return Message{}, errTags
	}
	if m.Tags, b, ok = text(b); !ok {
		return Message{}, errString
	}
	m.Tags = m.Tags[1:]
	m.Data = b
	arrays := 0
	for _, tag := range m.Tags {
		switch tag {
		case '[':
			arrays++
		case ']':
			arrays--
		}
		if arrays < 0 || arrays > MaxDepth {
			return Message{}, errArray
		}
		n, err := size(tag, b)
		if err != nil {
			return Message{}, err
		}
		b = b[n:]
	}
	if arrays != 0 {
		return Message{}, errArray
	}
	if len(b) != 0 {
		return Message{}, errRest
	}
	return m, nil
}

// text splits a zero-ended, padded string off.
func text(b []byte) (s, rest []byte, ok bool) {
	n := bytes.IndexByte(b, 0)
	if n < 0 {
		return nil, nil, false
	}
	padded := n/4*4 + 4
	if padded > len(b) {
		return nil, nil, false
	}
	return b[:n], b[padded:], true
}

// size is how many bytes an argument of the tag takes at the head of b.
func size(tag byte, b []byte) (int, error) {
	n := 0
	switch tag {
	case 'T', 'F', 'N', 'I', '[', ']':
	case 'i', 'f', 'c', 'r', 'm':
		n = 4
	case 'h', 'd', 't':
		n = 8
	case 's', 'S':
		_, rest, ok := text(b)
		if !ok {
			return 0, errString
		}
		return len(b) - len(rest), nil
	case 'b':
		if len(b) < 4 {
			return 0, errArgument
		}
		blob := uint64(binary.BigEndian.Uint32(b))
		padded := (blob + 3) / 4 * 4
		if padded > uint64(len(b)-4) {
			return 0, errArgument
		}
		return 4 + int(padded), nil
	default:
		return 0, errTag
	}
	if n > len(b) {
		return 0, errArgument
	}
	return n, nil
}

// Arguments goes through the arguments of a message.
type Arguments struct{ tags, data []byte }

// Arguments starts at the first argument.
func (m Message) Arguments() Arguments { return Arguments{m.Tags, m.Data} }

// Argument is one argument: its tag and its bytes in the datagram.
type Argument struct {
	Tag  byte
	Data []byte
}

// Next gives the next argument. Array brackets are arguments too.
func (a *Arguments) Next() (Argument, bool) {
	if len(a.tags) == 0 {
		return Argument{}, false
	}
	tag := a.tags[0]
	n, err := size(tag, a.data)
	if err != nil {
		*a = Arguments{}
		return Argument{}, false
	}
	arg := Argument{tag, a.data[:n]}
	a.tags, a.data = a.tags[1:], a.data[n:]
	return arg, true
}

// Number is the value of an i, h, f or d argument. It may be NaN or infinite.
func (a Argument) Number() (float64, bool) {
	switch a.Tag {
	case 'i':
		return float64(int32(binary.BigEndian.Uint32(a.Data))), true
	case 'h':
		return float64(int64(binary.BigEndian.Uint64(a.Data))), true
	case 'f':
		return float64(math.Float32frombits(binary.BigEndian.Uint32(a.Data))), true
	case 'd':
		return math.Float64frombits(binary.BigEndian.Uint64(a.Data)), true
	}
	return 0, false
}

// Truth is the value of T or F, or of a number: 0 is no, 1 is yes, and all
// else is neither.
func (a Argument) Truth() (yes, ok bool) {
	switch a.Tag {
	case 'T':
		return true, true
	case 'F':
		return false, true
	}
	switch n, ok := a.Number(); {
	case ok && n == 1:
		return true, true
	case ok && n == 0:
		return false, true
	}
	return false, false
}

// Text is the value of an s or S argument.
func (a Argument) Text() ([]byte, bool) {
	if a.Tag != 's' && a.Tag != 'S' {
		return nil, false
	}
	s, _, ok := text(a.Data)
	return s, ok
}

// Blob is the value of a b argument, without its size and padding.
func (a Argument) Blob() ([]byte, bool) {
	if a.Tag != 'b' {
		return nil, false
	}
	return a.Data[4 : 4+binary.BigEndian.Uint32(a.Data)], true
}

// Word is the value of a four-byte argument that is no number: c (ASCII), r
// (RGBA) or m (MIDI).
func (a Argument) Word() (uint32, bool) {
	switch a.Tag {
	case 'c', 'r', 'm':
		return binary.BigEndian.Uint32(a.Data), true
	}
	return 0, false
}

// Time is the value of a t argument.
func (a Argument) Time() (TimeTag, bool) {
	if a.Tag != 't' {
		return 0, false
	}
	return TimeTag(binary.BigEndian.Uint64(a.Data)), true
}
