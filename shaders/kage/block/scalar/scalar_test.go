package scalar

import (
	"math"
	"testing"
)

// TestEdges holds the functions to what docs/maths.md says of their edges.
func TestEdges(t *testing.T) {
	pinf, ninf, nan := float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())
	minus0 := float32(math.Copysign(0, -1))
	pi := float32(math.Pi)
	tiny := math.Float32frombits(1)
	for _, c := range []struct {
		what      string
		got, want float32
	}{
		{"sin 0", Sin(0), 0}, {"sin inf", Sin(pinf), nan}, {"sin nan", Sin(nan), nan}, {"sin of a subnormal", Sin(tiny), tiny},
		{"sin 2e12", Sin(2e12), 0}, {"cos 2e12", Cos(-2e12), 1}, {"sin -0", Sin(minus0), 0},
		{"cos 0", Cos(0), 1}, {"cos -inf", Cos(ninf), nan}, {"cos of a subnormal", Cos(tiny), 1},
		{"tan 0", Tan(0), 0}, {"tan inf", Tan(pinf), nan},
		{"asin 1", Asin(1), pi / 2}, {"asin -1", Asin(-1), -pi / 2}, {"asin -0", Asin(minus0), minus0}, {"asin 1+", Asin(1.0000001), nan},
		{"acos 1", Acos(1), 0}, {"acos -1", Acos(-1), pi}, {"acos 0", Acos(0), pi / 2}, {"acos -1-", Acos(-1.0000001), nan},
		{"atan inf", Atan(pinf), pi / 2}, {"atan -inf", Atan(ninf), -pi / 2}, {"atan -0", Atan(minus0), minus0}, {"atan nan", Atan(nan), nan},
		{"atan2 0 0", Atan2(0, 0), 0}, {"atan2 0 -0", Atan2(0, minus0), pi}, {"atan2 -0 -0", Atan2(minus0, minus0), -pi},
		{"atan2 -0 1", Atan2(minus0, 1), minus0}, {"atan2 1 0", Atan2(1, 0), pi / 2}, {"atan2 -1 -0", Atan2(-1, minus0), -pi / 2},
		{"atan2 inf inf", Atan2(pinf, pinf), pi / 4}, {"atan2 inf -inf", Atan2(pinf, ninf), 3 * math.Pi / 4},
		{"atan2 1 -inf", Atan2(1, ninf), pi}, {"atan2 inf 1", Atan2(pinf, 1), pi / 2}, {"atan2 nan 1", Atan2(nan, 1), nan}, {"atan2 1 nan", Atan2(1, nan), nan},
		{"exp 0", Exp(0), 1}, {"exp -0", Exp(minus0), 1}, {"exp inf", Exp(pinf), pinf}, {"exp -inf", Exp(ninf), 0}, {"exp 88.73", Exp(88.73), pinf}, {"exp -104", Exp(-104), 0}, {"exp nan", Exp(nan), nan},
		{"exp2 -149", Exp2(-149), tiny}, {"exp2 -150.5", Exp2(-150.5), 0}, {"exp2 128", Exp2(128), pinf}, {"exp2 -126", Exp2(-126), 0x1p-126}, {"exp2 nan", Exp2(nan), nan},
		{"log 1", Log(1), 0}, {"log 0", Log(0), ninf}, {"log -0", Log(minus0), ninf}, {"log -1", Log(-1), nan}, {"log inf", Log(pinf), pinf}, {"log nan", Log(nan), nan},
		{"log2 of a subnormal", Log2(tiny), -149}, {"log2 8", Log2(8), 3},
		{"pow 2 10", Pow(2, 10), 1024}, {"pow 0 0", Pow(0, 0), 1}, {"pow 0 2", Pow(0, 2), 0}, {"pow 0 0.01", Pow(0, 0.01), 0}, {"pow 0 -1", Pow(0, -1), pinf}, {"pow -0 3", Pow(minus0, 3), 0},
		{"pow -2 2", Pow(-2, 2), nan}, {"pow nan 0", Pow(nan, 0), 1}, {"pow 1 nan", Pow(1, nan), 1}, {"pow 1 inf", Pow(1, pinf), 1}, {"pow 2 nan", Pow(2, nan), nan},
		{"pow inf 0.01", Pow(pinf, 0.01), pinf}, {"pow inf -1", Pow(pinf, -1), 0}, {"pow 2 inf", Pow(2, pinf), pinf}, {"pow 0.5 inf", Pow(0.5, pinf), 0}, {"pow 0.5 -inf", Pow(0.5, ninf), pinf},
		{"pow of a subnormal", Pow(tiny, 1), tiny}, {"pow 2 -149", Pow(2, -149), tiny}, {"pow 1e-30 9", Pow(1e-30, 9), 0}, {"pow 1e30 9", Pow(1e30, 9), pinf},
	} {
		if math.Float32bits(c.got) != math.Float32bits(c.want) && !(c.got != c.got && c.want != c.want) {
			t.Errorf("%s = %v (%#x), want %v", c.what, c.got, math.Float32bits(c.got), c.want)
		}
	}
}

// TestRanges: what a field relies on without thinking.
func TestRanges(t *testing.T) {
	for b := uint64(0); b < 0x7f800000; b += 1013 {
		x := float(uint32(b))
		if s := Sin(x); s > 1 || s < -1 {
			t.Fatalf("sin %v = %v", x, s)
		}
		if c := Cos(x); c > 1 || c < -1 || c != Cos(-x) {
			t.Fatalf("cos %v = %v, of its negative %v", x, c, Cos(-x))
		}
		if x != 0 && Sin(-x) != -Sin(x) {
			t.Fatalf("sin %v = %v, of its negative %v", x, Sin(x), Sin(-x))
		}
		if a := Atan(x); a > halfPiHigh || a < 0 {
			t.Fatalf("atan %v = %v", x, a)
		}
	}
	for k := int32(-149); k <= 127; k++ {
		if got, want := Exp2(float32(k)), float32(math.Ldexp(1, int(k))); got != want {
			t.Errorf("exp2 %d = %v, want %v", k, got, want)
		}
		if got := Log2(float32(math.Ldexp(1, int(k)))); got != float32(k) {
			t.Errorf("log2 2^%d = %v", k, got)
		}
	}
}
