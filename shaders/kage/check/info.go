// Package check is the front end of the Kage compiler: it parses a file with
// go/parser, resolves every name, gives every expression its type and every
// constant expression its value, and refuses what Kage refuses, each error
// with file, line, column and what was expected. Its result is to lowering
// what go/types is to a Go compiler.
package check

import (
	"go/ast"
	"go/constant"
	"go/token"
)

// Kind is the kind of a type.
type Kind uint8

// The kinds. Untyped kinds occur only on constant expressions before a use
// gave them a type; Info.Types holds the final, typed kind wherever a use did.
const (
	Invalid Kind = iota
	Bool
	Int
	Float
	Vec2
	Vec3
	Vec4
	IVec2
	IVec3
	IVec4
	Mat2
	Mat3
	Mat4
	Array // of Type.Elem, Type.Len of them
	Tuple // several results of a call
	None  // a call without results
	UntypedBool
	UntypedInt
	UntypedFloat
)

// Type is a Kage type. Named types (type X vec2) are resolved to what they
// stand for only where Kage does so; Name is empty for the predeclared ones.
// Types are comparable with ==.
type Type struct {
	Kind Kind
	Elem Kind   // of an Array
	Len  int    // of an Array
	Name string // of a named type
}

// ObjectKind says what a name stands for.
type ObjectKind uint8

// What a name can stand for.
const (
	ConstObject ObjectKind = iota
	UniformObject
	LocalObject // locals, parameters and named results
	FuncObject
	TypeObject
	BuiltinObject
)

// Object is something that has a name.
type Object struct {
	Kind  ObjectKind
	Name  string
	Type  Type
	Pos   token.Pos
	Value constant.Value // of a constant
	Func  *Func          // of a function
	Used  bool

	counter bool // of a loop: it cannot be assigned
}

// TypeAndValue is what is known of an expression.
type TypeAndValue struct {
	Type  Type
	Value constant.Value // non-nil for constant expressions (bool, int, float), converted to Type
	// IsType: the expression denotes a type, so a call of it is a conversion.
	IsType bool
	// Results holds the types of a call with several results (Type.Kind is Tuple).
	Results []Type
}

// Func is one function.
type Func struct {
	Name    string
	Decl    *ast.FuncDecl
	Params  []*Object
	Results []*Object // named or not; a result without a name has Name ""
	Calls   []*Func   // functions it calls, each once
}

// File is a checked Kage file.
type File struct {
	Name     string
	Source   []byte
	Fset     *token.FileSet
	Syntax   *ast.File
	Pixels   bool    // //kage:unit pixels
	Entry    string  // where it is entered: Light, or Fragment
	Images   [4]bool // which source images it samples
	Pictures bool    // it calls a function on images
	Uniforms []*Object
	Funcs    []*Func // callees before callers
	ByName   map[string]*Func

	Types map[ast.Expr]TypeAndValue
	Defs  map[*ast.Ident]*Object // at the declaration
	Uses  map[*ast.Ident]*Object // at each use
	// Bounds of for statements with constant bounds, and of range loops.
	Loops map[ast.Stmt]Loop
}

// Loop is a for statement whose trip count is known.
type Loop struct {
	Var   *Object // the counter; nil for `for range N`
	Init  constant.Value
	Delta constant.Value
	Count int     // how often the body runs when nothing breaks
	Range *Object // with a range over an array: the element variable, or nil
}
