package layout

import (
	"encoding/json"
	"fmt"

	"noctiluca/installations/space"
)

// readLedmap reads WLED's ledmap.json: map gives, for each place, row by row
// from the upper left, the number of the LED there, and −1 for none.
func readLedmap(s *source) (*Layout, error) {
	var m struct {
		Map    []int  `json:"map"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
		Name   string `json:"n"`
	}
	if err := json.Unmarshal(s.data, &m); err != nil {
		return nil, s.jsonError(err)
	}
	if m.Width < 0 || m.Height < 0 || m.Width > MaxPixels || m.Height > MaxPixels {
		return nil, s.errorf(0, "width, height", "%d × %d: expected at least 1", m.Width, m.Height)
	}
	l := &Layout{Name: m.Name}
	if m.Width == 0 {
		m.Width = max(len(m.Map), 1)
		l.Notes = append(l.Notes, "The map gives no width: it is taken for one row.")
	}
	most := -1
	at := map[int]int{}
	for i, n := range m.Map {
		if n < 0 || n == 65535 { // 65535 is −1 as WLED keeps it
			continue
		}
		if n >= MaxPixels {
			return nil, s.errorf(0, fmt.Sprintf("map, place %d", i), "LED %d: at most %d", n, MaxPixels-1)
		}
		if _, twice := at[n]; twice {
			return nil, s.errorf(0, fmt.Sprintf("map, place %d", i), "LED %d is at place %d already", n, at[n])
		}
		at[n] = i
		most = max(most, n)
	}
	pitch := s.pitch()
	rows := (len(m.Map) + m.Width - 1) / m.Width
	f := Fixture{Name: "leds"}
	missing := 0
	for n := 0; n <= most; n++ {
		i, ok := at[n]
		if !ok {
			missing++
			continue
		}
		if w := len(f.Wires); w == 0 || missing > 0 && f.Wires[w-1].Channel+3*f.Wires[w-1].Count != 3*n {
			f.Wires = append(f.Wires, Wire{Protocol: "ddp", Universe: 1, Channel: 3 * n, First: len(f.Points)})
		}
		f.Wires[len(f.Wires)-1].Count++
		f.Points = append(f.Points, space.V{X: float64(i%m.Width) * pitch, Y: float64(rows-1-i/m.Width) * pitch})
	}
	l.Fixtures = []Fixture{f}
	l.Notes = append(l.Notes, fmt.Sprintf("From LED to LED are %.4g m (--pitch gives another).", pitch))
	if missing > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("%d LEDs of the wire have no place in the map: their channels are gaps.", missing))
	}
	return l, nil
}

// readWLED reads the 2D set-up of WLED's cfg.json: hw.led.matrix.panels, one
// after another on the wire.
func readWLED(s *source) (*Layout, error) {
	var c struct {
		ID struct {
			MDNS string `json:"mdns"`
			Name string `json:"name"`
		} `json:"id"`
		HW struct {
			LED struct {
				Total  int `json:"total"`
				Matrix struct {
					Panels []struct {
						Bottom     bool `json:"b"`
						Right      bool `json:"r"`
						Vertical   bool `json:"v"`
						Serpentine bool `json:"s"`
						X          int  `json:"x"`
						Y          int  `json:"y"`
						Height     int  `json:"h"`
						Width      int  `json:"w"`
					} `json:"panels"`
				} `json:"matrix"`
			} `json:"led"`
		} `json:"hw"`
	}
	if err := json.Unmarshal(s.data, &c); err != nil {
		return nil, s.jsonError(err)
	}
	l := &Layout{Name: c.ID.Name}
	pitch := s.pitch()
	host := ""
	if c.ID.MDNS != "" {
		host = cleanName(c.ID.MDNS, "wled") + ".local"
	}
	panels := c.HW.LED.Matrix.Panels
	if len(panels) == 0 {
		n := c.HW.LED.Total
		if n < 1 || n > MaxPixels {
			return nil, s.errorf(0, "hw.led", "it has no matrix, and a total of %d LEDs: expected 1…%d", n, MaxPixels)
		}
		l.Notes = append(l.Notes, "It has no 2D set-up: its LEDs are taken for one straight strip.")
		f := Fixture{Name: "strip", Shape: stripShape([]space.V{{}, {X: float64(max(n-1, 1)) * pitch}}, n), Wires: []Wire{{Protocol: "ddp", Host: host, Universe: 1}}}
		l.Fixtures = []Fixture{f}
		return l, nil
	}
	bottom := 0
	for i, p := range panels {
		where := fmt.Sprintf("hw.led.matrix.panels, panel %d", i)
		if p.Width < 1 || p.Height < 1 || p.Width > 100000 || p.Height > 100000 || p.Width*p.Height > MaxPixels {
			return nil, s.errorf(0, where, "%d × %d LEDs: expected at least 1 and together at most %d", p.Width, p.Height, MaxPixels)
		}
		if p.X < 0 || p.Y < 0 || p.X > 100000 || p.Y > 100000 {
			return nil, s.errorf(0, where, "it is at %d, %d: expected 0…100000", p.X, p.Y)
		}
		bottom = max(bottom, p.Y+p.Height)
	}
	at := 0
	for i, p := range panels {
		start := map[bool]string{false: "top", true: "bottom"}[p.Bottom] + map[bool]string{false: "-left", true: "-right"}[p.Right]
		by := "rows"
		if p.Vertical {
			by = "columns"
		}
		// A grid's origin is its middle; the lowest row of all is at 0.
		centre := space.V{X: (float64(p.X) + float64(p.Width-1)/2) * pitch, Y: (float64(bottom-1-p.Y) - float64(p.Height-1)/2) * pitch}
		n := p.Width * p.Height
		l.Fixtures = append(l.Fixtures, Fixture{
			Name: fmt.Sprintf("panel-%d", i+1),
			Shape: &Shape{Kind: "grid", At: centre, Count: n, Parameters: fmt.Sprintf("{columns: %d, rows: %d, pitch: %s, start: %s, by: %s, zigzag: %v}",
				p.Width, p.Height, metres(pitch), start, by, p.Serpentine)},
			Wires: []Wire{{Protocol: "ddp", Host: host, Universe: 1, Channel: at}},
		})
		at += 3 * n
	}
	l.Notes = append(l.Notes, fmt.Sprintf("From LED to LED are %.4g m (--pitch gives another).", pitch))
	return l, nil
}
