package fseq

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// Reader plays a file's frames, in any order; forwards is quickest. One
// goroutine uses it. It holds one frame and the window of a decoder, whatever
// the length of the show.
type Reader struct {
	Header
	source io.ReaderAt
	frames int    // that can be played
	cut    string // what is missing, or empty

	zstd *zstd.Decoder
	zlib io.ReadCloser
	buf  *bufio.Reader
	from io.Reader // of the open block
	open int       // the open block, −1: none
	next int       // the frame that from gives next
	skip []byte
}

// maxWindow bounds how far back a compressed frame may refer, and so what a
// file can make the reader hold.
const maxWindow = 16 << 20

// NewReader reads the header of a file of a size. An error that is an *Error
// names the field that cannot be true; a file that ends too early is none:
// Count tells what is whole, and Cut says what is missing.
func NewReader(source io.ReaderAt, size int64) (*Reader, error) {
	head := make([]byte, min(size, fixed2))
	if _, err := source.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	n, err := preamble(head)
	if err != nil {
		return nil, err
	}
	if int64(n) > size {
		return nil, lie("the offset of the channel data", n, "the file ends at byte %d", size)
	}
	head = make([]byte, n)
	if _, err := source.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	h, err := DecodeHeader(head, size)
	if err != nil {
		return nil, err
	}
	r := &Reader{Header: *h, source: source, open: -1, frames: h.Frames}
	if err := r.measure(size); err != nil {
		return nil, err
	}
	for i, v := range r.Variables {
		if v.Offset > 0 && v.Offset+v.Length > size && r.cut == "" {
			return nil, lie(fmt.Sprintf("the length of the extended data %s (variable header %d)", v.Code, i), v.Length, "from byte %d they end after the file does, at %d", v.Offset, size)
		}
	}
	return r, nil
}

// measure finds out how many frames are whole.
func (r *Reader) measure(size int64) error {
	left := size - int64(r.data)
	if r.Compression == None {
		if have := left / int64(r.Channels); have < int64(r.Frames) {
			r.frames = int(have)
			r.cut = fmt.Sprintf("the file ends after frame %d of %d", r.frames, r.Frames)
		}
		return r.some()
	}
	if len(r.blocks) == 0 {
		// A writer that did not come to its end left the table empty.
		if left <= 0 {
			return lie("the number of compression blocks", 0, "and there are no channel data")
		}
		r.blocks = []block{{0, int64(r.data), left}}
		return r.probe(0)
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.offset+b.length <= size {
			continue
		}
		b.length = max(size-b.offset, 0)
		r.blocks = r.blocks[:i+1]
		return r.probe(i)
	}
	return nil
}

// probe counts the whole frames of the last block, which is cut.
func (r *Reader) probe(last int) error {
	r.frames = r.blocks[last].first
	if r.blocks[last].length > 0 && r.start(last) == nil {
		r.scratch()
		for r.next < r.Frames {
			if _, err := io.ReadFull(r.from, r.skip); err != nil {
				break
			}
			r.next++
		}
		r.frames = r.next
	}
	r.open = -1
	if r.frames < r.Frames {
		r.cut = fmt.Sprintf("the file is whole up to frame %d of %d", r.frames, r.Frames)
	}
	return r.some()
}

func (r *Reader) some() error {
	if r.frames == 0 {
		return errors.New("the file ends before its first frame does")
	}
	return nil
}

// Count is how many frames can be played, from 0. It is less than
// Header.Frames where the file was cut off.
func (r *Reader) Count() int { return r.frames }

// Cut says what is missing of a file that was cut off, and is empty for one
// that is whole.
func (r *Reader) Cut() string { return r.cut }

// Frame reads frame n, as it is stored, into dst, which has Channels bytes.
// It goes to the start of the block of frame n and decodes up to it, unless
// n lies ahead in the block that is open.
func (r *Reader) Frame(n int, dst []byte) error {
	if n < 0 || n >= r.frames {
		return fmt.Errorf("frame %d: the file has frames 0…%d", n, r.frames-1)
	}
	dst = dst[:r.Channels]
	if r.Compression == None {
		got, err := r.source.ReadAt(dst, int64(r.data)+int64(n)*int64(r.Channels))
		if got < len(dst) {
			return fmt.Errorf("frame %d: %w", n, err)
		}
		return nil
	}
	at := r.block(n)
	if at != r.open || n < r.next {
		if err := r.start(at); err != nil {
			r.open = -1
			return fmt.Errorf("compression block %d: %w", at, err)
		}
	}
	for r.next < n {
		r.scratch()
		if err := r.read(at, r.skip); err != nil {
			return err
		}
	}
	return r.read(at, dst)
}

func (r *Reader) read(at int, dst []byte) error {
	if _, err := io.ReadFull(r.from, dst); err != nil {
		r.open = -1
		return fmt.Errorf("compression block %d ends or is damaged before frame %d of it, frame %d of the file: %w", at, r.next-r.blocks[at].first, r.next, err)
	}
	r.next++
	return nil
}

func (r *Reader) scratch() {
	if r.skip == nil {
		r.skip = make([]byte, r.Channels)
	}
}

// block finds the block of a frame by halving.
func (r *Reader) block(n int) int {
	low, high := 0, len(r.blocks)
	for high-low > 1 {
		if mid := (low + high) / 2; r.blocks[mid].first <= n {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// start opens a block at its beginning.
func (r *Reader) start(at int) error {
	b := r.blocks[at]
	section := io.NewSectionReader(r.source, b.offset, b.length)
	if r.buf == nil {
		r.buf = bufio.NewReaderSize(nil, 64<<10)
	}
	r.buf.Reset(section)
	var err error
	switch {
	case r.Compression == Zlib && r.zlib == nil:
		r.zlib, err = zlib.NewReader(r.buf)
		r.from = r.zlib
	case r.Compression == Zlib:
		err = r.zlib.(zlib.Resetter).Reset(r.buf, nil)
	case r.zstd == nil:
		// One goroutine and little memory: a frame is small, and the next
		// one is read ahead by who plays.
		r.zstd, err = zstd.NewReader(r.buf, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		r.from = r.zstd
	default:
		err = r.zstd.Reset(r.buf)
	}
	if err != nil {
		if r.Compression == Zlib {
			r.zlib = nil
		}
		return err
	}
	r.open, r.next = at, b.first
	return nil
}

// Extended reads the data of a variable header that lie outside the header;
// of one that has them inside it gives those. They are at most 64 MiB.
func (r *Reader) Extended(v Variable) ([]byte, error) {
	if v.Offset == 0 {
		return v.Data, nil
	}
	if v.Length > 64<<20 {
		return nil, lie("the length of the extended data "+v.Code, v.Length, "at most 64 MiB are read")
	}
	b := make([]byte, v.Length)
	if n, err := r.source.ReadAt(b, v.Offset); n < len(b) {
		return nil, fmt.Errorf("extended data %s: %w", v.Code, err)
	}
	return b, nil
}

// Close ends the decoders. It does not close the file.
func (r *Reader) Close() {
	if r.zstd != nil {
		r.zstd.Close()
	}
	r.zstd, r.zlib, r.open = nil, nil, -1
}
