//go:build !unix

package outputs

import "time"

// cpu is the processor time that this process has used, where it is known.
func cpu() time.Duration { return 0 }
