package colour

import "noctiluca/engine/physio/turn"

// Wheel is the purest light of the nominal lamp for each hue: entry i is
// OkLCh's hue of i degrees at the most chroma that there is for it, as red,
// green and blue of which the greatest is 1 and the least 0. The hue is right
// to half a degree.
//
// It is for colours that people choose: everybody's is as pure as the others',
// and what is chosen is the hue and not how bright it is.
func Wheel() (wheel [360][3]float32) {
	es := Nominal()
	lamp, err := NewLamp(es[:])
	if err != nil {
		panic(err) // the nominal LED is one
	}
	// Round the lamp's triangle, from red over green and blue back to red, in
	// steps far finer than a degree: along each side one comes, then the other goes.
	const steps = 1024
	var best [360]float64
	for i := range best {
		best[i] = 1
	}
	for n := range 6 * steps {
		one, next := n/(2*steps), (n/(2*steps)+1)%3
		var a [MaxEmitters]float64
		a[one], a[next] = 1, 1
		if f := float64(n%steps) / steps; n/steps%2 == 0 {
			a[next] = f
		} else {
			a[one] = 1 - f
		}
		lab := lamp.XYZ(a).OkLab()
		hue := turn.Atan2(lab.B, lab.A)
		for i := range wheel {
			d := turn.Near(hue - float64(i)/360)
			if d = max(d, -d); d < best[i] {
				best[i] = d
				wheel[i] = [3]float32{float32(a[0]), float32(a[1]), float32(a[2])}
			}
		}
	}
	return wheel
}
