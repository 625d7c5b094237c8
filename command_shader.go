package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"noctiluca/devices/wholefile"
	"noctiluca/installations/document"
	"noctiluca/shaders"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/inspect"
)

// shaderCommand is all about fields as files.
type shaderCommand struct {
	Check shaderCheckCommand `cmd:"" help:"Check fields: all their mistakes, with line and column."`
	Bench shaderBenchCommand `cmd:"" help:"How fast a field is on this machine, and how many pixels it holds."`
	Fmt   shaderFmtCommand   `cmd:"" help:"Format fields as gofmt does."`
	Dump  shaderDumpCommand  `cmd:"" help:"Print what a field is compiled to, with each instruction's share of the time."`
}

// readField reads a file, or a shipped field by its name.
func readField(name string) (file string, text []byte, err error) {
	if !strings.ContainsAny(name, "./\\") {
		if text, err := shaders.FS.ReadFile(name + ".kage"); err == nil {
			return "shaders/" + name + ".kage", text, nil
		}
	}
	text, err = os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, "./\\") {
		return name, nil, inputError{fmt.Errorf("%s: there is no such file, and no shipped field of that name%s", name, document.Expected(name, shippedFields()))}
	}
	if err != nil {
		return name, nil, inputError{err}
	}
	return name, text, nil
}

// shippedFields lists the fields that come with the program, by name.
func shippedFields() []string {
	var names []string
	files, _ := fs.Glob(shaders.FS, "*.kage")
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, ".kage"))
	}
	return names
}

func compileNamed(name string) (*kage.Field, error) {
	file, text, err := readField(name)
	if err != nil {
		return nil, err
	}
	f, err := kage.Compile(file, text)
	if err != nil {
		return nil, inputError{fmt.Errorf("%s does not compile:\n%w", file, err)}
	}
	return f, nil
}

type shaderCheckCommand struct {
	Files []string `arg:"" name:"FILE" help:"Kage files, or names of shipped fields."`
}

func (c *shaderCheckCommand) Run(p *program) error {
	mistakes := 0
	for _, name := range c.Files {
		file, text, err := readField(name)
		if err != nil {
			return err
		}
		f, err := kage.Compile(file, text)
		var errs check.Errors
		switch {
		case errors.As(err, &errs):
			fmt.Fprintln(p.stdout, errs)
			mistakes += len(errs)
			continue
		case err != nil:
			return err
		}
		for _, w := range f.Warnings() {
			w.Message = "warning: " + w.Message
			fmt.Fprintln(p.stdout, check.Errors{w})
		}
		kind := "a field"
		if f.IsPicture() {
			kind = "a picture"
		}
		r := f.Report()
		fmt.Fprintf(p.stdout, "%s: %s of %d instructions, %d more once a frame, in %d registers\n", file, kind, r.Insts, r.Prologue, r.Blocks)
	}
	switch {
	case mistakes == 1:
		return inputError{errors.New("1 mistake")}
	case mistakes > 1:
		return inputError{fmt.Errorf("%d mistakes", mistakes)}
	}
	return nil
}

type shaderBenchCommand struct {
	File    string        `arg:"" name:"FILE" help:"A Kage file, or the name of a shipped field."`
	Points  int           `default:"131072" help:"Points of a frame."`
	Workers int           `default:"0" help:"Goroutines (default: one a core)."`
	For     time.Duration `default:"1s" help:"About how long each measurement takes."`
}

func (c *shaderBenchCommand) Run(p *program) error {
	if c.Points < 1 || c.Points > 1<<24 {
		return inputError{fmt.Errorf("--points %d: expected 1 to %d", c.Points, 1<<24)}
	}
	if c.Workers < 0 || c.Workers > 1024 {
		return inputError{fmt.Errorf("--workers %d: expected 0 to 1024", c.Workers)}
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	f, err := compileNamed(c.File)
	if err != nil {
		return err
	}
	best := block.Best()
	for _, k := range block.Sets() {
		s := inspect.Bench(f, k, c.Points, 1, c.For)
		fmt.Fprintf(p.stdout, "%-7s 1 core   %8.2f ns a point  %8.2f million points a second\n", s.Kernels, s.PerPoint(), s.PerSecond()/1e6)
	}
	s := inspect.Bench(f, best, c.Points, c.Workers, c.For)
	fmt.Fprintf(p.stdout, "%-7s %d cores  %8.2f ns a point  %8.2f million points a second\n", s.Kernels, s.Workers, s.PerPoint(), s.PerSecond()/1e6)
	fmt.Fprintf(p.stdout, "A frame at 60 Hz holds %d pixels of this field on this machine, with nothing else to do.\n", int(s.PerSecond()/60))
	return nil
}

type shaderFmtCommand struct {
	Files []string `arg:"" name:"FILE" type:"existingfile" help:"Kage files; they are rewritten."`
	Check bool     `help:"Write nothing; name the files that would change, and exit with 1 if there are any."`
}

func (c *shaderFmtCommand) Run(p *program) error {
	changed := 0
	for _, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return inputError{err}
		}
		// Formatting never depends on whether the file compiles, but for its
		// syntax, which is Go's.
		out, err := format.Source(text)
		if err != nil {
			if _, err := kage.Compile(name, text); err != nil {
				return inputError{err}
			}
			return inputError{fmt.Errorf("%s: %w", name, err)}
		}
		if bytes.Equal(text, out) {
			continue
		}
		changed++
		fmt.Fprintln(p.stdout, name)
		if c.Check {
			continue
		}
		if err := wholefile.Write(name, func(w io.Writer) error { _, err := w.Write(out); return err }); err != nil {
			return err
		}
	}
	if c.Check && changed > 0 {
		return fmt.Errorf("not formatted: %d of %d files; shader fmt without --check formats them", changed, len(c.Files))
	}
	return nil
}

type shaderDumpCommand struct {
	File string `arg:"" name:"FILE" help:"A Kage file, or the name of a shipped field."`
	CPU  string `env:"NOCTILUCA_CPU" placeholder:"SET" help:"Kernel set: avx512, avx2, neon or go (default: the best here)."`
}

func (c *shaderDumpCommand) Run(p *program) error {
	k := block.Best()
	if c.CPU != "" {
		var err error
		if k, err = block.ByName(c.CPU); err != nil {
			return inputError{err}
		}
	}
	f, err := compileNamed(c.File)
	if err != nil {
		return err
	}
	return inspect.Dump(p.stdout, f, k)
}
