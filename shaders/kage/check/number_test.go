package check

import (
	"go/ast"
	"go/constant"
	"go/token"
	"testing"

	"pgregory.net/rapid"
)

// A number is what go/constant reads in it, in the same representation.
func TestNumber(t *testing.T) {
	same := func(t rapid.TB, s string) {
		got, want := number(&ast.BasicLit{Kind: token.FLOAT, Value: s}), constant.MakeFromLiteral(s, token.FLOAT, 0)
		if got.ExactString() != want.ExactString() || got.Kind() != want.Kind() {
			t.Errorf("%s is %s, %v, not %s, %v", s, got.ExactString(), got.Kind(), want.ExactString(), want.Kind())
		}
	}
	for _, s := range []string{"0.0", "3.0", "1.", ".5", "007.25", "1e3", "1.5e-3", "1_0.5", "0x1.8p3", "99999999999999999.9", "0.00000000000000001", "123456789012345678.5"} {
		same(t, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		same(t, rapid.StringMatching(`[0-9]{1,10}\.[0-9]{0,12}(e-?[0-9]{1,2})?`).Draw(t, "literal"))
	})
}
