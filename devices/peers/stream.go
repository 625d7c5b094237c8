package peers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
// (RpcChannel::ReadHeader); TCP may cut there once the daemon's buffer is
// full, and then it hangs up, or waits for ever for a message of a length that
// nobody sent. So that its buffer is never full, one level in thirty-two is
// asked to be answered, and no more than three answers may be owed: the daemon
// has always something to do, and at most some 54 kB of it before it.
type Stream struct {
	o        *OLA
	conn     net.Conn
	buf      []byte
	sent     int
	answered chan struct{} // closed by the reader when the daemon hangs up
	owed     chan struct{}
	// Broken is how often the daemon hung up, or owed an answer for too long.
	Broken int
}

const (
	mostBroken = 50              // how often a stream is connected again
	answerEach = 32              // one message in so many is to be answered
	mostOwed   = 3               // answers
	patience   = 2 * time.Second // for an answer
)

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

func (s *Stream) dial() error {
	conn, err := net.Dial("tcp", "127.0.0.1:9010")
	if err != nil {
		return err
	}
	owed, answered := make(chan struct{}, mostOwed), make(chan struct{})
	s.conn, s.owed, s.answered, s.sent = conn, owed, answered, 0
	go func() {
		defer close(answered)
		var header [4]byte
		for {
			if _, err := io.ReadFull(conn, header[:]); err != nil {
				return
			}
			length := int64(binary.LittleEndian.Uint32(header[:]) & (1<<28 - 1))
			if _, err := io.CopyN(io.Discard, conn, length); err != nil {
				return
			}
			<-owed
		}
	}()
	return nil
}

// Send streams a universe's levels.
func (s *Stream) Send(universe int, levels []byte) error {
	err := s.send(universe, levels)
	for err != nil && s.Broken < mostBroken {
		s.Broken++
		if s.conn != nil {
			s.conn.Close()
		}
		time.Sleep(time.Duration(s.Broken) * time.Millisecond)
		if err = s.dial(); err == nil {
			err = s.send(universe, levels)
		}
	}
	if err != nil {
		return fmt.Errorf("%w; olad said:\n%s", err, s.o.log)
	}
	return nil
}

func (s *Stream) send(universe int, levels []byte) error {
	field := func(dst []byte, number int, bytes []byte) []byte {
		dst = binary.AppendUvarint(dst, uint64(number<<3|2))
		dst = binary.AppendUvarint(dst, uint64(len(bytes)))
		return append(dst, bytes...)
	}
	s.sent++
	kind, method := byte(10), "StreamDmxData" // STREAM_REQUEST
	if s.sent%answerEach == 0 {
		kind, method = 1, "UpdateDmxData" // REQUEST
		select {
		case s.owed <- struct{}{}:
		case <-s.answered:
			return errors.New("olad hung up")
		case <-time.After(patience):
			return fmt.Errorf("olad answered nothing for %v", patience)
		}
	}
	data := binary.AppendUvarint([]byte{1 << 3}, uint64(universe))
	data = field(data, 2, levels)
	message := binary.AppendUvarint([]byte{1 << 3, kind, 2 << 3}, uint64(s.sent))
	message = field(message, 3, []byte(method))
	message = field(message, 4, data)
	s.buf = binary.LittleEndian.AppendUint32(s.buf[:0], 1<<28|uint32(len(message)))
	s.buf = append(s.buf, message...)
	if err := s.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	_, err := s.conn.Write(s.buf)
	return err
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
