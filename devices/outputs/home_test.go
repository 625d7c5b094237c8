package outputs

import (
	"testing"

	"noctiluca/installations"
)

func TestHome(t *testing.T) {
	for host, want := range map[string]int{"127.0.0.1": 1, "127.0.0.1:7000": 1, "::1": 1, "[::1]:6454": 1, "localhost": 1, "10.0.0.7": 0, "wled-oak.local": 0, "": 0} {
		inst := &installations.Installation{Outputs: []installations.Output{{Host: host}}}
		if got := Home(inst); got != want {
			t.Errorf("%q: %d, expected %d", host, got, want)
		}
	}
}
