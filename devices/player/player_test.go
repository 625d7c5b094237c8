package player

import (
	"strings"
	"testing"
	"time"

	"noctiluca/devices/output"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// deaf takes every frame, and its device says what is given.
type deaf struct{ device output.Device }

func (d *deaf) Send(*safety.Frame) (packets, bytes int, err error) { return 1, 1, nil }
func (d *deaf) Close() error                                       { return nil }
func (d *deaf) Device() output.Device                              { return d.device }

// TestLineTellsOfDevices: what a device says is in the line when it is wrong,
// though every packet left without an error.
func TestLineTellsOfDevices(t *testing.T) {
	for _, wrong := range []bool{false, true} {
		o := output.Start("oak", &deaf{output.Device{State: "Oak, plays its own", Wrong: wrong}}, output.Options{})
		p := &Player{c: Config{Installation: &installations.Installation{}, Outputs: []*output.Runner{o}}}
		got := p.line(report{outs: []output.Stats{o.Stats()}})
		if strings.HasSuffix(got, "  oak 0 pkt 0 B device: Oak, plays its own") != wrong || strings.Contains(got, "Oak,") != wrong {
			t.Errorf("wrong %v: %s", wrong, got)
		}
		if err := o.Stop(time.Second); err != nil {
			t.Error(err)
		}
	}
}
