package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// wav is a RIFF WAVE file of integers of 8, 16, 24 or 32 bits or floats of 32
// (Microsoft and IBM, Multimedia Programming Interface 1.0, 1991).
type wav struct {
	f              *os.File
	rate, channels int
	bytes          int // of a sample
	float          bool
	start, length  int64 // of the samples in the file, bytes
	at             int64
	raw            []byte
}

func newWAV(f *os.File) (Stream, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var head [12]byte
	if _, err := io.ReadFull(f, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, errors.New("this is no WAVE file: it does not begin with RIFF and WAVE")
	}
	w := &wav{f: f}
	at := int64(12)
	for {
		var chunk [8]byte
		if _, err := f.ReadAt(chunk[:], at); err != nil {
			return nil, errors.New("the file ends before its chunk data")
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8
		switch string(chunk[:4]) {
		case "fmt ":
			if err := w.format(at, size); err != nil {
				return nil, err
			}
		case "data":
			if w.rate == 0 {
				return nil, errors.New("the chunk data comes before the chunk fmt")
			}
			// A length of nothing or too much is that of a writer that was cut off.
			if size == 0 || at+size > info.Size() {
				size = info.Size() - at
			}
			w.start, w.length = at, size
			return w, nil
		}
		at += size + size&1
	}
}

func (w *wav) format(at, size int64) error {
	var b [40]byte
	if size < 16 {
		return fmt.Errorf("the chunk fmt has %d bytes: expected at least 16", size)
	}
	if _, err := w.f.ReadAt(b[:min(size, 40)], at); err != nil {
		return errors.New("the file ends in its chunk fmt")
	}
	le := binary.LittleEndian
	tag, bits := le.Uint16(b[:]), int(le.Uint16(b[14:]))
	if tag == 0xFFFE && size >= 40 { // WAVE_FORMAT_EXTENSIBLE: the tag begins its sub-format
		tag = le.Uint16(b[24:])
	}
	w.channels, w.rate, w.float = int(le.Uint16(b[2:])), int(le.Uint32(b[4:])), tag == 3
	w.bytes = bits / 8
	switch {
	case tag != 1 && tag != 3:
		return fmt.Errorf("format %d: integers (1) and floats (3) are read", tag)
	case w.channels < 1 || w.channels > 64:
		return fmt.Errorf("%d channels: expected 1…64", w.channels)
	case bits%8 != 0 || w.bytes < 1 || w.bytes > 4 || w.float && w.bytes != 4:
		return fmt.Errorf("%d bits a sample: expected 8, 16, 24 or 32, of floats 32", bits)
	case w.rate == 0:
		return errors.New("0 samples a second")
	}
	return nil
}

func (w *wav) Rate() int { return w.rate }

func (w *wav) Read(dst []float32) (int, error) {
	frame := w.bytes * w.channels
	n := int(min(int64(len(dst)/2), (w.length-w.at)/int64(frame)))
	if n <= 0 {
		return 0, io.EOF
	}
	if len(w.raw) < n*frame {
		w.raw = make([]byte, n*frame)
	}
	got, err := w.f.ReadAt(w.raw[:n*frame], w.start+w.at)
	n = got / frame
	for i := range n {
		b := w.raw[i*frame:]
		dst[2*i] = w.sample(b)
		dst[2*i+1] = dst[2*i]
		if w.channels > 1 {
			dst[2*i+1] = w.sample(b[w.bytes:])
		}
	}
	w.at += int64(n * frame)
	if n > 0 {
		err = nil
	}
	return n, err
}

func (w *wav) sample(b []byte) float32 {
	switch {
	case w.float:
		v := math.Float32frombits(binary.LittleEndian.Uint32(b))
		if !(v >= -1) { // NaN too
			return max(v, -1)
		}
		return min(v, 1)
	case w.bytes == 1:
		return (float32(b[0]) - 128) / 128
	case w.bytes == 2:
		return float32(int16(binary.LittleEndian.Uint16(b))) / (1 << 15)
	case w.bytes == 3:
		return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	}
	return float32(int32(binary.LittleEndian.Uint32(b))) / (1 << 31)
}

func (w *wav) GoTo(pair int64) error {
	w.at = min(max(pair, 0)*int64(w.bytes*w.channels), w.length)
	return nil
}

func (w *wav) Close() error { return w.f.Close() }
