package guard

import "math"

// pattern is the dither: pairs of blocks of 48 s, in each pair one
// with the sign + and one with −, in an order that is drawn. It eases from one
// to the other in three seconds.
type pattern struct {
	seed   uint64
	pairs  uint64
	at     int     // ticks into the pair
	first  float64 // sign of its first block
	value  float64 // −1…1, eased
	moving bool
}

const (
	blockTicks  = 48 * tickRate
	settleTicks = 28 * tickRate // until people have answered, and the light them
	easeTicks   = 3 * tickRate
)

// stop ends the pattern; it begins with a new pair.
func (p *pattern) stop() { p.at, p.moving = 0, false; p.value = 0 }

// drawn is the sign of the first block of a pair (SplitMix64: G. L. Steele, D.
// Lea, C. H. Flood, OOPSLA 2014).
func drawn(seed, pair uint64) float64 {
	z := seed + pair*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	if (z^z>>31)&1 == 0 {
		return -1
	}
	return 1
}

// step moves on by a tick. ended says that a block ended; sign is its sign if
// it was the first of the pair, 0 when the pair is whole. mid says that this
// tick counts: people have had time to answer.
func (p *pattern) step(on bool) (ended bool, sign float64, mid bool) {
	if !on {
		p.value = 0
		return false, 0, false
	}
	if p.at == 0 {
		p.pairs++
		p.first = drawn(p.seed, p.pairs)
	}
	target := p.first
	if p.at >= blockTicks {
		target = -p.first
	}
	p.value += min(max(target-p.value, -2.0/easeTicks), 2.0/easeTicks)
	in := p.at % blockTicks
	p.at++
	mid = in >= settleTicks
	if p.at == blockTicks {
		return true, p.first, mid
	}
	if p.at == 2*blockTicks {
		p.at = 0
		return true, 0, mid
	}
	return false, 0, mid
}

// measure is the people's gain by instrumental variables. What people feel
// (felt) answers what the light follows (followed), and that holds their own
// feeling: least squares of one on the other would take the loop for an
// answer. The dither is in followed and in no feeling of theirs, so it serves
// as instrument (two-stage least squares with one instrument: the ratio of
// what the dither does to felt and to followed). The difference of the two
// blocks of a pair takes out what is slower than that. The interval is
// Fieller's, for a ratio of two means (E. C. Fieller, J. R. Stat. Soc. B 16
// (1954) 175–185), which is that of Anderson and Rubin here: it holds however
// weak the instrument is, and says so where it is too weak.
//
// People answer some seconds late, so what they follow is taken from before;
// how late is not known, and it matters where the loop is so near its edge that
// a block ends before the room has come to rest. So the interval is found for
// people who are early, usual and late, and what is told is all that any of
// the three allows. In a room that rests they agree.
type measure struct {
	past     [lateMost]float64 // what was followed
	at       int
	felt     float64        // sums of the present block
	followed [lates]float64 // by how late people are taken to be
	ticks    int
	worst    float64 // farthest from 0 in the block

	last     difference // means of the first block of the pair
	lastSign float64
	lastGood bool

	ring [pairsKept]difference // of + over −
	n    int
}

// lates are the delays with which people are taken to follow, in ticks: a
// delay and the lag of the answer together, and more than their sum where the
// room itself is slow to settle. [design]
const (
	lates    = 3
	usual    = 1 // the one of which the gain itself is told
	lateMost = 12 * tickRate
)

var lateness = [lates]int{3 * tickRate, 7 * tickRate, lateMost}

// difference is how much more was felt, and followed, in one block than in the
// other.
type difference struct {
	felt     float64
	followed [lates]float64
}

const (
	pairsKept  = 40  // an hour
	pairsLeast = 5   // fewer say nothing
	pairsSure  = 10  // fewer are not held to by their upper end
	saturated  = 0.9 // a feeling at its end cannot answer
)

func (m *measure) add(felt, followed float64, mid bool) {
	if mid {
		m.felt += felt
		for i, late := range lateness {
			m.followed[i] += m.past[(m.at+lateMost-late)%lateMost]
		}
		m.ticks++
		m.worst = max(m.worst, math.Abs(felt))
	}
	m.past[m.at] = followed
	m.at = (m.at + 1) % lateMost
}

// close ends a block; sign is its sign if it is the first of its pair.
func (m *measure) close(sign float64) {
	good := m.ticks >= (blockTicks-settleTicks)*9/10 && m.worst < saturated
	var d difference
	if m.ticks > 0 {
		d.felt = m.felt / float64(m.ticks)
		for i := range d.followed {
			d.followed[i] = m.followed[i] / float64(m.ticks)
		}
	}
	m.felt, m.followed, m.ticks, m.worst = 0, [lates]float64{}, 0, 0
	if sign != 0 {
		m.last, m.lastSign, m.lastGood = d, sign, good
		return
	}
	if good && m.lastGood {
		at := &m.ring[m.n%pairsKept]
		at.felt = float64(m.lastSign * (m.last.felt - d.felt))
		for i := range d.followed {
			at.followed[i] = float64(m.lastSign * (m.last.followed[i] - d.followed[i]))
		}
		m.n++
	}
	m.lastGood = false
}

// drop forgets the present pair.
func (m *measure) drop() {
	m.past = [lateMost]float64{}
	m.felt, m.followed, m.ticks, m.worst = 0, [lates]float64{}, 0, 0
	m.last, m.lastGood = difference{}, false
}

// forget drops all pairs; the next ones are measured anew.
func (m *measure) forget() { m.drop(); m.n = 0 }

// moments of the differences: means, variances and covariance of the means.
func (m *measure) moments(late int) (n, y, x, vy, vx, c float64) {
	k := min(m.n, pairsKept)
	n = float64(k)
	for i := range m.ring[:k] {
		y += m.ring[i].felt / n
		x += m.ring[i].followed[late] / n
	}
	for i := range m.ring[:k] {
		dy, dx := m.ring[i].felt-y, m.ring[i].followed[late]-x
		vy += float64(dy * dy)
		vx += float64(dx * dx)
		c += float64(dy * dx)
	}
	k2 := n * (n - 1)
	return n, y, x, vy / k2, vx / k2, c / k2
}

// interval is the gain with its 95 % interval, whatever of the three delays
// people have.
func (m *measure) interval() (gain, low, high float64, ok bool) {
	if m.n < pairsLeast {
		return 0, 0, 0, false
	}
	for late := range lates {
		g, l, h, ok := m.fieller(late)
		if !ok {
			return 0, 0, 0, false
		}
		if late == 0 {
			low, high = l, h
		}
		low, high = min(low, l), max(high, h)
		if late == usual {
			gain = g
		}
	}
	return gain, low, high, true
}

// fieller is the gain with its interval for people as late as that.
func (m *measure) fieller(late int) (gain, low, high float64, ok bool) {
	n, y, x, vy, vx, c := m.moments(late)
	t := student(int(n) - 1)
	t2 := t * t
	// All g with (y − g x)² ≤ t² (vy − 2 g c + g² vx).
	a := float64(x*x) - float64(t2*vx)
	if !(a > 0) || !(x > 0) {
		return 0, 0, 0, false // the pattern does not stand out of the light's own moves
	}
	b := float64(x*y) - float64(t2*c)
	d := float64(b*b) - float64(a*(float64(y*y)-float64(t2*vy)))
	if d < 0 {
		return 0, 0, 0, false
	}
	r := math.Sqrt(d)
	return y / x, (b - r) / a, (b + r) / a, true
}

// surely is how many standard errors the answer of people stands above none.
func (m *measure) surely() float64 {
	if m.n < pairsLeast {
		return 0
	}
	_, y, _, vy, _, _ := m.moments(usual)
	if !(vy > 0) {
		return 0
	}
	return y / math.Sqrt(vy)
}

// student is the 97.5 % quantile of Student's t for so many degrees of
// freedom, from the usual table.
func student(free int) float64 {
	table := [...]float64{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042}
	if free < 1 {
		return table[0]
	}
	if free <= len(table) {
		return table[free-1]
	}
	return 1.96 + 2.5/float64(free)
}
