package schema

import (
	"os"
	"strings"
	"testing"

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

func TestShowUpToDate(t *testing.T) {
	shipped, err := os.ReadFile("../show.schema.json")
	if err != nil || string(shipped) != string(ShowJSON()) {
		t.Errorf("show.schema.json is not what the types say: run go generate ./installations (%v)", err)
	}
	text, err := os.ReadFile("../../docs/show.md")
	if err != nil {
		t.Fatal(err)
	}
	if filled, err := FillShow(string(text)); err != nil || filled != string(text) {
		t.Errorf("docs/show.md is not what the types say: run go generate ./installations (%v)", err)
	}
	examples := strings.Split(string(text), "```yaml\n")[1:]
	if len(examples) < 2 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, p := range examples {
		example, _, _ := strings.Cut(p, "```")
		r := &document.Reader{}
		var s format.Show
		if root := r.Parse([]byte(example)); root != nil {
			r.Into(root, &s, "the show")
		}
		for _, p := range r.Problems() {
			t.Errorf("%s:%d: %s", example, p.Line, p.Message)
		}
	}
}
