package lower

import (
	"strings"

	"noctiluca/shaders/kage/check"
)

// maxWords bounds the uniforms of a field.
const maxWords = 1 << 12

var kindComponents = [...]int{
	check.Bool: 1, check.Int: 1, check.Float: 1,
	check.Vec2: 2, check.Vec3: 3, check.Vec4: 4,
	check.IVec2: 2, check.IVec3: 3, check.IVec4: 4,
	check.Mat2: 4, check.Mat3: 9, check.Mat4: 16,
	check.UntypedBool: 1, check.UntypedInt: 1, check.UntypedFloat: 1,
}

// components is how many values a t is.
func components(t check.Type) int {
	if t.Kind == check.Array {
		return t.Len * kindComponents[t.Elem]
	}
	return kindComponents[t.Kind]
}

// elemKind is the kind of one component of t.
func elemKind(t check.Type) check.Kind {
	k := t.Kind
	if k == check.Array {
		k = t.Elem
	}
	switch k {
	case check.Bool, check.UntypedBool:
		return check.Bool
	case check.Int, check.UntypedInt, check.IVec2, check.IVec3, check.IVec4:
		return check.Int
	}
	return check.Float
}

// elemOf is elemKind as the letter that package block uses.
func elemOf(t check.Type) byte {
	switch elemKind(t) {
	case check.Bool:
		return 'm'
	case check.Int:
		return 'i'
	}
	return 'f'
}

// matrix is the order of a matrix type, or 0.
func matrix(t check.Type) int {
	switch t.Kind {
	case check.Mat2:
		return 2
	case check.Mat3:
		return 3
	case check.Mat4:
		return 4
	}
	return 0
}

// elemSize is how many components an index into t takes.
func elemSize(t check.Type) int {
	if t.Kind == check.Array {
		return kindComponents[t.Elem]
	}
	if n := matrix(t); n > 0 {
		return n
	}
	return 1
}

// swizzle is which components a selector names.
func swizzle(s string) []int {
	out := make([]int, len(s))
	for i := range s {
		if at := strings.IndexByte("xyzw", s[i]); at >= 0 {
			out[i] = at
		} else if at := strings.IndexByte("rgba", s[i]); at >= 0 {
			out[i] = at
		} else {
			out[i] = strings.IndexByte("stpq", s[i])
		}
	}
	return out
}
