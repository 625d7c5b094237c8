package midi

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A controller with several ports, as a Launchpad with one for a DAW and one
// for everybody else, is one raw MIDI device with several subdevices. Which
// one an open gets is asked of the card's control device first.

// subdevices is how many each way of a device has, by ALSA's description of
// it, whose sections begin with "Output 0" or "Input 0". At least one.
func (d *Driver) subdevices(card, device int) int {
	f, err := os.Open(filepath.Join(d.cards, fmt.Sprintf("card%d", card), fmt.Sprintf("midi%d", device)))
	if err != nil {
		return 1
	}
	defer f.Close()
	most := 1
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		way, number, ok := strings.Cut(lines.Text(), " ")
		n := 0
		if _, err := fmt.Sscan(number, &n); ok && err == nil && (way == "Output" || way == "Input") && n < 16 {
			most = max(most, n+1)
		}
	}
	return most
}

// control is the control device of a card.
func (d *Driver) control(card int) string {
	return filepath.Join(d.devices, fmt.Sprintf("controlC%d", card))
}
