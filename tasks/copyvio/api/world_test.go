package api_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/api"
	"filewarden/tasks/copyvio/casebook"

	"github.com/rs/zerolog"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

const consumer = "c0ffee"

// wikiFake is a wiki with Extension:OAuth, as far as this API asks it.
type wikiFake struct {
	server *httptest.Server

	mu       sync.Mutex
	asked    int // whose a token is
	down     bool
	tokens   map[string]string // access token → user
	accounts map[string]string // user → object of list=users
}

func newWiki(t testing.TB) *wikiFake {
	f := &wikiFake{tokens: map[string]string{}, accounts: map[string]string{}}
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.server.Close)
	for i, name := range []string{"Rita", "Rob", "Una", "Paul", "Ada", "Ben", "Filewarden", "~2026-7"} {
		f.accounts[name] = fmt.Sprintf(`{"userid":%d,"name":%q,"editcount":%d,"groups":["*","user"],"rights":["read"]}`, i+1, name, 100*i)
	}
	f.grant("Rita", `"groups":["*","user"]`, `"groups":["*","user","patroller"]`)
	f.grant("Rob", `"groups":["*","user"]`, `"groups":["*","user","patroller"]`)
	f.grant("Una", `"groups":["*","user"]`, `"groups":["*","user","patroller"]`)
	f.grant("Ben", `"groups":["*","user"]`, `"groups":["*","user","patroller"],"blockedby":"Ada","blockpartial":false`)
	f.grant("~2026-7", `"groups":["*","user"]`, `"groups":["*","temp","patroller"]`)
	f.grant("Ada", `"rights":["read"]`, `"rights":["read","delete","bot"]`)
	return f
}

func (f *wikiFake) grant(user, old, new string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.accounts[user] = strings.Replace(f.accounts[user], old, new, 1)
}

// setDown makes every answer one of a server in front that has no wiki behind it.
func (f *wikiFake) setDown(down bool) { f.mu.Lock(); f.down = down; f.mu.Unlock() }

func (f *wikiFake) questions() int { f.mu.Lock(); defer f.mu.Unlock(); return f.asked }

func (f *wikiFake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	_ = r.ParseForm()
	switch {
	case f.down:
		http.Error(w, "<p>no backend for "+token, http.StatusBadGateway)
	case strings.Contains(r.Form.Get("meta"), "siteinfo"):
		fmt.Fprintf(w, `{"batchcomplete":true,"query":{"general":{"sitename":"Pictures","lang":"en","wikiid":"pics","server":%q,"articlepath":"/wiki/$1","script":"/w/index.php","generator":"MediaWiki 1.43.9","case":"first-letter"},
			"namespaces":{"0":{"id":0,"case":"first-letter","name":""},"6":{"id":6,"case":"first-letter","name":"File","canonical":"File"}},"namespacealiases":[{"id":6,"alias":"Image"}],
			"userinfo":{"id":7,"name":"Filewarden","groups":["bot"],"rights":["bot"]}}}`, f.server.URL)
	case r.Form.Get("meta") == "userinfo":
		f.asked++
		f.whose(w, token)
	case r.Form.Get("list") == "users":
		fmt.Fprintf(w, `{"batchcomplete":true,"query":{"users":[%s]}}`, f.accounts[r.Form.Get("ususers")])
	default:
		fmt.Fprint(w, `{"batchcomplete":true}`)
	}
}

func (f *wikiFake) whose(w io.Writer, token string) {
	name, known := f.tokens[token]
	if !known {
		fmt.Fprintf(w, `{"error":{"code":"mwoauth-invalid-authorization","info":"The authorization headers in your request are not valid: %s"}}`, token)
		return
	}
	fmt.Fprintf(w, `{"batchcomplete":true,"query":{"userinfo":{"id":99,"name":%q}}}`, name)
}

// bearer makes an access token, as AccessTokenEntity does. What is no text
// counts as JSON.
func bearer(audience any, expires float64, unique string) string {
	part := func(v any) string {
		raw, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	return part(map[string]string{"typ": "JWT", "alg": "RS256"}) + "." +
		part(map[string]any{"aud": audience, "jti": unique, "exp": expires, "sub": "mw:local:12"}) + ".c2lnbmVk"
}

// world is an API before a memory and a wiki.
type world struct {
	t     testing.TB
	wiki  *wikiFake
	store storage.Store
	front *httptest.Server
	log   *bytes.Buffer
	mu    sync.Mutex
	now   time.Time
	check error

	config api.Config
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, wiki: newWiki(t), store: storage.Memory(), log: &bytes.Buffer{}, now: noon}
	t.Cleanup(func() { w.store.Close() })
	log := zerolog.New(zerolog.SyncWriter(w.log))
	session, _, err := wiki.Open(t.Context(), wiki.Settings{API: w.wiki.server.URL + "/w/api.php", Token: "the-bots-own",
		Contact: "ops@example.org", Log: log, Now: w.clock, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	w.config = api.Config{Consumer: consumer, Now: w.clock, Log: log, World: func() (api.World, error) {
		return api.World{Wiki: session, Store: w.store, Groups: []string{"patroller"},
			Check: func(context.Context) error { w.mu.Lock(); defer w.mu.Unlock(); return w.check }}, nil
	}}
	w.front = httptest.NewServer(http.StripPrefix("/copyvio", api.New(w.config)))
	t.Cleanup(w.front.Close)
	return w
}

func (w *world) clock() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *world) pass(d time.Duration) { w.mu.Lock(); w.now = w.now.Add(d); w.mu.Unlock() }

// token of a user, issued to this bot's consumer.
func (w *world) token(user string) string {
	token := bearer(consumer, float64(noon.Add(4*time.Hour).Unix()), user)
	w.wiki.mu.Lock()
	defer w.wiki.mu.Unlock()
	w.wiki.tokens[token] = user
	return token
}

func (w *world) keep(cases ...casebook.Case) {
	w.t.Helper()
	err := w.store.Update(func(tx storage.Tx) error {
		for _, c := range cases {
			image := casebook.Image{SHA1: c.SHA1, Stage: casebook.Done, Uploads: []casebook.Upload{{Title: c.Title, User: c.Uploader}}}
			if err := casebook.PutImage(tx, image); err != nil {
				return err
			}
			if err := casebook.PutCase(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) caseOf(sha1 string) (c casebook.Case, kept []casebook.Decision) {
	w.t.Helper()
	err := w.store.View(func(tx storage.Tx) (err error) {
		if c, _, err = casebook.GetCase(tx, sha1); err == nil {
			kept, err = casebook.Decisions(tx, sha1)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c, kept
}

// sha is the SHA-1 of the nth image.
func sha(n int) string { return fmt.Sprintf("%040x", n) }

func openCase(n int) casebook.Case {
	return casebook.Case{SHA1: sha(n), Title: fmt.Sprintf("File:Picture %d.jpg", n), Uploader: "Una",
		Opened: noon.Add(-time.Duration(n) * time.Hour), Uploaded: noon.Add(-72 * time.Hour),
		Matches: []casebook.Match{{URL: fmt.Sprintf("https://www.example.com/%d.jpg", n), Percent: 90, Kind: casebook.Full, Provider: "google"}}}
}

// answered is a decoded answer.
type answered map[string]any

// ask sends a request: of parameters "a", "1", "b", "2"; a POST where there is a token.
func (w *world) ask(bearer string, pairs ...string) (answered, *http.Response) {
	w.t.Helper()
	form := url.Values{"format": {"json"}, "formatversion": {"2"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, _ := http.NewRequest(http.MethodGet, w.front.URL+"/copyvio/api.php?"+form.Encode(), nil)
	if form.Get("token") != "" {
		r, _ = http.NewRequest(http.MethodPost, w.front.URL+"/copyvio/api.php", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) (answered, *http.Response) {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	var a answered
	if r.Method != http.MethodHead && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &a); err != nil {
			w.t.Fatalf("%v: %s", err, body)
		}
	}
	return a, resp
}

// review decides as somebody would: token first.
func (w *world) review(bearer, sha1, state string, more ...string) answered {
	w.t.Helper()
	a, _ := w.ask(bearer, slices.Concat([]string{"action", "reviewimagematches", "sha1", sha1, "state", state, "token", w.csrf(bearer)}, more)...)
	return a
}

func (w *world) csrf(bearer string) string {
	w.t.Helper()
	a, _ := w.ask(bearer, "action", "query", "meta", "tokens")
	token, _ := a.at("query", "tokens", "csrftoken").(string)
	return token
}

func (a answered) at(path ...string) any {
	var v any = map[string]any(a)
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func (a answered) code() string { code, _ := a.at("error", "code").(string); return code }

// column of one field in a list.
func (a answered) column(field string, path ...string) (all []string) {
	rows, _ := a.at(path...).([]any)
	for _, row := range rows {
		m, _ := row.(map[string]any)
		all = append(all, fmt.Sprint(m[field]))
	}
	return all
}

// keepImage keeps an image of which nothing was found.
func (w *world) keepImage(image casebook.Image) {
	w.t.Helper()
	if err := w.store.Update(func(tx storage.Tx) error { return casebook.PutImage(tx, image) }); err != nil {
		w.t.Fatal(err)
	}
}
