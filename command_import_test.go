package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportAndExport(t *testing.T) {
	dir := t.TempDir()
	table, folder := filepath.Join(dir, "pixels.csv"), filepath.Join(dir, "work")
	if code, _, stderr := cli("export", "forest", "-o", table); code != done {
		t.Fatal(stderr)
	}
	code, stdout, stderr := cli("import", table, "-o", folder)
	if code != done || !strings.Contains(stdout, "read as CSV") {
		t.Fatalf("%d\n%s%s", code, stdout, stderr)
	}
	if code, stdout, stderr := cli("check", folder); code != done || !strings.Contains(stdout, "13,682 pixels") {
		t.Errorf("check: %d\n%s%s", code, stdout, stderr)
	}
	bad := filepath.Join(dir, "bad.csv")
	os.WriteFile(bad, []byte("x,y\n1,b\n"), 0o644)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"import", table, "-o", folder}, "is there already"},
		{[]string{"import", bad}, `bad.csv:2: column y: "b": expected a number`},
		{[]string{"import", bad, "--unit", "league"}, "expected m, cm, mm"},
		{[]string{"import", bad, "--pitch", "-1"}, "--pitch"},
		{[]string{"export", "forest", "-o", "x.json"}, "--as fpp or --as opc"},
		{[]string{"export", "forest", "-o", "x.doc"}, "expected fpp, opc, csv or svg"},
	} {
		if code, _, stderr := cli(c.args...); code != badInput || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: %d, expected %s\n%s", c.args, code, c.says, stderr)
		}
	}
}
