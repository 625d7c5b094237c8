package life

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// cloud is a layer made for tests: n pixels on a wavy strip and on a grid,
// and two cells.
func cloud(n int, seed uint64) Config {
	c := Config{Seed: seed, Cells: []Place{{At: [3]float32{0.5, 0, 0}, Radius: 1}, {At: [3]float32{4, 0, 1}, Radius: 1.5}}}
	for i := range n {
		k := i / 2
		if i%2 == 0 {
			c.X, c.Y, c.Z = append(c.X, float32(k)*0.01), append(c.Y, float32(k%17)*0.003), append(c.Z, float32(k%5)*0.01)
		} else {
			c.X, c.Y, c.Z = append(c.X, float32(k%60)*0.05), append(c.Y, 0), append(c.Z, 1+float32(k/60)*0.05)
		}
	}
	return c
}

// story is people who come, wake, fall into step, split and go.
func story(tick int) *Influence {
	in := &Influence{Seconds: 1.0 / 60, Cells: make([]Cell, 2)}
	s := float32(tick%1200) / 60
	if s > 2 {
		in.Presence, in.Arousal, in.Coherence = 1, 0.2+float32(s*0.03), float32(s/20)
		in.Cells[0] = Cell{Presence: 1, Arousal: in.Arousal, Beat: 1 - float32(tick%50)/50}
		if s < 3 {
			in.Cells[0].Touch = 3 - s
		}
	}
	if s > 10 {
		in.Fragmentation = 0.7
		in.Cells[1] = Cell{Presence: 0.8, Arousal: -0.5, Beat: 1 - float32(tick%60)/60}
	}
	return in
}

func made(t testing.TB, name string, c Config) Life {
	l, err := New(name, c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// digest of all that a life remembers and shows.
func digest(l Life) uint64 {
	h := fnv.New64a()
	h.Write(Save(nil, l))
	for _, v := range l.State() {
		for _, x := range v {
			b := math.Float32bits(x)
			h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
		}
	}
	return h.Sum64()
}

// TestEveryLife: seeded, within its range, without allocation, and saved and
// restored to the bit.
func TestEveryLife(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			a, b := made(t, name, cloud(1500, 1)), made(t, name, cloud(1500, 1))
			other := made(t, name, cloud(1500, 2))
			for tick := range 700 {
				in := story(tick)
				a.Step(in)
				other.Step(in)
				if tick < 450 {
					b.Step(in)
				}
			}
			saved := Save(nil, b)
			c := made(t, name, cloud(1500, 1))
			for tick := range 40 {
				c.Step(story(tick))
			}
			if err := Restore(c, saved); err != nil {
				t.Fatal(err)
			}
			for tick := 450; tick < 700; tick++ {
				c.Step(story(tick))
			}
			if digest(a) != digest(c) {
				t.Error("saved and restored, it goes on otherwise")
			}
			if digest(a) == digest(other) {
				t.Error("another seed is the same life")
			}
			lit := 0
			for k, v := range a.State() {
				for i, x := range v {
					if !(x >= -1 && x <= 1) {
						t.Fatalf("pixel %d: value %d is %v", i, k, x)
					}
					if k == 0 && x < 0 {
						t.Fatalf("pixel %d: light %v", i, x)
					}
					if x != 0 {
						lit++
					}
				}
			}
			if lit == 0 {
				t.Error("it gives nothing")
			}
			in := story(800)
			if n := testing.AllocsPerRun(20, func() { a.Step(in) }); n != 0 {
				t.Errorf("Step allocates %v times", n)
			}
			if err := Restore(c, saved[:len(saved)-1]); err == nil {
				t.Error("a short save is taken")
			}
			if err := Restore(c, append(saved, 0)); err == nil {
				t.Error("a long save is taken")
			}
			// None minds a layer without pixels, or of one.
			for _, n := range []int{0, 1, 3} {
				l := made(t, name, cloud(n, 3))
				for tick := range 200 {
					l.Step(story(tick))
				}
			}
		})
	}
}

// TestAnyInfluence: whatever people feel, at any rate of frames, values stay
// in their range and are numbers.
func TestAnyInfluence(t *testing.T) {
	for _, name := range Names() {
		for _, hz := range []float32{20, 60, 240} {
			l := made(t, name, cloud(300, 5))
			rng := rand.New(rand.NewPCG(1, 2))
			for range 400 {
				in := &Influence{Seconds: 1 / hz, Arousal: 2*rng.Float32() - 1, Presence: rng.Float32(), Coherence: rng.Float32(), Fragmentation: rng.Float32(), Cells: make([]Cell, rng.IntN(4))}
				for i := range in.Cells {
					in.Cells[i] = Cell{Presence: rng.Float32(), Arousal: 2*rng.Float32() - 1, Valence: 2*rng.Float32() - 1, Beat: rng.Float32(), Touch: rng.Float32()}
				}
				if rng.IntN(3) == 0 {
					in.Drive = make([]float32, 300)
					for i := range in.Drive {
						in.Drive[i] = rng.Float32()
					}
				}
				l.Step(in)
			}
			for k, v := range l.State() {
				for i, x := range v {
					if !(x >= -1.5 && x <= 1.5) {
						t.Fatalf("%s at %v Hz: pixel %d, value %d is %v", name, hz, i, k, x)
					}
				}
			}
		}
	}
}

func TestMix(t *testing.T) {
	c := cloud(800, 4)
	l, err := NewMix([]Part{
		{Name: "front", Life: "waves", Gives: "--x-"},
		{Life: "plankton", Drive: "front", Gives: "xy--"},
		{Life: "fireflies", Gives: "x--z", Settings: map[string]float64{"spacing": 10}},
	}, c)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := NewMix([]Part{{Name: "front", Life: "waves", Gives: "--x-"}, {Life: "plankton", Drive: "front", Gives: "xy--"}, {Life: "fireflies", Gives: "x--z", Settings: map[string]float64{"spacing": 10}}}, c)
	for tick := range 600 {
		l.Step(story(tick))
	}
	if err := Restore(again, Save(nil, l)); err != nil || digest(again) != digest(l) {
		t.Errorf("restored it differs: %v", err)
	}
	seen := [4]bool{}
	for k, v := range l.State() {
		for _, x := range v {
			seen[k] = seen[k] || x > 0
			if x < 0 || x > 1 {
				t.Fatal("out of range")
			}
		}
	}
	if seen != [4]bool{true, true, true, true} {
		t.Errorf("gives %v", seen)
	}
	if n := testing.AllocsPerRun(10, func() { l.Step(story(5)) }); n > 2 { // the story itself makes two
		t.Errorf("allocates %v", n)
	}
	for _, bad := range [][]Part{
		{{Life: "moss"}}, {{Life: "waves", Gives: "xy"}}, {{Life: "waves", Gives: "abcd"}}, {{Life: "waves", Drive: "later"}},
		{{Life: "waves", Settings: map[string]float64{"speed": -1}}}, {{Life: "waves", Settings: map[string]float64{"sped": 1}}},
	} {
		if _, err := NewMix(bad, c); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

// TestSameOnArm runs this package's lives on an emulated arm64 and compares
// what they remember, to the bit.
func TestSameOnArm(t *testing.T) {
	var b strings.Builder
	for _, name := range Names() {
		l := made(t, name, cloud(1500, 9))
		for tick := range 300 {
			l.Step(story(tick))
		}
		b.WriteString(name + " " + hex(digest(l)) + "\n")
	}
	if file := os.Getenv("NOCTILUCA_LIFE_DIGESTS"); file != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("comparing with arm64: this is the other side")
	}
	qemu, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		t.Skip("comparing with arm64: qemu-aarch64-static is missing (Debian: qemu-user-static)")
	}
	dir := t.TempDir()
	build := exec.Command("go", "test", "-c", "-o", filepath.Join(dir, "life.test"), ".")
	build.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	there := filepath.Join(dir, "digests")
	run := exec.Command(qemu, filepath.Join(dir, "life.test"), "-test.run", "^TestSameOnArm$")
	run.Env = append(os.Environ(), "NOCTILUCA_LIFE_DIGESTS="+there)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, err := os.ReadFile(there)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("amd64:\n%sarm64:\n%s", b.String(), got)
	}
}

func hex(v uint64) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 16)
	for i := range b {
		b[15-i] = digits[v>>(4*i)&15]
	}
	return string(b)
}

func BenchmarkLife(b *testing.B) {
	for _, name := range Names() {
		b.Run(name, func(b *testing.B) {
			l := made(b, name, cloud(12000, 1))
			var ins []*Influence
			for tick := range 1200 {
				ins = append(ins, story(tick))
			}
			for tick := range 300 {
				l.Step(ins[tick])
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				l.Step(ins[(300+i)%1200])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/12000, "ns/pixel")
		})
	}
}
