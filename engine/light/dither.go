package light

import (
	"math/rand/v2"
	"sync"
)

// Dither: light between two steps of a byte shows as one or the other, by a
// threshold that differs from pixel to pixel and from frame to frame.
//
// Along the wire the thresholds are blue noise (void and cluster, Ulichney
// 1993, on a ring of dithers places), so that neighbours differ most and no
// pattern is to be seen. In time each pixel's threshold steps by 159/256, near
// the golden ratio: any few frames in a row are spread evenly, so the eye sees
// the mean, and in 256 frames each threshold comes exactly once, so the mean
// is right.
const (
	dithers    = 1024
	ditherStep = 159
	jitter     = 300
)

// thresholds is blue noise of 0…255, each as often.
var thresholds = sync.OnceValue(func() *[dithers]uint8 {
	// Weights by distance: a Gaussian of σ = 1.9, in integers.
	weight := []int{1000, 871, 575, 287, 109, 31, 7, 1}
	// Points are placed one by one, each where the others weigh least, give or
	// take a little: on a line, exactly least makes even spacings, a pattern.
	var load [dithers]int
	var taken [dithers]bool
	var out [dithers]uint8
	rng := rand.New(rand.NewPCG(1993, 256))
	for rank := range dithers {
		place, least := -1, 0
		for p := range dithers {
			if taken[p] {
				continue
			}
			if l := load[p] + rng.IntN(jitter); place < 0 || l < least {
				place, least = p, l
			}
		}
		taken[place] = true
		out[place] = uint8(rank * 256 / dithers)
		for d, w := range weight {
			load[(place+d)&(dithers-1)] += w
			if d > 0 {
				load[(place-d)&(dithers-1)] += w
			}
		}
	}
	return &out
})

// emitterShift keeps the emitters of a pixel from flickering together.
const emitterShift = 205

// dither rounds a value of 65535 steps to 255: up where the fraction is over
// the threshold of that pixel, emitter and frame.
func dither(noise *[dithers]uint8, v uint32, pixel, emitter int, frame uint64) byte {
	t := uint32(noise[(pixel+emitter*emitterShift)&(dithers-1)]+uint8(frame*ditherStep)) & 255
	// A step is 257: the threshold is (t + ½)/256 of it.
	whole, part := v/257, v%257
	if part*512 > (2*t+1)*257 {
		whole++
	}
	return byte(whole)
}
