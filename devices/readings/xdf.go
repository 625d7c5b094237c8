package readings

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/hypebeast/go-osc/osc"
)

// XDF is a recording of Lab Streaming Layer: "XDF:", then chunks, each a
// length, a tag and what it holds. Source: sccn/xdf, "Specifications" (1.0).
type XDF struct {
	Name     string
	Streams  []*Stream
	Warnings []string
}

// Stream is one of its streams. Samples of text are left out.
type Stream struct {
	ID       uint32
	Name     string
	Type     string
	Format   string
	Rate     float64
	Channels int
	Times    []float64   // seconds, of the recording computer's clock
	Values   [][]float64 // a row for each time

	offsets [][2]float64 // when, and by how much the sender's clock lay beside
	last    float64
}

const (
	xdfMostChunk   = 1 << 28
	xdfMostStreams = 1024
	xdfMostSamples = 1 << 26
)

// IsXDF says whether a file begins as one.
func IsXDF(head []byte) bool { return len(head) >= 4 && string(head[:4]) == "XDF:" }

// ReadXDF reads a whole file. Its end may be cut off, as after a crash: what
// came before is kept, with a warning.
func ReadXDF(r io.Reader, name string) (*XDF, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil || !IsXDF(head) {
		return nil, fmt.Errorf("%s: it does not begin with XDF: and so is no XDF file", name)
	}
	x := &XDF{Name: name}
	byID := map[uint32]*Stream{}
	total := 0
	for n := 1; ; n++ {
		length, err := xdfLength(r)
		if errors.Is(err, io.EOF) {
			break
		}
		var chunk []byte
		if err == nil {
			if length < 2 || length > xdfMostChunk {
				return nil, fmt.Errorf("%s: chunk %d has the length %d, want 2 to %d", name, n, length, xdfMostChunk)
			}
			// Grown as it is read, so that a wrong length asks for no memory.
			chunk, err = io.ReadAll(io.LimitReader(r, int64(length)))
			if err == nil && uint64(len(chunk)) < length {
				err = io.ErrUnexpectedEOF
			}
		}
		if err != nil {
			x.Warnings = append(x.Warnings, fmt.Sprintf("%s: chunk %d is cut off: what came before it is kept", name, n))
			break
		}
		tag, b := binary.LittleEndian.Uint16(chunk), chunk[2:]
		if tag != 2 && tag != 3 && tag != 4 {
			continue // file header, boundary, footer
		}
		if len(b) < 4 {
			return nil, fmt.Errorf("%s: chunk %d, of a stream, has no stream's number", name, n)
		}
		id := binary.LittleEndian.Uint32(b)
		b = b[4:]
		s := byID[id]
		switch {
		case tag == 2 && s == nil:
			if len(x.Streams) == xdfMostStreams {
				return nil, fmt.Errorf("%s: more than %d streams", name, xdfMostStreams)
			}
			if s, err = xdfHeader(b); err != nil {
				return nil, fmt.Errorf("%s: header of stream %d: %w", name, id, err)
			}
			s.ID = id
			byID[id] = s
			x.Streams = append(x.Streams, s)
		case s == nil:
			return nil, fmt.Errorf("%s: chunk %d is of stream %d, which has no header", name, n, id)
		case tag == 4 && len(b) >= 16:
			s.offsets = append(s.offsets, [2]float64{float(b), float(b[8:])})
		case tag == 3:
			more, err := s.samples(b)
			if err != nil {
				return nil, fmt.Errorf("%s: chunk %d, samples of stream %q: %w", name, n, s.Name, err)
			}
			if total += more * max(s.Channels, 1); total > xdfMostSamples {
				return nil, fmt.Errorf("%s: more than %d samples", name, xdfMostSamples)
			}
		}
	}
	for _, s := range x.Streams {
		s.shift()
	}
	return x, nil
}

func float(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// xdfLength reads a number whose size stands before it.
func xdfLength(r io.Reader) (uint64, error) {
	var b [9]byte
	if _, err := io.ReadFull(r, b[:1]); err != nil {
		return 0, err
	}
	switch b[0] {
	case 1, 4, 8:
	default:
		return 0, fmt.Errorf("a length of %d bytes", b[0])
	}
	if _, err := io.ReadFull(r, b[1:1+b[0]]); err != nil {
		return 0, io.ErrUnexpectedEOF
	}
	return binary.LittleEndian.Uint64(append(b[1:1+b[0]:1+b[0]], make([]byte, 8-b[0])...)), nil
}

func xdfHeader(b []byte) (*Stream, error) {
	var info struct {
		Name     string  `xml:"name"`
		Type     string  `xml:"type"`
		Channels int     `xml:"channel_count"`
		Rate     float64 `xml:"nominal_srate"`
		Format   string  `xml:"channel_format"`
	}
	if err := xml.Unmarshal(b, &info); err != nil {
		return nil, err
	}
	if info.Channels < 1 || info.Channels > 4096 || !(info.Rate >= 0 && info.Rate <= 1e6) {
		return nil, fmt.Errorf("%d channels at %v samples a second, want 1 to 4096 at 0 to 1000000", info.Channels, info.Rate)
	}
	s := &Stream{Name: info.Name, Type: info.Type, Channels: info.Channels, Rate: info.Rate, Format: info.Format}
	if info.Format != "string" && sizes[info.Format] == 0 {
		return nil, fmt.Errorf("channel_format is %q, want float32, double64, string, int32, int16, int8 or int64", info.Format)
	}
	return s, nil
}

// sizes of the formats, bytes.
var sizes = map[string]int{"float32": 4, "double64": 8, "int32": 4, "int16": 2, "int8": 1, "int64": 8}

var errCut = errors.New("a sample is cut off")

// samples reads a chunk of samples. A sample without a time follows the one
// before by the nominal rate.
func (s *Stream) samples(b []byte) (int, error) {
	r := strings.NewReader(string(b))
	count, err := xdfLength(r)
	if err != nil {
		return 0, errCut
	}
	b = b[len(b)-r.Len():]
	if s.Format == "string" {
		return 0, nil // markers
	}
	size := sizes[s.Format]
	if count > uint64(len(b)) {
		return 0, fmt.Errorf("%d samples in %d bytes", count, len(b))
	}
	for range count {
		if len(b) < 1 {
			return 0, errCut
		}
		stamped := b[0]
		b = b[1:]
		at := s.last
		if s.Rate > 0 {
			at += 1 / s.Rate
		}
		if stamped == 8 {
			if len(b) < 8 {
				return 0, errCut
			}
			at, b = float(b), b[8:]
		} else if stamped != 0 {
			return 0, fmt.Errorf("a time of %d bytes, want 0 or 8", stamped)
		}
		s.last = at
		if len(b) < size*s.Channels {
			return 0, errCut
		}
		row := make([]float64, s.Channels)
		for i := range row {
			v := b[i*size:]
			switch s.Format {
			case "float32":
				row[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(v)))
			case "double64":
				row[i] = float(v)
			case "int32":
				row[i] = float64(int32(binary.LittleEndian.Uint32(v)))
			case "int16":
				row[i] = float64(int16(binary.LittleEndian.Uint16(v)))
			case "int8":
				row[i] = float64(int8(v[0]))
			case "int64":
				row[i] = float64(int64(binary.LittleEndian.Uint64(v)))
			}
		}
		b = b[size*s.Channels:]
		s.Times = append(s.Times, at)
		s.Values = append(s.Values, row)
	}
	return int(count), nil
}

// shift brings the times to the recording computer's clock, by the offset
// measured last before each, so that streams of several computers agree.
func (s *Stream) shift() {
	if len(s.offsets) == 0 {
		return
	}
	sort.Slice(s.offsets, func(i, j int) bool { return s.offsets[i][0] < s.offsets[j][0] })
	k := 0
	for i, t := range s.Times {
		for k+1 < len(s.offsets) && s.offsets[k+1][0] <= t {
			k++
		}
		s.Times[i] = t + s.offsets[k][1]
	}
}

// Messages is the file as messages to /lsl/STREAM/CHANNEL, as a live stream of
// that name is taken in: the installation's map says what they are.
func (x *XDF) Messages() ([]Message, error) {
	first := math.Inf(1)
	for _, s := range x.Streams {
		for _, t := range s.Times {
			if t < first {
				first = t
			}
		}
	}
	var out []Message
	for _, s := range x.Streams {
		open := make([]int, s.Channels)
		for i := range open {
			open[i] = -1
		}
		for n, row := range s.Values {
			d := s.Times[n] - first
			if !(d >= 0 && d < 1e7) {
				return nil, fmt.Errorf("%s: stream %q: sample %d lies %v s after the first", x.Name, s.Name, n+1, d)
			}
			at := time.Duration(d * float64(time.Second))
			for c, v := range row {
				if i := open[c]; i >= 0 && at-out[i].At < together && out[i].Values < most {
					out[i].OSC.Append(float32(v))
					out[i].Values++
					continue
				}
				open[c] = len(out)
				out = append(out, Message{At: at, Values: 1, OSC: osc.NewMessage(Address(s.Name, c), float32(v))})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no stream of numbers in it", x.Name)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At < out[j].At })
	return out, nil
}

// Address is where channel c of a stream goes; what OSC keeps for patterns
// becomes _ in the name.
func Address(stream string, c int) string {
	clean := strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune("#*,/?[]{}", r) {
			return '_'
		}
		return r
	}, stream)
	return fmt.Sprintf("/lsl/%s/%d", clean, c)
}
