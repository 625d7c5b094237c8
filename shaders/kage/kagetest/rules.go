package kagetest

import "strings"

// Rule is one case of check/testdata/rules.txt.
type Rule struct {
	Name       string
	Want       string // ok, or a part of the first error
	Ebitengine bool   // whether NewShader takes it
	Text       string // a whole file
}

// Rules reads cases: see the head of rules.txt.
func Rules(text string) []Rule {
	var out []Rule
	parts := strings.Split("\n"+text, "\n=== ")
	for _, p := range parts[1:] {
		head, body, _ := strings.Cut(p, "\n---\n")
		lines := strings.Split(head, "\n")
		r := Rule{Name: lines[0]}
		for _, l := range lines[1:] {
			key, value, _ := strings.Cut(l, ": ")
			switch key {
			case "want":
				r.Want = value
				r.Ebitengine = value == "ok"
			case "ebitengine":
				r.Ebitengine = value == "ok"
			}
		}
		r.Text = body
		if !strings.Contains(body, "package ") {
			inside, outside, _ := strings.Cut("\n"+body, "\n@")
			outside = strings.ReplaceAll(outside, "\n@", "\n")
			r.Text = "//kage:unit pixels\npackage main\n\n"
			if strings.HasPrefix(outside, "import") {
				r.Text += outside + "\n"
				outside = ""
			}
			r.Text += "func Fragment(dstPos vec4, srcPos vec2, color vec4, custom vec4) vec4 {" + inside + "\n\treturn vec4(0)\n}\n\n" + outside
		}
		out = append(out, r)
	}
	return out
}
