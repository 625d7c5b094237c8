//go:build !ble

package heartrate

import (
	"context"
	"errors"
)

var errNone = errors.New("heart rate: this program was built without a radio: build it with -tags ble, or send a strap's values by OSC")

// Available says whether this program has a radio; nil when it has.
func Available() error { return errNone }

// Listen needs a radio.
func Listen(context.Context, string, func(*Measurement), func(string)) error { return errNone }
