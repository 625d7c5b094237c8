//go:build !venue

package screen

// tally counts what a picture hands to the graphics driver.
type tally struct {
	draws    int // calls; neighbours with the same state go to the GPU as one
	vertices int
	indices  int
	bytes    int // of images that are uploaded
}

func (t *tally) draw(vertices, indices int) {
	t.draws++
	t.vertices += vertices
	t.indices += indices
}

func (t *tally) upload(pixels []byte) { t.bytes += len(pixels) }

func (t tally) plus(o tally) tally {
	return tally{t.draws + o.draws, t.vertices + o.vertices, t.indices + o.indices, t.bytes + o.bytes}
}
