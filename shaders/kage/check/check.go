package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// Limits of a file, each with its error. They are far above what a field
// needs, and keep any input from taking much time or memory.
const (
	maxSource   = 128 << 10 // bytes
	maxNesting  = 200       // brackets within brackets, operators before operators
	maxDepth    = 900       // expressions within expressions, statements within statements
	maxWords    = 1 << 12   // 32-bit words of a value
	maxTrips    = 1 << 16   // how often the body of one loop may run
	maxConstant = 512       // bits of a whole constant
)

// Check parses and checks a file. name stands in errors. The error is Errors:
// all the mistakes of the file.
func Check(name string, src []byte) (*File, error) {
	if len(src) > maxSource {
		f := &File{Name: name, Source: src}
		return nil, Errors{f.ErrorAt(token.NoPos, fmt.Sprintf("the file has %d bytes: at most %d are read", len(src), maxSource), "")}
	}
	f := &File{
		Name: name, Source: src, Fset: token.NewFileSet(),
		ByName: map[string]*Func{},
		Types:  make(map[ast.Expr]TypeAndValue, len(src)/10),
		Defs:   make(map[*ast.Ident]*Object, len(src)/40), Uses: make(map[*ast.Ident]*Object, len(src)/10),
		Loops: map[ast.Stmt]Loop{},
	}
	if errs := f.nesting(); len(errs) > 0 {
		return nil, errs
	}
	var errs Errors
	var err error
	f.Pixels, errs = f.unit()
	f.Syntax, err = parser.ParseFile(f.Fset, "", src, parser.AllErrors|parser.SkipObjectResolution)
	if err != nil {
		return nil, append(errs, f.syntaxErrors(err)...).sorted()
	}
	c := &checker{File: f, funcs: map[string]*Object{}, uniforms: map[string]*Object{}, errs: errs}
	c.file()
	if len(c.errs) > 0 {
		return nil, c.errs.sorted()
	}
	return f, nil
}

// nesting refuses what would take the parser's stack.
func (f *File) nesting() Errors {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(f.Source))
	s.Init(file, f.Source, func(token.Position, string) {}, 0)
	brackets, run := 0, 0
	last := token.ILLEGAL
	for {
		pos, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return nil
		case token.LPAREN, token.LBRACK, token.LBRACE:
			brackets++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			brackets = max(brackets-1, 0)
		}
		// Prefix operators, array types of array types and chains of else if
		// nest without any bracket that stays open.
		switch {
		case tok == token.IF && last == token.ELSE, tok.IsOperator() && tok != token.RPAREN && tok != token.RBRACE && tok != token.SEMICOLON && tok != token.COMMA && tok != token.PERIOD && last.IsOperator():
			run++
		case tok == token.SEMICOLON, tok == token.FUNC:
			run = 0
		}
		if brackets > maxNesting || run > 10*maxNesting {
			p := file.PositionFor(pos, false)
			e := f.ErrorAt(token.NoPos, fmt.Sprintf("nested too deeply: at most %d levels", maxNesting), "")
			e.Line, e.Column, e.Source = p.Line, p.Column, sourceLine(f.Source, p.Line)
			return Errors{e}
		}
		last = tok
	}
}

func (f *File) syntaxErrors(err error) Errors {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return Errors{f.ErrorAt(token.NoPos, err.Error(), "")}
	}
	var out Errors
	line := 0
	for _, e := range list[:min(len(list), maxErrors)] {
		if e.Pos.Line == line {
			continue // what follows from the first on its line
		}
		line = e.Pos.Line
		out = append(out, Error{File: f.Name, Line: e.Pos.Line, Column: e.Pos.Column, Message: e.Msg, Source: sourceLine(f.Source, e.Pos.Line)})
	}
	return out
}

var directive = regexp.MustCompile(`^[ \t\r\n]*//kage:unit\s+([^ \t\r\n]+)[ \t\r\n]*$`)

// unit reads the directive //kage:unit, which stands on a line of its own.
// Without it, or with texels, it is the legacy unit.
func (f *File) unit() (pixels bool, errs Errors) {
	first := 0
	line := 0
	for text := range strings.Lines(string(f.Source)) {
		line++
		m := directive.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		at := Error{File: f.Name, Line: line, Column: 1 + strings.Index(text, "//"), Source: sourceLine(f.Source, line)}
		switch {
		case first > 0:
			at.Message, at.Hint = "a second //kage:unit", fmt.Sprintf("there may be one, and one is on line %d", first)
			errs = append(errs, at)
		case m[1] == "pixels":
			pixels = true
		case m[1] != "texels":
			at.Message, at.Hint = fmt.Sprintf("//kage:unit %s", m[1]), "the unit is pixels, or texels"
			errs = append(errs, at)
		}
		first = max(first, line)
	}
	return pixels, errs
}

// checker holds what is known while a file is walked.
type checker struct {
	*File
	errs     Errors
	funcs    map[string]*Object
	uniforms map[string]*Object
	global   *scope
	scope    *scope
	fn       *Func // being checked
	fnObj    *Object
	loops    int // around the statement
	depth    int
}

// errorf reports a mistake. What is wrong because of another mistake has type
// Invalid, and nothing is said of it.
func (c *checker) errorf(pos token.Pos, hint, format string, args ...any) {
	if len(c.errs) < 2*maxErrors {
		c.errs = append(c.errs, c.ErrorAt(pos, fmt.Sprintf(format, args...), hint))
	}
}

// scope is a block of the source. As in Ebitengine a variable anywhere around
// is found before any constant.
type scope struct {
	outer  *scope
	vars   []*Object
	consts []*Object
	types  map[string]bool
}

func (c *checker) open() { c.scope = &scope{outer: c.scope} }

// close ends the scope. A local that nothing read is a mistake.
func (c *checker) close() {
	for _, v := range c.scope.vars {
		if !v.Used && v.Name != "_" {
			c.errorf(v.Pos, "use it, or assign to _", "%s is declared and not used", v.Name)
		}
	}
	c.scope = c.scope.outer
}

// declare adds a local variable.
func (c *checker) declare(id *ast.Ident, t Type) *Object {
	o := &Object{Kind: LocalObject, Name: id.Name, Type: t, Pos: id.Pos()}
	if t.Kind == Invalid {
		o.Used = true
	}
	c.scope.vars = append(c.scope.vars, o)
	c.Defs[id] = o
	return o
}

func find(list []*Object, name string) *Object {
	for _, o := range list {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// lookup finds what a name stands for; read says that its value is.
func (c *checker) lookup(name string, read bool) *Object {
	for s := c.scope; s != nil; s = s.outer {
		if o := find(s.vars, name); o != nil {
			o.Used = o.Used || read
			return o
		}
	}
	for s := c.scope; s != nil; s = s.outer {
		if o := find(s.consts, name); o != nil {
			return o
		}
	}
	if o := c.funcs[name]; o != nil {
		return o
	}
	if o := imageFuncs[name]; o != nil {
		return o
	}
	if o := c.uniforms[name]; o != nil {
		return o
	}
	return universe[name]
}

// known are all names that could stand at this place.
func (c *checker) known() []string {
	var names []string
	for s := c.scope; s != nil; s = s.outer {
		for _, o := range s.vars {
			names = append(names, o.Name)
		}
		for _, o := range s.consts {
			names = append(names, o.Name)
		}
	}
	return append(names, namesOf(c.uniforms, c.funcs, universe, imageFuncs)...)
}

// namesOf are the names in each of the maps, sorted within it.
func namesOf(maps ...map[string]*Object) []string {
	var names []string
	for _, m := range maps {
		at := len(names)
		for n := range m {
			names = append(names, n)
		}
		slices.Sort(names[at:])
	}
	return names
}

// enter counts a level of nesting; leave takes it back. Past the limit the
// expression or statement is refused.
func (c *checker) enter(pos token.Pos) bool {
	if c.depth++; c.depth <= maxDepth {
		return true
	}
	c.depth--
	c.errorf(pos, "write parts of it as variables or functions of their own", "nested too deeply: at most %d levels", maxDepth)
	return false
}

func (c *checker) leave() { c.depth-- }
