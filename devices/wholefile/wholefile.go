// Package wholefile writes files that are whole or not there: what is being
// written stands beside its name under another, and takes the name in one
// step when it is finished. Work that is interrupted, or a disk that is full,
// so costs nothing that was there before.
//
// The one idea it owns is that step. It is not for what must survive a power
// failure to the second, which is synchronised as showfile does, nor for what
// is useful while it grows, as a recording is.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// File is a file in the making. Its methods are for one goroutine. What it
// holds is nobody's until Commit, and gone after Abandon.
type File struct {
	file    *os.File
	name    string
	inPlace bool // a device or the like
}

// Write implements io.Writer. Errors name the file that it will be.
func (f *File) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	return n, f.named(err)
}

// WriteAt implements io.WriterAt. Errors name the file that it will be.
func (f *File) WriteAt(b []byte, at int64) (int, error) {
	n, err := f.file.WriteAt(b, at)
	return n, f.named(err)
}

func (f *File) named(err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: "write", Path: f.name, Err: cause(err)}
}

// Create begins a file that will stand at name. Where a device, a pipe or the
// like stands there, as /dev/null, it is written to as it is; a link is
// followed. The rights are those of the file that is there, or 0666 less the
// umask. Errors are *fs.PathError with name.
func Create(name string) (*File, error) {
	mode := fs.FileMode(0o666)
	exact := false
	switch info, err := os.Stat(name); {
	case err != nil:
	case info.IsDir():
		return nil, &fs.PathError{Op: "write", Path: name, Err: errors.New("there is a folder of that name")}
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &File{file: f, name: name, inPlace: true}, nil
	default:
		mode, exact = info.Mode().Perm(), true
	}
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
	}
	dir, base := filepath.Split(name)
	for range 100 {
		part := filepath.Join(dir, fmt.Sprintf(".%s.%08x.part", base, rand.Uint32()))
		f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "write", Path: name, Err: cause(err)}
		}
		if exact {
			f.Chmod(mode) // what the umask took away
		}
		return &File{file: f, name: name}, nil
	}
	return nil, &fs.PathError{Op: "write", Path: name, Err: errors.New("no name beside it is free")}
}

// Commit closes the file and gives it its name. On an error nothing of it
// stays, and what was there before is untouched.
func (f *File) Commit() error {
	err := f.file.Close()
	if f.inPlace {
		return f.named(err)
	}
	if err == nil {
		err = os.Rename(f.file.Name(), f.name)
	}
	if err != nil {
		os.Remove(f.file.Name())
	}
	return f.named(err)
}

// Abandon closes the file and removes what was written of it. A file that was
// committed or abandoned already stays as it is.
func (f *File) Abandon() {
	if f.file.Close() == nil && !f.inPlace {
		os.Remove(f.file.Name())
	}
}

// Write has a function write a whole file: on an error of it, or of the disk,
// what was there before stays. Errors name the file.
func Write(name string, to func(io.Writer) error) error {
	f, err := Create(name)
	if err != nil {
		return err
	}
	defer f.Abandon()
	if err := to(f); err != nil {
		var named *fs.PathError
		if errors.As(err, &named) && named.Path == f.name {
			return err
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.Commit()
}

// cause is an error without the name of a file that nobody asked for.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
