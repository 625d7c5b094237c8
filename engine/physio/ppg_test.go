package physio

import "testing"

func TestLook(t *testing.T) {
	for _, c := range []struct {
		file string
		col  int
		rate float64
	}{{"biosppy/ppg.txt", 0, 1000}, {"heartpy/data.csv", 0, 100}, {"heartpy/data2.csv", 1, 116.996}} {
		x := column(t, c.file, c.col)
		d := NewPPG(c.rate)
		n := 0
		sum := 0.0
		var worst float64
		for _, v := range x {
			if b, ok := d.Add(v); ok {
				n++
				if b.Interval > 0 {
					sum += b.Interval
				}
				worst = max(worst, b.Ago)
				t.Logf("%.3f %.3f %.3f", b.At, b.Interval, b.Ago)
			}
		}
		t.Log(c.file, len(x), float64(len(x))/c.rate, n, sum/float64(n-1), 60/(sum/float64(n-1)), worst)
	}
}
