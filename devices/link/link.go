// Package link follows an Ableton Link session: the tempo and the beat that
// programs on one network share. It listens to what the session's peers say of
// themselves, and asks one of them for the session's time, as a peer does that
// joins; it says nothing of itself, is no peer to be counted, and changes no
// tempo.
//
// The one idea it owns: a follower needs no more of Link than its messages.
// Ableton's library is C++; what is here was written from its messages and is
// held to it by a test that plays in one session with it.
package link

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"sync"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/engine/show"
)

// group is where peers speak of themselves.
var group = netip.AddrPortFrom(netip.AddrFrom4([4]byte{224, 76, 78, 75}), 20808)

// Options are what a follower needs. There is no default for Show and Now.
type Options struct {
	Show *show.Show
	Now  func() time.Duration // the engine's time
	Log  func(string)         // nil: nobody
}

// Datagrams a second that are read, and at once: a peer says four, and answers
// forty times in a measurement. The kernel drops what is over it.
const (
	rate  = 1000
	burst = 200
)

// How often is looked for interfaces that have come, a peer is asked, and the
// show told where the beat is, though nothing changed.
const (
	lookEvery = 5 * time.Second
	askEvery  = 10 * time.Millisecond
	tellEvery = time.Second
	patience  = 50 * time.Millisecond // for an answer
)

// follower is a session that is followed.
type follower struct {
	o    Options
	asks *net.UDPConn

	mu      sync.Mutex
	session *session
	told    timeline
	offset  float64
	last    time.Duration // when the show was told; −1 never
	joined  bool
}

// Follow follows the session on this machine's networks until ctx is done. It
// gives an error only where no socket can be had.
func Follow(ctx context.Context, o Options) error {
	if o.Log == nil {
		o.Log = func(string) {}
	}
	asks, err := net.ListenUDP("udp4", &net.UDPAddr{})
	if err != nil {
		return fmt.Errorf("Ableton Link: %w", err)
	}
	defer asks.Close()
	f := &follower{o: o, asks: asks, session: newSession(), last: -1}
	defer context.AfterFunc(ctx, func() { asks.Close() })()
	var ends sync.WaitGroup
	defer ends.Wait()
	ends.Go(func() {
		f.read(ctx, asks, func(data []byte, _ netip.AddrPort, at time.Duration) {
			if a, err := parsePong(data); err == nil {
				f.session.answered(a, at)
			}
		})
	})
	var mu sync.Mutex
	listening := map[string]bool{}
	look, ask := time.NewTicker(lookEvery), time.NewTicker(askEvery)
	defer look.Stop()
	defer ask.Stop()
	for {
		interfaces, _ := net.Interfaces()
		for _, i := range interfaces {
			mu.Lock()
			busy := listening[i.Name]
			mu.Unlock()
			if busy || i.Flags&net.FlagUp == 0 || i.Flags&(net.FlagMulticast|net.FlagLoopback) == 0 {
				continue
			}
			conn, err := net.ListenMulticastUDP("udp4", &i, net.UDPAddrFromAddrPort(group))
			if err != nil {
				continue // it may come; the next look tries again
			}
			mu.Lock()
			listening[i.Name] = true
			mu.Unlock()
			ends.Go(func() {
				defer context.AfterFunc(ctx, func() { conn.Close() })()
				defer conn.Close()
				f.read(ctx, conn, f.heard)
				mu.Lock()
				delete(listening, i.Name)
				mu.Unlock()
			})
		}
		for waits := true; waits; {
			select {
			case <-ctx.Done():
				return nil
			case <-look.C:
				waits = false
			case <-ask.C:
				f.step()
			}
		}
	}
}

// read takes datagrams until the socket fails or ctx is done.
func (f *follower) read(ctx context.Context, conn *net.UDPConn, take func([]byte, netip.AddrPort, time.Duration)) {
	buffer := make([]byte, longest+1)
	sluice := datagram.NewSluice(rate, burst)
	for failed := 0; ctx.Err() == nil && failed < 100; {
		sluice.Wait()
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		at := f.o.Now()
		if err != nil {
			failed++
			time.Sleep(10 * time.Millisecond)
			continue
		}
		failed = 0
		f.mu.Lock()
		take(buffer[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), at)
		f.mu.Unlock()
	}
}

// heard takes a message of discovery. A peer is asked only where it speaks
// from, so that nobody can have others asked.
func (f *follower) heard(data []byte, from netip.AddrPort, at time.Duration) {
	h, err := parseHello(data)
	if err != nil {
		return
	}
	if h.endpoint.Addr() != from.Addr() {
		h.endpoint = netip.AddrPort{}
	}
	f.session.hear(h, at)
}

// step asks a peer when it is time to, and tells the show what has changed.
func (f *follower) step() {
	at := f.o.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.session
	s.choose(at)
	if to, ghost, ok := s.ask(at); ok && (s.expected == 0 || at.Microseconds()-s.expected > patience.Microseconds()) {
		s.expected = max(at.Microseconds(), 1)
		_, _ = f.asks.WriteToUDPAddrPort(appendPing(nil, s.expected, ghost), to) // unanswered, it is asked again
	}
	if s.any != f.joined && (s.measured || !s.any) {
		f.joined = s.any
		if s.any {
			f.o.Log(fmt.Sprintf("Ableton Link: following a session of %d", s.count()))
		} else {
			f.o.Log("Ableton Link: the session is gone; the beat goes on as it was")
		}
	}
	beat, bpm, ok := s.beat(at)
	if !ok {
		return
	}
	t, _ := s.timeline()
	if f.last >= 0 && at-f.last < tellEvery && t == f.told && math.Abs(s.offset-f.offset) < 50 {
		return
	}
	f.told, f.offset, f.last = t, s.offset, at
	_ = f.o.Show.Offer(show.Event{At: at, Action: show.Sync, Value: float32(bpm), Beat: beat}) // a full queue: told again
}
