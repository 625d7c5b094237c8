package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rooms is who may import whom, as docs/architecture.md has it.
var rooms = map[string][]string{
	"devices":       {"devices", "engine", "installations", "assets", "shaders"},
	"engine":        {"engine", "shaders", "installations", "assets"},
	"shaders":       {"shaders"},
	"installations": {"installations", "assets"},
	"assets":        {"assets"},
}

// TestRooms holds the house to its plan: nobody imports upwards, only the
// window knows Ebitengine, and the engine opens no file or socket and has no
// clock.
func TestRooms(t *testing.T) {
	files := token.NewFileSet()
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "testdata" || name == "build" || strings.HasPrefix(name, ".") && name != "." {
				return filepath.SkipDir
			}
			return nil
		}
		room, _, inside := strings.Cut(filepath.ToSlash(path), "/")
		if !inside || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		if f.Name.Name == "main" { // generators
			return nil
		}
		may, known := rooms[room]
		if !known {
			t.Errorf("%s: there is no room %s", path, room)
		}
		screen := strings.HasPrefix(filepath.ToSlash(path), "devices/screen/")
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			from := files.Position(spec.Pos())
			if to, ours := strings.CutPrefix(name, "noctiluca/"); ours {
				other, _, _ := strings.Cut(to, "/")
				allowed := false
				for _, m := range may {
					allowed = allowed || m == other
				}
				if !allowed {
					t.Errorf("%v: %s imports %s, which is not below it", from, room, name)
				}
			}
			if strings.HasPrefix(name, "github.com/hajimehoshi/ebiten") && !screen {
				t.Errorf("%v: only devices/screen knows Ebitengine", from)
			}
			if room == "engine" && (name == "net" || strings.HasPrefix(name, "net/") || name == "os" || strings.HasPrefix(name, "os/") || name == "syscall") {
				t.Errorf("%v: the engine imports %s: it has no files and no sockets", from, name)
			}
			if name == "unsafe" || name == "C" {
				// Assembly is handed pointers; nothing else of the engine has any.
				kernels, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.s"))
				if room == "engine" && len(kernels) == 0 || name == "C" {
					t.Errorf("%v: imports %s", from, name)
				}
			}
		}
		if room == "engine" {
			ast.Inspect(f, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if x, is := asIdent(s, ok); is && x == "time" {
					switch s.Sel.Name {
					case "Now", "Since", "Until", "Sleep", "After", "Tick", "NewTicker", "NewTimer", "AfterFunc":
						t.Errorf("%v: time.%s: the engine has no clock", files.Position(s.Pos()), s.Sel.Name)
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
}

func asIdent(s *ast.SelectorExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	x, is := s.X.(*ast.Ident)
	if !is {
		return "", false
	}
	return x.Name, true
}
