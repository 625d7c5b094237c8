package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func holds(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q (%v), expected %q", name, got, err, want)
	}
}

// alone says that nothing else is in a folder.
func alone(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, expected %q", got, names)
	}
}

func say(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// TestWhole: a file is there when it is finished and not before, and what
// breaks off leaves what was there.
func TestWhole(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "a.png")
	if err := Write(name, say("first")); err != nil {
		t.Fatal(err)
	}
	holds(t, name, "first")

	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "half")
	holds(t, name, "first")
	f.Abandon()
	f.Abandon()
	holds(t, name, "first")
	alone(t, folder, "a.png")

	broken := errors.New("it broke")
	err = Write(name, func(w io.Writer) error { io.WriteString(w, "half"); return broken })
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), name) {
		t.Errorf("the error is %v", err)
	}
	holds(t, name, "first")

	if err := Write(name, say("second")); err != nil {
		t.Fatal(err)
	}
	holds(t, name, "second")
	alone(t, folder, "a.png")
}

// TestRightsAndLinks: a file keeps its rights, and a link stays a link.
func TestRightsAndLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has neither")
	}
	folder := t.TempDir()
	name, link := filepath.Join(folder, "a"), filepath.Join(folder, "b")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	os.Chmod(name, 0o646)
	if err := os.Symlink("a", link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, say("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, name, "new")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is none any more")
	}
	if info, _ := os.Stat(name); info.Mode().Perm() != 0o646 {
		t.Errorf("its rights are %v now", info.Mode())
	}
	alone(t, folder, "a", "b")
}

// TestDevice: what is no file is written to as it is, and stays.
func TestDevice(t *testing.T) {
	if err := Write(os.DevNull, say("gone")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Error("the device became a file")
	}
}

// TestNamesTheFile: an error names the file that was asked for, and not the
// one that would have been beside it.
func TestNamesTheFile(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "not", "there.pdf")
	for _, name := range []string{name, folder} {
		err := Write(name, say("x"))
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), ".part") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
