//go:build !venue

package sound

import (
	"fmt"
	"io"
	"time"

	"github.com/ebitengine/oto/v3"
)

// speaker is the system's sound, by oto.
type speaker struct {
	context *oto.Context
	player  *oto.Player
}

// OpenCard opens the system's sound. A process opens it once.
func OpenCard() (Card, error) {
	c, ready, err := oto.NewContext(&oto.NewContextOptions{SampleRate: Rate, ChannelCount: 2, Format: oto.FormatFloat32LE, BufferSize: 50 * time.Millisecond, ApplicationName: "Noctiluca"})
	if err != nil {
		return nil, fmt.Errorf("no sound: %w", err)
	}
	select {
	case <-ready:
	case <-time.After(5 * time.Second):
		return nil, fmt.Errorf("no sound: the system's sound did not answer within 5 s")
	}
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("no sound: %w", err)
	}
	return &speaker{context: c}, nil
}

func (s *speaker) Play(r io.Reader) error {
	s.Stop()
	s.player = s.context.NewPlayer(r)
	s.player.SetBufferSize(Rate * 8 / 5) // 200 ms
	s.player.Play()
	return s.player.Err()
}

func (s *speaker) Waiting() int {
	if s.player == nil {
		return 0
	}
	return s.player.BufferedSize()
}

func (s *speaker) Stop() {
	if s.player != nil {
		s.player.Close()
	}
	s.player = nil
}
