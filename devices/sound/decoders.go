package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hajimehoshi/go-mp3"
	"github.com/jfreymuth/oggvorbis"
	"github.com/mewkiz/flac"
)

// flacFile is FLAC (RFC 9639), of up to 32 bits.
type flacFile struct {
	f    *os.File
	s    *flac.Stream
	seek bool // s has a table to seek by
	left [][]int32
	skip int64
}

func newFLAC(f *os.File) (Stream, error) {
	s, err := flac.New(f)
	if err != nil {
		return nil, err
	}
	return &flacFile{f: f, s: s}, nil
}

func (d *flacFile) Rate() int { return int(d.s.Info.SampleRate) }

func (d *flacFile) Read(dst []float32) (int, error) {
	for len(d.left) == 0 || len(d.left[0]) == 0 {
		frame, err := d.s.ParseNext()
		if err != nil {
			return 0, err
		}
		d.left = d.left[:0]
		for _, s := range frame.Subframes {
			d.left = append(d.left, s.Samples)
		}
		if len(d.left) == 0 {
			return 0, errors.New("a frame without a channel")
		}
		n := min(d.skip, int64(len(d.left[0])))
		d.skip -= n
		for c := range d.left {
			d.left[c] = d.left[c][min(n, int64(len(d.left[c]))):]
		}
	}
	l := d.left[0]
	r := l
	if len(d.left) > 1 {
		r = d.left[1]
	}
	n := min(len(dst)/2, len(l), len(r))
	if n == 0 {
		return 0, errors.New("the channels of a frame differ in length")
	}
	full := float32(uint64(1) << (d.s.Info.BitsPerSample - 1))
	for i := range n {
		dst[2*i], dst[2*i+1] = float32(l[i])/full, float32(r[i])/full
	}
	for c := range d.left {
		d.left[c] = d.left[c][min(n, len(d.left[c])):]
	}
	return n, nil
}

func (d *flacFile) GoTo(pair int64) error {
	if !d.seek {
		if _, err := d.f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		s, err := flac.NewSeek(d.f)
		if err != nil {
			return err
		}
		d.s, d.seek = s, true
	}
	if n := int64(d.s.Info.NSamples); n > 0 && pair >= n {
		return io.EOF
	}
	at, err := d.s.Seek(uint64(max(pair, 0)))
	d.left, d.skip = nil, max(pair, 0)-int64(at)
	return err
}

func (d *flacFile) Close() error { return d.f.Close() }

// mp3File is MPEG-1 and 2 audio layer III.
type mp3File struct {
	f   *os.File
	d   *mp3.Decoder
	raw []byte
}

func newMP3(f *os.File) (Stream, error) {
	d, err := mp3.NewDecoder(f)
	if err != nil {
		return nil, err
	}
	return &mp3File{f: f, d: d}, nil
}

func (d *mp3File) Rate() int { return d.d.SampleRate() }

func (d *mp3File) Read(dst []float32) (int, error) {
	if len(d.raw) < 2*len(dst) {
		d.raw = make([]byte, 2*len(dst))
	}
	got, err := io.ReadFull(d.d, d.raw[:len(dst)/2*4])
	n := got / 4
	for i := range 2 * n {
		dst[i] = float32(int16(binary.LittleEndian.Uint16(d.raw[2*i:]))) / (1 << 15)
	}
	switch {
	case n > 0:
		return n, nil
	case err == nil || errors.Is(err, io.ErrUnexpectedEOF):
		err = io.EOF
	}
	return 0, err
}

// GoTo decodes from the beginning and drops what lies before the pair: frames
// of an MP3 lean on bits of those before them, and one that is sought out is
// wrong where they are missing. It is done some hundred times as fast as it
// plays.
func (d *mp3File) GoTo(pair int64) error {
	if _, err := d.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var err error
	if d.d, err = mp3.NewDecoder(d.f); err == nil {
		_, err = io.CopyN(io.Discard, d.d, 4*max(pair, 0))
	}
	return err
}

func (d *mp3File) Close() error { return d.f.Close() }

// oggFile is Vorbis in Ogg.
type oggFile struct {
	f   *os.File
	d   *oggvorbis.Reader
	raw []float32
}

func newOgg(f *os.File) (Stream, error) {
	d, err := oggvorbis.NewReader(f)
	if err != nil {
		return nil, err
	}
	if c := d.Channels(); c < 1 || c > 64 {
		return nil, fmt.Errorf("%d channels: expected 1…64", c)
	}
	return &oggFile{f: f, d: d}, nil
}

func (d *oggFile) Rate() int { return d.d.SampleRate() }

func (d *oggFile) Read(dst []float32) (int, error) {
	c := d.d.Channels()
	if len(d.raw) < len(dst)/2*c {
		d.raw = make([]float32, len(dst)/2*c)
	}
	got, err := d.d.Read(d.raw[:len(dst)/2*c])
	n := got / c
	for i := range n {
		dst[2*i], dst[2*i+1] = d.raw[i*c], d.raw[i*c+min(1, c-1)]
	}
	if n > 0 {
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

func (d *oggFile) GoTo(pair int64) error {
	if l := d.d.Length(); pair >= l && l > 0 {
		return io.EOF
	}
	return d.d.SetPosition(max(pair, 0))
}

func (d *oggFile) Close() error { return d.f.Close() }
