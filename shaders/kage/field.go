package kage

import (
	"errors"
	"math"

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
	shows    bool // its entry is Fragment
}

// Compile compiles a field: the text of a Kage file with a function Light, or
// with a Fragment, which is a picture. file stands in the errors. The error is
// check.Errors, all the mistakes of the file in the order of their places.
//
// A picture's colours are what a program for a screen gives, sRGB; the field
// gives them as linear light, held to 0…1.
func Compile(file string, text []byte) (*Field, error) { return compile(file, text, true) }

// CompileRaw is Compile, but a picture's colours are given as they are.
func CompileRaw(file string, text []byte) (*Field, error) { return compile(file, text, false) }

func compile(file string, text []byte, linear bool) (*Field, error) {
	checked, err := check.Check(file, text)
	if err != nil {
		return nil, err
	}
	low, err := lower.Lower(checked, checked.Entry, lower.Options{Display: linear && checked.Entry == "Fragment"})
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
	f := &Field{file: checked, low: low, shows: checked.Entry == "Fragment"}
	for _, u := range low.Uniforms {
		f.uniforms = append(f.uniforms, Uniform{Name: u.Object.Name, Type: u.Object.Type, Offset: u.Offset, Words: u.Words})
	}
	for _, in := range low.Inputs {
		if f.shows {
			break
		}
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

// IsPicture reports whether the field is a Fragment: it is asked at positions
// on a picture, in pixels, Points.X to the right and Points.Y down, and Z is
// not read.
func (f *Field) IsPicture() bool { return f.shows }

// Samples reports which of the source images the field reads.
func (f *Field) Samples() [block.MaxImages]bool { return f.file.Images }

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
	sizes [lower.SizeWords]float32 // of the picture and its source images
}

// NewState makes a state that runs on the kernels k.
func (f *Field) NewState(k *block.Kernels) *State {
	p := f.low.Program
	s := &State{field: f, run: p.NewState(k), words: make([]uint32, userWords(f.low))}
	for _, a := range p.Inputs {
		s.in = append(s.in, s.run.Block(a))
	}
	for i, a := range p.Outputs {
		s.out[i] = s.run.Block(a)
	}
	s.Begin()
	return s
}

func userWords(r *lower.Result) int {
	if r.Sizes >= 0 {
		return r.Sizes
	}
	return r.Program.Words
}

// SetSize gives the size of the picture that a Fragment draws, in pixels.
func (s *State) SetSize(width, height int) {
	s.sizes[0], s.sizes[1] = float32(width), float32(height)
}

// SetImage gives source image i; nil takes it away, and it is 0 by 0 then.
func (s *State) SetImage(i int, p *Picture) {
	if p == nil {
		p = &Picture{}
	}
	s.sizes[2+2*i], s.sizes[3+2*i] = float32(p.width), float32(p.height)
	s.run.SetImage(i, p.words)
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
	if at := s.field.low.Sizes; at >= 0 {
		for i, x := range s.sizes {
			s.run.SetScalar(first+at+i, math.Float32bits(x))
		}
	}
	s.run.Prologue()
}

// Light asks the field for its light at points, as many as out.R is long. The
// light is written while points are still read: they must not overlap.
func (s *State) Light(points Points, out Light) {
	which := s.field.low.Inputs
	for at := 0; at < len(out.R); at += block.Size {
		n := min(block.Size, len(out.R)-at)
		whole := n == block.Size
		for i, component := range which {
			from, fill := s.field.input(component, &points)
			switch in := s.in[i][:n]; {
			case from != nil && whole && s.run.ReadsFrom(i):
				s.run.ReadFrom(i, from[at:at+n])
			case from != nil:
				copy(in, from[at:at+n])
			default:
				for k := range in {
					in[k] = fill
				}
			}
		}
		to := [4][]float32{out.R[at : at+n], out.G[at : at+n], out.B[at : at+n], out.A[at : at+n]}
		if whole {
			for i := range to {
				if s.run.WritesTo(i) {
					s.run.WriteTo(i, to[i])
				}
			}
		}
		s.run.Run(n)
		for i := range to {
			if !whole || !s.run.WritesTo(i) {
				copy(to[i], s.out[i])
			}
		}
		if at+2*block.Size > len(out.R) { // the next is the last, and short, or there is none
			s.rest()
		}
	}
}

// rest has the program use its own blocks again, and keep none of the caller's.
func (s *State) rest() {
	for i := range s.in {
		if s.run.ReadsFrom(i) {
			s.run.ReadFrom(i, nil)
		}
	}
	for i := range s.out {
		if s.run.WritesTo(i) {
			s.run.WriteTo(i, nil)
		}
	}
}

// input is where a component of the entry's parameters comes from, or else
// what it is at every point.
func (f *Field) input(component int, p *Points) (from []float32, fill float32) {
	if f.shows {
		switch component {
		case 0, 4: // dstPos.x, srcPos.x
			return p.X, 0
		case 1, 5:
			return p.Y, 0
		case 2: // depth
			return nil, 0
		case 3, 6, 7, 8, 9: // dstPos.w; the colour is white
			return nil, 1
		}
		return nil, 0 // custom
	}
	switch {
	case component == 0:
		return p.X, 0
	case component == 1:
		return p.Y, 0
	case component == 2:
		return p.Z, 0
	case component < pixelInput: // one that is not there is dark
		return p.Life[component-lifeInput], 0
	}
	return p.Pixel[component-pixelInput], 0
}

// Warnings are what the file says and should not, such as a hash by sines.
func (f *Field) Warnings() check.Errors { return f.file.Warnings() }
