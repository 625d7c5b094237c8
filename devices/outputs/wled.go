package outputs

import (
	"context"
	"net/http"
	"sync"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/output"
	"noctiluca/devices/wled"
)

// askEvery is how often a WLED is asked how it is: it serves its web pages
// beside the light, and slowly.
const askEvery = 10 * time.Second

// asked is a sender to a WLED, which is asked how it is beside.
type asked struct {
	*datagram.Sender
	stop  context.CancelFunc
	ended sync.WaitGroup

	mu     sync.Mutex
	device output.Device
}

var _ output.Health = (*asked)(nil)

// ask begins to ask the host of a sender.
func ask(s *datagram.Sender, host *datagram.Host) *asked {
	ctx, stop := context.WithCancel(context.Background())
	a := &asked{Sender: s, stop: stop}
	a.ended.Go(func() {
		client := &http.Client{Timeout: 3 * time.Second}
		tick := time.NewTicker(askEvery)
		defer tick.Stop()
		for {
			a.once(ctx, client, host)
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
