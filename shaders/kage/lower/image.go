package lower

import (
	"go/ast"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

// SizeWords is how many uniforms tell the sizes of images: width and height
// of the destination, then of each source image, in pixels, as floats; 0 by 0
// of an image that is not there.
const SizeWords = 2 + 2*block.MaxImages

// imageFunc is the function on images that e calls, if it does.
func (l *lowerer) imageFunc(e *ast.CallExpr) (check.ImageFunc, bool) {
	id, ok := ast.Unparen(e.Fun).(*ast.Ident)
	if !ok {
		return check.ImageFunc{}, false
	}
	o := l.file.Uses[id]
	if o == nil || o.Kind != check.BuiltinObject {
		return check.ImageFunc{}, false
	}
	f, ok := check.ImageFuncs[id.Name]
	return f, ok
}

// size is the width and height of a source image, or of the destination, -1.
func (l *lowerer) size(image int) []*value {
	at := uint32(l.sizes + 2 + 2*image)
	return []*value{l.leaf(opUniform, at, 'f', true), l.leaf(opUniform, at+1, 'f', true)}
}

// texels is a position in pixels of source image 0 as the legacy unit has it.
func (l *lowerer) texels(pos []*value) []*value {
	return l.each(block.Div, pos, l.each(block.Max, l.size(0), []*value{l.f(1)}))
}

// image is the results of a call on images. Every image begins at (0, 0) and
// has a texture to itself; in the legacy unit a texture is 1 by 1.
func (l *lowerer) image(f check.ImageFunc, e *ast.CallExpr) [][]*value {
	size := l.size(f.Image)
	one := []*value{l.f(1)}
	shown := size
	if !l.file.Pixels {
		if f.Image < 0 {
			shown = l.each(block.Div, size, size)
		} else {
			shown = l.each(block.Div, size, l.each(block.Max, size, one))
		}
	}
	origin := []*value{l.f(0), l.f(0)}
	switch f.What {
	case check.ImageOrigin:
		return [][]*value{origin}
	case check.ImageSize:
		return [][]*value{shown}
	case check.ImageTextureSize:
		return [][]*value{size}
	case check.ImageRegion:
		return [][]*value{origin, shown}
	}
	pos := l.expr(e.Args[0])
	l.pos = e.Pos()
	if !l.file.Pixels {
		pos = l.each(block.Mul, pos, l.size(0))
	}
	return [][]*value{l.sample(f.Image, pos)}
}

// sample is the pixel of an image that pos is in, as four floats; nothing
// outside.
func (l *lowerer) sample(image int, pos []*value) []*value {
	size := l.size(image)
	inside := l.m(true)
	at := make([]*value, 2)
	for i := range pos {
		inside = l.and(inside, l.and(l.op(block.FLe, l.f(0), pos[i]), l.op(block.FLt, pos[i], size[i])))
		at[i] = l.op(block.ToInt, l.op(block.Floor, pos[i]))
	}
	index := l.op(block.IAdd, l.op(block.IMul, at[1], l.op(block.ToInt, size[0])), at[0])
	word := l.op(block.Lookup, l.leaf(opConst, uint32(image), 'i', true), l.sel(inside, index, l.i(-1)))
	out := make([]*value, 4)
	for i := range out {
		b := l.op(block.IAnd, l.op(block.IShr, word, l.i(int32(8*i))), l.i(255))
		out[i] = l.op(block.Div, l.op(block.ToFloat, b), l.f(255))
	}
	return out
}

// linear makes premultiplied sRGB (IEC 61966-2-1), as a program for a screen
// gives it, linear light: held to 0…1, as a screen holds it, and decoded
// without its coverage. Where there is no coverage the light is added as it is.
func (l *lowerer) linear(c []*value) []*value {
	hold := func(x *value) *value { return l.op(block.Clamp, x, l.f(0), l.f(1)) }
	a := hold(c[3])
	bare := l.op(block.FLe, a, l.f(0))
	cover := l.sel(bare, l.f(1), a)
	out := make([]*value, 4)
	for i := range 3 {
		x := hold(l.op(block.Div, hold(c[i]), cover))
		low := l.op(block.Div, x, l.f(12.92))
		high := l.op(block.Pow, l.op(block.Div, l.op(block.Add, x, l.f(0.055)), l.f(1.055)), l.f(2.4))
		out[i] = l.op(block.Mul, l.sel(l.op(block.FLe, x, l.f(0.04045)), low, high), cover)
	}
	out[3] = a
	return out
}
