// Package spi drives LEDs on the SPI bus of a Linux board: WS2801 and APA102,
// which have a clock, and WS2812, whose bits are made of the bus's own. The
// encoding is apart from the bus.
package spi

// Chips, as files name them.
const (
	WS2812 = "ws2812"
	WS2801 = "ws2801"
	APA102 = "apa102"
)

// Clock is the bus's clock for a chip, in Hz, when the file names none.
//
// A WS2812 bit is 1.25 µs (Worldsemi, WS2812B data sheet: 0.4 µs high for 0,
// 0.8 µs for 1, each ± 150 ns): three bits of a 2.4 MHz bus, of 417 ns each.
func Clock(chip string) int {
	switch chip {
	case WS2801:
		return 1_000_000
	case APA102:
		return 4_000_000
	}
	return 2_400_000
}

// reset is how many zero bytes hold a WS2812's line low for the 280 µs that
// the later ones of them need before they show what they got, at 2.4 MHz.
const reset = 90

// triplets[b] is the 24 bits that carry byte b to a WS2812: 110 for a 1 and
// 100 for a 0, the highest bit first.
var triplets = func() (t [256][3]byte) {
	for b := range t {
		bits := uint32(0)
		for i := 7; i >= 0; i-- {
			bits = bits<<3 | 0b100
			if b>>i&1 == 1 {
				bits |= 0b010
			}
		}
		t[b] = [3]byte{byte(bits >> 16), byte(bits >> 8), byte(bits)}
	}
	return t
}()

// AppendWS2812 appends the bits of pixels' bytes, and the pause after them.
func AppendWS2812(dst, data []byte) []byte {
	for _, b := range data {
		t := &triplets[b]
		dst = append(dst, t[0], t[1], t[2])
	}
	for range reset {
		dst = append(dst, 0)
	}
	return dst
}

// AppendAPA102 appends a frame: 32 zero bits, each pixel with its current in
// thirty-firsts, and then as many clocks as it takes to push the last pixel's
// bits through: half a clock for each pixel. They are zeros: the first 32 make
// an SK9822 show what it got, and ones would light a pixel too many.
func AppendAPA102(dst, data []byte, brightness int) []byte {
	dst = append(dst, 0, 0, 0, 0)
	for i := 0; i+3 <= len(data); i += 3 {
		dst = append(dst, 0xe0|byte(brightness&31), data[i], data[i+1], data[i+2])
	}
	for range 4 + (len(data)/3+15)/16 {
		dst = append(dst, 0)
	}
	return dst
}

// Append appends what the chip named wants for pixels' bytes. A WS2801 takes
// them as they are, and shows them after 500 µs of silence.
func Append(dst []byte, chip string, data []byte, brightness int) []byte {
	switch chip {
	case WS2801:
		return append(dst, data...)
	case APA102:
		return AppendAPA102(dst, data, brightness)
	}
	return AppendWS2812(dst, data)
}
