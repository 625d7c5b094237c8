// Package osc listens for people's signals: Open Sound Control 1.0 over UDP.
// It is not for sending, and it is not a general OSC server.
//
// The one idea it owns: what faces the network is bounded. A datagram is
// decoded where it lies, without allocating; patterns are matched in bounded
// time; sources are allow-listed and rated; bundles for later are few and not
// for much later; and a fault in any of it costs one datagram. Package go-osc
// is used by senders and as the oracle of the tests; its server and its
// dispatcher never face the network: one datagram with the address "/zone/[1"
// ends a program that has them do so.
//
// docs/signals.md lists the addresses.
package osc
