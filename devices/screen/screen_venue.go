//go:build venue

package screen

import "errors"

var errNoWindow = errors.New("this build has no window (it was built with the tag venue, without Ebitengine): build with `make build` or `go build` for one, or use `noctiluca run`, which needs none")

// Available says why there is no window: this build has none.
func Available() error { return errNoWindow }

// Run returns an error: this build has no window.
func Run(c Config) error {
	if _, err := c.withDefaults(); err != nil {
		return err
	}
	return errNoWindow
}
