//go:build unix

package midi

import "syscall"

const nonblock = syscall.O_NONBLOCK
