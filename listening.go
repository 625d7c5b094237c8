package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// listenable says what is wrong with an address to listen at, as host:port;
// empty and off are none. flag is how it was given.
func listenable(flag, address string) error {
	if address == "" || address == "off" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		if n, e := strconv.Atoi(port); e == nil && n >= 0 && n <= 65535 {
			return nil
		}
		err = fmt.Errorf("port %q is none of 1…65535", port)
	} else if n, e := strconv.Atoi(address); e == nil && n > 0 && n <= 65535 {
		return inputError{fmt.Errorf("%s %q: expected host:port: 127.0.0.1:%d for this machine alone, 0.0.0.0:%d for the network, or off", flag, address, n, n)}
	}
	var why *net.AddrError
	if errors.As(err, &why) {
		err = errors.New(why.Err)
	}
	return inputError{fmt.Errorf("%s %q: %w: expected host:port, as 127.0.0.1:9000, or off", flag, address, err)}
}

// unheard is an error of listening with what to do about it. others says how
// another address is given.
func unheard(err error, others string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w: is another Noctiluca, or another program, running there? %s", err, others)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%w: this machine has no such address; 0.0.0.0 stands for all that it has. %s", err, others)
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return fmt.Errorf("%w: a port under 1024 is for root alone. %s", err, others)
	}
	return fmt.Errorf("%w. %s", err, others)
}
