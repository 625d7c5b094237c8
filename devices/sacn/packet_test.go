package sacn

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var testCID = CID{0xef, 0x07, 0xc8, 0xdd, 0x00, 0x64, 0x44, 0x01, 0xa3, 0xa2, 0x45, 0x9e, 0xf8, 0xe6, 0x14, 0x3e}

// TestGoldenPackets: the bytes as tables 4-1 and 4-2 lay them out.
func TestGoldenPackets(t *testing.T) {
	full := AppendData(nil, &Data{CID: testCID, Source: []byte("Source_A"), Priority: 100, Sync: 7962, Sequence: 154, Options: ForceSync, Universe: 1, Slots: make([]byte, 512)})
	if len(full) != 638 {
		t.Errorf("a full packet has %d bytes, want 638", len(full))
	}
	// The example of the standard's appendix B, data packet: all but the slots.
	want := unhex(t, `0010 0000 4153432d45312e3137000000 726e 00000004 ef07c8dd00644401a3a2459ef8e6143e
		7258 00000002 536f757263655f41`+strings.Repeat("00", 56)+`64 1f1a 9a 20 0001
		720b 02 a1 0000 0001 0201 00`)
	if !bytes.Equal(full[:126], want) {
		t.Errorf("data:\n got %x\nwant %x", full[:126], want)
	}
	// The example of appendix B, synchronisation packet.
	if got, want := AppendSync(nil, &testCID, 0xff, 7962), unhex(t, `0010 0000 4153432d45312e3137000000 7021 00000008
		ef07c8dd00644401a3a2459ef8e6143e 700b 00000001 ff 1f1a 0000`); !bytes.Equal(got, want) {
		t.Errorf("synchronisation:\n got %x\nwant %x", got, want)
	}
}

func TestGroup(t *testing.T) {
	for u, want := range map[uint16]string{1: "239.255.0.1:5568", 256: "239.255.1.0:5568", 63999: "239.255.249.255:5568", DiscoveryUniverse: "239.255.250.214:5568"} {
		if got := Group(u); got != netip.MustParseAddrPort(want) {
			t.Errorf("universe %d: %v, want %s", u, got, want)
		}
	}
}

// TestStale is 6.7.2's rule at its edges.
func TestStale(t *testing.T) {
	for _, c := range []struct {
		sequence, last byte
		want           bool
	}{{11, 10, false}, {10, 10, true}, {9, 10, true}, {247, 10, true}, {246, 10, false}, {0, 255, false}, {255, 0, true}, {138, 10, false}} {
		if got := Stale(c.sequence, c.last); got != c.want {
			t.Errorf("Stale(%d, %d) is %v", c.sequence, c.last, got)
		}
	}
}

func TestNameIsCutWhereACharacterBegins(t *testing.T) {
	long := strings.Repeat("é", 40) // 80 bytes
	d, err := ParseData(AppendData(nil, &Data{Source: []byte(long), Universe: 1}))
	if err != nil || string(d.Source) != strings.Repeat("é", 31) {
		t.Errorf("%q, %v", d.Source, err)
	}
}

// TestRefusals: what lies is refused, by the field's name.
func TestRefusals(t *testing.T) {
	good := AppendData(nil, &Data{CID: testCID, Source: []byte("a"), Priority: 100, Universe: 9, Slots: make([]byte, 512)})
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
		{change(4, 'X'), "preamble"},
		{change(16, 0x02), "root layer: flags 0x0"},
		{change(16, 0x7f, 0xff), "root layer: length 4095"},
		{change(18, 0, 0, 0, 5), "root vector 0x00000005"},
		{change(38, 0x7f, 0xff), "framing layer: length 4095"},
		{change(43, 9), "framing vector 0x00000009"},
		{change(108, 201), "priority 201"},
		{change(109, 0xff, 0xff), "synchronisation universe 65535"},
		{change(113, 0, 0), "universe 0"},
		{change(113, 0xfa, 0x00), "universe 64000"},
		{change(115, 0x7f, 0xff), "DMP layer: length 4095"},
		{change(117, 3), "DMP layer 03"},
		{change(123, 0, 0), "property value count 0"},
		{change(123, 2, 2), "property value count 514"},
		{good[:125], "length"},
		{AppendSync(nil, &testCID, 0, 1), "synchronisation packet: expected data"},
	} {
		if _, err := ParseData(c.b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want %q", err, c.says)
		}
	}
	if _, _, err := ParseSync(AppendSync(nil, &testCID, 0, 0)); err == nil || !strings.Contains(err.Error(), "synchronisation universe 0") {
		t.Error(err)
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Data{
			CID: testCID, Source: []byte("x"), Priority: rapid.ByteRange(0, 200).Draw(t, "priority"), Sync: rapid.Uint16Range(0, 63999).Draw(t, "sync"),
			Sequence: rapid.Byte().Draw(t, "sequence"), Options: rapid.Byte().Draw(t, "options"), Universe: rapid.Uint16Range(1, 63999).Draw(t, "universe"),
			StartCode: rapid.Byte().Draw(t, "start"), Slots: rapid.SliceOfN(rapid.Byte(), 0, 512).Draw(t, "slots"),
		}
		got, err := ParseData(AppendData(nil, &d))
		if err != nil || got.CID != d.CID || got.Priority != d.Priority || got.Sync != d.Sync || got.Sequence != d.Sequence ||
			got.Options != d.Options || got.Universe != d.Universe || got.StartCode != d.StartCode || !bytes.Equal(got.Slots, d.Slots) {
			t.Fatalf("%v became %v, %v", d, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(AppendData(nil, &Data{Universe: 1, Slots: make([]byte, 3)}))
	f.Add(AppendSync(nil, &testCID, 1, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := ParseData(b); err == nil {
			again, err := ParseData(AppendData(nil, &d))
			if err != nil || !bytes.Equal(again.Slots, d.Slots) || again.Universe != d.Universe || again.Sequence != d.Sequence {
				t.Fatalf("%v became %v, %v", d, again, err)
			}
		}
		_, _, _ = ParseSync(b)
	})
}
