package link

import (
	"bytes"
	"net/netip"
	"slices"
	"time"
)

// maxPeers is how many peers are known at once.
const maxPeers = 64

// member is a peer that is known.
type member struct {
	hello
	until time.Duration
}

// session is what is known of the sessions there are, and which is followed.
// It has no socket and no clock.
type session struct {
	peers    map[id]member
	followed id
	any      bool

	// Of the followed session: its time less ours, by the median of samples.
	offset   float64
	measured bool
	at       time.Duration // of the latest measurement
	samples  []float64
	ghost    int64 // of the latest answer
	expected int64 // the time of ours that was asked with; 0 none
}

// enough is how many samples make a measurement, and often how long one lasts:
// two crystals part by a tenth of a millisecond a second at the worst.
const (
	enough = 40
	often  = 5 * time.Second
)

func newSession() *session { return &session{peers: map[id]member{}} }

// hear takes what a peer says of itself.
func (s *session) hear(h hello, at time.Duration) {
	if h.kind == byebye {
		delete(s.peers, h.peer)
	} else if _, known := s.peers[h.peer]; known || len(s.peers) < maxPeers {
		s.peers[h.peer] = member{h, at + h.ttl}
	}
	s.choose(at)
}

// choose follows the session with the most peers; the one that is followed
// already where others have no more.
func (s *session) choose(at time.Duration) {
	count := map[id]int{}
	for k, p := range s.peers {
		if at > p.until {
			delete(s.peers, k)
			continue
		}
		count[p.session]++
	}
	best, most := s.followed, count[s.followed]
	for k, n := range count {
		if n > most || n == most && best != s.followed && bytes.Compare(k[:], best[:]) < 0 {
			best, most = k, n
		}
	}
	s.any = most > 0
	if best != s.followed {
		s.followed, s.measured, s.samples, s.ghost, s.expected = best, false, nil, 0, 0
	}
}

// count is how many peers the followed session has.
func (s *session) count() (n int) {
	for _, p := range s.peers {
		if p.session == s.followed {
			n++
		}
	}
	return n
}

// timeline is the session's: of those that its peers tell, the newest, which
// is the one that begins with the latest beat.
func (s *session) timeline() (t timeline, ok bool) {
	for _, p := range s.peers {
		if p.session == s.followed && (!ok || p.timeline.beatOrigin > t.beatOrigin || p.timeline.beatOrigin == t.beatOrigin && p.timeline.timeOrigin > t.timeOrigin) {
			t, ok = p.timeline, true
		}
	}
	return t, ok
}

// ask says whom to ask for the session's time now, if anybody: the peer who
// began it, or else the one with the least id.
func (s *session) ask(at time.Duration) (to netip.AddrPort, ghost int64, ok bool) {
	if !s.any || s.measured && at-s.at < often {
		return to, 0, false
	}
	var best id
	for k, p := range s.peers {
		if p.session == s.followed && p.endpoint.IsValid() && (!ok || k == s.followed || best != s.followed && bytes.Compare(k[:], best[:]) < 0) {
			best, to, ok = k, p.endpoint, true
		}
	}
	return to, s.ghost, ok
}

// answered takes a peer's answer, which came at an instant.
func (s *session) answered(a answer, at time.Duration) {
	now := at.Microseconds()
	if !s.any || a.session != s.followed || a.host != s.expected || now < a.host {
		return // another session's, or an answer to no question
	}
	s.expected = 0
	// Its time when it answered, against the middle of ours; and the middle of
	// its two times, against ours between them.
	s.samples = append(s.samples, float64(a.ghost)-float64(a.host+now)/2)
	if a.since != 0 {
		s.samples = append(s.samples, float64(a.ghost+a.since)/2-float64(a.host))
	}
	s.ghost = a.ghost
	if len(s.samples) >= enough {
		slices.Sort(s.samples)
		n := len(s.samples)
		s.offset = (s.samples[(n-1)/2] + s.samples[n/2]) / 2
		s.measured, s.at, s.ghost = true, at, 0
		s.samples = s.samples[:0]
	}
}

// beat is where the session is at an instant of ours, and its tempo.
func (s *session) beat(at time.Duration) (beat, bpm float64, ok bool) {
	t, there := s.timeline()
	if !s.any || !s.measured || !there {
		return 0, 0, false
	}
	return t.beat(float64(at)/1e3 + s.offset), t.bpm(), true
}
