package provider_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"

	"github.com/rs/zerolog"
)

// world is a desk, the services that it asks, and a clock that stands still
// but for the desk's own pauses.
type world struct {
	t      *testing.T
	server *providertest.Server
	keys   provider.Keys
	store  storage.Store
	config provider.Config
	desk   *provider.Desk
	fetch  provider.Fetch
	log    bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T, o providertest.Options) *world {
	w := &world{t: t, server: providertest.New(o), store: storage.Memory(), now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	t.Cleanup(func() { _ = w.store.Close() })
	listening := httptest.NewServer(w.server.Serve())
	t.Cleanup(listening.Close)
	w.keys = providertest.Keys(listening.URL)
	w.fetch = w.impatient(listening.Client())
	w.config = provider.Config{Order: "cheapest", Services: map[string]provider.Use{}}
	for i, name := range []string{providertest.Google, providertest.Contract, providertest.Yandex, providertest.TinEye} {
		w.config.Services[name] = provider.Use{Uploads: true, Checks: true, PerDay: 1e6, PerMonth: 1e7, Costs: float64(i)}
	}
	w.open()
	return w
}

// open makes a desk, as a new process would.
func (w *world) open() {
	w.t.Helper()
	desk, err := provider.NewDesk(provider.Options{Keys: w.keys, Store: w.store, Now: w.clock, Sleep: w.sleep, Log: zerolog.New(zerolog.SyncWriter(&w.log)),
		Fetch: func(ctx context.Context, r *http.Request) (*http.Response, error) { return w.fetch(ctx, r) }})
	if err != nil {
		w.t.Fatal(err)
	}
	w.desk = desk
}

// impatient fetches, and gives a request up when the server says that it holds it.
func (w *world) impatient(client *http.Client) provider.Fetch {
	return func(ctx context.Context, r *http.Request) (*http.Response, error) {
		ctx, cancel := context.WithCancel(ctx)
		over := make(chan struct{})
		defer close(over)
		go func() {
			select {
			case <-w.server.Held():
				cancel()
			case <-over:
			}
		}()
		return client.Do(r.WithContext(ctx))
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
	return ctx.Err()
}

// only leaves one service.
func (w *world) only(names ...string) *world {
	services := map[string]provider.Use{}
	for _, name := range names {
		services[name] = w.config.Services[name]
	}
	w.config.Services = services
	return w
}

// budget changes that of one service.
func (w *world) budget(name string, perDay, perMonth int) {
	use := w.config.Services[name]
	use.PerDay, use.PerMonth = perDay, perMonth
	w.config.Services[name] = use
}

// ask is an inquiry about uploads.
func (w *world) ask(images []provider.Image) []provider.Result {
	w.t.Helper()
	return w.inquire(provider.Inquiry{Images: images})
}

func (w *world) inquire(q provider.Inquiry) []provider.Result {
	w.t.Helper()
	q.Config = w.config
	results, err := w.desk.Ask(w.t.Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(results) != len(q.Images) {
		w.t.Fatalf("%d results for %d images", len(results), len(q.Images))
	}
	for i, r := range results {
		if r.SHA1 != q.Images[i].SHA1 || r.State == 0 {
			w.t.Fatalf("result %d is of %q in state %d, want %q", i, r.SHA1, r.State, q.Images[i].SHA1)
		}
		if waits := r.State == provider.Waiting || r.State == provider.NoBudget; waits != r.Until.After(w.clock()) {
			w.t.Fatalf("state %d until %v, and it is %v", r.State, r.Until, w.clock())
		}
	}
	return results
}

// settle asks until nothing is to be waited for, moving the clock on, at most so many times.
func (w *world) settle(images []provider.Image, rounds int) []provider.Result {
	w.t.Helper()
	results := w.ask(images)
	for range rounds {
		var next time.Time
		for _, r := range results {
			if !r.Until.IsZero() && (next.IsZero() || r.Until.Before(next)) {
				next = r.Until
			}
		}
		if next.IsZero() {
			break
		}
		w.mu.Lock()
		w.now = next
		w.mu.Unlock()
		results = w.ask(images)
	}
	return results
}

// states counts results by state.
func states(results []provider.Result) map[provider.State]int {
	n := map[provider.State]int{}
	for _, r := range results {
		n[r.State]++
	}
	return n
}

// wantStates fails unless all results are in these states.
func (w *world) wantStates(results []provider.Result, allowed ...provider.State) {
	w.t.Helper()
	n := states(results)
	for _, s := range allowed {
		delete(n, s)
	}
	if len(n) > 0 {
		w.t.Errorf("states are %v, want only %v; such as %+v", states(results), allowed, results[0])
	}
}

// wantBilled fails when an image was billed more often than most times, or the
// client did what it must not.
func (w *world) wantBilled(service string, most int) {
	w.t.Helper()
	for sum, units := range w.server.Billed(service) {
		if units > most*w.units(service) {
			w.t.Errorf("%s billed %d units for %s", service, units, sum)
		}
	}
}

func (w *world) units(service string) int {
	if service == providertest.Google {
		return 2
	}
	return 1
}

func (w *world) figure(name string) provider.Figure {
	w.t.Helper()
	figures, err := w.desk.Figures()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range figures {
		if f.Provider == name {
			return f
		}
	}
	w.t.Fatalf("there are no figures of %s", name)
	return provider.Figure{}
}

// hundred are images of noise so small that they cost little, each another.
var hundred = sync.OnceValue(func() []provider.Image {
	images := make([]provider.Image, 100)
	for i := range images {
		images[i] = picture(i, 64, 64)
	}
	return images
})

func picture(seed, width, height int) provider.Image {
	canvas := image.NewGray(image.Rect(0, 0, width, height))
	for i := range canvas.Pix {
		canvas.SetGray(i%width, i/width, color.Gray{Y: uint8(i*i*(seed+1) + seed)})
	}
	var content bytes.Buffer
	if err := png.Encode(&content, canvas); err != nil {
		panic(fmt.Sprintf("encoding a picture: %v", err))
	}
	return imageOf(content.Bytes(), width, height)
}

func imageOf(content []byte, width, height int) provider.Image {
	sum := sha1.Sum(content)
	return provider.Image{SHA1: hex.EncodeToString(sum[:]), Bytes: content, MIME: "image/png", Width: width, Height: height}
}
