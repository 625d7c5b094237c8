// Package fseq reads and writes FSEQ files: recorded shows, a value for each
// channel of each frame, as Falcon Player and xLights make and play them
// (FPP, docs/FSEQ_Sequence_File_Format.txt; versions 1.0 and 2.0 to 2.2).
//
// It knows channels and frames, and nothing of pixels. The ideas it owns: a
// field of the file that lies is refused by its name before anything is made
// of it; a file that was cut off plays to where it is whole; and memory does
// not grow with the length of the show, read or written: a compressed block
// is decoded frame by frame.
package fseq

import (
	"encoding/binary"
	"fmt"
)

// Compression is how the channel data are packed.
type Compression uint8

// The compressions. Zlib is read and not written.
const (
	None Compression = iota
	Zstd
	Zlib
)

// String names a compression.
func (c Compression) String() string {
	if int(c) < 3 {
		return [...]string{"none", "zstd", "zlib"}[c]
	}
	return fmt.Sprintf("compression %d", uint8(c))
}

// MaxChannels is the most channels of a frame: what the three bytes of a
// sparse range can count.
const MaxChannels = 1 << 24

// MaxBlocks is the most blocks of a file: twelve bits since version 2.1.
const MaxBlocks = 4095

// Header is what a file says of itself.
type Header struct {
	Major, Minor uint8
	Channels     int // of a frame, as it is stored: 1…MaxChannels
	Frames       int
	Step         int // ms from frame to frame, 1…255
	Compression  Compression
	ID           uint64 // identifier; 0 in version 1
	// Ranges are the channels that are stored, one range after another. None
	// means channels 0…Channels−1.
	Ranges    []Range
	Variables []Variable

	data   int     // offset of the channel data
	table  int     // entries of the block table, the unused ones counted
	blocks []block // those in use
}

// Range is a stretch of channels, counted from 0.
type Range struct{ Start, Count int }

// Variable is a variable header: a code of two letters and its data.
type Variable struct {
	Code string // mf: media file; sp: producer
	Data []byte
	// Offset is where the data lie in the file when they are kept outside
	// the header (ED, version 2.2), else 0. Data is nil then, and Length says how many
	// there are: Reader.Extended reads them.
	Offset int64
	Length int64
}

// block is a piece of compressed channel data.
type block struct {
	first  int // its first frame
	offset int64
	length int64
}

// Fixed sizes of the format, in bytes.
const (
	fixed1       = 28 // the fixed header of version 1
	fixed2       = 32 // and of version 2
	blockEntry   = 8
	rangeEntry   = 6
	variableHead = 4
	maxHeader    = 1<<16 - 1 // the offset of the channel data is 16 bits
)

// Media is the name of the audio or video file that belongs to the show, or
// empty.
func (h *Header) Media() string { return h.text("mf") }

// Producer is the program that made the file, or empty.
func (h *Header) Producer() string { return h.text("sp") }

func (h *Header) text(code string) string {
	for _, v := range h.Variables {
		if v.Code == code {
			return zeroEnded(v.Data)
		}
	}
	return ""
}

func zeroEnded(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// Span is one more than the last channel that the file gives a value to.
func (h *Header) Span() int {
	if len(h.Ranges) == 0 {
		return h.Channels
	}
	end := 0
	for _, r := range h.Ranges {
		end = max(end, r.Start+r.Count)
	}
	return end
}

// Spread puts a stored frame at the channels that it is of. dst is as long as
// wanted; channels beyond it are left out, channels that are not stored stay
// as they are.
func (h *Header) Spread(dst, stored []byte) {
	if len(h.Ranges) == 0 {
		copy(dst, stored)
		return
	}
	for _, r := range h.Ranges {
		if r.Start < len(dst) {
			copy(dst[r.Start:], stored[:r.Count])
		}
		stored = stored[r.Count:]
	}
}

// Error is a field of a file that cannot be true.
type Error struct {
	Field string // as the format's document names it
	Value any
	Rule  string // what must hold
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s is %v: %s", e.Field, e.Value, e.Rule)
}

func lie(field string, value any, rule string, args ...any) error {
	return &Error{field, value, fmt.Sprintf(rule, args...)}
}

// preamble gives the length of the header of a file that begins with b: the
// offset of its channel data.
func preamble(b []byte) (int, error) {
	if len(b) < fixed1 {
		return 0, lie("the file's length", len(b), "expected at least %d bytes of header", fixed1)
	}
	if id := string(b[:4]); id != "PSEQ" && id != "FSEQ" {
		return 0, lie("the identifier", fmt.Sprintf("%q", id), "expected PSEQ or FSEQ; this is no FSEQ file")
	}
	least := fixed1
	switch major, minor := b[7], b[6]; {
	case major == 2:
		least = fixed2
		if minor > 2 {
			return 0, lie("the minor version", minor, "2.0 to 2.2 are read")
		}
	case major != 1:
		return 0, lie("the major version", major, "1 and 2 are read")
	}
	n := int(binary.LittleEndian.Uint16(b[4:]))
	if n < least {
		return 0, lie("the offset of the channel data", n, "version %d has at least %d bytes of header", b[7], least)
	}
	return n, nil
}

// DecodeHeader reads the header of a file: b is everything before its channel
// data. size is the length of the whole file, which bounds what lies outside
// the header. The error is an *Error that names the field.
func DecodeHeader(b []byte, size int64) (*Header, error) {
	n, err := preamble(b)
	if err != nil {
		return nil, err
	}
	if len(b) < n {
		return nil, lie("the offset of the channel data", n, "the file has only %d bytes before it", len(b))
	}
	b = b[:n]
	le := binary.LittleEndian
	h := &Header{Major: b[7], Minor: b[6], data: n, Step: int(b[18])}
	channels, frames := le.Uint32(b[10:]), le.Uint32(b[14:])
	if channels < 1 || channels > MaxChannels {
		return nil, lie("the number of channels", channels, "expected 1…%d", MaxChannels)
	}
	if frames < 1 || frames > 1<<31-1 {
		return nil, lie("the number of frames", frames, "expected 1…%d", 1<<31-1)
	}
	h.Channels, h.Frames = int(channels), int(frames)
	if h.Step == 0 {
		return nil, lie("the step", "0 ms", "expected 1…255")
	}
	at := fixed1
	if h.Major == 2 {
		h.ID = le.Uint64(b[24:])
		if at, err = h.decodeIndex(b); err != nil {
			return nil, err
		}
	}
	// Some writers give the whole header's length for this index, and FPP
	// takes the place after the tables whatever it says; one that points
	// before that place or past the header cannot be true.
	index := int(le.Uint16(b[8:]))
	switch {
	case index == at || index == n:
	case index < at || index > n:
		return nil, lie("the index of the first variable header", index, "expected %d…%d", at, n)
	default:
		at = index
	}
	return h, h.decodeVariables(b, at, size)
}

// decodeIndex reads the block table and the sparse ranges of version 2, and
// gives where they end.
func (h *Header) decodeIndex(b []byte) (int, error) {
	h.Compression = Compression(b[20] & 15)
	if h.Compression > Zlib {
		return 0, lie("the compression type", b[20]&15, "0 none, 1 zstd and 2 zlib are read")
	}
	h.table = int(b[21])
	if h.Minor >= 1 {
		h.table |= int(b[20]>>4) << 8
	}
	ranges := int(b[22])
	at := fixed2 + blockEntry*h.table
	if at > len(b) {
		return 0, lie("the number of compression blocks", h.table, "their table ends at byte %d, after the channel data begin at %d", at, len(b))
	}
	if end := at + rangeEntry*ranges; end > len(b) {
		return 0, lie("the number of sparse ranges", ranges, "their table ends at byte %d, after the channel data begin at %d", end, len(b))
	}
	if h.Compression != None {
		if err := h.decodeBlocks(b[fixed2:at]); err != nil {
			return 0, err
		}
	}
	total := 0
	for i := range ranges {
		e := b[at+rangeEntry*i:]
		r := Range{int(e[0]) | int(e[1])<<8 | int(e[2])<<16, int(e[3]) | int(e[4])<<8 | int(e[5])<<16}
		switch {
		case r.Count == 0:
			return 0, lie(fmt.Sprintf("the length of sparse range %d", i), 0, "expected at least 1 channel")
		case r.Start+r.Count > MaxChannels:
			return 0, lie(fmt.Sprintf("the start of sparse range %d", i), r.Start, "with %d channels it ends after channel %d", r.Count, MaxChannels-1)
		}
		total += r.Count
		h.Ranges = append(h.Ranges, r)
	}
	if ranges > 0 && total != h.Channels {
		return 0, lie("the number of channels", h.Channels, "the sparse ranges have %d", total)
	}
	return at + rangeEntry*ranges, nil
}

func (h *Header) decodeBlocks(b []byte) error {
	le := binary.LittleEndian
	offset := int64(h.data)
	for i := range h.table {
		first, length := le.Uint32(b[blockEntry*i:]), le.Uint32(b[blockEntry*i+4:])
		if length == 0 {
			continue // of an entry that was reserved and not used
		}
		name := fmt.Sprintf("the first frame of compression block %d", i)
		switch {
		case int64(first) >= int64(h.Frames):
			return lie(name, first, "the file has frames 0…%d", h.Frames-1)
		case len(h.blocks) == 0 && first != 0:
			return lie(name, first, "expected 0")
		case len(h.blocks) > 0 && int(first) <= h.blocks[len(h.blocks)-1].first:
			return lie(name, first, "expected over %d, the one before", h.blocks[len(h.blocks)-1].first)
		}
		h.blocks = append(h.blocks, block{int(first), offset, int64(length)})
		offset += int64(length)
	}
	return nil
}

func (h *Header) decodeVariables(b []byte, at int, size int64) error {
	le := binary.LittleEndian
	for at+variableHead < len(b) {
		n := int(le.Uint16(b[at:]))
		if n == 0 {
			return nil // the padding to a whole number of four bytes
		}
		field := fmt.Sprintf("the length of the variable header at byte %d", at)
		switch {
		case n < variableHead:
			return lie(field, n, "expected at least %d, for the length and the code count", variableHead)
		case at+n > len(b):
			return lie(field, n, "the channel data begin at byte %d", len(b))
		}
		v := Variable{Code: string(b[at+2 : at+4]), Data: append([]byte(nil), b[at+4:at+n]...)}
		if v.Code == "ED" && h.Major == 2 && h.Minor >= 2 {
			if err := v.decodeExtended(h.data, at, size); err != nil {
				return err
			}
		}
		h.Variables = append(h.Variables, v)
		at += n
	}
	return nil
}

// decodeExtended reads where data that are kept elsewhere lie.
func (v *Variable) decodeExtended(data, at int, size int64) error {
	field := fmt.Sprintf("of the extended data at byte %d", at)
	if len(v.Data) < 14 {
		return lie("the length "+field, len(v.Data), "expected 14: a code, an offset and a length")
	}
	le := binary.LittleEndian
	offset, length := le.Uint64(v.Data[2:]), int64(le.Uint32(v.Data[10:]))
	if offset < uint64(data) || offset > 1<<62 {
		return lie("the offset "+field, offset, "expected at least %d, where the channel data begin", data)
	}
	v.Code, v.Offset, v.Length, v.Data = string(v.Data[:2]), int64(offset), length, nil
	return nil
}
