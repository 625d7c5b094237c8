package physio

// The detectors of one person hold the last moments of their signals. Wipe
// overwrites all of it, for a consent that has ended. A nil detector holds
// nothing. None is used after its Wipe.

func (r *ring) wipe() { clear(r.x) }
func (m *mean) wipe() { clear(m.ring) }

// Wipe overwrites all that the detector holds.
func (d *PPG) Wipe() {
	if d == nil {
		return
	}
	d.peak.wipe()
	d.beat.wipe()
	d.band.wipe()
	*d = PPG{}
}

// Wipe overwrites all that the detector holds.
func (e *ECG) Wipe() {
	if e == nil {
		return
	}
	e.slope.r.wipe()
	e.sum.wipe()
	e.raw.wipe()
	*e = ECG{}
}

// Wipe overwrites all that the detector holds.
func (e *EEG) Wipe() {
	if e == nil {
		return
	}
	e.ring.wipe()
	clear(e.work)
	*e = EEG{}
}

// Wipe overwrites all that the detector holds.
func (e *EDA) Wipe() {
	if e != nil {
		*e = EDA{}
	}
}

// Wipe overwrites all that the detector holds.
func (b *Breath) Wipe() {
	if b != nil {
		*b = Breath{}
	}
}

// Wipe overwrites all intervals.
func (r *Rhythm) Wipe() {
	if r == nil {
		return
	}
	clear(r.HRV.ring)
	clear(r.HRV.apart)
	*r.HRV = HRV{}
	*r = Rhythm{}
}

// Zero says whether nothing is held: after a Wipe.
func (d *PPG) Zero() bool { return d == nil || len(d.band.x) == 0 && d.n == 0 && d.last == 0 }

// Zero says whether nothing is held: after a Wipe.
func (e *ECG) Zero() bool { return e == nil || len(e.raw.x) == 0 && e.n == 0 && e.steep == 0 }

// Zero says whether nothing is held: after a Wipe.
func (e *EDA) Zero() bool { return e == nil || *e == EDA{} }

// Zero says whether nothing is held: after a Wipe.
func (b *Breath) Zero() bool { return b == nil || *b == Breath{} }
