// Package riskreport writes what a venue needs for its risk assessment: the
// limits that the light is held to, what it did over a show, what was limited
// where, and what was assumed. It is one page of HTML that needs nothing
// else, and the same as a PDF to print.
//
// It judges nothing: the figures are those of engine/safety.
package riskreport

import (
	"fmt"
	"slices"
	"time"

	"noctiluca/engine/safety"
	"noctiluca/engine/safety/failure"
	"noctiluca/engine/safety/flash"
	"noctiluca/engine/safety/flicker"
	"noctiluca/engine/safety/stripes"
	"noctiluca/installations"
)

// Report is a report in the making, then whole.
type Report struct {
	Title, Name, File string
	Show              string // what was played, in words
	Program           string // version
	Pixels, Fixtures  int
	Rate              float64
	Length            time.Duration

	Seconds []Second
	Events  []safety.Event
	Off     []installations.Disabled

	Limits   []Row
	Outcome  []Row
	Supplies []Row
	Failures []Row
	Remarks  []string // warnings: what should be looked at
	Assumed  []string

	inst  *installations.Installation
	stage *safety.Stage
	now   Second
	next  uint64
	seen  map[uint64]int
	rules flash.Rules

	patterns  *stripes.Analyser
	looked    time.Duration    // at patterns, last
	pattern   *stripes.Pattern // the one that stayed longest; nil: none stayed
	patternAt time.Duration
}

// Row is a line of a table.
type Row struct{ What, Value, Source string }

// Second is what the light did in one second: the most of each.
type Second struct {
	Peak        float64 // luminance of the brightest light, cd/m²
	Around      float64 // of the surroundings, cd/m²
	Watts       float64
	Transitions int // general, in any 10°, in any second that ended in this one
	Red         int
	Softened    int // lights dimmed by the flash limiter, of one frame
	frames      int
}

// New begins the report of an installation whose frames a stage makes.
func New(inst *installations.Installation, stage *safety.Stage, show, program string) *Report {
	r := &Report{
		Title: inst.Title, Name: inst.Name, File: inst.File, Show: show, Program: program,
		Pixels: inst.Pixels.Count(), Fixtures: len(inst.Fixtures), Rate: inst.Rate,
		Off: inst.Safety.Off, inst: inst, stage: stage, seen: map[uint64]int{}, rules: flash.Room(),
	}
	r.patterns = stripes.New(&stage.Room().Scene, stripes.Room())
	r.limits()
	r.supplies()
	r.failures()
	r.Assumed = append(r.Assumed, stage.Room().Assumed...)
	r.Assumed = append(r.Assumed,
		"Power is estimated from the LED types' currents, for the LEDs alone: not for controllers, cables and losses in supplies.",
		"Blue-light hazard and melanopic content are reckoned for red, green and blue of the WS2812B's datasheet (bands of 18, 34 and 24 nm at 630, 521 and 465 nm), by the tables of IEC 62471 and CIE S 026.",
		"This report is an estimate by a program. It is no measurement and no certificate; it takes the place of neither.")
	return r
}

// Add takes one frame, as it was sent.
func (r *Report) Add(f *safety.Frame) {
	s := r.stage.Status()
	r.now.Watts = max(r.now.Watts, f.Watts())
	r.now.Around = max(r.now.Around, float64(s.Around))
	r.now.Transitions, r.now.Red = max(r.now.Transitions, s.Transitions), max(r.now.Red, s.Red)
	r.now.Softened = max(r.now.Softened, s.Softened)
	red, green, blue := f.RGB()
	for i := range r.stage.Room().Scene.Stretches {
		st := &r.stage.Room().Scene.Stretches[i]
		k := st.Full
		for p := st.First; p < st.First+st.Count; p++ {
			l := float64(k[0])*float64(red[p]) + float64(k[1])*float64(green[p]) + float64(k[2])*float64(blue[p])
			r.now.Peak = max(r.now.Peak, l)
		}
	}
	if every := stripes.Room().Long / 2; r.looked == 0 || f.At() >= r.looked+every {
		r.looked = f.At()
		p := r.patterns.Step(f.At(), red, green, blue)
		if p.Harmful(stripes.Room()) && (r.pattern == nil || p.For > r.pattern.For) {
			r.pattern, r.patternAt = &p, f.At()
		}
	}
	r.now.frames++
	if r.now.frames >= int(r.Rate+0.5) {
		r.turn()
	}
}

func (r *Report) turn() {
	if r.now.frames == 0 {
		return
	}
	r.Length += time.Duration(float64(r.now.frames) / r.Rate * float64(time.Second))
	r.Seconds = append(r.Seconds, r.now)
	r.now = Second{}
	// Events that go on were given before: the newer one stands.
	from := uint64(0)
	if r.next > 16 {
		from = r.next - 16
	}
	events, next := r.stage.Events(from, nil)
	for _, e := range events {
		if at, known := r.seen[e.Number]; known {
			r.Events[at] = e
		} else if len(r.Events) < 100_000 {
			r.seen[e.Number] = len(r.Events)
			r.Events = append(r.Events, e)
		}
	}
	r.next = next
}

// Finish closes the report.
func (r *Report) Finish() {
	r.turn()
	var most Second
	for _, s := range r.Seconds {
		most.Peak, most.Around, most.Watts = max(most.Peak, s.Peak), max(most.Around, s.Around), max(most.Watts, s.Watts)
		most.Transitions, most.Red, most.Softened = max(most.Transitions, s.Transitions), max(most.Red, s.Red), max(most.Softened, s.Softened)
	}
	verdict := "yes"
	if r.Harmful() {
		verdict = "NO: a limit is off"
	}
	st := r.stage.Status()
	r.Outcome = []Row{
		{"What was played", r.Show, ""},
		{"Length", fmt.Sprintf("%.0f s", r.Length.Seconds()), ""},
		{"At most three flashes in any second, in any 10° of what is seen", verdict, "WCAG 2.3.1; ITU-R BT.1702-3"},
		{"Most transitions in a second, general (6 are three flashes)", fmt.Sprint(most.Transitions), ""},
		{"Most transitions in a second, saturated red", fmt.Sprint(most.Red), ""},
		{"Patterns of more than five pairs of stripes over a quarter of a view of 10°, 20° or 40°, for half a second", r.stripes(), "ITU-R BT.1702-3; EA IRIS"},
		{"Times that a limit acted", fmt.Sprint(len(r.Events)), "listed below"},
		{"Brightest light", fmt.Sprintf("%.0f cd/m²", most.Peak), ""},
		{"Brightest surroundings", fmt.Sprintf("%.2f cd/m²", most.Around), ""},
		{"Most power", fmt.Sprintf("%.0f W", most.Watts), ""},
		{"Energy", fmt.Sprintf("%.2f Wh", st.WattHours), ""},
	}
}

// stripes says in words what was seen of patterns, and remarks on it.
func (r *Report) stripes() string {
	p := r.pattern
	if p == nil {
		return "none"
	}
	began := r.patternAt - p.For
	text := fmt.Sprintf("%d pairs for %.1f s from %.1f s on, as seen from %s: in %g° around %.0f° to the right and %.0f° up, over %.0f %% of it, the stripes at %.0f° from upright", p.Pairs, p.For.Seconds(), began.Seconds(), r.stage.Room().Scene.Places[p.Place].Name, p.Size, p.At[0], p.At[1], 100*p.Share, p.Turn)
	r.Remarks = append(r.Remarks, "A regular pattern stays for longer than half a second: "+text+". Nothing limits patterns: break it up, blur it or lower its contrast.")
	return text
}

// Harmful says that some second had more flashes than the rules allow.
func (r *Report) Harmful() bool {
	return slices.ContainsFunc(r.Seconds, func(s Second) bool {
		return s.Transitions > 2*r.rules.Most || s.Red > 2*r.rules.Most
	})
}

func (r *Report) limits() {
	state := func(limit, value string) string {
		for _, d := range r.inst.Safety.Off {
			if d.Limit == limit {
				return "OFF: " + d.Reason
			}
		}
		return value
	}
	s := &r.inst.Safety
	r.Limits = []Row{
		{"General flashes", state("flash", fmt.Sprintf("at most %d a second where %g sr or more of any 10° change at once by %g cd/m² (darker state under %g cd/m²) or, over that, by a contrast of 1/17", r.rules.Most, r.rules.Area, r.rules.Change, r.rules.Dark)), "WCAG 2.3.1; ITU-R BT.1702-3"},
		{"Red flashes", state("flash", "the same, for changes of (R − G − B) × 320 over 20 with R/(R+G+B) of 0.8 or more"), "WCAG 2.3.1, red flash"},
		{"Lasting flashes", state("flash", "no more than 4 of any 5 s with 2 to 3 flashes a second"), "EA IRIS, extended failure"},
		{"Luminance", state("glare", fmt.Sprintf("%g cd/m² at the closest viewing distance", s.Glare.Luminance)), "IEC TR 62778"},
		{"Blue-light hazard", state("glare", fmt.Sprintf("%g W/m²/sr, weighted", s.Glare.Blue)), "IEC 62471"},
	}
	if s.Watts > 0 {
		r.Limits = append(r.Limits, Row{"Power of everything", state("power", fmt.Sprintf("%g W", s.Watts)), "the installation"})
	}
	for _, c := range s.Curfews {
		from := "the installation"
		if c.FromPreset {
			from = "DarkSky's five principles"
		}
		what := fmt.Sprintf("level %g", c.Level)
		if c.Luminance < 1e6 {
			what += fmt.Sprintf(", %g cd/m²", c.Luminance)
		}
		if c.Melanopic < 100 {
			what += fmt.Sprintf(", melanopic ratio %g", c.Melanopic)
		}
		r.Limits = append(r.Limits, Row{"Curfew " + c.Name, state("curfew", what), from})
	}
	if len(s.Curfews) == 0 {
		r.Remarks = append(r.Remarks, "No curfew is set. Outdoors, think of neighbours and animals: safety.preset: darksky is a beginning.")
	} else {
		r.Remarks = append(r.Remarks, "Targeted light is for who builds: shield what shines up or out of the site (DarkSky, principle 2).")
	}
	var types []string
	var hz []float64
	for i := range r.inst.Fixtures {
		if l := &r.inst.Fixtures[i].LED; l.PWM > 0 && !slices.Contains(types, l.Type) {
			types, hz = append(types, l.Type), append(hz, l.PWM)
		}
	}
	r.Remarks = append(r.Remarks, flicker.Warnings(types, hz)...)
	if floor := flicker.DitherFloor(r.inst.Rate); slices.ContainsFunc(r.inst.Outputs, func(o installations.Output) bool { return o.Dither && !o.Still }) {
		r.Limits = append(r.Limits, Row{"Dither in time", fmt.Sprintf("from byte %d of 255 on; under it along the wire only", min(floor, 256)), "IEEE 1789-2015, practice 1"})
	}
}

func (r *Report) supplies() {
	for _, s := range installations.Survey(r.inst).Supplies {
		name, limit := s.Name, "no limit"
		if name == "" {
			name = "(no supply)"
		}
		if s.Limit > 0 {
			limit = fmt.Sprintf("held to %g W", s.Limit)
		}
		r.Supplies = append(r.Supplies, Row{name, fmt.Sprintf("%s; its %d pixels draw %.0f W at full, %.1f W dark", limit, s.Pixels, s.Full, s.Dark), ""})
	}
	for i := range r.inst.Fixtures {
		f := &r.inst.Fixtures[i]
		for _, span := range safety.Spans(f) {
			if span.Feed < 0 {
				continue
			}
			mA := f.LED.Peak() / f.LED.Volts * 1000
			cable, links := safety.Drop(f, span, mA)
			feed := f.Feeds[span.Feed]
			text := fmt.Sprintf("%d pixels, %.1f A at full; drop at full %.2f V in the cable and %.2f V along the pixels, of %g V", span.End-span.First, mA/1000*float64(span.End-span.First), cable, links, f.LED.Volts)
			if feed.Fuse > 0 {
				text += fmt.Sprintf("; held to its fuse, %g A", feed.Fuse)
			}
			held := ""
			if f.LED.Least > 0 && cable+links > f.LED.Volts-f.LED.Least && !r.inst.Safety.IsOff("power") {
				text += fmt.Sprintf("; dimmed so that the last pixel keeps its least, %g V", f.LED.Least)
				held = fmt.Sprintf(" Light that bright is dimmed, so that the last pixel keeps %g V.", f.LED.Least)
			}
			r.Supplies = append(r.Supplies, Row{fmt.Sprintf("%s, feed %d", f.Name, span.Feed+1), text, ""})
			if drop := cable + links; drop > 0.1*f.LED.Volts {
				r.Remarks = append(r.Remarks, fmt.Sprintf("%s, feed %d: at full %.2f V of %g V are lost on the way: colours go warm there. Feed it at more points, or with a thicker cable.%s", f.Name, span.Feed+1, drop, f.LED.Volts, held))
			}
		}
	}
}

func (r *Report) failures() {
	for i := range r.inst.Outputs {
		o := &r.inst.Outputs[i]
		left := failure.Of(o, &r.inst.Safety.Failure)
		r.Failures = append(r.Failures, Row{o.Name + " (" + o.Protocol + ")", "when it ends: " + left.Stop + ". When it crashes: " + left.Crash + ".", ""})
		if !left.Dark && r.inst.Safety.Failure.Lost == "dark" {
			r.Remarks = append(r.Remarks, fmt.Sprintf("Output %s may keep its light after a crash: %s.", o.Name, left.Crash))
		}
	}
}
