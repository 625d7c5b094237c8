package guard

import (
	"math"

	"noctiluca/engine/physio/turn"
)

// slowing is the early warning: the correlation of the arousal of all from
// one second to the next, over five minutes. Near the edge of swelling a room
// is slow to come back from whatever moves it (M. Scheffer et al.,
// "Early-warning signals for critical transitions", Nature 461 (2009) 53–59).
type slowing struct {
	ring [slowSpan]float64
	n    int
}

const slowSpan = 300 // seconds

func (s *slowing) reset() { *s = slowing{} }

func (s *slowing) add(x float64) {
	s.ring[s.n%slowSpan] = x
	s.n++
}

// lag is the lag-1 autocorrelation of the last five minutes.
func (s *slowing) lag() (float64, bool) {
	if s.n < slowSpan {
		return 0, false
	}
	var x [slowSpan]float64
	for i := range x {
		x[i] = s.ring[(s.n+i)%slowSpan]
	}
	return lagOne(x[:])
}

// lagOne is the lag-1 autocorrelation of a series without its mean and trend.
// Of a series not much longer than its own memory it comes out too low.
func lagOne(x []float64) (float64, bool) {
	n := float64(len(x))
	mean, slope, across := 0.0, 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for i, v := range x {
		t := float64(i) - (n-1)/2
		slope += float64(t * (v - mean))
		across += float64(t * t)
	}
	slope /= across
	square, product, last := 0.0, 0.0, 0.0
	for i, v := range x {
		r := v - mean - float64(slope*(float64(i)-(n-1)/2))
		square += float64(r * r)
		if i > 0 {
			product += float64(r * last)
		}
		last = r
	}
	if !(square > 1e-6) {
		return 0, false
	}
	return product / square, true
}

// howl looks for one pace at which the arousal of all swings, as acoustic
// feedback is looked for: T. van Waterschoot, M. Moonen, "Comparative
// evaluation of howling detection criteria in notch-filter-based howling
// suppression", J. Audio Eng. Soc. 58 (2010) 923–940. A bin of the spectrum of
// two minutes counts that stands 10 dB over the mean (PAPR), 15 dB over the bins
// four and five beside it (PNPR), in three of the last five spectra (IPMP).
type howl struct {
	ring  [howlSize]float64
	n     int
	found [howlFrames]int // loudest bin of each of the last spectra, 0 for none
	sums  float64
	count int
	re    [howlSize]float64
	im    [howlSize]float64
}

const (
	howlSize   = 256          // samples of a spectrum
	howlSpan   = 128          // seconds: 2 a second
	howlBand   = 43.0         // longest period that is looked for, s: the pattern is slower
	howlFirst  = 3            // bin of that period
	howlLast   = 64           // bin of two seconds
	howlHop    = howlSize / 2 // samples from one spectrum to the next
	howlFrames = 5
	howlPeak   = 10.0 // 10 dB
	howlBeside = 31.6 // 15 dB
	howlLeast  = 0.2  // smallest swing that counts, in units of arousal: moods have paces too
)

func (h *howl) reset() { *h = howl{} }

// add takes a tick's arousal and says whether a swing has been found, with
// its period and how far it stands over the mean.
func (h *howl) add(x float64, tick int64) (period, strength float64, found bool) {
	h.sums += x
	h.count++
	if tick%(tickRate/2) != 0 { // 2 a second
		return 0, 0, false
	}
	h.ring[h.n%howlSize] = h.sums / float64(h.count)
	h.sums, h.count = 0, 0
	h.n++
	if h.n < howlSize || h.n%howlHop != 0 {
		return 0, 0, false
	}
	bin, strength := h.spectrum()
	copy(h.found[1:], h.found[:])
	h.found[0] = bin
	if bin == 0 {
		return 0, 0, false
	}
	same := 0
	for _, b := range h.found {
		if b != 0 && b-bin <= 1 && bin-b <= 1 {
			same++
		}
	}
	if same < 3 {
		return 0, 0, false
	}
	h.found = [howlFrames]int{}
	return howlSpan / float64(bin), strength, true
}

// spectrum gives the bin that stands out of the last two minutes, 0 for none.
func (h *howl) spectrum() (bin int, strength float64) {
	// Moods wander, and their spectrum falls with frequency: what each sample
	// owes to the one before is taken off, so that noise is level and what
	// stands out is a tone.
	mean, square, product := 0.0, 0.0, 0.0
	for _, v := range h.ring {
		mean += v / howlSize
	}
	for i := range howlSize {
		v := h.ring[(h.n+i)%howlSize] - mean
		square += float64(v * v)
		if i > 0 {
			product += float64(v * (h.ring[(h.n+i-1)%howlSize] - mean))
		}
	}
	if !(square > 1e-9) {
		return 0, 0
	}
	owed := product / square
	for i := range howlSize {
		_, c := turn.SinCos(float64(i) / howlSize)
		w := 0.5 - float64(0.5*c)
		v := h.ring[(h.n+i)%howlSize] - mean
		if i > 0 {
			v -= float64(owed * (h.ring[(h.n+i-1)%howlSize] - mean))
		}
		h.re[i], h.im[i] = float64(v*w), 0
	}
	transform(h.re[:], h.im[:])
	power := func(k int) float64 { return float64(h.re[k]*h.re[k]) + float64(h.im[k]*h.im[k]) }
	total, top := 0.0, 0.0
	for k := howlFirst; k <= howlLast; k++ {
		p := power(k)
		total += p
		if p > top {
			top, bin = p, k
		}
	}
	total /= howlLast - howlFirst + 1
	// A sine of amplitude a makes a peak of (a N/4)² under this window, times
	// what is left of it: |1 − owed e^(−iω)|².
	_, c := turn.SinCos(float64(bin) / howlSize)
	left := 1 + float64(owed*owed) - float64(2*owed*c)
	least := howlLeast * howlSize / 4 * math.Sqrt(left)
	if !(total > 0) || top < howlPeak*total || top < least*least {
		return 0, 0
	}
	for _, d := range [...]int{-5, -4, 4, 5} {
		if k := bin + d; k >= howlFirst && top < howlBeside*power(k) {
			return 0, 0
		}
	}
	return bin, top / total
}

// transform is the discrete Fourier transform in place, of a power of two.
func transform(re, im []float64) {
	n := len(re)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		if i < j {
			re[i], re[j] = re[j], re[i]
			im[i], im[j] = im[j], im[i]
		}
	}
	for size := 2; size <= n; size *= 2 {
		for k := range size / 2 {
			s, c := turn.SinCos(-float64(k) / float64(size))
			for i := k; i < n; i += size {
				j := i + size/2
				x := float64(re[j]*c) - float64(im[j]*s)
				y := float64(re[j]*s) + float64(im[j]*c)
				re[j], im[j] = re[i]-x, im[i]-y
				re[i], im[i] = re[i]+x, im[i]+y
			}
		}
	}
}
