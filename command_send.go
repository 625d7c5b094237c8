package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"noctiluca/devices/emotibit"
	"noctiluca/devices/readings"
)

type sendCommand struct {
	Recording string            `arg:"" name:"RECORDING" type:"existingfile" help:"An EmotiBit packet log, readings of Noctiluca's own, an XDF file of Lab Streaming Layer, or a table (.csv, .txt) with --column."`
	To        string            `default:"127.0.0.1:9000" help:"Where Noctiluca listens, host:port."`
	Speed     float64           `default:"1" help:"Times real time."`
	Column    map[string]string `placeholder:"NAME=KIND" help:"Of a table: a column's name or number, from 0, and what it measures: ppg, ecg, eda, breath, hr, ibi, valence …"`
	Rate      float64           `placeholder:"HZ" help:"Of a table: samples a second."`
	Time      string            `placeholder:"COLUMN" help:"Of a table: the column that holds the seconds, if there is one."`
	Person    string            `default:"recorded" placeholder:"NAME" help:"Of a table: the pseudonym of who was recorded (default: recorded)."`
	Agreed    bool              `help:"The people of the recording agreed that it moves light and is shown: send their consents too."`
}

func (c *sendCommand) Run(p *program) error {
	if !(c.Speed > 0 && c.Speed <= 1000) {
		return inputError{fmt.Errorf("--speed %v: expected over 0, at most 1000", c.Speed)}
	}
	play, err := c.read(p)
	if err != nil {
		return inputError{err}
	}
	conn, err := net.Dial("udp", c.To)
	if err != nil {
		return inputError{fmt.Errorf("--to %s: %w", c.To, err)}
	}
	defer conn.Close()
	sent, err := play(conn)
	fmt.Fprintln(p.stdout, sent)
	return err
}

// read finds out what the file is, reads all of it, and gives what plays it.
func (c *sendCommand) read(p *program) (func(io.Writer) (any, error), error) {
	f, err := os.Open(c.Recording)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(f, head)
	head = head[:n]
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	progress := terminal(p.stderr)
	warn := func(ws []string, more int) {
		for _, w := range ws {
			p.log("warning: " + w)
		}
		if more > len(ws) {
			p.log(fmt.Sprintf("warning: %s: %d more lines were left out", c.Recording, more-len(ws)))
		}
	}
	if readings.IsXDF(head) {
		x, err := readings.ReadXDF(f, c.Recording)
		if err != nil {
			return nil, err
		}
		warn(x.Warnings, 0)
		messages, err := x.Messages()
		if err != nil {
			return nil, err
		}
		for _, s := range x.Streams {
			p.log(fmt.Sprintf("stream %q (%s): %d channels, %d samples, to %s …", s.Name, s.Type, s.Channels, len(s.Times), readings.Address(s.Name, 0)))
		}
		return func(w io.Writer) (any, error) { return readings.Play(p.ctx, w, messages, c.Speed, progress) }, nil
	}
	if len(c.Column) == 0 && !readings.IsOurs(head) {
		r, err := emotibit.Read(f, c.Recording)
		if err != nil {
			return nil, errors.Join(err, fmt.Errorf("%s: if it is a table, say what its columns are, as --column 0=ppg --rate 100", c.Recording))
		}
		return func(w io.Writer) (any, error) { return emotibit.Send(p.ctx, w, r, c.Speed, progress) }, nil
	}
	r, err := readings.ReadCSV(f, c.Recording, readings.Columns{Kinds: c.Column, Person: c.Person, Rate: c.Rate, Time: c.Time})
	if err != nil {
		return nil, err
	}
	warn(r.Warnings, r.LeftOut)
	p.log(fmt.Sprintf("%s: %d readings over %v", c.Recording, len(r.Readings), r.Length().Round(time.Second)))
	messages := r.Messages(c.Agreed)
	return func(w io.Writer) (any, error) { return readings.Play(p.ctx, w, messages, c.Speed, progress) }, nil
}
