package player

import (
	"strings"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// staging is a source that only has a safety stage.
type staging struct {
	Source
	stage *safety.Stage
}

func (s staging) Stage() *safety.Stage { return s.stage }

// TestALimitThatIsOffIsSaidEveryMinute: at once, with its reason, and again
// each minute; where none is off nothing is said.
func TestALimitThatIsOffIsSaidEveryMinute(t *testing.T) {
	for _, c := range []struct {
		off  []installations.Disabled
		want int // lines in 3 min 20 s
	}{
		{nil, 0},
		{[]installations.Disabled{{Limit: "flash", Reason: "closed laboratory, J. Smith answers for it"}}, 4},
		{[]installations.Disabled{{Limit: "flash", Reason: "closed laboratory"}, {Limit: "power", Reason: "measured by a meter"}}, 8},
	} {
		inst := &installations.Installation{Name: "test", Rate: 60}
		inst.Safety.Off = c.off
		workers := crew.New(1)
		stage, err := safety.NewStage(inst, 1, workers)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		g := newGuard(staging{stage: stage}, func(line string) { said = append(said, line) })
		for s := range 200 {
			g.tick(time.Duration(s)*time.Second, time.Date(2026, 6, 21, 20, 0, s, 0, time.UTC))
		}
		workers.Close()
		if len(said) != c.want {
			t.Errorf("%v: %d lines, want %d: %q", c.off, len(said), c.want, said)
		}
		for i, line := range said {
			off := c.off[i%len(c.off)]
			if !strings.Contains(line, "limit "+off.Limit+" is OFF: "+off.Reason) {
				t.Errorf("%q does not say that %s is off: %s", line, off.Limit, off.Reason)
			}
		}
	}
}
