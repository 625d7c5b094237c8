package metrics

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/player"
	"noctiluca/engine/safety"
	"noctiluca/installations"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

type deaf struct{ device output.Device }

func (d *deaf) Send(*safety.Frame) (packets, bytes int, err error) { return 1, 1, nil }
func (d *deaf) Close() error                                       { return nil }
func (d *deaf) Device() output.Device                              { return d.device }

// TestScrape reads what a scrape gives, by Prometheus's own rules for names
// and text.
func TestScrape(t *testing.T) {
	quiet := output.Start("oak", &deaf{}, output.Options{})
	told := output.Start("stream", &deaf{output.Device{Seen: time.Unix(1700000000, 0), RoundTrip: 3 * time.Millisecond, Wrong: true}}, output.Options{})
	defer quiet.Stop(time.Second)
	defer told.Stop(time.Second)
	source := Source{
		Version: "v1", Name: "forest",
		Pace: func() player.Pace {
			return player.Pace{FPS: 60, Frame50: time.Millisecond, Frame99: 2 * time.Millisecond, Late: 3, Lost: 4}
		},
		Safety: func() safety.Status {
			return safety.Status{Watts: 71.5, WattHours: 12.25, Transitions: 2, Acted: 5, Gain: 0.5, Curfew: 1, Off: []installations.Disabled{{Limit: "flash", Reason: "a laboratory"}, {Limit: "flash", Reason: "once more"}}}
		},
		Outputs: []*output.Runner{quiet, told},
	}
	s, err := Listen("127.0.0.1:0", source)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	get := func(path string) (int, string) {
		a, err := http.Get("http://" + s.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		text, _ := io.ReadAll(a.Body)
		return a.StatusCode, string(text)
	}
	code, text := get("/metrics")
	if code != 200 {
		t.Errorf("code %d", code)
	}
	for _, want := range []string{
		`noctiluca_build_info{installation="forest",version="v1"} 1`,
		"noctiluca_frames_per_second 60", "noctiluca_frame_p99_seconds 0.002", "noctiluca_frames_late_total 3", "noctiluca_frames_lost_total 4",
		"noctiluca_power_watts 71.5", "noctiluca_energy_joules_total 44100", "noctiluca_limits_acted_total 5", "noctiluca_limit_gain 0.5",
		`noctiluca_flash_transitions{kind="general"} 2`, `noctiluca_limit_off{limit="flash"} 1`,
		`noctiluca_output_frames_total{output="oak"} 0`, `noctiluca_output_device_round_trip_seconds{output="stream"} 0.003`, `noctiluca_output_device_wrong{output="stream"} 1`,
		`noctiluca_output_device_seen_timestamp_seconds{output="stream"} 1.7e+09`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("the scrape lacks %s", want)
		}
	}
	if strings.Contains(text, `device_seen_timestamp_seconds{output="oak"}`) || strings.Contains(text, "laboratory") {
		t.Error("a device that says nothing is told of, or a reason")
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if code, _ := get("/"); code != 404 {
		t.Errorf("another path: code %d", code)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := Listen("127.0.0.1:70000", source); err == nil {
		t.Error("a port that is none is listened at")
	}
}
