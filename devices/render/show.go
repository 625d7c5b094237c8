package render

import (
	"errors"
	"math"

	"noctiluca/devices/fseq"
	"noctiluca/devices/recording"
	"noctiluca/devices/wholefile"
	"noctiluca/engine/safety"
)

// Step is the time between frames of an FSEQ file of an installation, in ms:
// that of its rate, where it is whole, and else 25.
func Step(rate float64) int {
	if ms := 1000 / rate; ms == math.Trunc(ms) && ms <= 255 {
		return int(ms)
	}
	return 25
}

// showFile is an FSEQ file in the making.
type showFile struct {
	file   *wholefile.File
	w      *fseq.Writer
	layout *recording.Layout
	frames []byte
}

func newShow(c Config, frames int) (sink, error) {
	l, err := recording.NewLayout(c.Installation, recording.LayoutOptions{})
	if err != nil {
		return nil, err
	}
	if l.Channels() == 0 {
		return nil, errors.New("the installation has no outputs, so an FSEQ file would have no channels")
	}
	f, err := wholefile.Create(c.Out)
	if err != nil {
		return nil, err
	}
	w, err := fseq.NewWriter(f, fseq.Options{Channels: l.Channels(), Step: c.Step, Compression: fseq.Zstd, Frames: frames, Producer: c.Producer})
	if err != nil {
		f.Abandon()
		return nil, err
	}
	return &showFile{file: f, w: w, layout: l, frames: make([]byte, l.Channels())}, nil
}

func (s *showFile) frame(f *safety.Frame) error {
	s.layout.Gather(s.frames, f)
	return s.w.Write(s.frames)
}

func (s *showFile) close() error {
	if err := s.w.Close(); err != nil {
		s.abandon()
		return err
	}
	return s.file.Commit()
}

func (s *showFile) abandon() { s.file.Abandon() }
