package installations

// protocol is what the patch and the survey need to know of a way to send.
// What it looks like on the wire is its package's in devices.
type protocol struct {
	name        string
	port        string // of UDP or TCP
	first, last int    // universes
	start       int    // the first one where the file names none; -1: it must
	slots       int    // most channels of a universe
	even        bool   // a universe has an even number of them
	single      bool   // an output is one universe
	alike       bool   // pixels of one output have one width
	rgb         bool   // which is three bytes
	local       bool   // a device file of this machine instead of a host

	// Of the wire: how many bytes of channels one packet carries, and its
	// headers; 0 header where there are no packets.
	packet, header int
}

// endless is a universe that never ends: for protocols without universes.
const endless = 1 << 24

var protocols = map[string]protocol{
	"artnet": {name: "Art-Net", port: "6454", last: 32767, start: -1, slots: slots, even: true, packet: slots, header: 18},
	"sacn":   {name: "sACN", port: "5568", first: 1, last: 63999, start: -1, slots: slots, even: true, packet: slots, header: 126},
	// The destination is an id of a display: 250 and up have other meanings.
	"ddp": {name: "DDP", port: "4048", first: 1, last: 249, start: 1, slots: endless, packet: 1440, header: 10},
	// 21,845 pixels of three bytes in one message.
	"opc":       {name: "Open Pixel Control", port: "7890", last: 255, start: 1, slots: 65535, packet: 65535, header: 4},
	"wled":      {name: "WLED realtime", port: "21324", slots: 65535 * 3, single: true, alike: true, packet: 489 * 3, header: 4},
	"kinet":     {name: "KiNET", port: "6038", first: 1, last: 16, start: 1, slots: slots, packet: slots, header: 24},
	"kinet-dmx": {name: "KiNET DMX", port: "6038", slots: slots, single: true, packet: slots, header: 21},
	"tpm2":      {name: "TPM2.net", port: "65506", slots: 255 * 1470, single: true, packet: 1470, header: 7},
	"osc":       {name: "OSC", port: "9001", slots: endless, single: true, packet: 1400, header: 64},
	"enttec":    {name: "Enttec DMX USB Pro", slots: slots, single: true, local: true},
	"opendmx":   {name: "Open DMX", slots: slots, single: true, local: true},
	"adalight":  {name: "Adalight", slots: 65535 * 3, single: true, alike: true, rgb: true, local: true},
	"awa":       {name: "AWA", slots: 65535 * 3, single: true, alike: true, rgb: true, local: true},
	"spi":       {name: "SPI", slots: 1 << 16, single: true, alike: true, local: true},
}

// warls is the form of WLED's protocol that tells each pixel's index, in one
// byte, and so has an end.
const (
	warls       = "warls"
	warlsPixels = 256
)

// owned are the keys of an output that only some protocols have.
var owned = []struct {
	key    string
	owners []string
}{
	{"multicast", []string{"sacn"}},
	{"priority", []string{"sacn"}},
	{"sync_universe", []string{"sacn"}},
	{"per_address", []string{"sacn"}},
	{"preview", []string{"sacn"}},
	{"discover", []string{"artnet"}},
	{"broadcast", []string{"artnet", "sacn", "ddp", "wled", "kinet", "kinet-dmx", "tpm2", "osc"}},
	{"failsafe", []string{"artnet"}},
	{"timecode", []string{"artnet"}},
	{"sync", []string{"artnet", "sacn"}},
	{"bits", []string{"artnet", "sacn", "ddp", "kinet-dmx", "enttec", "opendmx"}},
	{"changes", []string{"artnet", "sacn", "ddp"}},
	{"address", []string{"osc"}},
	{"form", []string{"osc"}},
	{"timeout", []string{"wled"}},
	{"realtime", []string{"wled"}},
	{"baud", []string{"adalight", "awa"}},
	{"chip", []string{"spi"}},
	{"clock", []string{"spi"}},
	{"brightness", []string{"spi"}},
	{"device", []string{"enttec", "opendmx", "adalight", "awa", "spi"}},
}
