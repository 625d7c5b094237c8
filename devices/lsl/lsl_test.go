package lsl

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"noctiluca/devices/peers"
)

// outlet is an outlet that is made here, after liblsl's: it answers shortinfo
// and timedata by UDP and feeds by TCP, all on the loopback. Its clock lies
// 5000 s beside ours.
type outlet struct {
	info    Info
	big     bool // sends big-endian
	pattern func(format string, k, offset int) float64
	udp     *net.UDPConn
	tcp     net.Listener
	mu      sync.Mutex
	conns   []net.Conn
	sent    int
}

const aside = 5000.0

// slack is by how much a busy machine may mistake the outlet's clock: half of
// what a packet waits on one way and not on the other.
const slack = 250 * time.Millisecond

var began = time.Now()

func ours() time.Duration { return time.Since(began) }

func open(t *testing.T, name, format string, channels int, port int, change func(*outlet)) *outlet {
	t.Helper()
	o := &outlet{info: Info{Name: name, Type: "test", Channels: channels, Rate: 100, Format: format, UID: fmt.Sprintf("uid-%d", time.Now().UnixNano()), Host: "here"}, pattern: pattern}
	if change != nil {
		change(o)
	}
	if port == 0 { // one that it can have again when it was closed
		port = int(peers.FreePort(t).Port())
	}
	var err error
	if o.udp, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}); err != nil {
		t.Fatal(err)
	}
	if o.tcp, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	o.info.DataPort = o.tcp.Addr().(*net.TCPAddr).Port
	o.info.TimePort = o.udp.LocalAddr().(*net.UDPAddr).Port
	go o.answer()
	go o.serve()
	return o
}

func (o *outlet) port() int { return o.udp.LocalAddr().(*net.UDPAddr).Port }

func (o *outlet) close() {
	o.udp.Close()
	o.tcp.Close()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.conns {
		c.Close()
	}
}

func (o *outlet) clock() float64 { return ours().Seconds() + aside }

func (o *outlet) answer() {
	b := make([]byte, 2048)
	for {
		n, from, err := o.udp.ReadFromUDP(b)
		if err != nil {
			return
		}
		t1 := o.clock()
		lines := strings.Split(string(b[:n]), "\r\n")
		switch {
		case lines[0] == "LSL:shortinfo" && lines[1] == "name='"+o.info.Name+"'":
			var port int
			var id string
			fmt.Sscan(lines[2], &port, &id)
			i := o.info
			xml := fmt.Sprintf("<?xml version=\"1.0\"?><info><name>%s</name><type>%s</type><channel_count>%d</channel_count><nominal_srate>%g</nominal_srate><channel_format>%s</channel_format><uid>%s</uid><v4data_port>%d</v4data_port><v4service_port>%d</v4service_port></info>",
				i.Name, i.Type, i.Channels, i.Rate, i.Format, i.UID, i.DataPort, i.TimePort)
			o.udp.WriteToUDP([]byte(id+"\r\n"+xml), &net.UDPAddr{IP: from.IP, Port: port})
		case lines[0] == "LSL:timedata":
			var wave int
			var t0 float64
			fmt.Sscan(lines[1], &wave, &t0)
			o.udp.WriteToUDP([]byte(fmt.Sprintf(" %d %.9f %.9f %.9f", wave, t0, t1, o.clock())), from)
		}
	}
}

func (o *outlet) serve() {
	for {
		c, err := o.tcp.Accept()
		if err != nil {
			return
		}
		o.mu.Lock()
		o.conns = append(o.conns, c)
		o.mu.Unlock()
		go o.feed(c)
	}
}

func (o *outlet) feed(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	first, _ := r.ReadString('\n')
	if strings.TrimSpace(first) != "LSL:streamfeed/110 "+o.info.UID {
		io.WriteString(c, "LSL/110 404 Not found\r\n\r\n")
		return
	}
	for {
		l, err := r.ReadString('\n')
		if err != nil {
			return
		}
		if l == "\r\n" {
			break
		}
	}
	order := "1234"
	if o.big {
		order = "4321"
	}
	io.WriteString(c, "LSL/110 200 OK\r\nUID: "+o.info.UID+"\r\nByte-Order: "+order+"\r\nSuppress-Subnormals: 0\r\nData-Protocol-Version: 110\r\n\r\n")
	for _, offset := range []int{4, 2} {
		c.Write(o.sample(patternTime, func(k int) float64 { return o.pattern(o.info.Format, k, offset) }))
	}
	for n := 0; ; n++ {
		at := 0.0
		if n%10 == 0 {
			at = o.clock()
		}
		if _, err := c.Write(o.sample(at, func(k int) float64 { return float64(n%100 - 50*k) })); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// sample encodes one; the time 0 is to be deduced.
func (o *outlet) sample(at float64, x func(k int) float64) []byte {
	return encode(o.info, o.big, at, x)
}

func encode(i Info, big bool, at float64, x func(k int) float64) []byte {
	var order binary.AppendByteOrder = binary.LittleEndian
	if big {
		order = binary.BigEndian
	}
	b := []byte{1}
	if at != 0 {
		b = order.AppendUint64([]byte{2}, math.Float64bits(at))
	}
	for k := range i.Channels {
		v := x(k)
		switch i.Format {
		case "float32":
			b = order.AppendUint32(b, math.Float32bits(float32(v)))
		case "double64":
			b = order.AppendUint64(b, math.Float64bits(v))
		case "int64":
			b = order.AppendUint64(b, uint64(int64(v)))
		case "int32":
			b = order.AppendUint32(b, uint32(int32(v)))
		case "int16":
			b = order.AppendUint16(b, uint16(int16(v)))
		case "int8":
			b = append(b, byte(int8(v)))
		}
	}
	return b
}

func (o *outlet) inlet(t *testing.T) (*Inlet, *sync.Mutex, *[]Sample, func() string) {
	t.Helper()
	var mu sync.Mutex
	var got []Sample
	var said []string
	i, err := New(o.info.Name, Options{Now: ours, Local: true, Ports: []int{o.port()}, Silence: 5 * time.Second, Log: func(s string) {
		mu.Lock()
		said = append(said, s)
		mu.Unlock()
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		i.Run(ctx, func(s Sample) {
			mu.Lock()
			s.Values = append([]float64(nil), s.Values...)
			got = append(got, s)
			mu.Unlock()
		})
	}()
	t.Cleanup(func() { stop(); <-done })
	return i, &mu, &got, func() string { mu.Lock(); defer mu.Unlock(); return strings.Join(said, "\n") }
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: it does not come", what)
		}
	}
}

// A stream is found, read, timed; cut off, and read again when its outlet is
// back, which is then another one on other ports.
func TestInletResumes(t *testing.T) {
	o := open(t, "Pulse", "float32", 2, 0, nil)
	i, mu, got, said := o.inlet(t)
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(*got) }
	until(t, "samples", func() bool { return count() > 20 })
	until(t, "the clock", func() bool { _, _, d := i.Counters(); return d != 0 })
	if _, _, d := i.Counters(); math.Abs(d.Seconds()+aside) > slack.Seconds() {
		t.Errorf("its clock is said to lie %v beside ours, want -%v s", d, aside)
	}
	n := count()
	until(t, "timed samples", func() bool { return count() > n+20 })
	mu.Lock()
	for k, s := range (*got)[n:] {
		if s.Stream != "Pulse" || s.Rate != 100 || s.Values[0]-s.Values[1] != 50 {
			t.Fatalf("sample %d is %+v", k, s)
		}
		if late := ours() - s.At; late < -slack || late > 3*time.Second {
			t.Errorf("sample %d is dated %v before now", k, late)
		}
	}
	mu.Unlock()
	port := o.port()
	o.close()
	until(t, "the loss", func() bool { return strings.Contains(said(), "is lost") })
	n = count()
	o = open(t, "Pulse", "float32", 2, port, nil)
	defer o.close()
	until(t, "samples again", func() bool { return count() > n+20 })
	if _, found, _ := i.Counters(); found != 2 {
		t.Errorf("it was found %d times, want 2", found)
	}
}

// Every format and both byte orders pass their test pattern and are read.
func TestFormats(t *testing.T) {
	for _, format := range []string{"float32", "double64", "int64", "int32", "int16", "int8"} {
		for _, big := range []bool{false, true} {
			i := Info{Name: "x", Channels: 7, Rate: 10, Format: format, UID: "u"}
			order := "1234"
			if big {
				order = "4321"
			}
			b := []byte("LSL/110 200 OK\r\nUID: u\r\nByte-Order: " + order + "\r\nData-Protocol-Version: 110\r\n\r\n")
			for _, offset := range []int{4, 2} {
				b = append(b, encode(i, big, patternTime, func(k int) float64 { return pattern(format, k, offset) })...)
			}
			b = append(b, encode(i, big, 77.5, func(k int) float64 { return float64(k - 3) })...)
			b = append(b, encode(i, big, 0, func(k int) float64 { return float64(3 - k) })...)
			f, err := Open(bytes.NewReader(b), i)
			if err != nil {
				t.Errorf("%s, big-endian %v: %v", format, big, err)
				continue
			}
			at, row, err := f.Next()
			if err != nil || at != 77.5 || row[0] != -3 || row[6] != 3 {
				t.Errorf("%s, big-endian %v: %v %v %v", format, big, at, row, err)
			}
			if at, row, err = f.Next(); err != nil || math.Abs(at-77.6) > 1e-9 || row[0] != 3 {
				t.Errorf("%s, big-endian %v: deduced %v %v %v", format, big, at, row, err)
			}
		}
	}
}

// The values of the protocol's pattern, as they stand in liblsl's sample.cpp.
func TestPattern(t *testing.T) {
	for _, c := range []struct {
		format    string
		k, offset int
		want      float64
	}{
		{"float32", 0, 4, 4}, {"float32", 1, 4, -5}, {"float32", 2, 2, 4}, {"double64", 0, 4, 16777221}, {"double64", 1, 2, -16777220},
		{"int16", 0, 4, 261}, {"int32", 1, 4, -65542}, {"int64", 0, 2, 2147483651}, {"int8", 0, 4, 5}, {"int8", 123, 2, -126}, {"int8", 124, 2, 0},
	} {
		if got := pattern(c.format, c.k, c.offset); got != c.want {
			t.Errorf("%s, channel %d, offset %d: %v, want %v", c.format, c.k, c.offset, got, c.want)
		}
	}
}

// A feed whose pattern is wrong is refused: another order of bytes, another
// offset, another time, one channel too few.
func TestWrongPatternsAreRefused(t *testing.T) {
	i := Info{Name: "x", Channels: 4, Rate: 10, Format: "float32", UID: "u"}
	head := "LSL/110 200 OK\r\nUID: u\r\nByte-Order: 1234\r\nData-Protocol-Version: 110\r\n\r\n"
	good := func(k, offset int) float64 { return pattern("float32", k, offset) }
	feed := func(head string, i Info, big bool, at float64, offsets [2]int, x func(k, offset int) float64) []byte {
		b := []byte(head)
		for _, o := range offsets {
			b = append(b, encode(i, big, at, func(k int) float64 { return x(k, o) })...)
		}
		return append(b, make([]byte, 64)...)
	}
	fewer := i
	fewer.Channels = 3
	for what, c := range map[string]struct {
		b    []byte
		says string
	}{
		"the other order of bytes": {feed(head, i, true, patternTime, [2]int{4, 2}, good), "test pattern"},
		"offsets turned round":     {feed(head, i, false, patternTime, [2]int{2, 4}, good), "channel 0 is 2, want 4"},
		"another time":             {feed(head, i, false, 1234, [2]int{4, 2}, good), "its time is 1234"},
		"no signs":                 {feed(head, i, false, patternTime, [2]int{4, 2}, func(k, o int) float64 { return math.Abs(good(k, o)) }), "channel 1 is 5, want -5"},
		"a channel too few":        {feed(head, fewer, false, patternTime, [2]int{4, 2}, good), "test pattern"},
		"not found":                {[]byte("LSL/110 404 Not found\r\n\r\n"), "404"},
		"an old protocol":          {feed(strings.Replace(head, ": 110", ": 100", 1), i, false, patternTime, [2]int{4, 2}, good), "data protocol 100"},
		"another outlet":           {feed(strings.Replace(head, "UID: u", "UID: v", 1), i, false, patternTime, [2]int{4, 2}, good), "another one"},
		"cut off":                  {[]byte(head + "\x02\x00"), "EOF"},
	} {
		if _, err := Open(bytes.NewReader(c.b), i); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error that says %q", what, err, c.says)
		}
	}
	// And by the inlet, from an outlet that lies.
	o := open(t, "Liar", "float32", 3, 0, func(o *outlet) {
		o.pattern = func(format string, k, offset int) float64 { return pattern(format, k, offset) + 1 }
	})
	defer o.close()
	_, mu, got, said := o.inlet(t)
	until(t, "the refusal", func() bool { return strings.Contains(said(), "would be decoded wrongly") })
	mu.Lock()
	defer mu.Unlock()
	if len(*got) > 0 {
		t.Errorf("%d samples of it were taken", len(*got))
	}
}

func TestInfosThatAreRefused(t *testing.T) {
	good := "<info><name>n</name><channel_count>2</channel_count><nominal_srate>5</nominal_srate><channel_format>int16</channel_format><v4data_port>1000</v4data_port></info>"
	if _, err := parseInfo([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{{"<channel_count>2", "<channel_count>0", "0 channels"}, {"<channel_count>2", "<channel_count>100000", "100000 channels"}, {"int16", "string", "text"},
		{"int16", "int17", "int17"}, {">5<", ">-5<", "rate -5"}, {">5<", ">NaN<", "rate NaN"}, {"1000", "70000", "70000"}, {"<info>", "<inf", "shortinfo"}} {
		if _, err := parseInfo([]byte(strings.Replace(good, c[0], c[1], 1))); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v, want %q", c[1], err, c[2])
		}
	}
}

func FuzzFeed(f *testing.F) {
	i := Info{Name: "x", Channels: 3, Rate: 10, Format: "int16", UID: "u"}
	head := []byte("LSL/110 200 OK\r\nUID: u\r\nByte-Order: 1234\r\nData-Protocol-Version: 110\r\n\r\n")
	for _, o := range []int{4, 2} {
		head = append(head, encode(i, false, patternTime, func(k int) float64 { return pattern("int16", k, o) })...)
	}
	f.Add(head)
	f.Fuzz(func(t *testing.T, b []byte) {
		feed, err := Open(bytes.NewReader(b), i)
		if err != nil {
			return
		}
		for range 100 {
			if _, _, err := feed.Next(); err != nil {
				return
			}
		}
	})
}
