package discover

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"

	"github.com/brutella/dnssd"
)

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		n    []int
		want string
	}{{nil, ""}, {[]int{3}, "3"}, {[]int{1, 2, 3, 4, 7, 9, 10}, "1-4 7 9-10"}, {[]int{5, 5, 6}, "5-6"}} {
		if got := Ranges(c.n); got != c.want {
			t.Errorf("%v: %q, want %q", c.n, got, c.want)
		}
	}
}

// TestRun finds OLA's daemon by Art-Net at the other end of an Ethernet, and
// on our own end a source of sACN, a WLED that the test plays, and an OSCQuery
// server's announcement.
func TestRun(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	ola := peers.StartNeighbour(t, map[string]string{"artnet": "ip = " + peers.Neighbour.String() + "\noutput_ports = 4"})
	ola.Input("ArtNet", 0, 5)

	tell := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/json/info" {
			http.NotFound(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"name": "Oak", "ver": "0.15.0", "live": true, "lm": "DDP", "leds": map[string]int{"count": 480, "fps": 42}})
	}))
	listener, err := net.Listen("tcp", peers.Here.String()+":0")
	if err != nil {
		t.Fatal(err)
	}
	tell.Listener = listener
	tell.Start()
	defer tell.Close()
	responder, err := dnssd.NewResponder()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []dnssd.Config{
		{Name: "oak", Type: "_wled._tcp", Host: "wled-oak", Port: listener.Addr().(*net.TCPAddr).Port, IPs: []net.IP{peers.Here.AsSlice()}},
		{Name: "mixer", Type: "_oscjson._tcp", Host: "mixer", Port: 4711, IPs: []net.IP{peers.Here.AsSlice()}},
	} {
		s, err := dnssd.NewService(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := responder.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = responder.Respond(ctx) }()

	go func() {
		link := datagram.NewLink(nil, datagram.Options{Local: peers.Here})
		for ctx.Err() == nil {
			var b datagram.Batch
			b.Buf = sacn.AppendDiscovery(b.Buf, &sacn.Discovery{CID: sacn.CID{1}, Source: []byte("forest"), Universes: []uint16{1, 2, 3, 9}})
			b.CutTo(sacn.Group(sacn.DiscoveryUniverse))
			if _, _, err := link.Send(&b, 0); err != nil {
				t.Error(err)
			}
			time.Sleep(200 * time.Millisecond)
		}
	}()

	// A busy machine may answer later than a look lasts: then a longer one.
	for _, long := range []time.Duration{4 * time.Second, 20 * time.Second} {
		var out strings.Builder
		if err := Run(ctx, &out, func(s string) { t.Log(s) }, Options{Interface: "light", For: long}); err != nil {
			t.Fatal(err)
		}
		t.Log("\n" + out.String())
		missing := []string(nil)
		for _, want := range []string{"OLA - ArtNet node", peers.Neighbour.String(), "forest", "1-3 9", "WLED", "Oak, WLED 0.15.0, 480 LEDs, 42 fps, live by DDP", "OSCQuery", "mixer"} {
			if !strings.Contains(out.String(), want) {
				missing = append(missing, want)
			}
		}
		if len(missing) == 0 {
			return
		}
		if t.Logf("in %v these were not found: %q", long, missing); long > 4*time.Second {
			t.Fail()
		}
	}
}

func TestBadOptions(t *testing.T) {
	for _, o := range []Options{{For: 0}, {For: time.Second, Interface: "no-such-interface"}} {
		if err := Run(t.Context(), &strings.Builder{}, func(string) {}, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}
