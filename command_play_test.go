package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"noctiluca/devices/recording"
)

func TestRecordRenderAndPlay(t *testing.T) {
	dir := t.TempDir()
	show, again, live := filepath.Join(dir, "show.fseq"), filepath.Join(dir, "again.fseq"), filepath.Join(dir, "live.fseq")
	raw := filepath.Join(dir, "raw")
	for _, args := range [][]string{
		{"render", "forest", "--seconds", "0.5", "--crowd", "3", "--out", show},
		{"render", "forest", "--seconds", "0.5", "--crowd", "3", "--workers", "3", "--out", again},
		{"render", "forest", "--seconds", "0.5", "--crowd", "3", "--out", raw},
		{"record", "forest", "--for", "600ms", "--no-send", "--osc", "off", "--out", live},
	} {
		if code, _, stderr := cli(args...); code != done {
			t.Fatalf("%v: %d\n%s", args, code, stderr)
		}
	}
	a, _ := os.ReadFile(show)
	b, _ := os.ReadFile(again)
	if !bytes.Equal(a, b) {
		t.Error("two renders of one show differ")
	}
	// Frame 1 of the file, at 50 ms, is the third of the installation's 60 Hz.
	it, err := recording.OpenItem(show)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	frame := make([]byte, it.Reader.Channels)
	if err := it.Reader.Frame(1, frame); err != nil {
		t.Fatal(err)
	}
	whole, _ := os.ReadFile(raw)
	if size := len(whole) / 30; it.Reader.Count() != 20 || !bytes.Equal(frame, whole[2*size:3*size]) {
		t.Errorf("%d frames, or frame 1 is not what was rendered", it.Reader.Count())
	}
	code, stdout, stderr := cli("play", show, live, "--no-send", "--sound", "off", "--speed", "2")
	if code != done || !strings.Contains(stderr, "20 frames of 25 ms") || strings.Contains(stdout, "not read in time") {
		t.Errorf("play: %d\n%s%s", code, stdout, stderr)
	}
	os.WriteFile(filepath.Join(dir, "cut.fseq"), a[:len(a)-2000], 0o644)
	if code, _, stderr := cli("play", filepath.Join(dir, "cut.fseq"), "--no-send", "--for", "100ms"); code != done || !strings.Contains(stderr, "whole up to frame") {
		if !strings.Contains(stderr, "ends before its first frame") {
			t.Errorf("a file that was cut: %d\n%s", code, stderr)
		}
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"play", show, "--speed", "0"}, "speed"},
		{[]string{"play", show, "--from", "1h"}, "cannot be played from"},
		{[]string{"play", show, "--hours", "sunset..23:00"}, "--place"},
		{[]string{"play", show, "--hours", "evening"}, "FROM..TO"},
		{[]string{"play", show, "--channel", "nothing=5"}, `no output "nothing"`},
		{[]string{"play", show, "--sound", raw}, "sound is read from"},
		{[]string{"play", raw}, "the identifier"},
		{[]string{"record", "forest", "--out", live, "--no-send", "--osc", "off"}, "--replace"},
		{[]string{"record", "forest", "--out", filepath.Join(dir, "x.png")}, ".fseq"},
		{[]string{"render", "forest", "--out", show, "--step", "256"}, "1…255"},
	} {
		code, _, stderr := cli(c.args...)
		if code == done || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: %d, expected an error with %s\n%s", c.args, code, c.says, stderr)
		}
	}
}
