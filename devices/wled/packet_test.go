package wled

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// TestGoldenPackets: the bytes as kno.wled.ge lists them.
func TestGoldenPackets(t *testing.T) {
	for _, c := range []struct {
		p    Packet
		want string
	}{
		{Packet{Protocol: WARLS, Timeout: 2, Data: []byte{7, 1, 2, 3}}, "010207010203"},
		{Packet{Protocol: DRGB, Timeout: 255, Data: []byte{1, 2, 3, 4, 5, 6}}, "02ff010203040506"},
		{Packet{Protocol: DRGBW, Timeout: 1, Data: []byte{1, 2, 3, 4}}, "030101020304"},
		{Packet{Protocol: DNRGB, Timeout: 2, Start: 0x01ea, Data: []byte{1, 2, 3}}, "040201ea010203"},
		{Packet{Protocol: DNRGBW, Timeout: 2, Start: 258, Data: []byte{1, 2, 3, 4}}, "0502010201020304"},
	} {
		got := Append(nil, c.p)
		if hex.EncodeToString(got) != c.want {
			t.Errorf("%+v:\n got %x\nwant %s", c.p, got, c.want)
		}
		if back, err := Parse(got); err != nil || back.Protocol != c.p.Protocol || back.Timeout != c.p.Timeout || back.Start != c.p.Start || !bytes.Equal(back.Data, c.p.Data) {
			t.Errorf("%+v came back as %+v, %v", c.p, back, err)
		}
	}
	for _, c := range []struct {
		b    []byte
		says string
	}{
		{nil, "0 bytes"}, {[]byte{9, 1}, "protocol 9"}, {[]byte{0, 1}, "protocol 0"}, {[]byte{4, 1, 0}, "expected at least 4"},
		{[]byte{2, 1, 1, 2}, "multiple of 3"}, {append([]byte{2, 1}, make([]byte, 491*3)...), "491 pixels"},
	} {
		if _, err := Parse(c.b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.8x: %v, want %q", c.b, err, c.says)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Append(nil, Packet{Protocol: DNRGB, Start: 3, Data: []byte{1, 2, 3}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := Parse(b); err == nil {
			if again, err := Parse(Append(nil, p)); err != nil || !bytes.Equal(again.Data, p.Data) {
				t.Fatalf("%+v became %+v, %v", p, again, err)
			}
		}
	})
}
