// Package heartrate reads what heart-rate straps and watches notify over
// Bluetooth Low Energy: the Heart Rate Measurement characteristic, 0x2A37 of
// the service 0x180D. The radio itself is behind the build tag ble.
//
// The one idea it owns: intervals before rates. A strap that sends the
// intervals between beats is taken by them; the rate it also sends is smoothed.
//
// Source: Bluetooth SIG, GATT Specification Supplement, "Heart Rate
// Measurement": a byte of flags, the rate as uint8 or uint16, the energy
// expended (uint16, kJ) if there is one, and intervals as uint16 in 1/1024 s;
// everything little-endian.
package heartrate

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Measurement is one notification.
type Measurement struct {
	Rate float64 // beats a minute
	// Contact: Known says that the sensor can tell; On that it is on skin.
	ContactKnown, ContactOn bool
	Energy                  int // kJ; −1 when not told
	// Intervals between beats, oldest first, ms: as many as Count.
	Intervals [MaxIntervals]float64
	Count     int
}

// MaxIntervals is how many intervals fit in the longest notification.
const MaxIntervals = 256

// The flags of the first byte.
const (
	flagWide     = 1 << 0 // rate is uint16
	flagContact  = 1 << 1 // on skin, where flagCanTell is set
	flagCanTell  = 1 << 2
	flagEnergy   = 1 << 3
	flagInterval = 1 << 4
)

var errShort = errors.New("heart rate: the notification is cut off")

// Parse reads a notification. It allocates nothing. A rate of 0, as of a strap
// that has lost the heart, is given as it is: it is no signal.
func (m *Measurement) Parse(b []byte) error {
	*m = Measurement{Energy: -1}
	if len(b) < 2 {
		return errShort
	}
	flags := b[0]
	b = b[1:]
	if flags&flagWide != 0 {
		if len(b) < 2 {
			return errShort
		}
		m.Rate, b = float64(binary.LittleEndian.Uint16(b)), b[2:]
	} else {
		m.Rate, b = float64(b[0]), b[1:]
	}
	m.ContactKnown = flags&flagCanTell != 0
	m.ContactOn = m.ContactKnown && flags&flagContact != 0
	if flags&flagEnergy != 0 {
		if len(b) < 2 {
			return errShort
		}
		m.Energy, b = int(binary.LittleEndian.Uint16(b)), b[2:]
	}
	if flags&flagInterval == 0 {
		return nil
	}
	if len(b)%2 != 0 || len(b)/2 > MaxIntervals {
		return fmt.Errorf("heart rate: %d bytes of intervals, want an even number up to %d", len(b), 2*MaxIntervals)
	}
	for ; len(b) > 0; b = b[2:] {
		m.Intervals[m.Count] = float64(binary.LittleEndian.Uint16(b)) * 1000 / 1024
		m.Count++
	}
	return nil
}

// Good says whether the measurement tells of a heart: the sensor is on skin,
// as far as it can tell, and has found a pulse.
func (m *Measurement) Good() bool { return m.Rate > 0 && (m.ContactOn || !m.ContactKnown) }
