package colour

// RGB is the way back from Split: red, green and blue of the nominal lamp
// that are the colour of amounts. They may lie outside 0…1 where the lamp's
// emitters reach further than the nominal ones.
func (l *Lamp) RGB(a [MaxEmitters]float64) [3]float64 { return l.colourOf(a) }
