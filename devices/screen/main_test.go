//go:build !venue

package screen

import (
	"os"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

// Ebitengine draws only inside its game: all tests of this package run in its
// first Update. Without a display they run too, and those that draw are
// skipped by needDisplay.
func TestMain(m *testing.M) {
	if Available() != nil {
		os.Exit(m.Run())
	}
	ebiten.SetWindowSize(160, 90)
	g := &testGame{m: m}
	if err := ebiten.RunGame(g); err != nil {
		panic(err)
	}
	os.Exit(g.code)
}

type testGame struct {
	m    *testing.M
	code int
}

func (g *testGame) Update() error {
	g.code = g.m.Run()
	return ebiten.Termination
}

func (g *testGame) Draw(*ebiten.Image) {}

func (g *testGame) Layout(w, h int) (int, int) { return w, h }

// needDisplay skips a test that draws where nothing can be drawn.
func needDisplay(t testing.TB) {
	t.Helper()
	if err := Available(); err != nil {
		t.Skipf("a window (Xvfb with Mesa would do): %v", err)
	}
}
