package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"time"

	"noctiluca/devices/audit"
	"noctiluca/devices/eventlog"
	"noctiluca/devices/readings"
	feeling "noctiluca/engine/signal"
	log "noctiluca/engine/signal/audit"
)

type auditCommand struct {
	Log string `arg:"" name:"FILE" type:"existingfile" help:"A log that --audit wrote."`
}

func (c *auditCommand) Run(p *program) error {
	n, hash, err := audit.Check(c.Log)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %d lines, each following from the one before; the last is %s\n", c.Log, n, hash)
	return nil
}

// sinks are the files that a run writes: about people, and of what was done.
type sinks struct {
	LogEvents string   `placeholder:"FILE" help:"Write down all that is done to the show, each with its time, so that render --events gives the same frames again; nothing of what people feel."`
	Audit     string   `placeholder:"FILE" help:"Append consents, rules and what the feedback guard does to this log; no physiology."`
	Profile   []string `placeholder:"FILE" help:"Begin a seat's baseline with a profile that calibrate wrote. May be given several times."`
	Summaries string   `placeholder:"FILE" help:"Append what may be told about everybody, with noise, within the installation's epsilon a day."`
	Readings  string   `placeholder:"FILE" help:"Write down the readings of those who agreed to be recorded, and of nobody else."`
}

// openSinks prepares what was asked for. What is to run beside the player is given
// back; it ends, and all is written, when its context does.
func (s *sinks) openSinks(p *program, a *artwork) ([]sink, error) {
	var out []sink
	if s.LogEvents != "" {
		w, err := eventlog.Create(s.LogEvents)
		if err != nil {
			return nil, inputError{err}
		}
		a.events = w
		out = append(out, func(ctx context.Context, _ *log.Log) { w.Run(ctx, p.complain) })
	}
	if s.Audit != "" {
		w, err := audit.Open(s.Audit, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, func(ctx context.Context, l *log.Log) { w.Run(ctx, l, p.complain) })
	}
	if s.Summaries != "" {
		f, err := os.OpenFile(s.Summaries, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
		if err != nil {
			return nil, err
		}
		came := make(chan feeling.Summary, 8)
		a.summaries = func(s feeling.Summary) {
			select {
			case came <- s:
			default: // a disk that hangs must not stop the light
			}
		}
		out = append(out, func(ctx context.Context, _ *log.Log) {
			defer f.Close()
			for {
				select {
				case <-ctx.Done():
					return
				case s := <-came:
					if _, err := fmt.Fprintf(f, "{\"time\":%q,\"valence\":%.3f,\"arousal\":%.3f,\"people\":%d,\"epsilon_spent\":%.2f,\"epsilon\":%.2f}\n",
						time.Now().UTC().Format(time.RFC3339), s.Valence, s.Arousal, s.People, s.Spent, s.Budget); err != nil {
						p.complain(err)
						return
					}
				}
			}
		})
	}
	if s.Readings != "" {
		r, err := readings.Record(s.Readings)
		if err != nil {
			return nil, err
		}
		a.readings = r.Take
		out = append(out, func(ctx context.Context, _ *log.Log) { r.Run(ctx, p.complain) })
	}
	return out, nil
}

// sink runs beside the player.
type sink func(context.Context, *log.Log)

func (p *program) complain(err error) { p.log(err.Error()) }

// noise gives bits that nobody can guess, for what is exported about groups.
func noise() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}
