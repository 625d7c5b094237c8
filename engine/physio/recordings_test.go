package physio

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// recordings is where the recordings lie that are not part of the project.
const recordings = "../../../shared/data"

// column reads one column of numbers of a recording; lines that hold none
// (headers) are passed over.
func column(t testing.TB, name string, index int) []float64 {
	t.Helper()
	f, err := os.Open(filepath.Join(recordings, name))
	if err != nil {
		t.Skipf("recording %s: ../shared/data is missing", name)
	}
	defer f.Close()
	var out []float64
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.FieldsFunc(lines.Text(), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' })
		if index >= len(cells) || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		if x, err := strconv.ParseFloat(cells[index], 64); err == nil {
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s: no numbers in column %d", name, index)
	}
	return out
}

// emotibitSamples reads all samples of one tag of the EmotiBit's packet log,
// times sign.
func emotibitSamples(t testing.TB, tag string, sign float64) []float64 {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(recordings, "emotibit", "*.csv"))
	if len(names) == 0 {
		t.Skip("the EmotiBit recording: ../shared/data is missing")
	}
	b, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	var out []float64
	for line := range strings.SplitSeq(string(b), "\n") {
		cells := strings.Split(line, ",")
		if len(cells) < 7 || cells[3] != tag {
			continue
		}
		for _, c := range cells[6:] {
			if x, err := strconv.ParseFloat(c, 64); err == nil {
				out = append(out, sign*x)
			}
		}
	}
	return out
}
