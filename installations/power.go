package installations

// Watts estimates what one pixel of this LED draws at a light of 0…1 for each
// colour: its idle current, and each emitter's in proportion to its light. A
// white emitter is taken for neutral, and to take what the three have in
// common; where its colour is known engine/light mixes, and engine/safety
// measures, by that.
func (l *LED) Watts(r, g, b float64) float64 {
	w := 0.0
	if l.White {
		w = min(r, g, b)
		r, g, b = r-w, g-w, b-w
	}
	mA := l.Idle + float64(l.Full[0]*r)
	mA += float64(l.Full[1] * g)
	mA += float64(l.Full[2] * b)
	mA += float64(l.Full[3] * w)
	return mA * l.Volts / 1000
}

// Peak is the most that one pixel of this LED can be made to draw, in watts.
// With a white emitter that is not always white: two colours together may
// draw more. Power is linear between the corners of the colour cube, once
// for each choice of which colour is least, so the most is at a corner. Where
// the emitters' own colours are known, or one is amber, any may be lit beside
// any: then it is all of them.
func (l *LED) Peak() float64 {
	most := 0.0
	if l.Primaries != nil || l.Amber {
		for _, mA := range l.Full {
			most += mA
		}
		return (l.Idle + most) * l.Volts / 1000
	}
	for corner := range 8 {
		most = max(most, l.Watts(float64(corner&1), float64(corner>>1&1), float64(corner>>2)))
	}
	return most
}
