package engine

import (
	"testing"

	"noctiluca/installations"
)

// A layer on a group of parts lights their pixels and no others, and tells the
// field which fixture each is of.
func TestALayerPlaysOnParts(t *testing.T) {
	inst := small("package main\n\nfunc Light(p vec3, life vec4, pixel vec3) vec4 { return vec4(0.25, pixel.z*0.25, 0, 1) }\n")
	inst.Groups[0].Parts = []installations.Span{{First: 3010, Count: 5}, {First: 5999, Count: 1}}
	inst.Groups[0].Fixtures = nil
	inst.Groups[1].Fixtures, inst.Groups[1].Parts = []int{1}, []installations.Span{{First: 7, Count: 2}}
	l := inst.Scenes[0].Layers[:1]
	l[0].Life, l[0].Level, l[0].Parameters = "", 1, nil
	for group, lit := range []func(i int) bool{
		func(i int) bool { return i >= 3010 && i < 3015 || i == 5999 },
		func(i int) bool { return i >= 3000 || i == 7 || i == 8 },
	} {
		l[0].Group = group
		inst.Scenes[0].Layers = l
		e := play(t, inst, Config{})
		f := e.Step(frameTime(1))
		r, g, _ := f.RGB()
		for i := range r {
			if lit(i) != (r[i] > 0.2) || lit(i) && i >= 3000 != (g[i] > 0.2) {
				t.Fatalf("group %d, pixel %d: %v, %v", group, i, r[i], g[i])
			}
		}
		f.Release()
	}
}
