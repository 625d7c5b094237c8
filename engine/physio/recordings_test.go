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
