package opc

import (
	"bytes"
	"encoding/hex"
	"testing"
)

func TestGoldenMessages(t *testing.T) {
	if got := hex.EncodeToString(Append(nil, Message{Channel: 3, Data: []byte{255, 0, 128}})); got != "03000003ff0080" {
		t.Error(got)
	}
	stream := Append(Append(nil, Message{Channel: 1, Data: make([]byte, MaxData)}), Message{Command: Exclusive, Data: []byte{0, 1}})
	m, rest, ok := Parse(stream)
	if !ok || m.Channel != 1 || len(m.Data) != MaxData || len(rest) != 6 {
		t.Error(m, len(rest), ok)
	}
	if m, rest, ok = Parse(rest); !ok || m.Command != Exclusive || len(rest) != 0 {
		t.Error(m, len(rest), ok)
	}
	for n := range 6 {
		if _, _, ok := Parse([]byte{1, 0, 0, 2, 9, 9}[:n]); ok {
			t.Errorf("a message cut after %d bytes was taken for whole", n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Append(nil, Message{Channel: 1, Data: []byte{1, 2, 3}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		for {
			m, rest, ok := Parse(b)
			if !ok {
				return
			}
			if !bytes.Equal(Append(nil, m), b[:len(b)-len(rest)]) {
				t.Fatalf("%v is not what it was read from", m)
			}
			b = rest
		}
	})
}
