//go:build !venue

package screen

import (
	"embed"
	"fmt"
	"image"
	"image/color"
	"math"
	"sync"
	"time"

	"noctiluca/devices/screen/camera"
	"noctiluca/devices/screen/dusk"
	"noctiluca/engine"
	"noctiluca/installations"

	"github.com/hajimehoshi/ebiten/v2"
)

//go:embed *.kage
var sources embed.FS

// shaderOf compiles one of the window's own shaders.
func shaderOf(name string) (*ebiten.Shader, error) {
	text := "//kage:unit pixels\n\npackage screen\n\n"
	parts := []string{"common", name}
	if name == "develop" || name == "enlarge" {
		parts = []string{"common", name, "print"}
	}
	for _, n := range parts {
		b, err := sources.ReadFile(n + ".kage")
		if err != nil {
			return nil, fmt.Errorf("screen: %w", err)
		}
		text += string(b) + "\n"
	}
	s, err := ebiten.NewShader([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("screen: shader %s.kage: %w", name, err)
	}
	return s, nil
}

// picture draws an installation. It belongs to the window's goroutine.
type picture struct {
	inst    *installations.Installation
	look    look
	wood    *dusk.Wood
	air     *dusk.Air
	floor   *dusk.Floor // nil without ground
	glow    dusk.Glow
	glowing sync.WaitGroup
	sight   dusk.Sight
	lights  dusk.Lights
	under   []bool // which LEDs are in the stream
	stage   *stage
	mirror  *stage
	mists   []*mist

	skyShader, groundShader, waterShader, stageShader, developShader, gatherShader, enlargeShader *ebiten.Shader

	scene, reflected        *ebiten.Image // as seen, and in the water, at half size
	fog, other              *ebiten.Image // all mists together, and the one before
	halo, lit, soil, bark   *ebiten.Image
	width, height           int // of the scene: finer or coarser than the picture
	water                   water
	frame                   int
	count                   tally
	mirrored                camera.View // of the last reflection
	exposure                float32
	quality                 quality
	horizon                 [3]float32
	horizonView, zenithView [3]float32
}

// coarse is how many pixels a cell of the glow is wide, at least; misty of a
// mist.
const (
	coarse = 4
	misty  = 6
)

func newPicture(inst *installations.Installation, layers []engine.Layer) (*picture, error) {
	p := &picture{inst: inst, look: night, exposure: -1, quality: qualities[0]}
	for name, s := range map[string]**ebiten.Shader{
		"sky": &p.skyShader, "ground": &p.groundShader, "water": &p.waterShader, "stage": &p.stageShader, "develop": &p.developShader, "gather": &p.gatherShader, "enlarge": &p.enlargeShader,
	} {
		var err error
		if *s, err = shaderOf(name); err != nil {
			return nil, err
		}
	}
	px := inst.Pixels
	p.lights = dusk.Lights{X: px.X, Y: px.Y, Z: px.Z}
	leaf := func(f int) bool {
		return f >= 0 && f < len(inst.Fixtures) && inst.Fixtures[f].Kind != "tree"
	}
	p.wood = dusk.NewWood(inst.Scenery.Limbs, leaf, px.X, px.Y, px.Z)
	lo, hi := extent(inst)
	cell := float32(0.5)
	if m := max(hi[0]-lo[0], hi[1]-lo[1], hi[2]-lo[2]); m > 40 {
		cell = m / 80
	}
	p.air = dusk.NewAir(lo, hi, cell, px.X, px.Y, px.Z)
	p.under = make([]bool, px.Count())
	if g := inst.Scenery.Ground; g.Size[0] > 0 && g.Size[1] > 0 {
		p.floor = dusk.NewFloor(g, p.wood, px.X, px.Y, px.Z)
		for i := range p.under {
			p.under[i] = p.floor.Under(px.X[i], px.Y[i], px.Z[i])
		}
		p.water = newWater(p.floor.Banks(0.55))
		p.soil = ebiten.NewImage(p.floor.SoilWidth, p.floor.SoilHeight)
		p.soil.WritePixels(p.floor.Soil)
		p.lit = ebiten.NewImage(p.floor.Width, p.floor.Height)
	}
	texture := dusk.Bark()
	p.bark = ebiten.NewImageFromImage(texture)
	p.stage = newStage(p.wood, px.Count())
	p.mirror = newStage(p.wood, px.Count())
	for _, l := range layers {
		p.mists = append(p.mists, newMist(l, inst))
	}
	return p, nil
}

// reload makes the mists anew of layers whose field is another now.
func (p *picture) reload(layers []engine.Layer, inst *installations.Installation) {
	for i, l := range layers {
		if i < len(p.mists) && p.mists[i].source != l.Kage {
			p.mists[i].free()
			p.mists[i] = newMist(l, inst)
		}
	}
}

// problems is why something is not drawn, empty for nothing.
func (p *picture) problems() []string {
	var all []string
	for _, m := range p.mists {
		if m.problem != "" {
			all = append(all, m.problem)
		}
	}
	return all
}

// extent is the box of everything in an installation, with half a metre to spare.
func extent(inst *installations.Installation) (lo, hi camera.Vec) {
	lo, hi = camera.Vec{1e9, 1e9, 1e9}, camera.Vec{-1e9, -1e9, -1e9}
	add := func(p camera.Vec) {
		for a, v := range p {
			lo[a], hi[a] = min(lo[a], v), max(hi[a], v)
		}
	}
	p := &inst.Pixels
	for i := range p.X {
		add(camera.Vec{p.X[i], p.Y[i], p.Z[i]})
	}
	for _, l := range inst.Scenery.Limbs {
		add(l.From)
		add(l.To)
	}
	if lo[0] > hi[0] {
		return camera.Vec{-1, 0, -1}, camera.Vec{1, 2, 1}
	}
	for a := range lo {
		lo[a], hi[a] = lo[a]-0.5, hi[a]+0.5
	}
	return lo, hi
}

// home is where the camera stands at first: at the height of a person's eyes
// before what is large, level with what is small.
func home(inst *installations.Installation) *camera.Orbit {
	lo, hi := extent(inst)
	size := hi.Sub(lo)
	middle := lo.Lerp(hi, 0.5)
	o := &camera.Orbit{Field: 52 * math.Pi / 180, Near: 0.4, Far: 6 * max(size.Length(), 1), Reach: max(size.Length(), 1)}
	o.Floor = float32(math.Inf(-1))
	if g := inst.Scenery.Ground; g.Size[0] > 0 {
		o.Floor = g.Centre[1] + 0.15
	}
	if v := inst.Scenery.View; v.From != v.At {
		look := camera.Vec(v.From).Sub(v.At)
		o.Field = v.Angle * math.Pi / 180
		o.Target, o.Distance = v.At, look.Length()
		o.Yaw = float32(math.Atan2(float64(look[0]), float64(look[2])))
		o.Pitch = float32(math.Asin(float64(look[1] / look.Length())))
		o.Far = max(o.Far, o.Distance)
		o.SetHome()
		return o
	}
	if size[1] > 4 && size[2] > 8 && o.Floor > -1e9 {
		o.Target = camera.Vec{middle[0], lo[1] + 0.27*size[1], middle[2]}
		o.Distance = size[2] * 0.5
		o.Pitch = -0.1
	} else {
		o.Target = middle
		o.Pitch = 0.12
		if size[1] < 0.6*max(size[0], size[2]) {
			o.Pitch = 0.22 // what is flat is looked down on a little
		}
		// So near that everything is just seen, in a picture of 16:9.
		near, far := o.Near, o.Far
		for range 24 {
			o.Distance = (near + far) / 2
			if fits(o.View(1600, 900), lo, hi) {
				far = o.Distance
			} else {
				near = o.Distance
			}
		}
		o.Distance = far
	}
	o.SetHome()
	return o
}

// fits reports whether a box is within a picture, with a margin.
func fits(v camera.View, lo, hi camera.Vec) bool {
	for corner := range 8 {
		p := lo
		for a := range p {
			if corner>>a&1 == 1 {
				p[a] = hi[a]
			}
		}
		x, y, z := v.Project(p)
		if z < camera.Near || x < 0.02*v.Width || x > 0.98*v.Width || y < 0.04*v.Height || y > 0.96*v.Height {
			return false
		}
	}
	return true
}

// resize makes the images for pictures of the given size.
func (p *picture) resize(width, height int) {
	if p.width == width && p.height == height {
		return
	}
	p.width, p.height = width, height
	k := max(coarse, (width+479)/480)
	p.glow.Resize((width+k-1)/k, (height+k-1)/k)
	for _, i := range []**ebiten.Image{&p.scene, &p.reflected, &p.fog, &p.other, &p.halo} {
		if *i != nil {
			(*i).Deallocate()
		}
	}
	p.scene = ebiten.NewImage(width, height)
	p.reflected = ebiten.NewImage((width+1)/2, (height+1)/2)
	p.stage.clip = image.Rect(0, 0, width, height)
	mw, mh := p.mistSize()
	p.fog, p.other = ebiten.NewImage(mw, mh), ebiten.NewImage(mw, mh)
	p.halo = ebiten.NewImage(p.glow.Width, p.glow.Height)
}

func (p *picture) mistSize() (int, int) {
	k := max(misty, (p.width+319)/320)
	return (p.width + k - 1) / k, (p.height + k - 1) / k
}

// draw draws the installation into dst, which is Width × Height of the view.
// r, g and b are the light of its pixels, at is the time for what moves by
// itself, whole asks for every mist at once.
func (p *picture) draw(dst *ebiten.Image, orbit *camera.Orbit, r, g, b []float32, at time.Duration, words func(layer int) []uint32, whole bool) {
	p.frame++
	size := dst.Bounds().Size()
	if whole {
		p.quality = qualities[0]
	}
	fine := p.quality.fine
	p.resize(max(int(float32(size.X)*fine+0.5), 16), max(int(float32(size.Y)*fine+0.5), 16))
	v := orbit.View(p.width, p.height)
	p.lights.R, p.lights.G, p.lights.B = r, g, b
	p.expose(r, g, b, whole)

	if turn := p.quality.turn; p.frame%turn == 0 || whole {
		p.air.Fill(r, g, b)
	}
	if turn := p.quality.turn; p.floor != nil && ((p.frame+1)%turn == 0 || whole) {
		p.floor.Fill(p.air, r, g, b)
		p.lit.WritePixels(p.floor.Pixels)
		p.count.upload(p.floor.Pixels)
	}
	p.drawMists(v, words, whole)
	p.drawReflection(v, whole)

	k := float32(p.width) / float32(p.glow.Width)
	p.stage.project(&v, 0)
	p.sight.Begin(p.glow.Width, p.glow.Height)
	p.stage.block(&p.sight, k)
	p.glow.Begin()
	p.stage.begin()
	p.stage.limbs(&v, &p.look, p.air, &p.lights, p.horizon, p.exposure, p.quality.thinnest)
	p.stage.lights(&v, &p.look, &p.lights, p.under, p.exposure, 0.95*float32(p.height)/720, 0.002, &p.glow, &p.sight, k)
	// The glow spreads while the triangles are put in order and handed over.
	p.glowing.Go(func() { p.glow.Finish(1) })
	p.stage.sort()
	p.drawBackdrop(v, at)
	p.count.draw(len(p.stage.vertices), len(p.stage.indices))
	p.scene.DrawTrianglesShader32(p.stage.vertices, p.stage.indices, p.stageShader, &ebiten.DrawTrianglesShaderOptions{Images: [4]*ebiten.Image{p.bark}})
	p.glowing.Wait()
	p.halo.WritePixels(p.glow.Pixels)
	p.count.upload(p.glow.Pixels)
	develop := p.developShader
	if p.width != size.X || p.height != size.Y {
		develop = p.enlargeShader
	}
	p.rect(dst, 0, 0, size.X, size.Y, develop, &ebiten.DrawTrianglesShaderOptions{
		Images:   [4]*ebiten.Image{p.scene, p.halo},
		Uniforms: map[string]any{"Size": []float32{float32(size.X), float32(size.Y)}, "Frame": p.frame & 1023},
		Blend:    ebiten.BlendCopy,
	})
}

var black = color.RGBA{A: 255}

// rect runs a shader over a rectangle of dst; positions in image 0 are those in dst.
func rect(dst *ebiten.Image, x0, y0, x1, y1 int, shader *ebiten.Shader, o *ebiten.DrawTrianglesShaderOptions) {
	var vs [4]ebiten.Vertex
	for i := range vs {
		x, y := float32(x0), float32(y0)
		if i&1 == 1 {
			x = float32(x1)
		}
		if i&2 == 2 {
			y = float32(y1)
		}
		vs[i] = ebiten.Vertex{DstX: x, DstY: y, SrcX: x, SrcY: y, ColorR: 1, ColorG: 1, ColorB: 1, ColorA: 1}
	}
	dst.DrawTrianglesShader(vs[:], []uint16{0, 1, 2, 2, 1, 3}, shader, o)
}

// rect is rect, counted.
func (p *picture) rect(dst *ebiten.Image, x0, y0, x1, y1 int, shader *ebiten.Shader, o *ebiten.DrawTrianglesShaderOptions) {
	p.count.draw(4, 6)
	rect(dst, x0, y0, x1, y1, shader, o)
}

// expose lets the eye get used to the dark, a little and slowly.
func (p *picture) expose(r, g, b []float32, atOnce bool) {
	sum := float32(0)
	for i := range r {
		sum += 0.3*r[i] + 0.5*g[i] + 0.2*b[i]
	}
	mean := sum / float32(max(len(r), 1))
	goal := float32(math.Pow(float64(0.03/max(mean, 0.0015)), 0.45))
	goal = min(max(goal, 0.45), 2.5)
	if p.exposure < 0 || atOnce {
		p.exposure = goal
	}
	p.exposure += (goal - p.exposure) * 0.01
	// Far haze takes a little of the colour of all the light there is.
	n := float32(max(len(r), 1))
	var c [3]float32
	for i := range r {
		c[0] += r[i]
		c[1] += g[i]
		c[2] += b[i]
	}
	base := [3]float32{0.0010, 0.0026, 0.0056}
	for i := range c {
		p.horizon[i] = base[i] + min(c[i]/n*p.exposure*0.25, 0.02)
		p.horizonView[i] = dusk.Film(p.horizon[i]) / 255
		p.zenithView[i] = p.horizonView[i] * 0.35
	}
}

func (p *picture) drawMists(v camera.View, words func(layer int) []uint32, whole bool) {
	w, h := p.mistSize()
	p.fog.Fill(black)
	for i, m := range p.mists {
		if m.shader == nil {
			continue
		}
		// One after the other in turn: they change slowly, and cost most.
		if whole || m.image == nil || p.frame%len(p.mists) == i {
			p.count.draw(4, 6)
			m.draw(v, w, h, words(i), p.exposure, p.frame)
		}
		p.fog, p.other = p.other, p.fog
		p.rect(p.fog, 0, 0, w, h, p.gatherShader, &ebiten.DrawTrianglesShaderOptions{
			Images: [4]*ebiten.Image{p.other, m.image}, Blend: ebiten.BlendCopy,
		})
	}
}

// drawReflection draws what level water mirrors, where there is water to see.
func (p *picture) drawReflection(v camera.View, whole bool) {
	if p.floor == nil {
		return
	}
	p.water.project(&v)
	if len(p.water.indices) == 0 {
		return
	}
	// At its best it follows the camera at once, and the light every other
	// picture.
	moved := p.quality == qualities[0] && v != p.mirrored
	if p.frame%p.quality.turn != 0 && !whole && !moved {
		return
	}
	p.mirrored = v
	s := p.reflected.Bounds().Size()
	m := v.Mirrored(p.floor.Y).Scaled(s.X, s.Y)
	// Ripples carry a little of what is beside it.
	b := p.water.bounds
	clip := image.Rect(b.Min.X/2-24, b.Min.Y/2-40, b.Max.X/2+24, b.Max.Y/2+40).Intersect(p.reflected.Bounds())
	part := p.reflected.SubImage(clip).(*ebiten.Image)
	part.Fill(color.RGBA{uint8(255 * p.zenithView[0]), uint8(255 * p.zenithView[1]), uint8(255 * p.zenithView[2]), 255})
	p.mirror.clip = clip
	p.mirror.project(&m, 0.03)
	p.mirror.begin()
	p.mirror.limbs(&m, &p.look, p.air, &p.lights, p.horizon, p.exposure, p.quality.thinnest)
	p.mirror.lights(&m, &p.look, &p.lights, p.under, p.exposure, 1.6, 0.06, nil, nil, 1)
	p.mirror.sort()
	p.count.draw(len(p.mirror.vertices), len(p.mirror.indices))
	part.DrawTrianglesShader32(p.mirror.vertices, p.mirror.indices, p.stageShader, &ebiten.DrawTrianglesShaderOptions{Images: [4]*ebiten.Image{p.bark}})
}

// drawBackdrop draws the sky and the ground.
func (p *picture) drawBackdrop(v camera.View, at time.Duration) {
	u := map[string]any{
		"Eye": v.Eye[:], "Forward": v.Forward[:], "Right": v.Right[:], "Up": v.Up[:],
		"Focal": v.Focal, "Size": []float32{v.Width, v.Height}, "Time": float32(math.Mod(at.Seconds(), 3600)),
		"Horizon": p.horizonView[:], "Zenith": p.zenithView[:],
	}
	// The horizon is level in the picture.
	horizon := float32(0)
	if f := v.Forward[1]; v.Up[1] > 1e-3 {
		horizon = v.Height/2 + v.Focal*f/v.Up[1]
	} else if f > 0 {
		horizon = v.Height
	}
	line := int(min(max(horizon, 0), v.Height))
	if p.floor == nil {
		line = p.height
	}
	if line > 0 {
		p.rect(p.scene, 0, 0, p.width, line, p.skyShader, &ebiten.DrawTrianglesShaderOptions{Images: [4]*ebiten.Image{p.fog}, Uniforms: u, Blend: ebiten.BlendCopy})
	}
	if line < p.height {
		f := p.floor
		u["Lo"], u["Extent"], u["Level"], u["Fog"] = f.Lo[:], f.Size[:], f.Y, p.look.fog
		o := &ebiten.DrawTrianglesShaderOptions{Images: [4]*ebiten.Image{p.fog, p.lit, p.soil}, Uniforms: u, Blend: ebiten.BlendCopy}
		p.rect(p.scene, 0, line, p.width, p.height, p.groundShader, o)
		if len(p.water.indices) > 0 {
			o := &ebiten.DrawTrianglesShaderOptions{Images: [4]*ebiten.Image{p.fog, p.lit, p.soil, p.reflected}, Uniforms: u}
			p.count.draw(len(p.water.vertices), len(p.water.indices))
			p.scene.DrawTrianglesShader32(p.water.vertices, p.water.indices, p.waterShader, o)
		}
	}
}
