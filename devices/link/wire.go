package link

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// The messages of a session, as Ableton's library (github.com/Ableton/link,
// discovery/v1/Messages.hpp, link/v1/Messages.hpp, link/Timeline.hpp) has them.
// All numbers are big-endian; times are microseconds.
var (
	discoveryHead   = []byte("_asdp_v\x01")
	measurementHead = []byte("_link_v\x01")
)

// longest is how long a message may be, in bytes.
const longest = 512

// Kinds of message.
const (
	alive    = 1
	response = 2
	byebye   = 3
	ping     = 1
	pong     = 2
)

// Keys of the entries that follow a head.
const (
	keyTimeline   = 0x746d6c6e // tmln
	keySession    = 0x73657373 // sess
	keyEndpoint   = 0x6d657034 // mep4
	keyHostTime   = 0x5f5f6874 // __ht
	keyGhostTime  = 0x5f5f6774 // __gt
	keyGhostSince = 0x5f706774 // _pgt
)

// id is a peer's or a session's: a session has that of the peer who began it.
type id [8]byte

// timeline is the beat of a session, over its own time.
type timeline struct {
	microsPerBeat int64
	beatOrigin    int64 // in millionths of a beat
	timeOrigin    int64
}

// beat is where the session is at one of its own times.
func (t timeline) beat(micros float64) float64 {
	return float64(t.beatOrigin)/1e6 + (micros-float64(t.timeOrigin))/float64(t.microsPerBeat)
}

func (t timeline) bpm() float64 { return 60e6 / float64(t.microsPerBeat) }

// hello is what a peer says of itself, four times a second.
type hello struct {
	kind     byte
	ttl      time.Duration // how long it holds
	peer     id
	session  id
	timeline timeline
	endpoint netip.AddrPort // where its time can be asked for
}

// entries calls f for each entry of a message's payload.
func entries(data []byte, f func(key uint32, value []byte)) error {
	for len(data) > 0 {
		if len(data) < 8 {
			return fmt.Errorf("link: %d bytes of an entry", len(data))
		}
		key, n := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
		if uint64(n) > uint64(len(data)-8) {
			return fmt.Errorf("link: an entry of %d bytes, and %d follow", n, len(data)-8)
		}
		f(key, data[8:8+n])
		data = data[8+n:]
	}
	return nil
}

// parseHello reads a message of discovery.
func parseHello(data []byte) (hello, error) {
	var h hello
	if len(data) < 20 || len(data) > longest || !bytes.HasPrefix(data, discoveryHead) {
		return h, fmt.Errorf("link: %d bytes that are no message of a session", len(data))
	}
	h.kind, h.ttl = data[8], time.Duration(data[9])*time.Second
	if group := binary.BigEndian.Uint16(data[10:]); h.kind < alive || h.kind > byebye || group != 0 {
		return h, fmt.Errorf("link: a message of kind %d, group %d", h.kind, group)
	}
	copy(h.peer[:], data[12:])
	if h.kind == byebye {
		return h, nil
	}
	has := 0
	err := entries(data[20:], func(key uint32, v []byte) {
		switch {
		case key == keyTimeline && len(v) == 24:
			h.timeline = timeline{int64(binary.BigEndian.Uint64(v)), int64(binary.BigEndian.Uint64(v[8:])), int64(binary.BigEndian.Uint64(v[16:]))}
			has |= 1
		case key == keySession && len(v) == 8:
			copy(h.session[:], v)
			has |= 2
		case key == keyEndpoint && len(v) == 6:
			h.endpoint = netip.AddrPortFrom(netip.AddrFrom4([4]byte(v)), binary.BigEndian.Uint16(v[4:]))
		}
	})
	if err != nil {
		return h, err
	}
	if has != 3 {
		return h, fmt.Errorf("link: a peer without a timeline or a session")
	}
	// The library's own limits, 20…999 beats a minute.
	if m := h.timeline.microsPerBeat; m < 60_060 || m > 3_000_000 {
		return h, fmt.Errorf("link: a tempo of %d µs a beat", m)
	}
	return h, nil
}

// appendPing writes a question for a peer's session time: ours, and what the
// answer before said, 0 for none.
func appendPing(dst []byte, host, ghost int64) []byte {
	dst = append(append(dst, measurementHead...), ping)
	dst = appendTime(dst, keyHostTime, host)
	if ghost != 0 {
		dst = appendTime(dst, keyGhostSince, ghost)
	}
	return dst
}

func appendTime(dst []byte, key uint32, micros int64) []byte {
	dst = binary.BigEndian.AppendUint32(dst, key)
	dst = binary.BigEndian.AppendUint32(dst, 8)
	return binary.BigEndian.AppendUint64(dst, uint64(micros))
}

// answer is a peer's: its session's time, and what was asked.
type answer struct {
	session            id
	ghost, since, host int64
}

// parsePong reads an answer.
func parsePong(data []byte) (answer, error) {
	var a answer
	if len(data) < 9 || len(data) > longest || !bytes.HasPrefix(data, measurementHead) || data[8] != pong {
		return a, fmt.Errorf("link: %d bytes that are no answer", len(data))
	}
	err := entries(data[9:], func(key uint32, v []byte) {
		if len(v) != 8 {
			return
		}
		n := int64(binary.BigEndian.Uint64(v))
		switch key {
		case keySession:
			copy(a.session[:], v)
		case keyGhostTime:
			a.ghost = n
		case keyGhostSince:
			a.since = n
		case keyHostTime:
			a.host = n
		}
	})
	if err == nil && (a.ghost == 0 || a.host == 0) {
		err = fmt.Errorf("link: an answer without a time")
	}
	return a, err
}
