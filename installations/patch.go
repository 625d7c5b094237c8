package installations

import (
	"fmt"

	"noctiluca/installations/document"
)

// slots is how many channels a universe of DMX512 has.
const slots = 512

// item is one thing on the wire of an output: pixels, or a gap, or the start
// of a universe.
type item struct {
	at           document.Place
	first, count int // pixels; count 0 is none
	reverse      bool
	order        Order
	wide         bool // two bytes for each of the order
	gap          int  // channels
	universe     int  // −1: none
}

// width is how many bytes a pixel has.
func (it *item) width() int {
	if it.wide {
		return 2 * len(it.order)
	}
	return len(it.order)
}

// layout is how an output's wire lies in its universes.
type layout struct {
	universes []Universe
	opened    []document.Place // of each universe: what began it
	runs      []Run
	bytes     int
}

// lay fills universes with items, from the universe given. A universe ends
// where no whole pixel fits any more, or with split over 0 after the channels
// of that many pixels: a pixel is never in two. fail is told what does not
// fit. It is pure, so that its properties can be tested.
func lay(items []item, first, split int, proto protocol, fail func(at document.Place, message string)) layout {
	l := layout{}
	number := first // of the open universe
	used := 0       // channels in it
	width := 3      // bytes of the pixel seen last, for the end of a universe
	for _, it := range items {
		if it.count > 0 {
			width = it.width()
			break
		}
	}
	room := func(width int) int {
		if split > 0 {
			return min(proto.slots, split*width) - used
		}
		return proto.slots - used
	}
	open := func(at document.Place) {
		if used == 0 {
			l.universes = append(l.universes, Universe{Number: number, Offset: l.bytes})
			l.opened = append(l.opened, at)
		}
	}
	take := func(n int) {
		used += n
		l.bytes += n
	}
	end := func() {
		if used == 0 {
			return
		}
		if used%2 == 1 && proto.even {
			take(1) // ArtDmx carries an even number
		}
		l.universes[len(l.universes)-1].Length = used
		used = 0
	}
	for _, it := range items {
		switch {
		case it.universe >= 0:
			if used > 0 && it.universe == number {
				fail(it.at, fmt.Sprintf("universe %d: this output is in it already", number))
				continue
			}
			end()
			number = it.universe
		case it.gap > 0:
			if room(width) < width {
				end()
				number++
			}
			if it.gap > room(width) {
				fail(it.at, fmt.Sprintf("a gap of %d channels: universe %d has %d left; begin the next by {universe: %d}", it.gap, number, room(width), number+1))
				continue
			}
			open(it.at)
			take(it.gap)
		default:
			width = it.width()
			for done := 0; done < it.count; {
				n := min(room(width)/width, it.count-done)
				if n <= 0 {
					end()
					number++
					continue
				}
				open(it.at)
				r := Run{First: it.first + done, Step: 1, Count: n, Offset: l.bytes, Order: it.order, Wide: it.wide}
				if it.reverse {
					r.First, r.Step = it.first+it.count-1-done, -1
				}
				l.runs = append(l.runs, r)
				take(n * width)
				done += n
			}
		}
	}
	end()
	return l
}
