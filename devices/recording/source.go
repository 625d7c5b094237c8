package recording

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"noctiluca/devices/fseq"
	"noctiluca/engine"
	"noctiluca/engine/light"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Item is one file of a playlist.
type Item struct {
	Name   string
	Reader *fseq.Reader
	file   io.Closer
	sound  string
}

// OpenItem opens a file to play. Errors name it.
func OpenItem(name string) (Item, error) {
	f, err := os.Open(name)
	if err != nil {
		return Item{}, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("this is not a file")
	}
	var r *fseq.Reader
	if err == nil {
		r, err = fseq.NewReader(f, info.Size())
	}
	if err != nil {
		f.Close()
		return Item{}, fmt.Errorf("%s: %w", name, err)
	}
	it := Item{Name: name, Reader: r, file: f}
	it.sound = it.Media()
	return it, nil
}

// Length is how long an item plays at speed 1.
func (it *Item) Length() time.Duration {
	return time.Duration(it.Reader.Count()) * it.step()
}

func (it *Item) step() time.Duration { return time.Duration(it.Reader.Step) * time.Millisecond }

// Media is the path of the audio file that the item names, beside it, or
// empty where there is none.
func (it *Item) Media() string {
	m := it.Reader.Media()
	if m == "" {
		return ""
	}
	// Files of xLights name a path of the machine where they were made, with
	// the separators of its system: the last part counts.
	for i := len(m) - 1; i >= 0; i-- {
		if m[i] == '/' || m[i] == '\\' {
			m = m[i+1:]
			break
		}
	}
	path := filepath.Join(filepath.Dir(it.Name), m)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return path
}

// Sound is Media as it was when the item was opened.
func (it *Item) Sound() string { return it.sound }

// Close closes the file.
func (it *Item) Close() error {
	it.Reader.Close()
	if it.file == nil {
		return nil
	}
	return it.file.Close()
}

// Config is what a Source plays, and how.
type Config struct {
	Installation *installations.Installation
	Stage        *safety.Stage
	Layout       *Layout
	Items        []Item        // at least one; the Source closes them
	Loop         bool          // begin again after the last
	Speed        float64       // 0 stands for 1; 0.01…100
	From         time.Duration // where in the first item to begin
	// Open says whether it is time to play; nil: always. While it is not, the
	// light is dark and the playlist waits at its beginning. It is asked once
	// a second, from the goroutine that calls Step.
	Open func() bool
	// Follow, where it is set, is told when an item begins and gives the
	// position in it that the sound has reached; false while it has none.
	// The light follows the sound, whose clock is another than ours.
	Follow Follower
	Log    func(string) // remarks, from any goroutine; nil for none
	// Wait makes Step wait for its frame: for tests and for rendering. A live
	// run never waits.
	Wait bool
}

// Follower is what the light keeps step with.
type Follower interface {
	// Begin says that an item is now at a position.
	Begin(it *Item, at time.Duration)
	// Position is where the sound of the present item is, at engine time now.
	Position(now time.Duration) (time.Duration, bool)
	// Pause holds the sound, at the end of the opening hours.
	Pause()
}

// Source plays recorded files as frames. Step, Finish and Snapshot are called
// from one goroutine; Seek, Skip, Pause, Speed, Next, Previous, At, Ended and
// Late from any.
type Source struct {
	c      Config
	reader *ahead
	decode []*light.Decoder
	bytes  [][]byte // of each output
	frame  []byte   // of all channels
	r, g, b,
	dark []float32

	number  uint64
	at      time.Duration // engine time of the last step
	began   bool
	since   time.Duration // engine time at which the present item was at from
	from    time.Duration
	item    int
	base    int64 // serial number of the item's frame 0 since the last seek
	shown   int64 // serial of the frame in r, g, b
	asked   time.Duration
	open    bool
	level   float32   // of the fade at opening and closing
	hands   chan hand // what Seek and the other controls ask for
	paused  bool
	state   shared
	ended   atomic.Bool
	late    atomic.Uint64
	stopped bool
}

// fade is how long the light takes to come and go at opening and closing.
const fade = 2 * time.Second

// NewSource prepares to play. The Source owns the items from here on, also
// when there is an error.
func NewSource(c Config) (*Source, error) {
	s := &Source{c: c, open: true, level: 1, shown: -1, hands: make(chan hand, 32)}
	if s.c.Speed == 0 {
		s.c.Speed = 1
	}
	if s.c.Log == nil {
		s.c.Log = func(string) {}
	}
	fail := func(err error) (*Source, error) {
		for i := range c.Items {
			c.Items[i].Close()
		}
		return nil, err
	}
	if !(s.c.Speed >= 0.01 && s.c.Speed <= 100) {
		return fail(fmt.Errorf("speed %v: expected 0.01…100", c.Speed))
	}
	if len(c.Items) == 0 {
		return fail(errors.New("there is nothing to play"))
	}
	most := 0
	for i := range c.Items {
		most = max(most, c.Items[i].Reader.Channels)
	}
	if l := c.Items[0].Length(); c.From < 0 || c.From >= l {
		return fail(fmt.Errorf("%s is %v long: it cannot be played from %v", c.Items[0].Name, l, c.From))
	}
	splits, err := light.NewSplits(c.Installation)
	if err != nil {
		return fail(err)
	}
	for i := range c.Installation.Outputs {
		d, err := light.NewDecoder(&c.Installation.Outputs[i], splits)
		if err != nil {
			return fail(err)
		}
		s.decode = append(s.decode, d)
		s.bytes = append(s.bytes, make([]byte, c.Installation.Outputs[i].Bytes))
	}
	n := c.Installation.Pixels.Count()
	all := make([]float32, 4*n)
	s.r, s.g, s.b, s.dark = all[:n:n], all[n:2*n:2*n], all[2*n:3*n:3*n], all[3*n:]
	s.frame = make([]byte, c.Layout.Channels())
	s.from = c.From
	if c.Open != nil {
		s.open, s.level = false, 0
	}
	s.reader = newAhead(c.Items, most, c.Loop, c.Wait, s.c.Log)
	s.reader.seek(0, s.index(0, s.from))
	s.reader.ready()
	return s, nil
}

// index is the frame of an item at a position.
func (s *Source) index(item int, at time.Duration) int {
	return int(at / s.c.Items[item].step())
}

// Ended says that all has been played.
func (s *Source) Ended() bool { return s.ended.Load() }

// Late counts the steps whose frame had not been read in time: the light
// stayed as it was.
func (s *Source) Late() uint64 { return s.late.Load() }

// Step gives the frame of the instant now, which the caller holds.
func (s *Source) Step(now time.Duration) *safety.Frame {
	if !s.began {
		s.began, s.since, s.at, s.asked = true, now, now, now-time.Second
	}
	passed := now - s.at
	s.at = now
	s.hours(now, passed)
	if s.open || s.level > 0 {
		s.play(now)
	}
	s.number++
	if s.level <= 0 || s.Ended() {
		return s.c.Stage.Make(s.number, now, s.dark, s.dark, s.dark, false)
	}
	if s.level < 1 {
		// A copy would cost another buffer; the light is decoded anew before
		// it is dimmed again.
		for i := range s.r {
			s.r[i], s.g[i], s.b[i] = float32(s.r[i]*s.level), float32(s.g[i]*s.level), float32(s.b[i]*s.level)
		}
		s.shown = -1
	}
	return s.c.Stage.Make(s.number, now, s.r, s.g, s.b, false)
}

// hours opens and closes, and fades.
func (s *Source) hours(now, passed time.Duration) {
	if s.c.Open == nil {
		return
	}
	if now-s.asked >= time.Second {
		s.asked = now
		was := s.open
		s.open = s.c.Open()
		if s.open && !was && s.level <= 0 {
			s.restart(now)
		}
	}
	step := float32(float64(passed) / float64(fade))
	if s.open {
		s.level = min(s.level+step, 1)
	} else if s.level > 0 {
		if s.level = max(s.level-step, 0); s.level == 0 && s.c.Follow != nil {
			s.c.Follow.Pause()
		}
	}
}

// restart goes to the beginning of the playlist.
func (s *Source) restart(now time.Duration) {
	s.item, s.from, s.since = 0, 0, now
	s.jump()
}

// jump makes the reader begin again where the position is.
func (s *Source) jump() {
	s.base, s.shown = 0, -1
	s.ended.Store(false)
	s.reader.seek(s.item, s.index(s.item, s.from))
	// Serial 0 is the item's frame 0, so that a frame's serial is base + index.
	s.begin()
}

// begin lets the sound play from where the light is: at speed 1, and not in a
// pause.
func (s *Source) begin() {
	switch {
	case s.c.Follow == nil:
	case s.paused || s.c.Speed != 1:
		s.c.Follow.Pause()
	default:
		s.c.Follow.Begin(&s.c.Items[s.item], s.from)
	}
}

// play finds the position and fetches its frame.
func (s *Source) play(now time.Duration) {
	if !s.take(now) && s.number == 0 {
		s.begin()
	}
	if s.Ended() {
		return
	}
	position := s.position(now)
	defer s.tell(now)
	for position >= s.c.Items[s.item].Length() {
		last := s.item == len(s.c.Items)-1
		if last && !s.c.Loop {
			s.ended.Store(true)
			return
		}
		over := position - s.c.Items[s.item].Length()
		s.base += int64(s.c.Items[s.item].Reader.Count())
		s.item = (s.item + 1) % len(s.c.Items)
		// After a pause, such as a laptop's that slept, an item is not played
		// in passing.
		over = min(over, s.c.Items[s.item].Length()-1)
		s.from, s.since = over, now
		s.begin()
		position = over
	}
	want := s.base + int64(s.index(s.item, position))
	if want == s.shown {
		return
	}
	fresh := s.reader.take(want, s.shown, func(header *fseq.Header, stored []byte) {
		clear(s.frame)
		header.Spread(s.frame, stored)
	})
	if fresh < 0 {
		s.late.Add(1)
		return
	}
	if fresh < want {
		s.late.Add(1)
	}
	s.shown = fresh
	s.c.Layout.Scatter(s.bytes, s.frame)
	for i, d := range s.decode {
		d.Decode(s.bytes[i], s.r, s.g, s.b)
	}
}

func (s *Source) position(now time.Duration) time.Duration {
	if s.paused {
		s.since = now
		return s.from
	}
	free := s.from + time.Duration(float64(now-s.since)*s.c.Speed)
	if s.c.Follow != nil && s.c.Speed == 1 {
		if at, ok := s.c.Follow.Position(now); ok {
			// What comes after the end of the sound plays on freely.
			s.from, s.since = at, now
			return at
		}
	}
	return free
}

// Finish gives the black frame with which a run ends, and closes the files.
func (s *Source) Finish() *safety.Frame {
	s.Close()
	s.number++
	return s.c.Stage.Make(s.number, s.at, s.dark, s.dark, s.dark, true)
}

// Snapshot empties a snapshot: nobody is felt in a recording.
func (s *Source) Snapshot(to *engine.Snapshot) {
	to.Whole.People, to.History = 0, nil
	to.Cells, to.People, to.Leads, to.Layers = to.Cells[:0], to.People[:0], to.Leads[:0], to.Layers[:0]
}

// Close ends the reading ahead and closes the files.
func (s *Source) Close() {
	if s.stopped {
		return
	}
	s.stopped = true
	s.reader.close()
	for i := range s.c.Items {
		s.c.Items[i].Close()
	}
}

// Stage is the safety stage that makes the frames.
func (s *Source) Stage() *safety.Stage { return s.c.Stage }
