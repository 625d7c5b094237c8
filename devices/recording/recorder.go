package recording

import (
	"errors"
	"fmt"
	"os"
	"time"

	"noctiluca/devices/fseq"
	"noctiluca/devices/output"
	"noctiluca/engine/safety"
)

// Recorder writes the frames of a run into a file. It is an output.Sender, so
// a slow disk delays nothing: a frame that it has no time for is missing, and
// the one before it stands in the file for as long. Frame k of the file is
// what was sent at k steps after the first frame.
type Recorder struct {
	file    *os.File
	w       *fseq.Writer
	layout  *Layout
	step    time.Duration
	began   bool
	first   time.Duration // engine time of the first frame
	now     []byte        // the newest frame
	written int           // frames of the file
}

var _ output.Sender = (*Recorder)(nil)

// RecordOptions is what a recording's file says.
type RecordOptions struct {
	Step        int // ms, 1…255
	Compression fseq.Compression
	Media       string
	Producer    string
	ID          uint64
}

// NewRecorder begins a recording. A file of that name is an error, unless
// replace is set: a recorded show is not to be lost by a slip.
func NewRecorder(name string, replace bool, l *Layout, o RecordOptions) (*Recorder, error) {
	if l.Channels() == 0 {
		return nil, errors.New("the installation has no outputs, so there are no channels to record")
	}
	flags := os.O_RDWR | os.O_CREATE | os.O_EXCL
	if replace {
		flags = os.O_RDWR | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(name, flags, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s is there already: --replace writes over it", name)
	}
	if err != nil {
		return nil, err
	}
	w, err := fseq.NewWriter(f, fseq.Options{Channels: l.Channels(), Step: o.Step, Compression: o.Compression, Media: o.Media, Producer: o.Producer, ID: o.ID})
	if err != nil {
		f.Close()
		os.Remove(name)
		return nil, err
	}
	return &Recorder{file: f, w: w, layout: l, step: time.Duration(o.Step) * time.Millisecond, now: make([]byte, l.Channels())}, nil
}

// Send implements output.Sender.
func (r *Recorder) Send(f *safety.Frame) (packets, bytes int, err error) {
	if f.Final() {
		return 0, 0, nil // the black frame at the end is no part of the show
	}
	before := r.written
	if !r.began {
		r.began, r.first = true, f.At()
	} else if err := r.fill(f.At()); err != nil {
		return 0, 0, err
	}
	r.layout.Gather(r.now, f)
	return r.written - before, (r.written - before) * len(r.now), nil
}

// fill writes the frame that there is for each step before the instant at.
func (r *Recorder) fill(at time.Duration) error {
	for r.first+time.Duration(r.written)*r.step < at {
		if err := r.w.Write(r.now); err != nil {
			return fmt.Errorf("%s: %w", r.file.Name(), err)
		}
		r.written++
	}
	return nil
}

// Close implements output.Sender: it writes the last frame and ends the file.
func (r *Recorder) Close() error {
	var err error
	if r.began {
		err = r.w.Write(r.now)
		r.written++
	}
	err = errors.Join(err, r.w.Close(), r.file.Sync(), r.file.Close())
	if !r.began {
		os.Remove(r.file.Name()) // there was no frame
	}
	return err
}

// Written is how many frames of how many milliseconds are in the file. It is
// called after Close.
func (r *Recorder) Written() (frames int, length time.Duration) {
	return r.written, time.Duration(r.written) * r.step
}
