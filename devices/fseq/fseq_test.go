package fseq

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// memory is a file in memory.
type memory struct{ b []byte }

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	if need := int(at) + len(p); need > len(m.b) {
		m.b = append(m.b, make([]byte, need-len(m.b))...)
	}
	return copy(m.b[at:], p), nil
}

// tiny is a second decoder, by the table of the format and by nothing of this
// package: it gives every stored frame. It trusts the file.
func tiny(b []byte) (frames [][]byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	u16 := func(i int) int { return int(b[i]) | int(b[i+1])<<8 }
	u32 := func(i int) int { return u16(i) | u16(i+2)<<16 }
	at, channels, count := u16(4), u32(10), u32(14)
	var raw []byte
	switch {
	case b[7] == 1 || b[20]&15 == 0:
		raw = b[at:]
	default:
		blocks := int(b[21]) | int(b[20]>>4)<<8
		for i := range blocks {
			n := u32(32 + 8*i + 4)
			part := b[at : at+n]
			at += n
			if n == 0 {
				continue
			}
			if first := u32(32 + 8*i); first*channels != len(raw) {
				return nil, fmt.Errorf("block %d begins with frame %d, %d bytes came before", i, first, len(raw))
			}
			var r io.Reader
			if b[20]&15 == 1 {
				d, err := zstd.NewReader(nil)
				if err != nil {
					return nil, err
				}
				if part, err = d.DecodeAll(part, nil); err != nil {
					return nil, err
				}
				r = bytes.NewReader(part)
			} else if r, err = zlib.NewReader(bytes.NewReader(part)); err != nil {
				return nil, err
			}
			part, err = io.ReadAll(r)
			if err != nil {
				return nil, err
			}
			raw = append(raw, part...)
		}
	}
	for i := range count {
		frames = append(frames, raw[i*channels:(i+1)*channels])
	}
	return frames, nil
}

// show makes frames that look like light: slow, and most of them dark.
func show(frames, channels int, seed uint64) [][]byte {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([][]byte, frames)
	last := make([]byte, channels)
	for i := range out {
		for range channels/20 + 1 {
			last[rng.IntN(channels)] = byte(rng.IntN(64))
		}
		out[i] = append([]byte(nil), last...)
	}
	return out
}

func write(t testing.TB, o Options, frames [][]byte) []byte {
	t.Helper()
	var m memory
	w, err := NewWriter(&m, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return m.b
}

func read(t testing.TB, b []byte) *Reader {
	t.Helper()
	r, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// What is written is read back, by the reader in any order and by the tiny
// decoder, whatever the shape of the show.
func TestRoundTripsAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels := rapid.IntRange(1, 3000).Draw(t, "channels")
		want := show(rapid.IntRange(1, 90).Draw(t, "frames"), channels, 7)
		o := Options{Channels: channels, Step: rapid.IntRange(1, 255).Draw(t, "step"), ID: rapid.Uint64().Draw(t, "id"),
			Compression: Compression(rapid.IntRange(0, 1).Draw(t, "compression")),
			Media:       rapid.StringMatching(`[a-z äé]{0,30}`).Draw(t, "media"), Producer: rapid.StringMatching(`[a-z]{0,9}`).Draw(t, "producer")}
		if rapid.Bool().Draw(t, "known") {
			o.Frames = len(want)
		}
		if channels > 4 && rapid.Bool().Draw(t, "sparse") {
			o.Ranges = []Range{{1000, channels / 2}, {90000, channels - channels/2}}
		}
		var m memory
		w, err := NewWriter(&m, o)
		if err != nil {
			t.Fatal(err)
		}
		w.per = rapid.IntRange(1, 40).Draw(t, "frames a block")
		if o.Frames > 0 { // a small table, so that it must be merged
			w.per = max(w.per, 2)
		}
		for _, f := range want {
			if err := w.Write(f); err != nil {
				if o.Frames > 0 && strings.Contains(err.Error(), "one entry") {
					return // the test made the blocks shorter than the table is meant for
				}
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			if o.Frames > 0 && strings.Contains(err.Error(), "one entry") {
				return
			}
			t.Fatal(err)
		}
		second, err := tiny(m.b)
		if err != nil {
			t.Fatal("the second decoder:", err)
		}
		r, err := NewReader(bytes.NewReader(m.b), int64(len(m.b)))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if r.Count() != len(want) || len(second) != len(want) || r.Cut() != "" {
			t.Fatalf("%d and %d frames, expected %d; cut: %q", r.Count(), len(second), len(want), r.Cut())
		}
		if r.Media() != o.Media || r.Producer() != o.Producer || r.ID != o.ID || r.Step != o.Step || len(r.Ranges) != len(o.Ranges) {
			t.Fatalf("header %+v, expected %+v", r.Header, o)
		}
		got := make([]byte, channels)
		for range 2 * len(want) {
			n := rapid.IntRange(0, len(want)-1).Draw(t, "frame")
			if err := r.Frame(n, got); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want[n]) || !bytes.Equal(second[n], want[n]) {
				t.Fatalf("frame %d differs", n)
			}
		}
	})
}

// byHand makes a file as FPP does (index of the variable header beyond the
// header's end included), with the standard library alone.
func byHand(minor byte, compression byte, blocks [][][]byte, reserve int, ranges []Range, extra []byte) []byte {
	channels, count := len(blocks[0][0]), 0
	head := make([]byte, 32)
	copy(head, "PSEQ")
	var data []byte
	for _, b := range blocks {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		for _, f := range b {
			z.Write(f)
		}
		z.Close()
		if compression == 1 {
			e, _ := zstd.NewWriter(nil)
			packed = *bytes.NewBuffer(e.EncodeAll(bytes.Join(b, nil), nil))
		}
		head = binary.LittleEndian.AppendUint32(head, uint32(count))
		head = binary.LittleEndian.AppendUint32(head, uint32(packed.Len()))
		count += len(b)
		data = append(data, packed.Bytes()...)
	}
	head = append(head, make([]byte, 8*reserve)...)
	for _, r := range ranges {
		head = append(head, byte(r.Start), byte(r.Start>>8), byte(r.Start>>16), byte(r.Count), byte(r.Count>>8), byte(r.Count>>16))
	}
	head = append(head, extra...)
	for len(head)%4 != 0 {
		head = append(head, 0)
	}
	le := binary.LittleEndian
	le.PutUint16(head[4:], uint16(len(head)))
	head[6], head[7] = minor, 2
	le.PutUint16(head[8:], uint16(len(head)))
	le.PutUint32(head[10:], uint32(channels))
	le.PutUint32(head[14:], uint32(count))
	head[18] = 50
	table := len(blocks) + reserve
	head[20], head[21], head[22] = compression|byte(table>>8)<<4, byte(table), byte(len(ranges))
	return append(head, data...)
}

// Files as other programs lay them out; made here, by byHand.
func TestWhatOthersWrite(t *testing.T) {
	want := show(40, 30, 3)
	blocks := [][][]byte{want[:10], want[10:25], want[25:]}
	mf := append([]byte{4 + 8, 0, 'm', 'f'}, "song.mp3"...)
	mf[0] = byte(len(mf))
	for name, b := range map[string][]byte{
		"zlib, unused entries":    byHand(0, 2, blocks, 2, nil, mf),
		"zstd":                    byHand(0, 1, blocks, 0, nil, mf),
		"zstd, 2.1, a long table": byHand(1, 1, blocks, 700, nil, mf),
		"zlib, sparse":            byHand(0, 2, blocks, 0, []Range{{100, 10}, {5, 20}}, mf),
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, b)
			second, err := tiny(b)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 30)
			for _, n := range []int{39, 0, 9, 10, 24, 25, 11, 3} {
				if err := r.Frame(n, got); err != nil || !bytes.Equal(got, want[n]) || !bytes.Equal(second[n], want[n]) {
					t.Fatalf("frame %d: %v", n, err)
				}
			}
			if r.Media() != "song.mp3" {
				t.Errorf("media is %q", r.Media())
			}
			if len(r.Ranges) == 2 {
				all := make([]byte, r.Span())
				r.Spread(all, want[3])
				if len(all) != 110 || !bytes.Equal(all[100:110], want[3][:10]) || !bytes.Equal(all[5:25], want[3][10:]) {
					t.Error("the channels of the ranges are not at their places")
				}
			}
		})
	}
}

func TestVersionOne(t *testing.T) {
	want := show(5, 12, 1)
	b := make([]byte, 28)
	copy(b, "PSEQ")
	b = append(b, 8, 0, 's', 'p', 'x', 'L', 0, 0)
	binary.LittleEndian.PutUint16(b[4:], uint16(len(b)))
	b[7], b[8], b[10], b[14], b[18], b[24], b[25] = 1, 28, 12, 5, 25, 1, 2
	b = append(b, bytes.Join(want, nil)...)
	r := read(t, b)
	got := make([]byte, 12)
	for n := range want {
		if err := r.Frame(n, got); err != nil || !bytes.Equal(got, want[n]) {
			t.Fatalf("frame %d: %v", n, err)
		}
	}
	if r.Major != 1 || r.Step != 25 || r.Producer() != "xL" {
		t.Errorf("header %+v", r.Header)
	}
}

func TestExtendedDataLieAfterTheChannels(t *testing.T) {
	data := []byte("what a program keeps")
	var ed [18]byte
	ed[0], ed[2], ed[3], ed[4], ed[5] = 18, 'E', 'D', 'F', 'C'
	blocks := [][][]byte{show(4, 9, 1)}
	b := byHand(2, 1, blocks, 0, nil, ed[:])
	at := 32 + 8
	binary.LittleEndian.PutUint64(b[at+6:], uint64(len(b)))
	binary.LittleEndian.PutUint32(b[at+14:], uint32(len(data)))
	whole := append(b, data...)
	r := read(t, whole)
	got, err := r.Extended(r.Variables[0])
	if err != nil || r.Variables[0].Code != "FC" || !bytes.Equal(got, data) {
		t.Fatalf("%q, %v of %+v", got, err, r.Variables)
	}
	if _, err := NewReader(bytes.NewReader(b), int64(len(b))); err == nil || !strings.Contains(err.Error(), "length of the extended data FC") {
		t.Errorf("cut before the extended data: %v", err)
	}
}

// Wherever a file is cut, it opens and plays to where it is whole, or says
// that it has no whole frame.
func TestACutFilePlaysToWhereItIsWhole(t *testing.T) {
	const channels = 20000
	want := show(60, channels, 5)
	for _, c := range []Compression{None, Zstd} {
		var m memory
		w, _ := NewWriter(&m, Options{Channels: channels, Step: 25, Compression: c, Frames: 60})
		if c == Zstd {
			w.head.table, w.per = 1, 60 // one block: the cut is inside it
		}
		for _, f := range want {
			w.Write(f)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data := w.head.data
		whole, before := 0, 0
		for size := 0; size <= len(m.b); size += 997 {
			r, err := NewReader(bytes.NewReader(m.b[:size]), int64(size))
			if err != nil {
				if size > data+2*channels && c == None {
					t.Fatalf("%v, cut at %d: %v", c, size, err)
				}
				continue
			}
			if r.Cut() == "" && size < len(m.b)-1000 {
				t.Fatalf("%v, cut at %d of %d: nothing says so", c, size, len(m.b))
			}
			if r.Count() < before {
				t.Fatalf("%v: %d frames of %d bytes, %d of fewer", c, r.Count(), size, before)
			}
			before = r.Count()
			whole = max(whole, before)
			got := make([]byte, channels)
			for _, n := range []int{r.Count() - 1, 0} {
				if err := r.Frame(n, got); err != nil || !bytes.Equal(got, want[n]) {
					t.Fatalf("%v, cut at %d: frame %d: %v", c, size, n, err)
				}
			}
			r.Close()
		}
		if whole < 45 {
			t.Errorf("%v: at most %d frames were whole", c, whole)
		}
	}
}

// A recorder that is killed leaves a file that plays, at most a second short.
func TestAKilledWriterLeavesAFileThatPlays(t *testing.T) {
	want := show(205, 300, 5)
	for _, c := range []Compression{None, Zstd} {
		var m memory
		w, err := NewWriter(&m, Options{Channels: 300, Step: 25, Compression: c})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range want {
			w.Write(f)
		}
		// No Close.
		r := read(t, m.b)
		if r.Count() < 160 {
			t.Errorf("%v: %d frames, expected 160 at least", c, r.Count())
		}
		got := make([]byte, 300)
		for n := range r.Count() {
			if err := r.Frame(n, got); err != nil || !bytes.Equal(got, want[n]) {
				t.Fatalf("%v: frame %d: %v", c, n, err)
			}
		}
	}
}

// A table that is full is merged, and what was recorded stays.
func TestALongRecordingMergesItsTable(t *testing.T) {
	var m memory
	w, err := NewWriter(&m, Options{Channels: 1 << 20, Step: 255, Compression: Zstd})
	if err != nil {
		t.Fatal(err)
	}
	frame := make([]byte, 1<<20)
	w.per, w.head.table = 1, 8 // as if 4,095 entries were full
	m.b[20], m.b[21] = 1, 8
	w.o.Channels = 1 << 20
	for n := range 40 {
		frame[n] = byte(n + 1)
		if err := w.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// The header still reserves the long table, so move nothing: the tiny
	// decoder and the reader both find the data by the offset.
	r := read(t, m.b)
	second, err := tiny(m.b)
	if err != nil || r.Count() != 40 || len(second) != 40 {
		t.Fatalf("%d, %d frames: %v", r.Count(), len(second), err)
	}
	for _, n := range []int{39, 0, 17} {
		if err := r.Frame(n, frame); err != nil || frame[n] != byte(n+1) || n < 39 && frame[n+1] != 0 || !bytes.Equal(frame, second[n]) {
			t.Fatalf("frame %d: %v", n, err)
		}
	}
}

func TestAFieldThatLiesIsRefusedByItsName(t *testing.T) {
	good := byHand(0, 2, [][][]byte{show(10, 30, 3), show(10, 30, 4)}, 0, []Range{{0, 20}, {40, 10}}, []byte{8, 0, 's', 'p', 'a', 'b', 'c', 0})
	le := binary.LittleEndian
	for _, c := range []struct {
		name   string
		change func(b []byte)
		field  string
	}{
		{"identifier", func(b []byte) { b[0] = 'X' }, "the identifier"},
		{"major", func(b []byte) { b[7] = 3 }, "the major version"},
		{"minor", func(b []byte) { b[6] = 9 }, "the minor version"},
		{"data offset too small", func(b []byte) { le.PutUint16(b[4:], 31) }, "the offset of the channel data"},
		{"data offset past the end", func(b []byte) { le.PutUint16(b[4:], 65535) }, "the offset of the channel data"},
		{"data offset in the tables", func(b []byte) { le.PutUint16(b[4:], 40) }, "the number of compression blocks"},
		{"index", func(b []byte) { le.PutUint16(b[8:], 40) }, "the index of the first variable header"},
		{"index past the header", func(b []byte) { le.PutUint16(b[8:], 999) }, "the index of the first variable header"},
		{"no channels", func(b []byte) { le.PutUint32(b[10:], 0) }, "the number of channels"},
		{"channels", func(b []byte) { le.PutUint32(b[10:], 1<<31) }, "the number of channels"},
		{"channels and ranges", func(b []byte) { le.PutUint32(b[10:], 31) }, "the number of channels"},
		{"no frames", func(b []byte) { le.PutUint32(b[14:], 0) }, "the number of frames"},
		{"frames", func(b []byte) { le.PutUint32(b[14:], 1<<31) }, "the number of frames"},
		{"step", func(b []byte) { b[18] = 0 }, "the step"},
		{"compression", func(b []byte) { b[20] = 7 }, "the compression type"},
		{"blocks", func(b []byte) { b[21] = 200 }, "the number of compression blocks"},
		{"ranges", func(b []byte) { b[22] = 200 }, "the number of sparse ranges"},
		{"first block", func(b []byte) { b[32] = 1 }, "the first frame of compression block 0"},
		{"second block", func(b []byte) { b[40] = 0 }, "the first frame of compression block 1"},
		{"block past the frames", func(b []byte) { b[40] = 20 }, "the first frame of compression block 1"},
		{"range of none", func(b []byte) { b[51] = 0 }, "the length of sparse range 0"},
		{"range past the end", func(b []byte) { b[54], b[55], b[56] = 255, 255, 255 }, "the start of sparse range 1"},
		{"variable header short", func(b []byte) { b[60] = 3 }, "the length of the variable header at byte 60"},
		{"variable header long", func(b []byte) { b[60] = 90 }, "the length of the variable header at byte 60"},
	} {
		b := bytes.Clone(good)
		c.change(b)
		_, err := NewReader(bytes.NewReader(b), int64(len(b)))
		var e *Error
		if !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v, expected an error of %s", c.name, err, c.field)
		}
	}
	read(t, good)
}

// A block that holds fewer frames than the table says is told by its number
// when it is read, and the others play.
func TestADamagedBlockIsNamed(t *testing.T) {
	want := show(40, 30, 3)
	b := byHand(0, 2, [][][]byte{want[:20], want[20:]}, 0, nil, nil)
	b[40] = 25 // the second block begins later than the first one ends
	r := read(t, b)
	got := make([]byte, 30)
	if err := r.Frame(22, got); err == nil || !strings.Contains(err.Error(), "compression block 0") {
		t.Errorf("frame 22: %v", err)
	}
	if err := r.Frame(5, got); err != nil || !bytes.Equal(got, want[5]) {
		t.Errorf("frame 5 after it: %v", err)
	}
}

func FuzzReader(f *testing.F) {
	want := show(6, 20, 3)
	f.Add(byHand(0, 2, [][][]byte{want[:2], want[2:]}, 1, []Range{{0, 20}}, nil))
	f.Add(byHand(2, 1, [][][]byte{want[:2], want[2:]}, 1, nil, []byte{18, 0, 'E', 'D', 'F', 'C', 90, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}))
	f.Add(write(f, Options{Channels: 20, Step: 50, Media: "a.wav"}, want))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		defer r.Close()
		dst := make([]byte, r.Channels)
		for _, n := range []int{0, r.Count() / 2, r.Count() - 1, r.Count(), 0} {
			r.Frame(n, dst)
		}
		r.Spread(make([]byte, min(r.Span(), 4096)), dst)
		for _, v := range r.Variables {
			if v.Length < 1<<16 {
				r.Extended(v)
			}
		}
	})
}

// The figures of a long show: 50,000 pixels at 40 Hz. `go test -bench Long`
// with -benchtime 1x writes ten minutes of it into a temporary folder.
func BenchmarkLongShow(b *testing.B) {
	const channels, second = 150000, 40
	frames := 600 * second
	if s := os.Getenv("FSEQ_SECONDS"); s != "" {
		fmt.Sscan(s, &frames)
		frames *= second
	}
	name := filepath.Join(b.TempDir(), "long.fseq")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, Options{Channels: channels, Step: 25, Compression: Zstd, Frames: frames})
	if err != nil {
		b.Fatal(err)
	}
	frame := make([]byte, channels)
	rng := rand.New(rand.NewPCG(1, 2))
	for range frames {
		for range channels / 8 {
			frame[rng.IntN(channels)] = byte(rng.IntN(32))
		}
		if err := w.Write(frame); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	info, _ := f.Stat()
	r, err := NewReader(f, info.Size())
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	benchmarkPlay(b, r, frames)
}

// The blocks of a file, one after another, are zstd frames that zstd's own
// program unpacks to the channel data.
func TestZstdUnpacksWhatIsWritten(t *testing.T) {
	if _, err := exec.LookPath("zstd"); err != nil {
		t.Skip("zstd is not installed (Debian: zstd)")
	}
	want := show(50, 900, 8)
	b := write(t, Options{Channels: 900, Step: 25, Compression: Zstd}, want)
	cmd := exec.Command("zstd", "-dc")
	cmd.Stdin = bytes.NewReader(b[binary.LittleEndian.Uint16(b[4:]):])
	got, err := cmd.Output()
	if err != nil || !bytes.Equal(got, bytes.Join(want, nil)) {
		t.Errorf("zstd gave %d bytes of %d: %v", len(got), 50*900, err)
	}
}
