// Package starter makes an installation of one's own out of a shipped one:
// its file, its show, the fields that it plays, and the schemas by which
// editors complete and check them, all in one folder that needs nothing else.
//
// It writes no file. The one idea it owns: the copy plays the same light, to
// the bit, until somebody changes it.
package starter

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"noctiluca/installations"
)

// File is one of a folder.
type File struct {
	Name string
	Data []byte
}

var (
	schema = regexp.MustCompile(`\$schema=\.\./`)
	named  = regexp.MustCompile(`(?m)^name: .*$`)
	// A field by name, in block and in flow style; one of a path has a dot.
	field = regexp.MustCompile(`\bfield: ([A-Za-z0-9_-]+)([\s,}]|$)`)
	// What installations take for a name.
	allowed = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$`)
)

// Copy gives the files of a copy of a shipped installation, the installation's
// own first. name is what the copy is called, where it can be a name, and
// else it keeps that of the original. fields holds the shipped fields.
func Copy(shipped, name string, fields fs.FS) ([]File, error) {
	if !slices.Contains(installations.ShippedNames(), shipped) {
		return nil, fmt.Errorf("no shipped installation is called %q: there is %s", shipped, strings.Join(installations.ShippedNames(), ", "))
	}
	var files []File
	from := installations.Shipped()
	entries, err := fs.ReadDir(from, shipped)
	if err != nil {
		return nil, err
	}
	var used []string
	for _, e := range entries {
		if e.IsDir() {
			return nil, fmt.Errorf("%s holds a folder, %s", shipped, e.Name())
		}
		data, err := fs.ReadFile(from, path.Join(shipped, e.Name()))
		if err != nil {
			return nil, err
		}
		text := schema.ReplaceAllString(string(data), "$$schema=./")
		if e.Name() == installations.FileName {
			if allowed.MatchString(name) {
				text = named.ReplaceAllLiteralString(text, "name: "+name)
			}
			text = field.ReplaceAllStringFunc(text, func(s string) string {
				m := field.FindStringSubmatch(s)
				if !slices.Contains(used, m[1]) {
					used = append(used, m[1])
				}
				return "field: " + m[1] + ".kage" + m[2]
			})
		}
		f := File{e.Name(), []byte(text)}
		if e.Name() == installations.FileName {
			files = slices.Insert(files, 0, f)
		} else {
			files = append(files, f)
		}
	}
	if len(files) == 0 || files[0].Name != installations.FileName {
		return nil, errors.New(shipped + " has no " + installations.FileName)
	}
	for _, f := range used {
		data, err := fs.ReadFile(fields, f+".kage")
		if err != nil {
			return nil, err
		}
		files = append(files, File{f + ".kage", data})
	}
	for _, s := range []string{"installation.schema.json", "show.schema.json"} {
		data, err := fs.ReadFile(installations.Schemas(), s)
		if err != nil {
			return nil, err
		}
		files = append(files, File{s, data})
	}
	return files, nil
}
