package layout

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"noctiluca/installations"
	"noctiluca/installations/space"
	"noctiluca/shaders"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write what is read now")

// inputs are the files of testdata that are read.
func inputs(t testing.TB) []string {
	t.Helper()
	var out []string
	all, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		switch filepath.Ext(e.Name()) {
		case ".md", ".py", ".want", ".networks":
		default:
			if !e.IsDir() {
				out = append(out, e.Name())
			}
		}
	}
	return out
}

// opened reads the files of an import as an installation.
func opened(files Files) (*installations.Installation, installations.Problems) {
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return installations.Open(fsys, "installation.yaml", shaders.FS)
}

// Every file becomes the installation that stands beside it, and that passes
// the checks of any other.
func TestGolden(t *testing.T) {
	for _, name := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			o := Options{Pitch: 0.05}
			if o.Networks, err = os.ReadFile(filepath.Join("testdata", name+".networks")); err == nil {
				o.NetworksName = "xlights_networks.xml"
			}
			l, err := Read(name, data, o)
			if err != nil {
				t.Fatal(err)
			}
			files, err := l.Write()
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			for i, f := range files {
				if i > 0 {
					fmt.Fprintf(&got, "== %s\n", f.Name)
				}
				got.Write(f.Data)
			}
			want := filepath.Join("testdata", name+".want")
			if *update {
				os.WriteFile(want, got.Bytes(), 0o644)
			}
			if w, _ := os.ReadFile(want); !bytes.Equal(got.Bytes(), w) {
				t.Errorf("it became\n%s\nexpected what is in %s", got.Bytes(), want)
			}
			inst, problems := opened(files)
			if inst == nil {
				t.Fatalf("%v\n%s", problems, got.Bytes())
			}
			if inst.Pixels.Count() != l.Pixels() {
				t.Errorf("%d pixels, expected %d", inst.Pixels.Count(), l.Pixels())
			}
		})
	}
}

func read(t *testing.T, name, data string) (*Layout, error) {
	t.Helper()
	l, err := Read(name, []byte(data), Options{})
	if err != nil {
		return nil, err
	}
	if _, err := l.Write(); err != nil {
		return nil, err
	}
	return l, nil
}

// Errors name the file, the line or the place, the value and the rule.
func TestErrors(t *testing.T) {
	xl := func(attrs string) string {
		return "<xrgb><models>\n<model name=\"M\" " + attrs + "/></models></xrgb>"
	}
	for _, c := range []struct{ name, data, says string }{
		{"a.zzz", "", `a.zzz: the extension is ".zzz": files of`},
		{"a.json", "7", "a.json: it holds none of"},
		{"a.csv", "", "a.csv: it is empty"},
		{"a.csv", "x,z\n1,2\n", "a.csv:1: the header has no column y"},
		{"a.csv", "x,y\n1,2\n1,two\n", `a.csv:3: column y: "two": expected a number`},
		{"a.csv", "x,y,universe,channel\n1,2,1,513\n", `a.csv:2: column channel: "513": expected a whole number, 1…512`},
		{"a.csv", "x,y,index\n1,2,0\n1,2,0\n", "a.csv:3: column index: pixel 0 of fixture pixels is on line 2 already"},
		{"a.csv", "x,y,order\n1,2,RRB\n", "a.csv:2: column order"},
		{"a.csv", "x,y,fixture,universe,channel\n1,2,a,0,1\n1,2,b,0,2\n", "fixture b: it begins at channel 2 of universe 0, and a is there already"},
		{"a.csv", "x,y,universe,bits\n1,2,0,12\n", "a.csv:2: column bits: 12: expected 8 or 16"},
		{"a.csv", "x,y,universe,protocol,bits\n1,2,0,opc,16\n", "a.csv:2: column bits: 16: opc carries 8 bits"},
		{"a.xml", xl(`DisplayAs="Icicles" parm1="1" parm2="4" DropPattern="3,x"`), `DropPattern is "3,x": expected numbers of lights`},
		{"a.xml", xl(`DisplayAs="Icicles" parm1="1" parm2="4" DropPattern="0"`), `DropPattern is "0": expected a drop with a light`},
		{"a.xml", xl(`DisplayAs="Circle" parm1="1" parm2="4" LayerSizes="3;1"`), `LayerSizes is "3;1": expected numbers of nodes`},
		{"a.csv", "x,y\n1e9,2\n", "a.csv: fixture pixels, pixel 0: it is at [1e+09, 2, 0] m: must be within"},
		{"a.csv", "x,y\n", "a.csv: there are no pixels in it"},
		{"a.json", `[{"point": [1, 2]}]`, "a.json: item 0: point has 2 numbers: expected 3"},
		{"a.json", "[\n{\"point\": 3}]", "a.json:2: "},
		{"a.json", "[\n{\"point\" 3}]", "a.json:2: invalid character"},
		{"a.json", `{"map":[0,0],"width":2}`, "a.json: map, place 1: LED 0 is at place 0 already"},
		{"a.json", `{"hw":{"led":{"matrix":{"panels":[{"w":0,"h":4}]}}}}`, "panel 0: 0 × 4 LEDs"},
		{"a.xml", "<xrgb>\n<oops></xrgb>", "a.xml:2: "},
		{"a.xml", "<xrgb/>\n<!-- DisplayAs -->", "there is no <model> in it"},
		{"a.xml", xl(`DisplayAs="Custom" CustomModel="1,x"`), `a.xml:2: model M: CustomModel is "x": expected a node's number`},
		{"a.xml", xl(`DisplayAs="Custom" CustomModel="1,3000000"`), "a.xml:2: model M: CustomModel is \"3000000\": so many nodes, of which 2 have a place"},
		{"a.xml", xl(`DisplayAs="Star" parm2="many"`), `parm2 is "many": expected a whole number`},
		{"a.xml", xl(`DisplayAs="Vert Matrix" parm1="1" parm2="5" parm3="2"`), `parm3 is "2": expected strands that divide`},
		{"a.xml", xl(`DisplayAs="Star" parm1="90000" parm2="90000"`), "at most 4000000 pixels"},
		{"a.xml", xl(`DisplayAs="Star" parm2="4" StartChannel="&gt;Nobody:1"`), "there is no such model"},
		{"a.xml", xl(`DisplayAs="Star" parm2="4" StartChannel="&gt;M:1"`), "in a circle"},
		{"a.xml", xl(`DisplayAs="Star" parm2="4" StartChannel="#0:1"`), "expected a universe of 1…63999"},
		{"a.xml", xl(`DisplayAs="Poly Line" PointData="1,2"`), "expected three numbers"},
		{"a.lxf", `{"components": [{"type": "strip", "numPoints": "$n"}]}`, `a.lxf: components[0].numPoints: "$n": there is no parameter n`},
		{"a.lxf", `{"components": [{"type": "strip", "numPoints": "(1"}]}`, "expected ) at column 3"},
		{"a.lxf", `{"components": [{"type": "strip", "numPoints": 0}]}`, "components[0].numPoints: it is 0: expected 1"},
		{"a.lxf", `{"components": [{"type": "point", "outputs": [{"protocol": "artnet", "universe": 99999}]}]}`, "components[0].outputs[0].universe: it is 99999: expected 0…32767"},
		{"a.lxf", "{\n\"a\": }", "a.lxf:2: "},
		{"a.svg", "<svg><path d='L1 1'/></svg>", "a path begins with M"},
		{"a.svg", "<svg>\n<path d='M1 1 L 2 x'/></svg>", "a.svg:2: <path>: d, column 10: expected a number"},
		{"a.svg", "<svg>\n<g transform='spin(3)'/></svg>", "a.svg:2: <g>: transform spin of 1 numbers"},
		{"a.svg", "<svg><line x2='1e11'/></svg>", "more than 4000000 pixels"},
		{"a.obj", "v 1 2\n", "a.obj:1: v has 2 numbers"},
		{"a.obj", "v 1 2 3\nl 1 2\n", `a.obj:2: l: "2": expected a vertex, 1…1`},
		{"a.gltf", "{}", "a.gltf: "},
		{"a.glb", "glTF", "a.glb: "},
		{"a.gdtf", "PK", "a.gdtf: zip"},
		{"a.mvr", "", "a.mvr: zip"},
	} {
		_, err := read(t, c.name, c.data)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), c.name) {
			t.Errorf("%s %q:\n     %v\nexpected %s", c.name, c.data, err, c.says)
		}
	}
}

// A fixture whose colours have a fine byte each becomes pixels of 16 bits.
func TestFineChannels(t *testing.T) {
	channel := func(offset, attribute string) string {
		return `<DMXChannel Offset="` + offset + `" Geometry="L"><LogicalChannel Attribute="` + attribute + `"/></DMXChannel>`
	}
	for _, c := range []struct{ r, g, b, want string }{
		{"1", "2", "3", "8 bits at 0"},
		{"3,4", "5,6", "7,8", "16 bits at 2"},
		{"1,2", "3", "4", "no wires"},
		{"1,4", "2,5", "3,6", "8 bits at 0"}, // fine bytes elsewhere are left alone
	} {
		description := `<GDTF><FixtureType Name="T"><Geometries><Geometry Name="L"/></Geometries><DMXModes><DMXMode Name="M" Geometry="L"><DMXChannels>` +
			channel(c.r, "ColorAdd_R") + channel(c.g, "ColorAdd_G") + channel(c.b, "ColorAdd_B") + `</DMXChannels></DMXMode></DMXModes></FixtureType></GDTF>`
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create("description.xml")
		w.Write([]byte(description))
		z.Close()
		l, err := Read("t.gdtf", b.Bytes(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := "no wires"
		if ws := l.Fixtures[0].Wires; len(ws) == 1 {
			bits := 8
			if ws[0].Wide {
				bits = 16
			}
			got = fmt.Sprintf("%d bits at %d", bits, ws[0].Channel)
		}
		if got != c.want {
			t.Errorf("%s %s %s: %s, expected %s", c.r, c.g, c.b, got, c.want)
		}
		files, err := l.Write()
		if err != nil {
			t.Fatal(err)
		}
		if inst, problems := opened(files); inst == nil {
			t.Fatal(problems)
		}
	}
}

// An axis that points up in the file does so here.
func TestUp(t *testing.T) {
	for _, c := range []struct{ name, data, up, want string }{
		{"a.csv", "x,y,z\n1,2,3\n", "", "{1 2 3}"},
		{"a.csv", "x,y,z\n1,2,3\n", "z", "{1 3 -2}"},
		{"a.obj", "v 1 2 3\n", "", "{1 2 3}"},
		{"a.obj", "v 1 2 3\n", "z", "{1 3 -2}"},
		{"a.json", `[{"point": [1, 2, 3]}]`, "", "{1 3 -2}"},
		{"a.json", `[{"point": [1, 2, 3]}]`, "y", "{1 2 3}"},
	} {
		l, err := Read(c.name, []byte(c.data), Options{Up: c.up})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(l.Fixtures[0].Points[0]); got != c.want {
			t.Errorf("%s, up %q: %s, expected %s", c.name, c.up, got, c.want)
		}
	}
}

// What is exported as CSV and imported again is the same pixels at the same
// places on the same channels.
func TestExportedAndImportedAgain(t *testing.T) {
	inst, problems := installations.Open(installations.Shipped(), "forest/installation.yaml", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, inst); err != nil {
		t.Fatal(err)
	}
	l, err := Read("forest.csv", b.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := l.Write()
	if err != nil {
		t.Fatal(err)
	}
	again, problems := opened(files)
	if again == nil {
		t.Fatal(problems)
	}
	if again.Pixels.Count() != inst.Pixels.Count() || len(again.Fixtures) != len(inst.Fixtures) {
		t.Fatalf("%d pixels on %d fixtures, expected %d on %d", again.Pixels.Count(), len(again.Fixtures), inst.Pixels.Count(), len(inst.Fixtures))
	}
	want, got := addresses(inst), addresses(again)
	for i := range want {
		p, q := inst.Pixels, again.Pixels
		if math.Abs(float64(p.X[i]-q.X[i])) > 1e-4 || math.Abs(float64(p.Y[i]-q.Y[i])) > 1e-4 || math.Abs(float64(p.Z[i]-q.Z[i])) > 1e-4 {
			t.Fatalf("pixel %d is at %v, %v, %v, expected %v, %v, %v", i, q.X[i], q.Y[i], q.Z[i], p.X[i], p.Y[i], p.Z[i])
		}
		if got[i].universe != want[i].universe || got[i].channel != want[i].channel || got[i].order.String() != want[i].order.String() {
			t.Fatalf("pixel %d hangs at %+v, expected %+v", i, got[i], want[i])
		}
	}
}

// Outputs of 16 bits, and those without universes, come back as they were.
func TestWidthsAndOutputsComeBack(t *testing.T) {
	whole := `noctiluca: 1
name: widths
fixtures:
  - {name: a, kind: strip, order: GRB, strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 200}}
  - {name: b, kind: strip, order: RGBW, strip: {points: [[0, 1, 0], [1, 1, 0]], pixels: 90}}
  - {name: c, kind: strip, strip: {points: [[0, 2, 0], [1, 2, 0]], pixels: 300}}
  - {name: d, kind: strip, strip: {points: [[0, 3, 0], [1, 3, 0]], pixels: 3}}
outputs:
  - {name: fine, protocol: sacn, host: 10.0.0.1, universe: 5, bits: 16, fixtures: [a, {gap: 6}, b]}
  - {name: ddp, protocol: ddp, host: 10.0.0.2, bits: 16, fixtures: [{gap: 600}, c]}
  - {name: node, protocol: artnet, host: 10.0.0.3, universe: 0, fixtures: [d]}
scenes: [{name: s, layers: [{name: l, field: forest-canopy}]}]
`
	inst, problems := opened(Files{{Name: "installation.yaml", Data: []byte(whole)}})
	if inst == nil {
		t.Fatal(problems)
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, inst); err != nil {
		t.Fatal(err)
	}
	l, err := Read("widths.csv", b.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := l.Write()
	if err != nil {
		t.Fatal(err)
	}
	again, problems := opened(files)
	if again == nil {
		t.Fatalf("%v\n%s", problems, files[0].Data)
	}
	want, got := addresses(inst), addresses(again)
	for i := range want {
		if got[i].output != want[i].output || got[i].universe != want[i].universe || got[i].channel != want[i].channel || got[i].width != want[i].width {
			t.Fatalf("pixel %d hangs at %+v, expected %+v\n%s", i, got[i], want[i], files[0].Data)
		}
	}
	for i := range inst.Outputs {
		if g, w := again.Outputs[i], inst.Outputs[i]; g.Name != w.Name || g.Protocol != w.Protocol || g.Host != w.Host || g.Bits != w.Bits {
			t.Errorf("output %+v, expected %+v", g, w)
		}
	}
}

func TestExports(t *testing.T) {
	data, _ := os.ReadFile("testdata/pixels.csv")
	l, err := Read("pixels.csv", data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, _ := l.Write()
	inst, problems := opened(files)
	if inst == nil {
		t.Fatal(problems)
	}
	var fpp, opc, svg bytes.Buffer
	if WriteFPP(&fpp, inst) != nil || WriteOPC(&opc, inst) != nil || WriteSVG(&svg, inst) != nil {
		t.Fatal("an export failed")
	}
	var models struct{ Models []overlay }
	if err := json.Unmarshal(fpp.Bytes(), &models); err != nil {
		t.Fatal(err)
	}
	// north: 3 pixels of 3 bytes from channel 1; south: one of 4 bytes after a
	// gap of 3, then another in the next universe, after 16 + 3 channels.
	var said []string
	for _, m := range models.Models {
		said = append(said, fmt.Sprintf("%s %d %d %d", m.Name, m.StartChannel, m.ChannelCount, m.PerNode))
	}
	if got, want := strings.Join(said, "; "), "north 1 9 3; south 13 4 4; south-2 20 4 4"; got != want {
		t.Errorf("overlays: %s, expected %s", got, want)
	}
	again, err := Read("a.json", opc.Bytes(), Options{})
	if err != nil || again.Pixels() != 5 {
		t.Fatalf("the OPC layout: %v", err)
	}
	for i, p := range again.Fixtures[0].Points {
		if q := (space.V{X: float64(inst.Pixels.X[i]), Y: float64(inst.Pixels.Y[i]), Z: float64(inst.Pixels.Z[i])}); p.Sub(q).Length() > 1e-4 {
			t.Errorf("OPC pixel %d is at %v, expected %v", i, p, q)
		}
	}
	if n := strings.Count(svg.String(), "<circle "); n != 5 || !strings.Contains(svg.String(), `data-universe="1" data-channel="4"`) {
		t.Errorf("the SVG has %d circles\n%s", n, svg.String())
	}
}

// Whatever a table of pixels says, the installation has each on the channel
// that the table gives.
func TestChannelsAreThoseOfTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("fixture,x,y,z,universe,channel\n")
		universe, channel := rapid.IntRange(0, 5).Draw(t, "universe"), 1
		type at struct{ universe, channel int }
		var want []at
		for f := range rapid.IntRange(1, 5).Draw(t, "fixtures") {
			if rapid.Bool().Draw(t, "gap") {
				channel += rapid.IntRange(0, 40).Draw(t, "channels")
			}
			if rapid.Bool().Draw(t, "next") {
				universe, channel = universe+rapid.IntRange(1, 3).Draw(t, "universes"), 1
			}
			for range rapid.IntRange(1, 250).Draw(t, "pixels") {
				if channel > 510 {
					universe, channel = universe+1, 1
				}
				fmt.Fprintf(&b, "f%d,%d,0,0,%d,%d\n", f, len(want), universe, channel)
				want = append(want, at{universe, channel - 1})
				channel += 3
			}
		}
		l, err := Read("a.csv", []byte(b.String()), Options{})
		if err != nil {
			t.Fatal(err)
		}
		files, err := l.Write()
		if err != nil {
			t.Fatal(err)
		}
		inst, problems := opened(files)
		if inst == nil {
			t.Fatalf("%v\n%s", problems, files[0].Data)
		}
		for i, a := range addresses(inst) {
			if a.universe != want[i].universe || a.channel != want[i].channel {
				t.Fatalf("pixel %d is at universe %d channel %d, expected %v\n%s", i, a.universe, a.channel, want[i], files[0].Data)
			}
		}
	})
}

func TestNamesAreTheFormats(t *testing.T) {
	for in, want := range map[string]string{"Große Tanne": "Gro-e-Tanne", "": "x", "***": "x", "a b  c": "a-b-c", "all": "x", strings.Repeat("a", 99): strings.Repeat("a", 56)} {
		if got := cleanName(in, "x"); got != want {
			t.Errorf("%q became %q, expected %q", in, got, want)
		}
	}
}

func TestExpressions(t *testing.T) {
	x := &lxf{parameters: map[string]any{"n": 3.0, "on": true, "s": "4"}}
	for text, want := range map[string]float64{
		"1 + 2 * 3": 7, "(1+2)*3": 9, "-2^2": -4, "$n * 2": 6, "${n}/2": 1.5, "$on ? 5 : 6": 5, "!$on || 0": 0, "7 % 4": 3, "floor(2.7) + abs(-1)": 3, "$s + 1": 5,
		"1 < 2 && 2 <= 2": 1, "1 == 2": 0, "sin(rad(90))": 1, "2 - 3 - 4": -5,
	} {
		if got, err := x.evaluate(text); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v (%v), expected %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1 +", "(", "$", "$q", "2 3", "foo(1)", "1/0", strings.Repeat("(", 500), strings.Repeat("-", 500)} {
		if v, err := x.evaluate(text); err == nil {
			t.Errorf("%.20q is %v", text, v)
		}
	}
}

// A quarter of a circle by an arc, and by curves, is as long as it should be.
func TestPathsAreAsLongAsTheyAre(t *testing.T) {
	for d, want := range map[string]float64{
		"M0 0h10v10h-10z":                       40,
		"M10 0A10 10 0 0 1 0 10":                5 * math.Pi,
		"M10 0A10 10 0 1 1 0-10":                15 * math.Pi,
		"M10,0a10,10,0,0,1-10,10":               5 * math.Pi,
		"M10 0C10 5.5228 5.5228 10 0 10":        5 * math.Pi,
		"M0 0Q5 0 10 0T20 0":                    20,
		"M0 0 10 0 10 10m5 5l1 0":               21,
		"M0 0L3 4ZL0 5":                         15,
		"M0 0A5 5 30 0 1 20 0":                  10 * math.Pi, // the radius is too small and grows
		"M0-1.5.5-1.5":                          0.5,
		"M0 0c0 0 5 0 10 0s10 0 10 0 5 0 10 0 ": 30,
	} {
		p := pathReader{text: d}
		lines, err := p.read()
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		got := 0.0
		for _, l := range lines {
			for i := 1; i < len(l); i++ {
				got += l[i].Sub(l[i-1]).Length()
			}
		}
		if math.Abs(got-want) > want/1000 {
			t.Errorf("%s is %v long, expected %v", d, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range inputs(f) {
		data, _ := os.ReadFile(filepath.Join("testdata", name))
		f.Add(filepath.Ext(name), data)
	}
	f.Fuzz(func(t *testing.T, ext string, data []byte) {
		l, err := Read("a"+ext, data, Options{Pitch: 1})
		if err != nil || l.Pixels() > 5000 {
			return
		}
		files, err := l.Write()
		if err != nil {
			return
		}
		if inst, problems := opened(files); inst == nil {
			t.Fatalf("what was written is not read: %v\n%s", problems, files[0].Data)
		}
	})
}
