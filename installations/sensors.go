package installations

import (
	"maps"
	"slices"
	"strings"

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

// prefixes are how the addresses of each kind of device begin, unless told.
var prefixes = map[string]string{
	"emotibit": "/EmotiBit/0", "mindmonitor": "/muse", "openbci": "/openbci", "wekinator": "/wek", "heartrate": "/heartrate",
}

var (
	purposeWords  = []string{"light", "display", "record"}
	modalityWords = []string{"feeling", "heart", "skin", "breath", "brain"}
)

func (m *maker) makeDevices(d *format.Signals) {
	taken := map[string]int{}
	for i := range d.Devices {
		v := &d.Devices[i]
		s := SensorDevice{Kind: v.Kind, Address: v.Address, Person: v.Person, Consent: strings.TrimSpace(v.Consent),
			Purposes: v.Purposes, Modalities: v.Modalities, Hours: v.Hours, Line: v.Start().Line}
		if s.Address == "" {
			s.Address = prefixes[v.Kind]
		} else if v.Address[0] != '/' || len(v.Address) < 2 || strings.HasSuffix(v.Address, "/") || strings.ContainsAny(v.Address, " #*,?[]{}") {
			m.r.Errorf(v.At("address"), "address is %s: expected the beginning of an OSC address, as /EmotiBit/0, without / at its end and without a pattern", quoted(v.Address))
		}
		if line, double := taken[s.Address]; double && s.Address != "" {
			m.r.Errorf(v.At("address"), "address %s is here twice: it stands on line %d already", s.Address, line)
		}
		taken[s.Address] = s.Line
		switch {
		case v.Cell != "":
			s.Cell, _ = find(m, "cell", v.Cell, m.cells, v.At("cell"))
		case len(m.inst.Cells) == 0:
			s.Cell = -1
		}
		m.words(&v.Object, "purposes", v.Purposes, purposeWords)
		m.words(&v.Object, "modalities", v.Modalities, modalityWords)
		if s.Consent == "" && !v.Broken() {
			m.r.Warnf(v.Start(), "device %s: no consent: every reading of it is dropped where it arrives", s.Address)
		}
		m.inst.Signals.Devices = append(m.inst.Signals.Devices, s)
	}
	for i := range d.Map {
		v := &d.Map[i]
		if v.Address != "" && (v.Address[0] != '/' || len(v.Address) < 2 || strings.ContainsAny(v.Address, " #")) {
			m.r.Errorf(v.At("address"), "address is %s: expected an OSC address or pattern that begins with /", quoted(v.Address))
		}
		m.inst.Signals.Map = append(m.inst.Signals.Map, Mapping{Address: v.Address, Person: v.Person, Kind: v.Kind,
			Argument: v.Argument, Scale: v.Scale, Offset: v.Offset, Log: v.Log, Rate: v.Rate, Line: v.Start().Line})
	}
	m.inst.Signals.Streams = d.Streams
}

// words reports each item that is none of those known.
func (m *maker) words(o *document.Object, key string, got, known []string) {
	for i, w := range got {
		if w != "" && !slices.Contains(known, w) {
			m.r.Errorf(o.Item(key, i), "%s: there is no %s%s", key, quoted(w), document.Expected(w, known))
		}
	}
}

// liveRules are the words of the key live, and the rules that each permits.
var liveRules = map[string][]string{
	"influence_cap": {"influence_cap"}, "blend": {"blend"}, "minimum_group": {"minimum_group"}, "veto": {"veto"},
	"steer": {"steer/valence", "steer/arousal", "steer/most", "steer/slew"},
	"loop":  {"loop/limit"}, "guard": {"guard/reset"},
}

func (m *maker) makeGovernance() {
	d := &m.doc.Governance
	m.inst.Governance = Governance{
		InfluenceCap: d.InfluenceCap, Blend: d.Blend, MinimumGroup: d.MinimumGroup, Epsilon: d.Epsilon,
		SteerValence: d.Steer.Valence, SteerArousal: d.Steer.Arousal, SteerMost: d.Steer.Most, SteerSlew: d.Steer.Slew,
		NoVeto: !d.Veto, Setting: d.Setting,
		LoopLimit: d.Loop.Limit, LoopAssumed: d.Loop.Assumed, LoopDither: d.Loop.Dither,
	}
	if m.inst.Governance.OwnLights = d.OwnLights; d.OwnLights == 0 {
		m.inst.Governance.OwnLights = -1
	}
	m.words(&d.Object, "live", d.Live, slices.Sorted(maps.Keys(liveRules)))
	for _, w := range d.Live {
		m.inst.Governance.Live = append(m.inst.Governance.Live, liveRules[w]...)
	}
	if d.Steer.Most > 0 {
		m.r.Warnf(d.Steer.At("most"), "steer: the work may draw people %g towards a mood: say so where they consent", d.Steer.Most)
	}
}
