package engine

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/installations/format"
	"noctiluca/shaders"
)

// Every rule that may be changed while a work plays can be permitted in its
// file, and a technician may give it what the file may, and nothing else.
func TestLiveRulesAreThoseOfTheFile(t *testing.T) {
	text := `noctiluca: 1
name: x
fixtures: [{name: a, kind: strip, strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 3}}]
scenes: [{name: s, layers: [{name: l, field: coral}]}]
governance: {live: [influence_cap, blend, steer, minimum_group, veto, loop, guard]}
`
	inst, problems := installations.Open(fstest.MapFS{"x/installation.yaml": {Data: []byte(text)}}, "x/installation.yaml", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	permitted := governed(inst, 1, nil, Config{}).Rules.Live
	names := signal.RuleNames()
	slices.Sort(permitted)
	slices.Sort(names)
	if !slices.Equal(permitted, names) {
		t.Errorf("the file can permit %v; there are %v", permitted, names)
	}
	for _, r := range signal.LiveRules() {
		section, key, nested := strings.Cut(r.Name, "/")
		of := reflect.TypeOf(format.Governance{})
		if nested {
			of = map[string]reflect.Type{"steer": reflect.TypeOf(format.Steer{}), "loop": reflect.TypeOf(format.Loop{})}[section]
		} else {
			key = section
		}
		for i := range of.NumField() {
			tag := of.Field(i).Tag
			if tag.Get("key") != key || key == "veto" {
				continue
			}
			text := tag.Get("range")
			low, high, _ := strings.Cut(text[1:len(text)-1], ",")
			least, _ := strconv.ParseFloat(low, 64)
			most, _ := strconv.ParseFloat(high, 64)
			open := text[0] == '('
			if r.Max != most || !open && r.Min != least || open && !(r.Min > least && r.Min < least+1e-3) {
				t.Errorf("%s: %v…%v, and %s in the file", r.Name, r.Min, r.Max, text)
			}
		}
	}
}
