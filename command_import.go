package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"noctiluca/devices/wholefile"
	"noctiluca/installations"
	"noctiluca/installations/layout"
	"noctiluca/shaders"
)

type importCommand struct {
	File     string  `arg:"" type:"existingfile" help:"A layout: xLights (.xml, .xmodel), Chromatik (.lxf), OPC, Fadecandy and WLED (.json), GDTF and MVR, .csv, .svg, .gltf and .glb, .obj."`
	Out      string  `short:"o" placeholder:"FOLDER" help:"Folder to write installation.yaml into (default: one of the file's name, here)."`
	Name     string  `placeholder:"NAME" help:"Name of the installation (default: the file's)."`
	Unit     string  `placeholder:"UNIT" help:"What one unit of the file is: m, cm, mm, in, ft, or metres as a number (default: as the format has it, or metres)."`
	Pitch    float64 `placeholder:"METRES" help:"From pixel to pixel where the file has only lines or counts (default: 60 a metre)."`
	Up       string  `placeholder:"AXIS" help:"Of a CSV, OPC, OBJ or glTF file: the axis that points up there, y or z (default: z of OPC, y of the others)."`
	Networks string  `placeholder:"FILE" help:"Of an xLights layout: the show's xlights_networks.xml, with its controllers; off for none (default: the one beside FILE, where there is one)."`
	Mode     string  `placeholder:"NAME" help:"Of a GDTF file: the DMX mode (default: the first)."`
}

func (c *importCommand) Run(p *program) error {
	var o layout.Options
	var err error
	if c.Unit != "" {
		if o.Unit, err = layout.ParseUnit(c.Unit); err != nil {
			return inputError{fmt.Errorf("--%w", err)}
		}
	}
	if c.Pitch < 0 || c.Pitch > 100 || c.Pitch > 0 && c.Pitch < 0.0005 {
		return inputError{fmt.Errorf("--pitch %v: expected 0.0005…100 metres", c.Pitch)}
	}
	if c.Up != "" && c.Up != "y" && c.Up != "z" {
		return inputError{fmt.Errorf("--up %q: expected y or z", c.Up)}
	}
	o.Pitch, o.Mode, o.Up = c.Pitch, c.Mode, c.Up
	data, err := readLayout(c.File)
	if err != nil {
		return inputError{err}
	}
	if o.Networks, o.NetworksName, err = c.networks(); err != nil {
		return inputError{err}
	}
	l, err := layout.Read(c.File, data, o)
	if err != nil {
		return inputError{err}
	}
	if c.Name != "" {
		l.Name = c.Name
	}
	files, err := l.Write()
	if err != nil {
		return inputError{err}
	}
	if c.Out == "" {
		c.Out = l.Name
	}
	if err := writeFolder(c.Out, files); err != nil {
		return err
	}
	for _, n := range l.Notes {
		p.log("note: " + n)
	}
	// What was written is read as any installation is.
	main := filepath.Join(c.Out, files[0].Name)
	_, problems := installations.OpenNamed(main, shaders.FS)
	for _, problem := range problems {
		if !problem.Warning {
			return problems
		}
		p.log(problem.String())
	}
	fmt.Fprintf(p.stdout, "%s: %d pixels on %d fixtures, read as %s\nlook at it: noctiluca check %s\n", main, l.Pixels(), len(l.Fixtures), l.Format, c.Out)
	return nil
}

// networks reads the controllers of an xLights show: the file asked for, or
// the one that xLights has beside its layout.
func (c *importCommand) networks() ([]byte, string, error) {
	name := c.Networks
	switch {
	case name == "off":
		return nil, "", nil
	case name != "":
	case strings.EqualFold(filepath.Ext(c.File), ".xml"):
		name = filepath.Join(filepath.Dir(c.File), "xlights_networks.xml")
		if _, err := os.Stat(name); err != nil || filepath.Base(c.File) == filepath.Base(name) {
			return nil, "", nil
		}
	default:
		return nil, "", nil
	}
	data, err := readLayout(name)
	return data, name, err
}

// readLayout reads a file that is not too long.
func readLayout(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, layout.MaxBytes+1))
	if err == nil && len(data) > layout.MaxBytes {
		err = fmt.Errorf("%s: it is longer than %d MiB, the most that is read", name, layout.MaxBytes>>20)
	}
	return data, err
}

// writeFolder writes files into a folder, and none over one that is there.
func writeFolder(folder string, files layout.Files) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		name := filepath.Join(folder, f.Name)
		if _, err := os.Lstat(name); err == nil {
			return inputError{fmt.Errorf("%s is there already: -o names another folder", name)}
		} else if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

type exportCommand struct {
	Installation string `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	As           string `placeholder:"FORMAT" help:"fpp, opc, csv or svg (default: by the extension of --out)."`
	Out          string `required:"" short:"o" placeholder:"FILE" help:"The file to write: .json, .csv or .svg; - for the screen."`
}

func (c *exportCommand) Run(p *program) error {
	as := c.As
	if as == "" {
		as = strings.TrimPrefix(strings.ToLower(filepath.Ext(c.Out)), ".")
		if as == "json" {
			return inputError{errors.New("--as fpp or --as opc: both are .json files")}
		}
	}
	write := layout.Exporters[as]
	if write == nil {
		return inputError{fmt.Errorf("--as %q: expected fpp, opc, csv or svg", as)}
	}
	a := artwork{Installation: c.Installation}
	inst, err := a.read(p)
	if err != nil {
		return err
	}
	if c.Out == "-" {
		return write(p.stdout, inst)
	}
	if err := wholefile.Write(c.Out, func(w io.Writer) error { return write(w, inst) }); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, c.Out)
	return nil
}
