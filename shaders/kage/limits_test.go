package kage

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/kagetest"
)

func light(body string) string {
	return "package field\n\nvar N int\nvar X float\n\nfunc Light(p vec3) vec4 {\n" + body + "\n\treturn vec4(p, 1)\n}\n"
}

// doubling is functions that each call the one before twice.
func doubling(n int) string {
	s := "package field\n\nfunc f0(x float) float { return sin(x) * 0.5 }\n"
	for i := range n {
		s += fmt.Sprintf("func f%d(x float) float { return f%d(x + %d) + f%d(x * 0.%d) }\n", i+1, i, i, i, i+1)
	}
	return s + fmt.Sprintf("func Light(p vec3) vec4 { return vec4(f%d(p.x)) }\n", n)
}

// Files that ask for more than a field may: each is refused, with the limit
// named, and without taking the machine's memory on the way.
var greedy = []struct{ name, text, want string }{
	{"too long", light(strings.Repeat("// a comment that says nothing\n", 5000)), "bytes: at most"},
	{"brackets", light("_ = " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)), "nested too deeply"},
	{"blocks", light(strings.Repeat("{", 5000) + strings.Repeat("}", 5000)), "nested too deeply"},
	{"signs", light("_ = " + strings.Repeat("- ", 30000) + "1"), "nested too deeply"},
	{"array types", light("var a " + strings.Repeat("[1]", 20000) + "float"), "nested too deeply"},
	{"else if", light("if p.x > 0 {}" + strings.Repeat(" else if p.x > 1 {}", 5000)), "nested too deeply"},
	{"a long sum", light("x := p.x" + strings.Repeat(" + p.y", 15000) + "\n_ = x"), "nested too deeply"},
	{"selectors", light("_ = p" + strings.Repeat(".xyz", 20000)), "nested too deeply"},
	{"doubling calls", doubling(40), "too large"},
	{"constants that double", light("const a0 = 1 << 500\n" + chain("const a%d = a%d * a%d\n", 40)), "bits"},
	{"a constant of many digits", light("_ = 1" + strings.Repeat("0", 100000)), "bits"},
	{"a shift", light("_ = 1 << 100000000"), "shifted by"},
	{"an array", light("var a [100000000]vec4\n_ = a"), "too large"},
	{"uniform arrays", "package f\nvar A [1000]vec4\nvar B [1000]vec4\nfunc Light(p vec3) vec4 { return A[0] + B[0] }", "room for"},
	{"a loop that never ends", light("for i := 0; i < 10; i += 0 {\n}"), "more than"},
	{"a long loop", light("for i := 0; i < 100000000; i++ {\n}"), "more than"},
	{"loops in loops", light("x := p.x\n" + strings.Repeat("for i := 0; i < 60000; i++ {\n", 150) + "x += sin(x)" + strings.Repeat("}\n", 150) + "\n_ = x"), ""},
	{"arrays that all live", light("var a [512]vec4\n" + chain2("a[%d] = vec4(sin(p.x*%d))\n", 512) + "for i := 0; i < 60000; i++ {\na[i&511] += a[(i*7)&511]\n}\np.x += a[N].x + a[N].y + a[N].z"), "at once for each point"},
	{"an array at an index that varies, often", light("var a [1000]float\n" + strings.Repeat("a[int(p.x)] += a[int(p.y)]\n", 1500) + "p.x = a[3]"), "too large"},
	{"many mistakes", light(strings.Repeat("q = r\n", 20000)), "not known"},
}

func chain(format string, n int) string {
	s := ""
	for i := range n {
		s += fmt.Sprintf(format, i+1, i, i)
	}
	return s
}

func chain2(format string, n int) string {
	s := ""
	for i := range n {
		s += fmt.Sprintf(format, i, i)
	}
	return s
}

// TestLimits: every limit has its error, and what is refused took less than
// 256 MiB; all that was allocated is counted, also what was freed again.
func TestLimits(t *testing.T) {
	for _, c := range greedy {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Compile("greedy.kage", []byte(c.text))
		runtime.ReadMemStats(&after)
		took := (after.TotalAlloc - before.TotalAlloc) >> 20
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %.300v, wanted an error that says %q", c.name, err, c.want)
		}
		t.Logf("%s: %d MiB", c.name, took)
		if took > 256 {
			t.Errorf("%s: %d MiB were allocated", c.name, took)
		}
	}
}

// FuzzCompile: no text makes the compiler panic, and what it makes can be run.
func FuzzCompile(f *testing.F) {
	for _, glob := range []string{"../*.kage", "testdata/*.kage", "check/testdata/*.kage"} {
		files, _ := filepath.Glob(glob)
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				f.Add(string(text))
			}
		}
	}
	for seed := range uint64(20) {
		f.Add(kagetest.Generate(seed, kagetest.Style{}))
	}
	f.Fuzz(func(t *testing.T, text string) {
		field, err := Compile("fuzz.kage", []byte(text))
		if err != nil {
			if len(err.Error()) == 0 {
				t.Error("an error that says nothing")
			}
			return
		}
		if err := field.Program().Validate(); err != nil {
			t.Error(err)
		}
		if field.Report().Insts < 2000 {
			field.NewState(block.Best())
		}
	})
}
