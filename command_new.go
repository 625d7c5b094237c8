package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"noctiluca/devices/wholefile"
	"noctiluca/installations/starter"
	"noctiluca/shaders"
)

type newCommand struct {
	Folder string `arg:"" name:"FOLDER" help:"Folder to write into; it is made where there is none."`
	From   string `default:"forest" placeholder:"NAME" help:"Shipped artwork to begin with: ${shipped} (default: forest)."`
}

func (newCommand) Help() string {
	return `Writes installation.yaml, the fields that it plays, its show where it has one, and the schemas by which editors complete and check the keys. What it plays is the same light, until you change it.

Examples:

    noctiluca new my-work
    noctiluca new my-cave --from cave
    noctiluca preview ./my-work --crowd 7              then open its files in your editor`
}

func (c *newCommand) Run(p *program) error {
	whole, err := filepath.Abs(c.Folder)
	if err != nil {
		return inputError{err}
	}
	files, err := starter.Copy(c.From, filepath.Base(whole), shaders.FS)
	if err != nil {
		return inputError{fmt.Errorf("--from: %w", err)}
	}
	for _, f := range files {
		name := filepath.Join(c.Folder, f.Name)
		if _, err := os.Lstat(name); err == nil {
			return inputError{fmt.Errorf("%s is there already: name another folder", name)}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return inputError{err}
		}
	}
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := wholefile.Write(filepath.Join(c.Folder, f.Name), func(w io.Writer) error { _, err := w.Write(f.Data); return err }); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, filepath.Join(c.Folder, f.Name))
	}
	fmt.Fprintf(p.stdout, "look at it: noctiluca preview %s --crowd 7\n", pathArgument(c.Folder))
	return nil
}

// pathArgument is a folder as a command takes it: one of a shipped name needs
// ./ before it.
func pathArgument(folder string) string {
	if filepath.IsAbs(folder) || folder != filepath.Base(folder) {
		return folder
	}
	return "." + string(filepath.Separator) + folder
}
