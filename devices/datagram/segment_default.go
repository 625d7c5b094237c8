//go:build !linux

package datagram

// forbidBroadcast: Go's default stays; installations.Open knows the one
// address that is a broadcast everywhere.
func forbidBroadcast(uintptr) error { return nil }

const segmentsWork = false

func appendSegment(dst []byte, _ int) []byte { return dst }

func cannotSegment(error) bool { return false }
