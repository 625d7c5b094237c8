package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompletion asks bash itself what it completes.
func TestCompletion(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here")
	}
	_, script, _ := cli("completion", "bash")
	file := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"noctiluca mi":                "midi",
		"noctiluca midi l":            "list learn",
		"noctiluca midi learn --take": "--takeover",
		"noctiluca export fo":         "forest",
		"noctiluca safety report ti":  "tide",
		"noctiluca preview --no-m":    "--no-midi",
		"noctiluca completion z":      "zsh",
	} {
		words := strings.Fields(line)
		ask := exec.Command(bash, "--norc", "-c", `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _noctiluca; echo "${COMPREPLY[*]}"`, "bash", file)
		ask.Args = append(ask.Args, words...)
		ask.Dir = t.TempDir()
		got, err := ask.Output()
		if err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%s: %q (%v), expected %q", line, got, err, want)
		}
	}
}
