package wled

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// State is what a WLED says of itself by GET /json/info (kno.wled.ge,
// "JSON API").
type State struct {
	Name    string `json:"name"`
	Version string `json:"ver"`
	Live    bool   `json:"live"` // it plays what it is sent
	Mode    string `json:"lm"`   // by what protocol
	From    string `json:"lip"`  // from whom
	Uptime  int    `json:"uptime"`
	LEDs    struct {
		Count int `json:"count"`
		FPS   int `json:"fps"`
		Power int `json:"pwr"` // mA it estimates
		Max   int `json:"maxpwr"`
	} `json:"leds"`
	Wifi struct {
		Signal int `json:"signal"` // percent
	} `json:"wifi"`
	RoundTrip time.Duration `json:"-"`
}

// longest is the most bytes of an answer that are read.
const longest = 64 << 10

// Ask asks a WLED, host or host:port of its web server, for its state.
func Ask(ctx context.Context, client *http.Client, host string) (*State, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/json/info", nil)
	if err != nil {
		return nil, fmt.Errorf("wled: %s: %w", host, err)
	}
	began := time.Now()
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("wled: %w", err)
	}
	defer answer.Body.Close()
	s := &State{RoundTrip: time.Since(began)}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("wled: %s: %s", host, answer.Status)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, longest))
	if err != nil {
		return nil, fmt.Errorf("wled: %s: %w", host, err)
	}
	if err := json.Unmarshal(body, s); err != nil {
		return nil, fmt.Errorf("wled: %s: its state is not JSON: %w", host, err)
	}
	s.Name, s.Version, s.Mode = clean(s.Name), clean(s.Version), clean(s.Mode)
	return s, nil
}

// clean keeps control characters of a stranger out of logs and terminals.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}

func (s *State) String() string {
	live := "plays its own"
	if s.Live {
		live = "live by " + s.Mode
	}
	return fmt.Sprintf("%s, WLED %s, %d LEDs, %d fps, %s", s.Name, s.Version, s.LEDs.Count, s.LEDs.FPS, live)
}
