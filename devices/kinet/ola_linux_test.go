package kinet

import (
	"bytes"
	"testing"
	"time"

	"noctiluca/devices/peers"
)

// TestOLASendsTheSame: OLA only sends KiNET, so what it sends for the same
// channels is held against ours, byte for byte.
func TestOLASendsTheSame(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	ear := peers.Listen(t)
	ola := peers.StartOLA(t, map[string]string{"kinet": "power_supply = " + peers.Beyond})
	ola.Output("KiNet", 0, 1)
	levels := make([]byte, 512)
	for i := range levels {
		levels[i] = byte(i*7 + 1)
	}
	ola.Set(1, levels)
	want := AppendDmxOut(nil, levels)
	for {
		switch got := ear.Heard(Port, 30*time.Second); {
		case got == nil:
			t.Fatal("OLA sent nothing that is the same")
		case bytes.Equal(got, want):
			return
		default:
			t.Logf("OLA sent %d bytes: %.60x…", len(got), got)
		}
	}
}
