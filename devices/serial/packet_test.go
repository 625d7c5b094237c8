package serial

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestGoldenPackets: the bytes by the makers' pages; AWA's checks by hand.
func TestGoldenPackets(t *testing.T) {
	data := []byte{1, 2, 3}
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"enttec", AppendEnttec(nil, bytes.Repeat([]byte{9}, 24)), "7e06190000" + strings.Repeat("09", 24) + "e7"},
		{"enttec, filled up", AppendEnttec(nil, data), "7e06190000010203" + strings.Repeat("00", 21) + "e7"},
		{"enttec, full", AppendEnttec(nil, make([]byte, 512))[:5], "7e06010200"},
		{"open dmx", AppendOpenDMX(nil, data), "00010203"},
		{"adalight", AppendAdalight(nil, data), "416461000055010203"},
		{"adalight, 257 LEDs", AppendAdalight(nil, make([]byte, 771))[:6], "416461010054"},
		// 1+2+3 = 6; 1+3+6 = 10; (1^0)+(2^1)+(3^2) = 5.
		{"awa", AppendAWA(nil, data), "417761000055010203" + "060a05"},
		// The last sum is 0x41 and must not look like a beginning.
		{"awa, escaped", AppendAWA(nil, []byte{0x41, 1, 2}), "417761000055410102" + "44c7aa"},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestSecondReading reads what was written by the rules alone, byte by byte
// as a controller does.
func TestSecondReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 3, 900).Draw(t, "data")
		data = data[:len(data)/3*3]
		for _, awa := range []bool{false, true} {
			frame := AppendAdalight(nil, data)
			if awa {
				frame = AppendAWA(nil, data)
			}
			noise := append([]byte("AAdAw"), frame...) // a controller finds the beginning by itself
			got, ok := controller(noise, awa)
			if !ok || !bytes.Equal(got, data) {
				t.Fatalf("awa %v: a controller reads %x of %x", awa, got, data)
			}
			isAwa, back, err := ParseLEDs(frame)
			if err != nil || isAwa != awa || !bytes.Equal(back, data) {
				t.Fatalf("awa %v: %x, %v", isAwa, back, err)
			}
			frame[len(frame)-1-rapid.IntRange(0, 3).Draw(t, "hit")] ^= 0x10
			if _, _, err := ParseLEDs(frame); awa && err == nil {
				t.Fatal("a damaged frame of AWA was taken")
			}
		}
	})
}

// controller is a state machine as the firmware of controllers has it: one
// byte after another, beginning anew where something is wrong.
func controller(stream []byte, awa bool) (data []byte, ok bool) {
	word := "Ada"
	if awa {
		word = "Awa"
	}
	state, count, check := 0, 0, byte(0)
	s1, s2, s3, place := 0, 0, 0, 0
	for _, b := range stream {
		switch {
		case state < 3:
			switch {
			case b == word[state]:
				state++
			case b == 'A':
				state = 1
			default:
				state = 0
			}
		case state == 3:
			count, check, state = int(b)<<8, b, 4
		case state == 4:
			count, check, state = count+int(b)+1, check^b^0x55, 5
		case state == 5:
			state = 0
			if b == check {
				state, data = 6, nil
			}
		case state == 6:
			data = append(data, b)
			s1 = (s1 + int(b)) % 255
			s2 = (s2 + s1) % 255
			s3 = (s3 + int(b^byte(place&255))) % 255
			place++
			if len(data) == 3*count {
				if !awa {
					return data, true
				}
				if s3 == 'A' {
					s3 = 0xaa
				}
				state = 7
			}
		case state == 7 && int(b) == s1, state == 8 && int(b) == s2:
			state++
		case state == 9:
			return data, int(b) == s3
		default:
			return nil, false
		}
	}
	return nil, false
}

func TestEnttecRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 24, 512).Draw(t, "data")
		label, got, err := ParseEnttec(AppendEnttec(nil, data))
		if err != nil || label != sendDMX || got[0] != 0 || !bytes.Equal(got[1:], data) {
			t.Fatalf("%d %x %v", label, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(AppendEnttec(nil, []byte{1}))
	f.Add(AppendAWA(nil, []byte{1, 2, 3}))
	f.Add(AppendAdalight(nil, []byte{1, 2, 3}))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, _ = ParseEnttec(b)
		_, _, _ = ParseLEDs(b)
	})
}
