package safety_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"noctiluca/devices/output"
	"noctiluca/engine/safety"
)

// TestItCannotBePassedBy: a device takes only a *safety.Frame; nothing outside
// this package can put light into one, or makes one at all.
func TestItCannotBePassedBy(t *testing.T) {
	frame := reflect.TypeFor[safety.Frame]()
	for i := range frame.NumField() {
		if frame.Field(i).IsExported() {
			t.Errorf("Frame.%s can be set by anybody", frame.Field(i).Name)
		}
	}
	send, _ := reflect.TypeFor[output.Sender]().MethodByName("Send")
	if send.Type.NumIn() != 1 || send.Type.In(0) != reflect.TypeFor[*safety.Frame]() {
		t.Errorf("a device takes %v, not a *safety.Frame alone", send.Type)
	}
	// What this package hands out: only Stage.Make, and holders of what it made.
	pointer := reflect.TypeFor[*safety.Frame]()
	for _, of := range []reflect.Type{pointer, reflect.TypeFor[*safety.Stage](), reflect.TypeFor[*safety.Pool]()} {
		for i := range of.NumMethod() {
			m := of.Method(i)
			for k := range m.Type.NumOut() {
				if name := of.Elem().Name() + "." + m.Name; m.Type.Out(k) == pointer && name != "Stage.Make" && name != "Frame.Retain" {
					t.Errorf("%s gives a Frame: only Stage.Make may make one", name)
				}
			}
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "build" || name == filepath.Join(root, "engine", "safety")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		for _, problem := range passesBy(t, name, text) {
			t.Error(problem)
		}
		return nil
	})
	if err != nil || files < 50 {
		t.Errorf("%d files read: %v", files, err)
	}
	// The search itself finds what it is to find.
	for _, bad := range []string{"var f safety.Frame", "var f = safety.Frame{}", "var f = &safety.Frame{}", "var f = new(safety.Frame)", "type mine safety.Frame", "type mine struct{ safety.Frame }", "var p = []safety.Frame{{}}"} {
		if len(passesBy(t, "bad.go", []byte("package x\nimport \"noctiluca/engine/safety\"\n"+bad+"\n"))) == 0 {
			t.Errorf("not found: %s", bad)
		}
	}
	if p := passesBy(t, "good.go", []byte("package x\nimport s \"noctiluca/engine/safety\"\nfunc f(a *s.Frame) []*s.Frame { return []*s.Frame{a} }\n")); len(p) > 0 {
		t.Error(p)
	}
}

// passesBy finds where a file has a Frame that is not behind a pointer.
func passesBy(t *testing.T, name string, text []byte) []string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	alias := ""
	for _, i := range file.Imports {
		if path, _ := strconv.Unquote(i.Path.Value); path == "noctiluca/engine/safety" {
			alias = "safety"
			if i.Name != nil {
				alias = i.Name.Name
			}
		}
	}
	if alias == "" {
		return nil
	}
	if alias == "." {
		return []string{name + ": imports engine/safety into its own names"}
	}
	isFrame := func(e ast.Expr) bool {
		s, ok := e.(*ast.SelectorExpr)
		if !ok || s.Sel.Name != "Frame" {
			return false
		}
		x, ok := s.X.(*ast.Ident)
		return ok && x.Name == alias
	}
	pointed := map[ast.Expr]bool{}
	var problems []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr:
			pointed[n.X] = true
		case *ast.IndexExpr: // a type argument, as of TypeFor
			pointed[n.Index] = true
		case *ast.SelectorExpr:
			if isFrame(n) && !pointed[n] {
				problems = append(problems, set.Position(n.Pos()).String()+": has a safety.Frame of its own: only engine/safety makes them")
			}
		}
		return true
	})
	return problems
}
