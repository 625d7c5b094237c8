package sacn

import (
	"encoding/binary"
	"fmt"
	"time"
)

// DiscoverEvery is E131_UNIVERSE_DISCOVERY_INTERVAL.
const DiscoverEvery = 10 * time.Second

// pageSize is how many universes a discovery packet lists.
const pageSize = 512

// headDiscovery is the length of a discovery packet without its universes,
// table 4-3.
const headDiscovery = 120

// Discovery is a universe discovery packet: a source lists what it sends.
type Discovery struct {
	CID        CID
	Source     []byte
	Page, Last byte
	Universes  []uint16 // ascending, at most 512
}

// AppendDiscovery appends the packet.
func AppendDiscovery(dst []byte, d *Discovery) []byte {
	n := headDiscovery + 2*len(d.Universes)
	dst = appendRoot(dst, vectorRootExtended, n, &d.CID)
	dst = appendLength(dst, n-38)
	dst = binary.BigEndian.AppendUint32(dst, vectorDiscovery)
	dst = appendName(dst, d.Source)
	dst = append(dst, 0, 0, 0, 0) // reserved
	dst = appendLength(dst, n-112)
	dst = binary.BigEndian.AppendUint32(dst, vectorList)
	dst = append(dst, d.Page, d.Last)
	for _, u := range d.Universes {
		dst = append(dst, byte(u>>8), byte(u))
	}
	return dst
}

// ParseDiscovery reads a universe discovery packet. Source is a part of b.
func ParseDiscovery(b []byte) (*Discovery, error) {
	cid, err := expect(b, KindDiscovery, headDiscovery)
	if err != nil {
		return nil, err
	}
	if err := length(b, 112, "universe discovery layer"); err != nil {
		return nil, err
	}
	if v := binary.BigEndian.Uint32(b[114:]); v != vectorList {
		return nil, fmt.Errorf("sacn: universe discovery vector 0x%08x: expected 1", v)
	}
	d := &Discovery{CID: cid, Source: name(b[44:108]), Page: b[118], Last: b[119]}
	if d.Page > d.Last {
		return nil, fmt.Errorf("sacn: universe discovery page %d: the last one is %d", d.Page, d.Last)
	}
	end := 112 + (int(b[112]&0x0f)<<8 | int(b[113]))
	if end < headDiscovery || (end-headDiscovery)%2 != 0 || (end-headDiscovery)/2 > pageSize {
		return nil, fmt.Errorf("sacn: universe discovery layer: length %d: expected 8 and two for each of at most %d universes", end-112, pageSize)
	}
	for i := headDiscovery; i < end; i += 2 {
		d.Universes = append(d.Universes, binary.BigEndian.Uint16(b[i:]))
	}
	return d, nil
}
