package desk

// Hand is what hands did since the picture before.
type Hand struct {
	X, Y     float64 // of the pointer
	Down     bool    // its button is held
	Pressed  bool    // and was just pressed
	Released bool
	Second   bool // the other button was just pressed
	Wheel    float64
	Fine     bool // shift is held
	Keys     []Key
	Typed    []rune
}

// Key is a key that was pressed, or that repeats.
type Key uint8

// The keys that the desk knows.
const (
	KeyNext  Key = iota // tab
	KeyPrior            // shift and tab
	KeyLeft
	KeyRight
	KeyUp
	KeyDown
	KeyEnter
	KeyDefault // backspace or delete: back to the default
	KeyGo      // space
	KeyBack
	KeyUndo
	KeyRedo
	KeySave
	KeyEscape
	KeyKeep      // U: the cue in focus keeps how everything is now
	KeyNextPanel // page down
	KeyPriorPanel
)

func (h *Hand) pressed(k Key) bool {
	for _, p := range h.Keys {
		if p == k {
			return true
		}
	}
	return false
}
