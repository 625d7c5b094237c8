package readings

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal"
)

func TestWrittenAndRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "r.csv")
	r, err := Record(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		r.Take("lumo-vifa", signal.PPG, float64(i)*0.5, time.Duration(i)*10*time.Millisecond, 100)
		if i%100 == 0 {
			r.Take("lumo-vifa", signal.HeartRate, 66, time.Duration(i)*10*time.Millisecond, 0)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	r.Run(ctx, func(err error) { t.Error(err) })
	if _, err := Record(name); err == nil {
		t.Error("a recording was written over")
	}
	f, _ := os.Open(name)
	defer f.Close()
	got, err := ReadCSV(f, name, Columns{})
	if err != nil || len(got.Readings) != 505 || got.LeftOut != 0 {
		t.Fatalf("%v, %d readings, %v", err, len(got.Readings), got.Warnings)
	}
	if x := got.Readings[404]; x.Person != "lumo-vifa" || x.Kind != signal.PPG || x.Rate != 100 {
		t.Errorf("%+v", x)
	}
	plain, agreed := got.Messages(false), got.Messages(true)
	if len(agreed) != len(plain)+1 || agreed[0].OSC.Address != "/noctiluca/person/lumo-vifa/consent" {
		t.Errorf("%d messages, with consents %d", len(plain), len(agreed))
	}
	n := 0
	for _, m := range plain {
		n += len(m.OSC.Arguments)
	}
	if n != 505 || len(plain) > 320 {
		t.Errorf("%d values in %d messages", n, len(plain))
	}
	var out bytes.Buffer
	if sent, err := Play(context.Background(), &out, plain, 1000, nil); err != nil || sent.Messages != len(plain) || sent.Bytes != out.Len() {
		t.Errorf("%+v, %v", sent, err)
	}
}

func TestTables(t *testing.T) {
	for _, c := range []struct {
		name, text string
		columns    Columns
		want       []Reading
		says       string
	}{
		{"a column", "530\n518\n", Columns{Kinds: map[string]string{"0": "ppg"}, Rate: 100}, []Reading{{0, "", signal.PPG, 530, 100}, {10 * time.Millisecond, "", signal.PPG, 518, 100}}, ""},
		{"remarks, tabs, a header", "# made\nt\tx\n0.5\t7\n1.5\t8\n", Columns{Kinds: map[string]string{"x": "eda"}, Time: "t", Person: "a"}, []Reading{{500 * time.Millisecond, "a", signal.EDA, 7, 0}, {1500 * time.Millisecond, "a", signal.EDA, 8, 0}}, ""},
		{"a wrong line", "5\nsix\n7\n", Columns{Kinds: map[string]string{"0": "ecg"}, Rate: 2}, []Reading{{0, "", signal.ECG, 5, 2}, {time.Second, "", signal.ECG, 7, 2}}, ":2: left out"},
		{"no such kind", "5\n", Columns{Kinds: map[string]string{"0": "mood"}, Rate: 2}, nil, `kind is "mood"`},
		{"no such column", "a,b\n5,6\n", Columns{Kinds: map[string]string{"c": "eda"}, Rate: 2}, nil, `no column "c"; there is a, b`},
		{"no rate", "5\n", Columns{Kinds: map[string]string{"0": "eda"}}, nil, "--rate"},
		{"no columns told", "5\n", Columns{}, nil, "--column"},
		{"ours, with wrong lines", header + "\n1,a,hr,60,0\n1,a,mood,60,0\nx,a,hr,60,0\n1,a,hr\n", Columns{}, []Reading{{time.Second, "a", signal.HeartRate, 60, 0}}, ":3: left out: kind"},
	} {
		r, err := ReadCSV(strings.NewReader(c.text), "t.csv", c.columns)
		said := fmt.Sprint(err)
		if r != nil {
			said += strings.Join(r.Warnings, "\n")
		}
		if (err == nil) != (c.want != nil) || !strings.Contains(said, c.says) {
			t.Errorf("%s: %v; it should say %q", c.name, said, c.says)
			continue
		}
		if err == nil && fmt.Sprint(r.Readings) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, r.Readings, c.want)
		}
	}
}

// chunk is an XDF chunk with its length in as many bytes as told.
func chunk(size int, tag uint16, content []byte) []byte {
	n := make([]byte, 8)
	binary.LittleEndian.PutUint64(n, uint64(len(content)+2))
	b := append([]byte{byte(size)}, n[:size]...)
	b = binary.LittleEndian.AppendUint16(b, tag)
	return append(b, content...)
}

// made is an XDF file that is made here, by the specification: two channels of
// float32 at 100 Hz whose times are given once in ten, a stream of int16, one
// of markers, and a clock offset.
func made() []byte {
	id := func(n uint32, rest ...byte) []byte { return append(binary.LittleEndian.AppendUint32(nil, n), rest...) }
	b := []byte("XDF:")
	b = append(b, chunk(1, 1, []byte("<info><version>1.0</version></info>"))...)
	b = append(b, chunk(4, 2, id(1, []byte("<?xml version=\"1.0\"?><info><name>PPG [0]</name><type>PPG</type><channel_count>2</channel_count><nominal_srate>100</nominal_srate><channel_format>float32</channel_format></info>")...))...)
	b = append(b, chunk(8, 2, id(2, []byte("<info><name>m</name><type>Markers</type><channel_count>1</channel_count><nominal_srate>0</nominal_srate><channel_format>string</channel_format></info>")...))...)
	b = append(b, chunk(1, 2, id(3, []byte("<info><name>eda</name><type>EDA</type><channel_count>1</channel_count><nominal_srate>10</nominal_srate><channel_format>int16</channel_format></info>")...))...)
	s := []byte{1, 50}
	for i := range 50 {
		if i%10 == 0 {
			s = append(s, 8)
			s = binary.LittleEndian.AppendUint64(s, math.Float64bits(1000+float64(i)/100))
		} else {
			s = append(s, 0)
		}
		s = binary.LittleEndian.AppendUint32(s, math.Float32bits(float32(i)))
		s = binary.LittleEndian.AppendUint32(s, math.Float32bits(float32(-i)))
	}
	b = append(b, chunk(4, 3, id(1, s...))...)
	b = append(b, chunk(1, 5, make([]byte, 16))...)
	o := binary.LittleEndian.AppendUint64(nil, math.Float64bits(2000))
	o = binary.LittleEndian.AppendUint64(o, math.Float64bits(-1000))
	b = append(b, chunk(1, 4, id(3, o...))...)
	s = []byte{1, 2, 8}
	s = binary.LittleEndian.AppendUint64(s, math.Float64bits(2000.1))
	s = append(s, 0xfe, 0xff, 0, 5, 0)
	return append(b, chunk(1, 3, id(3, s...))...)
}

func TestXDF(t *testing.T) {
	x, err := ReadXDF(bytes.NewReader(made()), "a.xdf")
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Streams) != 3 || len(x.Warnings) > 0 {
		t.Fatalf("%d streams, %v", len(x.Streams), x.Warnings)
	}
	p, e := x.Streams[0], x.Streams[2]
	if len(p.Times) != 50 || math.Abs(p.Times[49]-1000.49) > 1e-9 || p.Values[49][1] != -49 {
		t.Errorf("the first stream: %v %v", p.Times, p.Values)
	}
	// Its sender's clock lay 1000 s ahead.
	if len(e.Times) != 2 || math.Abs(e.Times[0]-1000.1) > 1e-9 || math.Abs(e.Times[1]-1000.2) > 1e-9 || e.Values[0][0] != -2 || e.Values[1][0] != 5 {
		t.Errorf("the third stream: %v %v", e.Times, e.Values)
	}
	messages, err := x.Messages()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int{}
	for _, m := range messages {
		sums[m.OSC.Address] += len(m.OSC.Arguments)
	}
	if fmt.Sprint(sums) != "map[/lsl/PPG__0_/0:50 /lsl/PPG__0_/1:50 /lsl/eda/0:2]" {
		t.Errorf("the messages hold %v", sums)
	}
	// Cut off anywhere it is an error or a warning, never a crash.
	b := made()
	for n := 4; n < len(b); n++ {
		x, err := ReadXDF(bytes.NewReader(b[:n]), "a.xdf")
		if err == nil && len(x.Warnings) > 1 {
			t.Errorf("cut off at %d: %v", n, x.Warnings)
		}
	}
}

func FuzzXDF(f *testing.F) {
	f.Add(made())
	f.Add([]byte("XDF:\x01\x02\x02\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := ReadXDF(bytes.NewReader(b), "f.xdf")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.xdf") {
				t.Errorf("the error names no file: %v", err)
			}
			return
		}
		_, _ = x.Messages()
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("5\n6\n")
	f.Add(header + "\n1,a,hr,60,0\n")
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = ReadCSV(strings.NewReader(s), "f.csv", Columns{Kinds: map[string]string{"0": "ppg"}, Rate: 10})
	})
}
