package emotibit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/hypebeast/go-osc/osc"
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

// Send plays a recording to w, a connected UDP socket, each datagram in a
// Write of its own, at speed times the recording's pace (1 is real time).
// Every datagram has its deadline counted from the start, so lateness does
// not add up. Once a second progress, if not nil, gets a line. It ends early
// when ctx is done, with ctx's error.
func Send(ctx context.Context, w io.Writer, r *Recording, speed float64, progress io.Writer) (Sent, error) {
	if !(speed > 0 && speed <= 1e6) {
		return Sent{}, fmt.Errorf("emotibit: speed %v is not within 0…1000000 (1 is real time)", speed)
	}
	if progress == nil {
		progress = io.Discard
	}
	datagrams, unsent, err := r.Datagrams(Patchboard())
	sent := Sent{Unsent: unsent}
	if err != nil {
		return sent, err
	}
	start := time.Now()
	told := start
	timer := time.NewTimer(0)
	defer timer.Stop()
	for _, d := range datagrams {
		if wait := time.Until(start.Add(time.Duration(float64(d.At) / speed))); wait > 0 {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return sent, ctx.Err()
			case <-timer.C:
			}
		} else if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		if _, err := w.Write(d.Data); err != nil {
			if errors.Is(err, syscall.ECONNREFUSED) {
				return sent, fmt.Errorf("emotibit: nobody listens there: %w", err)
			}
			return sent, fmt.Errorf("emotibit: datagram %d: %w", sent.Datagrams+1, err)
		}
		sent.Datagrams++
		sent.Bytes += len(d.Data)
		if now := time.Now(); now.Sub(told) >= time.Second {
			told = now
			fmt.Fprintf(progress, "%.0f of %.0f s, %d datagrams, %d bytes\n", d.At.Seconds(), r.Length.Seconds(), sent.Datagrams, sent.Bytes)
		}
	}
	return sent, nil
}
