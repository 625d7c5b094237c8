package sound

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Card is what sound goes to. A fake one is for tests.
type Card interface {
	// Play begins to take pairs of float32, little-endian, at Rate, from a
	// reader, from any goroutine, until Stop.
	Play(io.Reader) error
	// Waiting is how many bytes it has taken and not yet played.
	Waiting() int
	Stop()
}

// Player plays one file after another and tells where it is. It follows a
// light player: Begin, Pause and Position never wait. Any goroutine may use
// them.
type Player struct {
	card  Card
	now   func() time.Duration
	log   func(string)
	clock Clock
	want  chan order
	ended chan struct{}
	turn  atomic.Int64 // counts orders: an older one no longer moves the clock
}

type order struct {
	turn int64
	name string // empty: silence
	at   time.Duration
	hold bool
}

// NewPlayer starts a player. now is the time by which positions are asked.
func NewPlayer(card Card, now func() time.Duration, log func(string)) *Player {
	p := &Player{card: card, now: now, log: log, want: make(chan order, 16), ended: make(chan struct{})}
	go p.run()
	return p
}

// Begin plays a file from a position, instead of what plays; an empty name is
// silence.
func (p *Player) Begin(name string, at time.Duration) {
	p.clock.Stop()
	p.send(order{name: name, at: at})
}

// Pause stops the sound until the next Begin.
func (p *Player) Pause() {
	p.clock.Stop()
	p.send(order{hold: true})
}

func (p *Player) send(o order) {
	o.turn = p.turn.Add(1)
	select {
	case p.want <- o:
	default: // it hangs: the light goes on by its own clock
	}
}

// Position is where the sound is, at a time of now; false when none plays.
func (p *Player) Position(now time.Duration) (time.Duration, bool) { return p.clock.Position(now) }

// Close ends the player.
func (p *Player) Close() {
	close(p.want)
	<-p.ended
}

// observeEvery is how often the card is asked how far it is.
const observeEvery = 100 * time.Millisecond

func (p *Player) run() {
	defer close(p.ended)
	tick := time.NewTicker(observeEvery)
	defer tick.Stop()
	var f *feed
	stop := func() {
		if f != nil {
			p.card.Stop()
			f.close()
			f = nil
		}
	}
	defer stop()
	for {
		select {
		case o, open := <-p.want:
			stop()
			if !open {
				return
			}
			if o.hold || o.name == "" {
				continue
			}
			var err error
			if f, err = newFeed(o); err == nil {
				err = p.card.Play(f)
			}
			if err != nil {
				if f != nil {
					f.close()
				}
				f = nil
				p.log("no sound: " + err.Error())
			}
		case <-tick.C:
			if f == nil || f.order.turn != p.turn.Load() {
				continue
			}
			taken, err, done := f.state()
			played := max(taken-int64(p.card.Waiting())/8, 0)
			at := f.order.at + time.Duration(float64(played)/Rate*float64(time.Second))
			switch {
			case done && played >= taken:
				p.clock.Stop()
				stop()
				if err != nil && !errors.Is(err, io.EOF) {
					p.log("the sound ends early: " + err.Error())
				}
			case played == 0:
				// The card has not begun.
			case !f.began:
				f.began = true
				p.clock.Start(p.now(), at)
			default:
				p.clock.Observe(p.now(), at)
			}
		}
	}
}

// feed is an open file as a card reads it.
type feed struct {
	order  order
	began  bool
	mu     sync.Mutex
	stream Stream
	from   *resampled
	buf    []float32
	taken  int64 // pairs
	err    error
	closed bool
}

func newFeed(o order) (*feed, error) {
	s, err := Open(o.name)
	if err != nil {
		return nil, err
	}
	if o.at > 0 {
		err = s.GoTo(pairs(o.at, s.Rate()))
		if errors.Is(err, io.EOF) {
			s.Close()
			return nil, errors.New(o.name + ": ends before where it should begin")
		}
		if err != nil {
			s.Close()
			return nil, err
		}
	}
	return &feed{order: o, stream: s, from: newResampled(s), buf: make([]float32, 2*4096)}, nil
}

// Read implements io.Reader for the card.
func (f *feed) Read(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return 0, io.EOF
	}
	n := min(len(b)/8, len(f.buf)/2)
	if n == 0 {
		return 0, nil
	}
	n, err := f.from.read(f.buf[:2*n])
	for i := range 2 * n {
		binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(f.buf[i]))
	}
	f.taken += int64(n)
	if err != nil {
		f.err = err
		if n == 0 {
			return 0, io.EOF
		}
	}
	return 8 * n, nil
}

func (f *feed) state() (taken int64, err error, done bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.taken, f.err, f.err != nil
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.stream.Close()
}
