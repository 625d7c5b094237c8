package failure

import (
	"strings"
	"testing"

	"noctiluca/installations"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		out         installations.Output
		stop, crash string
		dark        bool
	}{
		{installations.Output{Protocol: "artnet", Failsafe: "zero"}, "fades", "0x09", true},
		{installations.Output{Protocol: "artnet", Failsafe: "hold"}, "fades", "0x08", false},
		{installations.Output{Protocol: "artnet"}, "fades", "most hold", false},
		{installations.Output{Protocol: "sacn"}, "three packets", "2.5 s", false},
		{installations.Output{Protocol: "wled", Timeout: 3}, "fades", "after 3 s", true},
		{installations.Output{Protocol: "wled", Timeout: 255}, "fades", "for ever", false},
		{installations.Output{Protocol: "ddp"}, "fades", "watchdog", false},
	} {
		l := Of(&c.out, &installations.Failure{Stop: "fade", Fade: 1.5e9})
		if !strings.Contains(l.Stop, c.stop) || !strings.Contains(l.Crash, c.crash) || l.Dark != c.dark {
			t.Errorf("%s %s: %+v", c.out.Protocol, c.out.Failsafe, l)
		}
	}
}

// TestWarnings: what stays lit is named, with its line, unless that is meant.
func TestWarnings(t *testing.T) {
	inst := &installations.Installation{File: "a/installation.yaml", Outputs: []installations.Output{
		{Name: "roof", Protocol: "ddp", Line: 12}, {Name: "wall", Protocol: "sacn", Line: 20}, {Name: "sign", Protocol: "opc", Line: 31},
	}}
	inst.Safety.Failure.Lost = "dark"
	w := Warnings(inst)
	if len(w) != 2 || !strings.HasPrefix(w[0], "a/installation.yaml:12: warning: output roof (ddp)") || !strings.HasPrefix(w[1], "a/installation.yaml:31: warning: output sign (opc)") {
		t.Errorf("%q", w)
	}
	inst.Safety.Failure.Lost = "hold"
	if w := Warnings(inst); len(w) != 0 {
		t.Errorf("meant, and yet %q", w)
	}
}
