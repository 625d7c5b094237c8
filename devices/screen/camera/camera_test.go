package camera

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func orbit(t *rapid.T) *Orbit {
	r := func(name string, lo, hi float32) float32 { return rapid.Float32Range(lo, hi).Draw(t, name) }
	o := &Orbit{
		Target: Vec{r("x", -20, 20), r("y", 0, 8), r("z", -20, 20)},
		Yaw:    r("yaw", -7, 7), Pitch: r("pitch", -1, 1.4), Distance: r("distance", 1, 40),
		Field: 0.9, Near: 0.4, Far: 60, Reach: 30, Floor: -1,
	}
	o.settle()
	o.SetHome()
	return o
}

// TestRayLeadsBackToItsPixel: the ray of a pixel, followed to any depth, is
// projected to that pixel and that depth.
func TestRayLeadsBackToItsPixel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := orbit(t).View(1280, 720)
		x, y := rapid.Float32Range(0, 1280).Draw(t, "px"), rapid.Float32Range(0, 720).Draw(t, "py")
		depth := rapid.Float32Range(0.2, 50).Draw(t, "depth")
		gx, gy, gz := v.Project(v.Eye.Add(v.Ray(x, y).Times(depth)))
		if math.Abs(float64(gx-x)) > 0.1 || math.Abs(float64(gy-y)) > 0.1 || math.Abs(float64(gz-depth)) > 1e-3*float64(depth)+1e-4 {
			t.Fatalf("pixel %v, %v at %v m is seen at %v, %v, %v m", x, y, depth, gx, gy, gz)
		}
	})
}

// TestTheEyeStaysAboveTheFloor whatever hands do, and outside of its target.
func TestTheEyeStaysAboveTheFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := orbit(t)
		r := func(name string, lo, hi float32) float32 { return rapid.Float32Range(lo, hi).Draw(t, name) }
		for range rapid.IntRange(1, 20).Draw(t, "moves") {
			switch rapid.IntRange(0, 3).Draw(t, "move") {
			case 0:
				o.Turn(r("yaw", -3, 3), r("pitch", -3, 3))
			case 1:
				o.Pan(r("right", -2, 2), r("up", -2, 2))
			case 2:
				o.Zoom(r("factor", 0.1, 5))
			case 3:
				o.Home()
				o.Step(r("dt", 0, 1))
			}
			if y := o.Eye()[1]; y < o.Floor-1e-3 && o.goal == nil {
				t.Fatalf("the eye is at %v m, the floor at %v m", y, o.Floor)
			}
			if o.Distance < o.Near || o.Distance > o.Far {
				if o.goal == nil {
					t.Fatalf("the distance is %v m", o.Distance)
				}
			}
		}
	})
}

func TestHomeIsReached(t *testing.T) {
	o := &Orbit{Target: Vec{1, 2, 3}, Yaw: 0.3, Pitch: 0.2, Distance: 10, Field: 1, Near: 1, Far: 50, Reach: 20, Floor: 0}
	o.SetHome()
	want := o.Eye()
	o.Turn(5, 0.4)
	o.Pan(0.5, 0.5)
	o.Zoom(2)
	o.Home()
	for range 600 {
		o.Step(1.0 / 60)
	}
	if d := o.Eye().Distance(want); d > 0.01 {
		t.Errorf("ten seconds after Home the eye is %v m from where it was", d)
	}
}

// TestMirror: a point and its mirror image are seen at the same pixel of the
// view and of the mirrored view.
func TestMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := orbit(t).View(1280, 720)
		level := rapid.Float32Range(-2, 1).Draw(t, "level")
		m := v.Mirrored(level)
		p := v.Eye.Add(v.Ray(rapid.Float32Range(0, 1280).Draw(t, "px"), rapid.Float32Range(0, 720).Draw(t, "py")).Times(5))
		q := p
		q[1] = 2*level - p[1]
		x, y, z := v.Project(p)
		mx, my, mz := m.Project(q)
		if math.Abs(float64(x-mx)) > 0.1 || math.Abs(float64(y-my)) > 0.1 || math.Abs(float64(z-mz)) > 1e-3 {
			t.Fatalf("seen at %v, %v, %v m; its image at %v, %v, %v m", x, y, z, mx, my, mz)
		}
	})
}
