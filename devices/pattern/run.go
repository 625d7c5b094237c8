package pattern

import (
	"context"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/pacer"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Run plays a pattern to the outputs until the context ends or the time is
// up, then sends black and stops them. It has its goroutine's thread for itself until then.
func Run(ctx context.Context, inst *installations.Installation, p *Pattern, outs []*output.Runner, length time.Duration) error {
	c := crew.New(1)
	defer c.Close()
	stage, err := safety.NewStage(inst, len(outs)+1, c)
	if err != nil {
		return err
	}
	clock, err := pacer.New(inst.Rate)
	if err != nil {
		return err
	}
	n := inst.Pixels.Count()
	r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
	clock.Start(1+len(outs), 0)
	defer clock.Stop()
	put := func(f *safety.Frame) {
		for _, o := range outs {
			o.Put(f)
		}
		f.Release()
	}
	frame := clock.Wait(0)
	for ; ctx.Err() == nil && (length <= 0 || frame.At < length); frame = clock.Wait(0) {
		p.Paint(r, g, b, int(frame.Number))
		put(stage.Make(frame.Number, frame.At, r, g, b, false))
	}
	clear(r)
	clear(g)
	clear(b)
	put(stage.Make(frame.Number, frame.At, r, g, b, true))
	for _, o := range outs {
		if e := o.Stop(2 * time.Second); e != nil && err == nil {
			err = e
		}
	}
	return err
}
