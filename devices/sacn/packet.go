// Package sacn speaks streaming ACN, ANSI E1.31-2018 ("Lightweight streaming
// protocol for transport of DMX512 using ACN"): the packets as bytes, apart
// from any socket, and the stream of one destination. Clause and table
// numbers in comments are that standard's.
package sacn

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Port is ACN_SDT_MULTICAST_PORT.
const Port = 5568

// Of the standard's appendix A.
const (
	vectorRootData     = 0x00000004
	vectorRootExtended = 0x00000008
	vectorData         = 0x00000002
	vectorSync         = 0x00000001
	vectorDiscovery    = 0x00000002
	vectorList         = 0x00000001
	vectorSet          = 0x02 // VECTOR_DMP_SET_PROPERTY

	// DiscoveryUniverse is where sources list what they send.
	DiscoveryUniverse = 64214
)

// Slots is the most slots of a universe; MaxUniverse the highest number.
const (
	Slots       = 512
	MaxUniverse = 63999
)

// Options of a data packet, 6.2.6.
const (
	Preview    = 0x80 // not meant for live light: visualisers only
	Terminated = 0x40 // the source ends this universe's stream
	ForceSync  = 0x20 // a receiver goes on unsynchronised when synchronisation is lost
)

// StartLevels and StartPriority are start codes: levels, and a priority for
// each slot (ETC's 0xDD: 1…200, 0 is "not used").
const (
	StartLevels   = 0x00
	StartPriority = 0xDD
)

// CID tells one source from another; it is a UUID and stays.
type CID [16]byte

// Kind is what a packet is.
type Kind uint8

// The kinds.
const (
	KindData Kind = iota + 1
	KindSync
	KindDiscovery
)

func (k Kind) String() string {
	return [...]string{"nothing known", "data", "synchronisation", "universe discovery"}[min(k, 3)]
}

// preamble is the first 16 bytes, 5.1 to 5.3.
var preamble = []byte("\x00\x10\x00\x00ASC-E1.17\x00\x00\x00")

// Data is a data packet, table 4-1.
type Data struct {
	CID       CID
	Source    []byte // name, UTF-8, at most 63 bytes, without its zeros
	Priority  byte   // 0…200
	Sync      uint16 // universe of synchronisation; 0 none
	Sequence  byte
	Options   byte
	Universe  uint16 // 1…63999
	StartCode byte
	Slots     []byte // at most 512
}

// headData is the length of a data packet up to and with the start code.
const headData = 126

// AppendData appends the packet.
func AppendData(dst []byte, d *Data) []byte {
	n := len(d.Slots)
	dst = appendRoot(dst, vectorRootData, headData+n, &d.CID)
	dst = appendLength(dst, headData+n-38)
	dst = binary.BigEndian.AppendUint32(dst, vectorData)
	dst = appendName(dst, d.Source)
	dst = append(dst, d.Priority, byte(d.Sync>>8), byte(d.Sync), d.Sequence, d.Options, byte(d.Universe>>8), byte(d.Universe))
	dst = appendLength(dst, headData+n-115)
	dst = append(dst, vectorSet, 0xa1, 0, 0, 0, 1, byte((n+1)>>8), byte(n+1), d.StartCode)
	return append(dst, d.Slots...)
}

// appendRoot appends the preamble and the root layer of a packet of that
// whole length.
func appendRoot(dst []byte, vector uint32, length int, cid *CID) []byte {
	dst = append(dst, preamble...)
	dst = appendLength(dst, length-16)
	dst = binary.BigEndian.AppendUint32(dst, vector)
	return append(dst, cid[:]...)
}

// appendLength appends flags 0x7 and a length of 12 bits.
func appendLength(dst []byte, n int) []byte { return append(dst, 0x70|byte(n>>8), byte(n)) }

// appendName appends a name of 64 bytes, the last of which is zero. A name
// that is too long is cut where a character begins.
func appendName(dst, name []byte) []byte {
	if len(name) > 63 {
		n := 63
		for n > 0 && name[n]&0xc0 == 0x80 {
			n--
		}
		name = name[:n]
	}
	dst = append(dst, name...)
	var zeros [64]byte
	return append(dst, zeros[len(name):]...)
}

// AppendSync appends a synchronisation packet, table 4-2: receivers show what
// came for that synchronisation universe before it at once.
func AppendSync(dst []byte, cid *CID, sequence byte, universe uint16) []byte {
	dst = appendRoot(dst, vectorRootExtended, 49, cid)
	dst = appendLength(dst, 49-38)
	dst = binary.BigEndian.AppendUint32(dst, vectorSync)
	return append(dst, sequence, byte(universe>>8), byte(universe), 0, 0)
}

// Group is the multicast group of a universe, 9.3.1.
func Group(universe uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{239, 255, byte(universe >> 8), byte(universe)}), Port)
}

// KindOf says what a datagram is, and gives its source's CID. It checks the
// root layer only.
func KindOf(b []byte) (Kind, CID, error) {
	var cid CID
	if len(b) < 44 {
		return 0, cid, fmt.Errorf("sacn: %d bytes: expected at least 44", len(b))
	}
	if !bytes.Equal(b[:16], preamble) {
		return 0, cid, fmt.Errorf("sacn: preamble % x: expected % x", b[:16], preamble)
	}
	if err := length(b, 16, "root layer"); err != nil {
		return 0, cid, err
	}
	copy(cid[:], b[22:])
	root, framing := binary.BigEndian.Uint32(b[18:]), binary.BigEndian.Uint32(b[40:])
	switch {
	case root == vectorRootData && framing == vectorData:
		return KindData, cid, nil
	case root == vectorRootExtended && framing == vectorSync:
		return KindSync, cid, nil
	case root == vectorRootExtended && framing == vectorDiscovery:
		return KindDiscovery, cid, nil
	}
	return 0, cid, fmt.Errorf("sacn: root vector 0x%08x with framing vector 0x%08x: expected 4 with 2, or 8 with 1 or 2", root, framing)
}

// length checks flags and length at an offset. The length may not pass the
// datagram; bytes after it are let be.
func length(b []byte, at int, layer string) error {
	if b[at]&0xf0 != 0x70 {
		return fmt.Errorf("sacn: %s: flags 0x%x: expected 0x7", layer, b[at]>>4)
	}
	if n := int(b[at]&0x0f)<<8 | int(b[at+1]); n > len(b)-at {
		return fmt.Errorf("sacn: %s: length %d: only %d bytes are there", layer, n, len(b)-at)
	}
	return nil
}

// expect checks the root layer and the least length.
func expect(b []byte, want Kind, least int) (CID, error) {
	k, cid, err := KindOf(b)
	if err != nil {
		return cid, err
	}
	if k != want {
		return cid, fmt.Errorf("sacn: a %v packet: expected %v", k, want)
	}
	if len(b) < least {
		return cid, fmt.Errorf("sacn: a %v packet of %d bytes: expected at least %d", k, len(b), least)
	}
	return cid, length(b, 38, "framing layer")
}

// ParseData reads a data packet. Source and Slots are parts of b.
func ParseData(b []byte) (Data, error) {
	cid, err := expect(b, KindData, headData)
	if err != nil {
		return Data{}, err
	}
	d := Data{
		CID: cid, Source: name(b[44:108]), Priority: b[108], Sync: binary.BigEndian.Uint16(b[109:]), Sequence: b[111],
		Options: b[112], Universe: binary.BigEndian.Uint16(b[113:]), StartCode: b[125],
	}
	switch {
	case d.Priority > 200:
		return Data{}, fmt.Errorf("sacn: priority %d: expected 0…200", d.Priority)
	case d.Universe < 1 || d.Universe > MaxUniverse:
		return Data{}, fmt.Errorf("sacn: universe %d: expected 1…%d", d.Universe, MaxUniverse)
	case d.Sync > MaxUniverse:
		return Data{}, fmt.Errorf("sacn: synchronisation universe %d: expected 0…%d", d.Sync, MaxUniverse)
	}
	if err := length(b, 115, "DMP layer"); err != nil {
		return Data{}, err
	}
	if b[117] != vectorSet || b[118] != 0xa1 || b[119] != 0 || b[120] != 0 || b[121] != 0 || b[122] != 1 {
		return Data{}, fmt.Errorf("sacn: DMP layer % x: expected 02 a1 00 00 00 01", b[117:123])
	}
	n := int(binary.BigEndian.Uint16(b[123:]))
	if n < 1 || n > Slots+1 {
		return Data{}, fmt.Errorf("sacn: property value count %d: expected 1…%d", n, Slots+1)
	}
	if n > len(b)-125 {
		return Data{}, fmt.Errorf("sacn: property value count %d: only %d bytes follow", n, len(b)-125)
	}
	d.Slots = b[126 : 125+n : 125+n]
	return d, nil
}

// name cuts a field at its first zero.
func name(b []byte) []byte {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return b[:i]
	}
	return b
}

// ParseSync reads a synchronisation packet.
func ParseSync(b []byte) (sequence byte, universe uint16, err error) {
	if _, err = expect(b, KindSync, 49); err != nil {
		return 0, 0, err
	}
	universe = binary.BigEndian.Uint16(b[45:])
	if universe < 1 || universe > MaxUniverse {
		return 0, 0, fmt.Errorf("sacn: synchronisation universe %d: expected 1…%d", universe, MaxUniverse)
	}
	return b[44], universe, nil
}

// Stale says that a packet came too late, 6.7.2: its sequence is at most 20
// behind the last one's. A larger step back is a source that began anew.
func Stale(sequence, last byte) bool {
	d := int8(sequence - last)
	return d <= 0 && d > -20
}
