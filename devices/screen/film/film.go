// Package film writes pictures that follow one another to a file: a video
// through ffmpeg where that is installed, an animated GIF, or a folder of PNGs.
//
// It knows nothing of windows: it is given RGBA pixels, all of one size. The
// one idea it owns: a file is whole or it is not there. What is unfinished
// lies beside it under another name until Close.
package film

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Writer takes pictures, one after another.
type Writer interface {
	// Add takes the next picture, 4 bytes a pixel, opaque; it does not keep it.
	Add(rgba []byte) error
	// Close ends the file.
	Close() error
	// Abandon removes what was begun.
	Abandon()
}

// Open begins a file of pictures of that size, fps a second. Its ending says
// what it is: .mp4, .mov, .mkv or .webm need ffmpeg, .gif does not, and a name
// with a number in it (forest-%04d.png) is a PNG for each picture.
func Open(name string, width, height int, fps float64) (Writer, error) {
	if width < 2 || height < 2 || width > 7680 || height > 4320 {
		return nil, fmt.Errorf("%s: a film of %d×%d: expected 2×2…7680×4320", name, width, height)
	}
	if !(fps > 0 && fps <= 240) {
		return nil, fmt.Errorf("%s: %v pictures a second: expected over 0, at most 240", name, fps)
	}
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".mp4", ".mov", ".mkv", ".webm":
		return openVideo(name, ext, width, height, fps)
	case ".gif":
		return openGIF(name, width, height, fps)
	case ".png":
		if a, b := fmt.Sprintf(name, 1), fmt.Sprintf(name, 2); a == b || strings.Contains(a, "%!") {
			return nil, fmt.Errorf("%s: a film of PNGs needs a place for the number, as in %s", name, strings.TrimSuffix(name, ext)+"-%04d.png")
		}
		return &sequence{name: name, width: width, height: height}, nil
	default:
		return nil, fmt.Errorf("%s: a film ends in .mp4, .mov, .mkv or .webm (with ffmpeg), .gif, or %%04d.png", name)
	}
}

// video is a file that ffmpeg makes of the pictures on its standard input.
type video struct {
	name, part string
	cmd        *exec.Cmd
	in         io.WriteCloser
	said       bytes.Buffer
}

func openVideo(name, ext string, width, height int, fps float64) (Writer, error) {
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, fmt.Errorf("%s: needs ffmpeg, which is not installed; a .gif or forest-%%04d.png does without", name)
	}
	v := &video{name: name, part: strings.TrimSuffix(name, filepath.Ext(name)) + ".part" + ext}
	codec := []string{"-c:v", "libx264", "-preset", "medium", "-crf", "15", "-movflags", "+faststart"}
	if ext == ".webm" {
		codec = []string{"-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0"}
	}
	args := []string{"-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", fmt.Sprintf("%dx%d", width, height), "-r", fmt.Sprint(fps), "-i", "-"}
	// Chroma is halved: sizes are made even.
	args = append(args, "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p")
	args = append(append(args, codec...), v.part)
	v.cmd = exec.Command(program, args...)
	v.cmd.Stderr = &v.said
	if v.in, err = v.cmd.StdinPipe(); err == nil {
		err = v.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

func (v *video) Add(rgba []byte) error {
	if _, err := v.in.Write(rgba); err != nil {
		return fmt.Errorf("%s: ffmpeg ended: %s", v.name, v.why(err))
	}
	return nil
}

func (v *video) why(err error) string {
	_ = v.in.Close()
	_ = v.cmd.Wait()
	if s := strings.TrimSpace(v.said.String()); s != "" {
		return s
	}
	return err.Error()
}

func (v *video) Close() error {
	_ = v.in.Close()
	if err := v.cmd.Wait(); err != nil {
		os.Remove(v.part)
		return fmt.Errorf("%s: ffmpeg: %w: %s", v.name, err, strings.TrimSpace(v.said.String()))
	}
	return os.Rename(v.part, v.name)
}

func (v *video) Abandon() {
	_ = v.in.Close()
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
	os.Remove(v.part)
}

// sequence is a file for each picture.
type sequence struct {
	name          string
	width, height int
	n             int
}

func (s *sequence) Add(rgba []byte) error {
	s.n++
	name := fmt.Sprintf(s.name, s.n)
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err = e.Encode(f, &image.NRGBA{Pix: rgba, Stride: 4 * s.width, Rect: image.Rect(0, 0, s.width, s.height)})
	if c := f.Close(); err == nil {
		err = c
	}
	return err
}

func (s *sequence) Close() error { return nil }

func (s *sequence) Abandon() {
	for i := 1; i <= s.n; i++ {
		os.Remove(fmt.Sprintf(s.name, i))
	}
}
