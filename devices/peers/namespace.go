// Package peers lets tests meet other people's software: OLA's daemon as a
// receiver, Wireshark's dissectors as a judge of packets, and network
// namespaces in which they, and all that broadcasts, multicasts or discovers,
// reach nobody else. It is for tests only.
package peers

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// Here is the address of the Ethernet interface "light" of a namespace that
// Alone made. The interface's other end hangs in the air.
var Here = netip.MustParseAddr("10.77.0.1")

// inside tells the test that runs again where it is.
const inside = "NOCTILUCA_TEST_NAMESPACE"

var serial atomic.Int32

// Alone runs the calling test once more, in a network namespace of its own
// with a loopback and an Ethernet, and says whether this is that run. Begin a
// test with
//
//	if !peers.Alone(t) {
//		return
//	}
//
// The test is skipped where namespaces cannot be made.
func Alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) == t.Name() {
		return true
	}
	need(t, "ip", "iproute2")
	name := fmt.Sprintf("noctiluca-%d-%d", os.Getpid(), serial.Add(1))
	if out, err := exec.Command("ip", "netns", "add", name).CombinedOutput(); err != nil {
		t.Skipf("a network namespace cannot be made here (ip netns add, as root): %s", strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() {
		if pids, err := exec.Command("ip", "netns", "pids", name).Output(); err == nil {
			for _, pid := range strings.Fields(string(pids)) {
				_ = exec.Command("kill", "-9", pid).Run()
			}
		}
		_ = exec.Command("ip", "netns", "del", name).Run()
	})
	for _, args := range []string{
		"link set lo up",
		"link add light type veth peer name air",
		"addr add " + Here.String() + "/24 brd + dev light",
		"link set light up",
		"link set air up",
		"route add 224.0.0.0/4 dev light",
	} {
		if out, err := exec.Command("ip", append([]string{"-n", name}, strings.Fields(args)...)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %s", args, out)
		}
	}
	again := exec.Command("ip", "netns", "exec", name, os.Args[0], "-test.run", "^"+regexp.QuoteMeta(t.Name())+"$", "-test.v", "-test.timeout", "10m")
	again.Env = append(os.Environ(), inside+"="+t.Name())
	out, err := again.CombinedOutput()
	said := strings.TrimSpace(string(out))
	if err != nil {
		t.Fatalf("in its namespace: %v\n%s", err, said)
	}
	if strings.Contains(said, "--- SKIP") {
		t.Skip(said)
	}
	t.Log(said)
	return false
}

// need skips a test for want of a program.
func need(t testing.TB, program, debian string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is missing (Debian: %s)", program, debian)
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}
