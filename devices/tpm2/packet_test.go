package tpm2

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func TestGoldenPacket(t *testing.T) {
	got := Append(nil, Packet{Number: 1, Of: 2, Data: []byte{0xaa, 0xbb, 0xcc}})
	if want := "9cda00030102aabbcc36"; hex.EncodeToString(got) != want {
		t.Errorf("got %x, want %s", got, want)
	}
	p, err := Parse(got)
	if err != nil || p.Number != 1 || p.Of != 2 || !bytes.Equal(p.Data, []byte{0xaa, 0xbb, 0xcc}) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, c := range []struct {
		at   int
		v    byte
		says string
	}{{0, 1, "block start"}, {1, 0xc0, "block start"}, {3, 4, "frame length 4"}, {3, 2, "block end"}, {4, 0, "packet number 0"}, {4, 3, "packet number 3 of 2"}} {
		b := bytes.Clone(got)
		b[c.at] = c.v
		if _, err := Parse(b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%x: %v, want %q", b, err, c.says)
		}
	}
	if _, err := Parse(got[:6]); err == nil {
		t.Error("half a header was taken")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Append(nil, Packet{Number: 1, Of: 1, Data: []byte{1}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := Parse(b); err == nil {
			if again, err := Parse(Append(nil, p)); err != nil || !bytes.Equal(again.Data, p.Data) {
				t.Fatalf("%+v became %+v, %v", p, again, err)
			}
		}
	})
}
