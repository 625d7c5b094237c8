//go:build !unix

package main

import "time"

// processorTime is the processor time that this process has used, where it is
// known.
func processorTime() (time.Duration, bool) { return 0, false }
