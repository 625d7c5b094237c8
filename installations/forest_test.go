package installations

import (
	"io/fs"
	"math"
	"os"
	"testing"

	"noctiluca/installations/space"
)

// openForest opens the shipped forest with the shipped fields.
func openForest(t *testing.T) *Installation {
	t.Helper()
	inst, problems := Open(Shipped(), "forest/"+FileName, os.DirFS("../shaders"))
	for _, p := range problems {
		t.Error(p)
	}
	if inst == nil {
		t.FailNow()
	}
	return inst
}

func TestForestIsWhole(t *testing.T) {
	inst := openForest(t)
	whole(t, inst)
	trees, forms := 0, map[string]int{}
	for _, f := range inst.Fixtures {
		forms[f.Kind]++
		if f.Kind == "tree" {
			trees++
		}
	}
	if trees < 24 {
		t.Errorf("%d trees: a forest of at least 24 is wanted", trees)
	}
	for _, kind := range []string{"fern", "mycelium", "strip"} {
		if forms[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
	if n := inst.Pixels.Count(); n < 10_000 || n > 14_000 {
		t.Errorf("%d pixels: expected 10,000 to 14,000", n)
	}
	if len(inst.Cells) != 3 {
		t.Errorf("%d cells: expected three", len(inst.Cells))
	}
	if len(inst.Scenery.Ground.Stream) < 2 {
		t.Error("the ground has no stream")
	}
}

// Every pixel of the forest is lit by exactly one layer of its first scene,
// each by a field of its own, and none is left in the dark.
func TestForestIsLit(t *testing.T) {
	inst := openForest(t)
	lit := make([]int, inst.Pixels.Count())
	fields := map[string]bool{}
	for _, l := range inst.Scenes[0].Layers {
		fields[l.FieldFile] = true
		if len(l.FieldText) == 0 {
			t.Errorf("layer %s: %s is empty", l.Name, l.FieldFile)
		}
		for _, f := range inst.Groups[l.Group].Fixtures {
			fix := inst.Fixtures[f]
			for p := fix.First; p < fix.First+fix.Count; p++ {
				lit[p]++
			}
		}
	}
	for p, n := range lit {
		if n != 1 {
			t.Fatalf("pixel %d of %s is lit by %d layers: expected one", p, inst.Fixtures[inst.Pixels.Fixture[p]].Name, n)
		}
	}
	for _, name := range []string{"forest-canopy", "forest-ground", "forest-stream"} {
		if !fields["shaders/"+name+".kage"] {
			t.Errorf("no layer plays %s", name)
		}
		if _, err := fs.Stat(os.DirFS("../shaders"), name+".kage"); err != nil {
			t.Error(err)
		}
	}
}

// What the forest sends stays on this machine until somebody wires it: a
// shipped file must not light up a stranger's theatre.
func TestForestStaysAtHome(t *testing.T) {
	inst := openForest(t)
	protocols := map[string]bool{}
	for _, o := range inst.Outputs {
		protocols[o.Protocol] = true
		if o.Host != "127.0.0.1" || o.Multicast {
			t.Errorf("output %s goes to %q (multicast %v): expected 127.0.0.1", o.Name, o.Host, o.Multicast)
		}
	}
	if !protocols["artnet"] || !protocols["sacn"] {
		t.Errorf("protocols %v: expected Art-Net and sACN", protocols)
	}
	for _, d := range inst.Signals.Devices {
		if d.Consent == "" {
			t.Errorf("device %s has no consent: its readings would all be dropped", d.Address)
		}
	}
}

// One can stand in the forest: no trunk grows in a cell's middle, in the
// stream or in another trunk, and the way in from the viewer's side is open.
func TestForestCanBeWalked(t *testing.T) {
	inst := openForest(t)
	type trunk struct {
		name   string
		at     space.V
		radius float64
	}
	var trunks []trunk
	seen := map[int]bool{}
	for _, l := range inst.Scenery.Limbs {
		if f := inst.Fixtures[l.Fixture]; f.Kind == "tree" && !seen[l.Fixture] {
			seen[l.Fixture] = true
			trunks = append(trunks, trunk{f.Name, space.V{X: float64(l.From[0]), Z: float64(l.From[2])}, float64(l.RadiusFrom)})
		}
	}
	for i, a := range trunks {
		for _, b := range trunks[i+1:] {
			if d := a.at.Sub(b.at).Length(); d < a.radius+b.radius+0.5 {
				t.Errorf("%s and %s stand %.2f m apart", a.name, b.name, d)
			}
		}
		for _, c := range inst.Cells {
			if d := a.at.Sub(space.V{X: float64(c.At[0]), Z: float64(c.At[2])}).Length(); d < 1 {
				t.Errorf("%s stands %.2f m from the middle of the cell %s", a.name, d, c.Name)
			}
		}
		g := inst.Scenery.Ground
		for k := 1; k < len(g.Stream); k++ {
			from, to := at(g.Stream[k-1]), at(g.Stream[k])
			way := to.Sub(from)
			s := min(max(a.at.Sub(from).Dot(way)/way.Dot(way), 0), 1)
			if d := a.at.Sub(from.Add(way.Times(s))).Length(); d < a.radius+float64(g.Width)/2 {
				t.Errorf("%s stands in the stream, %.2f m from its middle", a.name, d)
			}
		}
		if math.Abs(a.at.X) < 2 && a.at.Z > 0.5 {
			t.Errorf("%s stands in the way in, at x %.1f, z %.1f", a.name, a.at.X, a.at.Z)
		}
		if half := g.Size[0] / 2; math.Abs(a.at.X-float64(g.Centre[0])) > float64(half) || math.Abs(a.at.Z-float64(g.Centre[2])) > float64(g.Size[1]/2) {
			t.Errorf("%s stands beyond the ground", a.name)
		}
	}
}

func at(p [3]float32) space.V { return space.V{X: float64(p[0]), Z: float64(p[2])} }
