// Package transport moves a recording that plays: by keys that somebody
// presses in a terminal, and by OSC messages.
//
// It knows nothing of recordings and draws nothing. The one idea it owns: one
// set of commands by whatever hand, and a terminal that is given back as it
// was.
package transport

import "time"

// Deck is what plays. Its methods may be called from any goroutine and never
// wait.
type Deck interface {
	Pause()                // holds, or goes on
	Hold(on bool)          // holds, or goes on
	Skip(by time.Duration) // so far on in the present item, or back
	Seek(to time.Duration) // to a position in it
	Speed(by float64)      // times the present speed; 0 for real time
	Rate(v float64)        // times real time
	Next()
	Previous()
	Item(n int) // of the playlist, from 0
}

// Help says in a line what the keys do.
const Help = "space pauses, ←/→ 5 s, PgUp/PgDn 1 min, ↑/↓ speed, 1 real time, n/p next and previous, q ends"
