package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"

	"filewarden/bot"
)

// call is a command line sent to the running bot.
type call struct {
	Args     []string `json:"args"`
	Terminal bool     `json:"terminal"`
	Color    bool     `json:"color"`
}

// piece is one line of the answer: output, or the exit code that ends it.
type piece struct {
	Out  []byte `json:"out,omitempty"` // bytes, as a backup may go this way
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// serveControl answers commands at the socket in the data folder. Whoever may
// enter that folder (its owner: 0700) may ask.
func (c *Context) serveControl(b *bot.Bot) error {
	path := c.Operator.socket()
	// We hold the store, so a socket that is there was left by a killed process.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the socket of an earlier run: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("opening the socket for commands (its path must be shorter than 100 bytes; choose another --data): %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, listener.Close())
	}
	return c.serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.answerCall(b, w, r) }))
}

// answerCall runs one command line inside this process.
func (c *Context) answerCall(b *bot.Bot, w http.ResponseWriter, r *http.Request) {
	var asked call
	if err := json.NewDecoder(io.LimitReader(r.Body, 16<<20)).Decode(&asked); err != nil {
		http.Error(w, "not a command line: "+err.Error(), http.StatusBadRequest)
		return
	}
	pieces := newPieces(w)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(c.Ctx, cancel)()
	inner := &Context{
		Ctx: ctx, Version: c.Version, Tasks: c.Tasks, NewLine: c.NewLine, Stdin: http.NoBody,
		Out: pieces.out(), Err: pieces.err(), Terminal: asked.Terminal, Color: asked.Color,
		Remote: true, Args: asked.Args, Lookup: c.Lookup, running: b,
	}
	fmt.Fprintf(inner.Err, "Done by the running filewarden, as %s in mode %s:\n", b.Account(), b.Mode())
	code := Main(inner)
	pieces.send(piece{Exit: &code})
}

// askRunning sends this command line to the bot that holds the data folder.
func (c *Context) askRunning(inUse error) error {
	path := c.Operator.socket()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
	}}
	answer, err := c.send(client)
	if err != nil {
		return fmt.Errorf("%w\nThe process that holds it does not answer at %s either: %w", inUse, path, err)
	}
	defer answer.Body.Close()
	return c.relay(answer.Body)
}

func (c *Context) send(client *http.Client) (*http.Response, error) {
	body, err := json.Marshal(call{c.Args, c.Terminal, c.Color})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(c.Ctx, http.MethodPost, "http://filewarden/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return client.Do(r)
}

// relay prints what the running bot says until it gives the exit code.
func (c *Context) relay(body io.Reader) error {
	lines := json.NewDecoder(body)
	for {
		var p piece
		if err := lines.Decode(&p); err != nil {
			return fmt.Errorf("the running bot ended before it had answered: %w", err)
		}
		if p.Exit != nil {
			return exitOf(*p.Exit)
		}
		if _, err := c.Out.Write(p.Out); err != nil {
			return err
		}
		if _, err := c.Err.Write(p.Err); err != nil {
			return err
		}
	}
}

// exitError is an exit code whose words have been said already.
type exitError int

// Error is for the log only.
func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func exitOf(code int) error {
	if code == ExitDone {
		return nil
	}
	return exitError(code)
}
