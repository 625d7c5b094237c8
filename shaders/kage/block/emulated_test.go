//go:build !arm64

package block

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNEONByEmulation runs this package's own tests of the kernels and the
// machine on an emulated arm64, so that the NEON kernels are held to the same
// bits on every machine that the tests run on.
func TestNEONByEmulation(t *testing.T) {
	emulator, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		t.Skip("qemu-aarch64-static is not on this machine (Debian: qemu-user-static)")
	}
	program := filepath.Join(t.TempDir(), "block.test")
	build := exec.Command("go", "test", "-c", "-o", program, ".")
	build.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go test -c for arm64: %v\n%s", err, out)
	}
	t.Parallel()
	out, err := exec.Command(emulator, program, "-test.v", "-test.run", "TestKernels|TestLengths|TestPacking|TestLoop|TestScalars|TestEvery|TestNoAllocation|FuzzPrograms/neon|seed").CombinedOutput()
	if err != nil {
		t.Fatalf("on arm64: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "--- PASS: TestKernelsEqualReference/neon") {
		t.Errorf("the NEON kernels were not tested:\n%s", out)
	}
}
