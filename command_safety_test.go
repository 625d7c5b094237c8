package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets a test run the program as a process of its own, to kill it.
func TestMain(m *testing.M) {
	if args := os.Getenv("NOCTILUCA_TEST_ARGS"); args != "" {
		os.Exit(run(strings.Split(args, "\n"), os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// lamp is an installation made for these tests: ten LEDs on each of some
// outputs, all at half, with what its safety says.
func lamp(t *testing.T, outputs, safety string, light string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var fixtures strings.Builder
	for i := range strings.Count(outputs, "{name:") {
		fmt.Fprintf(&fixtures, "  - {name: f%d, kind: strip, led: ws2812b, strip: {points: [[0, %d, 0], [1, %d, 0]], pixels: 10}}\n", i, i, i)
	}
	write("installation.yaml", "noctiluca: 1\nname: lamp\nrate: 30\nfixtures:\n"+fixtures.String()+"outputs:\n"+outputs+
		"scenes: [{name: s, layers: [{name: l, field: own.kage}]}]\nsignals: {osc: {listen: \"off\"}}\nsafety:\n"+safety)
	write("own.kage", "package main\n\nvar Time float\n\nfunc Light(p vec3) vec4 {\n\treturn "+light+"\n}\n")
	return dir
}

// ear is a controller's socket.
type ear struct {
	conn *net.UDPConn
	got  [][]byte
}

func listen(t *testing.T) *ear {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &ear{conn: c}
}

func (e *ear) port() int { return e.conn.LocalAddr().(*net.UDPAddr).Port }

// hear takes what comes within a time.
func (e *ear) hear(within time.Duration) {
	b := make([]byte, 2048)
	e.conn.SetReadDeadline(time.Now().Add(within))
	for {
		n, err := e.conn.Read(b)
		if err != nil {
			return
		}
		e.got = append(e.got, bytes.Clone(b[:n]))
	}
}

// TestKilled: what each controller was told, and what it is left with, when
// the process is killed, and when it ends in order.
func TestKilled(t *testing.T) {
	artnet, sacn, wled := listen(t), listen(t), listen(t)
	outputs := fmt.Sprintf("  - {name: a, protocol: artnet, host: \"127.0.0.1:%d\", universe: 0, dither: false, fixtures: [f0]}\n"+
		"  - {name: b, protocol: sacn, host: \"127.0.0.1:%d\", universe: 1, dither: false, fixtures: [f1]}\n"+
		"  - {name: c, protocol: wled, host: \"127.0.0.1:%d\", dither: false, fixtures: [f2]}\n", artnet.port(), sacn.port(), wled.port())
	dir := lamp(t, outputs, "  failure: {stop: fade, fade: 1.5, lost: dark, after: 2}\n", "vec4(0.5, 0.5, 0.5, 1)")
	play := func(end os.Signal) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "NOCTILUCA_TEST_ARGS=run\n"+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for _, e := range []*ear{artnet, sacn, wled} {
			e.got = nil
		}
		for range 600 { // up to two minutes on a busy machine
			for _, e := range []*ear{artnet, sacn, wled} {
				e.hear(70 * time.Millisecond)
			}
			if len(artnet.got) > 5 && len(sacn.got) > 5 && len(wled.got) > 5 {
				break
			}
		}
		cmd.Process.Signal(end)
		cmd.Wait()
		for _, e := range []*ear{artnet, sacn, wled} {
			e.hear(200 * time.Millisecond)
			if len(e.got) < 5 {
				t.Fatalf("only %d packets came", len(e.got))
			}
		}
	}
	told, ended := 0, 0
	count := func() {
		told, ended = 0, 0
		for _, p := range artnet.got {
			// Art-Net 4, ArtAddress: opcode 0x6000, its command at byte 106.
			if len(p) >= 107 && p[8] == 0 && p[9] == 0x60 && p[106] == 0x09 {
				told++
			}
		}
		for _, p := range sacn.got {
			// ANSI E1.31-2018, 6.2.6: options, bit 6, Stream_Terminated.
			if len(p) > 112 && p[112]&0x40 != 0 {
				ended++
			}
		}
		for _, p := range wled.got {
			if p[1] != 2 && !(p[1] == 0 && len(p) == 2) {
				t.Errorf("a WLED packet says %d s, want 2", p[1])
			}
		}
	}
	dark := func(p []byte, from int) bool {
		return len(p) > from && bytes.Count(p[from:], []byte{0}) == len(p)-from
	}

	play(syscall.SIGKILL)
	count()
	if told == 0 {
		t.Error("killed: no node was told to go dark when frames stop (ArtAddress 0x09)")
	}
	if ended != 0 {
		t.Error("killed: somebody ended the stream")
	}

	play(syscall.SIGTERM)
	count()
	if ended != 3 {
		t.Errorf("ended: %d packets say that the stream is over, want 3", ended)
	}
	levels := map[byte]bool{}
	last := []byte(nil)
	for _, p := range artnet.got {
		if len(p) > 18 && p[8] == 0 && p[9] == 0x50 {
			last = p
			levels[p[18]] = true
		}
	}
	if !dark(last, 18) {
		t.Errorf("ended: the last ArtDmx is not dark: %v", last)
	}
	if len(levels) < 5 {
		t.Errorf("ended: it did not fade, only levels %v were sent", levels)
	}
}

// TestSafetyReport: the report of a show that a limit had to act on, and of
// one with a limit off.
func TestSafetyReport(t *testing.T) {
	strobe := "vec4(step(0.5, fract(Time * 10)), step(0.5, fract(Time * 10)), step(0.5, fract(Time * 10)), 1)"
	out := "  - {name: a, protocol: artnet, host: 127.0.0.1, universe: 0, fixtures: [f0]}\n"
	for _, c := range []struct {
		safety string
		says   []string
	}{
		{"  places: [{name: near, at: [0.5, 0, 0.3], near: 0.1}]\n  surround: {area: 0.5, reflectance: 0.8}\n", []string{">yes<", "flash limited at", "IEC 62471", "full intensity towards every viewing place"}},
		{"  places: [{name: near, at: [0.5, 0, 0.3], near: 0.1}]\n  surround: {area: 0.5, reflectance: 0.8}\n  off: [{limit: flash, reason: \"laboratory, nobody looks\"}]\n", []string{"is OFF: laboratory, nobody looks"}},
		{"  preset: darksky\n  where: {latitude: 48, longitude: 11, zone: Europe/Berlin}\n", []string{"curfew limited", "darksky-dark", "No viewing places are stated"}},
	} {
		dir := lamp(t, out, c.safety, strobe)
		name := filepath.Join(dir, "report")
		code, stdout, stderr := cli("safety", "report", dir, "--for", "4s", "--crowd", "0", "--when", "2026-06-21T23:30", "--out", name)
		if code != 0 {
			t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
		}
		page, err := os.ReadFile(name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(c.says, "<polyline", "What was assumed") {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("%s: the page does not say %q", c.safety, want)
			}
		}
		for _, never := range []string{"http://", "https://", "<script", "<link", "NaN"} {
			if bytes.Contains(page, []byte(never)) {
				t.Errorf("the page holds %q: it is to need nothing else", never)
			}
		}
		doc, err := os.ReadFile(name + ".pdf")
		if err != nil || !bytes.HasPrefix(doc, []byte("%PDF-")) || bytes.Count(doc, []byte("/Type /Page")) < 3 {
			t.Errorf("the PDF: %v, %d bytes", err, len(doc))
		}
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"safety", "report", "forest", "--for", "0.1s"}, "--for"},
		{[]string{"safety", "report", "forest", "--when", "noon", "--for", "1s"}, "--when"},
		{[]string{"safety", "report", "forest", "nothing.fseq"}, "nothing.fseq"},
	} {
		if code, _, stderr := cli(c.args...); code != badInput || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: exit code %d: %s", c.args, code, stderr)
		}
	}
}
