package transport

import (
	"strings"
	"time"
)

// The steps of keys.
const (
	Step    = 5 * time.Second
	Stride  = time.Minute
	quicker = 1.25 // a step of speed
)

// Keys reads what a terminal sends: letters, and cursor keys as ECMA-48
// control sequences (ESC [ C) or those of an application keypad (ESC O C). The
// zero value is ready. It is not safe for concurrent use.
type Keys struct{ rest string }

// Feed takes what arrived and does it. A sequence that is not whole waits for
// the rest. quit says that the person has enough.
func (k *Keys) Feed(arrived []byte, d Deck) (quit bool) {
	s := k.rest + string(arrived)
	k.rest = ""
	for s != "" {
		if s[0] != 0x1b {
			quit = press(s[0], d) || quit
			s = s[1:]
			continue
		}
		if len(s) == 1 || len(s) == 2 && (s[1] == '[' || s[1] == 'O') {
			k.rest = s
			return quit
		}
		if s[1] != '[' && s[1] != 'O' {
			s = s[1:] // a bare Escape, or a key with Alt: the key counts
			continue
		}
		end := 2
		for end < len(s) && (s[end] < 0x40 || s[end] > 0x7e) { // parameters
			end++
		}
		switch {
		case end == len(s) && end < 32:
			k.rest = s
			return quit
		case end == len(s):
			return quit // no key is as long as that
		}
		sequence(s[2:end], s[end], d)
		s = s[end+1:]
	}
	return quit
}

func press(c byte, d Deck) (quit bool) {
	switch c {
	case ' ', 'k':
		d.Pause()
	case 'q', 'Q', 4: // and the end of input, Ctrl-D
		return true
	case 'n', '>':
		d.Next()
	case 'p', '<':
		d.Previous()
	case '1', '=':
		d.Speed(0)
	case '+', ']':
		d.Speed(quicker)
	case '-', '[':
		d.Speed(1 / quicker)
	case 'l':
		d.Skip(Step)
	case 'j', 'h':
		d.Skip(-Step)
	case '0':
		d.Seek(0)
	}
	return false
}

func sequence(parameters string, final byte, d Deck) {
	first, _, _ := strings.Cut(parameters, ";")
	switch {
	case final == 'A':
		d.Speed(quicker)
	case final == 'B':
		d.Speed(1 / quicker)
	case final == 'C':
		d.Skip(Step)
	case final == 'D':
		d.Skip(-Step)
	case final == 'H' || final == '~' && (first == "1" || first == "7"):
		d.Seek(0)
	case final == '~' && first == "5":
		d.Skip(Stride)
	case final == '~' && first == "6":
		d.Skip(-Stride)
	}
}
