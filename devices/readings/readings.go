// Package readings writes down the readings of those who agreed to that, and
// reads recordings: its own, tables of other programs (CSV), and XDF files of
// Lab Streaming Layer. It plays them as the OSC that a sensor would have sent.
// EmotiBit's own logs are package emotibit's.
//
// The one idea it owns: a recording is a list of readings with their times,
// whatever file it came from.
//
// The file is CSV with the header "seconds,person,kind,value,rate": engine
// time, the visit's pseudonym, the kind as package signal names it, the value,
// and samples a second, 0 when unknown.
package readings

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"noctiluca/devices/ledger"
	"noctiluca/engine/signal"
)

const header = "seconds,person,kind,value,rate"

// Recording is a list of readings, by time.
type Recording struct {
	Name     string
	Readings []Reading
	Warnings []string // what was left out, the first hundred
	LeftOut  int
}

// Reading is one value.
type Reading struct {
	At     time.Duration
	Person string
	Kind   signal.Kind
	Value  float64
	Rate   float64
}

// Length is the time of the last reading.
func (r *Recording) Length() time.Duration {
	if len(r.Readings) == 0 {
		return 0
	}
	return r.Readings[len(r.Readings)-1].At
}

func (r *Recording) leave(format string, args ...any) {
	r.LeftOut++
	if len(r.Warnings) < 100 {
		r.Warnings = append(r.Warnings, r.Name+fmt.Sprintf(format, args...))
	}
}

func (r *Recording) order() {
	sort.SliceStable(r.Readings, func(i, j int) bool { return r.Readings[i].At < r.Readings[j].At })
}

// Recorder takes readings in from the engine without ever making it wait, and
// writes them from a goroutine of its own.
type Recorder struct {
	mu      sync.Mutex
	waiting []Reading
	spare   []Reading
	lost    uint64
	f       *os.File
	w       *bufio.Writer
}

// mostWaiting is how many readings may wait to be written: some seconds of a
// full house.
const mostWaiting = 1 << 19

// Record makes a new file. One that is there is not overwritten.
func Record(name string) (*Recorder, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("readings: %w", err)
	}
	r := &Recorder{f: f, w: bufio.NewWriterSize(f, 1<<16)}
	_, err = r.w.WriteString(header + "\n")
	return r, err
}

// Take takes a reading of somebody who agreed to be recorded.
func (r *Recorder) Take(person string, k signal.Kind, value float64, at time.Duration, rate float32) {
	r.mu.Lock()
	if len(r.waiting) < mostWaiting {
		r.waiting = append(r.waiting, Reading{at, person, k, value, float64(rate)})
	} else {
		r.lost++
	}
	r.mu.Unlock()
}

// flush writes what waits.
func (r *Recorder) flush() error {
	r.mu.Lock()
	rows := r.waiting
	r.waiting = r.spare[:0]
	r.mu.Unlock()
	for i := range rows {
		x := &rows[i]
		fmt.Fprintf(r.w, "%.4f,%s,%v,%g,%g\n", x.At.Seconds(), x.Person, x.Kind, x.Value, x.Rate)
	}
	clear(rows)
	r.spare = rows
	return r.w.Flush()
}

// Run writes once a second until the context ends. A failure to write is told
// once: it stops no light.
func (r *Recorder) Run(ctx context.Context, complain func(error)) {
	ledger.Run(ctx, r.f, func() error {
		if err := r.flush(); err != nil {
			return fmt.Errorf("readings: %w", err)
		}
		return nil
	}, complain)
	if r.lost > 0 {
		complain(fmt.Errorf("readings: %d readings were lost: they came faster than they could be written", r.lost))
	}
}

// IsOurs says whether a file begins as a recording of Noctiluca's.
func IsOurs(head []byte) bool {
	return len(head) >= len(header) && string(head[:len(header)]) == header
}

// Columns says what the columns of a table are that is no recording of ours.
type Columns struct {
	Kinds  map[string]string // column name or number (from 0) to kind
	Person string
	Rate   float64 // samples a second, where there is no column of times
	Time   string  // name or number of the column of seconds; empty for none
}

// ReadCSV reads a recording of ours, or a table whose columns are told.
func ReadCSV(in io.Reader, name string, c Columns) (*Recording, error) {
	r := &Recording{Name: name}
	lines := bufio.NewReaderSize(in, 1<<16)
	first, err := lines.Peek(len(header))
	if err == nil && string(first) == header {
		return r, r.ours(lines)
	}
	return r, r.table(lines, c)
}

func (r *Recording) ours(in io.Reader) error {
	rows := csv.NewReader(in)
	rows.FieldsPerRecord = -1
	for n := 1; ; n++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.leave(":%d: left out: %v", n, err)
			if n > 1<<24 {
				return fmt.Errorf("%s: more than %d lines are wrong", r.Name, n)
			}
			continue
		}
		if n == 1 {
			continue
		}
		if len(row) != 5 {
			r.leave(":%d: left out: %d fields, want 5 (%s)", n, len(row), header)
			continue
		}
		at, e1 := strconv.ParseFloat(row[0], 64)
		kind, known := signal.ParseKind(row[2])
		value, e2 := strconv.ParseFloat(row[3], 64)
		rate, e3 := strconv.ParseFloat(row[4], 64)
		switch {
		case e1 != nil || !(at >= 0 && at < 1e7):
			r.leave(":%d: left out: seconds is %q, want 0 to 10000000", n, row[0])
		case !known:
			r.leave(":%d: left out: kind is %q, want one of %s", n, row[2], strings.Join(signal.KindNames(), ", "))
		case e2 != nil || e3 != nil:
			r.leave(":%d: left out: value %q and rate %q must be numbers", n, row[3], row[4])
		default:
			r.Readings = append(r.Readings, Reading{time.Duration(at * float64(time.Second)), row[1], kind, value, rate})
		}
	}
	return r.end()
}

func (r *Recording) end() error {
	if len(r.Readings) == 0 {
		why := ""
		if len(r.Warnings) > 0 {
			why = ": " + r.Warnings[0]
		}
		return fmt.Errorf("%s: no reading in it%s", r.Name, why)
	}
	r.order()
	return nil
}

// table reads columns of numbers, separated by commas, semicolons, tabs or
// blanks, with a header line or without, and lines of remarks that begin with #.
func (r *Recording) table(in *bufio.Reader, c Columns) error {
	if len(c.Kinds) == 0 {
		return fmt.Errorf("%s: it is no recording of Noctiluca's (%s): say what its columns are, as --column 0=ppg --rate 100", r.Name, header)
	}
	kinds := map[int]signal.Kind{}
	timeAt := -1
	names := []string(nil)
	index := func(column string) (int, error) {
		if i, err := strconv.Atoi(column); err == nil {
			return i, nil
		}
		for i, n := range names {
			if n == column {
				return i, nil
			}
		}
		return 0, fmt.Errorf("%s: there is no column %q; there is %s", r.Name, column, strings.Join(names, ", "))
	}
	set := func() error {
		for column, kind := range c.Kinds {
			k, ok := signal.ParseKind(kind)
			if !ok {
				return fmt.Errorf("--column %s=%s: kind is %q, want one of %s", column, kind, kind, strings.Join(signal.KindNames(), ", "))
			}
			i, err := index(column)
			if err != nil {
				return err
			}
			kinds[i] = k
		}
		if c.Time != "" {
			i, err := index(c.Time)
			if err != nil {
				return err
			}
			timeAt = i
		} else if !(c.Rate > 0) {
			return fmt.Errorf("%s: say how many samples a second there are (--rate), or which column holds the seconds (--time)", r.Name)
		}
		return nil
	}
	ready, sample := false, 0
	for n := 1; ; n++ {
		text, err := in.ReadString('\n')
		if len(text) > 1<<16 {
			return fmt.Errorf("%s:%d: the line is longer than 64 KiB: this is no table", r.Name, n)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s:%d: %w", r.Name, n, err)
		}
		last := err != nil
		text = strings.TrimSpace(text)
		if text != "" && text[0] != '#' {
			cells := strings.FieldsFunc(text, func(x rune) bool { return x == ',' || x == ';' || x == '\t' || x == ' ' })
			if len(cells) == 0 { // separators and nothing between them
				r.leave(":%d: left out: there is nothing in it", n)
				if last {
					break
				}
				continue
			}
			if !ready {
				if _, err := strconv.ParseFloat(cells[0], 64); err != nil {
					names = cells
				}
				if err := set(); err != nil {
					return err
				}
				ready = true
				if names != nil {
					continue
				}
			}
			at := float64(sample) / max(c.Rate, 1e-9)
			if timeAt >= 0 {
				x, err := 0.0, error(nil)
				if timeAt < len(cells) {
					x, err = strconv.ParseFloat(cells[timeAt], 64)
				}
				if timeAt >= len(cells) || err != nil || !(x >= 0 && x < 1e7) {
					r.leave(":%d: left out: no seconds in column %s", n, c.Time)
					continue
				}
				at = x
			}
			sample++
			for i, k := range kinds {
				if i >= len(cells) {
					r.leave(":%d: left out: there is no column %d", n, i)
					continue
				}
				x, err := strconv.ParseFloat(cells[i], 64)
				if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
					r.leave(":%d: left out: column %d is %q, not a number", n, i, cells[i])
					continue
				}
				r.Readings = append(r.Readings, Reading{time.Duration(at * float64(time.Second)), c.Person, k, x, c.Rate})
			}
		}
		if last {
			break
		}
	}
	return r.end()
}
