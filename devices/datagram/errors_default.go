//go:build !linux

package datagram

import "syscall"

// tellUnreachable: other systems tell a connected socket that nobody listens,
// and mostly that there is no route.
func tellUnreachable(uintptr, string) error { return nil }

// told: there is no queue of errors.
func told(syscall.RawConn) int { return 0 }
