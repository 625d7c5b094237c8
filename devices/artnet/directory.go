package artnet

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Of Art-Net 4: a controller polls every 2.5 to 3 s, and takes a node that
// has not replied for three polls for gone.
const (
	PollEvery = 2750 * time.Millisecond
	nodeGone  = 3*PollEvery + time.Second
)

// mostNodes bounds the memory: a network that floods us with replies fills it
// and no more.
const mostNodes = 4096

// Node is a node as it was last heard.
type Node struct {
	Reply
	From      netip.AddrPort // where it answered from
	Seen      time.Duration
	RoundTrip time.Duration // from our poll; it holds the node's random delay of up to a second
}

// nodeKey tells nodes apart: a node with more than four ports replies once
// for each four.
type nodeKey struct {
	ip   netip.Addr
	bind byte
}

// Directory is the nodes that answer polls. It belongs to one goroutine and
// is told the time.
type Directory struct {
	nodes  map[nodeKey]*Node
	polled time.Duration
}

// NewDirectory is empty.
func NewDirectory() *Directory { return &Directory{nodes: map[nodeKey]*Node{}} }

// Polled notes when the latest poll went out.
func (d *Directory) Polled(now time.Duration) { d.polled = now }

// Hear takes a reply. It says whether the node is new.
func (d *Directory) Hear(from netip.AddrPort, r *Reply, now time.Duration) (n *Node, fresh bool) {
	key := nodeKey{from.Addr(), max(r.Bind, 1)}
	n = d.nodes[key]
	if n == nil {
		if len(d.nodes) >= mostNodes {
			return nil, false
		}
		n, fresh = &Node{}, true
		d.nodes[key] = n
	}
	*n = Node{Reply: *r, From: from, Seen: now, RoundTrip: now - d.polled}
	return n, fresh
}

// Expire forgets the nodes that are gone.
func (d *Directory) Expire(now time.Duration) {
	for k, n := range d.nodes {
		if now-n.Seen > nodeGone {
			delete(d.nodes, k)
		}
	}
}

// Nodes gives the nodes by their addresses.
func (d *Directory) Nodes() []*Node {
	all := make([]*Node, 0, len(d.nodes))
	for _, n := range d.nodes {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *Node) int {
		return cmp.Or(a.From.Addr().Compare(b.From.Addr()), int(a.Bind)-int(b.Bind))
	})
	return all
}

// Subscribers gives, for each port address that a node puts out, the nodes'
// addresses.
func (d *Directory) Subscribers() map[uint16][]netip.AddrPort {
	to := map[uint16][]netip.AddrPort{}
	for _, n := range d.Nodes() {
		for _, p := range n.Ports {
			a := netip.AddrPortFrom(n.From.Addr(), Port)
			if p.Output && !slices.Contains(to[p.Out], a) {
				to[p.Out] = append(to[p.Out], a)
			}
		}
	}
	return to
}

// Answerer says which polls are answered and when. A reply is seventeen times
// as long as a poll, and its sender's address is easily forged: so only our
// own network is answered, and seldom.
type Answerer struct {
	local  []netip.Prefix
	random func() float64 // 0…1, for the delay of up to a second
	asked  map[netip.Addr]time.Duration
	tokens float64
	filled time.Duration
}

// Of the answers: one a second for each who asks, and so many altogether.
const (
	answerEach = time.Second
	answerRate = 20
	answerMost = 1024 // who asked is remembered of so many
)

// NewAnswerer answers polls from the networks given.
func NewAnswerer(local []netip.Prefix, random func() float64) *Answerer {
	return &Answerer{local: local, random: random, asked: map[netip.Addr]time.Duration{}, tokens: answerRate}
}

// Poll says whether a poll from an address is answered, and after how long.
func (a *Answerer) Poll(from netip.Addr, now time.Duration) (after time.Duration, yes bool) {
	near := slices.ContainsFunc(a.local, func(p netip.Prefix) bool { return p.Contains(from) })
	if last, ok := a.asked[from]; !near || ok && now-last < answerEach {
		return 0, false
	}
	a.tokens = min(answerRate, a.tokens+(now-a.filled).Seconds()*answerRate)
	a.filled = now
	if a.tokens < 1 {
		return 0, false
	}
	a.tokens--
	if len(a.asked) >= answerMost {
		clear(a.asked)
	}
	a.asked[from] = now
	return time.Duration(a.random() * float64(time.Second)), true
}
