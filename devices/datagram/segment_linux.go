package datagram

import (
	"encoding/binary"
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// forbidBroadcast lets a socket be connected to single machines only.
func forbidBroadcast(fd uintptr) error {
	return unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_BROADCAST, 0)
}

// segmentsWork: the system may know UDP_SEGMENT (udp(7), since Linux 4.18).
const segmentsWork = true

// appendSegment appends the control message of level IPPROTO_UDP, type
// UDP_SEGMENT, whose data is the size of the parts as a uint16.
func appendSegment(dst []byte, size int) []byte {
	start := len(dst)
	for range unix.CmsgSpace(2) {
		dst = append(dst, 0)
	}
	h := (*unix.Cmsghdr)(unsafe.Pointer(&dst[start]))
	h.Level, h.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
	h.SetLen(unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(dst[start+unix.CmsgLen(0):], uint16(size))
	return dst
}

// cannotSegment: EIO where a network card cannot do the checksums, EINVAL
// where the parts do not fit its frames or the kernel is too old, EMSGSIZE
// where an old one takes the buffer for one packet.
func cannotSegment(err error) bool {
	return errors.Is(err, unix.EIO) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EMSGSIZE) || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOPROTOOPT)
}
