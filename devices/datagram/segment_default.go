//go:build !linux

package datagram

const segmentsWork = false

func appendSegment(dst []byte, _ int) []byte { return dst }

func cannotSegment(error) bool { return false }
