//go:build !race

package datagram

const raced = false
