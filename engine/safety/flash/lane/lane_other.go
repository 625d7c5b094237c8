//go:build !amd64

package lane

func natives() []*Set { return nil }
