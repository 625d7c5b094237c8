package monitor

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/ddp"
	"noctiluca/devices/kinet"
	"noctiluca/devices/opc"
	"noctiluca/devices/peers"
	"noctiluca/devices/tpm2"
	"noctiluca/devices/wled"
)

// packets of each protocol besides Art-Net and sACN, and what is to be seen.
func packets() []struct {
	port int
	data []byte
	want string
} {
	light := make([]byte, 900)
	for i := range light {
		light[i] = byte(i)
	}
	message := append([]byte("/light/oak\x00\x00,b\x00\x00\x00\x00\x00\x04"), 1, 2, 3, 250)
	return []struct {
		port int
		data []byte
		want string
	}{
		{ddp.Port, ddp.Append(nil, &ddp.Packet{Flags: ddp.Push, Destination: 1, Offset: 1440, Data: light}), "DDP universe 1  from 127.0.0.1 offset 1440"},
		{wled.Port, wled.Append(nil, wled.Packet{Protocol: wled.DNRGB, Timeout: 2, Start: 489, Data: light}), "WLED universe 489  from 127.0.0.1 DNRGB"},
		{kinet.Port, kinet.AppendPortOut(nil, 3, light[:300]), "KiNET universe 3  from 127.0.0.1 port out"},
		{tpm2.Port, tpm2.Append(nil, tpm2.Packet{Number: 2, Of: 5, Data: light}), "TPM2.net universe 2  from 127.0.0.1 of 5"},
		{9001, message, "from 127.0.0.1 /light/oak"},
	}
}

// TestOthers sends one of each over a loopback of its own: the ports are the
// protocols' own.
func TestOthers(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	all := append(opc.Append(nil, opc.Message{Channel: 7, Data: make([]byte, 1000)}), opc.Append(nil, opc.Message{Channel: 8, Command: 255, Data: []byte{0, 1}})...)
	wants := []string{"OPC universe 7", "channels 1000", "OPC command 255", "most 250"}
	for _, p := range packets() {
		wants = append(wants, p.want)
	}
	var stream net.Conn
	var out buffer
	runUntil(t, &out, Options{Listen: "127.0.0.1", Others: true}, wants, func() {
		for _, p := range packets() {
			c, err := net.Dial("udp", fmt.Sprint("127.0.0.1:", p.port))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = c.Write(p.data)
			c.Close()
		}
		if stream == nil {
			stream, _ = net.Dial("tcp", fmt.Sprint("127.0.0.1:", opc.Port))
		}
		if stream != nil {
			_, _ = stream.Write(all)
		}
		time.Sleep(30 * time.Millisecond)
	})
}

// runUntil runs the monitor until it has shown all that is wanted, doing
// something over and over meanwhile, and gives what it wrote.
func runUntil(t *testing.T, out *buffer, o Options, wants []string, do func()) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, out, o) }()
	missing := func() (m []string) {
		got := out.String()
		for _, want := range wants {
			if !strings.Contains(got, want) {
				m = append(m, want)
			}
		}
		return m
	}
	for limit := time.Now().Add(time.Minute); len(missing()) > 0 && time.Now().Before(limit); {
		select {
		case err := <-ended:
			t.Fatalf("it ended by itself: %v", err)
		default:
			do()
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if m := missing(); len(m) > 0 {
		t.Errorf("%q are not shown:\n%s", m, out.String())
	}
	return out.String()
}

// FuzzTable: no packet of any protocol does harm.
func FuzzTable(f *testing.F) {
	for i, p := range packets() {
		f.Add(byte(i), p.data)
	}
	f.Fuzz(func(t *testing.T, which byte, b []byte) {
		table := NewTable()
		takes := []take{(*Table).DDP, (*Table).WLED, (*Table).KiNET, (*Table).TPM2, (*Table).OSC, (*Table).OPC, (*Table).ArtNet, (*Table).SACN}
		for i := range 2 {
			takes[int(which)%len(takes)](table, here, b, time.Duration(i)*time.Second)
		}
		table.Lines(time.Second)
		table.Screen(2 * time.Second)
	})
}
