package show

import "testing"

// TestColours: a scene has the colour that the installation gives it, or else
// one by its place, each far from its neighbours'.
func TestColours(t *testing.T) {
	inst := artwork(1)
	inst.Scenes[1].Colour = &[3]uint8{1, 2, 3}
	r := NewRegistry(inst, 2)
	if a, b := r.Colour(0), r.Colour(1); a != [3]uint8{0, 255, 178} || b != [3]uint8{1, 2, 3} {
		t.Errorf("the first scenes have %v and %v", a, b)
	}
	for i := range 40 {
		a, b, far := placeColour(i), placeColour(i+1), 0
		for k := range a {
			d := int(a[k]) - int(b[k])
			far += d * d
		}
		if far < 150*150 {
			t.Errorf("scenes %d and %d have the colours %v and %v", i, i+1, a, b)
		}
	}
}
