package layout

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// element is an XML element with the line where it stands.
type element struct {
	name     string
	line     int
	attrs    map[string]string
	children []*element
	text     string
}

// parseXML reads a whole file into elements. Depth and number are bounded.
func (s *source) parseXML(data []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root := &element{}
	stack := []*element{root}
	for count := 0; ; {
		line, _ := d.InputPos()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var e *xml.SyntaxError
			if errors.As(err, &e) {
				return nil, s.errorf(e.Line, "", "%s", e.Msg)
			}
			return nil, s.errorf(line, "", "%v", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if count++; count > 2_000_000 || len(stack) > 200 {
				return nil, s.errorf(line, "", "more than 2,000,000 elements, or 200 one in another")
			}
			e := &element{name: t.Name.Local, line: line, attrs: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top := stack[len(stack)-1]
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top := stack[len(stack)-1]
			top.text += string(t)
		}
	}
	if len(root.children) == 0 {
		return nil, s.errorf(0, "", "there is no element in it")
	}
	return root.children[0], nil
}

// all calls a function for every element of a name.
func (e *element) all(name string, f func(*element)) {
	for _, c := range e.children {
		if c.name == name {
			f(c)
		}
		c.all(name, f)
	}
}

func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}
