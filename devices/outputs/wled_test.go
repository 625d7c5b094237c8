package outputs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"noctiluca/devices/datagram"
)

type answers func() (string, error)

func (a answers) RoundTrip(*http.Request) (*http.Response, error) {
	text, err := a()
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewBufferString(text))}, err
}

// TestWLEDIsWrong when it does not answer, and when it plays its own though
// it was sent light for as long as lies between two questions.
func TestWLEDIsWrong(t *testing.T) {
	a, host := &asked{}, datagram.NewHost("127.0.0.1", 21324, nil)
	const own, live = `{"name":"Oak"}`, `{"name":"Oak","live":true,"lm":"UDP"}`
	for i, c := range []struct {
		text  string
		err   error
		wrong bool
	}{{own, nil, false}, {own, nil, true}, {live, nil, false}, {"", errors.New("no route"), true}, {live, nil, false}} {
		a.once(context.Background(), &http.Client{Transport: answers(func() (string, error) { return c.text, c.err })}, host)
		if d := a.Device(); d.Wrong != c.wrong || d.State == "" {
			t.Errorf("answer %d: %+v, want wrong %v", i, d, c.wrong)
		}
	}
}
