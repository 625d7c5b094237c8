//go:build !linux

package spi

import "errors"

func open(string, int) (Bus, error) {
	return nil, errors.New("SPI is to be had on Linux boards only")
}
