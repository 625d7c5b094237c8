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
