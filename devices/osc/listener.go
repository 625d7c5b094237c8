package osc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/installations"
)

// Options are what a Listener needs beside the installation. A zero field
// takes the default named at it.
type Options struct {
	// Now is the engine's time; readings get the time at which they arrive.
	// There is no default.
	Now func() time.Duration
	// Wall is the time of day, for the time tags of bundles; time.Now.
	Wall func() time.Time
	// Rate is how many datagrams a second one source may send, and Burst how
	// many at once; default 5000 and 10000. Datagrams that cost more to take
	// in (patterns, large bundles) count for several.
	Rate, Burst float64
	// Horizon is how far ahead a bundle may be dated; default 10 s.
	Horizon time.Duration
	// MaxScheduled is how many messages may wait for their time; default 1024.
	MaxScheduled int
	// Log is told of faults, never of people or of what was sent; default
	// slog.Default().
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if !(o.Rate > 0) {
		o.Rate = 5000
	}
	if !(o.Burst > 0) {
		o.Burst = 2 * o.Rate
	}
	if o.Horizon <= 0 {
		o.Horizon = 10 * time.Second
	}
	if o.MaxScheduled <= 0 {
		o.MaxScheduled = 1024
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// What is read of the socket, of all sources together: 100 people with all
// their sensors send some thousands of datagrams a second. The kernel drops
// what is over it.
const (
	readRate  = 25_000
	readBurst = 1000
)

// Counters tell what came in over the wire. They count traffic: nothing in
// them tells readings with consent from readings without.
type Counters struct {
	Received  uint64 // datagrams, whatever became of them
	Bytes     uint64
	Refused   uint64 // datagrams from sources that are not allowed
	Limited   uint64 // datagrams over the rate of their source
	Malformed uint64 // datagrams that are not OSC; they have no effect at all
	Unmatched uint64 // messages with an address or arguments that nothing takes
	Late      uint64 // messages dated beyond the horizon, or one too many
	Recovered uint64 // faults of this program that cost one datagram each
}

type counts struct {
	received, bytes, refused, limited, malformed, unmatched, late, recovered atomic.Uint64
}

// Listener owns the UDP socket for signals. Run belongs to one goroutine;
// Addr and Counters may be called by any.
type Listener struct {
	opts     Options
	conn     atomic.Pointer[net.UDPConn]
	sources  *sources
	receiver *Receiver
	counts   counts
}

// Listen opens the socket that the installation asks for. The cells are the
// installation's, in its order. Nothing is taken in before Run.
func Listen(s installations.Signals, cells []string, sink Sink, o Options) (*Listener, error) {
	o = o.withDefaults()
	if o.Now == nil {
		return nil, errors.New("osc: Options.Now is not set: readings need the engine's time")
	}
	allow, err := Prefixes(s.OSC.Allow)
	if err != nil {
		return nil, err
	}
	l := &Listener{opts: o, sources: newSources(allow, o.Rate, o.Burst)}
	l.receiver = newReceiver(s, cells, sink, o, &l.counts)
	if err := l.open(s.OSC.Listen); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Listener) open(address string) error {
	a, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return fmt.Errorf("osc: listen address %q: %w", address, err)
	}
	conn, err := net.ListenUDP("udp", a)
	if err != nil {
		return fmt.Errorf("osc: listen on %s: %w", address, err)
	}
	// Room for a burst while the machine is busy; the kernel may give less.
	_ = conn.SetReadBuffer(4 << 20)
	l.conn.Store(conn)
	return nil
}

// Addr is where the socket listens.
func (l *Listener) Addr() netip.AddrPort {
	return l.conn.Load().LocalAddr().(*net.UDPAddr).AddrPort()
}

// Counters gives the counts so far.
func (l *Listener) Counters() Counters {
	c := &l.counts
	return Counters{
		Received: c.received.Load(), Bytes: c.bytes.Load(), Refused: c.refused.Load(), Limited: c.limited.Load(),
		Malformed: c.malformed.Load(), Unmatched: c.unmatched.Load(), Late: c.late.Load(), Recovered: c.recovered.Load(),
	}
}

// Close closes the socket of a Listener that is not to run.
func (l *Listener) Close() error { return l.conn.Load().Close() }

// Run offers the consents given at the desk, then takes datagrams in until
// ctx is done; it closes the socket then and gives nil. A fault in the code
// below costs the datagram it came with; a socket that fails is opened again.
func (l *Listener) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { l.conn.Load().Close() })
	defer stop()
	defer func() { l.conn.Load().Close() }()
	l.receiver.Seat(l.opts.Now())
	address := l.Addr().String()
	buffer := make([]byte, 65536)
	wait := 100 * time.Millisecond
	for ctx.Err() == nil {
		err := l.serve(buffer)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil { // a fault was recovered from
			wait = 100 * time.Millisecond
			continue
		}
		l.opts.Log.Warn("the socket for signals failed and is opened again", "address", address, "error", err, "after", wait)
		l.conn.Load().Close()
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		wait = min(2*wait, 5*time.Second)
		if err := l.open(address); err != nil {
			l.opts.Log.Warn("the socket for signals could not be opened", "error", err)
		} else if ctx.Err() != nil {
			l.conn.Load().Close()
		}
	}
	return nil
}

// serve reads datagrams until the socket fails; a panic ends it with nil.
func (l *Listener) serve(buffer []byte) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			if l.counts.recovered.Add(1) <= 10 { // the first ones tell enough
				l.opts.Log.Error("a fault while taking in a datagram; it was dropped", "fault", fmt.Sprint(fault))
			}
			err = nil
		}
	}()
	conn := l.conn.Load()
	sluice := datagram.NewSluice(readRate, readBurst)
	for {
		sluice.Wait()
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return err
		}
		l.take(buffer[:n], from.Addr().Unmap().WithZone(""), l.opts.Now())
	}
}

// take takes in one datagram.
func (l *Listener) take(datagram []byte, from netip.Addr, now time.Duration) {
	c := &l.counts
	c.received.Add(1)
	c.bytes.Add(uint64(len(datagram)))
	switch {
	case !l.sources.allowed(from):
		c.refused.Add(1)
	case !l.sources.pay(from, cost(datagram), now):
		c.limited.Add(1)
	case l.receiver.Receive(datagram, now, l.opts.Wall()) != nil:
		c.malformed.Add(1)
	}
}

// Receiver is what the datagrams go to; other devices may give it theirs.
func (l *Listener) Receiver() *Receiver { return l.receiver }

// Seats gives the desk's name for each visit's pseudonym. Call it when Run has
// returned.
func (l *Listener) Seats() map[string]string { return l.receiver.sensors.Seats() }
