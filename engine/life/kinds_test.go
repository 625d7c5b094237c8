package life

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestKindsAreDocumented: docs/life.md has the table of all lives and their
// settings; with -write it is written anew.
func TestKindsAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("| life | what it is | x, y, z, w | settings |\n|---|---|---|---|\n")
	for _, k := range Kinds() {
		var gives, settings []string
		for i, g := range k.Gives {
			if g != "" {
				gives = append(gives, "xyzw"[i:i+1]+" "+g)
			}
		}
		for _, s := range k.Settings {
			unit := s.Unit
			if unit != "" {
				unit = " " + unit
			}
			settings = append(settings, fmt.Sprintf("`%s` %g%s (%g…%g): %s", s.Name, s.Default, unit, s.Min, s.Max, s.Doc))
		}
		fmt.Fprintf(&b, "| `%s` | %s *%s* | %s | %s |\n", k.Name, k.Doc, k.Source, strings.Join(gives, "; "), strings.Join(settings, "<br>"))
	}
	const file = "../../docs/life.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: kinds -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	now, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q", file, begin)
	}
	if *write != "" {
		if err := os.WriteFile(file, []byte(head+begin+b.String()+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now != b.String() {
		t.Errorf("%s is not what the lives say: run make models", file)
	}
}
