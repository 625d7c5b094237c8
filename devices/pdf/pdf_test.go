package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func sample() *Document {
	d := New("Wiring – forêt")
	p := d.Add(A4.Turned())
	p.Text(40, 50, Bold, 18, Black, `A (title) \ with marks – é…`)
	p.TextRight(300, 50, Sans, 10, Gray(0.4), "142.5 W")
	p.Line(10, 20, 30, 40, 0.5, Colour{1, 0, 0})
	p.Polyline([]float64{1}, []float64{2}, 1, Black) // nothing
	p.Fill(0, 0, 100, 50, White)
	p.Box(1, 2, 3, 4, 1, Black)
	p.Dot(5, 5, 2, Black)
	d.Add(Letter).Text(1, 1, Mono, 8, Black, "second 日本")
	return d
}

// A reader of the structure, independent of the writer: every object stands
// where the table says, streams unpack to what their length says.
func TestEveryObjectStandsWhereTheTableSays(t *testing.T) {
	var b bytes.Buffer
	if _, err := sample().WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	file := b.String()
	tail := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindStringSubmatch(file)
	if tail == nil {
		t.Fatal("no startxref at the end")
	}
	at, _ := strconv.Atoi(tail[1])
	lines := strings.Split(file[at:], "\n")
	if lines[0] != "xref" {
		t.Fatalf("startxref points at %q", lines[0])
	}
	var count int
	fmt.Sscanf(lines[1], "0 %d", &count)
	streams := 0
	for n := 1; n < count; n++ {
		entry := lines[2+n]
		if len(entry)+1 != 20 { // 20 bytes with the line's end (7.5.4)
			t.Errorf("entry %q has %d bytes", entry, len(entry)+1)
		}
		offset, _ := strconv.Atoi(entry[:10])
		if want := fmt.Sprintf("%d 0 obj\n", n); !strings.HasPrefix(file[offset:], want) {
			t.Errorf("object %d: %q stands at its place", n, file[offset:offset+12])
		}
		body := file[offset : offset+strings.Index(file[offset:], "\nendobj")]
		if m := regexp.MustCompile(`/Length (\d+)`).FindStringSubmatch(body); m != nil {
			streams++
			size, _ := strconv.Atoi(m[1])
			data := body[strings.Index(body, "stream\n")+7:]
			z, err := zlib.NewReader(strings.NewReader(data[:size]))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(z)
			if err != nil || !strings.HasPrefix(data[size:], "\nendstream") {
				t.Fatalf("stream of %d bytes: %v", size, err)
			}
			if streams == 1 && !strings.Contains(string(text), `(A \(title\) \\ with marks \226 \351\205) Tj`) {
				t.Errorf("text of page 1 is\n%s", text)
			}
			if streams == 2 && !strings.Contains(string(text), "(second ??) Tj") {
				t.Errorf("text of page 2 is\n%s", text)
			}
		}
	}
	if streams != 2 {
		t.Errorf("%d pages, expected 2", streams)
	}
}

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	sample().WriteTo(&a)
	sample().WriteTo(&b)
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two documents of the same calls differ")
	}
}

func TestWidthIsThatOfTheFontMetrics(t *testing.T) {
	// Sums of the advances in Helvetica.afm.
	for _, c := range []struct {
		f    Font
		text string
		want float64
	}{{Sans, "Hello", 2.278 - 0.0}, {Bold, "A1", 1.278}, {Mono, "abcd", 2.4}, {Sans, "…", 1}, {Sans, "", 0}} {
		if got := c.f.Width(c.text, 1); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%q is %v wide, expected %v", c.text, got, c.want)
		}
	}
	if got := Sans.Fit("a very long name of a fixture", 10, 60); Sans.Width(got, 10) > 60 || !strings.HasSuffix(got, "…") {
		t.Errorf("fitted: %q", got)
	}
}

func TestNumbersHaveNoExponent(t *testing.T) {
	for v, want := range map[float64]string{1e-9: "0", -0.0001: "0", 1e7: "10000000", math.Inf(1): "0", 2.5: "2.5", 1.23456: "1.235"} {
		if got := num(v); got != want {
			t.Errorf("num(%v) is %s, expected %s", v, got, want)
		}
	}
}
