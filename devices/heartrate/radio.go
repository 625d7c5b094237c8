//go:build ble

package heartrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tinygo.org/x/bluetooth"
)

// Available says whether this program has a radio; nil when it has.
func Available() error { return nil }

// Listen looks for a strap whose name holds a text, connects, and gives every
// measurement to take, from one goroutine, until the context ends. A strap
// that is lost is sought anew. Its address is used to connect and kept nowhere.
func Listen(ctx context.Context, name string, take func(*Measurement), log func(string)) error {
	radio := bluetooth.DefaultAdapter
	if err := radio.Enable(); err != nil {
		return fmt.Errorf("heart rate: no Bluetooth radio: %w", err)
	}
	for ctx.Err() == nil {
		if err := once(ctx, radio, name, take, log); err != nil && ctx.Err() == nil {
			log("heart rate: " + err.Error() + "; the strap is sought anew")
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
	return nil
}

func once(ctx context.Context, radio *bluetooth.Adapter, name string, take func(*Measurement), log func(string)) error {
	found := make(chan bluetooth.ScanResult, 1)
	stop := context.AfterFunc(ctx, func() { _ = radio.StopScan() })
	defer stop()
	err := radio.Scan(func(_ *bluetooth.Adapter, r bluetooth.ScanResult) {
		if r.HasServiceUUID(bluetooth.ServiceUUIDHeartRate) && strings.Contains(r.LocalName(), name) {
			select {
			case found <- r:
				_ = radio.StopScan()
			default:
			}
		}
	})
	if err != nil {
		return err
	}
	var r bluetooth.ScanResult
	select {
	case r = <-found:
	default:
		return errors.New("no strap was found")
	}
	strap, err := radio.Connect(r.Address, bluetooth.ConnectionParams{})
	if err != nil {
		return err
	}
	defer strap.Disconnect()
	services, err := strap.DiscoverServices([]bluetooth.UUID{bluetooth.ServiceUUIDHeartRate})
	if err != nil {
		return err
	}
	for _, s := range services {
		cs, err := s.DiscoverCharacteristics([]bluetooth.UUID{bluetooth.CharacteristicUUIDHeartRateMeasurement})
		if err != nil {
			return err
		}
		for _, c := range cs {
			came := make(chan []byte, 16)
			if err := c.EnableNotifications(func(b []byte) {
				select {
				case came <- append([]byte(nil), b...):
				default:
				}
			}); err != nil {
				return err
			}
			log("heart rate: a strap is connected")
			var m Measurement
			for {
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(10 * time.Second):
					return errors.New("the strap is silent")
				case b := <-came:
					if err := m.Parse(b); err != nil {
						log(err.Error())
						continue
					}
					take(&m)
				}
			}
		}
	}
	return errors.New("the strap has no heart-rate measurement")
}
