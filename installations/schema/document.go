package schema

import (
	"fmt"
	"reflect"
	"strings"

	"noctiluca/assets/leds"
	"noctiluca/installations/document"
	"noctiluca/installations/fixture"
	"noctiluca/installations/format"
)

// tables are the parts of docs/installation.md that are made here, by name.
func tables() map[string]string {
	out := map[string]string{
		"installation": Table(format.Document{}),
		"cells":        Table(format.Cell{}),
		"supplies":     Table(format.Supply{}),
		"leds":         Table(format.LED{}),
		"fixtures":     Table(format.Fixture{}),
		"outputs":      Table(format.Output{}),
		"wire":         Table(format.Entry{}),
		"scenes":       Table(format.Scene{}),
		"layers":       Table(format.Layer{}),
		"lives":        Table(format.Living{}),
		"parts":        Table(format.Part{}),
		"picture":      Table(format.Picture{}),
		"parameters":   Table(format.Parameter{}),
		"move":         Table(format.Modulation{}),
		"osc":          Table(format.OSC{}),
		"signals":      Table(format.Signals{}),
		"devices":      Table(format.Device{}),
		"map":          Table(format.Mapping{}),
		"governance":   Table(format.Governance{}),
		"safety":       Table(format.Safety{}),
		"viewers":      Table(format.Viewer{}),
		"surround":     Table(format.Surround{}),
		"glare":        Table(format.Glare{}),
		"where":        Table(format.Where{}),
		"curfews":      Table(format.Curfew{}),
		"failure":      Table(format.Failure{}),
		"off":          Table(format.Disable{}),
		"feeds":        Table(format.Feed{}),
		"steer":        Table(format.Steer{}),
		"loop":         Table(format.Loop{}),
		"console":      Table(format.Console{}),
		"channels":     Table(format.ConsoleChannel{}),
		"ground":       Table(format.Ground{}),
		"view":         Table(format.View{}),
		"types":        types(),
		"forms":        forms(),
	}
	for _, k := range fixture.Kinds() {
		out["kind "+k.Name] = k.Doc + "\n\n" + Table(reflect.ValueOf(k.New()).Elem().Interface())
	}
	return out
}

// showTables are the parts of docs/show.md that are made here, by name.
func showTables() map[string]string {
	return map[string]string{
		"show":       Table(format.Show{}),
		"control":    Table(format.Control{}),
		"modulators": Table(format.Modulator{}),
		"move":       Table(format.Route{}),
		"cues":       Table(format.Cue{}),
		"wait":       Table(format.Wait{}),
		"snapshots":  Table(format.Snapshot{}),
		"mappings":   Table(format.ControlMapping{}),
		"gestures":   Table(format.Gesture{}),
		"tracks":     Table(format.Track{}),
	}
}

// types is the table of the built-in LED types.
func types() string {
	var b strings.Builder
	b.WriteString("| `led` | what it is | order | volts | dark, mA | each emitter at full, mA | all at full, W |\n|---|---|---|---|---|---|---|\n")
	for _, t := range leds.All() {
		full := []string{}
		for _, f := range t.Full {
			full = append(full, fmt.Sprint(f))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %g | %g | %s | %.3f |\n", t.Name, t.Title, t.Order, t.Volts, t.Idle, strings.Join(full, ", "), t.Watts())
	}
	fmt.Fprintf(&b, "\nWithout `led` a fixture counts as `%s`, and with four colours as `%s`: the types that draw most.\n", leds.Default(false).Name, leds.Default(true).Name)
	return b.String()
}

// forms is the table of what each form of tree gives.
func forms() string {
	names := fixture.Forms()
	var b strings.Builder
	b.WriteString("| |")
	for _, n := range names {
		fmt.Fprintf(&b, " `%s` |", n)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(names)) + "\n")
	for _, f := range document.Fields(reflect.TypeFor[fixture.Tree]()) {
		row, any := "", false
		for _, n := range names {
			tree, _ := fixture.Form(n)
			v := reflect.ValueOf(tree).Field(f.Index)
			any = any || !v.IsZero()
			cell := fmt.Sprint(v.Interface())
			if f.Key == "spiral" {
				cell = fmt.Sprintf("%.3f", v.Float())
			}
			row += " " + cell + " |"
		}
		if any {
			fmt.Fprintf(&b, "| `%s` |%s\n", f.Key, row)
		}
	}
	return b.String()
}

// Fill puts the tables into a text, each between its marks
// <!-- table: NAME --> and <!-- end -->. It reports a mark without a table,
// and a table without a mark.
func Fill(text string) (string, error) { return fill(text, tables()) }

// FillShow does the same for docs/show.md.
func FillShow(text string) (string, error) { return fill(text, showTables()) }

func fill(text string, left map[string]string) (string, error) {
	var b strings.Builder
	for {
		head, rest, found := strings.Cut(text, "<!-- table: ")
		b.WriteString(head)
		if !found {
			break
		}
		name, rest, ok := strings.Cut(rest, " -->")
		_, tail, ended := strings.Cut(rest, "<!-- end -->")
		table, known := left[name]
		if !ok || !ended || !known {
			return "", fmt.Errorf("mark %q: expected the name of a table, once, and an end", name)
		}
		delete(left, name)
		fmt.Fprintf(&b, "<!-- table: %s -->\n%s<!-- end -->", name, table)
		text = tail
	}
	for name := range left {
		return "", fmt.Errorf("table %q has no place in the text", name)
	}
	return b.String(), nil
}
