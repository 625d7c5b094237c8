package peers

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// OLA is a running olad of Open Lighting Architecture.
type OLA struct {
	t     testing.TB
	log   *log
	space string // the network namespace it is in; empty for the test's own
	pid   int
}

// Neighbour is the address of the other end of a namespace's Ethernet, once
// StartNeighbour gave it to a namespace of its own.
var Neighbour = netip.MustParseAddr("10.77.0.2")

// StartNeighbour is StartOLA in a second namespace, at the other end of the
// Ethernet: it and the test each have the ports to themselves.
func StartNeighbour(t testing.TB, config map[string]string) *OLA {
	t.Helper()
	name := fmt.Sprintf("noctiluca-%d-air", os.Getpid())
	for _, args := range []string{
		"netns add " + name,
		"link set air netns " + name,
		"-n " + name + " link set lo up",
		"-n " + name + " addr add " + Neighbour.String() + "/24 brd + dev air",
		"-n " + name + " link set air up",
		"-n " + name + " route add 224.0.0.0/4 dev air",
	} {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %s", args, out)
		}
		if strings.HasPrefix(args, "netns add") {
			t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", name).Run() })
		}
	}
	return start(t, name, config)
}

// command makes a command in OLA's namespace.
func (o *OLA) command(name string, args ...string) *exec.Cmd {
	if o.space == "" {
		return exec.Command(name, args...)
	}
	return exec.Command("ip", append([]string{"netns", "exec", o.space, name}, args...)...)
}

// log collects what a process says.
type log struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *log) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }
func (l *log) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

// plugins are all of OLA 0.10's that open something: only those that are
// configured are wanted.
var plugins = strings.Fields("artnet dummy e131 espnet ftdidmx gpio karate kinet milinst opendmx openpixelcontrol osc pathport renard sandnet shownet spi stageprofi uartdmx usbdmx usbserial")

// StartOLA starts olad with the plugins configured, each by the text of its
// file: {"artnet": "ip = 10.77.0.1"}. It ends with the test. Only call it
// Alone: it broadcasts when it starts.
func StartOLA(t testing.TB, config map[string]string) *OLA {
	t.Helper()
	return start(t, "", config)
}

func start(t testing.TB, space string, config map[string]string) *OLA {
	t.Helper()
	olad := need(t, "olad", "ola")
	need(t, "ola_patch", "ola")
	if os.Getenv(inside) == "" {
		t.Fatal("olad broadcasts: it belongs in a namespace of its own (Alone)")
	}
	u, err := user.Lookup("olad")
	if err != nil {
		t.Skip("the user olad is missing (Debian: ola): olad refuses to run as root")
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	dir, err := os.MkdirTemp("", "noctiluca-ola-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, p := range plugins {
		text, wanted := config[p]
		text = fmt.Sprintf("enabled = %v\n%s\n", wanted, text)
		if err := os.WriteFile(filepath.Join(dir, "ola-"+p+".conf"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{dir} {
		if err := chownAll(f, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	o := &OLA{t: t, log: &log{}, space: space}
	// olad refuses to run as root; ip needs to be it.
	as := []string{"--reuid", u.Uid, "--regid", u.Gid, "--clear-groups", olad, "-c", dir, "-l", "3", "--no-http-quit", "--no-register-with-dns-sd"}
	c := o.command(need(t, "setpriv", "util-linux"), as...)
	c.Env = append(os.Environ(), "HOME="+dir)
	c.Dir = dir
	c.Stdout, c.Stderr = o.log, o.log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	o.pid = c.Process.Pid
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	for limit := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if out, err := o.command("ola_dev_info").CombinedOutput(); err == nil && strings.Count(string(out), "Device ") >= len(config) {
			return o
		}
		if time.Now().After(limit) {
			t.Fatalf("olad did not start:\n%s", o.log)
		}
	}
}

func chownAll(dir string, uid, gid int) error {
	return filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid)
	})
}

// Input patches an input port of the device whose name begins so to a
// universe; Output an output port.
func (o *OLA) Input(device string, port, universe int) {
	o.t.Helper()
	o.patch(device, port, universe, true)
}
func (o *OLA) Output(device string, port, universe int) {
	o.t.Helper()
	o.patch(device, port, universe, false)
}

var deviceLine = regexp.MustCompile(`(?m)^Device (\d+): (.*)$`)

func (o *OLA) patch(device string, port, universe int, input bool) {
	o.t.Helper()
	info, err := o.command("ola_dev_info").CombinedOutput()
	if err != nil {
		o.t.Fatalf("ola_dev_info: %v: %s", err, info)
	}
	for _, m := range deviceLine.FindAllStringSubmatch(string(info), -1) {
		if !strings.HasPrefix(m[2], device) {
			continue
		}
		args := []string{"-d", m[1], "-p", strconv.Itoa(port), "-u", strconv.Itoa(universe)}
		if input {
			args = append(args, "-i")
		}
		if out, err := o.command("ola_patch", args...).CombinedOutput(); err != nil {
			o.t.Fatalf("ola_patch %v: %v: %s", args, err, out)
		}
		return
	}
	o.t.Fatalf("olad has no device %q:\n%s", device, info)
}

// Levels gives a universe's channels as OLA has them now.
func (o *OLA) Levels(universe int) ([]byte, error) {
	body, err := o.get(fmt.Sprintf("http://127.0.0.1:9090/get_dmx?u=%d", universe))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Dmx   []int  `json:"dmx"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("olad: %s", answer.Error)
	}
	b := make([]byte, len(answer.Dmx))
	for i, v := range answer.Dmx {
		b[i] = byte(v)
	}
	return b, nil
}

// get asks OLA's web server, which listens in its own namespace only.
func (o *OLA) get(url string) ([]byte, error) {
	if o.space != "" {
		return o.command(need(o.t, "curl", "curl"), "-s", "-m", "5", url).Output()
	}
	r, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// Set sets a universe's channels, for OLA to send.
func (o *OLA) Set(universe int, levels []byte) {
	o.t.Helper()
	var words []string
	for _, v := range levels {
		words = append(words, strconv.Itoa(int(v)))
	}
	if out, err := o.command("ola_set_dmx", "-u", strconv.Itoa(universe), "-d", strings.Join(words, ",")).CombinedOutput(); err != nil {
		o.t.Fatalf("ola_set_dmx: %v: %s", err, out)
	}
}

// Expect waits until OLA has these levels in a universe. What it has beyond
// them must be 0.
func (o *OLA) Expect(universe int, want []byte) {
	o.t.Helper()
	var got []byte
	var err error
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		if got, err = o.Levels(universe); err == nil && same(got, want) {
			return
		}
	}
	o.t.Fatalf("universe %d: olad has\n%v (%v), want\n%v\n%s", universe, got, err, want, o.log)
}

// same: OLA's HTTP server drops zeros at the end.
func same(got, want []byte) bool {
	for i := range max(len(got), len(want)) {
		var g, w byte
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return false
		}
	}
	return true
}
