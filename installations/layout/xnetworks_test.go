package layout

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

// controllers of a show made for these tests: 480 channels by DDP, two
// universes of 510, 300 that go nowhere, one universe of 512 and one of 511.
const controllers = `<Networks>
<Controller Name="D" IP="d"><network NetworkType="DDP" MaxChannels="480" KeepChannelNumbers="0"/></Controller>
<Controller Name="S" IP="10.0.0.9"><network NetworkType="E131" BaudRate="7" MaxChannels="510"/><network NetworkType="E131" BaudRate="9" MaxChannels="510"/></Controller>
<Controller Name="N"><network NetworkType="NULL" MaxChannels="300"/></Controller>
<Controller Name="A" IP="10.0.0.20"><network NetworkType="ArtNet" BaudRate="0" MaxChannels="512"/><network NetworkType="ArtNet" BaudRate="1" MaxChannels="511"/></Controller>
<network NetworkType="E131" ComPort="MULTICAST" BaudRate="40" MaxChannels="512" NumUniverses="2"/>
</Networks>`

// Every form of start channel leads to the wire that xLights sends it on.
func TestStartChannels(t *testing.T) {
	for _, c := range []struct {
		start  string
		pixels int
		want   string // wires, or what a note says
	}{
		{"1", 3, "ddp d 1.0 0+3"},
		{"!D:4", 3, "ddp d 1.3 0+3"},
		{"481", 3, "sacn 10.0.0.9 7.0 0+3"},
		{"!S:511", 3, "sacn 10.0.0.9 9.0 0+3"},
		{"#9:31", 2, "sacn 10.0.0.9 9.30 0+2"},
		{"#10.0.0.9:7:508", 3, "sacn 10.0.0.9 7.507 0+1; sacn 10.0.0.9 9.0 1+2"},
		{"!S:1", 200, "sacn 10.0.0.9 7.0 0+170; sacn 10.0.0.9 9.0 170+30"},
		{"!A:1", 2, "artnet 10.0.0.20 0.0 0+2"},
		{"2824", 2, "sacn  40.0 0+2"},
		{"3336", 2, "sacn  41.0 0+2"},
		{">Before:1", 2, "ddp d 1.429 0+2"},
		{">Before:4", 2, "ddp d 1.432 0+2"},
		{"@Before:4", 2, "model Before is on channel 403 of the show already"},
		{"1501", 2, `on N, a controller of the kind "NULL", which is not sent to`},
		{"!A:1", 171, "pixel 170 lies in two universes (0 and the next, of 512 channels each)"},
		{"!Gone:1", 2, "there is no controller of that name"},
		{"#77:1", 2, "there is no such universe"},
		{"9000", 2, "behind the last controller's"},
	} {
		show := fmt.Sprintf(`<xrgb><models><model name="Before" DisplayAs="Wreath" parm1="1" parm2="10" StartChannel="400"/>
<model name="M" DisplayAs="Single Line" parm1="1" parm2="%d" StartChannel="%s"/></models></xrgb>`, c.pixels, strings.ReplaceAll(c.start, ">", "&gt;"))
		l, err := Read("show.xml", []byte(show), Options{Networks: []byte(controllers), NetworksName: "n.xml"})
		if err != nil {
			t.Errorf("%s: %v", c.start, err)
			continue
		}
		var got []string
		for _, w := range l.Fixtures[1].Wires {
			got = append(got, fmt.Sprintf("%s %s %d.%d %d+%d", w.Protocol, w.Host, w.Universe, w.Channel, w.First, w.Count))
		}
		if s := strings.Join(got, "; ") + strings.Join(l.Notes, "\n"); !strings.Contains(s, c.want) {
			t.Errorf("%s of %d pixels:\n%s\nexpected %s", c.start, c.pixels, s, c.want)
		}
	}
}

// What one model of many has wrong, or has no channel for, keeps nothing of
// the others out: it is left out, or hangs where nobody listens.
func TestOneOfMany(t *testing.T) {
	show := `<xrgb><models>
<model name="Good" DisplayAs="Wreath" parm1="1" parm2="4" StartChannel="!S:1"/>
<model name="Lost" DisplayAs="Wreath" parm1="1" parm2="4" StartChannel="9000"/>
<model name="Twice" DisplayAs="Vert Matrix" parm1="2" parm2="3" parm3="1" Advanced="1" StartChannel="!A:1" String1="!A:1" String2="!S:4"/>
<model name="Wrong" DisplayAs="Star" parm2="many"/>
<model name="Gap" DisplayAs="Custom" CustomModel="1,,3" StartChannel="!D:1"/>
</models></xrgb>`
	l, err := Read("show.xml", []byte(show), Options{Networks: []byte(controllers), NetworksName: "n.xml"})
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
	var got []string
	for i, a := range addresses(inst) {
		got = append(got, fmt.Sprintf("%d:%s.%d.%d", i, inst.Outputs[a.output].Name, a.universe, a.channel))
	}
	want := "0:S.7.0 1:S.7.3 2:S.7.6 3:S.7.9 4:nowhere.1.0 5:nowhere.1.3 6:nowhere.1.6 7:nowhere.1.9 " +
		"8:A.0.0 9:A.0.3 10:A.0.6 11:nowhere.1.12 12:nowhere.1.15 13:nowhere.1.18 14:D.1.0 15:D.1.3 16:D.1.6"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("pixels hang at\n%s, expected\n%s\n%s", s, want, files[0].Data)
	}
	for _, says := range []string{
		`show.xml:5: model Wrong: parm2 is "many": expected a whole number, 1…1000000: it was left out.`,
		"Model Lost (StartChannel 9000) has no channels here",
		"Model Twice (String2 !S:4) has no channels here: model Good is on channel 484 of the show already",
		"its nodes 2 have no place there",
	} {
		if !strings.Contains(string(files[0].Data), says) {
			t.Errorf("it does not say %q:\n%s", says, files[0].Data)
		}
	}
}

// What is wrong in the networks' file is said with its own name and line.
func TestNetworksErrors(t *testing.T) {
	show := []byte(`<xrgb><models><model name="M" DisplayAs="Wreath" parm1="1" parm2="4" StartChannel="1"/></models></xrgb>`)
	for _, c := range []struct{ networks, says string }{
		{"<xrgb/>", "n.xml:1: the root is <xrgb>: expected the <Networks>"},
		{"<Networks/>", "n.xml:1: there is no output with channels"},
		{"<Networks>\n<Controller Name='C'>\n<network NetworkType='E131' BaudRate='64000' MaxChannels='3'/></Controller></Networks>", `n.xml:3: controller C: BaudRate is "64000": expected a whole number, 1…63999`},
		{"<Networks>\n<network NetworkType='E131' BaudRate='1' MaxChannels='16777216' NumUniverses='9'/></Networks>", "n.xml:2: controller : the show has more than"},
		{"<Networks>\n<oops></Networks>", "n.xml:2: "},
	} {
		_, err := Read("show.xml", show, Options{Networks: []byte(c.networks), NetworksName: "n.xml"})
		if err == nil || !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%s:\n%v\nexpected %s", c.networks, err, c.says)
		}
	}
	if _, err := Read("xlights_networks.xml", []byte(controllers), Options{}); err == nil || !strings.Contains(err.Error(), "import the xlights_rgbeffects.xml beside it") {
		t.Errorf("the networks as a layout: %v", err)
	}
}

// A submodel's pixels are those of its group once it is an installation, in
// whatever order and however often they are named.
func TestSubmodelsAreGroups(t *testing.T) {
	show := `<xrgb><models><model name="M" DisplayAs="Single Line" parm1="2" parm2="5" Dir="R" X2="90" StartChannel="1">
<subModel name="s" type="ranges" line0="1-2,7" line1="2,9-8"/></model></models></xrgb>`
	l, err := Read("show.xml", []byte(show), Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := l.Write()
	if err != nil {
		t.Fatal(err)
	}
	inst, problems := opened(files)
	if inst == nil {
		t.Fatal(problems)
	}
	for g := range inst.Groups {
		if inst.Groups[g].Name != "M.s" {
			continue
		}
		// Nodes 1, 2, 7, 8 and 9 from the left are at 0, 0.1, 0.6, 0.7, 0.8 m;
		// each string's wire begins at its right end.
		var at []string
		for _, s := range inst.Spans(g) {
			for p := s.First; p < s.First+s.Count; p++ {
				at = append(at, fmt.Sprintf("%d@%.1f", p, inst.Pixels.X[p]))
			}
		}
		if got, want := strings.Join(at, " "), "3@0.1 4@0.0 6@0.8 7@0.7 8@0.6"; got != want {
			t.Errorf("%s, expected %s", got, want)
		}
		return
	}
	t.Errorf("there is no group M.s in %+v", inst.Groups)
}

// Whatever the controllers' file holds, reading ends with a layout that is
// read as an installation, or with an error that names one of the files.
func FuzzNetworks(f *testing.F) {
	f.Add([]byte(controllers), "!S:511", uint16(200))
	f.Add([]byte(`<Networks><network NetworkType="DDP" MaxChannels="9"/></Networks>`), "#7:1", uint16(3))
	f.Fuzz(func(t *testing.T, networks []byte, start string, pixels uint16) {
		var escaped strings.Builder
		xml.EscapeText(&escaped, []byte(start))
		show := fmt.Sprintf(`<xrgb><models><model name="B" DisplayAs="Wreath" parm1="1" parm2="9" StartChannel="4"/>
<model name="M" DisplayAs="Icicles" parm1="1" parm2="%d" StartChannel="%s"/></models></xrgb>`, pixels%2000, escaped.String())
		l, err := Read("show.xml", []byte(show), Options{Networks: networks, NetworksName: "n.xml"})
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "show.xml") && !strings.HasPrefix(s, "n.xml") {
				t.Fatalf("%q names no file", s)
			}
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
