package check

import "fmt"

var kindNames = [...]string{
	Invalid: "invalid", Bool: "bool", Int: "int", Float: "float",
	Vec2: "vec2", Vec3: "vec3", Vec4: "vec4", IVec2: "ivec2", IVec3: "ivec3", IVec4: "ivec4",
	Mat2: "mat2", Mat3: "mat3", Mat4: "mat4",
	Array: "array", Tuple: "several values", None: "no value",
	UntypedBool: "untyped bool", UntypedInt: "untyped int", UntypedFloat: "untyped float",
}

// String is the kind's name in Kage.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// String is the type as Kage writes it.
func (t Type) String() string {
	if t.Kind == Array {
		return fmt.Sprintf("[%d]%v", t.Len, t.Elem)
	}
	return t.Kind.String()
}

// typeNames are the types that have a name.
var typeNames = map[string]Kind{
	"bool": Bool, "int": Int, "float": Float, "vec2": Vec2, "vec3": Vec3, "vec4": Vec4,
	"ivec2": IVec2, "ivec3": IVec3, "ivec4": IVec4, "mat2": Mat2, "mat3": Mat3, "mat4": Mat4,
}

func (k Kind) vec() bool     { return k >= Vec2 && k <= Vec4 }
func (k Kind) ivec() bool    { return k >= IVec2 && k <= IVec4 }
func (k Kind) mat() bool     { return k >= Mat2 && k <= Mat4 }
func (k Kind) untyped() bool { return k >= UntypedBool }

// size is how many components a vector has, how many columns a matrix.
func (k Kind) size() int {
	switch {
	case k.vec():
		return int(k-Vec2) + 2
	case k.ivec():
		return int(k-IVec2) + 2
	case k.mat():
		return int(k-Mat2) + 2
	}
	return 1
}

// words is how many 32-bit words a value of the kind has.
func (k Kind) words() int {
	if k.mat() {
		return k.size() * k.size()
	}
	return k.size()
}

// Words is how many 32-bit words a value of the type has.
func (t Type) Words() int {
	if t.Kind == Array {
		return t.Len * t.Elem.words()
	}
	return t.Kind.words()
}

func of(k Kind) Type { return Type{Kind: k} }
