package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/peers"
)

// TestAConsoleDimsARun: a small installation, which names none of its field's
// parameters, is played; a console takes its master over, and what arrives at
// the controller goes dark.
func TestAConsoleDimsARun(t *testing.T) {
	node, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	port := peers.FreePort(t)
	dir := t.TempDir()
	text := fmt.Sprintf(`noctiluca: 1
name: pond
fixtures: [{name: a, kind: ring, led: ws2812b, ring: {radius: 1, pixels: 60}}]
console:
  listen: %s
  artnet_port: %d
  takeover: 0.5
  channels: [{protocol: artnet, universe: 0, channel: 1, parameter: /master/level}]
outputs: [{name: o, protocol: artnet, host: "%s", universe: 0, dither: false, fixtures: [a]}]
scenes: [{name: s, layers: [{name: l, field: forest-ground}]}]
`, port.Addr(), port.Port(), node.LocalAddr())
	if err := os.WriteFile(filepath.Join(dir, "installation.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	playing := start(t, "run", dir, "--osc", "off")
	desk, err := net.Dial("udp", port.String())
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	begin := time.Now()
	sum := func(window time.Duration, send bool) (total, frames int) {
		buf := make([]byte, 2048)
		for until := time.Now().Add(window); time.Now().Before(until); {
			if send {
				_, _ = desk.Write(artnet.AppendDmx(nil, artnet.Dmx{Sequence: byte(time.Since(begin)/(25*time.Millisecond))%255 + 1, Data: []byte{0, 0}}))
			}
			_ = node.SetReadDeadline(time.Now().Add(25 * time.Millisecond))
			n, err := node.Read(buf)
			if err != nil {
				continue
			}
			if d, err := artnet.ParseDmx(buf[:n]); err == nil {
				frames++
				for _, v := range d.Data {
					total += int(v)
				}
			}
		}
		return total, frames
	}
	window := 200 * time.Millisecond
	playing.until(t, "light", func() bool { lit, _ := sum(window, false); return lit > 0 })
	playing.until(t, "the takeover's dark", func() bool { lit, frames := sum(window, true); return lit == 0 && frames > 0 })
	dark, frames := 0, 0
	playing.until(t, "some frames more", func() bool {
		lit, n := sum(window, true)
		dark, frames = dark+lit, frames+n
		return frames > 10
	})
	said := playing.end()
	if !strings.HasPrefix(said, "exit code 0") || !strings.Contains(said, "listening for a console") {
		t.Fatal(said)
	}
	if dark > 0 {
		t.Errorf("levels sum to %d in %d frames after the console took the master to 0:\n%s", dark, frames, said)
	}
}
