package readings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/hypebeast/go-osc/osc"
)

// Message is an OSC message and when it is sent.
type Message struct {
	At     time.Duration
	OSC    *osc.Message
	Values int
}

// together is the time over which samples of one signal go in one message, and
// most how many.
const (
	together = 20 * time.Millisecond
	most     = 200
)

// Messages is the recording as the messages of Noctiluca's own addresses. With
// agreed set they begin with each person's consent to light and to being
// shown: whoever plays a recording answers for that.
func (r *Recording) Messages(agreed bool) []Message {
	var out []Message
	seen := map[string]bool{}
	type key struct {
		person string
		kind   uint8
	}
	open := map[key]int{} // index of the message that still takes samples
	for _, x := range r.Readings {
		if agreed && !seen[x.Person] {
			seen[x.Person] = true
			m := osc.NewMessage("/noctiluca/person/"+x.Person+"/consent", true, "light", "display")
			out = append(out, Message{At: x.At, OSC: m})
		}
		k := key{x.Person, uint8(x.Kind)}
		if i, ok := open[k]; ok && x.At-out[i].At < together && out[i].Values < most {
			out[i].OSC.Append(float32(x.Value))
			out[i].Values++
			continue
		}
		open[k] = len(out)
		out = append(out, Message{At: x.At, OSC: osc.NewMessage("/noctiluca/person/"+x.Person+"/"+x.Kind.String(), float32(x.Value)), Values: 1})
	}
	return out
}

// Sent tells what Play has sent.
type Sent struct{ Messages, Bytes int }

func (s Sent) String() string { return fmt.Sprintf("%d messages, %d bytes", s.Messages, s.Bytes) }

// Play sends messages to w as Pace does.
func Play(ctx context.Context, w io.Writer, messages []Message, speed float64, progress io.Writer) (Sent, error) {
	if len(messages) == 0 {
		return Sent{}, nil
	}
	first, last := messages[0].At, messages[len(messages)-1].At
	return Pace(ctx, w, len(messages), last-first, func(i int) (time.Duration, []byte, error) {
		m := &messages[i]
		b, err := m.OSC.MarshalBinary()
		if err != nil {
			err = fmt.Errorf("message %d to %s: %w", i+1, m.OSC.Address, err)
		}
		return m.At - first, b, err
	}, speed, progress)
}

// Pace sends n datagrams to w, a connected UDP socket, each in a Write of its
// own: each gives the bytes of one and when it is sent, since the first, at
// speed times that pace (1 is real time). Deadlines count from the start, so
// lateness does not add up. Once a second progress, if not nil, gets a line, of
// length in all. It ends early when ctx is done, with ctx's error.
func Pace(ctx context.Context, w io.Writer, n int, length time.Duration, each func(i int) (time.Duration, []byte, error), speed float64, progress io.Writer) (Sent, error) {
	var sent Sent
	if !(speed > 0 && speed <= 1e6) {
		return sent, fmt.Errorf("speed %v is not within 0…1000000 (1 is real time)", speed)
	}
	if progress == nil {
		progress = io.Discard
	}
	start := time.Now()
	told := start
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range n {
		at, b, err := each(i)
		if err != nil {
			return sent, err
		}
		if wait := time.Until(start.Add(time.Duration(float64(at) / speed))); wait > 0 {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return sent, ctx.Err()
			case <-timer.C:
			}
		} else if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		if _, err := w.Write(b); err != nil {
			if errors.Is(err, syscall.ECONNREFUSED) {
				return sent, fmt.Errorf("nobody listens there: %w", err)
			}
			return sent, fmt.Errorf("message %d: %w", i+1, err)
		}
		sent.Messages++
		sent.Bytes += len(b)
		if now := time.Now(); now.Sub(told) >= time.Second {
			told = now
			fmt.Fprintf(progress, "%.0f of %.0f s, %v\n", at.Seconds(), length.Seconds(), sent)
		}
	}
	return sent, nil
}
