package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"noctiluca/devices/wholefile"
	"noctiluca/devices/wiring"
)

type wiringCommand struct {
	Installation string  `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Out          string  `short:"o" default:"wiring.pdf" placeholder:"FILE" help:"The sheet: .pdf or .svg (default: wiring.pdf)."`
	Loss         float64 `default:"10" placeholder:"PERCENT" help:"Part of the voltage that may be lost along a strip, 1…40 percent."`
	Ohms         float64 `default:"0.08" help:"Resistance of a metre of strip, there and back, 0.001…10."`
}

func (c *wiringCommand) Run(p *program) error {
	if !(c.Loss >= 1 && c.Loss <= 40) {
		return inputError{fmt.Errorf("--loss %v: expected 1…40 percent", c.Loss)}
	}
	if !(c.Ohms >= 0.001 && c.Ohms <= 10) {
		return inputError{fmt.Errorf("--ohms %v: expected 0.001…10", c.Ohms)}
	}
	write := wiring.WritePDF
	switch ext := strings.ToLower(filepath.Ext(c.Out)); ext {
	case ".pdf":
	case ".svg":
		write = wiring.WriteSVG
	default:
		return inputError{fmt.Errorf("--out %s: expected .pdf or .svg", c.Out)}
	}
	a := artwork{Installation: c.Installation}
	inst, err := a.read(p)
	if err != nil {
		return err
	}
	s := wiring.New(inst, wiring.Options{Loss: c.Loss / 100, Ohms: c.Ohms})
	if len(s.Outputs) == 0 {
		return inputError{fmt.Errorf("%s has no outputs: there is no wiring to print", inst.File)}
	}
	if err := wholefile.Write(c.Out, func(w io.Writer) error { return write(w, s) }); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %d outputs, %d pixels, %.0f W at full\n", c.Out, len(s.Outputs), s.Pixels, s.Watts)
	return nil
}
