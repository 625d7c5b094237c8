package fieldtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"testing"

	"noctiluca/shaders/kage/block"
)

// native is a field written in C (testdata/fields), built by gcc with all it
// may do, and run by a process of its own, for cgo is off.
type native struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out io.ReadCloser
}

// gccFlags are those for the vectors of a kernel set, and how many floats one
// has. Contraction to multiply-add and reciprocal estimates are allowed, which
// ours are not.
func gccFlags(set string) (flags []string, lanes int) {
	switch set {
	case "avx512":
		return []string{"-march=x86-64-v4", "-mtune=native", "-mprefer-vector-width=512"}, 16
	case "avx2":
		return []string{"-march=x86-64-v3", "-mtune=native"}, 8
	}
	return []string{"-march=native"}, 4
}

// startNative builds and starts the field, and gives it its inputs. It skips
// where there is no gcc.
func startNative(t testing.TB, name string, u *Fields, c cloud) *native {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("gcc is not on this machine, so there is no native code to compare with")
	}
	flags, lanes := gccFlags(block.Best().Name())
	program := filepath.Join(t.TempDir(), name)
	args := append([]string{"-O3", "-ffast-math", "-fopenmp-simd"}, flags...)
	args = append(args, fmt.Sprintf("-DLANES=%d", lanes), fmt.Sprintf("-DFIELD=%q", name+".c"), "-o", program, filepath.Join("testdata", "fields", "native.c"), "-lm")
	if out, err := exec.Command(gcc, args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	n := &native{cmd: exec.Command(program)}
	if n.in, err = n.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if n.out, err = n.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.in.Close(); n.cmd.Process.Kill(); n.cmd.Wait() })
	var b bytes.Buffer
	for _, v := range []any{u, int32(len(c.points.X)), c.points.X, c.points.Y, c.points.Z} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := n.in.Write(b.Bytes()); err != nil {
		t.Fatal(err)
	}
	return n
}

// run plays the points once: the nanoseconds that it took.
func (n *native) run(t testing.TB) int64 {
	if _, err := n.in.Write([]byte{'r'}); err != nil {
		t.Fatal(err)
	}
	var ns int64
	if err := binary.Read(n.out, binary.LittleEndian, &ns); err != nil {
		t.Fatal(err)
	}
	return ns
}

// light ends the process and reads what it gave last.
func (n *native) light(t testing.TB, count int) (out [4][]float32) {
	n.in.Close()
	for i := range out {
		out[i] = make([]float32, count)
		if err := binary.Read(n.out, binary.LittleEndian, out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
