package peers

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Stream is a connection by which levels are streamed to OLA's daemon, as
// OLA's own streaming client does it: protocol buffers on its RPC port, and
// no answers (common/rpc/Rpc.proto and common/protocol/Ola.proto of OLA).
//
// olad 0.10 reads the four bytes of a message's header at once or not at all
// (RpcChannel::ReadHeader), and hangs up when it has lost its place: TCP may
// cut there when the daemon's buffer is full, as it is when levels come faster
// than it sends. So a stream connects again, and counts that.
type Stream struct {
	o    *OLA
	conn net.Conn
	buf  []byte
	// Broken is how often the daemon hung up.
	Broken int
}

// mostBroken is how often a stream is connected again.
const mostBroken = 50

// Stream opens one. Only with a daemon in the test's own namespace.
func (o *OLA) Stream() *Stream {
	o.t.Helper()
	s := &Stream{o: o}
	o.t.Cleanup(func() {
		if s.conn != nil {
			s.conn.Close()
		}
	})
	if err := s.dial(); err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (s *Stream) dial() (err error) {
	s.conn, err = net.Dial("tcp", "127.0.0.1:9010")
	return err
}

// Send streams a universe's levels.
func (s *Stream) Send(universe int, levels []byte) error {
	field := func(dst []byte, number int, bytes []byte) []byte {
		dst = binary.AppendUvarint(dst, uint64(number<<3|2))
		dst = binary.AppendUvarint(dst, uint64(len(bytes)))
		return append(dst, bytes...)
	}
	data := binary.AppendUvarint([]byte{1 << 3}, uint64(universe))
	data = field(data, 2, levels)
	message := []byte{1 << 3, 10, 2 << 3, 0} // type STREAM_REQUEST, id 0
	message = field(message, 3, []byte("StreamDmxData"))
	message = field(message, 4, data)
	s.buf = binary.LittleEndian.AppendUint32(s.buf[:0], 1<<28|uint32(len(message)))
	s.buf = append(s.buf, message...)
	_, err := s.conn.Write(s.buf)
	for err != nil && s.Broken < mostBroken {
		s.Broken++
		if s.conn != nil {
			s.conn.Close()
		}
		time.Sleep(time.Duration(s.Broken) * time.Millisecond)
		if err = s.dial(); err == nil {
			_, err = s.conn.Write(s.buf)
		}
	}
	if err != nil {
		return fmt.Errorf("%w; olad said:\n%s", err, s.o.log)
	}
	return nil
}

// CPU is the processor time that the daemon has used.
func (o *OLA) CPU() time.Duration {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(o.pid), "stat"))
	if err != nil {
		o.t.Fatal(err)
	}
	// After the name in brackets: user and system time are fields 14 and 15.
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	ticks := 0
	for _, x := range f[11:13] {
		n, _ := strconv.Atoi(x)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100 // USER_HZ
}

// Left is how many packets have left the namespace by its Ethernet.
func Left() (uint64, error) {
	text, err := os.ReadFile("/sys/class/net/light/statistics/tx_packets")
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
}
