package control

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"noctiluca/engine/show"
)

// node is a place in the description of OSCQuery.
type node struct {
	FullPath    string           `json:"FULL_PATH"`
	Description string           `json:"DESCRIPTION,omitempty"`
	Access      int              `json:"ACCESS"`
	Type        string           `json:"TYPE,omitempty"`
	Value       []any            `json:"VALUE,omitempty"`
	Range       []span           `json:"RANGE,omitempty"`
	Unit        []string         `json:"UNIT,omitempty"`
	Contents    map[string]*node `json:"CONTENTS,omitempty"`
}

// span is the range of a value.
type span struct {
	Min  *float32 `json:"MIN,omitempty"`
	Max  *float32 `json:"MAX,omitempty"`
	Vals []any    `json:"VALS,omitempty"`
}

// Access by OSCQuery's numbers.
const (
	nothing  = 0
	readable = 1
	writable = 2
	both     = 3
)

// describe makes the whole tree.
func (s *Server) describe(v *show.View) *node {
	root := &node{FullPath: "/", Description: s.o.Name, Contents: map[string]*node{}}
	for i := range s.o.Show.Specs {
		spec := &s.o.Show.Specs[i]
		n := root.at(spec.Path)
		n.Access, n.Description = both, spec.Label
		low, high := spec.Min, spec.Max
		switch spec.Kind {
		case show.Switch:
			n.Type, n.Value = "i", []any{int(v.To[i])}
			zero, one := float32(0), float32(1)
			n.Range = []span{{Min: &zero, Max: &one}}
		case show.Choice:
			n.Type, n.Value = "s", []any{spec.Text(v.To[i])}
			var vals []any
			for _, c := range spec.Choices {
				vals = append(vals, c)
			}
			n.Range = []span{{Vals: vals}}
		default:
			n.Type, n.Value = "f", []any{v.To[i]}
			n.Range = []span{{Min: &low, Max: &high}}
			if spec.Unit != "" {
				n.Unit = []string{spec.Unit}
			}
		}
	}
	for path := range actions {
		n := root.at(path)
		n.Access = writable
		switch path {
		case "/cue", "/snapshot", "/gesture/play", "/gesture/stop":
			n.Type, n.Description = "i", leaf(path)+" by its number, from 1"
		case "/gesture/seek":
			n.Type, n.Description = "if", "a gesture by its number, from 1, goes on so many seconds into it"
		case "/tempo":
			n.Type, n.Description = "f", "beats a minute"
		default:
			n.Type, n.Description = "I", leaf(path)
		}
	}
	describeCues(root, v)
	take := root.at("/snapshot/take")
	take.Access, take.Type, take.Description = writable, "ss", "keep the parameters whose paths begin so, under a name"
	save := root.at("/save")
	save.Access, save.Type, save.Description = writable, "I", "save the show"
	s.describeRules(root)
	return root
}

// at finds or makes the node of a path.
func (n *node) at(path string) *node {
	full := ""
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		full += "/" + part
		next := n.Contents[part]
		if next == nil {
			next = &node{FullPath: full}
			if n.Contents == nil {
				n.Contents = map[string]*node{}
			}
			n.Contents[part] = next
		}
		n = next
	}
	return n
}

// find gives the node of a path, or nil.
func (n *node) find(path string) *node {
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if part == "" {
			continue
		}
		if n = n.Contents[part]; n == nil {
			return nil
		}
	}
	return n
}

// host is what ?HOST_INFO tells.
type host struct {
	Name       string          `json:"NAME"`
	Port       int             `json:"OSC_PORT,omitempty"`
	IP         string          `json:"OSC_IP,omitempty"`
	Transport  string          `json:"OSC_TRANSPORT,omitempty"`
	Extensions map[string]bool `json:"EXTENSIONS"`
}

func (s *Server) host() host {
	h := host{Name: s.o.Name, Extensions: map[string]bool{
		"ACCESS": true, "VALUE": true, "RANGE": true, "DESCRIPTION": true, "TYPE": true, "UNIT": true,
		"LISTEN": true, "PATH_CHANGED": false, "TAGS": false, "CLIPMODE": false,
	}}
	if s.conn != nil {
		h.Port, h.Transport = int(s.Addr().Port()), "UDP"
		if a := s.Addr().Addr(); !a.IsUnspecified() {
			h.IP = a.String()
		}
	}
	return h
}

// serve answers HTTP until ctx is done.
func (s *Server) serve(ctx context.Context) {
	slots := make(chan struct{}, maxListeners)
	var open sync.WaitGroup
	server := &http.Server{
		ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 0, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 16 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			from, err := netip.ParseAddrPort(r.RemoteAddr)
			if err != nil || !s.allowed(from.Addr()) {
				http.Error(w, "this address may not look: the key allow of the show's control lists who may", http.StatusForbidden)
				return
			}
			if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
				select {
				case slots <- struct{}{}:
					defer func() { <-slots }()
					open.Add(1)
					defer open.Done()
					s.listen(ctx, w, r)
				default:
					http.Error(w, "too many listeners", http.StatusServiceUnavailable)
				}
				return
			}
			s.answer(w, r)
		}),
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	go func() {
		<-ctx.Done()
		end, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		server.Shutdown(end)
		server.Close()
	}()
	server.Serve(s.web)
	open.Wait()
}

// answer gives a node, or one attribute of it, as JSON.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if r.URL.RawQuery == "HOST_INFO" {
		json.NewEncoder(w).Encode(s.host())
		return
	}
	var v show.View
	s.o.Show.Look(&v)
	n := s.describe(&v).find(r.URL.Path)
	if n == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	key := r.URL.RawQuery
	if key == "" {
		json.NewEncoder(w).Encode(n)
		return
	}
	// One attribute: what the whole node has under that name.
	whole, _ := json.Marshal(n)
	var all map[string]json.RawMessage
	json.Unmarshal(whole, &all)
	known := map[string]bool{"FULL_PATH": true, "DESCRIPTION": true, "ACCESS": true, "TYPE": true, "VALUE": true, "RANGE": true, "UNIT": true, "CONTENTS": true}
	switch got, ok := all[key]; {
	case !known[key]:
		w.WriteHeader(http.StatusBadRequest)
	case !ok:
		w.WriteHeader(http.StatusNoContent)
	default:
		json.NewEncoder(w).Encode(map[string]json.RawMessage{key: got})
	}
}

// command is what a listener says.
type command struct {
	Command string `json:"COMMAND"`
	Data    any    `json:"DATA"`
}

// listen streams the values that a WebSocket asks for, as OSC packets.
func (s *Server) listen(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer c.CloseNow()
	c.SetReadLimit(4096)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var mu sync.Mutex
	wanted := map[show.ID]bool{}
	go func() {
		defer stop()
		for {
			kind, data, err := c.Read(ctx)
			if err != nil {
				return
			}
			var say command
			if kind != websocket.MessageText || json.Unmarshal(data, &say) != nil {
				continue
			}
			path, _ := say.Data.(string)
			id, err := s.o.Show.Find(path)
			if err != nil {
				continue
			}
			mu.Lock()
			switch say.Command {
			case "LISTEN":
				wanted[id] = true
			case "IGNORE":
				delete(wanted, id)
			}
			mu.Unlock()
		}
	}()
	tick := time.NewTicker(feedbackEvery)
	defer tick.Stop()
	told := map[show.ID]float32{}
	var v show.View
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.o.Show.Look(&v)
		mu.Lock()
		var packets [][]byte
		for id := range wanted {
			if was, ok := told[id]; !ok || was != v.To[id] {
				told[id] = v.To[id]
				if b, err := message(&s.o.Show.Specs[id], v.To[id]).MarshalBinary(); err == nil {
					packets = append(packets, b)
				}
			}
		}
		for id := range told {
			if !wanted[id] {
				delete(told, id)
			}
		}
		mu.Unlock()
		for _, b := range packets {
			// A listener that does not read is let go.
			end, cancel := context.WithTimeout(ctx, 2*time.Second)
			err := c.Write(end, websocket.MessageBinary, b)
			cancel()
			if err != nil {
				return
			}
		}
	}
}
