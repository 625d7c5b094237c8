package layout

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The archives of this file are made here, after the examples of breaks in the
// GDTF specification; no program wrote them.

// archived is a zip archive of files by their names.
func archived(t *testing.T, files ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(f[1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bar is the type of a bar of cells, a metre apart: channels is what each cell
// has, and breaks what each reference says of them.
func bar(channels string, breaks ...string) string {
	var refs strings.Builder
	for i, b := range breaks {
		fmt.Fprintf(&refs, "<GeometryReference Name=\"C%d\" Geometry=\"Cell\" Position=\"{1,0,0,%d}{0,1,0,0}{0,0,1,0}{0,0,0,1}\">\n%s</GeometryReference>\n", i, i, b)
	}
	return "<GDTF><FixtureType Name=\"Bar\"><Geometries><Geometry Name=\"Cell\"/>\n<Geometry Name=\"Body\">\n" + refs.String() +
		"</Geometry></Geometries><DMXModes><DMXMode Name=\"M\" Geometry=\"Body\"><DMXChannels>\n" + channels + "</DMXChannels></DMXMode></DMXModes></FixtureType></GDTF>"
}

// rgb is three channels of a geometry in a break.
func rgb(brk, geometry string) string {
	s := ""
	for i, c := range []string{"R", "G", "B"} {
		s += fmt.Sprintf("<DMXChannel %s Offset=\"%d\" Geometry=\"%s\"><LogicalChannel Attribute=\"ColorAdd_%s\"/></DMXChannel>\n", brk, i+1, geometry, c)
	}
	return s
}

// wired tells where a layout's first fixture hangs: of each pixel, by where it
// stands (x in metres), universe and channel, from 0; − for none.
func wired(l *Layout) string {
	f := &l.Fixtures[0]
	hang := make([]string, f.Count())
	for _, w := range f.Wires {
		for k := range max(w.Count, 1) {
			hang[w.First+k] = fmt.Sprintf("%d.%d", w.Universe, w.Channel+3*k)
		}
	}
	var out []string
	for i, p := range f.Points {
		at := hang[i]
		if at == "" {
			at = "−"
		}
		out = append(out, fmt.Sprintf("%g:%s", p.X, at))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestBreaks: a fixture with several start addresses has each pixel where the
// address of its break puts it.
func TestBreaks(t *testing.T) {
	const one, two = `<Break DMXOffset="1"/>`, `<Break DMXBreak="2" DMXOffset="1"/>`
	// Two cells on the first address, two on the second.
	split := bar(rgb(`DMXBreak="Overwrite"`, "Cell"), one, `<Break DMXBreak="1" DMXOffset="4"/>`, two, `<Break DMXBreak="2" DMXOffset="4"/>`)
	// The second of two breaks, whose offsets the references give for both.
	second := bar(rgb(`DMXBreak="2"`, "Cell"), one+two, `<Break DMXOffset="7"/><Break DMXBreak="2" DMXOffset="4"/>`)
	plain := bar(rgb("", "Cell"), one, `<Break DMXOffset="4"/>`)
	torn := bar(rgb("", "Cell")+`<DMXChannel DMXBreak="2" Offset="4" Geometry="Cell"><LogicalChannel Attribute="ColorAdd_W"/></DMXChannel>`, one+two)
	for _, c := range []struct {
		what, description, addresses string
		want, note                   string
	}{
		{"two breaks", split, `<Address break="0">1</Address><Address break="1">3.101</Address>`, "0:0.0 1:0.3 2:2.100 3:2.103", ""},
		{"the other way round", split, `<Address break="1">3.101</Address><Address>1</Address>`, "0:0.0 1:0.3 2:2.100 3:2.103", ""},
		{"counted from 1", split, `<Address break="1">513</Address><Address break="2">3.1</Address>`, "0:1.0 1:1.3 2:2.0 3:2.3", "from 1"},
		{"behind one another", split, `<Address break="0">1</Address><Address break="1">7</Address>`, "0:0.0 1:0.3 2:0.6 3:0.9", ""},
		{"one of two", split, `<Address break="0">1</Address>`, "0:0.0 1:0.3 2:− 3:−", "no address for DMX break 2"},
		{"twice", plain, `<Address break="0">1</Address><Address break="0">9</Address>`, "0:0.0 1:0.3", "two addresses for break 0"},
		{"the second only", second, `<Address break="0">500</Address><Address break="1">11</Address>`, "0:0.10 1:0.13", ""},
		{"none", plain, ``, "0:− 1:−", ""},
		{"one break", plain, `<Address break="0">1.5</Address>`, "0:0.4 1:0.7", ""},
		{"a pixel in two breaks", torn, `<Address break="0">1</Address><Address break="1">9</Address>`, "0:−", "do not lie side by side"},
	} {
		scene := `<GeneralSceneDescription><Scene><Layers><Layer><ChildList>
<Fixture name="bar"><GDTFSpec>bar</GDTFSpec><GDTFMode>M</GDTFMode><Addresses>` + c.addresses + `</Addresses></Fixture>
</ChildList></Layer></Layers></Scene></GeneralSceneDescription>`
		l, err := Read("t.mvr", archived(t, [2]string{"GeneralSceneDescription.xml", scene}, [2]string{"bar.gdtf", string(archived(t, [2]string{"description.xml", c.description}))}), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if got := wired(l); got != c.want {
			t.Errorf("%s: %s, expected %s", c.what, got, c.want)
		}
		if got := strings.Join(l.Notes, "\n"); c.note == "" && got != "" || !strings.Contains(got, c.note) {
			t.Errorf("%s: notes %q, expected %q", c.what, got, c.note)
		}
		if files, err := l.Write(); err != nil {
			t.Errorf("%s: %v", c.what, err)
		} else if inst, problems := opened(files); inst == nil {
			t.Errorf("%s: %v", c.what, problems)
		}
	}
	// A type by itself has no addresses: its breaks lie apart.
	l, err := Read("t.gdtf", archived(t, [2]string{"description.xml", split}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := wired(l); got != "0:0.0 1:0.3 2:1.0 3:1.3" || !strings.Contains(strings.Join(l.Notes, " "), "break 1 begins in universe 0, break 2 begins in universe 1") {
		t.Errorf("a type: %s, notes %q", got, l.Notes)
	}
	// Where no type is known, there is one pixel, at the first of the addresses.
	l, err = Read("t.mvr", archived(t, [2]string{"GeneralSceneDescription.xml", `<G><Fixture name="x"><Addresses><Address break="1">7</Address><Address break="0">20</Address></Addresses></Fixture></G>`}), Options{})
	if err != nil || wired(l) != "0:0.19" || !strings.Contains(l.Fixtures[0].Note, "first of its 2 addresses") {
		t.Errorf("no type: %v, %v", l, err)
	}
	// What cannot be is an error, with its place.
	for _, c := range []struct{ file, content, says string }{
		{"GeneralSceneDescription.xml", "<G>\n<Fixture name=\"x\"><Addresses>\n<Address break=\"two\">7</Address></Addresses></Fixture></G>", `a.mvr:3: Address: break is "two": expected 0…255`},
		{"GeneralSceneDescription.xml", "<G>\n<Fixture name=\"x\"><Addresses><Address break=\"-1\">7</Address></Addresses></Fixture></G>", `a.mvr:2: Address: break is "-1"`},
		{"description.xml", bar(rgb(`DMXBreak="256"`, "Cell"), one), `DMXChannel: DMXBreak is "256": expected 1…255, or Overwrite`},
		{"description.xml", bar(rgb("", "Cell"), "<Break DMXBreak=\"0\" DMXOffset=\"1\"/>"), `a.gdtf:4: Break: DMXBreak is "0"`},
		{"description.xml", bar(rgb("", "Cell"), "<Break DMXOffset=\"0\"/>"), `a.gdtf:4: Break: DMXOffset is "0": expected 1…65536`},
	} {
		name := "a.mvr"
		if c.file == "description.xml" {
			name = "a.gdtf"
		}
		if _, err := Read(name, archived(t, [2]string{c.file, c.content}), Options{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, expected %s", err, c.says)
		}
	}
}
