package kinet

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// TestGoldenPackets: the bytes as OLA's source lays them out.
func TestGoldenPackets(t *testing.T) {
	if got, want := hex.EncodeToString(AppendDmxOut(nil, []byte{1, 2, 3})), "0401dc4a0100010100000000"+"00000000ffffffff00"+"010203"; got != want {
		t.Errorf("DMX out:\n got %s\nwant %s", got, want)
	}
	data := bytes.Repeat([]byte{7}, 30)
	if got, want := hex.EncodeToString(AppendPortOut(nil, 5, data)), "0401dc4a0100080100000000"+"ffffffff05000000001e0000"+strings.Repeat("07", 30); got != want {
		t.Errorf("port out:\n got %s\nwant %s", got, want)
	}
	p, err := Parse(AppendPortOut(nil, 16, []byte{9}))
	if err != nil || !p.PortOut || p.Port != 16 || len(p.Data) != 24 || p.Data[0] != 9 || p.Data[23] != 0 {
		t.Errorf("a short port out came back as %+v, %v", p, err)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		says string
	}{
		{nil, "0 bytes"}, {make([]byte, 30), "magic"},
		{append(AppendDmxOut(nil, make([]byte, 512)), 0), "513 channels"},
		{AppendPortOut(nil, 1, make([]byte, 100))[:60], "length 100"},
		{append(appendHead(nil, 0x0001), make([]byte, 20)...), "type 0001"},
	} {
		if _, err := Parse(c.b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want %q", err, c.says)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendDmxOut(nil, []byte{1}))
	f.Add(AppendPortOut(nil, 1, []byte{1}))
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = Parse(b) })
}
