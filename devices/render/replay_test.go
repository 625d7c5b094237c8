package render

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"noctiluca/devices/eventlog"
	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// TestReplayGivesTheSameFrames plays the forest by hand, at odd times, with a
// frame that is lost, and a pause that is too long to be made up for; and
// renders it again from its log: each frame that was seen is the same to the
// byte.
func TestReplayGivesTheSameFrames(t *testing.T) {
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	folder := t.TempDir()
	name := filepath.Join(folder, "log.jsonl")
	log, err := eventlog.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	config := engine.Config{Crowd: 4, Workers: 2, Holders: 2, Channels: 8, Record: log.Record}
	e, err := engine.New(inst, config)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s := e.Show()
	if err := log.Begin(eventlog.Start{Installation: "forest", Rate: inst.Rate, Seed: inst.Seed, Crowd: 4, Channels: 8}, s.Defaults(), s.Registry); err != nil {
		t.Fatal(err)
	}
	find := func(path string) show.ID {
		id, err := s.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	// What two hands do, a thirtieth of a second apart on average, somewhere
	// between the frames, and arriving late.
	rng := rand.New(rand.NewPCG(1, 2))
	numbers := []show.ID{find("/channel/1/level"), find("/channel/2/level"), find("/channel/3/level"), find("/cross"), find("/master/hue"), find("/master/sparkle"), find("/master/saturation")}
	frame := func(n int) time.Duration { return time.Duration(float64(n) / inst.Rate * float64(time.Second)) }
	offer := func(n int) {
		ev := show.Event{At: frame(n) - time.Duration(rng.IntN(40_000_000)), By: show.FirstSurface + show.Origin(rng.IntN(2)), Fade: show.Own}
		switch rng.IntN(12) {
		case 0:
			ev.Action, ev.Item = show.Insert, &show.Modulator{Name: string(rune('a' + rng.IntN(9))), Source: show.Noise, Rate: 2, Routes: []show.Route{{Param: numbers[rng.IntN(len(numbers))], Depth: 0.2, Low: -1, High: 1, Smooth: 0.1}}}
		case 1:
			ev.Action, ev.Item = show.Insert, &show.Cue{Name: "c", In: 0.4, Out: 0.3, Follow: 0.2, Timecode: -1, Sets: []show.Setting{{Param: find("/channel/1/scene"), Value: float32(1 + rng.IntN(s.Scenes()))}, {Param: find("/channel/2/blend"), Value: float32(rng.IntN(6))}}}
		case 2:
			ev.Action = show.Go
		case 3:
			ev.Action = show.Undo
		case 4:
			ev.Action = show.Record
		case 5:
			if ev.Action = show.Play; n%3 == 0 {
				ev.Action, ev.Value = show.Seek, float32(n%7)/10
			}
		case 6:
			ev.Action, ev.Param = show.Toggle, find("/master/freeze")
		case 7:
			ev.Action = show.Tap
		default:
			ev.Action, ev.Param, ev.Value = show.Set, numbers[rng.IntN(len(numbers))], float32(rng.Float64())
		}
		if err := s.Offer(ev); err != nil {
			t.Fatal(err)
		}
	}
	const first, pause, frames = 150, 300, 560
	seen := map[int][]byte{}
	e.Step(0).Release() // as a player does
	for n := range frames + 1 {
		if n > first && n < first+pause || n == 60 || n == 61 {
			continue
		}
		if n%2 == 0 {
			offer(n)
		}
		f := e.Step(frame(n))
		for i := range f.Outputs() {
			seen[n] = append(seen[n], f.Output(i)...)
		}
		f.Release()
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	log.Run(ctx, func(err error) { t.Fatal(err) })

	l, err := eventlog.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	config.Record = nil
	if config.Document, err = l.Document(s.Registry); err != nil {
		t.Fatal(err)
	}
	again, err := engine.New(inst, config)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	replay := &Replay{}
	if replay.Events, replay.Skips, err = l.Events(s.Registry); err != nil || len(replay.Events) < 100 || len(replay.Skips) != 1 {
		t.Fatalf("%d events, pauses %v, %v", len(replay.Events), replay.Skips, err)
	}
	out := filepath.Join(folder, "out.bin")
	r, err := Run(context.Background(), Config{Installation: inst, Engine: again, Seconds: frames / inst.Rate, Out: out, Replay: replay})
	if err != nil || r.Frames != frames {
		t.Fatalf("%d frames, %v", r.Frames, err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	dark := true
	for n := 1; n <= frames; n++ {
		got := data[(n-1)*r.FrameSize : n*r.FrameSize]
		dark = dark && !bytes.ContainsFunc(got, func(c rune) bool { return c != 0 })
		if want, was := seen[n]; was && !bytes.Equal(got, want) {
			t.Fatalf("frame %d is another", n)
		}
	}
	if dark || bytes.Equal(seen[frames], seen[frames-60]) {
		t.Error("there was nothing to see")
	}
}
