package layout

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// expression evaluates what a Chromatik fixture writes for a number: numbers,
// $parameters, + - * / % ^, comparisons, && || !, ?: and some functions.
type expression struct {
	text  string
	at    int
	depth int
	value func(name string) (float64, error)
}

// evaluate gives the value of an expression of the fixture's parameters.
func (x *lxf) evaluate(s string) (float64, error) {
	e := &expression{text: s, value: func(name string) (float64, error) {
		switch v := x.parameters[name].(type) {
		case float64:
			return v, nil
		case bool:
			return truth(v), nil
		case string:
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				return n, nil
			}
			return 0, fmt.Errorf("parameter %s is %q: expected a number", name, text(v))
		}
		return 0, fmt.Errorf("there is no parameter %s", name)
	}}
	v, err := e.choice()
	if err != nil {
		return 0, err
	}
	if e.space(); e.at < len(e.text) {
		return 0, fmt.Errorf("%q at column %d is more than an expression", text(e.text[e.at:]), e.at+1)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, errors.New("its value is not a number")
	}
	return v, nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (e *expression) space() {
	for e.at < len(e.text) && strings.IndexByte(" \t\r\n", e.text[e.at]) >= 0 {
		e.at++
	}
}

// take goes past one of some symbols, the longer ones first.
func (e *expression) take(symbols ...string) string {
	e.space()
	for _, s := range symbols {
		if strings.HasPrefix(e.text[e.at:], s) {
			e.at += len(s)
			return s
		}
	}
	return ""
}

func (e *expression) choice() (float64, error) {
	if e.depth++; e.depth > 100 {
		return 0, errors.New("it is more than 100 deep")
	}
	defer func() { e.depth-- }()
	v, err := e.binary(0)
	if err != nil || e.take("?") == "" {
		return v, err
	}
	a, err := e.choice()
	if err != nil {
		return 0, err
	}
	if e.take(":") == "" {
		return 0, fmt.Errorf("expected : at column %d", e.at+1)
	}
	b, err := e.choice()
	if v == 0 {
		a = b
	}
	return a, err
}

// levels are the operators, those that bind least first.
var levels = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}}

func (e *expression) binary(level int) (float64, error) {
	if level == len(levels) {
		return e.unary()
	}
	v, err := e.binary(level + 1)
	for err == nil {
		op := e.take(levels[level]...)
		if op == "" {
			return v, nil
		}
		var w float64
		if w, err = e.binary(level + 1); err != nil {
			break
		}
		switch op {
		case "||":
			v = truth(v != 0 || w != 0)
		case "&&":
			v = truth(v != 0 && w != 0)
		case "==":
			v = truth(v == w)
		case "!=":
			v = truth(v != w)
		case "<=":
			v = truth(v <= w)
		case ">=":
			v = truth(v >= w)
		case "<":
			v = truth(v < w)
		case ">":
			v = truth(v > w)
		case "+":
			v += w
		case "-":
			v -= w
		case "*":
			v *= w
		case "/":
			v /= w
		case "%":
			v = math.Mod(v, w)
		}
	}
	return 0, err
}

func (e *expression) unary() (float64, error) {
	if e.depth++; e.depth > 100 {
		return 0, errors.New("it is more than 100 deep")
	}
	defer func() { e.depth-- }()
	switch e.take("-", "+", "!") {
	case "-":
		v, err := e.unary()
		return -v, err
	case "+":
		return e.unary()
	case "!":
		v, err := e.unary()
		return truth(v == 0), err
	}
	v, err := e.atom()
	if err == nil && e.take("^") != "" {
		var w float64
		if w, err = e.unary(); err == nil {
			v = math.Pow(v, w)
		}
	}
	return v, err
}

var functions = map[string]func(float64) float64{
	"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
	"abs": math.Abs, "sqrt": math.Sqrt, "floor": math.Floor, "ceil": math.Ceil, "round": math.Round,
	"deg": func(v float64) float64 { return v * 180 / math.Pi }, "rad": func(v float64) float64 { return v * math.Pi / 180 },
}

func (e *expression) atom() (float64, error) {
	if e.take("(") != "" {
		v, err := e.choice()
		if err == nil && e.take(")") == "" {
			err = fmt.Errorf("expected ) at column %d", e.at+1)
		}
		return v, err
	}
	e.space()
	from := e.at
	name := func() string {
		start := e.at
		for e.at < len(e.text) && (isLetter(e.text[e.at]) || e.at > start && isDigit(e.text[e.at])) {
			e.at++
		}
		return e.text[start:e.at]
	}
	switch {
	case e.take("$") != "":
		closing := e.take("{") != ""
		n := name()
		if n == "" || closing && e.take("}") == "" {
			return 0, fmt.Errorf("expected a parameter's name at column %d", e.at+1)
		}
		return e.value(n)
	case from < len(e.text) && isLetter(e.text[from]):
		switch n := name(); n {
		case "true":
			return 1, nil
		case "false":
			return 0, nil
		case "PI", "pi":
			return math.Pi, nil
		default:
			f := functions[n]
			if f == nil || e.take("(") == "" {
				return 0, fmt.Errorf("%q at column %d: expected a number, a $parameter or a function", text(n), from+1)
			}
			v, err := e.choice()
			if err == nil && e.take(")") == "" {
				err = fmt.Errorf("expected ) at column %d", e.at+1)
			}
			return f(v), err
		}
	}
	for e.at < len(e.text) && (isDigit(e.text[e.at]) || e.text[e.at] == '.') {
		e.at++
	}
	v, err := strconv.ParseFloat(e.text[from:e.at], 64)
	if err != nil {
		return 0, fmt.Errorf("expected a number or a $parameter at column %d", from+1)
	}
	return v, nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
