package lsl

import (
	"fmt"
	"net"
	"time"
)

// Probes of an outlet's clock: eight, 64 ms apart, of which six must be
// answered; the one with the shortest way counts.
const (
	probes      = 8
	probesLeast = 6
	probePause  = 64 * time.Millisecond
	probeWait   = 500 * time.Millisecond
)

// probe asks for the time.
func probe(wave int, t0 float64) []byte {
	return []byte(fmt.Sprintf("LSL:timedata\r\n%d %.9f\r\n", wave, t0))
}

// probed takes an answer apart, which came at t3: how far the outlet's clock
// lies behind ours (ours = theirs + offset), and how long the way was.
func probed(b []byte, wave int, t3 float64) (offset, way float64, ok bool) {
	var w int
	var t0, t1, t2 float64
	if n, err := fmt.Sscan(string(b), &w, &t0, &t1, &t2); n != 4 || err != nil || w != wave {
		return 0, 0, false
	}
	way = (t3 - t0) - (t2 - t1)
	if !(way >= 0 && way < 10) {
		return 0, 0, false
	}
	return -((t1 - t0) + (t2 - t3)) / 2, way, true
}

// offset measures how far an outlet's clock lies beside ours: what is to be
// added to its times.
func offset(address string, now func() float64, wave int) (float64, error) {
	conn, err := net.Dial("udp4", address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	best, shortest, answered := 0.0, 1e9, 0
	b := make([]byte, 512)
	for range probes {
		if _, err := conn.Write(probe(wave, now())); err != nil {
			return 0, err
		}
		end := time.Now().Add(probeWait)
		for {
			_ = conn.SetReadDeadline(end)
			n, err := conn.Read(b)
			if err != nil {
				break
			}
			if o, way, ok := probed(b[:n], wave, now()); ok {
				answered++
				if way < shortest {
					best, shortest = o, way
				}
				break
			}
		}
		time.Sleep(probePause)
	}
	if answered < probesLeast {
		return 0, fmt.Errorf("%d of %d probes of its clock were answered, want %d", answered, probes, probesLeast)
	}
	return best, nil
}
