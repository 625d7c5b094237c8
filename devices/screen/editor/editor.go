package editor

import (
	"fmt"
	"image/color"
	"strings"
	"unicode"

	"noctiluca/devices/screen/desk"
)

// Mark is something the compiler says of a place in the text.
type Mark struct {
	Line, Column int // from 1
	Text         string
}

// Source is a text that can be edited.
type Source struct {
	Name string
	Text string
	// Check says what is wrong with a text; nil checks nothing.
	Check func(text string) []Mark
	// Save keeps a text. It is nil where it cannot be kept, and Why says why.
	Save func(text string) error
	Why  string
}

// Key is a key that edits.
type Key uint8

// The keys.
const (
	Left Key = iota
	Right
	Up
	Down
	Home
	End
	PageUp
	PageDown
	Enter
	Tab
	Backspace
	Delete
	Undo
	Redo
	Save
)

// Editor is one open source. It belongs to one goroutine.
type Editor struct {
	source Source
	buffer *Buffer
	marks  []Mark
	saved  string
	said   string
	wrong  bool // what was said is an error
	scroll int  // the first line shown
	rows   int  // lines that fit
}

// New opens a source.
func New(s Source) *Editor {
	e := &Editor{source: s, buffer: NewBuffer(s.Text), rows: 20}
	e.saved = e.buffer.Text()
	if s.Save == nil {
		e.said = s.Why
	}
	e.check()
	return e
}

// Name is the source's.
func (e *Editor) Name() string { return e.source.Name }

// Changed reports whether there is something to save.
func (e *Editor) Changed() bool { return e.buffer.Text() != e.saved }

// Buffer is the text, for tests.
func (e *Editor) Buffer() *Buffer { return e.buffer }

// Marks is what is wrong with the text as it is.
func (e *Editor) Marks() []Mark { return e.marks }

func (e *Editor) check() {
	if e.source.Check != nil {
		e.marks = e.source.Check(e.buffer.Text())
	}
}

// Reload takes a text that another editor saved, unless there is something
// unsaved here.
func (e *Editor) Reload(text string) {
	if e.Changed() || text == e.saved {
		return
	}
	line, column := e.buffer.Cursor()
	e.buffer = NewBuffer(text)
	e.buffer.Go(line, column)
	e.saved = e.buffer.Text()
	e.check()
}

// Type puts letters at the cursor.
func (e *Editor) Type(runes []rune) {
	if len(runes) == 0 {
		return
	}
	for _, r := range runes {
		if r == '\t' || unicode.IsPrint(r) {
			e.buffer.Insert(string(r))
		}
	}
	e.check()
	e.follow()
}

// Press does what a key does.
func (e *Editor) Press(keys []Key) {
	if len(keys) == 0 {
		return
	}
	for _, k := range keys {
		e.press(k)
	}
	e.check()
	e.follow()
}

func (e *Editor) press(k Key) {
	b := e.buffer
	switch k {
	case Left:
		b.Move(-1, 0)
	case Right:
		b.Move(1, 0)
	case Up:
		b.Move(0, -1)
	case Down:
		b.Move(0, 1)
	case Home:
		b.Home()
	case End:
		b.End()
	case PageUp:
		b.Move(0, -e.rows)
	case PageDown:
		b.Move(0, e.rows)
	case Enter:
		b.Break()
	case Tab:
		b.Insert("\t")
	case Backspace:
		b.Back()
	case Delete:
		b.Delete()
	case Undo:
		b.Undo()
	case Redo:
		b.Redo()
	case Save:
		e.Save()
	}
}

// Save keeps the text, wrong or not: what plays goes on until it is right.
func (e *Editor) Save() {
	if e.source.Save == nil {
		e.said, e.wrong = e.source.Why, true
		return
	}
	text := e.buffer.Text()
	if err := e.source.Save(text); err != nil {
		e.said, e.wrong = err.Error(), true
		return
	}
	e.saved, e.said, e.wrong = text, "saved", false
	if len(e.marks) > 0 {
		e.said = "saved; the last good one plays on"
	}
}

// follow keeps the cursor in view.
func (e *Editor) follow() {
	line, _ := e.buffer.Cursor()
	e.scroll = min(max(e.scroll, line-e.rows+3), max(line-2, 0))
}

// Wheel scrolls by lines.
func (e *Editor) Wheel(lines float64) {
	e.scroll = min(max(e.scroll-int(lines*3), 0), max(e.buffer.Lines()-3, 0))
}

// Measures, in units of the display.
const (
	rowHeight = 17.0
	gutter    = 44.0
	barHeight = 26.0
	tabWidth  = 4
)

var (
	face    = desk.Face{Size: 12.5, Mono: true}
	small   = desk.Face{Size: 12}
	paper   = color.NRGBA{4, 9, 14, 242}
	pale    = color.NRGBA{205, 222, 228, 245}
	faint   = color.NRGBA{110, 134, 145, 230}
	living  = color.NRGBA{90, 225, 200, 235}
	warm    = color.NRGBA{255, 205, 120, 235}
	comment = color.NRGBA{110, 150, 135, 235}
	keyword = color.NRGBA{120, 180, 255, 245}
	wrong   = color.NRGBA{255, 128, 104, 250}
	shade   = color.NRGBA{120, 40, 30, 90}
)

// Click puts the cursor where the pointer is, for an editor drawn at x, y.
func (e *Editor) Click(c desk.Canvas, px, py, x, y float64) {
	line := min(max(e.scroll+int((py-y-barHeight)/rowHeight), 0), e.buffer.Lines()-1)
	unit := c.Width("0", face)
	column := int((px-x-gutter)/unit + 0.5)
	// A tab is several units wide.
	at, shown := 0, 0
	for _, r := range e.buffer.Line(line) {
		w := 1
		if r == '\t' {
			w = tabWidth
		}
		if shown+w/2 >= column {
			break
		}
		shown += w
		at++
	}
	e.buffer.Go(line, at)
}

// Draw draws the editor; blink says whether the cursor is shown.
func (e *Editor) Draw(c desk.Canvas, x, y, w, h float64, focused, blink bool) {
	c.Box(x, y, w, h, paper)
	name := e.source.Name
	if e.Changed() {
		name += " •"
	}
	c.Text(name, x+10, y+5, desk.Face{Size: 12.5, Medium: true}, desk.Left, living)
	tone := faint
	if e.wrong {
		tone = wrong
	}
	c.Text(clip(c, e.said, w-40-c.Width(name, small)), x+w-10, y+6, small, desk.Right, tone)
	e.rows = max(int((h-barHeight-4-e.foot())/rowHeight), 1)
	unit := c.Width("0", face)
	cl, cc := e.buffer.Cursor()
	for i := range e.rows {
		n := e.scroll + i
		if n >= e.buffer.Lines() {
			break
		}
		at := y + barHeight + float64(i)*rowHeight
		if m := e.markOf(n + 1); m != nil {
			c.Box(x, at, w, rowHeight, shade)
			left := x + gutter + unit*float64(width(e.buffer.Line(n), m.Column-1))
			c.Box(left, at+rowHeight-2, max(unit*2, 4), 2, wrong)
		}
		c.Text(fmt.Sprint(n+1), x+gutter-10, at, small, desk.Right, faint)
		text(c, e.buffer.Line(n), x+gutter, at, unit, x+w-6)
		if focused && blink && n == cl {
			c.Box(x+gutter+unit*float64(width(e.buffer.Line(n), cc)), at+1, 1.5, rowHeight-2, warm)
		}
	}
	at := y + h - e.foot()
	for i, m := range e.marks {
		if i == 4 {
			c.Text(fmt.Sprintf("and %d more", len(e.marks)-4), x+10, at, small, desk.Left, wrong)
			break
		}
		c.Text(clip(c, fmt.Sprintf("%d:%d  %s", m.Line, m.Column, m.Text), w-20), x+10, at, small, desk.Left, wrong)
		at += rowHeight
	}
}

// foot is the height of the list of errors.
func (e *Editor) foot() float64 { return float64(min(len(e.marks), 5))*rowHeight + 6 }

func (e *Editor) markOf(line int) *Mark {
	for i := range e.marks {
		if e.marks[i].Line == line {
			return &e.marks[i]
		}
	}
	return nil
}

// width is how many units the first n runes of a line take.
func width(s string, n int) int {
	w := 0
	for _, r := range s {
		if n == 0 {
			break
		}
		n--
		w++
		if r == '\t' {
			w += tabWidth - 1
		}
	}
	return w
}

var keywords = map[string]bool{
	"package": true, "func": true, "return": true, "var": true, "const": true, "type": true, "if": true, "else": true, "for": true,
	"range": true, "break": true, "continue": true, "float": true, "int": true, "bool": true, "vec2": true, "vec3": true, "vec4": true,
	"ivec2": true, "ivec3": true, "ivec4": true, "mat2": true, "mat3": true, "mat4": true, "true": true, "false": true,
}

// text writes a line of source in its colours.
func text(c desk.Canvas, s string, x, y, unit, end float64) {
	put := func(word string, tone color.NRGBA) {
		for _, part := range strings.SplitAfter(word, "\t") {
			blank := strings.TrimSuffix(part, "\t")
			if strings.TrimSpace(blank) != "" && x < end {
				c.Text(blank, x, y, face, desk.Left, tone)
			}
			x += unit * float64(width(part, len(part)))
		}
	}
	for s != "" {
		if strings.HasPrefix(s, "//") {
			put(s, comment)
			return
		}
		n := 0
		word := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
		first := []rune(s)[0]
		for i, r := range s {
			if word(r) != word(first) || i > 0 && strings.HasPrefix(s[i:], "//") {
				break
			}
			n = i + len(string(r))
		}
		tone := pale
		switch {
		case keywords[s[:n]]:
			tone = keyword
		case unicode.IsDigit(first):
			tone = warm
		case !word(first):
			tone = faint
		}
		put(s[:n], tone)
		s = s[n:]
	}
}

func clip(c desk.Canvas, s string, w float64) string {
	for s != "" && c.Width(s, small) > w {
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return s
}
