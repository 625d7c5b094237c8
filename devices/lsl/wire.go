// Package lsl takes in streams of Lab Streaming Layer, in Go alone: it finds
// the outlets of a name, reads their samples, and follows their clocks. What
// the channels measure of whom is package sensors' to say: channel c of a
// stream counts as the address /lsl/STREAM/c. It is no outlet.
//
// The one idea it owns: an outlet is believed when it passes the protocol's
// own test. Each feed begins with two samples of a known pattern; a feed in
// which they are wrong is decoded wrongly, and is refused.
//
// Sources: liblsl (sccn/liblsl) 1.16, protocol 1.10: tcp_server.cpp,
// udp_server.cpp, sample.cpp, time_receiver.cpp.
package lsl

import (
	"bufio"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Info is what an outlet tells of its stream (shortinfo).
type Info struct {
	Name     string  `xml:"name"`
	Type     string  `xml:"type"`
	Channels int     `xml:"channel_count"`
	Rate     float64 `xml:"nominal_srate"` // samples a second; 0 is irregular
	Format   string  `xml:"channel_format"`
	SourceID string  `xml:"source_id"`
	UID      string  `xml:"uid"`
	Host     string  `xml:"hostname"`
	Session  string  `xml:"session_id"`
	DataPort int     `xml:"v4data_port"`
	TimePort int     `xml:"v4service_port"`
}

// maxChannels bounds a stream.
const maxChannels = 1024

// size of a value of each format, bytes.
var sizes = map[string]int{"float32": 4, "double64": 8, "int32": 4, "int16": 2, "int8": 1, "int64": 8}

// parseInfo reads a shortinfo and refuses what cannot be read from.
func parseInfo(b []byte) (Info, error) {
	var i Info
	if err := xml.Unmarshal(b, &i); err != nil {
		return i, fmt.Errorf("shortinfo: %w", err)
	}
	switch {
	case i.Channels < 1 || i.Channels > maxChannels:
		return i, fmt.Errorf("stream %q has %d channels, want 1 to %d", i.Name, i.Channels, maxChannels)
	case i.Format == "string":
		return i, fmt.Errorf("stream %q is of text", i.Name)
	case sizes[i.Format] == 0:
		return i, fmt.Errorf("stream %q has the format %q, want float32, double64, int64, int32, int16 or int8", i.Name, i.Format)
	case !(i.Rate >= 0 && i.Rate <= 1e6):
		return i, fmt.Errorf("stream %q has the rate %v, want 0 to 1000000", i.Name, i.Rate)
	case i.DataPort < 1 || i.DataPort > 65535:
		return i, fmt.Errorf("stream %q has the data port %d", i.Name, i.DataPort)
	case len(i.UID) > 128 || strings.ContainsAny(i.UID, "\r\n "):
		return i, fmt.Errorf("stream %q has a uid that is none", i.Name)
	}
	return i, nil
}

// query asks for the streams of a name; the answer goes to a port.
func query(name string, port int, id string) []byte {
	return []byte("LSL:shortinfo\r\nname='" + strings.NewReplacer("'", "", "\r", "", "\n", "").Replace(name) + "'\r\n" + strconv.Itoa(port) + " " + id + "\r\n")
}

// answer takes an answer to a query apart.
func answer(b []byte, id string) (Info, error) {
	head, body, ok := strings.Cut(string(b), "\r\n")
	if !ok || strings.TrimSpace(head) != id {
		return Info{}, errors.New("an answer to another question")
	}
	return parseInfo([]byte(body))
}

// request asks an outlet for its feed.
func request(i Info) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "LSL:streamfeed/110 %s\r\n", i.UID)
	for _, h := range [][2]string{
		{"Native-Byte-Order", "1234"}, {"Endian-Performance", "0"}, {"Has-IEEE754-Floats", "1"}, {"Supports-Subnormals", "1"},
		{"Value-Size", strconv.Itoa(sizes[i.Format])}, {"Data-Protocol-Version", "110"}, {"Protocol-Version", "110"},
		{"Max-Buffer-Length", strconv.Itoa(max(int(2*i.Rate), 256))}, {"Max-Chunk-Length", "0"}, {"Hostname", i.Host}, {"Source-Id", i.SourceID}, {"Session-Id", i.Session},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], strings.NewReplacer("\r", "", "\n", "").Replace(h[1]))
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// Feed decodes the samples of one connection.
type Feed struct {
	r     *bufio.Reader
	info  Info
	order binary.ByteOrder
	last  float64
	raw   []byte
	row   []float64
}

// Open reads the answer to a request and the two samples of the test pattern.
func Open(r io.Reader, info Info) (*Feed, error) {
	f := &Feed{r: bufio.NewReaderSize(r, 1<<16), info: info, order: binary.LittleEndian,
		raw: make([]byte, info.Channels*sizes[info.Format]), row: make([]float64, info.Channels)}
	status, err := f.line()
	if err != nil {
		return nil, err
	}
	if words := strings.Fields(status); len(words) < 2 || !strings.HasPrefix(words[0], "LSL/") || words[1] != "200" {
		return nil, fmt.Errorf("the outlet answers %q, want LSL/110 200 OK", status)
	}
	version := 0
	for n := 0; ; n++ {
		l, err := f.line()
		if err != nil {
			return nil, err
		}
		if l == "" {
			break
		}
		if n == 64 {
			return nil, errors.New("the outlet's answer has more than 64 lines")
		}
		key, value, _ := strings.Cut(l, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "uid":
			if info.UID != "" && value != info.UID {
				return nil, fmt.Errorf("the outlet is another one: its uid is %q", value)
			}
		case "byte-order":
			switch value {
			case "1234", "0":
			case "4321":
				f.order = binary.BigEndian
			default:
				return nil, fmt.Errorf("byte order %q, want 1234 or 4321", value)
			}
		case "data-protocol-version":
			version, _ = strconv.Atoi(value)
		}
	}
	if version < 110 {
		return nil, fmt.Errorf("the outlet speaks the data protocol %d, want 110", version)
	}
	for _, offset := range []int{4, 2} {
		at, row, err := f.Next()
		if err != nil {
			return nil, fmt.Errorf("test pattern: %w", err)
		}
		if at != patternTime {
			return nil, fmt.Errorf("test pattern: its time is %v, want %v: this feed would be decoded wrongly", at, patternTime)
		}
		for k, x := range row {
			if want := pattern(info.Format, k, offset); x != want {
				return nil, fmt.Errorf("test pattern: channel %d is %v, want %v: this feed would be decoded wrongly", k, x, want)
			}
		}
	}
	f.last = 0
	return f, nil
}

// line reads a line of the answer.
func (f *Feed) line() (string, error) {
	l, err := f.r.ReadSlice('\n')
	if err != nil {
		if errors.Is(err, bufio.ErrBufferFull) {
			err = errors.New("a line of the outlet's answer is longer than 64 KiB")
		}
		return "", err
	}
	return strings.TrimRight(string(l), "\r\n"), nil
}

// patternTime is the time of the test pattern's samples.
const patternTime = 123456.789

// pattern is the value of channel k in the test pattern of an offset.
func pattern(format string, k, offset int) float64 {
	v := int64(k + offset)
	switch format {
	case "double64":
		v += 16777217
	case "int64":
		v += 2147483649
	case "int32":
		v = (v + 65537) % math.MaxInt32
	case "int16":
		v = (v + 257) % math.MaxInt16
	case "int8":
		v = (v + 1) % math.MaxInt8
	}
	if k%2 == 1 {
		v = -v
	}
	return float64(v)
}

// Next reads a sample: its time by the outlet's clock, deduced from the rate
// where it is not told, and its values, which are good until the next call.
func (f *Feed) Next() (at float64, row []float64, err error) {
	tag, err := f.r.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	switch tag {
	case 1:
		at = f.last
		if f.info.Rate > 0 {
			at += 1 / f.info.Rate
		}
	case 2:
		var b [8]byte
		if _, err := io.ReadFull(f.r, b[:]); err != nil {
			return 0, nil, err
		}
		at = math.Float64frombits(f.order.Uint64(b[:]))
	default:
		return 0, nil, fmt.Errorf("a sample begins with %d, want 1 or 2: the feed is out of step", tag)
	}
	f.last = at
	if _, err := io.ReadFull(f.r, f.raw); err != nil {
		return 0, nil, err
	}
	size := sizes[f.info.Format]
	for i := range f.row {
		b := f.raw[i*size:]
		switch f.info.Format {
		case "float32":
			f.row[i] = float64(math.Float32frombits(f.order.Uint32(b)))
		case "double64":
			f.row[i] = math.Float64frombits(f.order.Uint64(b))
		case "int64":
			f.row[i] = float64(int64(f.order.Uint64(b)))
		case "int32":
			f.row[i] = float64(int32(f.order.Uint32(b)))
		case "int16":
			f.row[i] = float64(int16(f.order.Uint16(b)))
		case "int8":
			f.row[i] = float64(int8(b[0]))
		}
	}
	return at, f.row, nil
}
