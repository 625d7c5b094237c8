// Package wiring makes the patch sheet of an installation, to print and take
// up the ladder: what hangs on which controller and universe, which pixels,
// how long it is, what it draws, and where to feed it.
//
// It measures nothing: lengths are those between the pixels of the layout,
// currents those of the LED types. The one idea it owns: where power has to be
// fed in follows from the voltage that is lost on the way (Feeds).
package wiring

import (
	"fmt"
	"math"
	"sort"

	"noctiluca/installations"
)

// Options are what the installation does not say.
type Options struct {
	// Loss is the part of a supply's voltage that may be lost along a strip,
	// 0 stands for 0.1: at 5 V half a volt, where red still holds and white
	// begins to turn yellow.
	Loss float64
	// Ohms is the resistance of a metre of strip or wire, there and back. 0
	// stands for 0.08: a strip with copper of 70 µm, 5 mm wide for each pole,
	// has about 0.1, wire of 1 mm² 0.035.
	Ohms float64
}

// Sheet is a whole patch sheet.
type Sheet struct {
	Title    string
	Pixels   int
	Watts    float64 // at full
	Outputs  []Output
	Supplies []Supply
	Loose    []string // fixtures that hang on no output
	Options  Options
}

// Output is one controller.
type Output struct {
	Name, Protocol, To string
	Rows               []Row
	Watts              float64
}

// Row is a stretch of one fixture whose channels follow one another in one
// wire of a controller: up to where universes are not consecutive.
type Row struct {
	Port           int // from 1: a wire of the controller, as far as the universes tell
	Fixture        string
	First, Last    int // pixels of the fixture, as the wire meets them; Last < First runs backwards
	Count          int
	Order          string
	FromUniverse   int
	FromChannel    int // from 1
	ToUniverse     int
	ToChannel      int
	Length         float64 // m, along the wire
	Watts, Amperes float64 // at full
	Volts          float64
	Supply         string // empty for none
	Feeds          []int  // pixels of the fixture at which to feed power in
	Assumed        bool   // of an LED type that was not named
	previous       int    // pixel, of the wire so far
	pixels         []int
}

// Supply is a power supply and what hangs on it.
type Supply struct {
	Name         string
	Limit, Watts float64
	Fixtures     []string
}

// New works out the sheet of an installation.
func New(inst *installations.Installation, o Options) *Sheet {
	if o.Loss == 0 {
		o.Loss = 0.1
	}
	if o.Ohms == 0 {
		o.Ohms = 0.08
	}
	s := &Sheet{Title: inst.Title, Pixels: inst.Pixels.Count(), Options: o}
	hung := make([]bool, len(inst.Fixtures))
	for i := range inst.Outputs {
		s.Outputs = append(s.Outputs, s.output(inst, &inst.Outputs[i], hung))
	}
	for i := range inst.Supplies {
		s.Supplies = append(s.Supplies, Supply{Name: inst.Supplies[i].Name, Limit: inst.Supplies[i].Watts})
	}
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		w := f.LED.Peak() * float64(f.Count)
		s.Watts += w
		if f.Supply >= 0 {
			s.Supplies[f.Supply].Watts += w
			s.Supplies[f.Supply].Fixtures = append(s.Supplies[f.Supply].Fixtures, f.Name)
		}
		if !hung[i] {
			s.Loose = append(s.Loose, f.Name)
		}
	}
	return s
}

func (s *Sheet) output(inst *installations.Installation, out *installations.Output, hung []bool) Output {
	o := Output{Name: out.Name, Protocol: out.Protocol, To: out.Host}
	switch {
	case out.Multicast:
		o.To = "multicast"
	case out.Discover:
		o.To = "nodes found"
	case out.Device != "":
		o.To = out.Device
	}
	if out.Bits == 16 {
		o.To += " (16 bits)"
	}
	universe, port := 0, 1
	var row *Row
	for _, r := range out.Runs {
		for universe+1 < len(out.Universes) && out.Universes[universe+1].Offset <= r.Offset {
			universe++
		}
		u := out.Universes[universe]
		n := int(inst.Pixels.Fixture[r.First])
		f := &inst.Fixtures[n]
		hung[n] = true
		if row != nil && u.Number > row.ToUniverse+1 {
			port++
			row = nil
		}
		// A run goes on with the last one's fixture where that left off.
		if row == nil || row.Fixture != f.Name || r.First != row.previous+r.Step {
			o.Rows = append(o.Rows, Row{Port: port, Fixture: f.Name, First: r.First - f.First, Order: r.Order.String(),
				FromUniverse: u.Number, FromChannel: r.Offset - u.Offset + 1, Volts: f.LED.Volts, Assumed: f.LED.Assumed})
			row = &o.Rows[len(o.Rows)-1]
			if f.Supply >= 0 {
				row.Supply = inst.Supplies[f.Supply].Name
			}
		}
		for i := range r.Count {
			row.pixels = append(row.pixels, r.First+i*r.Step)
		}
		row.previous = r.First + (r.Count-1)*r.Step
		row.Last = row.previous - f.First
		row.ToUniverse, row.ToChannel = u.Number, r.Offset-u.Offset+r.Count*r.Width()
	}
	for i := range o.Rows {
		o.Rows[i].measure(inst, s.Options)
		o.Watts += o.Rows[i].Watts
	}
	return o
}

// measure finds a row's length, power and feeds.
func (r *Row) measure(inst *installations.Installation, o Options) {
	f := &inst.Fixtures[inst.Pixels.Fixture[r.pixels[0]]]
	r.Count = len(r.pixels)
	far := make([]float64, r.Count)
	p := inst.Pixels
	for i := 1; i < r.Count; i++ {
		a, b := r.pixels[i-1], r.pixels[i]
		dx, dy, dz := float64(p.X[b]-p.X[a]), float64(p.Y[b]-p.Y[a]), float64(p.Z[b]-p.Z[a])
		far[i] = far[i-1] + math.Sqrt(dx*dx+dy*dy+dz*dz)
	}
	r.Length = far[r.Count-1]
	r.Watts = f.LED.Peak() * float64(r.Count)
	if r.Volts > 0 {
		r.Amperes = r.Watts / r.Volts
	}
	for _, i := range Feeds(far, r.Amperes/float64(r.Count), r.Volts, o) {
		r.Feeds = append(r.Feeds, r.pixels[i]-f.First)
	}
}

// Feeds says at which pixels power has to be fed in: far is the distance of
// each from the first along the wire, in metres, amperes what one draws at
// full. The first pixel is always one. Between two feeds x metres apart each
// side feeds half, and with a current of i A/m the middle loses ½·i·(x/2)²·Ω:
// that is kept under the loss allowed. After the last feed the strip is fed
// from one side, so that it is where it loses as much: at its end when a
// single feed does not do.
func Feeds(far []float64, amperes, volts float64, o Options) []int {
	feeds := []int{0}
	n := len(far)
	if n < 2 || !(amperes > 0) || !(volts > 0) || !(o.Ohms > 0) || !(far[n-1] > 0) {
		return feeds
	}
	perMetre := amperes * float64(n) / far[n-1]
	allowed := o.Loss * volts
	oneSided := math.Sqrt(2 * allowed / (perMetre * o.Ohms))
	if far[n-1] <= oneSided {
		return feeds
	}
	parts := int(math.Ceil(far[n-1] / (2 * oneSided)))
	for k := 1; k <= parts; k++ {
		at := far[n-1] * float64(k) / float64(parts)
		i := sort.SearchFloat64s(far, at-1e-9)
		if i = min(i, n-1); i > feeds[len(feeds)-1] {
			feeds = append(feeds, i)
		}
	}
	return feeds
}

// Span writes the pixels of a row.
func (r *Row) Span() string { return fmt.Sprintf("%d…%d", r.First, r.Last) }

// Wire writes where a row begins and ends on the wire.
func (r *Row) Wire() (from, to string) {
	return fmt.Sprintf("%d / %d", r.FromUniverse, r.FromChannel), fmt.Sprintf("%d / %d", r.ToUniverse, r.ToChannel)
}
