package flash

import (
	"slices"
	"time"
)

// Directions of a transition.
const (
	none int8 = 0
	up   int8 = 1
	down int8 = -1
)

// tallies keeps, for each of many things that flash, the direction of its
// last transition and the times of its last depth ones.
type tallies struct {
	depth uint32 // a power of two
	of    []tally
	at    []time.Duration
}

type tally struct {
	n    uint32
	last int8
}

const never = -time.Hour

func newTallies(count, depth int) tallies {
	t := tallies{depth: uint32(depth), of: make([]tally, count), at: make([]time.Duration, count*depth)}
	for i := range t.at {
		t.at[i] = never
	}
	return t
}

// add counts a transition, if it opposes the last one.
func (t *tallies) add(i int32, dir int8, now time.Duration) bool {
	of := &t.of[i]
	if of.last == dir {
		return false
	}
	of.last = dir
	t.at[uint32(i)*t.depth+of.n&(t.depth-1)] = now
	of.n++
	return true
}

// ago is the time of the k-th latest transition, from 1 to depth.
func (t *tallies) ago(i int32, k int) time.Duration {
	return t.at[uint32(i)*t.depth+(t.of[i].n-uint32(k))&(t.depth-1)]
}

// within counts the transitions of the second that ends now.
func (t *tallies) within(i int32, now time.Duration) int {
	k := 0
	for k < int(t.depth) && now-t.ago(i, k+1) < second {
		k++
	}
	return k
}

// reach says that there were k transitions or more in the second that ends
// now; k is at most depth.
func (t *tallies) reach(i int32, k int, now time.Duration) bool { return now-t.ago(i, k) < second }

// full says that one more rise, with the fall that must be let pass after
// it, would be more than most pairs in a second.
func (t *tallies) full(i int32, now time.Duration, most int) bool {
	return t.reach(i, 2*most-1, now)
}

// alike says that two have had their last transitions at the same times.
func (t *tallies) alike(i, j int32) bool {
	return (t.of[i].n-t.of[j].n)&(t.depth-1) == 0 && slices.Equal(t.at[uint32(i)*t.depth:][:t.depth], t.at[uint32(j)*t.depth:][:t.depth])
}

// extended says how much of 5 s will have had 4 transitions or more in each
// second that ends in it, once extra more of them happen now. The 5 s end
// when the last such second does. depth must hold 5 s of them.
func (t *tallies) extended(i int32, now time.Duration, extra int) time.Duration {
	// event k counts from the newest, the extra ones first.
	event := func(k int) time.Duration {
		if k < extra {
			return now
		}
		if k -= extra; k < int(t.depth) {
			return t.ago(i, k+1)
		}
		return never
	}
	end := event(3) + second
	if event(0) >= end {
		return 0
	}
	sum, from := time.Duration(0), end
	for k := 0; k+3 < int(t.depth)+extra; k++ {
		// From event k on, until event k+3 is a second old, there are four.
		a, b := event(k), min(event(k+3)+second, from)
		if b <= end-5*time.Second {
			break
		}
		a = max(a, end-5*time.Second)
		if b > a {
			sum += b - a
			from = a
		}
	}
	return sum
}
