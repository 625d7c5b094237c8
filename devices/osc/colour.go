package osc

import (
	"github.com/lucasb-eyer/go-colorful"

	"noctiluca/engine/signal"
)

// greyest is OkLCh's chroma under which a colour counts as grey: it has no hue
// that one would see.
const greyest = 0.02

// ownHue reads a colour that a person chose: a number, OkLCh's hue in degrees
// as CSS writes it; a text, #rrggbb; or a colour argument, RGBA. Of a colour
// only its hue is taken. A grey has none, and is no choice.
func ownHue(a Arguments) (turns float64, ok bool) {
	arg, ok := a.Next()
	if !ok {
		return 0, false
	}
	if x, ok := arg.Number(); ok {
		// Within what a slider, or one that goes round, may send.
		return signal.Hue(x), x >= -3600 && x <= 3600
	}
	var c colorful.Color
	if w, ok := arg.Word(); ok && arg.Tag == 'r' {
		c = colorful.Color{R: float64(w>>24) / 255, G: float64(w>>16&255) / 255, B: float64(w>>8&255) / 255}
	} else {
		s, ok := arg.Text()
		if !ok || len(s) != 7 {
			return 0, false
		}
		var err error
		if c, err = colorful.Hex(string(s)); err != nil {
			return 0, false
		}
	}
	_, chroma, h := c.OkLch()
	return signal.Hue(h), chroma >= greyest
}
