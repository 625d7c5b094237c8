// Package audit writes the audit log of a running work to a file, and checks
// such a file. What is in the log is decided in engine/signal/audit; no
// physiology is.
//
// The one idea it owns: lines are only ever added, and each holds the SHA-256
// of the one before, so that a line that was changed, taken out or put in shows.
// Whoever can write the file can also rewrite all of it: keep a copy of the
// last line elsewhere.
//
// A line is a JSON object: n (number in the file, from 1), time (RFC 3339, of
// the writing), at (seconds into the run), what, text, prev (hash of the line
// before, empty for the first) and hash, which is of the line with hash empty.
package audit

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"noctiluca/devices/ledger"
	"noctiluca/engine/signal/audit"
)

// line is a line of the file.
type line struct {
	N    uint64  `json:"n"`
	Time string  `json:"time"`
	At   float64 `json:"at"`
	What string  `json:"what"`
	Text string  `json:"text"`
	Prev string  `json:"prev"`
	Hash string  `json:"hash"`
}

func (l line) sum() string {
	l.Hash = ""
	b, _ := json.Marshal(l) // of strings and finite numbers: never fails
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Writer appends to one file. It belongs to one goroutine.
type Writer struct {
	f    *os.File
	last line
	seen uint64 // number of the newest entry written
	now  func() time.Time
}

// Open opens a file to append to, and checks what is in it: a log whose chain
// is broken is not carried on. now is the time of day; nil is time.Now.
func Open(name string, now func() time.Time) (*Writer, error) {
	if now == nil {
		now = time.Now
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	w := &Writer{f: f, now: now}
	if w.last, err = check(f, name); err != nil {
		f.Close()
		return nil, fmt.Errorf("%w; the log is not carried on: move it away, or name another file", err)
	}
	return w, nil
}

// most is how many entries one Write appends: a flood of pseudonyms shall not
// fill a disk. What is over it is counted in a line of its own.
const most = 200

// Write appends the entries of a log since the last call.
func (w *Writer) Write(log *audit.Log) error {
	entries := log.Since(w.seen, nil)
	over := 0
	if len(entries) > most {
		over, entries = len(entries)-most, entries[:most]
	}
	defer func() { w.seen += uint64(over) }()
	for _, e := range entries {
		if e.Number > w.seen+1 {
			if err := w.add(e.At, "lost", fmt.Sprintf("%d entries were lost: the log filled faster than it was written", e.Number-w.seen-1)); err != nil {
				return err
			}
		}
		w.seen = e.Number
		if err := w.add(e.At, e.What.Name(), e.String()); err != nil {
			return err
		}
	}
	if over > 0 {
		return w.add(entries[most-1].At, "lost", fmt.Sprintf("%d entries more came at once than the %d that are written", over, most))
	}
	return nil
}

func (w *Writer) add(at time.Duration, what, text string) error {
	l := line{N: w.last.N + 1, Time: w.now().UTC().Format(time.RFC3339), At: at.Seconds(), What: what, Text: text, Prev: w.last.Hash}
	l.Hash = l.sum()
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if _, err := w.f.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	w.last = l
	return nil
}

// Run writes once a second until the context ends, and a last time then.
// A failure to write is told once and tried again: it stops no light.
func (w *Writer) Run(ctx context.Context, log *audit.Log, complain func(error)) {
	ledger.Run(ctx, w.f, func() error { return w.Write(log) }, complain)
}

// Check reads a whole log and says how many lines it has, and their last hash;
// an error names the first line that does not follow from the one before.
func Check(name string) (lines uint64, hash string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	last, err := check(f, name)
	return last.N, last.Hash, err
}

func check(r io.Reader, name string) (last line, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	for n := uint64(1); ; n++ {
		b, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(b) == 0 {
			return last, nil
		}
		if err != nil {
			return last, fmt.Errorf("%s:%d: the line has no end, or is longer than 64 KiB", name, n)
		}
		var l line
		switch err := json.Unmarshal(b, &l); {
		case err != nil:
			return last, fmt.Errorf("%s:%d: no line of an audit log: %w", name, n, err)
		case l.N != n:
			return last, fmt.Errorf("%s:%d: the line says it is number %d: lines are missing or were put in", name, n, l.N)
		case l.Prev != last.Hash:
			return last, fmt.Errorf("%s:%d: it does not follow from the line before, which was changed or taken out", name, n)
		case l.Hash != l.sum():
			return last, fmt.Errorf("%s:%d: the line was changed: its hash is not %.12s…", name, n, l.Hash)
		}
		last = l
	}
}
