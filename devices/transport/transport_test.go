package transport

import (
	"context"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"
)

// deck writes down what is asked of it.
type deck struct{ did []string }

func (d *deck) say(f string, a ...any) { d.did = append(d.did, fmt.Sprintf(f, a...)) }
func (d *deck) Pause()                 { d.say("pause") }
func (d *deck) Hold(on bool)           { d.say("hold %v", on) }
func (d *deck) Skip(by time.Duration)  { d.say("skip %v", by) }
func (d *deck) Seek(to time.Duration)  { d.say("seek %v", to) }
func (d *deck) Speed(by float64)       { d.say("speed %.2f", by) }
func (d *deck) Rate(v float64)         { d.say("rate %g", v) }
func (d *deck) Next()                  { d.say("next") }
func (d *deck) Previous()              { d.say("previous") }
func (d *deck) Item(n int)             { d.say("item %d", n) }

// What xterm, the Linux console and others send for keys.
func TestKeys(t *testing.T) {
	for _, c := range []struct {
		arrives []string
		want    string
		quit    bool
	}{
		{[]string{" "}, "pause", false},
		{[]string{"\x1b[C"}, "skip 5s", false},
		{[]string{"\x1bOD"}, "skip -5s", false},
		{[]string{"\x1b", "[", "A"}, "speed 1.25", false},
		{[]string{"\x1b[1;5B"}, "speed 0.80", false},
		{[]string{"\x1b[5~\x1b[6~"}, "skip 1m0s skip -1m0s", false},
		{[]string{"\x1b[H\x1b[1~"}, "seek 0s seek 0s", false},
		{[]string{"np1+"}, "next previous speed 0.00 speed 1.25", false},
		{[]string{"\x1bn"}, "next", false},
		{[]string{"xyz\x1b[99;99R\x1b[?1;2c"}, "", false},
		{[]string{"\x1b[" + strings.Repeat("1", 99), "n"}, "next", false},
		{[]string{"nqn"}, "next next", true},
		{[]string{"\x04"}, "", true},
	} {
		var k Keys
		d := &deck{}
		quit := false
		for _, s := range c.arrives {
			quit = k.Feed([]byte(s), d) || quit
		}
		if got := strings.Join(d.did, " "); got != c.want || quit != c.quit {
			t.Errorf("%q: %q, quit %v, expected %q, %v", c.arrives, got, quit, c.want, c.quit)
		}
	}
}

// Messages as go-osc writes them.
func TestMessages(t *testing.T) {
	for _, c := range []struct {
		address string
		args    []any
		want    string
		stop    bool
	}{
		{"pause", nil, "pause", false},
		{"pause", []any{int32(1)}, "hold true", false},
		{"pause", []any{false}, "hold false", false},
		{"pause", []any{"perhaps"}, "", false},
		{"seek", []any{float32(90.5)}, "seek 1m30.5s", false},
		{"seek", []any{float32(1e30)}, "seek 277h46m40s", false},
		{"skip", []any{int32(-5)}, "skip -5s", false},
		{"speed", []any{float64(0.5)}, "rate 0.5", false},
		{"speed", []any{int32(0)}, "", false},
		{"item", []any{int32(2)}, "item 1", false},
		{"next", nil, "next", false},
		{"previous", []any{float32(1)}, "previous", false},
		{"previous", []any{float32(0)}, "", false},
		{"stop", nil, "", true},
		{"stop/it", nil, "", false},
	} {
		b, err := osc.NewMessage(Prefix+c.address, c.args...).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		d := &deck{}
		n, stop := Take(b, d)
		if got := strings.Join(d.did, " "); got != c.want || stop != c.stop || (n == 1) != (c.want != "" || c.stop) {
			t.Errorf("%s %v: %q, stop %v, %d understood, expected %q, %v", c.address, c.args, got, stop, n, c.want, c.stop)
		}
	}
}

// A socket serves until a message says stop, or the context ends.
func TestServe(t *testing.T) {
	for _, byMessage := range []bool{true, false} {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		d := &deck{}
		ended := make(chan bool)
		go func() { ended <- Serve(ctx, c, d) }()
		if byMessage {
			from, err := net.Dial("udp", c.LocalAddr().String())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range []string{"next", "stop"} {
				b, _ := osc.NewMessage(Prefix + m).MarshalBinary()
				from.Write([]byte("no OSC"))
				from.Write(b)
			}
			from.Close()
		} else {
			cancel()
		}
		if stopped := <-ended; stopped != byMessage || byMessage && !reflect.DeepEqual(d.did, []string{"next"}) {
			t.Errorf("stopped %v, %v", stopped, d.did)
		}
		cancel()
	}
}

// What is no terminal is left alone.
func TestNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if OpenTerminal(r) != nil || Width(w) != 0 {
		t.Error("a pipe was taken for a terminal")
	}
}

func FuzzKeysAndMessages(f *testing.F) {
	b, _ := osc.NewMessage(Prefix+"seek", float32(3)).MarshalBinary()
	f.Add(b)
	f.Add([]byte("\x1b[1;5C q"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &deck{}
		var k Keys
		k.Feed(b, d)
		if len(k.rest) > 40 {
			t.Errorf("%d bytes wait", len(k.rest))
		}
		Take(b, d)
	})
}
