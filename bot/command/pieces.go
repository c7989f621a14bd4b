package command

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// pieces writes the two outputs of a command as one stream of JSON lines.
type pieces struct {
	mu   sync.Mutex
	w    http.ResponseWriter
	json *json.Encoder
}

func newPieces(w http.ResponseWriter) *pieces {
	w.Header().Set("Content-Type", "application/jsonl")
	return &pieces{w: w, json: json.NewEncoder(w)}
}

// send writes one piece at once, so the caller sees work as it goes on.
func (p *pieces) send(piece piece) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.json.Encode(piece); err != nil {
		return err
	}
	return http.NewResponseController(p.w).Flush()
}

func (p *pieces) out() io.Writer {
	return writer(func(b []byte) error { return p.send(piece{Out: b}) })
}
func (p *pieces) err() io.Writer {
	return writer(func(b []byte) error { return p.send(piece{Err: b}) })
}

// writer is an io.Writer made of a function.
type writer func([]byte) error

// Write hands the bytes on.
func (w writer) Write(b []byte) (int, error) {
	if err := w(b); err != nil {
		return 0, err
	}
	return len(b), nil
}
