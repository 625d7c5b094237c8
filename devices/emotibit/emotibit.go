// Package emotibit reads the packet log of an EmotiBit, and sends what
// EmotiBit's own software would have sent over OSC while it was recorded. It
// is not for listening: what an EmotiBit sends is taken in by package osc.
//
// The one idea it owns: a recording is a sender. What a recorded person does
// to the light goes the whole way, over the wire and through consent, like
// anybody else's.
package emotibit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Packet is one line of the log that carries samples.
type Packet struct {
	// At is when it was written, since the first line. The log's own stamps
	// run back by up to a second where the device computed something late (a
	// skin response, say); a packet cannot have been sent before the one that
	// stands before it, so At never falls.
	At          time.Duration
	Stamp       int64 // milliseconds of the device's clock, as written
	Number      int64
	Tag         string // PI, EA, HR …
	Version     int
	Reliability int
	Values      []float32
	Line        int // in the log, from 1
}

// Recording is a log that has been read.
type Recording struct {
	Name    string
	Packets []Packet
	// Messages counts, for each tag, the lines that carry text and no
	// samples: clock synchronisation, acknowledgements, modes.
	Messages map[string]int
	// Warnings name the lines that were left out, the first hundred of them.
	Warnings []string
	LeftOut  int
	Length   time.Duration
}

// textual are the tags whose payload is text: EmotiBit_Docs, "Data types".
var textual = map[string]bool{
	"AK": true,             // acknowledged
	"DC": true,             // data clipping
	"DO": true,             // data overflow
	"EM": true,             // mode
	"LM": true,             // lab-streaming-layer marker
	"NK": true,             // not acknowledged
	"RB": true,             // record begin
	"RD": true,             // request data
	"RE": true,             // record end
	"TL": true,             // local time
	"TU": true,             // UTC
	"TX": true,             // timestamp crossing
	"UN": true,             // user note
	"HE": true, "HH": true, // hello
	"PN": true, "PO": true, // ping, pong
}

const (
	maxLine     = 64 << 10
	maxWarnings = 100
)

// Open reads a packet log from a file.
func Open(name string) (*Recording, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, name)
}

// Read reads a packet log; name is for messages. A line that is malformed is
// left out and named in Warnings; a log without one good line is an error.
func Read(r io.Reader, name string) (*Recording, error) {
	rec := &Recording{Name: name, Messages: map[string]int{}}
	lines := bufio.NewReaderSize(r, maxLine)
	t := timeline{}
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("%s:%d: the line is longer than %d bytes: this is no packet log", name, n, maxLine)
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if text := string(bytes.TrimRight(line, "\r\n")); text != "" {
			rec.add(text, n, &t)
		}
		if err != nil {
			break
		}
	}
	if len(rec.Packets) == 0 {
		return nil, fmt.Errorf("%s: no line of it is an EmotiBit packet with samples (time,number,count,tag,version,reliability,samples…)", name)
	}
	rec.Length = t.at
	return rec, nil
}

// add takes one line into the recording, or leaves it out with a warning.
func (rec *Recording) add(line string, n int, t *timeline) {
	p, err := parse(line)
	if err == nil {
		p.Line = n
		p.At, err = t.place(p.Stamp)
	}
	switch {
	case err != nil:
		rec.LeftOut++
		if len(rec.Warnings) < maxWarnings {
			rec.Warnings = append(rec.Warnings, fmt.Sprintf("%s:%d: left out: %v", rec.Name, n, err))
		}
	case textual[p.Tag]:
		rec.Messages[p.Tag]++
	default:
		rec.Packets = append(rec.Packets, p)
	}
}

// timeline turns the device's stamps into the time since the first line.
type timeline struct {
	started bool
	start   int64 // ms
	at      time.Duration
}

// maxPause is the longest gap in one recording that is believed: a stamp
// further ahead is a broken one.
const maxPause = time.Hour

func (t *timeline) place(stamp int64) (time.Duration, error) {
	if !t.started {
		t.started, t.start = true, stamp
	}
	if since := stamp - t.start; since > (t.at + maxPause).Milliseconds() {
		return 0, fmt.Errorf("its time %d ms lies more than %v after the line before", stamp, maxPause)
	} else if since > t.at.Milliseconds() {
		t.at = time.Duration(since) * time.Millisecond
	}
	return t.at, nil
}

// parse takes one line apart: time, number, count, tag, version, reliability,
// then the payload.
func parse(line string) (Packet, error) {
	if !utf8.ValidString(line) {
		return Packet{}, fmt.Errorf("it is not text")
	}
	f := strings.Split(line, ",")
	if len(f) < 6 {
		return Packet{}, fmt.Errorf("%d fields, of 6 at least, in %q", len(f), clip(line))
	}
	var p Packet
	var err error
	whole := func(i int, what string) int64 {
		n, e := strconv.ParseInt(f[i], 10, 64)
		if e != nil && err == nil {
			err = fmt.Errorf("%s is %q, not a whole number", what, clip(f[i]))
		}
		return n
	}
	p.Stamp = whole(0, "the time")
	p.Number = whole(1, "the packet number")
	count := whole(2, "the count")
	p.Version = int(whole(4, "the version"))
	p.Reliability = int(whole(5, "the reliability"))
	if err != nil {
		return Packet{}, err
	}
	const farthest = int64(1) << 52
	if p.Stamp < 0 || p.Stamp > farthest {
		return Packet{}, fmt.Errorf("the time %d ms is outside 0…%d", p.Stamp, farthest)
	}
	p.Tag = f[3]
	if !isTag(p.Tag) {
		return Packet{}, fmt.Errorf("the tag is %q, not two capitals, digits or %%", clip(p.Tag))
	}
	if textual[p.Tag] {
		return p, nil
	}
	values := f[6:]
	if n := len(values); n > 0 && values[n-1] == "" { // some tags end with a comma
		values = values[:n-1]
	}
	if int64(len(values)) != count {
		return Packet{}, fmt.Errorf("%s announces %d samples and carries %d", p.Tag, count, len(values))
	}
	p.Values = make([]float32, len(values))
	for i, v := range values {
		x, err := strconv.ParseFloat(v, 32)
		if err != nil {
			return Packet{}, fmt.Errorf("sample %d of %s is %q, not a number", i+1, p.Tag, clip(v))
		}
		p.Values[i] = float32(x)
	}
	return p, nil
}

func isTag(s string) bool {
	if len(s) != 2 {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '%') {
			return false
		}
	}
	return true
}

// clip shortens what a message quotes.
func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
