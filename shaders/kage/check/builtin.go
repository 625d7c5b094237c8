package check

import (
	"fmt"
	"go/ast"
	"go/constant"
)

// form is what a builtin function takes and gives.
type form uint8

const (
	oneFloat    form = iota // a float or a vector; gives the same
	toFloat                 // a float or a vector; gives a float
	oneNumber               // ints and ivecs as well
	oneMatrix               // a matrix
	twoSame                 // two alike, floats or vectors; gives the same
	twoToFloat              // two alike; gives a float
	twoVec3                 // two vec3
	modForm                 // the second like the first, or a float
	stepForm                // the first like the second, or a float; gives the second
	threeSame               // three alike
	mixForm                 // two alike, the third like them or a float
	smoothForm              // three alike, or two floats and anything; gives the third
	refractForm             // two alike and a float
	clampForm               // ints as well; the second and third like the first, or single
	extreme                 // min, max: any number alike, or two of which the second is single
	lengthOf                // len, cap
	stopForm                // discard
	facingForm              // frontfacing
	derivative              // what a point has not
)

var builtinForms = map[string]form{
	"len": lengthOf, "cap": lengthOf,
	"sin": oneFloat, "cos": oneFloat, "tan": oneFloat, "asin": oneFloat, "acos": oneFloat, "atan": oneFloat,
	"exp": oneFloat, "exp2": oneFloat, "log": oneFloat, "log2": oneFloat, "sqrt": oneFloat, "inversesqrt": oneFloat,
	"floor": oneFloat, "ceil": oneFloat, "fract": oneFloat, "normalize": oneFloat,
	"abs": oneNumber, "sign": oneNumber, "length": toFloat, "transpose": oneMatrix,
	"atan2": twoSame, "pow": twoSame, "reflect": twoSame, "distance": twoToFloat, "dot": twoToFloat, "cross": twoVec3,
	"mod": modForm, "step": stepForm,
	"faceforward": threeSame, "mix": mixForm, "smoothstep": smoothForm, "refract": refractForm, "clamp": clampForm,
	"min": extreme, "max": extreme,
	"discard": stopForm, "frontfacing": facingForm,
	"dfdx": derivative, "dfdy": derivative, "fwidth": derivative,
}

// ImageFunc says what a function on images does: of which image, and how.
type ImageFunc struct {
	Image int // 0…3; -1 for the destination
	What  ImageWhat
}

// ImageWhat is what an image function gives.
type ImageWhat uint8

// What image functions give.
const (
	ImageOrigin ImageWhat = iota
	ImageSize
	ImageTextureSize
	ImageRegion // origin and size, two values
	ImageAt
	ImageUnsafeAt
)

// ImageFuncs are the functions on images by name.
var ImageFuncs = map[string]ImageFunc{}

var (
	universe   = map[string]*Object{}
	imageFuncs = map[string]*Object{}
)

func init() {
	for n, k := range typeNames {
		universe[n] = &Object{Kind: TypeObject, Name: n, Type: of(k), Used: true}
	}
	for n := range builtinForms {
		universe[n] = &Object{Kind: BuiltinObject, Name: n, Used: true}
	}
	for _, b := range []bool{false, true} {
		n := fmt.Sprint(b)
		universe[n] = &Object{Kind: ConstObject, Name: n, Type: of(Bool), Value: constant.MakeBool(b), Used: true}
	}
	add := func(name string, image int, what ImageWhat) {
		ImageFuncs[name] = ImageFunc{image, what}
		imageFuncs[name] = &Object{Kind: BuiltinObject, Name: name, Used: true}
	}
	add("imageDstOrigin", -1, ImageOrigin)
	add("imageDstSize", -1, ImageSize)
	add("imageDstTextureSize", -1, ImageTextureSize)
	add("imageDstRegionOnTexture", -1, ImageRegion)
	add("imageSrcTextureSize", 0, ImageTextureSize)
	add("imageSrcRegionOnTexture", 0, ImageRegion)
	for i := range 4 {
		n := fmt.Sprintf("imageSrc%d", i)
		add(n+"Origin", i, ImageOrigin)
		add(n+"Size", i, ImageSize)
		add(n+"TextureSize", i, ImageTextureSize)
		add(n+"At", i, ImageAt)
		add(n+"UnsafeAt", i, ImageUnsafeAt)
		if i > 0 {
			add(n+"AtFromSrc0Pos", i, ImageAt)
			add(n+"UnsafeAtFromSrc0Pos", i, ImageUnsafeAt)
		}
	}
}

func (k Kind) floats() bool  { return k == Float || k.vec() }
func (k Kind) numbers() bool { return k.floats() || k == Int || k.ivec() }

// builtin checks a call of a builtin function.
func (c *checker) builtin(e *ast.CallExpr, name string, args []operand) operand {
	if image, ok := ImageFuncs[name]; ok {
		return c.imageCall(e, name, image, args)
	}
	f := builtinForms[name]
	want := map[form]int{oneFloat: 1, toFloat: 1, oneNumber: 1, oneMatrix: 1, lengthOf: 1, derivative: 1,
		twoSame: 2, twoToFloat: 2, twoVec3: 2, modForm: 2, stepForm: 2,
		threeSame: 3, mixForm: 3, smoothForm: 3, refractForm: 3, clampForm: 3, extreme: -1}[f]
	if want >= 0 && len(args) != want {
		c.errorf(e.Rparen, "", "%s takes %d values, not %d", name, want, len(args))
		return bad
	}
	if want < 0 && len(args) == 0 {
		c.errorf(e.Rparen, "", "%s takes one value or more", name)
		return bad
	}
	switch f {
	case lengthOf:
		if args[0].t.Kind != Array {
			c.errorf(e.Pos(), "", "%s is of an array, not of a %v", name, args[0].t)
			return bad
		}
		return operand{t: of(Int), val: constant.MakeInt64(int64(args[0].t.Len))}
	case stopForm, facingForm:
		if c.fn == nil || c.fn.Name != "Fragment" {
			c.errorf(e.Pos(), "give vec4(0) back instead", "%s is there in Fragment alone", name)
			return bad
		}
		if f == stopForm {
			return operand{t: of(None)}
		}
		return operand{t: of(Bool)}
	case derivative:
		c.errorf(e.Pos(), "a field is asked at single points, which have no neighbours to differ from; compute the slope, or two values", "%s is not there for points", name)
		return bad
	}
	t, ok := c.builtinType(f, args)
	if !ok {
		c.errorf(e.Pos(), "it takes "+formTakes[f], "%s does not take (%s)", name, listOf(args))
		return bad
	}
	return operand{t: t}
}

var formTakes = map[form]string{
	oneFloat: "a float or a vec", toFloat: "a float or a vec", oneNumber: "a number or a vector", oneMatrix: "a matrix",
	twoSame: "two floats, or two vecs alike", twoToFloat: "two floats, or two vecs alike", twoVec3: "two vec3",
	modForm: "two floats or vecs alike, or a vec and a float", stepForm: "two floats or vecs alike, or a float and a vec",
	threeSame: "three floats or vecs alike", mixForm: "two floats or vecs alike, and a third like them or a float",
	smoothForm: "three floats or vecs alike, or two floats and a vec", refractForm: "two vecs alike and a float",
	clampForm: "three alike, or a vector and two single numbers", extreme: "values alike, or a vector and a single number",
}

// builtinType is the type of a builtin's result. Untyped constants become
// what the function asks for.
func (c *checker) builtinType(f form, args []operand) (Type, bool) {
	switch f {
	case clampForm, extreme:
		if !c.resolveNumbers(f, args) {
			return Type{}, false
		}
	case oneNumber:
		c.defaulted(&args[0])
	default:
		for i := range args {
			if args[i].untyped() {
				c.constTo(&args[i], Float)
			}
		}
	}
	for i := range args {
		k := args[i].t.Kind
		switch f {
		case oneMatrix:
			if !k.mat() {
				return Type{}, false
			}
		case oneNumber, clampForm, extreme:
			if !k.numbers() {
				return Type{}, false
			}
		case twoVec3:
			if k != Vec3 {
				return Type{}, false
			}
		default:
			if !k.floats() {
				return Type{}, false
			}
		}
	}
	alike := func(i, j int) bool { return args[i].t == args[j].t }
	is := func(i int, k Kind) bool { return args[i].t.Kind == k }
	t := args[0].t
	switch f {
	case toFloat:
		return of(Float), true
	case twoSame, twoVec3:
		return t, alike(0, 1)
	case twoToFloat:
		return of(Float), alike(0, 1)
	case modForm:
		return t, alike(0, 1) || is(1, Float)
	case stepForm:
		return args[1].t, alike(0, 1) || is(0, Float)
	case threeSame:
		return t, alike(0, 1) && alike(0, 2)
	case mixForm:
		return t, alike(0, 1) && (alike(0, 2) || is(2, Float))
	case smoothForm:
		return args[2].t, alike(0, 1) && alike(0, 2) || is(0, Float) && is(1, Float)
	case refractForm:
		return t, alike(0, 1) && is(2, Float)
	case clampForm:
		return t, alike(0, 1) && alike(0, 2) || t.Kind.vec() && is(1, Float) && is(2, Float) || t.Kind.ivec() && is(1, Int) && is(2, Int)
	case extreme:
		for i := range args[1:] {
			single := t.Kind.vec() && is(i+1, Float) || t.Kind.ivec() && is(i+1, Int)
			if !alike(0, i+1) && !(len(args) == 2 && single) {
				return Type{}, false
			}
		}
		return t, true
	}
	return t, true
}

// resolveNumbers gives the constants among the operands of clamp, min and max
// their kind: that of a vector in the first place, else of whatever has one.
func (c *checker) resolveNumbers(f form, args []operand) bool {
	to := func(from int, k Kind) bool {
		for i := from; i < len(args); i++ {
			if args[i].val != nil && !c.constTo(&args[i], k) {
				return false
			}
		}
		return true
	}
	vectors, singles := false, false
	for i := range args {
		k := args[i].t.Kind
		vectors = vectors || k.vec() || k.ivec()
		singles = singles || k == Float || k == Int || k.untyped()
	}
	first := args[0].t.Kind
	if vectors && singles {
		switch {
		case first.ivec():
			return to(1, Int)
		case first.vec():
			return to(1, Float)
		}
		return false
	}
	kind := c.numberKind(args)
	if kind == Invalid {
		return true
	}
	for i := range args {
		if args[i].val == nil && args[i].t.Kind != kind {
			return false
		}
	}
	return to(0, kind)
}

// numberKind is Int or Float, whatever a typed operand says; of untyped
// constants alone it is Float if one of them is.
func (c *checker) numberKind(args []operand) Kind {
	constants := true
	for i := range args {
		constants = constants && args[i].val != nil
	}
	kind := Invalid
	for i := range args {
		k := args[i].t.Kind
		switch {
		case k.untyped():
		case !constants:
			if k == Int || k == Float {
				return k
			}
			return Invalid
		case kind != Invalid && k != kind:
			return Invalid
		default:
			kind = k
		}
	}
	if kind != Invalid {
		return kind
	}
	kind = Int
	for i := range args {
		if args[i].t.Kind == UntypedFloat {
			kind = Float
		}
	}
	return kind
}

// imageCall checks a call of a function on images.
func (c *checker) imageCall(e *ast.CallExpr, name string, f ImageFunc, args []operand) operand {
	want := 0
	if f.What == ImageAt || f.What == ImageUnsafeAt {
		want = 1
	}
	if len(args) != want {
		c.errorf(e.Rparen, "", "%s takes %d values, not %d", name, want, len(args))
		return bad
	}
	c.Pictures = true
	if f.Image >= 0 {
		c.Images[f.Image] = true
	}
	if want == 1 {
		c.Images[0] = true // positions are in its space
		if !c.assignable(&args[0], of(Vec2)) {
			c.mismatch(&args[0], of(Vec2), "as a position, a")
		}
		return operand{t: of(Vec4)}
	}
	if f.What == ImageRegion {
		return operand{t: of(Tuple), results: []Type{of(Vec2), of(Vec2)}}
	}
	return operand{t: of(Vec2)}
}
