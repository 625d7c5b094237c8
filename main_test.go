package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"noctiluca/devices/emotibit"
	"noctiluca/devices/osc"
	"noctiluca/engine"
	"noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// cli runs the program in-process.
func cli(args ...string) (code int, stdout, stderr string) {
	var out, err safeBuffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

// safeBuffer may be written by the program's goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestExitCodes: 0 done, 1 failed, 2 bad usage or bad input, and a message
// that says what was wrong.
func TestExitCodes(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "installation.yaml")
	if err := os.WriteFile(broken, []byte("noctiluca: 1\nname: x\nfixtures:\n  - {name: a, kind: stripp}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, "preview"},
		{[]string{"--version"}, 0, "built by hand"},
		{[]string{"run", "--help"}, 0, "--for"},
		{[]string{"preview", "--help"}, 0, "--screenshot"},
		{[]string{"render", "--help"}, 0, "--seconds"},
		{[]string{"check", "--help"}, 0, "INSTALLATION"},
		{[]string{"send", "--help"}, 0, "--speed"},
		{[]string{"monitor", "--help"}, 0, "--listen"},
		{[]string{"completion", "bash"}, 0, "complete -o filenames"},
		{[]string{"completion", "zsh"}, 0, "#compdef noctiluca"},
		{[]string{"completion", "fish"}, 0, "forest"},
		{[]string{"check", "forest"}, 0, "universes"},
		{[]string{"check", "forrest"}, 2, "forest"},
		{[]string{"check", broken}, 2, "installation.yaml:4:"},
		{[]string{"paint"}, 2, "paint"},
		{[]string{"run", "--for", "soon"}, 2, "soon"},
		{[]string{"run", "forest", "--crowd", "-3"}, 2, "--crowd -3"},
		{[]string{"render", "forest", "--workers", "-1"}, 2, "--workers -1"},
		{[]string{"render", "forest", "--cpu", "mmx"}, 2, "mmx"},
		{[]string{"render", "forest", "--scene", "noon"}, 2, "noon"},
		{[]string{"render", "forest", "--seconds", "0"}, 1, "no frame"},
		{[]string{"render", "forest", "--seconds", "0.1", "--out", "/nowhere/x"}, 1, "/nowhere/x"},
		{[]string{"send", "nothing.csv"}, 2, "nothing.csv"},
		{[]string{"completion", "tcsh"}, 2, "tcsh"},
	} {
		code, out, err := cli(c.args...)
		if code != c.code || !strings.Contains(out+err, c.says) {
			t.Errorf("noctiluca %s: exit code %d, want %d; it should say %q:\n%s%s", strings.Join(c.args, " "), code, c.code, c.says, out, err)
		}
	}
}

// TestRenderIsTheSame with any number of workers, and not with another seed.
func TestRenderIsTheSame(t *testing.T) {
	hash := regexp.MustCompile(`SHA-256 ([0-9a-f]{64})`)
	get := func(args ...string) string {
		code, out, err := cli(append([]string{"render", "forest", "--seconds", "1", "--crowd", "5"}, args...)...)
		m := hash.FindStringSubmatch(out)
		if code != 0 || m == nil {
			t.Fatalf("exit code %d: %s%s", code, out, err)
		}
		return m[1]
	}
	want := get("--seed", "7", "--workers", "1")
	for _, w := range []string{"2", "7"} {
		if got := get("--seed", "7", "--workers", w); got != want {
			t.Errorf("%s workers: %s, one: %s", w, got, want)
		}
	}
	if get("--seed", "7", "--cpu", "go") != want {
		t.Error("the kernels in plain Go give other frames")
	}
	if get("--seed", "8") == want {
		t.Error("another seed gives the same frames")
	}
}

// forest opens the shipped forest.
func forest(t testing.TB, c engine.Config) (*installations.Installation, *engine.Engine) {
	t.Helper()
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	e, err := engine.New(inst, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return inst, e
}

// TestARecordedPersonMovesTheForest is the main job: a person's recorded
// signals go in over OSC, datagram by datagram over the loopback at the
// recording's own pace of the engine's time, and the light answers. Mean
// light must follow the arousal that was found, and differ from the same run
// with nobody there.
func TestARecordedPersonMovesTheForest(t *testing.T) {
	names, _ := filepath.Glob("../shared/data/emotibit/*.csv")
	if len(names) == 0 {
		t.Skip("a recorded person: ../shared/data/emotibit is missing")
	}
	rec, err := emotibit.Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	grams, _, err := rec.Datagrams(emotibit.Patchboard())
	if err != nil {
		t.Fatal(err)
	}
	inst, e := forest(t, engine.Config{Workers: 2})
	_, empty := forest(t, engine.Config{Workers: 2})

	now := time.Duration(0)
	var mu sync.Mutex
	clock := func() time.Duration { mu.Lock(); defer mu.Unlock(); return now }
	inst.Signals.OSC.Listen = "127.0.0.1:0"
	in, err := osc.Listen(inst.Signals, e.Signals().Names(), e.Signals(), osc.Options{Now: clock, Rate: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	go in.Run(t.Context())
	conn, err := net.Dial("udp", in.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()

	var light, quiet, arousal []float64
	sent, known := uint64(0), 0
	const tick = time.Second / 60
	for at := time.Duration(0); at < 70*time.Second; at += tick {
		mu.Lock()
		now = at
		mu.Unlock()
		for len(grams) > 0 && grams[0].At <= at {
			if _, err := conn.Write(grams[0].Data); err != nil {
				t.Fatal(err)
			}
			grams = grams[1:]
			sent++
		}
		// The engine's clock stands still until all of them have arrived.
		for limit := time.Now().Add(5 * time.Second); in.Counters().Received < sent; time.Sleep(20 * time.Microsecond) {
			if time.Now().After(limit) {
				t.Fatalf("%d of %d datagrams arrived", in.Counters().Received, sent)
			}
		}
		f, g := e.Step(at), empty.Step(at)
		c := e.Signals().Cell(-1)
		if at > 20*time.Second && at%(tick*6) == 0 {
			light, quiet = append(light, meanLight(f.RGB())), append(quiet, meanLight(g.RGB()))
			arousal = append(arousal, float64(c.Arousal))
			if c.ArousalConfidence > 0.05 {
				known++
			}
		}
		f.Release()
		g.Release()
	}
	people := e.Signals().People(nil)
	if len(people) != 1 {
		t.Fatalf("%d people: %v", len(people), people)
	}
	if known < len(light)/2 {
		t.Errorf("arousal was known in %d of %d instants", known, len(light))
	}
	diff := make([]float64, len(light))
	for i := range light {
		diff[i] = light[i] - quiet[i]
	}
	gain := mean(light)/mean(quiet) - 1
	t.Logf("mean light %.4f with the person, %.4f with nobody: %+.0f %%; correlation of the light with the arousal %.2f (arousal %.2f…%.2f)",
		mean(light), mean(quiet), 100*gain, correlation(diff, arousal), least(arousal), -least(negated(arousal)))
	if gain < 0.10 {
		t.Errorf("a person adds %.1f %% of light: not to be seen", 100*gain)
	}
	if r := correlation(diff, arousal); r < 0.5 {
		t.Errorf("the light follows the arousal with a correlation of %.2f, want over 0.5", r)
	}
}

func meanLight(r, g, b []float32) float64 {
	sum := 0.0
	for i := range r {
		sum += float64(r[i]) + float64(g[i]) + float64(b[i])
	}
	return sum / float64(3*len(r))
}

func mean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

func least(v []float64) float64 {
	m := v[0]
	for _, x := range v {
		m = min(m, x)
	}
	return m
}

func negated(v []float64) []float64 {
	n := make([]float64, len(v))
	for i := range v {
		n[i] = -v[i]
	}
	return n
}

// correlation is Pearson's r.
func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

// TestFloodAtARunningInstance: 100,000 random datagrams leave the program
// running, its frames coming, and a person who sends among them heard.
func TestFloodAtARunningInstance(t *testing.T) {
	port := freePort(t)
	ended := make(chan string)
	go func() {
		code, out, err := cli("run", "forest", "--for", "8s", "--no-send", "--osc", port)
		ended <- fmt.Sprintf("exit code %d\n%s%s", code, out, err)
	}()
	conn, err := net.Dial("udp", port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	time.Sleep(1500 * time.Millisecond)
	rng := rand.New(rand.NewPCG(1, 2))
	buf := make([]byte, 600)
	seeds := []string{"/zone/[1\x00,\x00\x00\x00", "#bundle\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x08/a\x00\x00,\x00\x00\x00", "/noctiluca/person/ada/hr\x00\x00\x00\x00,f\x00\x00\x42\x90\x00\x00", "/{a,b\x00\x00,\x00\x00\x00"}
	for i := range 100_000 {
		n := rng.IntN(len(buf))
		for k := 0; k < n; k += 8 {
			v := rng.Uint64()
			for j := k; j < min(k+8, n); j++ {
				buf[j] = byte(v >> (8 * (j - k)))
			}
		}
		if i%3 == 0 {
			n = copy(buf, seeds[rng.IntN(len(seeds))])
			buf[rng.IntN(n)] = byte(rng.Uint32())
		}
		_, _ = conn.Write(buf[:n]) // a full socket refuses some: that is its right
		if i%50 == 0 {
			time.Sleep(2 * time.Millisecond)
		}
	}
	said := <-ended
	if !strings.HasPrefix(said, "exit code 0") {
		t.Fatal(said)
	}
	seconds := regexp.MustCompile(`(?m)^ *(\d+)s +([0-9.]+) fps.*lost (\d+)`).FindAllStringSubmatch(said, -1)
	if len(seconds) < 6 {
		t.Fatalf("%d status lines:\n%s", len(seconds), said)
	}
	frames := 0.0
	for _, s := range seconds {
		var fps float64
		fmt.Sscan(s[2], &fps)
		frames += fps
	}
	t.Logf("%.1f frames a second in the mean; the last line: %s", frames/float64(len(seconds)), seconds[len(seconds)-1][0])
	if got := frames / float64(len(seconds)); got < 55 {
		t.Errorf("%.1f frames a second under the flood, want 60:\n%s", got, said)
	}
}

// freePort finds an address on the loopback that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().String()
}

// TestSendReachesARunningInstance: the two commands as a user would start
// them, with the recording at ten times its speed.
func TestSendReachesARunningInstance(t *testing.T) {
	names, _ := filepath.Glob("../shared/data/emotibit/*.csv")
	if len(names) == 0 {
		t.Skip("sending a recording: ../shared/data/emotibit is missing")
	}
	port := freePort(t)
	ended := make(chan string)
	go func() {
		code, out, err := cli("run", "forest", "--for", "9s", "--no-send", "--osc", port)
		ended <- fmt.Sprintf("exit code %d\n%s%s", code, out, err)
	}()
	time.Sleep(time.Second)
	code, out, errs := cli("send", names[0], "--to", port, "--speed", "10")
	if code != 0 {
		t.Fatalf("send: exit code %d: %s%s", code, out, errs)
	}
	said := <-ended
	if !strings.HasPrefix(said, "exit code 0") || !strings.Contains(said, "people 1") {
		t.Errorf("the running instance says:\n%s", said)
	}
}

// TestFrameAllocatesNothing holds for the whole forest with a crowd.
func TestFrameAllocatesNothing(t *testing.T) {
	_, e := forest(t, engine.Config{Workers: 2, Crowd: 7, Holders: 2})
	n := 0
	step := func() { n++; e.Step(time.Duration(n) * time.Second / 60).Release() }
	for range 900 {
		step()
	}
	if allocs := testing.AllocsPerRun(120, step); allocs != 0 {
		t.Errorf("a frame allocates %v times", allocs)
	}
}

func BenchmarkFrame(b *testing.B) {
	b.Run("forest", func(b *testing.B) {
		inst, e := forest(b, engine.Config{Workers: 1, Crowd: 7, Holders: 2})
		n := 0
		step := func() { n++; e.Step(time.Duration(n) * time.Second / 60).Release() }
		for range 600 {
			step()
		}
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			step()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(inst.Pixels.Count()), "ns/pixel")
	})
}

var _ osc.Sink = (*signal.Cells)(nil)
