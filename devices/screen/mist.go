//go:build !venue

package screen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"noctiluca/devices/screen/camera"
	"noctiluca/installations"

	"github.com/hajimehoshi/ebiten/v2"
)

// mist is one layer's field as it would be in the air round its LEDs: the
// artist's own source, called along each line of sight on the GPU.
type mist struct {
	name     string
	shader   *ebiten.Shader
	problem  string // why there is none
	lo, hi   camera.Vec
	inputs   map[string]input
	uniforms map[string]any
	image    *ebiten.Image
}

// input is a uniform of a field: how many numbers it is, and room for them if
// they are whole.
type input struct {
	words int
	whole []int32
}

// steps is how many points of a line of sight the field is asked for.
const steps = 7

// wrapper is put round a field. Its names start with what no field uses.
const wrapper = `

var NoctilucaEye vec3
var NoctilucaForward vec3
var NoctilucaRight vec3
var NoctilucaUp vec3
var NoctilucaFocal float
var NoctilucaSize vec2
var NoctilucaLo vec3
var NoctilucaHi vec3
var NoctilucaStrength float
var NoctilucaFrame int

func Fragment(dst vec4) vec4 {
	q := dst.xy - imageDstOrigin()
	ray := NoctilucaForward + NoctilucaRight*((q.x-NoctilucaSize.x/2)/NoctilucaFocal) + NoctilucaUp*((NoctilucaSize.y/2-q.y)/NoctilucaFocal)
	ray += vec3(0.00001)
	a := (NoctilucaLo - NoctilucaEye) / ray
	b := (NoctilucaHi - NoctilucaEye) / ray
	near := min(a, b)
	far := max(a, b)
	t0 := max(max(near.x, near.y), max(near.z, 0.4))
	t1 := min(min(far.x, far.y), far.z)
	if t1 <= t0 {
		return vec4(0, 0, 0, 1)
	}
	h := (int(q.x)*0x27D4EB2D ^ int(q.y)*0x165667B1 ^ NoctilucaFrame*0x1B873593) * 0x2C1B3C6D
	jitter := float((h>>9)&0xFFFF) * (1.0 / 65536)
	step := (t1 - t0) / %[1]d
	middle := (NoctilucaLo + NoctilucaHi) / 2
	half := (NoctilucaHi - NoctilucaLo) / 2
	sum := vec3(0)
	for i := 0; i < %[1]d; i++ {
		t := t0 + step*(float(i)+jitter)
		p := NoctilucaEye + ray*t
		e := abs(p-middle) / half
		soft := (1 - smoothstep(0.55, 1.0, e.x)) * (1 - smoothstep(0.5, 1.0, e.y)) * (1 - smoothstep(0.55, 1.0, e.z))
		if soft > 0.004 {
			l := Light(p%[2]s)
			c := max(l.rgb, vec3(0))
			sum += c * (max(max(c.r, c.g), c.b) * soft * exp(-t*0.05))
		}
	}
	l := sum * (step * length(ray) * NoctilucaStrength)
	return vec4(sqrt(1-exp(-l)), 1)
}
`

// strength is the light of a metre of mist in which the field is at full.
const strength = 0.11

// newMist compiles a layer's mist. One that does not compile says why.
func newMist(layer LayerSource, inst *installations.Installation) *mist {
	m := &mist{name: layer.Name, uniforms: map[string]any{}}
	m.lo, m.hi = bounds(inst, layer.Name)
	source, inputs, err := wrap(layer.Kage)
	if err == nil {
		m.shader, err = ebiten.NewShader([]byte(source))
	}
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		m.problem = fmt.Sprintf("mist of %s is off: %s", layer.Name, line)
		return m
	}
	m.inputs = inputs
	return m
}

// wrap puts a field into a program for the GPU, and tells its uniforms.
func wrap(field string) (source string, inputs map[string]input, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), "field.kage", field, 0)
	if err != nil {
		return "", nil, err
	}
	inputs = map[string]input{}
	arguments := ""
	found := false
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name != "Light" {
				break
			}
			found = true
			// What a pixel would be: no life, half way, of average character.
			n := d.Type.Params.NumFields()
			for _, more := range []string{", vec4(0)", ", vec3(0.6, 0.5, 0)"}[:min(max(n-1, 0), 2)] {
				arguments += more
			}
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				break
			}
			for _, s := range d.Specs {
				s := s.(*ast.ValueSpec)
				for _, n := range s.Names {
					inputs[n.Name] = inputOf(s.Type)
				}
			}
		}
	}
	if !found {
		return "", nil, fmt.Errorf("it has no func Light")
	}
	if !strings.Contains(field, "//kage:unit") {
		field = "//kage:unit pixels\n" + field
	}
	return field + fmt.Sprintf(wrapper, steps, arguments), inputs, nil
}

// inputOf tells how many numbers a type of Kage is.
func inputOf(t ast.Expr) input {
	switch t := t.(type) {
	case *ast.Ident:
		switch n := t.Name; {
		case n == "float":
			return input{words: 1}
		case n == "int", n == "bool":
			return input{1, make([]int32, 1)}
		case strings.HasPrefix(n, "vec"):
			return input{words: int(n[3] - '0')}
		case strings.HasPrefix(n, "ivec"):
			return input{int(n[4] - '0'), make([]int32, n[4]-'0')}
		case strings.HasPrefix(n, "mat"):
			return input{words: int(n[3]-'0') * int(n[3]-'0')}
		}
	case *ast.ArrayType:
		if l, ok := t.Len.(*ast.BasicLit); ok {
			n, _ := strconv.Atoi(l.Value)
			of := inputOf(t.Elt)
			of.words *= n
			if of.whole != nil {
				of.whole = make([]int32, of.words)
			}
			return of
		}
	}
	return input{} // of a length this does not know: it is left at zero
}

// bounds is the box of a layer's LEDs, with some air round them; of all LEDs
// if the installation has no layer of that name.
func bounds(inst *installations.Installation, layer string) (lo, hi camera.Vec) {
	lo, hi = camera.Vec{1e9, 1e9, 1e9}, camera.Vec{-1e9, -1e9, -1e9}
	p := &inst.Pixels
	add := func(first, end int) {
		for i := first; i < end; i++ {
			for a, v := range [3]float32{p.X[i], p.Y[i], p.Z[i]} {
				lo[a], hi[a] = min(lo[a], v), max(hi[a], v)
			}
		}
	}
	for _, s := range inst.Scenes {
		for _, l := range s.Layers {
			if l.Name == layer {
				for _, f := range inst.Groups[l.Group].Fixtures {
					add(inst.Fixtures[f].First, inst.Fixtures[f].First+inst.Fixtures[f].Count)
				}
			}
		}
	}
	if lo[0] > hi[0] {
		add(0, p.Count())
	}
	if lo[0] > hi[0] {
		return camera.Vec{-1, -1, -1}, camera.Vec{1, 1, 1}
	}
	for a := range lo {
		m := min(max(0.15*(hi[a]-lo[a]), 0.25), 2)
		lo[a], hi[a] = lo[a]-m, hi[a]+m
	}
	return lo, hi
}

// draw asks the field along every line of sight of a small picture.
func (m *mist) draw(v camera.View, width, height int, values map[string][]float32, gain float32, frame int) {
	if m.shader == nil {
		return
	}
	if m.image == nil || m.image.Bounds().Dx() != width || m.image.Bounds().Dy() != height {
		if m.image != nil {
			m.image.Deallocate()
		}
		m.image = ebiten.NewImage(width, height)
	}
	if values == nil {
		m.image.Clear()
		return
	}
	small := v.Scaled(width, height)
	u := m.uniforms
	for name, value := range values {
		in, ok := m.inputs[name]
		if !ok || in.words != len(value) {
			continue // Ebitengine panics at a wrong length
		}
		if in.whole == nil {
			u[name] = value
			continue
		}
		for i := range value {
			in.whole[i] = int32(value[i])
		}
		u[name] = in.whole
	}
	u["NoctilucaEye"], u["NoctilucaForward"] = small.Eye[:], small.Forward[:]
	u["NoctilucaRight"], u["NoctilucaUp"] = small.Right[:], small.Up[:]
	u["NoctilucaFocal"] = small.Focal
	u["NoctilucaSize"] = []float32{small.Width, small.Height}
	u["NoctilucaLo"], u["NoctilucaHi"] = m.lo[:], m.hi[:]
	u["NoctilucaStrength"], u["NoctilucaFrame"] = gain*strength, frame
	rect(m.image, 0, 0, width, height, m.shader, &ebiten.DrawTrianglesShaderOptions{Uniforms: u, Blend: ebiten.BlendCopy})
}
