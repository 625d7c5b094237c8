package monitor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"noctiluca/devices/ddp"
	"noctiluca/devices/kinet"
	"noctiluca/devices/opc"
	"noctiluca/devices/osc"
	"noctiluca/devices/oscout"
	"noctiluca/devices/tpm2"
	"noctiluca/devices/wled"
)

// others are the protocols besides Art-Net and sACN. Their "universe" is the
// destination, the port, the number of a packet, or the first pixel.
var others = []heard{
	{"DDP", ddp.Port, (*Table).DDP}, {"WLED", wled.Port, (*Table).WLED}, {"KiNET", kinet.Port, (*Table).KiNET},
	{"TPM2.net", tpm2.Port, (*Table).TPM2}, {"OSC", oscout.Port, (*Table).OSC},
}

// plain takes a packet of a protocol that numbers none.
func (t *Table) plain(protocol string, from netip.AddrPort, universe int, name string, levels []byte, size int, now time.Duration) {
	s, _ := t.stream(key{protocol: protocol, from: from.Addr(), universe: universe}, now)
	if s == nil {
		return
	}
	s.name = name
	s.take(levels, size, now)
}

// DDP takes a datagram from the port of DDP. Offsets become streams of their
// own, by the packets that a display gets.
func (t *Table) DDP(from netip.AddrPort, b []byte, now time.Duration) {
	p, err := ddp.Parse(b)
	if err != nil {
		t.fault(err)
		return
	}
	if p.Flags&(ddp.Query|ddp.Reply) != 0 {
		t.other["DDP query"]++
		return
	}
	t.plain("DDP", from, int(p.Destination), fmt.Sprintf("offset %d", p.Offset), p.Data, len(b), now)
}

// WLED takes a datagram from the port of WLED's realtime protocol.
func (t *Table) WLED(from netip.AddrPort, b []byte, now time.Duration) {
	p, err := wled.Parse(b)
	if err != nil {
		t.fault(err)
		return
	}
	name := [...]string{"", "WARLS", "DRGB", "DRGBW", "DNRGB", "DNRGBW"}[p.Protocol]
	t.plain("WLED", from, int(p.Start), name, p.Data, len(b), now)
}

// KiNET takes a datagram from the port of KiNET.
func (t *Table) KiNET(from netip.AddrPort, b []byte, now time.Duration) {
	p, err := kinet.Parse(b)
	if err != nil {
		t.fault(err)
		return
	}
	name := "DMX out"
	if p.PortOut {
		name = "port out"
	}
	t.plain("KiNET", from, int(p.Port), name, p.Data, len(b), now)
}

// TPM2 takes a datagram from the port of TPM2.net.
func (t *Table) TPM2(from netip.AddrPort, b []byte, now time.Duration) {
	p, err := tpm2.Parse(b)
	if err != nil {
		t.fault(err)
		return
	}
	t.plain("TPM2.net", from, int(p.Number), fmt.Sprintf("of %d", p.Of), p.Data, len(b), now)
}

// OSC takes a datagram of light by OSC: a blob's bytes are shown, of other
// messages the address.
func (t *Table) OSC(from netip.AddrPort, b []byte, now time.Duration) {
	if err := osc.Check(b); err != nil {
		t.fault(err)
		return
	}
	var d osc.Decoder
	d.Reset(b)
	for d.Next() {
		m := d.Message()
		arguments := m.Arguments()
		var levels []byte
		for {
			a, ok := arguments.Next()
			if !ok {
				break
			}
			if blob, ok := a.Blob(); ok {
				levels = slices.Clip(blob)
			} else if x, ok := a.Number(); ok && len(levels) < 512 {
				levels = append(levels, byte(255*min(max(x, 0), 1)))
			}
		}
		// Each address is a line: its universe is made of its letters.
		sum := 0
		for _, c := range m.Address {
			sum = (sum*31 + int(c)) & 0xffff
		}
		t.plain("OSC", from, sum, printable(m.Address), levels, len(b), now)
	}
}

// OPC takes a message of Open Pixel Control.
func (t *Table) OPC(from netip.AddrPort, b []byte, now time.Duration) {
	m, _, ok := opc.Parse(b)
	if !ok {
		t.fault(errors.New("opc: a message that is not whole"))
		return
	}
	if m.Command != opc.SetColours {
		t.other[fmt.Sprintf("OPC command %d", m.Command)]++
		return
	}
	t.plain("OPC", from, int(m.Channel), "", m.Data, len(b), now)
}

// listenOPC serves Open Pixel Control until it is closed.
func listenOPC(ctx context.Context, addr netip.Addr, arrivals chan<- arrival) (net.Listener, error) {
	server, err := net.Listen("tcp", netip.AddrPortFrom(addr, opc.Port).String())
	if err != nil {
		return nil, fmt.Errorf("monitor: Open Pixel Control on %v port %d: %w; is another program listening there?", addr, opc.Port, err)
	}
	slots := make(chan struct{}, 64) // connections at a time
	go func() {
		for {
			c, err := server.Accept()
			if err != nil {
				return
			}
			select {
			case slots <- struct{}{}:
				go func() {
					defer func() { <-slots }()
					readOPC(ctx, c, arrivals)
				}()
			default:
				c.Close()
			}
		}
	}()
	return server, nil
}

func readOPC(ctx context.Context, c net.Conn, arrivals chan<- arrival) {
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	from, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	var held []byte
	buf := make([]byte, 65536)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		held = append(held, buf[:n]...)
		for {
			_, rest, ok := opc.Parse(held)
			if !ok {
				break
			}
			whole := append([]byte(nil), held[:len(held)-len(rest)]...)
			held = append(held[:0], rest...)
			select {
			case arrivals <- arrival{from, (*Table).OPC, whole}:
			case <-ctx.Done():
				return
			}
		}
	}
}
