// Package editor is the field editor of the window: a source beside the
// stage, with what the compiler says of it in place.
//
// It draws on a desk.Canvas and is told of keys; it opens no file and
// compiles nothing: what it edits is given, and its owner checks and saves.
package editor

import (
	"strings"
	"unicode/utf8"
)

// Limits: a field is some hundred lines.
const (
	mostBytes = 1 << 20
	mostUndo  = 200
)

// Buffer is a text with a cursor. Lines hold no line break.
type Buffer struct {
	lines    []string
	row, col int // of the cursor; col counts bytes, at the start of a rune
	want     int // the column, in runes, that going up and down keeps
	past     []state
	future   []state
	typing   bool // the last change was a letter: the next one joins it
	bytes    int
}

type state struct {
	text     string
	row, col int
}

// NewBuffer holds a text.
func NewBuffer(text string) *Buffer {
	b := &Buffer{}
	b.set(text)
	return b
}

func (b *Buffer) set(text string) {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")
	b.lines = strings.Split(text, "\n")
	b.bytes = len(text)
}

// Text is the whole of it.
func (b *Buffer) Text() string { return strings.Join(b.lines, "\n") }

// Lines is how many lines there are, and Line one of them, from 0.
func (b *Buffer) Lines() int        { return len(b.lines) }
func (b *Buffer) Line(i int) string { return b.lines[i] }

// Cursor is where the cursor is: its line from 0, and its column in runes.
func (b *Buffer) Cursor() (line, column int) {
	return b.row, utf8.RuneCountInString(b.lines[b.row][:b.col])
}

// Go puts the cursor at a line and a column in runes, or as near as there is.
func (b *Buffer) Go(line, column int) {
	b.row = min(max(line, 0), len(b.lines)-1)
	b.col = byteOf(b.lines[b.row], column)
	b.want, b.typing = column, false
}

// byteOf is where rune n of s begins, or the end of s.
func byteOf(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// keep remembers the text before a change; letters one after another are one.
func (b *Buffer) keep(typing bool) {
	b.future = b.future[:0]
	if typing && b.typing {
		return
	}
	b.typing = typing
	if len(b.past) == mostUndo {
		b.past = append(b.past[:0], b.past[1:]...)
	}
	b.past = append(b.past, state{b.Text(), b.row, b.col})
}

// Insert puts s at the cursor. A text that would grow over a MiB stays.
func (b *Buffer) Insert(s string) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if s == "" || b.bytes+len(s) > mostBytes {
		return
	}
	b.keep(s != "\n" && s != " ")
	b.bytes += len(s)
	line := b.lines[b.row]
	parts := strings.Split(line[:b.col]+s+line[b.col:], "\n")
	rest := len(line) - b.col
	b.lines = append(b.lines[:b.row], append(parts, b.lines[b.row+1:]...)...)
	b.row += len(parts) - 1
	b.col = len(b.lines[b.row]) - rest
	b.remember()
}

// Break begins a line as far in as the present one, and further after a brace.
func (b *Buffer) Break() {
	line := b.lines[b.row][:b.col]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if strings.HasSuffix(strings.TrimRight(line, " \t"), "{") {
		indent += "\t"
	}
	b.Insert("\n" + indent)
}

// Back deletes the rune before the cursor, Delete the one after it.
func (b *Buffer) Back() {
	if b.row == 0 && b.col == 0 {
		return
	}
	b.keep(false)
	b.left()
	b.cut()
}

func (b *Buffer) Delete() {
	if b.row == len(b.lines)-1 && b.col == len(b.lines[b.row]) {
		return
	}
	b.keep(false)
	b.cut()
}

// cut deletes the rune after the cursor.
func (b *Buffer) cut() {
	line := b.lines[b.row]
	if b.col == len(line) {
		b.lines[b.row] = line + b.lines[b.row+1]
		b.lines = append(b.lines[:b.row+1], b.lines[b.row+2:]...)
		b.bytes--
		return
	}
	_, size := utf8.DecodeRuneInString(line[b.col:])
	b.lines[b.row] = line[:b.col] + line[b.col+size:]
	b.bytes -= size
}

func (b *Buffer) left() {
	if b.col == 0 {
		if b.row > 0 {
			b.row--
			b.col = len(b.lines[b.row])
		}
	} else {
		_, size := utf8.DecodeLastRuneInString(b.lines[b.row][:b.col])
		b.col -= size
	}
	b.remember()
}

func (b *Buffer) right() {
	if line := b.lines[b.row]; b.col < len(line) {
		_, size := utf8.DecodeRuneInString(line[b.col:])
		b.col += size
	} else if b.row < len(b.lines)-1 {
		b.row, b.col = b.row+1, 0
	}
	b.remember()
}

func (b *Buffer) remember() { _, b.want = b.Cursor() }

// Move goes by runes and lines.
func (b *Buffer) Move(columns, lines int) {
	b.typing = false
	for ; columns < 0; columns++ {
		b.left()
	}
	for ; columns > 0; columns-- {
		b.right()
	}
	if lines != 0 {
		b.row = min(max(b.row+lines, 0), len(b.lines)-1)
		b.col = byteOf(b.lines[b.row], b.want)
	}
}

// Home goes to the first letter of the line, End to its end.
func (b *Buffer) Home() {
	line := b.lines[b.row]
	first := len(line) - len(strings.TrimLeft(line, " \t"))
	if b.col == first {
		first = 0
	}
	b.col, b.typing = first, false
	b.remember()
}

func (b *Buffer) End() {
	b.col, b.typing = len(b.lines[b.row]), false
	b.remember()
}

// Undo takes the last change back, Redo makes it again.
func (b *Buffer) Undo() { b.swap(&b.past, &b.future) }
func (b *Buffer) Redo() { b.swap(&b.future, &b.past) }

func (b *Buffer) swap(from, to *[]state) {
	n := len(*from)
	if n == 0 {
		return
	}
	s := (*from)[n-1]
	*from = (*from)[:n-1]
	*to = append(*to, state{b.Text(), b.row, b.col})
	b.set(s.text)
	b.row, b.col, b.typing = s.row, s.col, false
	b.remember()
}
