package ledger

import (
	"context"
	"errors"
	"testing"
)

type file struct{ closed int }

func (f *file) Close() error { f.closed++; return errors.New("not closed") }

// What has gathered is written when the context ends, whatever fails; the first
// failure is told, and no other.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	f, wrote := &file{}, 0
	var told []string
	Run(ctx, f, func() error { wrote++; return errors.New("the disk is full") }, func(err error) { told = append(told, err.Error()) })
	if wrote != 1 || f.closed != 1 || len(told) != 1 || told[0] != "the disk is full" {
		t.Errorf("written %d times, closed %d times, told %q", wrote, f.closed, told)
	}
}
