package artnet

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// Flags of an ArtPoll ("TalkToMe").
const (
	PollReplyOnChange = 0x02 // nodes reply by themselves when something changes
	PollDiagnostics   = 0x04
)

// AppendPoll appends an ArtPoll: nodes tell of themselves.
func AppendPoll(dst []byte, flags byte) []byte {
	return append(appendHead(dst, OpPoll), flags, 0)
}

// Poll is what is read of an ArtPoll.
type Poll struct {
	Flags byte
	// Targeted: only nodes with a port address within Bottom…Top are asked
	// (Art-Net 4).
	Targeted    bool
	Top, Bottom uint16
}

// ParsePoll reads an ArtPoll.
func ParsePoll(b []byte) (Poll, error) {
	if err := expect(b, OpPoll, 14); err != nil {
		return Poll{}, err
	}
	p := Poll{Flags: b[12]}
	if len(b) >= 18 && p.Flags&0x20 != 0 {
		p.Targeted, p.Top, p.Bottom = true, binary.BigEndian.Uint16(b[14:]), binary.BigEndian.Uint16(b[16:])
	}
	return p, nil
}

// Lengths of an ArtPollReply: Art-Net 1's, which old nodes send, and today's.
const (
	leastReply = 207
	fullReply  = 239
)

// Style codes of a reply.
const (
	StyleNode       = 0x00
	StyleController = 0x01
	StyleMedia      = 0x02
)

// Reply is what a node tells of itself, one for each four ports of it.
type Reply struct {
	IP                  netip.Addr
	Firmware, OEM, ESTA uint16
	Net, Sub            byte // the high bits of its port addresses
	Status1, Status2    byte
	ShortName, LongName string // at most 17 and 63 bytes
	Report              string // at most 63 bytes
	Ports               []NodePort
	Style               byte
	MAC                 [6]byte
	Bind                byte // 0 and 1: the first four ports
}

// NodePort is one of up to four ports of a Reply.
type NodePort struct {
	Output, Input         bool // it gives DMX, or takes it
	GoodOutput, GoodInput byte
	Out, In               uint16 // port addresses of the two
}

// AppendReply appends the packet.
func AppendReply(dst []byte, r *Reply) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, fullReply)...)
	b := dst[start:]
	copy(b, magic)
	binary.LittleEndian.PutUint16(b[8:], uint16(OpPollReply))
	ip := r.IP.As4()
	copy(b[10:], ip[:])
	binary.LittleEndian.PutUint16(b[14:], Port)
	binary.BigEndian.PutUint16(b[16:], r.Firmware)
	b[18], b[19] = r.Net, r.Sub
	binary.BigEndian.PutUint16(b[20:], r.OEM)
	b[23] = r.Status1
	binary.LittleEndian.PutUint16(b[24:], r.ESTA)
	copy(b[26:26+17], r.ShortName)
	copy(b[44:44+63], r.LongName)
	copy(b[108:108+63], r.Report)
	n := min(len(r.Ports), 4)
	b[173] = byte(n)
	for i, p := range r.Ports[:n] {
		if p.Output {
			b[174+i] |= 0x80
		}
		if p.Input {
			b[174+i] |= 0x40
		}
		b[178+i], b[182+i] = p.GoodInput, p.GoodOutput
		b[186+i], b[190+i] = byte(p.In&0x0f), byte(p.Out&0x0f)
	}
	b[200] = r.Style
	copy(b[201:], r.MAC[:])
	copy(b[207:], ip[:])
	b[211], b[212] = r.Bind, r.Status2
	return dst
}

// ParseReply reads an ArtPollReply.
func ParseReply(b []byte) (*Reply, error) {
	if err := expect(b, OpPollReply, leastReply); err != nil {
		return nil, err
	}
	r := &Reply{
		IP: netip.AddrFrom4([4]byte(b[10:14])), Firmware: binary.BigEndian.Uint16(b[16:]), Net: b[18] & 0x7f, Sub: b[19] & 0x0f,
		OEM: binary.BigEndian.Uint16(b[20:]), Status1: b[23], ESTA: binary.LittleEndian.Uint16(b[24:]),
		ShortName: text(b[26:44]), LongName: text(b[44:108]), Report: text(b[108:172]), Style: b[200], MAC: [6]byte(b[201:207]),
	}
	if len(b) > 212 {
		r.Bind, r.Status2 = b[211], b[212]
	}
	high := uint16(r.Net)<<8 | uint16(r.Sub)<<4
	for i := range min(int(binary.BigEndian.Uint16(b[172:])), 4) {
		r.Ports = append(r.Ports, NodePort{
			Output: b[174+i]&0x80 != 0, Input: b[174+i]&0x40 != 0, GoodInput: b[178+i], GoodOutput: b[182+i],
			In: high | uint16(b[186+i]&0x0f), Out: high | uint16(b[190+i]&0x0f),
		})
	}
	return r, nil
}

// text cuts a field at its first zero, and keeps control characters of a
// stranger out of logs and terminals.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(bytes.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffd {
			return '?'
		}
		return r
	}, b))
}

// Failsafe is what a node does when its data stops, by ArtAddress.
type Failsafe byte

// The commands of ArtAddress for it.
const (
	FailsafeHold  Failsafe = 0x08
	FailsafeZero  Failsafe = 0x09
	FailsafeFull  Failsafe = 0x0a
	FailsafeScene Failsafe = 0x0b
)

// failsafes are the names in files.
var failsafes = map[string]Failsafe{"hold": FailsafeHold, "zero": FailsafeZero, "full": FailsafeFull, "scene": FailsafeScene}

// addressLength is that of an ArtAddress.
const addressLength = 107

// AppendFailsafe appends an ArtAddress that sets a node's failsafe and
// changes nothing else: empty names, and 0x7f for every switch.
func AppendFailsafe(dst []byte, f Failsafe, bind byte) []byte {
	start := len(dst)
	dst = appendHead(dst, OpAddress)
	dst = append(dst, make([]byte, addressLength-head)...)
	b := dst[start:]
	b[12], b[13] = 0x7f, bind
	for i := 96; i < 105; i++ { // SwIn, SwOut and SubSwitch
		b[i] = 0x7f
	}
	b[106] = byte(f)
	return dst
}

// Film is the type of an ArtTimeCode: how many frames a second it counts.
type Film byte

// The types.
const (
	Film24 Film = iota // 24
	EBU                // 25
	DF                 // 29.97, with the numbers of some frames left out
	SMPTE              // 30
)

// films are the names in files.
var films = map[string]Film{"film": Film24, "ebu": EBU, "df": DF, "smpte": SMPTE}

// TimeCode is a time of a film.
type TimeCode struct {
	Hours, Minutes, Seconds, Frames byte
	Film                            Film
}

// AppendTimeCode appends the packet.
func AppendTimeCode(dst []byte, t TimeCode) []byte {
	return append(appendHead(dst, OpTimeCode), 0, 0, t.Frames, t.Seconds, t.Minutes, t.Hours, byte(t.Film))
}

// ParseTimeCode reads an ArtTimeCode.
func ParseTimeCode(b []byte) (TimeCode, error) {
	if err := expect(b, OpTimeCode, 19); err != nil {
		return TimeCode{}, err
	}
	return TimeCode{Frames: b[14], Seconds: b[15], Minutes: b[16], Hours: b[17], Film: Film(b[18] & 3)}, nil
}

// CodeOf gives the time code of a number of frames from the start. Drop frame
// leaves the numbers 0 and 1 out at the start of each minute but each tenth
// (SMPTE ST 12-1), so that 29.97 frames a second keep the clock's time.
func CodeOf(frames int64, f Film) TimeCode {
	rate := map[Film]int64{Film24: 24, EBU: 25, DF: 30, SMPTE: 30}[f]
	if f == DF {
		const minute, ten = 60*30 - 2, 10*60*30 - 9*2
		tens, rest := frames/ten, frames%ten
		frames += 18 * tens
		if rest >= 1800 { // the first minute of ten keeps all of its numbers
			frames += 2 + 2*((rest-1800)/minute)
		}
	}
	s := frames / rate
	return TimeCode{Frames: byte(frames % rate), Seconds: byte(s % 60), Minutes: byte(s / 60 % 60), Hours: byte(s / 3600 % 24), Film: f}
}

// CountAt is how many frames of a film have begun after so many nanoseconds.
func CountAt(ns int64, f Film) int64 {
	switch f {
	case Film24:
		return ns / 1e6 * 24 / 1000
	case EBU:
		return ns / 1e6 * 25 / 1000
	case DF:
		return ns / 1e3 * 30 / 1001000
	}
	return ns / 1e6 * 30 / 1000
}
