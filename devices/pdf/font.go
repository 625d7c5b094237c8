package pdf

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Font is one of the standard fonts, which every reader has.
type Font int

// The fonts.
const (
	Sans Font = iota // Helvetica
	Bold             // Helvetica-Bold
	Mono             // Courier
)

type metrics struct {
	name string
	// widths of the characters 32…126, in thousandths of the size.
	widths [95]uint16
}

// fonts has the advance widths of Adobe's Core 14 font metrics (Helvetica.afm,
// Helvetica-Bold.afm); Courier is 600 everywhere.
var fonts = [...]metrics{
	{"Helvetica", [95]uint16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
		556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}},
	{"Helvetica-Bold", [95]uint16{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
		975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
		333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
		611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
	}},
	{name: "Courier"},
}

// elsewhere has the widths, in Helvetica and its bold, of characters that are
// in use here and lie beyond ASCII; others count as a figure's.
var elsewhere = map[byte]uint16{0x85: 1000, 0x96: 556, 0x97: 1000, 0xB0: 400, 0xB2: 333, 0xB7: 278, 0xD7: 584, 0xB1: 584}

// Width is how wide a line of text is at a size, in points.
func (f Font) Width(text string, size float64) float64 {
	sum := 0
	for _, b := range latin(text) {
		w, known := elsewhere[b]
		switch {
		case f == Mono:
			sum += 600
		case b >= 32 && b <= 126:
			sum += int(fonts[f].widths[b-32])
		case known:
			sum += int(w)
		default:
			sum += 556
		}
	}
	return float64(sum) * size / 1000
}

// Fit cuts a text, with an ellipsis, so that it is at most so wide.
func (f Font) Fit(text string, size, width float64) string {
	if f.Width(text, size) <= width {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		if s := strings.TrimRight(string(runes[:n]), " ") + "…"; f.Width(s, size) <= width {
			return s
		}
	}
	return ""
}

// windows1252 has the characters of 0x80…0x9F that PDF's WinAnsiEncoding gives.
var windows1252 = map[rune]byte{
	'€': 0x80, '‚': 0x82, 'ƒ': 0x83, '„': 0x84, '…': 0x85, '†': 0x86, '‡': 0x87, 'ˆ': 0x88, '‰': 0x89, 'Š': 0x8A, '‹': 0x8B, 'Œ': 0x8C, 'Ž': 0x8E,
	'‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97, '˜': 0x98, '™': 0x99, 'š': 0x9A, '›': 0x9B, 'œ': 0x9C, 'ž': 0x9E, 'Ÿ': 0x9F,
	'−': 0x96, '→': 0x3E,
}

// latin gives the text in the encoding of the fonts.
func latin(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := windows1252[r]
		switch {
		case ok:
		case r >= 32 && r < 127 || r >= 0xA0 && r <= 0xFF:
			b = byte(r)
		default:
			b = '?'
		}
		out = append(out, b)
	}
	return out
}

// unicodeText is a text string of a dictionary: UTF-16 with its mark, in hex.
func unicodeText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}
