// Package metrics serves the figures of a run over HTTP, as Prometheus reads
// them: how frames keep time, what the light draws, what the limits did, and
// how each output fares. A venue sees by them, from far and over months, what
// the line of a run says from second to second.
//
// It measures nothing itself and holds nothing of a person: no count of
// people, no feeling, no name. Figures are taken when they are asked for, and
// a scrape never makes a frame wait.
package metrics

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/player"
	"noctiluca/engine/safety"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Source is what is told of. Its functions are called from any goroutine.
type Source struct {
	Version string               // of the program
	Name    string               // of the installation
	Pace    func() player.Pace   // of the last second
	Safety  func() safety.Status // how the limits stand
	Outputs []*output.Runner     // in the order of the file
}

// Server serves one Source. Run may be called once.
type Server struct {
	listener net.Listener
	server   http.Server
}

// Listen opens a server at an address, host:port. The source is asked from
// the first scrape after Run on.
func Listen(address string, s Source) (*Server, error) {
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(&collector{s}); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	// Two at a time: whoever asks more often than figures change gets an error.
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 5 * time.Second}))
	return &Server{listener: l, server: http.Server{Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 14}}, nil
}

// Addr is where it listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Run serves until ctx is done.
func (s *Server) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.server.Close() })
	defer stop()
	if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// figure is a metric's description and kind.
type figure struct {
	*prometheus.Desc
	kind prometheus.ValueType
}

func gauge(name, help string, labels ...string) figure {
	return figure{prometheus.NewDesc("noctiluca_"+name, help, labels, nil), prometheus.GaugeValue}
}

func counter(name, help string, labels ...string) figure {
	return figure{prometheus.NewDesc("noctiluca_"+name+"_total", help, labels, nil), prometheus.CounterValue}
}

var (
	build = gauge("build_info", "1, with the program's version and the installation's name.", "version", "installation")

	fps   = gauge("frames_per_second", "Frames of the last second.")
	half  = gauge("frame_median_seconds", "From the wake-up until a frame was computed: the median of the last second.")
	most  = gauge("frame_p99_seconds", "From the wake-up until a frame was computed: the 99th percentile of the last second.")
	sent  = gauge("frame_lateness_seconds", "From a frame's deadline until it was handed over: the 99th percentile of the last second.")
	late  = counter("frames_late", "Frames that were handed over after the next one was due.")
	lost  = counter("frames_lost", "Frames that were left out.")
	watts = gauge("power_watts", "Estimated power of the LEDs.")
	spent = counter("energy_joules", "Estimated energy of the LEDs since the start; 3600 are a watt-hour.")

	acted       = counter("limits_acted", "Times that a limit of the safety stage acted.")
	softened    = gauge("limited_lights", "Lights that a limit dims now.")
	gain        = gauge("limit_gain", "The least that a light is multiplied by now, by any limit; 1 is none.")
	transitions = gauge("flash_transitions", "The most transitions that any 10° of what is seen had in the last second; 6 are three flashes.", "kind")
	around      = gauge("surroundings_candelas_per_square_metre", "Luminance of what surrounds the light.")
	curfew      = gauge("curfew_level", "The level that the night allows; 1 by day.")
	off         = gauge("limit_off", "1 for each limit that the installation's file has turned off.", "limit")

	frames  = counter("output_frames", "Frames that were sent.", "output")
	packets = counter("output_packets", "Packets that were sent.", "output")
	octets  = counter("output_bytes", "Bytes that were sent.", "output")
	dropped = counter("output_dropped_frames", "Frames that a newer one replaced before they were sent.", "output")
	faults  = counter("output_errors", "Errors of sending.", "output")
	lastOut = gauge("output_last_sent_timestamp_seconds", "When the last frame was sent.", "output")
	seen    = gauge("output_device_seen_timestamp_seconds", "The device's last sign of life, of protocols that have one.", "output")
	trip    = gauge("output_device_round_trip_seconds", "Of the last question to the device and its answer.", "output")
	wrong   = gauge("output_device_wrong", "1 while the device says what people should see to.", "output")
)

var _ prometheus.Collector = (*collector)(nil)

type collector struct{ s Source }

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, f := range []figure{build, fps, half, most, sent, late, lost, watts, spent, acted, softened, gain, transitions, around, curfew, off,
		frames, packets, octets, dropped, faults, lastOut, seen, trip, wrong} {
		to <- f.Desc
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	tell := func(f figure, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(f.Desc, f.kind, v, labels...)
	}
	tell(build, 1, c.s.Version, c.s.Name)

	p := c.s.Pace()
	tell(fps, p.FPS)
	tell(half, p.Frame50.Seconds())
	tell(most, p.Frame99.Seconds())
	tell(sent, p.Sent99.Seconds())
	tell(late, float64(p.Late))
	tell(lost, float64(p.Lost))

	s := c.s.Safety()
	tell(watts, s.Watts)
	tell(spent, 3600*s.WattHours)
	tell(acted, float64(s.Acted))
	tell(softened, float64(s.Softened))
	tell(gain, float64(s.Gain))
	tell(transitions, float64(s.Transitions), "general")
	tell(transitions, float64(s.Red), "red")
	tell(around, float64(s.Around))
	tell(curfew, float64(s.Curfew))
	said := map[string]bool{}
	for _, o := range s.Off {
		if !said[o.Limit] {
			said[o.Limit] = true
			tell(off, 1, o.Limit)
		}
	}

	named := map[string]bool{}
	for _, r := range c.s.Outputs {
		if named[r.Name()] {
			continue // names are the file's, which has each once
		}
		named[r.Name()] = true
		o := r.Stats()
		tell(frames, float64(o.Frames), r.Name())
		tell(packets, float64(o.Packets), r.Name())
		tell(octets, float64(o.Bytes), r.Name())
		tell(dropped, float64(o.Dropped), r.Name())
		tell(faults, float64(o.Errors), r.Name())
		at(tell, lastOut, o.LastSent, r.Name())
		at(tell, seen, o.Device.Seen, r.Name())
		if !o.Device.Seen.IsZero() {
			tell(trip, o.Device.RoundTrip.Seconds(), r.Name())
			tell(wrong, truth(o.Device.Wrong), r.Name())
		}
	}
}

// at tells an instant, where there was one.
func at(tell func(figure, float64, ...string), f figure, t time.Time, label string) {
	if !t.IsZero() {
		tell(f, float64(t.UnixMilli())/1000, label)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
