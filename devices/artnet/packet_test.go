package artnet

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// unhex reads hex with spaces and lines.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGoldenPackets: the bytes as the standard's tables lay them out.
func TestGoldenPackets(t *testing.T) {
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"ArtDmx", AppendDmx(nil, Dmx{Sequence: 7, Address: 0x1234, Data: []byte{1, 2, 255, 4}}),
			"4172742d4e657400 0050 000e 07 00 34 12 0004 0102ff04"},
		{"ArtDmx of an odd length", AppendDmx(nil, Dmx{Sequence: 255, Physical: 3, Address: 0x7fff, Data: []byte{9, 8, 7}}),
			"4172742d4e657400 0050 000e ff 03 ff 7f 0004 09080700"},
		{"ArtNzs", AppendNzs(nil, Nzs{Sequence: 1, StartCode: 0xdd, Address: 0x0102, Data: []byte{100, 200}}),
			"4172742d4e657400 0051 000e 01 dd 02 01 0002 64c8"},
		{"ArtSync", AppendSync(nil), "4172742d4e657400 0052 000e 00 00"},
	} {
		if want := unhex(t, c.want); !bytes.Equal(c.got, want) {
			t.Errorf("%s:\n got %x\nwant %x", c.name, c.got, want)
		}
	}
}

// TestRefusals: what lies is refused, by the field's name.
func TestRefusals(t *testing.T) {
	good := AppendDmx(nil, Dmx{Sequence: 1, Data: make([]byte, 512)})
	change := func(at int, v ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], v)
		return b
	}
	for _, c := range []struct {
		b    []byte
		says string
	}{
		{nil, "0 bytes"},
		{[]byte("Art-Net\x00"), "8 bytes"},
		{change(0, 'a'), "ID"},
		{change(10, 0, 13), "version 13"},
		{change(8, 0, 0x52), "ArtSync: expected ArtDmx"},
		{good[:17], "17 bytes"},
		{change(16, 2, 1), "Length 513"},
		{change(16, 0, 0), "Length 0"},
		{good[:100], "Length 512: only 82"},
	} {
		if _, err := ParseDmx(c.b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("% x…: %v, want %q", c.b[:min(len(c.b), 18)], err, c.says)
		}
	}
	if _, err := ParseNzs(AppendNzs(nil, Nzs{Data: []byte{1, 2}})); err == nil {
		t.Error("an ArtNzs of start code 0 was taken")
	}
	if err := ParseSync(AppendSync(nil)); err != nil {
		t.Error(err)
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Dmx{
			Sequence: rapid.Byte().Draw(t, "sequence"), Physical: rapid.Byte().Draw(t, "physical"),
			Address: rapid.Uint16Range(0, 32767).Draw(t, "address"), Data: rapid.SliceOfN(rapid.Byte(), 1, 512).Draw(t, "data"),
		}
		got, err := ParseDmx(AppendDmx(nil, d))
		if err != nil {
			t.Fatal(err)
		}
		if got.Sequence != d.Sequence || got.Physical != d.Physical || got.Address != d.Address || !bytes.Equal(got.Data[:len(d.Data)], d.Data) || len(got.Data)%2 != 0 {
			t.Fatalf("%v became %v", d, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(AppendDmx(nil, Dmx{Sequence: 1, Data: []byte{1, 2}}))
	f.Add(AppendNzs(nil, Nzs{StartCode: 1, Data: []byte{1, 2}}))
	f.Add(AppendSync(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := ParseDmx(b); err == nil {
			if again, err := ParseDmx(AppendDmx(nil, d)); err != nil || !bytes.Equal(again.Data[:len(d.Data)], d.Data) || again.Address != d.Address {
				t.Fatalf("%v became %v, %v", d, again, err)
			}
		}
		if z, err := ParseNzs(b); err == nil {
			if again, err := ParseNzs(AppendNzs(nil, z)); err != nil || !bytes.Equal(again.Data, z.Data) {
				t.Fatalf("%v became %v, %v", z, again, err)
			}
		}
		_ = ParseSync(b)
	})
}
