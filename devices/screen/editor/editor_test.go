package editor

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// plain is a text with a cursor as one string and a rune index: the slow and
// sure way, against which Buffer is held.
type plain struct {
	text []rune
	at   int
}

func (p *plain) insert(s string) {
	r := []rune(s)
	p.text = append(p.text[:p.at:p.at], append(r, p.text[p.at:]...)...)
	p.at += len(r)
}

// TestBufferAgainstAString: any keys give the text and the cursor that they
// give on a plain string.
func TestBufferAgainstAString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c é∂\n\t]{0,60}`).Draw(t, "text")
		b, p := NewBuffer(text), &plain{text: []rune(text)}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "key") {
			case 0:
				s := rapid.StringMatching(`[x-z∂\n ]{1,4}`).Draw(t, "insert")
				b.Insert(s)
				p.insert(s)
			case 1:
				b.Back()
				if p.at > 0 {
					p.at--
					p.text = append(p.text[:p.at:p.at], p.text[p.at+1:]...)
				}
			case 2:
				b.Delete()
				if p.at < len(p.text) {
					p.text = append(p.text[:p.at:p.at], p.text[p.at+1:]...)
				}
			case 3:
				b.Move(-1, 0)
				p.at = max(p.at-1, 0)
			case 4:
				b.Move(1, 0)
				p.at = min(p.at+1, len(p.text))
			case 5:
				n := rapid.IntRange(0, len(p.text)).Draw(t, "place")
				line := strings.Count(string(p.text[:n]), "\n")
				column := n - len([]rune(string(p.text[:n])[:strings.LastIndex(string(p.text[:n]), "\n")+1]))
				b.Go(line, column)
				p.at = n
			}
			if b.Text() != string(p.text) {
				t.Fatalf("the buffer holds %q, want %q", b.Text(), string(p.text))
			}
			line, column := b.Cursor()
			before := strings.Join(append(append([]string(nil), b.lines[:line]...), string([]rune(b.lines[line])[:column])), "\n")
			if n := utf8.RuneCountInString(before); n != p.at {
				t.Fatalf("the cursor is at rune %d, want %d", n, p.at)
			}
			if b.bytes != len(b.Text()) {
				t.Fatalf("%d bytes counted, %d there", b.bytes, len(b.Text()))
			}
		}
	})
}

// TestUndo goes back to each text there was, and forward again.
func TestUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := NewBuffer("a\nb")
		texts := []string{b.Text()}
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			b.Go(rapid.IntRange(0, 5).Draw(t, "line"), rapid.IntRange(0, 5).Draw(t, "column"))
			switch rapid.IntRange(0, 2).Draw(t, "key") {
			case 0:
				b.Insert("x")
			case 1:
				b.Break()
			case 2:
				before := b.Text()
				b.Back()
				if b.Text() == before {
					continue
				}
			}
			texts = append(texts, b.Text())
		}
		for i := len(texts) - 2; i >= 0; i-- {
			b.Undo()
			if b.Text() != texts[i] {
				t.Fatalf("undo gives %q, want %q", b.Text(), texts[i])
			}
		}
		b.Undo()
		for _, want := range texts[1:] {
			b.Redo()
			if b.Text() != want {
				t.Fatalf("redo gives %q, want %q", b.Text(), want)
			}
		}
	})
}

func TestLettersInARowAreOneUndo(t *testing.T) {
	b := NewBuffer("")
	for _, r := range "glow" {
		b.Insert(string(r))
	}
	b.Undo()
	if b.Text() != "" {
		t.Errorf("after one undo %q is left", b.Text())
	}
}

func TestBreakKeepsTheIndent(t *testing.T) {
	b := NewBuffer("\tfor {")
	b.Go(0, 99)
	b.Break()
	if b.Text() != "\tfor {\n\t\t" {
		t.Errorf("%q", b.Text())
	}
}

// TestSaving: a text is saved as it is; what cannot be saved says why; what
// another editor saved is taken unless something here is unsaved.
func TestSaving(t *testing.T) {
	var kept string
	e := New(Source{Name: "f.kage", Text: "one\n", Save: func(s string) error { kept = s; return nil }, Check: func(s string) []Mark {
		if strings.Contains(s, "x") {
			return []Mark{{1, 1, "no x"}}
		}
		return nil
	}})
	e.Type([]rune("x"))
	if !e.Changed() || len(e.Marks()) != 1 {
		t.Errorf("changed %v, marks %v", e.Changed(), e.Marks())
	}
	e.Reload("other\n")
	if e.Buffer().Text() != "xone\n" {
		t.Errorf("what was unsaved became %q", e.Buffer().Text())
	}
	e.Press([]Key{Save})
	if kept != "xone\n" || e.Changed() {
		t.Errorf("kept %q, changed %v", kept, e.Changed())
	}
	e.Reload("other\n")
	if e.Buffer().Text() != "other\n" || len(e.Marks()) != 0 {
		t.Errorf("reloaded %q, marks %v", e.Buffer().Text(), e.Marks())
	}
	full := New(Source{Text: "a", Save: func(string) error { return errors.New("disk full") }})
	full.Type([]rune("b"))
	full.Save()
	if !full.Changed() || full.said != "disk full" {
		t.Errorf("changed %v, said %q", full.Changed(), full.said)
	}
	shipped := New(Source{Text: "a", Why: "it ships with the program"})
	shipped.Save()
	if shipped.said != "it ships with the program" {
		t.Errorf("said %q", shipped.said)
	}
}
