package recording

import (
	"math"
	"sync/atomic"
	"time"
)

// hand is one thing that somebody asks of a Source that plays.
type hand struct {
	what  what
	time  time.Duration
	speed float64
	item  int
	on    bool
}

type what uint8

const (
	seek what = iota
	skip
	pause
	hold
	speed
	rate
	item
	next
	previous
)

// ask hands it over to the goroutine that steps, which never waits. What does
// not fit any more is dropped: nobody presses 32 keys in a frame.
func (s *Source) ask(h hand) {
	select {
	case s.hands <- h:
	default:
	}
}

// Seek goes to a position in the present item, on the next step; to its end
// at most.
func (s *Source) Seek(to time.Duration) { s.ask(hand{what: seek, time: to}) }

// Skip goes so far on in the present item, or back.
func (s *Source) Skip(by time.Duration) { s.ask(hand{what: skip, time: by}) }

// Pause holds the light as it is, and the sound; or lets both go on.
func (s *Source) Pause() { s.ask(hand{what: pause}) }

// Hold holds the light and the sound, or lets them go on.
func (s *Source) Hold(on bool) { s.ask(hand{what: hold, on: on}) }

// Rate sets the speed, within 0.01…100 times real time.
func (s *Source) Rate(v float64) { s.ask(hand{what: rate, speed: v}) }

// Item goes to an item of the playlist, from 0; beyond it, to the last.
func (s *Source) Item(n int) { s.ask(hand{what: item, item: n}) }

// Speed multiplies the speed, within 0.01…100 times real time; 0 is back to
// real time. At any other there is no sound.
func (s *Source) Speed(by float64) { s.ask(hand{what: speed, speed: by}) }

// Next goes to the next item; after the last one to the first.
func (s *Source) Next() { s.ask(hand{what: next}) }

// Previous goes to the beginning of the present item, and from its first
// three seconds to the item before.
func (s *Source) Previous() { s.ask(hand{what: previous}) }

// backAtOnce is how far into an item Previous still means the one before.
const backAtOnce = 3 * time.Second

// take does what was asked for. It says whether the sound was begun anew.
func (s *Source) take(now time.Duration) (jumped bool) {
	for {
		var h hand
		select {
		case h = <-s.hands:
		default:
			return jumped
		}
		at := s.position(now)
		s.from, s.since = min(at, s.c.Items[s.item].Length()-1), now
		switch h.what {
		case pause:
			s.paused = !s.paused
			s.begin()
		case hold:
			if s.paused != h.on {
				s.paused = h.on
				s.begin()
			}
		case speed, rate:
			v := 1.0
			if h.speed > 0 {
				v = h.speed
				if h.what == speed {
					v *= s.c.Speed
				}
				v = min(max(v, 0.01), 100)
			}
			if math.Abs(v-1) < 1e-9 { // ×2 and ÷2 lead back to the sound
				v = 1
			}
			s.c.Speed = v
			s.begin()
		case seek, skip:
			to := h.time
			if h.what == skip {
				to += s.from
			}
			s.from = min(max(to, 0), s.c.Items[s.item].Length()-1)
			s.jump()
		case item:
			s.item, s.from = min(max(h.item, 0), len(s.c.Items)-1), 0
			s.jump()
		case next:
			s.item, s.from = (s.item+1)%len(s.c.Items), 0
			s.jump()
		case previous:
			if s.from < backAtOnce {
				s.item = (s.item + len(s.c.Items) - 1) % len(s.c.Items)
			}
			s.from = 0
			s.jump()
		}
		jumped = true
	}
}

// State is where a Source is.
type State struct {
	Item     int // of the playlist, from 0
	Items    int
	Name     string
	Position time.Duration
	Length   time.Duration
	Speed    float64
	Paused   bool
}

// shared is what At reads while the Source steps.
type shared struct {
	item     atomic.Int64
	position atomic.Int64
	speed    atomic.Uint64
	paused   atomic.Bool
}

// tell leaves word of where it is.
func (s *Source) tell(now time.Duration) {
	s.state.item.Store(int64(s.item))
	s.state.position.Store(int64(s.position(now)))
	s.state.speed.Store(math.Float64bits(s.c.Speed))
	s.state.paused.Store(s.paused)
}

// At says where it is.
func (s *Source) At() State {
	i := int(s.state.item.Load())
	it := &s.c.Items[i]
	v := math.Float64frombits(s.state.speed.Load())
	if v == 0 { // not yet begun
		v = 1
	}
	return State{Item: i, Items: len(s.c.Items), Name: it.Name, Position: min(time.Duration(s.state.position.Load()), it.Length()), Length: it.Length(), Speed: v, Paused: s.state.paused.Load()}
}
