package datagram

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// tellUnreachable lets the kernel tell a connected socket what a router or its
// own search for a neighbour says of the host (ip(7), IP_RECVERR): without it
// a datagram to a host that is not there is sent, as far as anybody can see.
// The next send then fails with that error, once.
//
// It also tells of packets that the queue of the network card had no room for
// (ENOBUFS).
func tellUnreachable(fd uintptr, network string) error {
	if strings.HasSuffix(network, "6") {
		return unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1)
	}
	return unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVERR, 1)
}

// mostTold bounds how many errors are taken at once: one comes for each packet
// that waited for a neighbour, of which the kernel keeps about a hundred.
const mostTold = 512

// told empties the socket's queue of errors, which would fill its memory, and
// gives how many there were. The last one that is taken ends the error that
// waits for the next send.
func told(c syscall.RawConn) (n int) {
	_ = c.Control(func(fd uintptr) {
		var buf [1]byte
		for n < mostTold {
			if _, _, err := unix.Recvfrom(int(fd), buf[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT); err != nil {
				return
			}
			n++
		}
	})
	return n
}
