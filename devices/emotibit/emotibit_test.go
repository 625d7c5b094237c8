package emotibit

import (
	"bytes"
	"context"
	"encoding/xml"
	"math"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"
)

const recordings = "../../../shared/data/emotibit"

func recorded(t testing.TB) *Recording {
	t.Helper()
	names, _ := filepath.Glob(recordings + "/*.csv")
	if len(names) == 0 {
		t.Skip("the EmotiBit recording: ../shared/data is missing")
	}
	r, err := Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecordingIsReadWhole(t *testing.T) {
	r := recorded(t)
	t.Logf("%d packets, %v, %d lines left out %q, messages %v", len(r.Packets), r.Length, r.LeftOut, r.Warnings, r.Messages)
	count, samples, sum := map[string]int{}, map[string]int{}, 0.0
	at := time.Duration(0)
	for _, p := range r.Packets {
		count[p.Tag]++
		samples[p.Tag] += len(p.Values)
		if p.Tag == "BI" {
			sum += float64(p.Values[0])
		}
		if p.At < at {
			t.Fatalf("line %d: time runs back from %v to %v", p.Line, at, p.At)
		}
		at = p.At
	}
	// Known of the file: 74 beats of 989.2 ms in the mean; about 25 Hz of pulse.
	if count["BI"] != 74 || math.Abs(sum/74-989.2) > 0.05 {
		t.Errorf("%d beats of %.1f ms in the mean, want 74 of 989.2", count["BI"], sum/74)
	}
	if rate := float64(samples["PI"]) / r.Length.Seconds(); math.Abs(rate-25) > 0.5 {
		t.Errorf("%.2f pulse samples a second, want 25", rate)
	}
	if rate := float64(samples["EA"]) / r.Length.Seconds(); math.Abs(rate-15) > 0.5 {
		t.Errorf("%.2f conductance samples a second, want 15", rate)
	}
	if r.Length < 73*time.Second || r.Length > 74*time.Second {
		t.Errorf("it lasts %v, want about 73 s", r.Length)
	}
}

func TestPatchboardIsTheOneShipped(t *testing.T) {
	b, err := os.ReadFile(recordings + "/oscOutputSettings.xml")
	if err != nil {
		t.Skip("EmotiBit's patchboard: ../shared/data is missing")
	}
	var board struct {
		Patches []struct {
			Input  string `xml:"input"`
			Output string `xml:"output"`
		} `xml:"patchcords>patch"`
	}
	if err := xml.Unmarshal(b, &board); err != nil {
		t.Fatal(err)
	}
	var want []Patch
	for _, p := range board.Patches {
		want = append(want, Patch{p.Input, p.Output})
	}
	if got := Patchboard(); !slices.Equal(got, want) {
		t.Errorf("the patchboard is %v, want %v", got, want)
	}
}

func TestMalformedLines(t *testing.T) {
	const good = "100,1,2,PI,1,100,5,6\n"
	for _, c := range []struct{ line, says string }{
		{"100,1", "2 fields"},
		{"1x,1,1,PI,1,100,5", `the time is "1x"`},
		{"100,1,1,PI,1", "5 fields"},
		{"100,1,3,PI,1,100,5,6", "announces 3 samples and carries 2"},
		{"100,1,1,pi,1,100,5", `the tag is "pi"`},
		{"100,1,1,PI,1,100,five", "is \"five\""},
		{"100,1,1,PI,1,100,5100,2,1,PR,1,100,6", "announces 1 samples and carries 7"}, // two lines run together
		{"21440,821,2,PI,1,100,14551440,822,2,PR,1,100,127972,127963", "announces 2"},
		{"100,1,1,PI,1,100,1e99", `is "1e99"`},
		{"-5,1,1,PI,1,100,5", "the time -5 ms"},
		{"99999999999,1,1,PI,1,100,5", "more than 1h0m0s after"},
		{"\xff\xfe,1,1,PI,1,100,5", "not text"},
	} {
		r, err := Read(strings.NewReader(good+c.line+"\n"+good), "log.csv")
		if err != nil {
			t.Errorf("%q: %v", c.line, err)
			continue
		}
		if len(r.Packets) != 2 || r.LeftOut != 1 || len(r.Warnings) != 1 {
			t.Errorf("%q: %d packets, %d left out, want 2 and 1", c.line, len(r.Packets), r.LeftOut)
			continue
		}
		if w := r.Warnings[0]; !strings.HasPrefix(w, "log.csv:2: ") || !strings.Contains(w, c.says) {
			t.Errorf("%q: the warning is %q, want line 2 and %q", c.line, w, c.says)
		}
	}
	if _, err := Read(strings.NewReader("hello\n"), "x.txt"); err == nil || !strings.Contains(err.Error(), "x.txt") {
		t.Errorf("a text that is no log gives %v, want an error that names it", err)
	}
}

// Stamps that run back are the device's; what is sent cannot run back.
func TestTimeline(t *testing.T) {
	r, err := Read(strings.NewReader("1000,1,1,PI,1,100,5\n1500,2,1,EA,1,100,1\n900,3,1,SA,1,100,0.1\n1600,4,1,PI,1,100,6"), "log.csv")
	if err != nil {
		t.Fatal(err)
	}
	var at []time.Duration
	for _, p := range r.Packets {
		at = append(at, p.At/time.Millisecond)
	}
	if want := []time.Duration{0, 500, 500, 600}; !slices.Equal(at, want) {
		t.Errorf("packets at %d ms, want %d", at, want)
	}
}

// What go-osc reads out of the datagrams is what stands in the log.
func TestDatagramsAreTheLog(t *testing.T) {
	log := "1000,1,3,PI,1,100,145606,145539.5,-1\n1000,2,1,T1,1,100,31.709\n1020,3,1,BI,1,100,1000\n1040,4,1,EA,1,100,0.973001\n"
	r, err := Read(strings.NewReader(log), "log.csv")
	if err != nil {
		t.Fatal(err)
	}
	ds, unsent, err := r.Datagrams(Patchboard())
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 2 || unsent.String() != "BI 1, T1 1" {
		t.Fatalf("%d datagrams, unsent %v; want 2, and BI and T1 unsent", len(ds), unsent)
	}
	for i, want := range []*osc.Message{
		osc.NewMessage("/EmotiBit/0/PPG:IR", float32(145606), float32(145539.5), float32(-1)),
		osc.NewMessage("/EmotiBit/0/EDA", float32(0.973001)),
	} {
		got, err := osc.ParsePacket(string(ds[i].Data))
		if err != nil || !want.Equals(got.(*osc.Message)) {
			t.Errorf("datagram %d is %v (%v), want %v", i, got, err, want)
		}
	}
}

func TestSendOverLoopback(t *testing.T) {
	var log strings.Builder
	for i := range 200 {
		log.WriteString(strings.ReplaceAll("T,N,2,EA,1,100,0.5,0.25\n", "T", string('1'+rune(i/100))+"000"))
	}
	text := strings.ReplaceAll(log.String(), "N", "7")
	r, err := Read(strings.NewReader(text), "log.csv")
	if err != nil {
		t.Fatal(err)
	}
	in, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := net.Dial("udp", in.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	start := time.Now()
	sent, err := Send(context.Background(), out, r, 10, nil)
	if err != nil || sent.Datagrams != 200 {
		t.Fatalf("sent %+v, %v; want 200 datagrams", sent, err)
	}
	if took := time.Since(start); took < 100*time.Millisecond {
		t.Errorf("a second at ten times the pace took %v, want at least 100 ms", took)
	}
	want, _, _ := r.Datagrams(Patchboard())
	b := make([]byte, 2048)
	for i := range 200 {
		in.SetReadDeadline(time.Now().Add(30 * time.Second))
		n, _, err := in.ReadFromUDP(b)
		if err != nil {
			t.Fatalf("datagram %d: %v", i, err)
		}
		if !bytes.Equal(b[:n], want[i].Data) {
			t.Fatalf("datagram %d is %q, want %q", i, b[:n], want[i].Data)
		}
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if sent, err := Send(ctx, out, r, 1, nil); err != context.Canceled || sent.Datagrams > 0 {
		t.Errorf("with a context that is done it sent %+v, %v", sent, err)
	}
	if _, err := Send(context.Background(), out, r, 0, nil); err == nil {
		t.Error("speed 0 was taken")
	}
}
