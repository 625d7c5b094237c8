//go:build venue

package sound

import "errors"

// OpenCard says that a build for venues, which is static, has no sound.
func OpenCard() (Card, error) {
	return nil, errors.New("this build is without sound: the one with a window has it, and needs no display for that")
}
