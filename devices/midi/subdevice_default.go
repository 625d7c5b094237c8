//go:build !linux

package midi

import "os"

func subname(string, int, int) string { return "" }

func openSub(path string, flags int, _ string, _ int) (*os.File, error) {
	return os.OpenFile(path, flags, 0)
}
