package artnet

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestGoldenPoll: the bytes as the standard's tables lay them out.
func TestGoldenPoll(t *testing.T) {
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"ArtPoll", AppendPoll(nil, PollReplyOnChange), "4172742d4e657400 0020 000e 02 00"},
		{"ArtTimeCode", AppendTimeCode(nil, TimeCode{Hours: 1, Minutes: 2, Seconds: 3, Frames: 4, Film: EBU}), "4172742d4e657400 0097 000e 0000 04 03 02 01 01"},
		{"ArtAddress", AppendFailsafe(nil, FailsafeHold, 1), "4172742d4e657400 0060 000e 7f 01" + strings.Repeat("00", 82) + strings.Repeat("7f", 9) + "00 08"},
		{"ArtPollReply", AppendReply(nil, &Reply{IP: netip.MustParseAddr("10.1.2.3"), Firmware: 0x0102, Net: 1, Sub: 2, OEM: 0x00ff, ESTA: 0x7ff0, ShortName: "oak", LongName: "an old oak", Report: "fine",
			Ports: []NodePort{{Output: true, GoodOutput: 0x80, Out: 5}, {Input: true, In: 6}}, Style: StyleController, MAC: [6]byte{1, 2, 3, 4, 5, 6}, Bind: 1, Status2: 8}),
			"4172742d4e657400 0021 0a010203 3619 0102 01 02 00ff 00 00 f07f" +
				"6f616b" + strings.Repeat("00", 15) + "616e206f6c64206f616b" + strings.Repeat("00", 54) + "66696e65" + strings.Repeat("00", 60) +
				"0002 80400000 00000000 80000000 00060000 05000000 00 00 00 000000 01 010203040506 0a010203 01 08" + strings.Repeat("00", 26)},
	} {
		if want := unhex(t, c.want); !bytes.Equal(c.got, want) {
			t.Errorf("%s:\n got %x\nwant %x", c.name, c.got, want)
		}
	}
	r, err := ParseReply(AppendReply(nil, &Reply{IP: netip.MustParseAddr("10.1.2.3"), Net: 1, Sub: 2, ShortName: "o\x1b[k", Ports: []NodePort{{Output: true, Out: 5}}, Bind: 3}))
	if err != nil || r.Ports[0].Out != 0x125 || r.ShortName != "o?[k" || r.Bind != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := ParseReply(AppendReply(nil, &Reply{IP: netip.MustParseAddr("10.1.2.3")})[:206]); err == nil || !strings.Contains(err.Error(), "206 bytes") {
		t.Error(err)
	}
	if tc, err := ParseTimeCode(AppendTimeCode(nil, TimeCode{1, 2, 3, 4, SMPTE})); err != nil || tc != (TimeCode{1, 2, 3, 4, SMPTE}) {
		t.Error(tc, err)
	}
}

// TestTimeCodes: drop frame against SMPTE's own corner cases.
func TestTimeCodes(t *testing.T) {
	for _, c := range []struct {
		frames int64
		f      Film
		want   TimeCode
	}{
		{0, DF, TimeCode{0, 0, 0, 0, DF}},
		{1799, DF, TimeCode{0, 0, 59, 29, DF}},
		{1800, DF, TimeCode{0, 1, 0, 2, DF}},
		{3597, DF, TimeCode{0, 1, 59, 29, DF}},
		{3598, DF, TimeCode{0, 2, 0, 2, DF}},
		{17981, DF, TimeCode{0, 9, 59, 29, DF}},
		{17982, DF, TimeCode{0, 10, 0, 0, DF}},
		{107892, DF, TimeCode{1, 0, 0, 0, DF}},
		{24*3600*24 + 23, Film24, TimeCode{0, 0, 0, 23, Film24}},
		{90, EBU, TimeCode{0, 0, 3, 15, EBU}},
	} {
		if got := CodeOf(c.frames, c.f); got != c.want {
			t.Errorf("%d: %+v, want %+v", c.frames, got, c.want)
		}
	}
	for f, want := range map[Film]int64{Film24: 86400, EBU: 90000, DF: 107892, SMPTE: 108000} {
		if got := CountAt(int64(time.Hour), f); got != want {
			t.Errorf("an hour of film %d has %d frames, want %d", f, got, want)
		}
	}
}

func TestDirectory(t *testing.T) {
	d := NewDirectory()
	a := netip.MustParseAddrPort("10.0.0.5:6454")
	b := netip.MustParseAddrPort("10.0.0.6:6454")
	d.Polled(time.Second)
	out := func(u ...uint16) (p []NodePort) {
		for _, x := range u {
			p = append(p, NodePort{Output: true, Out: x})
		}
		return p
	}
	if n, fresh := d.Hear(a, &Reply{Bind: 1, Ports: out(1, 2)}, 1300*time.Millisecond); !fresh || n.RoundTrip != 300*time.Millisecond {
		t.Error(n, fresh)
	}
	if _, fresh := d.Hear(a, &Reply{Bind: 2, Ports: out(3)}, 1300*time.Millisecond); !fresh {
		t.Error("the node's second page is one of its own")
	}
	d.Hear(b, &Reply{Ports: append(out(2), NodePort{Input: true, In: 9})}, 2*time.Second)
	s := d.Subscribers()
	if len(s[1]) != 1 || len(s[2]) != 2 || len(s[3]) != 1 || len(s[9]) != 0 || s[2][0] != a || s[2][1] != b {
		t.Error(s)
	}
	d.Expire(1300*time.Millisecond + nodeGone + 1)
	if s := d.Subscribers(); len(s[1]) != 0 || len(s[2]) != 1 || len(d.Nodes()) != 1 {
		t.Error(s)
	}
	for i := range mostNodes + 10 {
		d.Hear(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}), Port), &Reply{}, 0)
	}
	if len(d.nodes) != mostNodes {
		t.Error(len(d.nodes), "nodes")
	}
}

// TestAnswers: our own network only, seldom, and after a random time.
func TestAnswers(t *testing.T) {
	a := NewAnswerer([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}, func() float64 { return 0.25 })
	near, far := netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("203.0.113.7")
	if after, yes := a.Poll(near, 0); !yes || after != 250*time.Millisecond {
		t.Error(after, yes)
	}
	if _, yes := a.Poll(near, 999*time.Millisecond); yes {
		t.Error("answered twice in a second")
	}
	if _, yes := a.Poll(far, 0); yes {
		t.Error("answered a stranger")
	}
	answered := 0
	for i := range 250 {
		if _, yes := a.Poll(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), time.Second); yes {
			answered++
		}
	}
	if answered != answerRate {
		t.Errorf("%d answers in an instant, want %d", answered, answerRate)
	}
}

func FuzzPeer(f *testing.F) {
	f.Add(AppendReply(nil, &Reply{IP: netip.MustParseAddr("10.1.2.3"), Ports: []NodePort{{Output: true}}}))
	f.Add(AppendPoll(nil, 2))
	f.Add(AppendTimeCode(nil, TimeCode{}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := ParseReply(b); err == nil {
			again, err := ParseReply(AppendReply(nil, r))
			if err != nil || again.IP != r.IP || len(again.Ports) != len(r.Ports) || again.Bind != r.Bind {
				t.Fatalf("%+v became %+v, %v", r, again, err)
			}
		}
		_, _ = ParsePoll(b)
		_, _ = ParseTimeCode(b)
	})
}
