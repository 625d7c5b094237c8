// Package discover finds what is on the network that takes light or sends it:
// Art-Net nodes by a poll, sACN sources by what they list, WLED controllers,
// OSCQuery servers and OSC listeners by multicast DNS. It asks, and leaves.
package discover

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/sacn"
	"noctiluca/devices/wled"

	"github.com/brutella/dnssd"
	"golang.org/x/net/ipv4"
)

// Options are the flags of the command line.
type Options struct {
	Interface string        `placeholder:"NAME" help:"Network interface to look on, by name or by an address it has (default: the first that can broadcast)."`
	For       time.Duration `default:"11s" help:"How long to listen for answers. sACN sources list themselves every 10 s; the others answer within 3."`
	JSON      bool          `name:"json" help:"Print JSON."`
}

// Found is one thing that was found.
type Found struct {
	Kind      string `json:"kind"` // Art-Net, sACN, WLED, OSCQuery, OSC
	Name      string `json:"name"`
	Address   string `json:"address"`
	Universes []int  `json:"universes,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

// services are the types of multicast DNS that are looked for.
var services = []struct{ kind, service string }{
	{"WLED", "_wled._tcp.local."}, {"OSCQuery", "_oscjson._tcp.local."}, {"OSC", "_osc._udp.local."},
}

// search collects what several ways find.
type search struct {
	mu       sync.Mutex
	found    map[string]Found // by kind, address and name
	remarks  []string
	channels sync.WaitGroup
}

func (s *search) add(f Found) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found[f.Kind+" "+f.Address+" "+f.Name] = f
}

func (s *search) remark(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remarks = append(s.remarks, fmt.Sprintf(format, args...))
}

// Run looks, then writes what was found to w and remarks to log.
func Run(ctx context.Context, w io.Writer, log func(string), o Options) error {
	if o.For <= 0 || o.For > time.Hour {
		return fmt.Errorf("discover: --for %v: expected over 0, at most 1h", o.For)
	}
	var local netip.Addr
	var err error
	if o.Interface != "" {
		local, err = datagram.Interface(o.Interface)
	} else {
		local, err = artnet.DefaultInterface()
	}
	if err != nil {
		return fmt.Errorf("discover: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, o.For)
	defer stop()
	s := &search{found: map[string]Found{}}
	s.channels.Go(func() { s.artnet(ctx, local) })
	s.channels.Go(func() { s.sacn(ctx, local) })
	for _, v := range services {
		s.channels.Go(func() { s.mdns(ctx, v.kind, v.service) })
	}
	s.channels.Wait()
	for _, r := range s.remarks {
		log(r)
	}
	return write(w, s.sorted(), local, o.JSON)
}

func (s *search) sorted() []Found {
	all := make([]Found, 0, len(s.found))
	for _, f := range s.found {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Found) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Address, b.Address), strings.Compare(a.Name, b.Name))
	})
	return all
}

func (s *search) artnet(ctx context.Context, local netip.Addr) {
	p, err := artnet.OpenPeer(local, artnet.PeerOptions{Quiet: true})
	if err != nil {
		s.remark("Art-Net is not looked for: %v", err)
		return
	}
	defer p.Close()
	<-ctx.Done()
	for _, n := range p.Nodes() {
		f := Found{Kind: "Art-Net", Name: n.ShortName, Address: n.From.Addr().String()}
		in := 0
		for _, port := range n.Ports {
			if port.Output {
				f.Universes = append(f.Universes, int(port.Out))
			} else if port.Input {
				in++
			}
		}
		slices.Sort(f.Universes)
		detail := []string{n.LongName}
		if in > 0 {
			detail = append(detail, fmt.Sprintf("%d inputs", in))
		}
		if n.Report != "" {
			detail = append(detail, n.Report)
		}
		f.Detail = strings.Join(detail, "; ")
		if n.Bind > 1 {
			f.Name += fmt.Sprintf(" (page %d)", n.Bind)
		}
		s.add(f)
	}
}

// sacn listens for the lists of universes.
func (s *search) sacn(ctx context.Context, local netip.Addr) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{Port: sacn.Port})
	if err != nil {
		s.remark("sACN is not looked for: %v", err)
		return
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	defer conn.Close()
	ifi, err := datagram.InterfaceOf(local)
	if err != nil {
		s.remark("sACN is not looked for: %v", err)
		return
	}
	if err := ipv4.NewPacketConn(conn).JoinGroup(ifi, net.UDPAddrFromAddrPort(sacn.Group(sacn.DiscoveryUniverse))); err != nil {
		s.remark("sACN is not looked for: %v", err)
		return
	}
	lists := map[sacn.CID]map[byte][]uint16{}
	buf := make([]byte, 2048)
	for ctx.Err() == nil {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		d, err := sacn.ParseDiscovery(buf[:n])
		if err != nil {
			continue
		}
		pages := lists[d.CID]
		if pages == nil {
			if len(lists) >= 4096 {
				continue
			}
			pages = map[byte][]uint16{}
			lists[d.CID] = pages
		}
		pages[d.Page] = d.Universes
		f := Found{Kind: "sACN", Name: printable(string(d.Source)), Address: from.Addr().Unmap().String(), Detail: fmt.Sprintf("CID %x", d.CID)}
		for _, p := range pages {
			for _, u := range p {
				f.Universes = append(f.Universes, int(u))
			}
		}
		slices.Sort(f.Universes)
		s.add(f)
	}
}

// mdns looks for a service, and asks each WLED for its state.
func (s *search) mdns(ctx context.Context, kind, service string) {
	var asks sync.WaitGroup
	client := &http.Client{Timeout: 2 * time.Second}
	err := dnssd.LookupType(ctx, service, func(e dnssd.BrowseEntry) {
		address := e.Host
		for _, ip := range e.IPs {
			if a, ok := netip.AddrFromSlice(ip); ok && (address == e.Host || a.Unmap().Is4()) {
				address = a.Unmap().String()
			}
		}
		address = net.JoinHostPort(address, strconv.Itoa(e.Port))
		f := Found{Kind: kind, Name: printable(unescaped(e.Name)), Address: address, Detail: printable(strings.TrimSuffix(e.Host, "."))}
		s.add(f)
		if kind != "WLED" {
			return
		}
		asks.Go(func() {
			if state, err := wled.Ask(context.WithoutCancel(ctx), client, address); err == nil {
				f.Detail = fmt.Sprintf("%v, round trip %v", state, state.RoundTrip.Round(100*time.Microsecond))
				s.add(f)
			} else {
				s.remark("%s does not tell its state: %v", f.Name, err)
			}
		})
	}, func(dnssd.BrowseEntry) {})
	if err != nil && ctx.Err() == nil {
		s.remark("%s is not looked for: %v", kind, err)
	}
	asks.Wait()
}

// unescaped takes DNS's backslashes away.
func unescaped(s string) string { return strings.ReplaceAll(s, `\`, "") }

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffd {
			return '?'
		}
		return r
	}, s)
}

func write(w io.Writer, all []Found, local netip.Addr, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintf(w, "Nothing answers on the network of %v. Is it the right one? --interface names another.\n", local)
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "kind\tname\taddress\tuniverses\t")
	for _, f := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", f.Kind, f.Name, f.Address, Ranges(f.Universes), f.Detail)
	}
	return t.Flush()
}

// Ranges writes ascending numbers shortly: 1-4 7 9-10.
func Ranges(n []int) string {
	var b strings.Builder
	for i := 0; i < len(n); {
		k := i
		for k+1 < len(n) && n[k+1] <= n[k]+1 {
			k++
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, n[i])
		if n[k] > n[i] {
			fmt.Fprintf(&b, "-%d", n[k])
		}
		i = k + 1
	}
	return b.String()
}
