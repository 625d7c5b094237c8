package engine

import (
	"noctiluca/assets/organisms"
	"noctiluca/engine/life"
)

// Course is an organism's light over time, as its life plays it.
type Course struct {
	Step  float64   // between samples, in Unit
	Unit  string    // s or h
	Light []float64 // 0…1
	Start float64   // when the stimulus comes, in Unit; under 0 where there is none
	What  string    // what is seen, for people
}

// TimeCourse plays an organism: one individual, undisturbed but for the
// stimulus that makes it shine, or, of those that live in crowds, one in a
// crowd.
func TimeCourse(o *organisms.Organism) (Course, error) { return timeCourse(o, 0) }

// timeCourse does so at a rate of frames, where the life is one whose flashes
// are short beside a frame; 0 stands for a rate that shows their shape.
func timeCourse(o *organisms.Organism, rate float64) (Course, error) {
	c := Course{Unit: "s", Start: -1}
	hz, seconds, pixels := 500.0, 15.0, 1
	settings := map[string]float64{}
	for k, v := range o.Settings {
		settings[k] = v
	}
	in := &life.Influence{Coherence: 1, Presence: 1, Cells: []life.Cell{{Presence: 1}}}
	switch o.Life {
	case "fireflies":
		settings["spacing"], seconds, c.What = 1, 30, "one, alone"
		in.Coherence = 0
	case "pulses":
		settings["spacing"], seconds, c.What = 1, 6, "one, alone"
	case "swarm":
		settings["spacing"], seconds, pixels, hz, c.What = 1, 60, 15, 200, "one of fifteen that see each other"
	case "plankton":
		settings["drift"], settings["steps"], seconds, c.Start = 0, 0, 3.5, 0.25
		c.What = "one, pressed once"
	case "glow":
		settings["spacing"], seconds, hz, c.What = 1, 90, 20, "one, as somebody comes"
	case "quorum":
		seconds, hz, pixels, c.What = 120, 20, 25, "a colony, as people stay by it"
	case "circadian":
		settings["hour"], settings["spread"], seconds, hz = 1, 0, 96, 20
		in.Cells, c.Unit, c.What = nil, "h", "in the dark, for four days"
	case "mycelium":
		seconds, hz, pixels, c.What = 90, 20, 400, "a web of threads, the mean, as somebody calm stays by it"
		in.Cells[0].Arousal = -0.5
	}
	if rate > 0 && hz >= 100 {
		hz = rate
	}
	conf := life.Config{Seed: 7, Settings: settings, Cells: []life.Place{{Radius: 3}}}
	for i := range pixels {
		conf.X = append(conf.X, float32(i%20)*0.05)
		conf.Y = append(conf.Y, 0)
		conf.Z = append(conf.Z, float32(i/20)*0.05)
	}
	l, err := life.New(o.Life, conf)
	if err != nil {
		return c, err
	}
	c.Step = 1 / hz
	in.Seconds = float32(c.Step)
	drive := make([]float32, pixels)
	for n := range int(seconds * hz) {
		in.Drive = nil
		if c.Start >= 0 && n == int(c.Start*hz) {
			drive[0] = 1
			in.Drive = drive
		}
		l.Step(in)
		v := 0.0
		if o.Life == "mycelium" || o.Life == "quorum" {
			for _, x := range l.State()[0] {
				v += float64(x) / float64(pixels)
			}
		} else {
			v = float64(l.State()[0][0])
		}
		c.Light = append(c.Light, v)
	}
	return c, nil
}
