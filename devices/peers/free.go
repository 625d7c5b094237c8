package peers

import (
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
)

// ports counts the ports that FreePort gave. They begin below those that
// systems hand out by themselves (Linux from 32768, the others from 49152).
var ports atomic.Uint32

const firstPort, lastPort = 20000, 32767

// FreePort gives an address of the loopback at which nobody listens to UDP,
// and nobody else will: a port that was found free and given back could be
// another process's a moment later. On Linux, where all of 127.0.0.0/8 is this
// machine, the address belongs to this process alone; elsewhere it is
// 127.0.0.1.
func FreePort(t testing.TB) netip.AddrPort {
	t.Helper()
	at := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if pid := os.Getpid(); runtime.GOOS == "linux" {
		// Numbers of processes have at most 22 bits there.
		at = netip.AddrFrom4([4]byte{127, 128 | byte(pid>>16)&127, byte(pid >> 8), byte(pid)})
	}
	for range lastPort - firstPort {
		// From process to process other ones, too.
		free := netip.AddrPortFrom(at, uint16(firstPort+(37*os.Getpid()+int(ports.Add(1)))%(lastPort-firstPort)))
		c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(free))
		if err != nil {
			continue
		}
		c.Close()
		return free
	}
	t.Fatal("no UDP port of the loopback is free")
	return netip.AddrPort{}
}
