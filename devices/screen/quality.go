//go:build !venue

package screen

import "time"

// quality is how much is spent on a picture.
type quality struct {
	fine     float32 // size of the scene beside that of the picture
	thinnest float32 // half width under which limbs are left out, pixels
	turn     int     // light on the ground, in the air and in the water is found every so many pictures
}

// qualities from the best to what a slow machine without a GPU still manages.
var qualities = []quality{
	{1, 0.06, 2},
	{1, 0.1, 2},
	{0.8, 0.14, 2},
	{0.65, 0.18, 2},
	{0.5, 0.2, 3},
}

// pace chooses a quality by how long pictures take.
type pace struct {
	level   int
	mean    float64 // seconds a picture, smoothed
	changed time.Duration
	floor   int           // levels above this were too much
	until   time.Duration // when that is tried again
}

// The picture is made coarser when it takes longer than slow, and finer when
// it takes less than quick, seconds.
const (
	slow  = 1.0 / 23
	quick = 1.0 / 45
)

// add counts a picture that took that long, at a time; it gives the level.
func (p *pace) add(took, now time.Duration) int {
	s := took.Seconds()
	if p.mean == 0 {
		p.mean = s
	}
	p.mean += (min(s, 0.5) - p.mean) * 0.08
	if now-p.changed < 1200*time.Millisecond {
		return p.level
	}
	if now > p.until {
		p.floor = 0
	}
	switch {
	case p.mean > slow && p.level < len(qualities)-1:
		p.level++
		p.floor, p.until = p.level, now+time.Minute
		p.changed, p.mean = now, 0
	case p.mean < quick && p.level > p.floor:
		p.level--
		p.changed, p.mean = now, 0
	}
	return p.level
}
