// Package ledger writes to a file, once a second, what has gathered in memory.
// What is written is its callers' matter: the audit log, readings of those who
// agreed.
//
// The one idea it owns: a disk that fails or hangs stops no light. What gathers
// is bounded where it gathers; a failure is told once and tried again.
package ledger

import (
	"context"
	"io"
	"time"
)

// Every is how often is written.
const Every = time.Second

// Run calls write once each Every until the context ends, and a last time then;
// then it closes the file. Of all failures complain is told the first.
func Run(ctx context.Context, file io.Closer, write func() error, complain func(error)) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	told := false
	tell := func(err error) {
		if err != nil && !told {
			told = true
			complain(err)
		}
	}
	for done := false; !done; {
		select {
		case <-ctx.Done():
			done = true
		case <-tick.C:
		}
		tell(write())
	}
	tell(file.Close())
}
