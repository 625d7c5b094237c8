package ddp

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestGoldenPackets: the bytes as the protocol's page lays them out.
func TestGoldenPackets(t *testing.T) {
	for _, c := range []struct {
		p    Packet
		want string
	}{
		{Packet{Flags: Push, Sequence: 5, Type: TypeRGB, Destination: 1, Offset: 0x12345, Data: []byte{1, 2, 3}}, "41050b010001234500030102" + "03"},
		{Packet{Sequence: 15, Type: TypeRGBW, Destination: 7, Data: []byte{9}}, "400f1b0700000000000109"},
		{Packet{Flags: TimeCode | Push, Type: TypeUndefined, Destination: All, Time: 0xdeadbeef, Data: []byte{4, 5}}, "510000ff000000000002deadbeef0405"},
		{Packet{Flags: Query, Destination: Status}, "420000fb000000000000"},
	} {
		got := Append(nil, &c.p)
		if hex.EncodeToString(got) != c.want {
			t.Errorf("%+v:\n got %x\nwant %s", c.p, got, c.want)
		}
		back, err := Parse(got)
		if err != nil || back.Flags != c.p.Flags || back.Offset != c.p.Offset || back.Time != c.p.Time || !bytes.Equal(back.Data, c.p.Data) {
			t.Errorf("%+v came back as %+v, %v", c.p, back, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	good := Append(nil, &Packet{Destination: 1, Data: make([]byte, 20)})
	change := func(at int, v ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], v)
		return b
	}
	for _, c := range []struct {
		b    []byte
		says string
	}{
		{nil, "0 bytes"}, {good[:9], "9 bytes"}, {change(0, 0x80), "version 2"}, {change(8, 0, 21), "length 21"},
		{change(4, 0xff, 0xff, 0xff, 0xff), "offset 4294967295"}, {append([]byte{0x50}, good[1:10]...), "time code"},
	} {
		if _, err := Parse(c.b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%x: %v, want %q", c.b, err, c.says)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Packet{
			Flags: rapid.SampledFrom([]byte{0, Push, TimeCode, Push | TimeCode, Storage}).Draw(t, "flags"), Sequence: rapid.ByteRange(0, 15).Draw(t, "sequence"),
			Type: rapid.Byte().Draw(t, "type"), Destination: rapid.Byte().Draw(t, "destination"), Offset: rapid.Uint32Range(0, 1<<31).Draw(t, "offset"),
			Data: rapid.SliceOfN(rapid.Byte(), 0, MaxData).Draw(t, "data"),
		}
		got, err := Parse(Append(nil, &p))
		if err != nil || got.Flags != p.Flags || got.Sequence != p.Sequence || got.Type != p.Type || got.Destination != p.Destination || got.Offset != p.Offset || !bytes.Equal(got.Data, p.Data) {
			t.Fatalf("%+v became %+v, %v", p, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(Append(nil, &Packet{Flags: TimeCode, Data: []byte{1, 2, 3}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := Parse(b); err == nil && p.Flags&Query == 0 {
			if again, err := Parse(Append(nil, &p)); err != nil || !bytes.Equal(again.Data, p.Data) || again.Offset != p.Offset {
				t.Fatalf("%+v became %+v, %v", p, again, err)
			}
		}
	})
}

// TestAsk: a simulated display answers the query for its status, after a
// packet that is none; one that is silent is no fault.
func TestAsk(t *testing.T) {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() {
		buf := make([]byte, 100)
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil || hex.EncodeToString(buf[:n]) != "420000fb000000000000" {
			return
		}
		_, _ = c.WriteToUDPAddrPort([]byte("no packet"), from)
		_, _ = c.WriteToUDPAddrPort(Append(nil, &Packet{Flags: Reply | Push, Destination: Status, Data: []byte(`{"status":{"man":"Oak","mod":"wall\u001b","ver":"2.1","state":"up"}}`)}), from)
	}()
	to := c.LocalAddr().(*net.UDPAddr).AddrPort()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	s, err := Ask(ctx, to)
	if err != nil || s.String() != "Oak wall?, 2.1, up" || s.RoundTrip <= 0 {
		t.Errorf("%v, %v", s, err)
	}
	ctx, stop = context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	if _, err := Ask(ctx, to); !errors.Is(err, ErrSilent) {
		t.Error(err)
	}
}

func FuzzParseState(f *testing.F) {
	f.Add(Append(nil, &Packet{Flags: Reply, Destination: Status, Data: []byte(`{"status":{"man":"a"}}`)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ParseState(b); err == nil && strings.ContainsAny(s.String(), "\x1b\n\x00") {
			t.Fatalf("%q", s)
		}
	})
}
