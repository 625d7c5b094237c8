// Package sound plays the sound of a show: files of WAV, FLAC, MP3 and Ogg
// Vorbis, and the clock that keeps the light in step with it.
//
// A sound card has a clock of its own, some tens of parts in a million off the
// computer's: over an hour that is a tenth of a second and more. So the light
// follows the sound, and not both a third clock. The one idea it owns: the
// position of the sound, smooth and without drift, from the coarse count of
// what the card has taken (Clock).
package sound

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Rate is the samples a second of what is played; files of another are
// resampled.
const Rate = 48000

// Stream is a file of sound. One goroutine uses it.
type Stream interface {
	// Rate is its samples a second.
	Rate() int
	// Read fills dst, left and right in turn, and gives how many pairs it
	// has; io.EOF at the end. Mono is on both sides; of more than two
	// channels the first two are taken.
	Read(dst []float32) (pairs int, err error)
	// GoTo goes to a pair, from 0.
	GoTo(pair int64) error
	Close() error
}

// formats has the decoder of each kind of file.
var formats = map[string]func(*os.File) (Stream, error){
	".wav": newWAV, ".flac": newFLAC, ".mp3": newMP3, ".ogg": newOgg, ".oga": newOgg,
}

// Open opens a file by its extension: .wav, .flac, .mp3, .ogg or .oga. Errors
// name the file.
func Open(name string) (s Stream, err error) {
	make := formats[strings.ToLower(filepath.Ext(name))]
	if make == nil {
		return nil, fmt.Errorf("%s: sound is read from .wav, .flac, .mp3 and .ogg files", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil { // a decoder's mistake costs no show
			s, err = nil, fmt.Errorf("%s: the decoder gave up: %v", name, p)
		}
		if err != nil {
			f.Close()
		}
	}()
	if s, err = make(f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if r := s.Rate(); r < 1000 || r > 768000 {
		return nil, fmt.Errorf("%s: %d samples a second: expected 1000…768000", name, r)
	}
	return &guarded{Stream: s, name: name}, nil
}

// guarded turns a decoder's panic into an error.
type guarded struct {
	Stream
	name string
}

func (g *guarded) Read(dst []float32) (n int, err error) {
	defer g.guard(&err)
	return g.Stream.Read(dst)
}

func (g *guarded) GoTo(pair int64) (err error) {
	defer g.guard(&err)
	return g.Stream.GoTo(pair)
}

func (g *guarded) guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: the decoder gave up: %v", g.name, p)
	} else if *err != nil && !errors.Is(*err, io.EOF) {
		*err = fmt.Errorf("%s: %w", g.name, *err)
	}
}

// resampled gives a stream at Rate, by a cubic through four neighbours
// (Catmull and Rom). It is linear interpolation's quick and cleaner relative;
// files at 48 kHz pass untouched.
type resampled struct {
	s      Stream
	step   float64 // of the file's pairs for one of ours
	at     float64 // position between window[1] and window[2], 0…1
	window [4][2]float32
	buf    []float32
	have   []float32 // unread part of buf
	end    int       // pairs of silence that were put after the end
	err    error
}

func newResampled(s Stream) *resampled {
	r := &resampled{s: s, step: float64(s.Rate()) / Rate, buf: make([]float32, 2*2048)}
	for i := 1; i < 4; i++ {
		r.push()
	}
	return r
}

func (r *resampled) push() {
	if len(r.have) == 0 && r.err == nil {
		var n int
		n, r.err = r.s.Read(r.buf)
		r.have = r.buf[:2*n]
	}
	copy(r.window[:], r.window[1:])
	if len(r.have) == 0 {
		r.window[3] = [2]float32{}
		if r.err != nil {
			r.end++
		}
		return
	}
	r.window[3] = [2]float32{r.have[0], r.have[1]}
	r.have = r.have[2:]
}

// read fills dst; fewer pairs, and the stream's error, only at the end.
func (r *resampled) read(dst []float32) (int, error) {
	for i := 0; i+1 < len(dst); i += 2 {
		for r.at >= 1 {
			r.at--
			r.push()
		}
		if r.end >= 3 {
			return i / 2, r.err
		}
		if r.at == 0 {
			dst[i], dst[i+1] = r.window[1][0], r.window[1][1]
		} else {
			t := float32(r.at)
			for c := range 2 {
				a, b, d, e := r.window[0][c], r.window[1][c], r.window[2][c], r.window[3][c]
				dst[i+c] = b + 0.5*t*(d-a+t*(2*a-5*b+4*d-e+t*(3*(b-d)+e-a)))
			}
		}
		r.at += r.step
	}
	return len(dst) / 2, nil
}

// pairs is the number of pairs in a time.
func pairs(d time.Duration, rate int) int64 { return int64(d.Seconds() * float64(rate)) }
