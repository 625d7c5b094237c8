package osc

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// maxSources is how many senders are rated one by one at a time. When there
// are more, the one that has been quiet for longest is forgotten.
const maxSources = 256

// sources says who may send, and how much: an allow-list, and a token bucket
// for each address.
type sources struct {
	allow   []netip.Prefix
	rate    float64 // tokens a second
	burst   float64
	index   map[netip.Addr]int
	buckets []bucket
}

type bucket struct {
	from   netip.Addr
	tokens float64
	at     time.Duration
}

func newSources(allow []netip.Prefix, rate, burst float64) *sources {
	return &sources{allow: allow, rate: rate, burst: burst, index: make(map[netip.Addr]int, maxSources), buckets: make([]bucket, 0, maxSources)}
}

// allowed says whether an address is on the list.
func (s *sources) allowed(from netip.Addr) bool {
	for _, p := range s.allow {
		if p.Contains(from) {
			return true
		}
	}
	return false
}

// pay takes tokens from the bucket of an address; false when it has too few.
func (s *sources) pay(from netip.Addr, tokens float64, now time.Duration) bool {
	i, ok := s.index[from]
	if !ok {
		if len(s.buckets) < maxSources {
			i = len(s.buckets)
			s.buckets = s.buckets[:i+1]
		} else {
			for j := range s.buckets {
				if s.buckets[j].at < s.buckets[i].at {
					i = j
				}
			}
			delete(s.index, s.buckets[i].from)
		}
		s.buckets[i] = bucket{from: from, tokens: s.burst, at: now}
		s.index[from] = i
	}
	b := &s.buckets[i]
	if now > b.at { // time that runs backwards fills no bucket
		b.tokens = min(b.tokens+s.rate*(now-b.at).Seconds(), s.burst)
		b.at = now
	}
	if b.tokens < tokens {
		return false
	}
	b.tokens -= tokens
	return true
}

// Prefixes reads an allow-list: addresses and CIDR prefixes. An empty list is
// the loopback and the addresses of this host itself.
func Prefixes(allow []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range allow {
		if !strings.Contains(s, "/") {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("osc: allow: %q is neither an address nor a prefix such as 192.168.1.0/24", s)
			}
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("osc: allow: %q is neither an address nor a prefix such as 192.168.1.0/24", s)
		}
		out = append(out, p.Masked())
	}
	if len(allow) > 0 {
		return out, nil
	}
	out = append(out, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	own, err := net.InterfaceAddrs()
	if err != nil {
		return out, nil // the loopback remains
	}
	for _, a := range own {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				out = append(out, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
			}
		}
	}
	return out, nil
}
