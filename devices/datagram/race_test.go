//go:build race

package datagram

// The race detector drops some of what is put into a sync.Pool, at random:
// golang.org/x/net then allocates.
const raced = true
