package recording

import (
	"fmt"
	"sync"

	"noctiluca/devices/fseq"
)

// ahead reads frames before they are wanted, so that a slow disk or a block
// to be decoded does not make a frame late. Frames are numbered on over the
// whole playlist: serial 0 is frame 0 of the item that was gone to, and the
// items after it are numbered on. One goroutine calls seek, take and close.
type ahead struct {
	items []Item
	loop  bool
	wait  bool
	log   func(string)

	mu      sync.Mutex
	work    sync.Cond // something to read, or the end
	have    sync.Cond // something was read
	slots   []slot
	want    int64 // the newest serial that was asked for
	turn    int   // counts seeks: what was read for an earlier one is dropped
	item    int   // where reading is
	base    int64 // serial of that item's frame 0
	next    int64 // the serial that is read next
	done    bool  // nothing follows
	closing bool
	ended   chan struct{}
	told    map[int]bool // items of which an error was reported
}

type slot struct {
	serial int64 // −1: empty
	item   int
	bad    bool
	data   []byte
}

// room is how many bytes are read ahead at most.
const room = 16 << 20

func newAhead(items []Item, channels int, loop, wait bool, log func(string)) *ahead {
	a := &ahead{items: items, loop: loop, wait: wait, log: log, ended: make(chan struct{}), told: map[int]bool{}, want: -1}
	a.work.L, a.have.L = &a.mu, &a.mu
	a.slots = make([]slot, min(max(room/channels, 2), 32))
	for i := range a.slots {
		a.slots[i] = slot{serial: -1, data: make([]byte, channels)}
	}
	a.done = true // until the first seek
	go a.run()
	return a
}

// seek begins anew at a frame of an item.
func (a *ahead) seek(item, frame int) {
	a.mu.Lock()
	a.turn++
	a.item, a.base, a.next, a.want, a.done = item, 0, int64(frame), int64(frame), false
	for i := range a.slots {
		a.slots[i].serial = -1
	}
	a.mu.Unlock()
	a.work.Signal()
}

// ready waits until all that there is room for has been read ahead: for the
// start of a run, whose first frames would else come as fast as they are read.
func (a *ahead) ready() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.free() != nil && !a.done {
		a.have.Wait()
	}
}

// take hands over the frame of a serial, or the newest one before it that is
// newer than shown. It gives the serial of that, or −1 when there is none.
func (a *ahead) take(want, shown int64, use func(*fseq.Header, []byte)) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.want = max(a.want, want)
	a.work.Signal()
	for {
		var best *slot
		for i := range a.slots {
			if s := &a.slots[i]; s.serial > shown && s.serial <= want && (best == nil || s.serial > best.serial) {
				best = s
			}
		}
		if best != nil && (best.serial == want || !a.wait || a.done) {
			serial := best.serial
			if best.bad {
				best.serial = -1
				return -1
			}
			use(&a.items[best.item].Reader.Header, best.data[:a.items[best.item].Reader.Channels])
			return serial
		}
		if !a.wait || a.done {
			return -1
		}
		a.have.Wait()
	}
}

// run reads until it is closed.
func (a *ahead) run() {
	defer close(a.ended)
	a.mu.Lock()
	defer a.mu.Unlock()
	for {
		s := a.free()
		for !a.closing && (a.done || s == nil) {
			a.work.Wait()
			s = a.free()
		}
		if a.closing {
			return
		}
		if a.next < a.want {
			a.next = a.want // what is past need not be read
		}
		for a.next >= a.base+int64(a.items[a.item].Reader.Count()) {
			a.items[a.item].Reader.Close() // its decoder's memory
			a.base += int64(a.items[a.item].Reader.Count())
			if a.item++; a.item == len(a.items) {
				a.item = 0
				a.done = !a.loop
			}
			if a.done {
				break
			}
		}
		if a.done {
			a.have.Signal()
			continue
		}
		serial, item, frame, turn := a.next, a.item, int(a.next-a.base), a.turn
		a.next++
		s.serial = -1
		a.mu.Unlock()
		err := a.items[item].Reader.Frame(frame, s.data)
		a.mu.Lock()
		if a.turn != turn {
			continue
		}
		s.serial, s.item, s.bad = serial, item, err != nil
		if err != nil && !a.told[item] {
			a.told[item] = true
			a.log(fmt.Sprintf("%s: %v: the light stays as it is until a frame can be read", a.items[item].Name, err))
		}
		a.have.Signal()
	}
}

// free is a slot whose frame is past, or nil.
func (a *ahead) free() *slot {
	for i := range a.slots {
		if s := &a.slots[i]; s.serial < a.want {
			return s
		}
	}
	return nil
}

// close ends the reading.
func (a *ahead) close() {
	a.mu.Lock()
	a.closing = true
	a.mu.Unlock()
	a.work.Signal()
	<-a.ended
}
