package midi

import (
	"fmt"
	"strings"

	"noctiluca/assets/controllers"
)

// Move is what a hand did to a control.
type Move struct {
	Control int // of the decoder's controls; −1: one that it does not know
	Name    string
	// Value is where the control is, 0…1; of a relative one how far it went.
	Value    float32
	Relative bool
	Press    bool // a button went down
	Release  bool // a button went up
}

// kinds of message, as keys of the decoder.
const (
	keyNote = iota << 16
	keyCC
	keyBend
	keyPressure // of a channel
	keyTouch    // of a key
	keyNRPN
	keyProgram
)

// decoder makes moves of messages. It belongs to one goroutine.
type decoder struct {
	controls []controllers.Control
	byKey    map[int]int
	// Of 14-bit controls: the upper half that came, and whose lower half is
	// awaited.
	upper   [16][32]uint8
	fine    [16][32]int // control + 1 of a cc14 on that number
	nrpn    [16]int     // the parameter that is selected; −1 none
	selects [16][2]uint8
	data    [16]uint8
}

func newDecoder(controls []controllers.Control) *decoder {
	d := &decoder{controls: controls, byKey: map[int]int{}}
	for i := range d.nrpn {
		d.nrpn[i] = -1
		d.selects[i] = [2]uint8{127, 127}
	}
	for i := range controls {
		c := &controls[i]
		switch c.Send {
		case "cc14":
			d.fine[c.Channel][c.Number&31] = i + 1
		case "note":
			d.byKey[keyNote|int(c.Channel)<<8|c.Number] = i
		case "cc":
			d.byKey[keyCC|int(c.Channel)<<8|c.Number] = i
		case "bend":
			d.byKey[keyBend|int(c.Channel)<<8] = i
		case "pressure":
			d.byKey[keyPressure|int(c.Channel)<<8] = i
		case "touch":
			d.byKey[keyTouch|int(c.Channel)<<8|c.Number] = i
		case "nrpn":
			d.byKey[keyNRPN|int(c.Channel)<<20|c.Number] = i
		case "program":
			d.byKey[keyProgram|int(c.Channel)<<8] = i
		}
	}
	return d
}

// decode takes one channel message. It says false where there is no move in
// it: half of a 14-bit value, or a message of another kind.
func (d *decoder) decode(msg []byte) (Move, bool) {
	if len(msg) < 2 || msg[0] < 0x80 || msg[0] >= 0xF0 {
		return Move{}, false
	}
	ch, a, b := int(msg[0]&15), msg[1]&127, uint8(0)
	if len(msg) > 2 {
		b = msg[2] & 127
	}
	switch msg[0] & 0xF0 {
	case 0x80:
		return d.found(keyNote|ch<<8|int(a), "note", ch, int(a), Move{Release: true})
	case 0x90:
		return d.found(keyNote|ch<<8|int(a), "note", ch, int(a), Move{Value: float32(b) / 127, Press: b > 0, Release: b == 0})
	case 0xA0:
		return d.found(keyTouch|ch<<8|int(a), "touch", ch, int(a), Move{Value: float32(b) / 127})
	case 0xB0:
		return d.controlChange(ch, a, b)
	case 0xC0:
		return d.found(keyProgram|ch<<8, "program", ch, int(a), Move{Value: float32(a), Press: true})
	case 0xD0:
		return d.found(keyPressure|ch<<8, "pressure", ch, -1, Move{Value: float32(a) / 127})
	case 0xE0:
		return d.found(keyBend|ch<<8, "bend", ch, -1, Move{Value: float32(int(b)<<7|int(a)) / 16383})
	}
	return Move{}, false
}

// controlChange takes the coarse, the fine, the relative and the numbered.
func (d *decoder) controlChange(ch int, n, v uint8) (Move, bool) {
	switch n {
	case 98, 99: // NRPN, least and most significant
		d.selects[ch][n-98] = v
		d.nrpn[ch] = int(d.selects[ch][1])<<7 | int(d.selects[ch][0])
		if d.nrpn[ch] == 127<<7|127 {
			d.nrpn[ch] = -1
		}
		return Move{}, false
	case 100, 101: // RPN: not ours, and what follows is not an NRPN's
		d.nrpn[ch] = -1
	}
	if p := d.nrpn[ch]; p >= 0 {
		key := keyNRPN | ch<<20 | p
		switch n {
		case 6:
			d.data[ch] = v
			return Move{}, false
		case 38:
			return d.found(key, "nrpn", ch, p, Move{Value: float32(int(d.data[ch])<<7|int(v)) / 16383})
		case 96, 97:
			step := float32(1) / 127
			if n == 97 {
				step = -step
			}
			return d.found(key, "nrpn", ch, p, Move{Value: step, Relative: true})
		}
	}
	if n < 32 && d.fine[ch][n] > 0 {
		d.upper[ch][n] = v
		return Move{}, false
	}
	if n >= 32 && n < 64 && d.fine[ch][n-32] > 0 {
		i := d.fine[ch][n-32] - 1
		return Move{Control: i, Name: d.controls[i].Name, Value: float32(int(d.upper[ch][n-32])<<7|int(v)) / 16383}, true
	}
	m := Move{Value: float32(v) / 127}
	i, known := d.byKey[keyCC|ch<<8|int(n)]
	if known && d.controls[i].Kind == "button" {
		m.Press, m.Release = v >= 64, v < 64
	}
	if known && d.controls[i].Relative != "" {
		m = Move{Value: float32(clicks(d.controls[i].Relative, v)) / float32(d.controls[i].Steps), Relative: true}
		if m.Value == 0 {
			return Move{}, false
		}
	}
	return d.found(keyCC|ch<<8|int(n), "cc", ch, int(n), m)
}

// clicks reads the three encodings of endless encoders: two's complement
// (1 up, 127 down), offset binary (65 up, 63 down), sign and size (1 up, 65
// down).
func clicks(encoding string, v uint8) int {
	switch encoding {
	case "offset":
		return int(v) - 64
	case "sign":
		if v > 64 {
			return 64 - int(v)
		}
		return int(v & 63)
	}
	if v >= 64 {
		return int(v) - 128
	}
	return int(v)
}

// found names the control of a key, or says how its messages could be mapped.
func (d *decoder) found(key int, send string, ch, n int, m Move) (Move, bool) {
	if i, ok := d.byKey[key]; ok {
		m.Control, m.Name = i, d.controls[i].Name
		return m, true
	}
	m.Control = -1
	switch {
	case send == "program":
		m.Name = fmt.Sprintf("program %d", ch)
	case n < 0:
		m.Name = fmt.Sprintf("%s %d", send, ch)
	default:
		m.Name = fmt.Sprintf("%s %d/%d", send, ch, n)
	}
	return m, true
}

// bare reads the name of a control that is in no profile: its messages, as
// "cc 0/7", "cc14 0/7", "cc 0/7 twos", "note 9/36", "nrpn 0/300", "bend 0",
// "pressure 0", "touch 0/60", "program 0".
func bare(name string) (controllers.Control, bool) {
	c := controllers.Control{Name: name, Group: -1, Kind: "knob", Steps: 128}
	var number, channel int
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 3 {
		return c, false
	}
	c.Send = words[0]
	most := 127
	switch c.Send {
	case "note":
		c.Kind = "button"
	case "cc", "touch":
	case "cc14":
		most = 31
	case "nrpn":
		most = 16383
	case "bend", "pressure", "program":
		most = -1
	default:
		return c, false
	}
	if most >= 0 {
		if n, _ := fmt.Sscanf(words[1], "%d/%d", &channel, &number); n != 2 || number < 0 || number > most {
			return c, false
		}
	} else if n, _ := fmt.Sscanf(words[1], "%d", &channel); n != 1 {
		return c, false
	}
	if len(words) == 3 {
		switch words[2] {
		case "twos", "offset", "sign":
			c.Kind, c.Relative = "encoder", words[2]
		case "button":
			c.Kind = "button"
		default:
			return c, false
		}
	}
	c.Channel, c.Number = uint8(channel), number
	return c, channel >= 0 && channel < 16
}
