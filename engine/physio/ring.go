package physio

// ring holds the last samples of a signal.
type ring struct {
	x  []float64
	at int // of the next
	n  int
}

func newRing(samples int) ring { return ring{x: make([]float64, max(samples, 1))} }

func (r *ring) push(x float64) {
	r.x[r.at] = x
	r.at++
	if r.at == len(r.x) {
		r.at = 0
	}
	r.n = min(r.n+1, len(r.x))
}

// len is how many samples it holds.
func (r *ring) len() int { return r.n }

// back is the sample ago samples before the newest.
func (r *ring) back(ago int) float64 {
	i := r.at - 1 - ago
	if i < 0 {
		i += len(r.x)
	}
	return r.x[i]
}

// delay gives each sample back that many samples later, and the first one
// until then.
type delay struct {
	r ring
}

func newDelay(samples int) delay { return delay{newRing(samples)} }

func (d *delay) step(x float64) float64 {
	if d.r.n == 0 {
		for range d.r.x {
			d.r.push(x)
		}
		return x
	}
	old := d.r.back(len(d.r.x) - 1)
	d.r.push(x)
	return old
}
