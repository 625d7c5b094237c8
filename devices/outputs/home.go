package outputs

import (
	"net"
	"net/netip"
	"strings"

	"noctiluca/installations"
)

// Home counts the outputs that lead to this machine itself, by their host: a
// loopback address, or localhost. The shipped installations' all do.
func Home(inst *installations.Installation) int {
	n := 0
	for i := range inst.Outputs {
		host := inst.Outputs[i].Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		a, err := netip.ParseAddr(host)
		if err == nil && a.IsLoopback() || strings.EqualFold(host, "localhost") {
			n++
		}
	}
	return n
}
