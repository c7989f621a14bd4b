package edge_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/edge"

	"github.com/rs/zerolog"
)

// write makes a file of keys.
func write(t *testing.T, path string, ids ...string) {
	t.Helper()
	var text strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&text, "%s %s\n", id, base64.StdEncoding.EncodeToString([]byte("the secret of "+id+" is long")))
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// watched is a ring whose clock and hangups are the test's. What it says after
// each look arrives as a line.
func watched(t *testing.T, path string) (ring *edge.Ring, hangup chan os.Signal, tick chan time.Time, lines *bufio.Scanner) {
	t.Helper()
	here, there := net.Pipe()
	ring, err := edge.OpenRing(path, zerolog.New(there))
	if err != nil {
		t.Fatal(err)
	}
	hangup, tick = make(chan os.Signal), make(chan time.Time)
	ctx, stop := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { ring.Watch(ctx, hangup, tick) })
	t.Cleanup(func() { stop(); here.Close(); done.Wait() })
	return ring, hangup, tick, bufio.NewScanner(here)
}

func TestKeysAreReadAgainWhenTheFileChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	write(t, path, "a")
	ring, hangup, tick, lines := watched(t, path)
	tick <- noon // nothing has changed, nothing is said
	hangup <- syscall.SIGHUP
	if lines.Scan(); !strings.Contains(lines.Text(), `"ids":["a"]`) {
		t.Error(lines.Text())
	}
	write(t, path, "bb", "a")
	tick <- noon
	if lines.Scan(); !strings.Contains(lines.Text(), `"ids":["bb","a"]`) || len(ring.Keys()) != 2 {
		t.Errorf("%s, keys %v", lines.Text(), ring)
	}
}

func TestKeysAreReadAgainAtHangup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	write(t, path, "a")
	ring, hangup, _, lines := watched(t, path)
	hangup <- syscall.SIGHUP
	if lines.Scan(); !strings.Contains(lines.Text(), "keys read") || len(ring.Keys()) != 1 {
		t.Errorf("%s, keys %v", lines.Text(), ring)
	}
}

func TestABrokenFileLeavesTheKeysInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	write(t, path, "a")
	ring, hangup, tick, lines := watched(t, path)
	if err := os.WriteFile(path, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	tick <- noon
	lines.Scan()
	if !strings.Contains(lines.Text(), "the former ones stay") || strings.Contains(lines.Text(), "hunter2") || len(ring.Keys()) != 1 {
		t.Errorf("%s, keys %v", lines.Text(), ring)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	tick <- noon
	if lines.Scan(); !strings.Contains(lines.Text(), "no such file") {
		t.Error(lines.Text())
	}
	tick <- noon // still away: said once, and again when asked
	hangup <- syscall.SIGHUP
	if lines.Scan(); !strings.Contains(lines.Text(), "no such file") {
		t.Error(lines.Text())
	}
	write(t, path, "b")
	tick <- noon
	if lines.Scan(); !strings.Contains(lines.Text(), `"ids":["b"]`) {
		t.Error(lines.Text())
	}
}

func TestKeysChangeUnderLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	write(t, path, "a")
	ring, err := edge.OpenRing(path, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	hangup := make(chan os.Signal)
	ctx, stop := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { ring.Watch(ctx, hangup, nil) })
	uri, err := ring.Keys().Sign(plain, mediaurl.H1, noon)
	if err != nil {
		t.Fatal(err)
	}
	h := handler(func(s *edge.Settings) { s.Keys = ring.Keys })
	for range 4 {
		work.Go(func() {
			for range 200 {
				if got := ask(h, uri); got.Signature != "valid" {
					t.Errorf("%v, while the key was there all the time", got)
				}
			}
		})
	}
	for i := range 20 {
		write(t, path+".new", fmt.Sprint("k", i), "a")
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		hangup <- syscall.SIGHUP
	}
	stop()
	work.Wait()
}

// serve starts a service and returns how to end it.
func serve(t *testing.T, listener net.Listener, h http.Handler) (end func() error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- edge.Serve(ctx, listener, h, zerolog.Nop()) }()
	t.Cleanup(stop)
	return func() error { stop(); return <-ended }
}

// exchange sends raw text and returns the status line.
func exchange(t *testing.T, network, address, text string) string {
	t.Helper()
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() { _, _ = c.Write([]byte(text)) }() // it may be refused half-way
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func TestTheServiceKeepsQuestionsSmall(t *testing.T) {
	listener, err := edge.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	end := serve(t, listener, handler())
	for text, want := range map[string]string{
		"GET /verify HTTP/1.1\r\nHost: e\r\nX-Original-URI: " + plain + "\r\n\r\n":                        "204",
		"GET /verify HTTP/1.1\r\nHost: e\r\nX-Original-URI: /" + strings.Repeat("a", 64<<10) + "\r\n\r\n": "431",
		"GET /verify/" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: e\r\n\r\n":                     "431",
		"GET /verify HTTP/1.1\r\nHost: e\r\nX-Original-URI: /a\rX-Original-URI: /b\r\n\r\n":               "400",
		"GET /verify HTTP/1.1\r\nHost: e\r\nX-Original-URI: /a\r\nX-Original-URI: /b\r\n\r\n":             "400",
		"GET /verify/\xff\xfe?utm_source=%ff HTTP/1.1\r\nHost: e\r\n\r\n":                                 "204",
	} {
		if got := exchange(t, "tcp", listener.Addr().String(), text); !strings.HasPrefix(got, "HTTP/1.1 "+want) {
			t.Errorf("%.60q: %s, want %s", text, got, want)
		}
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

func TestASocketIsTakenOverAndLeftTidy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false) // as a killed process leaves it
	left.Close()
	listener, err := edge.Listen("unix:" + path)
	if err != nil {
		t.Fatal(err)
	}
	end := serve(t, listener, handler())
	got := exchange(t, "unix", path, "GET /health HTTP/1.0\r\n\r\n")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 || !strings.Contains(got, " 200 ") {
		t.Error(info, err, got)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the socket is still there")
	}
}

func TestAFileIsNoSocketToReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "precious")
	write(t, path, "a")
	if _, err := edge.Listen("unix:" + path); err == nil {
		t.Error("it listens where a file was")
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestOpenQuestionsAreAnsweredBeforeTheEnd(t *testing.T) {
	listener, err := edge.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked, goOn := make(chan struct{}), make(chan struct{})
	end := serve(t, listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-goOn
		w.WriteHeader(http.StatusNoContent)
	}))
	answered := make(chan string)
	go func() {
		r, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		r.Body.Close()
		answered <- r.Status
	}()
	<-asked
	ended := make(chan error)
	go func() { ended <- end() }()
	close(goOn)
	if got := <-answered; got != "204 No Content" {
		t.Error(got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func BenchmarkService(b *testing.B) {
	server := httptest.NewServer(handler())
	defer server.Close()
	uri := signed(b, mediaurl.H1, time.Minute)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := client.Get(server.URL + "/verify" + uri)
			if err != nil {
				b.Error(err)
				return
			}
			r.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}
