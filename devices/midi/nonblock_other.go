//go:build !unix

package midi

const nonblock = 0
