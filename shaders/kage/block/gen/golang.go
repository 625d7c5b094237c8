package main

import (
	"bytes"
	"fmt"
	"strings"
)

// goName is the Go type that holds a value.
func goName(t typ) string {
	switch t {
	case tF:
		return "float32"
	case tI:
		return "int32"
	case tW:
		return "float64"
	}
	return "uint32"
}

// goAs prints n as a value of type t with the same bits.
func goAs(n *node, t typ) string {
	if n.op == oConst {
		switch t {
		case tF:
			return fmt.Sprintf("math.Float32frombits(%#x)", uint32(n.c))
		case tI:
			return fmt.Sprintf("int32(%d)", int32(n.c))
		case tW:
			return fmt.Sprintf("math.Float64frombits(%#x)", n.c)
		}
		return fmt.Sprintf("uint32(%#x)", uint32(n.c))
	}
	v := fmt.Sprintf("v%d", n.id)
	from, to := goName(n.t), goName(t)
	switch {
	case from == to:
		return v
	case from == "float32":
		return to + "(math.Float32bits(" + v + "))"
	case to == "float32":
		return "math.Float32frombits(uint32(" + v + "))"
	}
	return to + "(" + v + ")"
}

// goExpr prints the expression that computes n. Every product is converted,
// which by the language's rules keeps it from being fused with a sum.
func goExpr(n *node) string {
	a := func(i int, t typ) string { return goAs(n.args[i], t) }
	f := func(op string) string { return "float32(" + a(0, tF) + op + a(1, tF) + ")" }
	i := func(op string) string { return a(0, tI) + op + a(1, tI) }
	w := func(op string) string { return "float64(" + a(0, tW) + op + a(1, tW) + ")" }
	bit := func(op string) string {
		x := "(" + a(0, tM) + op + a(1, tM) + ")"
		switch goName(n.t) {
		case "float32":
			return "math.Float32frombits" + x
		case "int32":
			return "int32" + x
		}
		return x
	}
	switch n.op {
	case oCast:
		return goAs(n.args[0], n.t)
	case oAdd:
		return f("+")
	case oSub:
		return f("-")
	case oMul:
		return f("*")
	case oDiv:
		return f("/")
	case oSqrt:
		return "float32(math.Sqrt(float64(" + a(0, tF) + ")))"
	case oFloor:
		return "float32(math.Floor(float64(" + a(0, tF) + ")))"
	case oCeil:
		return "float32(math.Ceil(float64(" + a(0, tF) + ")))"
	case oMin:
		return "min32(" + a(0, tF) + "," + a(1, tF) + ")"
	case oMax:
		return "max32(" + a(0, tF) + "," + a(1, tF) + ")"
	case oAnd:
		return bit("&")
	case oOr:
		return bit("|")
	case oXor:
		return bit("^")
	case oAndNot:
		return bit("&^")
	case oIAdd:
		return i("+")
	case oISub:
		return i("-")
	case oIMul:
		return i("*")
	case oIMin:
		return "min(" + a(0, tI) + "," + a(1, tI) + ")"
	case oIMax:
		return "max(" + a(0, tI) + "," + a(1, tI) + ")"
	case oIAbs:
		return "max(" + a(0, tI) + ",-" + a(0, tI) + ")"
	case oShl:
		return fmt.Sprintf("%s<<%d", a(0, tI), n.c)
	case oSra:
		return fmt.Sprintf("%s>>%d", a(0, tI), n.c)
	case oSrl:
		return fmt.Sprintf("int32(%s>>%d)", a(0, tM), n.c)
	case oShlV:
		return a(0, tI) + "<<" + a(1, tM)
	case oSraV:
		return a(0, tI) + ">>" + a(1, tM)
	case oIToF:
		return "float32(" + a(0, tI) + ")"
	case oFToI:
		return "toInt(" + a(0, tF) + ")"
	case oFEq:
		return "mask(" + a(0, tF) + "==" + a(1, tF) + ")"
	case oFNe:
		return "mask(" + a(0, tF) + "!=" + a(1, tF) + ")"
	case oFLt:
		return "mask(" + a(0, tF) + "<" + a(1, tF) + ")"
	case oFLe:
		return "mask(" + a(0, tF) + "<=" + a(1, tF) + ")"
	case oIEq:
		return "mask(" + a(0, tI) + "==" + a(1, tI) + ")"
	case oIGt:
		return "mask(" + a(0, tI) + ">" + a(1, tI) + ")"
	case oSelect:
		x := "sel(" + a(0, tM) + "," + a(1, tM) + "," + a(2, tM) + ")"
		switch goName(n.t) {
		case "float32":
			return "math.Float32frombits(" + x + ")"
		case "int32":
			return "int32(" + x + ")"
		}
		return x
	case oWFromF:
		return "float64(" + a(0, tF) + ")"
	case oWFromI:
		return "float64(" + a(0, tI) + ")"
	case oWToF:
		return "float32(" + a(0, tW) + ")"
	case oWToI:
		return "toIntWide(" + a(0, tW) + ")"
	case oWLow:
		return "int32(uint32(math.Float64bits(" + a(0, tW) + ")))"
	case oWAdd:
		return w("+")
	case oWSub:
		return w("-")
	case oWMul:
		return w("*")
	case oWDiv:
		return w("/")
	}
	panic(fmt.Sprint("no Go for ", n.op))
}

// writeGo prints the plain Go kernels: one for each operation, for an
// operand's mask says whether it is a block or a scalar.
func writeGo(path string) error {
	var b bytes.Buffer
	b.WriteString(strings.Replace(banner, "package block\n", "package block\n\nimport \"math\"\n", 1))
	b.WriteString("// goKernels are the operations in plain Go.\nvar goKernels = [opCount]func(r *goRecord, n int){\n")
	for _, d := range operations {
		if d.body != nil {
			fmt.Fprintf(&b, "%s: go%s,\n", d.name, d.name)
		}
	}
	b.WriteString("}\n")
	for i := range operations {
		d := &operations[i]
		if d.body == nil {
			continue
		}
		k := d.compile(0)
		fmt.Fprintf(&b, "\nfunc go%s(r *goRecord, n int) {\nd := r.dst\n", d.name)
		for _, n := range k.live {
			if n.op == oIn {
				fmt.Fprintf(&b, "x%d, m%d := r.arg[%d], r.mask[%d]\n", n.c, n.c, n.c, n.c)
			}
		}
		b.WriteString("for i := range min(n, Size) {\n")
		for _, n := range k.live {
			switch n.op {
			case oConst:
			case oIn:
				e := fmt.Sprintf("x%d[uint8(i)&m%d]", n.c, n.c)
				switch goName(n.t) {
				case "float32":
					e = "math.Float32frombits(" + e + ")"
				case "int32":
					e = "int32(" + e + ")"
				}
				fmt.Fprintf(&b, "v%d := %s\n", n.id, e)
			default:
				fmt.Fprintf(&b, "v%d := %s\n", n.id, goExpr(n))
			}
		}
		fmt.Fprintf(&b, "d[uint8(i)] = %s\n}\n}\n", goAs(k.result, tM))
	}
	return write(path, b.String())
}
