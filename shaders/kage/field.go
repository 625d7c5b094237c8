package kage

import (
	"errors"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/lower"
)

// Field is a compiled field: immutable, and safe for use by any number of
// goroutines.
type Field struct {
	file     *check.File
	low      *lower.Result
	uniforms []Uniform
	life     bool
	pixel    bool
}

// Compile compiles a field, the text of a Kage file with a function Light.
// file stands in the errors. The error is check.Errors, all the mistakes of
// the file in the order of their places.
func Compile(file string, text []byte) (*Field, error) {
	checked, err := check.Check(file, text)
	if err != nil {
		return nil, err
	}
	low, err := lower.Lower(checked, checked.Entry, lower.Options{})
	if err != nil {
		var limit *lower.Error
		if errors.As(err, &limit) {
			if !limit.Pos.IsValid() {
				limit.Pos = checked.ByName[checked.Entry].Decl.Name.Pos()
			}
			return nil, check.Errors{checked.ErrorAt(limit.Pos, limit.Msg, "")}
		}
		return nil, err
	}
	f := &Field{file: checked, low: low}
	for _, u := range low.Uniforms {
		f.uniforms = append(f.uniforms, Uniform{Name: u.Object.Name, Type: u.Object.Type, Offset: u.Offset, Words: u.Words})
	}
	for _, in := range low.Inputs {
		f.life = f.life || in >= lifeInput && in < pixelInput
		f.pixel = f.pixel || in >= pixelInput
	}
	return f, nil
}

// The components of Light's parameters p, life and pixel, counted through all.
const (
	lifeInput  = 3
	pixelInput = 7
)

// Uniforms are what the field declares, in the order of their words. The
// slice is shared: it must not be changed.
func (f *Field) Uniforms() []Uniform { return f.uniforms }

// ReadsLife reports whether the light depends on the pixel's life.
func (f *Field) ReadsLife() bool { return f.life }

// ReadsPixel reports whether the light depends on which pixel it is.
func (f *Field) ReadsPixel() bool { return f.pixel }

// Program is what the field was compiled to.
func (f *Field) Program() *block.Program { return f.low.Program }

// Report counts what the compiler did.
func (f *Field) Report() lower.Report { return f.low.Report }

// State is what one goroutine needs to play a field: its uniforms, and the
// memory of its program. States of one field are independent.
type State struct {
	field *Field
	run   *block.State
	words []uint32
	in    [][]float32
	out   [4][]float32
}

// NewState makes a state that runs on the kernels k.
func (f *Field) NewState(k *block.Kernels) *State {
	p := f.low.Program
	s := &State{field: f, run: p.NewState(k), words: make([]uint32, p.Words)}
	for _, a := range p.Inputs {
		s.in = append(s.in, s.run.Block(a))
	}
	for i, a := range p.Outputs {
		s.out[i] = s.run.Block(a)
	}
	s.Begin()
	return s
}

// Words are the uniforms, to be set before Begin: a float is its IEEE bits, an
// int its two's complement, a bool is true unless 0; vectors, matrices (by
// column) and arrays are one component after another.
func (s *State) Words() []uint32 { return s.words }

// Begin begins a frame: it takes the uniforms and computes what is the same
// at every point.
func (s *State) Begin() {
	first := s.field.low.Program.Uniforms
	for i, w := range s.words {
		s.run.SetScalar(first+i, w)
	}
	s.run.Prologue()
}

// Light asks the field for its light at points, as many as out.R is long.
func (s *State) Light(points Points, out Light) {
	which := s.field.low.Inputs
	for at := 0; at < len(out.R); at += block.Size {
		n := min(block.Size, len(out.R)-at)
		for i, component := range which {
			var from []float32
			switch {
			case component == 0:
				from = points.X
			case component == 1:
				from = points.Y
			case component == 2:
				from = points.Z
			case component < pixelInput:
				from = points.Life[component-lifeInput]
			default:
				from = points.Pixel[component-pixelInput]
			}
			if from == nil { // an input that is not there is dark
				clear(s.in[i][:n])
				continue
			}
			copy(s.in[i][:n], from[at:at+n])
		}
		s.run.Run(n)
		copy(out.R[at:at+n], s.out[0])
		copy(out.G[at:at+n], s.out[1])
		copy(out.B[at:at+n], s.out[2])
		copy(out.A[at:at+n], s.out[3])
	}
}
