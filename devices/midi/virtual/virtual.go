// Package virtual makes a MIDI port that no cable leads to: a pseudo-terminal
// in raw mode, which the raw driver opens as it opens a device file. Tests and
// measurements play it from the other end.
package virtual
