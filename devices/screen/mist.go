//go:build !venue

package screen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"strings"

	"noctiluca/devices/screen/camera"
	"noctiluca/engine"
	"noctiluca/installations"

	"github.com/hajimehoshi/ebiten/v2"
)

// mist is one layer's field as it would be in the air round its LEDs: the
// artist's own source, called along each line of sight on the GPU.
type mist struct {
	name     string
	source   string // of the field
	words    int    // of its uniforms
	shader   *ebiten.Shader
	problem  string // why there is none
	lo, hi   camera.Vec
	inputs   []input
	uniforms map[string]any
	image    *ebiten.Image
}

// input is a uniform of a field: where its words are, and room for them as
// Ebitengine takes them.
type input struct {
	at     int
	floats []float32
	whole  []int32 // instead, of an int or a bool
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
func newMist(layer engine.Layer, inst *installations.Installation) *mist {
	m := &mist{name: layer.Name, source: layer.Kage, uniforms: map[string]any{}}
	m.lo, m.hi = bounds(inst, layer.Name)
	source, err := wrap(layer.Kage)
	if err == errPicture {
		return m
	}
	if err == nil {
		m.shader, err = ebiten.NewShader([]byte(source))
	}
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		m.problem = fmt.Sprintf("mist of %s is off: %s", layer.Name, line)
		return m
	}
	for _, u := range layer.Uniforms {
		in := input{at: u.Offset}
		m.words = max(m.words, u.Offset+u.Words)
		if u.Whole() {
			in.whole = make([]int32, u.Words)
			m.uniforms[u.Name] = in.whole
		} else {
			in.floats = make([]float32, u.Words)
			m.uniforms[u.Name] = in.floats
		}
		m.inputs = append(m.inputs, in)
	}
	return m
}

// errPicture says that a field is a picture on a surface, which is not in the air.
var errPicture = errors.New("a picture has no mist")

// free gives back what the GPU holds for the mist.
func (m *mist) free() {
	if m.image != nil {
		m.image.Deallocate()
	}
	if m.shader != nil {
		m.shader.Deallocate()
	}
}

// wrap puts a field into a program for the GPU.
func wrap(field string) (source string, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), "field.kage", field, 0)
	if err != nil {
		return "", err
	}
	for _, d := range f.Decls {
		light, ok := d.(*ast.FuncDecl)
		if ok && light.Name.Name == "Fragment" {
			return "", errPicture
		}
		if !ok || light.Name.Name != "Light" {
			continue
		}
		// What a pixel would be: no life, half way, of average character.
		arguments := ""
		for _, more := range []string{", vec4(0)", ", vec3(0.6, 0.5, 0)"}[:min(max(light.Type.Params.NumFields()-1, 0), 2)] {
			arguments += more
		}
		if !strings.Contains(field, "//kage:unit") {
			field = "//kage:unit pixels\n" + field
		}
		return field + fmt.Sprintf(wrapper, steps, arguments), nil
	}
	return "", fmt.Errorf("it has no func Light")
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
				for _, span := range inst.Spans(l.Group) {
					add(span.First, span.First+span.Count)
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
func (m *mist) draw(v camera.View, width, height int, words []uint32, gain float32, frame int) {
	if m.shader == nil {
		return
	}
	if m.image == nil || m.image.Bounds().Dx() != width || m.image.Bounds().Dy() != height {
		if m.image != nil {
			m.image.Deallocate()
		}
		m.image = ebiten.NewImage(width, height)
	}
	if words == nil {
		m.image.Clear()
		return
	}
	if len(words) != m.words {
		return // of a field that was saved just now
	}
	small := v.Scaled(width, height)
	u := m.uniforms
	for _, in := range m.inputs {
		for i := range in.whole {
			in.whole[i] = int32(words[in.at+i])
		}
		for i := range in.floats {
			in.floats[i] = math.Float32frombits(words[in.at+i])
		}
	}
	u["NoctilucaEye"], u["NoctilucaForward"] = small.Eye[:], small.Forward[:]
	u["NoctilucaRight"], u["NoctilucaUp"] = small.Right[:], small.Up[:]
	u["NoctilucaFocal"] = small.Focal
	u["NoctilucaSize"] = []float32{small.Width, small.Height}
	u["NoctilucaLo"], u["NoctilucaHi"] = m.lo[:], m.hi[:]
	u["NoctilucaStrength"], u["NoctilucaFrame"] = gain*strength, frame
	rect(m.image, 0, 0, width, height, m.shader, &ebiten.DrawTrianglesShaderOptions{Uniforms: u, Blend: ebiten.BlendCopy})
}
