package lsl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// Sample is one sample of a stream. Values are good while the call lasts.
type Sample struct {
	Stream string
	At     time.Duration // engine time
	Rate   float64
	Values []float64
}

// Options are what an Inlet needs. A zero field takes the default named at it.
type Options struct {
	// Now is the engine's time. There is no default.
	Now func() time.Duration
	// Local asks this machine only; else the network is asked as well, by
	// broadcast and multicast as Lab Streaming Layer does.
	Local bool
	// Ports are where outlets of this machine and of Hosts listen; default
	// 16572 to 16603. Hosts are asked one by one.
	Ports []int
	Hosts []string
	// Silence is how long a feed may be silent before its outlet is sought
	// anew; default 5 s. A stream of an irregular rate may be silent for ever.
	Silence time.Duration
	// Log is told of what is found and lost; nil for nobody.
	Log func(string)
}

// Inlet takes in the stream of one name, from whichever outlet has it, and
// seeks it anew when it is lost.
type Inlet struct {
	name    string
	opts    Options
	samples atomic.Uint64
	found   atomic.Uint64
	offset  atomic.Int64 // ns
}

// New makes an inlet for the stream of a name.
func New(name string, o Options) (*Inlet, error) {
	if o.Now == nil {
		return nil, errors.New("lsl: Options.Now is not set: samples need the engine's time")
	}
	if o.Silence <= 0 {
		o.Silence = 5 * time.Second
	}
	if len(o.Ports) == 0 {
		for p := 16572; p <= 16603; p++ {
			o.Ports = append(o.Ports, p)
		}
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return &Inlet{name: name, opts: o}, nil
}

// Counters are how many samples came, how often an outlet was found, and how
// far its clock lies beside the engine's.
func (i *Inlet) Counters() (samples, found uint64, offset time.Duration) {
	return i.samples.Load(), i.found.Load(), time.Duration(i.offset.Load())
}

// Run takes samples in until the context ends, and gives each to take, from
// one goroutine.
func (i *Inlet) Run(ctx context.Context, take func(Sample)) error {
	pause := 200 * time.Millisecond
	for ctx.Err() == nil {
		host, info, err := i.resolve(ctx)
		if err == nil {
			i.found.Add(1)
			i.opts.Log(fmt.Sprintf("lsl: stream %q (%d channels at %g Hz) found at %s", i.name, info.Channels, info.Rate, host))
			began := time.Now()
			err = i.read(ctx, host, info, take)
			if ctx.Err() == nil {
				i.opts.Log(fmt.Sprintf("lsl: stream %q is lost: %v; it is sought anew", i.name, err))
			}
			if time.Since(began) > 5*time.Second {
				pause = 200 * time.Millisecond
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, 5*time.Second)
	}
	return nil
}

// everywhere is where the network is asked.
var everywhere = []string{"255.255.255.255:16571", "224.0.0.1:16571", "224.0.0.183:16571", "239.255.172.215:16571"}

// resolve asks until an outlet answers that can be read from.
func (i *Inlet) resolve(ctx context.Context) (host string, info Info, err error) {
	conn, err := net.ListenUDP("udp4", i.answers())
	if err != nil {
		return "", Info{}, err
	}
	defer conn.Close()
	id := strconv.FormatUint(rand.Uint64(), 10)
	port := conn.LocalAddr().(*net.UDPAddr).Port
	q := query(i.name, port, id)
	send := func(address string) {
		if a, err := net.ResolveUDPAddr("udp4", address); err == nil {
			_, _ = conn.WriteToUDP(q, a) // an address that cannot be reached does not answer
		}
	}
	for _, h := range append([]string{"127.0.0.1"}, i.opts.Hosts...) {
		for _, p := range i.opts.Ports {
			send(net.JoinHostPort(h, strconv.Itoa(p)))
		}
	}
	if !i.opts.Local {
		for _, a := range everywhere {
			send(a)
		}
	}
	b := make([]byte, 1<<16)
	end := time.Now().Add(time.Second)
	why := errors.New("nobody answers")
	for ctx.Err() == nil {
		_ = conn.SetReadDeadline(end)
		n, from, err := conn.ReadFromUDP(b)
		if err != nil {
			return "", Info{}, why
		}
		info, err := answer(b[:n], id)
		if err == nil && info.Name == i.name {
			return from.IP.String(), info, nil
		}
		if err != nil {
			why = err
		}
	}
	return "", Info{}, ctx.Err()
}

// answers is where answers are waited for.
func (i *Inlet) answers() *net.UDPAddr {
	if i.opts.Local && len(i.opts.Hosts) == 0 {
		return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	}
	return &net.UDPAddr{}
}

// read reads a feed to its end.
func (i *Inlet) read(ctx context.Context, host string, info Info, take func(Sample)) error {
	dial := net.Dialer{Timeout: 3 * time.Second}
	conn, err := dial.DialContext(ctx, "tcp4", net.JoinHostPort(host, strconv.Itoa(info.DataPort)))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	context.AfterFunc(ctx, func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := conn.Write(request(info)); err != nil {
		return err
	}
	feed, err := Open(conn, info)
	if err != nil {
		return err
	}
	i.offset.Store(0)
	timed := &atomic.Bool{}
	if info.TimePort > 0 {
		go i.follow(ctx, net.JoinHostPort(host, strconv.Itoa(info.TimePort)), timed)
	}
	for {
		deadline := time.Time{}
		if info.Rate > 0 {
			deadline = time.Now().Add(i.opts.Silence)
		}
		_ = conn.SetDeadline(deadline)
		at, row, err := feed.Next()
		if err != nil {
			return err
		}
		i.samples.Add(1)
		now := i.opts.Now()
		when := now
		if timed.Load() {
			// Its own time, on our clock, if that can be: not in what is to
			// come, and not long ago.
			t := at*1e9 + float64(i.offset.Load())
			if late := float64(now) - t; late >= 0 && late < 2e9 {
				when = time.Duration(t)
			}
		}
		take(Sample{Stream: i.name, At: max(when, 0), Rate: info.Rate, Values: row})
	}
}

// follow measures the outlet's clock every two seconds.
func (i *Inlet) follow(ctx context.Context, address string, timed *atomic.Bool) {
	seconds := func() float64 { return i.opts.Now().Seconds() }
	for wave := 1; ctx.Err() == nil; wave++ {
		if o, err := offset(address, seconds, wave); err == nil {
			i.offset.Store(int64(o * 1e9))
			timed.Store(true)
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
}
