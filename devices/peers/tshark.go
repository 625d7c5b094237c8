package peers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Packet is one UDP datagram for Dissect.
type Packet struct {
	To   netip.AddrPort
	Data []byte
}

// Dissect lets Wireshark's tshark take packets apart and gives, for each, the
// values of the fields asked for. A packet that it finds malformed, or for
// which an expert remark of the level error is made, fails the test; so does
// one that it does not take for the protocol named.
func Dissect(t testing.TB, protocol string, packets []Packet, fields ...string) [][]string {
	t.Helper()
	tshark := need(t, "tshark", "tshark")
	file := filepath.Join(t.TempDir(), "packets.pcap")
	if err := os.WriteFile(file, Capture(packets), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-r", file, "-T", "fields", "-E", "separator=\t", "-E", "occurrence=f", "-e", "frame.protocols", "-e", "_ws.malformed", "-e", "_ws.expert.severity", "-e", "_ws.expert.message"}
	switch protocol {
	case "acn": // is only looked for where that is asked
		args = append(args, "--enable-heuristic", "acn", "-o", "acn.dmx_enable:TRUE")
	case "osc":
		args = append(args, "--enable-heuristic", "osc_udp")
	default:
		args = append(args, "-d", fmt.Sprintf("udp.port==%d,%s", packets[0].To.Port(), protocol))
	}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	c := exec.Command(tshark, args...)
	c.Env = append(os.Environ(), "HOME="+t.TempDir())
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("tshark: %v: %s", err, errs.String())
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	if len(lines) != len(packets) {
		t.Fatalf("tshark tells of %d packets, there are %d: %s", len(lines), len(packets), errs.String())
	}
	var values [][]string
	const expertError = "8388608"
	for i, line := range lines {
		v := strings.Split(line, "\t")
		if !strings.Contains(":"+v[0]+":", ":"+protocol+":") {
			t.Errorf("packet %d: tshark takes it for %s, not %s: %.40x…", i, v[0], protocol, packets[i].Data)
		}
		if v[1] != "" || v[2] == expertError {
			t.Errorf("packet %d: malformed, says tshark: %s %s: %.40x…", i, v[1], v[3], packets[i].Data)
		}
		values = append(values, v[4:])
	}
	return values
}

// Capture makes a file in pcap's format (classic, little-endian, Ethernet) of
// UDP packets over IPv4, a millisecond apart.
func Capture(packets []Packet) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	var b []byte
	b = le.AppendUint32(b, 0xa1b2c3d4)
	b = le.AppendUint16(le.AppendUint16(b, 2), 4)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(le.AppendUint32(b, 65535), 1)
	for i, p := range packets {
		udp := 8 + len(p.Data)
		n := 14 + 20 + udp
		b = le.AppendUint32(le.AppendUint32(b, uint32(i/1000)), uint32(i%1000*1000))
		b = le.AppendUint32(le.AppendUint32(b, uint32(n)), uint32(n))
		b = append(b, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0)
		ip := []byte{0x45, 0, byte((20 + udp) >> 8), byte(20 + udp), 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 77, 0, 1, 0, 0, 0, 0}
		to := p.To.Addr().As4()
		copy(ip[16:], to[:])
		be.PutUint16(ip[10:], ^fold(ip))
		b = append(b, ip...)
		b = be.AppendUint16(be.AppendUint16(b, 49152), p.To.Port())
		b = be.AppendUint16(be.AppendUint16(b, uint16(udp)), 0) // 0: no checksum
		b = append(b, p.Data...)
	}
	return b
}

// fold is the one's complement sum of 16-bit words.
func fold(b []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	for sum>>16 != 0 {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
