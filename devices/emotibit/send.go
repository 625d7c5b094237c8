package emotibit

import (
	"context"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/hypebeast/go-osc/osc"

	"noctiluca/devices/readings"
)

// Datagram is one OSC message, and when it is sent.
type Datagram struct {
	At   time.Duration // since the beginning of the recording
	Data []byte
}

// Unsent counts, for each tag, the packets that the patchboard leads nowhere;
// EmotiBit's software does not send them, and neither does this.
type Unsent map[string]int

func (u Unsent) String() string {
	tags := make([]string, 0, len(u))
	for t := range u {
		tags = append(tags, t)
	}
	sort.Strings(tags)
	for i, t := range tags {
		tags[i] = fmt.Sprintf("%s %d", t, u[t])
	}
	return strings.Join(tags, ", ")
}

// Datagrams is what EmotiBit's software would have sent: for each packet one
// message to each address its tag leads to, with every sample appended as a
// float; no bundle, no time.
func (r *Recording) Datagrams(board []Patch) ([]Datagram, Unsent, error) {
	lead := map[string][]string{}
	for _, p := range board {
		lead[p.Tag] = append(lead[p.Tag], p.Address)
	}
	var out []Datagram
	unsent := Unsent{}
	for _, p := range r.Packets {
		to := lead[p.Tag]
		if len(to) == 0 {
			unsent[p.Tag]++
		}
		for _, address := range to {
			m := osc.NewMessage(address)
			for _, v := range p.Values {
				m.Append(v)
			}
			b, err := m.MarshalBinary()
			if err != nil {
				return nil, nil, fmt.Errorf("%s:%d: %w", r.Name, p.Line, err)
			}
			out = append(out, Datagram{p.At, b})
		}
	}
	return out, unsent, nil
}

// Sent tells what Send has sent.
type Sent struct {
	Datagrams int
	Bytes     int
	Unsent    Unsent
}

func (s Sent) String() string {
	text := fmt.Sprintf("%d datagrams, %d bytes", s.Datagrams, s.Bytes)
	if len(s.Unsent) > 0 {
		text += "; not sent, as EmotiBit's software does not: " + s.Unsent.String()
	}
	return text
}

// Send plays a recording to w, a connected UDP socket, at speed times the
// recording's pace, as readings.Pace does.
func Send(ctx context.Context, w io.Writer, r *Recording, speed float64, progress io.Writer) (Sent, error) {
	datagrams, unsent, err := r.Datagrams(Patchboard())
	if err != nil {
		return Sent{Unsent: unsent}, err
	}
	sent, err := readings.Pace(ctx, w, len(datagrams), r.Length, func(i int) (time.Duration, []byte, error) {
		return datagrams[i].At, datagrams[i].Data, nil
	}, speed, progress)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("emotibit: %w", err)
	}
	return Sent{Datagrams: sent.Messages, Bytes: sent.Bytes, Unsent: unsent}, err
}
