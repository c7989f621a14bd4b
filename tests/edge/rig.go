package edge

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filewarden/bot/wiki/mediaurl"
	provenance "filewarden/tasks/provenance/edge"
)

// rig is a client, an edge, the service beside it and the origin behind it.
type rig struct {
	front                 front
	edge, service, origin string // addresses, host:port
	keys, log, socket     string // paths
	serving, fronting     *process
}

// newRig brings everything up. require goes to the service; more are further
// things to replace in the configuration.
func newRig(t testing.TB, f front, keys mediaurl.Keys, require string, more ...string) *rig {
	t.Helper()
	program := need(t, f.program)
	dir := t.TempDir()
	r := &rig{
		front: f, edge: freePort(t), service: freePort(t), origin: newOrigin(t),
		keys: filepath.Join(dir, "keys"), log: filepath.Join(dir, "log"), socket: filepath.Join(dir, "socket"),
	}
	r.write(t, keys)
	if f.asks {
		r.serve(t, require)
	}
	r.fronting = f.start(t, r, program, more...)
	until(t, f.name+" answers", r.fronting, func() bool { return answers(r.edge) })
	return r
}

// serve starts the service.
func (r *rig) serve(t testing.TB, require string) {
	t.Helper()
	filewarden, err := build()
	if err != nil {
		t.Fatal(err)
	}
	r.serving = start(t, filewarden, "url", "serve", "--listen", r.service, "--keys", r.keys, "--require", require)
	until(t, "the service answers", r.serving, func() bool { return answers(r.service) })
}

// write changes the file of keys.
func (r *rig) write(t testing.TB, keys mediaurl.Keys) {
	t.Helper()
	var text strings.Builder
	for _, key := range keys {
		fmt.Fprintln(&text, key.ID, base64.StdEncoding.EncodeToString(key.Secret))
	}
	if err := os.WriteFile(r.keys+".new", []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(r.keys+".new", r.keys); err != nil {
		t.Fatal(err)
	}
}

// rotate changes the file of keys and waits until they are in use.
func (r *rig) rotate(t testing.TB, before, after mediaurl.Keys) {
	t.Helper()
	r.write(t, after)
	if !r.front.asks {
		r.rotateMap(t, before, after)
		return
	}
	until(t, "the keys are in use", r.serving, func() bool {
		answer, err := http.Get("http://" + r.service + "/health")
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		var health provenance.Health
		return json.NewDecoder(answer.Body).Decode(&health) == nil && slices.Equal(health.Keys, ids(after))
	})
}

// rotateMap does what haproxy.cfg tells its reader to do.
func (r *rig) rotateMap(t testing.TB, before, after mediaurl.Keys) {
	t.Helper()
	for _, key := range after {
		if !slices.Contains(ids(before), key.ID) {
			r.tell(t, "add map "+r.keys+" "+key.ID+" "+base64.StdEncoding.EncodeToString(key.Secret))
		}
	}
	for _, id := range ids(before) {
		if !slices.Contains(ids(after), id) {
			r.tell(t, "del map "+r.keys+" "+id)
		}
	}
}

func ids(keys mediaurl.Keys) (all []string) {
	for _, key := range keys {
		all = append(all, key.ID)
	}
	return all
}

// seen is what a client saw, and what the origin saw where it was asked.
type seen struct {
	Status                 int
	Signature, Source, Age string
	Origin                 string // signature, source and age; empty: not asked, or not marked
}

// ask sends a request to the edge. It is written by hand, because Go's client
// would tidy up its target.
func (r *rig) ask(t testing.TB, method, target string, header http.Header) seen {
	t.Helper()
	c, err := net.Dial("tcp", r.edge)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var request bytes.Buffer
	fmt.Fprintf(&request, "%s %s HTTP/1.1\r\nHost: upload.wikimedia.org\r\nConnection: close\r\n", method, target)
	_ = header.Write(&request) // a buffer takes everything
	request.WriteString("\r\n")
	if _, err := c.Write(request.Bytes()); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	get := func(prefix string) []string {
		var all []string
		for _, name := range marks {
			all = append(all, strings.Join(answer.Header.Values(prefix+name), ","))
		}
		return all
	}
	client, origin := get(""), get("From-Edge-")
	return seen{answer.StatusCode, client[0], client[1], client[2], strings.TrimSpace(strings.Join(origin, " "))}
}
