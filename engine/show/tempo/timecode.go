package tempo

import (
	"errors"
	"fmt"
	"time"
)

// Timecode is an instant of a film or a recording.
type Timecode struct {
	Hours, Minutes, Seconds, Frames int
	Rate                            Rate
}

// Rate is a timecode's frames a second, in the numbers that both MIDI (MIDI
// Time Code, quarter frame 7) and Art-Net (ArtTimeCode, Type) use.
type Rate uint8

// The rates.
const (
	Film  Rate = iota // 24
	EBU               // 25
	Drop              // 29.97: frames 0 and 1 of each minute but every tenth do not exist
	SMPTE             // 30
)

// frames is how many frames of a rate are counted in a second.
func (r Rate) frames() int { return [...]int{24, 25, 30, 30}[r&3] }

// valid says what is wrong with a timecode.
func (t Timecode) valid() error {
	if t.Hours > 23 || t.Minutes > 59 || t.Seconds > 59 || t.Frames >= t.Rate.frames() || t.Rate > SMPTE {
		return fmt.Errorf("timecode %v: no such instant at %d frames a second", t, t.Rate.frames())
	}
	return nil
}

func (t Timecode) String() string {
	return fmt.Sprintf("%02d:%02d:%02d:%02d", t.Hours, t.Minutes, t.Seconds, t.Frames)
}

// Time is the instant since 00:00:00:00.
func (t Timecode) Time() time.Duration {
	seconds := (t.Hours*60+t.Minutes)*60 + t.Seconds
	if t.Rate == Drop {
		minutes := t.Hours*60 + t.Minutes
		n := int64(seconds)*30 + int64(t.Frames) - 2*int64(minutes-minutes/10)
		return time.Duration(n * 1001 * int64(time.Second) / 30000)
	}
	return time.Duration(seconds)*time.Second + time.Duration(int64(t.Frames)*int64(time.Second)/int64(t.Rate.frames()))
}

// Quarters puts a timecode together of MIDI's quarter frames.
type Quarters struct {
	nibbles [8]byte
	next    int // the piece that is awaited
	have    int // pieces in a row
}

// Add takes the data byte of an F1 message. The eighth piece completes a
// timecode. Played forwards, the pieces take two frames to be told, so the
// instant is two frames past the one they spell (MIDI Time Code, 1987).
func (q *Quarters) Add(data byte) (Timecode, bool) {
	piece := int(data>>4) & 7
	if piece != q.next {
		q.have = 0
	}
	q.nibbles[piece] = data & 15
	q.next = (piece + 1) & 7
	if piece == 0 {
		q.have = 0
	}
	q.have++
	if piece != 7 || q.have < 8 {
		return Timecode{}, false
	}
	q.have = 0
	n := q.nibbles
	t := Timecode{
		Frames: int(n[0] | n[1]<<4&0x10), Seconds: int(n[2] | n[3]<<4&0x30), Minutes: int(n[4] | n[5]<<4&0x30),
		Hours: int(n[6] | n[7]<<4&0x10), Rate: Rate(n[7] >> 1 & 3),
	}
	if t.valid() != nil {
		return Timecode{}, false
	}
	return t.plus(2), true
}

// plus goes some frames on.
func (t Timecode) plus(frames int) Timecode {
	for range frames {
		t.Frames++
		if t.Frames < t.Rate.frames() {
			continue
		}
		t.Frames = 0
		if t.Seconds++; t.Seconds < 60 {
			continue
		}
		t.Seconds = 0
		if t.Minutes++; t.Minutes == 60 {
			t.Minutes, t.Hours = 0, (t.Hours+1)%24
		}
		if t.Rate == Drop && t.Minutes%10 != 0 {
			t.Frames = 2
		}
	}
	return t
}

// FullFrame reads MIDI's full timecode message, F0 7F id 01 01 hh mm ss ff F7.
func FullFrame(sysex []byte) (Timecode, error) {
	if len(sysex) != 10 || sysex[0] != 0xF0 || sysex[1] != 0x7F || sysex[3] != 1 || sysex[4] != 1 || sysex[9] != 0xF7 {
		return Timecode{}, errors.New("not a full timecode message: expected F0 7F id 01 01 hh mm ss ff F7")
	}
	t := Timecode{Hours: int(sysex[5] & 0x1F), Minutes: int(sysex[6]), Seconds: int(sysex[7]), Frames: int(sysex[8]), Rate: Rate(sysex[5] >> 5 & 3)}
	return t, t.valid()
}

// ArtNet reads an ArtTimeCode packet (Art-Net 4, ArtTimeCode): ID, OpCode
// 0x9700, version 14, two filler bytes, then frames, seconds, minutes, hours
// and type.
func ArtNet(packet []byte) (Timecode, error) {
	if len(packet) < 19 || string(packet[:8]) != "Art-Net\x00" || packet[8] != 0x00 || packet[9] != 0x97 {
		return Timecode{}, errors.New("not an ArtTimeCode packet")
	}
	if version := int(packet[10])<<8 | int(packet[11]); version < 14 {
		return Timecode{}, fmt.Errorf("ArtTimeCode of protocol version %d: expected at least 14", version)
	}
	t := Timecode{Frames: int(packet[14]), Seconds: int(packet[15]), Minutes: int(packet[16]), Hours: int(packet[17]), Rate: Rate(packet[18])}
	return t, t.valid()
}

// Chase follows a timecode. Frames of it arrive late and early by some
// milliseconds; between and after them it runs on. Make one with its zero
// value.
type Chase struct {
	locked  bool
	running bool
	offset  float64 // seconds: code minus our time
	last    time.Duration
	code    time.Duration
}

// chaseJump is a step of the code that is a locate and no jitter.
const chaseJump = 0.1

// coast is how long a code that falls silent is followed on.
const coast = 2 * time.Second

// Add takes a timecode that arrived at an instant.
func (c *Chase) Add(t Timecode, at time.Duration) {
	code := t.Time()
	offset := (code - at).Seconds()
	moved := code != c.code || !c.locked
	switch {
	case !c.locked || offset-c.offset > chaseJump || c.offset-offset > chaseJump:
		c.offset = offset
	default:
		c.offset += float64((offset - c.offset) * 0.1)
	}
	c.running = moved
	c.locked, c.last, c.code = true, at, code
}

// At is the code's time at an instant, in seconds, and whether there is one
// to follow: a code that stands or has been silent for two seconds is none.
func (c *Chase) At(at time.Duration) (seconds float64, ok bool) {
	if !c.locked || at-c.last > coast {
		return 0, false
	}
	return at.Seconds() + c.offset, c.running
}
