package fseq

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Options is what to write.
type Options struct {
	Channels    int         // of a frame, as stored: 1…MaxChannels
	Step        int         // ms, 1…255
	Compression Compression // None or Zstd
	// Frames is how many will be written, when that is known: it makes the
	// block table as small as it can be, and a file that fits 255 blocks is
	// of version 2.0, for older players. 0: unknown.
	Frames int
	ID     uint64  // identifier; players compare it to tell files apart
	Ranges []Range // of the channels that are stored; none: from 0 on
	// Media is the name of the audio file that belongs to the show, and
	// Producer the program that made the file; empty for none.
	Media, Producer string
}

// Writer writes a file of version 2, frame after frame. One goroutine uses
// it. After each block the table and the number of frames in the file are
// brought up to date, so that a file whose writer was killed plays up to the
// block before.
type Writer struct {
	to    io.WriterAt
	o     Options
	head  Header
	at    int64 // where the next block goes
	count int   // frames written
	raw   int   // frames in the open block
	per   int   // frames a block
	z     *zstd.Encoder
	pack  bytes.Buffer
	err   error
}

// blockBytes is how many bytes of channel data a block holds, uncompressed:
// what a seek has to decode at most, unless a single frame is larger.
const blockBytes = 4 << 20

// NewWriter begins a file: it writes the header, from offset 0.
func NewWriter(to io.WriterAt, o Options) (*Writer, error) {
	switch {
	case o.Channels < 1 || o.Channels > MaxChannels:
		return nil, lie("the number of channels", o.Channels, "expected 1…%d", MaxChannels)
	case o.Step < 1 || o.Step > 255:
		return nil, lie("the step", fmt.Sprintf("%d ms", o.Step), "expected 1…255")
	case o.Compression > Zstd:
		return nil, lie("the compression type", o.Compression, "none and zstd are written")
	case o.Frames < 0:
		return nil, lie("the number of frames", o.Frames, "expected at least 0")
	case len(o.Ranges) > 255:
		return nil, lie("the number of sparse ranges", len(o.Ranges), "expected at most 255")
	}
	w := &Writer{to: to, o: o, per: max(blockBytes/o.Channels, 1)}
	w.head = Header{Major: 2, Channels: o.Channels, Frames: o.Frames, Step: o.Step, Compression: o.Compression, ID: o.ID, Ranges: o.Ranges}
	for _, v := range []Variable{{Code: "mf", Data: []byte(o.Media)}, {Code: "sp", Data: []byte(o.Producer)}} {
		if len(v.Data) > 0 {
			v.Data = append(v.Data, 0)
			w.head.Variables = append(w.head.Variables, v)
		}
	}
	if o.Compression == Zstd {
		if o.Frames == 0 {
			// A live recording: a second a block at the most is lost when
			// the power goes.
			w.per = min(w.per, max(1000/o.Step, 1))
			w.head.table = MaxBlocks
		} else {
			w.per = max(w.per, (o.Frames+MaxBlocks-1)/MaxBlocks)
			w.head.table = (o.Frames + w.per - 1) / w.per
		}
		var err error
		if w.z, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<20)); err != nil {
			return nil, err
		}
	}
	head, err := w.head.encode()
	if err != nil {
		return nil, err
	}
	if _, err := to.WriteAt(head, 0); err != nil {
		return nil, err
	}
	w.at = int64(w.head.data)
	return w, nil
}

// encode makes the header's bytes, and sets its offsets.
func (h *Header) encode() ([]byte, error) {
	if h.table > 255 {
		h.Minor = max(h.Minor, 1)
	}
	le := binary.LittleEndian
	at := fixed2 + blockEntry*h.table + rangeEntry*len(h.Ranges)
	b := make([]byte, at)
	total := 0
	for i, r := range h.Ranges {
		if r.Start < 0 || r.Count < 1 || r.Start+r.Count > MaxChannels {
			return nil, lie(fmt.Sprintf("sparse range %d", i), r, "expected channels of 0…%d", MaxChannels-1)
		}
		e := b[at-rangeEntry*(len(h.Ranges)-i):]
		e[0], e[1], e[2] = byte(r.Start), byte(r.Start>>8), byte(r.Start>>16)
		e[3], e[4], e[5] = byte(r.Count), byte(r.Count>>8), byte(r.Count>>16)
		total += r.Count
	}
	if len(h.Ranges) > 0 && total != h.Channels {
		return nil, lie("the number of channels", h.Channels, "the sparse ranges have %d", total)
	}
	for _, v := range h.Variables {
		b = le.AppendUint16(b, uint16(min(variableHead+len(v.Data), maxHeader)))
		b = append(b, v.Code...)
		b = append(b, v.Data...)
	}
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	if len(b) > maxHeader {
		return nil, lie("the length of the header", len(b), "at most %d bytes: the media name or the producer is too long", maxHeader)
	}
	h.data = len(b)
	copy(b, "PSEQ")
	le.PutUint16(b[4:], uint16(h.data))
	b[6], b[7] = h.Minor, h.Major
	le.PutUint16(b[8:], uint16(at))
	le.PutUint32(b[10:], uint32(h.Channels))
	le.PutUint32(b[14:], uint32(h.Frames))
	b[18] = byte(h.Step)
	b[20] = byte(h.Compression) | byte(h.table>>8)<<4
	b[21] = byte(h.table)
	b[22] = byte(len(h.Ranges))
	le.PutUint64(b[24:], h.ID)
	return b, nil
}

// Count is how many frames were written.
func (w *Writer) Count() int { return w.count }

// Write adds a frame of Channels bytes. After an error it takes no more and
// gives that error again.
func (w *Writer) Write(frame []byte) error {
	if w.err == nil && len(frame) != w.o.Channels {
		return lie("the length of a frame", len(frame), "expected %d channels", w.o.Channels)
	}
	if w.err == nil {
		w.err = w.write(frame)
	}
	return w.err
}

func (w *Writer) write(frame []byte) error {
	if w.o.Compression == None {
		if _, err := w.to.WriteAt(frame, w.at); err != nil {
			return err
		}
		w.at += int64(len(frame))
		w.count++
		// Once a second is often enough.
		if w.count%max(1000/w.o.Step, 1) == 0 {
			return w.patch(14, uint32(w.count))
		}
		return nil
	}
	if w.raw == 0 {
		w.pack.Reset()
		w.z.Reset(&w.pack)
	}
	if _, err := w.z.Write(frame); err != nil {
		return err
	}
	w.raw++
	w.count++
	if w.raw == w.per {
		return w.flush()
	}
	return nil
}

// flush writes the open block, its entry in the table, and then the count.
func (w *Writer) flush() error {
	if w.raw == 0 {
		return nil
	}
	if err := w.z.Close(); err != nil {
		return err
	}
	if len(w.head.blocks) == w.head.table {
		if err := w.merge(); err != nil {
			return err
		}
	}
	if _, err := w.to.WriteAt(w.pack.Bytes(), w.at); err != nil {
		return err
	}
	i := len(w.head.blocks)
	w.head.blocks = append(w.head.blocks, block{w.count - w.raw, w.at, int64(w.pack.Len())})
	w.at += int64(w.pack.Len())
	w.raw = 0
	if err := w.patch(fixed2+blockEntry*i, uint32(w.head.blocks[i].first), uint32(w.head.blocks[i].length)); err != nil {
		return err
	}
	return w.patch(14, uint32(w.count))
}

// merge makes room in a full table: two neighbours become one entry, for a
// block may hold several zstd frames one after another (RFC 8878, section 3),
// and from here on blocks are twice as long.
func (w *Writer) merge() error {
	old := w.head.blocks
	var merged []block
	for i := 0; i < len(old); i += 2 {
		b := old[i]
		if i+1 < len(old) {
			b.length += old[i+1].length
		}
		if b.length > 1<<32-1 {
			return errors.New("the recording is too long for one FSEQ file: a block would have over 4 GiB")
		}
		merged = append(merged, b)
	}
	if len(merged) == len(old) {
		return errors.New("the recording is too long for one FSEQ file: its table has one entry")
	}
	table := make([]byte, blockEntry*w.head.table)
	for i, b := range merged {
		binary.LittleEndian.PutUint32(table[blockEntry*i:], uint32(b.first))
		binary.LittleEndian.PutUint32(table[blockEntry*i+4:], uint32(b.length))
	}
	w.head.blocks = merged
	if n := blockBytes / w.o.Channels; w.per*2 <= max(n, 1) {
		w.per *= 2
	}
	_, err := w.to.WriteAt(table, fixed2)
	return err
}

func (w *Writer) patch(at int, values ...uint32) error {
	var b [8]byte
	n := 0
	for _, v := range values {
		binary.LittleEndian.PutUint32(b[n:], v)
		n += 4
	}
	_, err := w.to.WriteAt(b[:n], int64(at))
	return err
}

// Close writes what is open. It does not close the file. A file without a
// frame is an error, for no player takes one.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	if w.o.Compression == Zstd {
		w.err = w.flush()
	}
	if w.err == nil {
		w.err = w.patch(14, uint32(w.count))
	}
	if w.err == nil && w.count == 0 {
		w.err = errors.New("no frame was written")
	}
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("the file is closed")
	return nil
}
