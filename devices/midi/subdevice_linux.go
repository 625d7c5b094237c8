package midi

import (
	"bytes"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// rawInfo is struct snd_rawmidi_info (include/uapi/sound/asound.h).
type rawInfo struct {
	Device, Subdevice uint32
	Stream            int32 // 0 output, 1 input
	Card              int32
	Flags             uint32
	ID                [64]byte
	Name              [80]byte
	Subname           [32]byte
	Count, Available  uint32
	_                 [64]byte
}

// Of the control device (the same file): _IOWR('U', 0x41, snd_rawmidi_info)
// and _IOW('U', 0x42, int).
const (
	ioctlRawInfo   = 3<<30 | 268<<16 | 'U'<<8 | 0x41
	ioctlPreferSub = 1<<30 | 4<<16 | 'U'<<8 | 0x42
)

// subname is what a card calls a subdevice, or empty.
func subname(control string, device, sub int) string {
	f, err := os.OpenFile(control, os.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer f.Close()
	for _, stream := range []int32{1, 0} {
		info := rawInfo{Device: uint32(device), Subdevice: uint32(sub), Stream: stream}
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, f.Fd(), ioctlRawInfo, uintptr(unsafe.Pointer(&info))); e == 0 {
			if name, _, _ := bytes.Cut(info.Subname[:], []byte{0}); len(name) > 0 {
				return string(name)
			}
		}
	}
	return ""
}

// openSub opens a subdevice. The kernel keeps the preference at the control
// file of the thread that asks, so the thread must be the same.
func openSub(path string, flags int, control string, sub int) (*os.File, error) {
	if sub == 0 {
		return os.OpenFile(path, flags, 0)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c, err := os.OpenFile(control, os.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	n := int32(sub)
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, c.Fd(), ioctlPreferSub, uintptr(unsafe.Pointer(&n))); e != 0 {
		return nil, os.NewSyscallError("SNDRV_CTL_IOCTL_RAWMIDI_PREFER_SUBDEVICE", e)
	}
	return os.OpenFile(path, flags, 0)
}
