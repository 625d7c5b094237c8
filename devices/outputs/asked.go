package outputs

import (
	"context"
	"net/http"
	"sync"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/ddp"
	"noctiluca/devices/output"
	"noctiluca/devices/wled"
)

// askEvery is how often a device is asked how it is: a WLED serves its web
// pages beside the light, and slowly.
const askEvery = 10 * time.Second

// asked is a sender to a device that is asked how it is beside.
type asked struct {
	*datagram.Sender
	stop  context.CancelFunc
	ended sync.WaitGroup

	mu     sync.Mutex
	device output.Device
}

var _ output.Health = (*asked)(nil)

// askWLED begins to ask the host of a sender by its web server.
func askWLED(s *datagram.Sender, host *datagram.Host) *asked {
	client := &http.Client{Timeout: 3 * time.Second}
	return ask(s, func(ctx context.Context, a *asked) { a.once(ctx, client, host) })
}

// askDDP begins to ask a display for its status. One that has never answered
// is not known of; one that falls silent is wrong.
func askDDP(s *datagram.Sender, host *datagram.Host) *asked {
	return ask(s, func(ctx context.Context, a *asked) {
		to, err := host.Address()
		if err != nil {
			return // the output's own errors tell of it
		}
		ctx, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		state, err := ddp.Ask(ctx, to)
		a.mu.Lock()
		defer a.mu.Unlock()
		switch {
		case err == nil:
			a.device = output.Device{Seen: time.Now(), RoundTrip: state.RoundTrip, State: state.String(), Wrong: state.Status != "" && state.Status != "up"}
		case !a.device.Seen.IsZero() && time.Since(a.device.Seen) > 3*askEvery:
			a.device.State, a.device.Wrong = "it answers no more", true
		}
	})
}

// ask begins to ask a sender's device, every askEvery.
func ask(s *datagram.Sender, once func(context.Context, *asked)) *asked {
	ctx, stop := context.WithCancel(context.Background())
	a := &asked{Sender: s, stop: stop}
	a.ended.Go(func() {
		tick := time.NewTicker(askEvery)
		defer tick.Stop()
		for {
			once(ctx, a)
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return a
}

// once asks. Its web server is on the port of the web, whatever that of the
// light is.
func (a *asked) once(ctx context.Context, client *http.Client, host *datagram.Host) {
	to, err := host.Address()
	var state *wled.State
	if err == nil {
		state, err = wled.Ask(ctx, client, to.Addr().String())
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.device.State, a.device.Wrong = err.Error(), true
		return
	}
	// At the first question the light has hardly begun.
	wrong := !state.Live && !a.device.Seen.IsZero()
	a.device = output.Device{Seen: time.Now(), RoundTrip: state.RoundTrip, State: state.String(), Wrong: wrong}
}

// Device implements output.Health.
func (a *asked) Device() output.Device {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.device
}

// Close implements output.Sender.
func (a *asked) Close() error {
	a.stop()
	err := a.Sender.Close()
	a.ended.Wait()
	return err
}
