package block

import "unsafe"

// MaxImages is how many images a program may read.
const MaxImages = 4

// look is a bound Lookup of an image.
type look struct {
	image    int
	threaded *record
	plain    *goRecord
	length   int // where in State.mem the image's length stands
}

// nothing is an image that is not there: one word, and it is 0.
var nothing [1]uint32

// SetImage gives image i, below MaxImages, to the Lookups that read it: word n
// is what index n finds, and an index outside finds 0. The words are read
// while the State runs and may be shared by States; they are not copied. Nil
// takes the image away. It counts from the next Prologue on.
func (s *State) SetImage(i int, words []uint32) {
	if len(words) == 0 {
		words = nothing[:]
	}
	s.images[i] = words
	for _, l := range s.looks {
		if l.image != i {
			continue
		}
		if s.mem[l.length] = uint32(len(words)); l.plain != nil {
			l.plain.array = words
		} else {
			l.threaded.arg[0] = unsafe.Pointer(&words[0])
		}
	}
}
