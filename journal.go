package main

import (
	"fmt"
	"io"
	"sync"
)

// journal is what the program says while it plays: on the standard error, and
// the last lines of it kept for the window. It may be written by any goroutine.
type journal struct {
	mu   sync.Mutex
	to   io.Writer
	last []string
}

const journalKept = 40

func (j *journal) say(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	fmt.Fprintln(j.to, line)
	if len(j.last) == journalKept {
		j.last = append(j.last[:0], j.last[1:]...)
	}
	j.last = append(j.last, line)
}

// recent fills dst with the last lines.
func (j *journal) recent(dst []string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append(dst[:0], j.last...)
}
