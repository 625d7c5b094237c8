package ddp

import (
	"testing"

	"noctiluca/installations"
)

// TestTypes: bits 3 to 5 are 1 for RGB and 3 for RGBW, bits 0 to 2 are 3 for 8
// bits and 4 for 16, as the protocol's page numbers them.
func TestTypes(t *testing.T) {
	rgb, rgbw := installations.Order{1, 0, 2}, installations.Order{1, 0, 2, 3}
	for _, c := range []struct {
		runs []installations.Run
		want byte
	}{
		{[]installations.Run{{Order: rgb}}, 1<<3 | 3}, {[]installations.Run{{Order: rgbw}}, 3<<3 | 3},
		{[]installations.Run{{Order: rgb, Wide: true}}, 1<<3 | 4}, {[]installations.Run{{Order: rgbw, Wide: true}}, 3<<3 | 4},
		{[]installations.Run{{Order: rgb, Wide: true}, {Order: rgbw, Wide: true}}, 0}, {[]installations.Run{{Order: rgb, Wide: true}, {Order: rgb}}, 0},
	} {
		if got := kindOf(c.runs); got != c.want {
			t.Errorf("%+v: type %#02x, want %#02x", c.runs, got, c.want)
		}
	}
	for _, width := range []int{3, 4, 6, 8} {
		if MaxData%width != 0 {
			t.Errorf("a pixel of %d bytes is split over two packets", width)
		}
	}
}
