//go:build !venue

package screen

import (
	"image"
	"math"

	"noctiluca/devices/screen/camera"

	"github.com/hajimehoshi/ebiten/v2"
)

// water is the surface of the stream as triangles.
type water struct {
	left, right []camera.Vec
	vertices    []ebiten.Vertex
	indices     []uint32
	bounds      image.Rectangle // of what is to be seen of it, pixels
}

func newWater(left, right []camera.Vec) water { return water{left: left, right: right} }

// project finds the stream on a picture.
func (w *water) project(v *camera.View) {
	w.vertices, w.indices = w.vertices[:0], w.indices[:0]
	w.bounds = image.Rectangle{}
	if v.Eye[1] <= 0 && len(w.left) > 0 && v.Eye[1] <= w.left[0][1] {
		return
	}
	whole := image.Rect(0, 0, int(v.Width), int(v.Height))
	before := false
	for i := range w.left {
		ax, ay, az := v.Project(w.left[i])
		bx, by, bz := v.Project(w.right[i])
		if az < camera.Near || bz < camera.Near {
			before = false
			continue
		}
		n := uint32(len(w.vertices))
		w.vertices = append(w.vertices, ebiten.Vertex{DstX: ax, DstY: ay, ColorA: 1}, ebiten.Vertex{DstX: bx, DstY: by, ColorA: 1})
		if before {
			p, q := &w.vertices[n-2], &w.vertices[n-1]
			box := image.Rect(pixel(min(ax, bx, p.DstX, q.DstX)), pixel(min(ay, by, p.DstY, q.DstY)),
				pixel(max(ax, bx, p.DstX, q.DstX))+1, pixel(max(ay, by, p.DstY, q.DstY))+1).Intersect(whole)
			if !box.Empty() {
				w.bounds = w.bounds.Union(box)
				w.indices = append(w.indices, n-2, n-1, n, n, n-1, n+1)
			}
		}
		before = true
	}
}

// pixel is the whole pixel of a place, kept in a range that does not overflow.
func pixel(x float32) int { return int(math.Floor(float64(min(max(x, -1e6), 1e6)))) }
