package desk

import (
	"image/color"
	"time"

	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// Status is what the desk tells beside the show itself.
type Status struct {
	Scene  string
	People []signal.PersonState
	Cells  []signal.CellState // in the order of the installation's cells
	Whole  signal.CellState
	// Withheld says of which cells nothing is told, and WholeWithheld of
	// everybody: too few people are there to hide among.
	Withheld      []bool
	WholeWithheld bool
	// OwnLights is how many people have a light of their own, and OwnWaiting
	// how many more would, were there room.
	OwnLights, OwnWaiting int
	Outputs               []Output
	Surfaces              []Surface // the controllers that are or were plugged in
	Remote                []string  // where OSC is listened for; empty for nowhere
	// FPS is how many frames the engine made in the last second; FrameTime
	// and FrameTimeWorst are the median and the 99th percentile of the time
	// it took for one. 0 when not known yet.
	FPS                       float64
	FrameTime, FrameTimeWorst time.Duration
	Watts                     float64
	Limited                   bool // a supply's limit dims the light
	Guard                     engine.GuardState
	History                   *signal.History // of cells and guard; nil for none
	Safety                    safety.Status
	Log                       []string // what happened, the newest last
	Said                      string   // what a key just did or asks for; empty for nothing
	Errors                    []string // what is wrong now
}

// Output is the health of one output, in a line.
type Output struct {
	Name string
	Line string // e.g. "60 packets/s  4.1 kB/s"
	Bad  bool   // it does not send as it should
}

// Options are what a desk is made of.
type Options struct {
	Installation *installations.Installation
	Show         *show.Show
	Title        string
	// Offer gives the show an event; nil offers it to Show. The desk stamps no
	// time: the event acts at once.
	Offer func(show.Event) error
	// Revoke takes a person's consent back for them, with the next frame; nil
	// where nobody can.
	Revoke func(person string)
}

// Desk is the interface. It belongs to one goroutine.
type Desk struct {
	inst  *installations.Installation
	show  *show.Show
	title string
	send  func(show.Event) error

	revoke  func(person string)
	reaches []engine.Reach // of the organisms' colours

	canvas Canvas
	hand   Hand
	view   show.View
	status *Status

	names        []string // of the controls of this picture, in the order of the focus
	focus        string
	seen         bool   // the control in focus was drawn
	byKey        bool   // it got there by a key: scroll to it
	spot         area   // where it is
	grip         string // what the pointer holds
	over         bool   // the pointer is over the desk
	clip         area   // what is outside cannot be reached
	lastX, lastY float64

	scene  int // whose parameters are shown
	scroll [columns]float64
	tall   [columns]float64 // height of what is in a column
	open   panel            // between the columns
	opened bool             // with this picture
	starts []int            // of the panels among names
	help   bool
	said   string // the last error of an event
	told   string // that was shown already
	since  time.Duration
	tick   int
	traces []trace
	past   past
	points []float64 // of a curve in the making
	taken  []area    // by cells and names on the floor plan

	drafting drafting
	taking   taking
}

// The columns that scroll.
const (
	leftColumn = iota
	rightColumn
	middleColumn
	columns
)

// New makes the desk of an installation that plays.
func New(o Options) *Desk {
	d := &Desk{inst: o.Installation, show: o.Show, title: o.Title, send: o.Offer, revoke: o.Revoke}
	if d.send == nil && d.show != nil {
		d.send = d.show.Offer
	}
	// Primaries that mix no colour are said by whoever makes the frames.
	d.reaches, _ = engine.Reaches(o.Installation)
	if d.show != nil {
		d.traces = make([]trace, len(d.show.Specs))
		for i := range d.inst.Scenes {
			for l := range d.inst.Scenes[i].Layers {
				_, first, _ := d.show.LayerParameters(i, l)
				for k, p := range d.inst.Scenes[i].Layers[l].Parameters {
					d.traces[int(first)+k].phase = p.Integrate
				}
			}
		}
	}
	return d
}

// Help shows the shortcuts, or takes them away.
func (d *Desk) Help() { d.help = !d.help }

// panel is one of what can stand between the columns.
type panel uint8

const (
	nothing  panel = iota
	surfaces       // what moves what
	gestures       // what hands did, recorded
)

// Surfaces shows what moves what, or takes it away.
func (d *Desk) Surfaces() { d.turn(surfaces) }

// Gestures shows the recorded gestures, or takes them away.
func (d *Desk) Gestures() { d.turn(gestures) }

// Close takes away what stands between the columns, and says whether anything
// did.
func (d *Desk) Close() bool {
	was := d.open != nothing || d.help
	d.open, d.help = nothing, false
	return was
}

func (d *Desk) turn(p panel) {
	if d.open == p {
		p = nothing
	}
	d.open, d.scroll[middleColumn], d.opened = p, 0, p != nothing
}

// Asks says whether the desk shows surfaces, so that they need be told.
func (d *Desk) Asks() bool { return d.open == surfaces }

// Focus is the control in focus, a parameter's path or the desk's own name.
func (d *Desk) Focus() string { return d.focus }

// Measures, in units of the display.
const (
	margin = 10.0
	pad    = 8.0
	row    = 22.0
	gap    = 3.0
	side   = 292.0 // width of a column
	bar    = 34.0  // height of the bars at the top and the bottom
)

// Side is how wide the desk is at each side of the stage.
const Side = side + 2*margin

// Draw draws the desk and does what hands want. It says whether the pointer is
// the desk's: over it, or holding something of it.
func (d *Desk) Draw(c Canvas, h Hand, s *Status) (mine bool) {
	d.canvas, d.hand, d.status = c, h, s
	d.names, d.starts, d.seen, d.over = d.names[:0], d.starts[:0], false, false
	w, height := c.Size()
	d.clip = area{0, 0, w, height}
	if d.show != nil {
		d.show.Look(&d.view)
		d.remember()
		d.settle(d.hand.pressed(KeyUndo) || d.hand.pressed(KeyRedo) || d.open != gestures)
		d.keys()
	}
	d.top(area{0, 0, w, bar})
	if d.show != nil {
		d.cues(area{0, height - bar - 22, w, bar + 22})
		d.column(leftColumn, area{margin, bar + margin, side, height - 2*bar - 22 - 2*margin}, d.left)
	}
	d.column(rightColumn, area{w - margin - side, bar + margin, side, height - 2*bar - 22 - 2*margin}, d.right)
	d.middle(w, height)
	d.notice(w, height)
	if d.help {
		d.shortcuts(w, height)
	}
	d.walk()
	if h.Released || !h.Down {
		d.grip = ""
	}
	d.lastX, d.lastY = h.X, h.Y
	return d.over || d.grip != ""
}

// complaint is how long an error stands over the stage.
const complaint = 6 * time.Second

// notice tells, over the cues, what a key just did or asks for, and what the
// show refused, whole: the bar at the top has little room.
func (d *Desk) notice(w, h float64) {
	if d.said != d.told {
		d.told, d.since = d.said, d.view.At
	}
	text, tone := d.status.Said, pale
	if d.said != "" && d.view.At-d.since < complaint {
		text, tone = d.said, wrong
	}
	if text == "" {
		return
	}
	text = cut(d.canvas, text, large, w-60)
	wide := d.canvas.Width(text, large) + 32
	x, y := (w-wide)/2, h-bar-22-50
	d.canvas.Box(x, y, wide, 32, color.NRGBA{4, 9, 14, 235})
	d.canvas.Box(x, y, 3, 32, tone)
	d.canvas.Text(text, x+16, y+6, large, Left, tone)
}

// keys does what needs no focus.
func (d *Desk) keys() {
	for k, a := range map[Key]show.Action{KeyGo: show.Go, KeyBack: show.Back, KeyUndo: show.Undo, KeyRedo: show.Redo} {
		if d.hand.pressed(k) {
			d.offer(show.Event{Action: a, By: show.ByWindow})
		}
	}
}

// offer gives the show an event; what is wrong with it is said at the top.
func (d *Desk) offer(e show.Event) {
	d.said = ""
	if err := d.send(e); err != nil {
		d.said = err.Error()
	}
}

// walk moves the focus.
func (d *Desk) walk() {
	d.byKey = false
	if !d.seen && d.focus != "" && d.grip == "" && !d.hand.Pressed {
		d.focus = ""
	}
	d.leap()
	by := 0
	if d.hand.pressed(KeyNext) {
		by = 1
	} else if d.hand.pressed(KeyPrior) {
		by = -1
	}
	if by == 0 || len(d.names) == 0 {
		return
	}
	at := -1
	for i, n := range d.names {
		if n == d.focus {
			at = i
		}
	}
	switch {
	case at < 0 && by < 0:
		at = len(d.names) - 1
	case at < 0:
		at = 0
	default:
		at = (at + by + len(d.names)) % len(d.names)
	}
	d.focus, d.byKey = d.names[at], true
}

// leap moves the focus to the first control of the next panel, or of the one
// before.
func (d *Desk) leap() {
	next, prior := d.hand.pressed(KeyNextPanel), d.hand.pressed(KeyPriorPanel)
	if next == prior || len(d.names) == 0 {
		return
	}
	at := -1
	for i, n := range d.names {
		if n == d.focus {
			at = i
		}
	}
	to := -1
	for _, s := range d.starts {
		switch {
		case s >= len(d.names):
		case next && s > at && (to < 0 || s < to), prior && s < at && s > to:
			to = s
		}
	}
	if to < 0 {
		to = 0
		if prior {
			for _, s := range d.starts {
				if s < len(d.names) {
					to = max(to, s)
				}
			}
		}
	}
	d.focus, d.byKey = d.names[to], true
}

// column draws what may be taller than there is room for.
func (d *Desk) column(n int, a area, draw func(area) float64) {
	if a.h < 40 {
		return
	}
	inside := a.holds(d.hand.X, d.hand.Y)
	most := max(d.tall[n]-a.h, 0)
	if inside {
		d.over = true
		d.scroll[n] -= d.hand.Wheel * 40
	}
	d.spot = area{}
	d.scroll[n] = min(max(d.scroll[n], 0), most)
	d.clip = a
	under, ok := d.canvas.(Clipper)
	if ok {
		under.Clip(a.x-2, a.y, a.w+4, a.h)
	}
	d.tall[n] = draw(area{a.x, a.y - d.scroll[n], a.w, a.h})
	if ok {
		under.Unclip()
	}
	if s := d.spot; s.h > 0 {
		// Bring what keys reached into view, with the next picture.
		if s.y < a.y {
			d.scroll[n] -= a.y - s.y + row
		} else if s.y+s.h > a.y+a.h {
			d.scroll[n] += s.y + s.h - a.y - a.h + row
		}
	}
	if most > 0 {
		k := a.h / (a.h + most)
		d.canvas.Box(a.x+a.w+3, a.y+(a.h*(1-k))*d.scroll[n]/most, 2, a.h*k, line)
	}
	w, h := d.canvas.Size()
	d.clip = area{0, 0, w, h}
}

// Clipper is a Canvas that can leave out what is outside a rectangle.
type Clipper interface {
	Clip(x, y, w, h float64)
	Unclip()
}
