// Package physio turns raw signals of a body into what can be said of it:
// beats, intervals and their variability, skin conductance and its responses,
// breath. It is not for feelings (package signal), nor for any one sensor
// (package devices). It has no clock: every sample has a place in time by its
// rate.
//
// The one idea it owns: every method runs sample by sample, causally, in
// bounded memory, without allocating, so that what a test measures on a
// recording is what runs live; the sizes of the packets a signal comes in
// change nothing.
package physio
