package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/peers"

	"github.com/hypebeast/go-osc/osc"
)

// TestNothingOfAPersonReachesAFile: over a whole run, with every file that a
// run can write, a waveform that is a person's signal is in no file and in
// nothing that is printed; nor is the pseudonym. Of one who agreed to a
// recording it is there: so the search finds what there is to be found.
func TestNothingOfAPersonReachesAFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_STATE_HOME", dir)
	t.Setenv("TMPDIR", dir)
	port := peers.FreePort(t).String()
	log := filepath.Join(dir, "audit.log")
	playing := start(t, "run", "forest", "--no-send", "--osc", port, "--workers", "1", "--audit", log, "--readings", filepath.Join(dir, "readings.csv"))
	conn, err := net.Dial("udp", port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	playing.plays(t, 1)
	say := func(address string, args ...any) {
		b, err := osc.NewMessage(address, args...).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		conn.Write(b)
	}
	const marker, agreed = 77123.25, 88234.5
	say("/noctiluca/person/evelyn/consent", true, "light", "display")
	say("/noctiluca/person/roberta/consent", true, "light", "record")
	for i := range 200 {
		say("/noctiluca/person/evelyn/ppg", marker+float64(i%2))
		say("/noctiluca/person/evelyn/ecg", marker+float64(i%2))
		say("/noctiluca/person/mallory/ppg", marker) // agreed to nothing
		say("/noctiluca/person/roberta/ppg", agreed+float64(i%2))
		time.Sleep(10 * time.Millisecond)
	}
	say("/noctiluca/person/evelyn/consent", false)
	playing.until(t, "what was taken back", func() bool {
		b, _ := os.ReadFile(log)
		return bytes.Contains(b, []byte("consent taken back"))
	})
	said := playing.end()
	if !strings.HasPrefix(said, "exit code 0") {
		t.Fatal(said)
	}
	files := map[string][]byte{"what was printed": []byte(said)}
	err = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[filepath.Base(name)], err = os.ReadFile(name)
		}
		return err
	})
	if err != nil || len(files["audit.log"]) == 0 || len(files["readings.csv"]) == 0 {
		t.Fatalf("%v; the files are %d", err, len(files))
	}
	forms := func(x float64) (out [][]byte) {
		for _, format := range []string{"%.2f", "%g", "%e"} {
			out = append(out, []byte(fmt.Sprintf(format, x)))
		}
		for _, o := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			out = append(out, o.AppendUint32(nil, math.Float32bits(float32(x))), o.AppendUint64(nil, math.Float64bits(x)))
		}
		return out
	}
	whole := regexp.MustCompile(fmt.Sprintf(`(^|[^0-9a-fA-F.])(%.0f|%.0f)([^0-9a-fA-F]|$)`, math.Floor(marker), math.Floor(marker)+1))
	for name, b := range files {
		for _, f := range append(forms(marker), forms(marker+1)...) {
			if bytes.Contains(b, f) {
				t.Errorf("%s holds the marker of one who agreed to no recording, as %q", name, f)
			}
		}
		// Cut to a whole number it has five digits, which a hash or a time has
		// among its own now and then: a number by itself is looked for.
		if found := whole.Find(b); found != nil {
			t.Errorf("%s holds the marker of one who agreed to no recording, as %q", name, found)
		}
		for _, who := range []string{"evelyn", "mallory"} {
			if bytes.Contains(b, []byte(who)) {
				t.Errorf("%s names %s", name, who)
			}
		}
	}
	if !bytes.Contains(files["readings.csv"], []byte("roberta,ppg,88234.5,")) {
		t.Errorf("the readings of one who agreed to it are not there:\n%.300s", files["readings.csv"])
	}
	if text := string(files["audit.log"]); !strings.Contains(text, "consent given, light: feeling heart skin breath brain; record:") || !strings.Contains(text, "consent taken back") {
		t.Errorf("the audit log is\n%s", text)
	}
	if code, out, errs := cli("audit", log); code != 0 || !strings.Contains(out, "each following from the one before") {
		t.Errorf("audit: %d, %s%s", code, out, errs)
	}
}

// TestCalibrate: a person is calibrated over the wire, with a rest
// and a stimulus of some seconds, made for the test. So short a rest is no
// baseline: it is told, and no profile is written.
func TestCalibrate(t *testing.T) {
	if code, _, errs := cli("calibrate", "--out", "x"); code != badInput || !strings.Contains(errs, "--agreed") {
		t.Errorf("a profile without the person's word: exit code %d, %s", code, errs)
	}
	dir := filepath.Join(t.TempDir(), "profiles") // which is made
	port := peers.FreePort(t).String()
	ended := make(chan string)
	go func() {
		code, out, err := cli("calibrate", "--osc", port, "--rest", "3s", "--stimulus", "1s", "--patience", "4s", "--out", dir, "--agreed")
		ended <- fmt.Sprintf("exit code %d\n%s%s", code, out, err)
	}()
	conn, err := net.Dial("udp", port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for i := 0; ; i++ {
		select {
		case said := <-ended:
			for _, want := range []string{"exit code 1", "Rest: sit still", "Now: one deep breath", "heart rate, a minute", "want 20 s", "no profile was written"} {
				if !strings.Contains(said, want) {
					t.Errorf("it does not say %q:\n%s", want, said)
				}
			}
			if made, err := os.ReadDir(dir); err != nil || len(made) != 0 { // it was tried at the start
				t.Errorf("in the folder is %v (%v), expected nothing", made, err)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
		for address, x := range map[string]float32{"/EmotiBit/0/HR": 64 + float32(i%3), "/EmotiBit/0/EDA": 2 + 0.1*float32(i%5)} {
			b, _ := osc.NewMessage(address, x).MarshalBinary()
			conn.Write(b)
		}
	}
}
