package edge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/edge"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// noon is when these tests ask.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

var keys = mediaurl.Keys{
	{ID: "new", Secret: []byte("a secret of the new key")},
	{ID: "old", Secret: []byte("a secret of the old key")},
}

const plain = "/wikipedia/commons/thumb/a/a9/Example.jpg/250px-Example.jpg" +
	"?utm_source=en.wikipedia.org&utm_campaign=parser&utm_content=thumbnail"

// handler asks for unforged addresses that are a day old at most, unless with changes that.
func handler(with ...func(*edge.Settings)) *edge.Handler {
	s := edge.Settings{
		Keys: func() mediaurl.Keys { return keys }, Fresh: 24 * time.Hour, Require: edge.Unforged,
		Now: func() time.Time { return noon }, Log: zerolog.Nop(),
	}
	for _, change := range with {
		change(&s)
	}
	return edge.New(s)
}

// signed is plain with a signature of that age.
func signed(t testing.TB, scheme mediaurl.Scheme, age time.Duration) string {
	t.Helper()
	uri, err := keys.Sign(plain, scheme, noon.Add(-age))
	if err != nil {
		t.Fatal(err)
	}
	return uri
}

// answer is what an edge sees.
type answer struct {
	Status                 int
	Signature, Source, Age string
}

func ask(h http.Handler, uri string) answer {
	r := httptest.NewRequest(http.MethodGet, "/verify", nil)
	r.Header.Set("X-Original-URI", uri)
	return do(h, r)
}

func do(h http.Handler, r *http.Request) answer {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	head := w.Result().Header
	return answer{w.Code, head.Get(edge.Signature), head.Get(edge.Source), head.Get(edge.Age)}
}

func TestEachStandingHasItsStatusAndMarks(t *testing.T) {
	good := signed(t, mediaurl.H1, time.Minute)
	for name, c := range map[string]struct {
		uri  string
		want answer
	}{
		"h1":               {good, answer{204, "valid", "web", "60"}},
		"s1":               {signed(t, mediaurl.S1, time.Hour), answer{204, "valid", "web", "3600"}},
		"with host":        {"https://thumb.wikimedia.org" + good, answer{204, "valid", "web", "60"}},
		"stale":            {signed(t, mediaurl.H1, 25*time.Hour), answer{204, "stale", "web", "90000"}},
		"from the future":  {signed(t, mediaurl.H1, -time.Hour), answer{204, "stale", "web", "-3600"}},
		"without":          {plain, answer{204, "none", "web", ""}},
		"nothing at all":   {"/favicon.ico", answer{204, "none", "unknown", ""}},
		"forged":           {good[:len(good)-4] + "AAAA", answer{403, "bad", "web", ""}},
		"another path":     {strings.Replace(good, "250px", "500px", 1), answer{403, "bad", "web", ""}},
		"another wiki":     {strings.Replace(good, "en.wiki", "de.wiki", 1), answer{403, "bad", "web", ""}},
		"another class":    {strings.Replace(good, "=parser", "=dumps", 1), answer{403, "bad", "dumps", ""}},
		"unknown key":      {strings.Replace(good, "h1.new.", "h1.gone.", 1), answer{403, "bad", "web", ""}},
		"other key's name": {strings.Replace(good, "h1.new.", "h1.old.", 1), answer{403, "bad", "web", ""}},
		"empty":            {plain + "&utm_term=", answer{403, "bad", "web", ""}},
		"host as path":     {"//x" + good, answer{403, "bad", "web", ""}},
		"line feed":        {strings.Replace(good, "250px", "%0A250px", 1), answer{403, "bad", "web", ""}},
		"CR LF":            {good + "%0D%0AX-Media-Signature:%20valid", answer{403, "bad", "web", ""}},
		"broken encoding":  {good + "%ZZ%", answer{403, "bad", "web", ""}},
		"no UTF-8":         {good + "%FF\xfe", answer{403, "bad", "web", ""}},
		"twice":            {good + "&utm_campaign=api", answer{403, "bad", "api", ""}},
	} {
		if got := ask(handler(), c.uri); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestRequirementsClimb(t *testing.T) {
	uris := []string{signed(t, mediaurl.H1, 0), signed(t, mediaurl.H1, 48*time.Hour), plain, plain + "&utm_term=x"}
	for require, want := range map[edge.Require][]int{
		edge.Nothing:  {204, 204, 204, 204},
		edge.Unforged: {204, 204, 204, 403},
		edge.Signed:   {204, 204, 403, 403},
		edge.Valid:    {204, 403, 403, 403},
		"misspelt":    {204, 403, 403, 403},
	} {
		h := handler(func(s *edge.Settings) { s.Require = require })
		var got []int
		for _, uri := range uris {
			got = append(got, ask(h, uri).Status)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", require, d)
		}
	}
}

func TestTheAddressMayBeTheRestOfTheTarget(t *testing.T) {
	good := signed(t, mediaurl.H1, time.Minute)
	for target, want := range map[string]answer{
		"/verify" + good:        {204, "valid", "web", "60"},
		"/verify/" + good:       {403, "bad", "web", ""}, // two slashes are another path
		"/verify/x/.." + good:   {403, "bad", "web", ""},
		"/verify" + plain + "&": {204, "none", "web", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		// What a client put there itself must not count.
		r.Header.Set("X-Original-URI", good)
		if got := do(handler(), r); got != want {
			t.Errorf("%s: %v, want %v", target, got, want)
		}
	}
}

func TestQuestionsThatAreNoneAreToldSo(t *testing.T) {
	with := func(uris ...string) http.Header { return http.Header{"X-Original-Uri": uris} }
	for name, c := range map[string]struct {
		method, target string
		header         http.Header
		want           int
	}{
		"no address":          {"GET", "/verify", nil, 400},
		"address as a query":  {"GET", "/verify?uri=/a", nil, 400},
		"empty address":       {"GET", "/verify", with(""), 400},
		"two addresses":       {"GET", "/verify", with(plain, plain), 400},
		"another scheme":      {"GET", "/verify", with("ftp://host/a"), 400},
		"star":                {"OPTIONS", "*", nil, 405},
		"POST":                {"POST", "/verify", with(plain), 405},
		"HEAD":                {"HEAD", "/verify", with(plain), 204},
		"8 KB":                {"GET", "/verify", with("/" + strings.Repeat("a", 8<<10-len("http://edge/"))), 204},
		"more than 8 KB":      {"GET", "/verify", with("/" + strings.Repeat("a", 8<<10)), 414},
		"64 KB of percent":    {"GET", "/verify", with("/" + strings.Repeat("%", 64<<10)), 414},
		"64 KB in the target": {"GET", "/verify/" + strings.Repeat("a", 64<<10), nil, 414},
		"another place":       {"GET", "/", with(plain), 404},
		"almost":              {"GET", "/verifyx", with(plain), 404},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		r.RequestURI = c.target
		if c.header != nil {
			r.Header = c.header
		}
		if got := do(handler(), r); got.Status != c.want {
			t.Errorf("%s: %v, want %d", name, got, c.want)
		}
	}
}

func TestAnswersAreNotKept(t *testing.T) {
	w := httptest.NewRecorder()
	handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/verify"+plain, nil))
	if got := w.Result().Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: %q", got)
	}
}

func TestHealthNamesKeysAndCountsAnswers(t *testing.T) {
	h := handler()
	ask(h, plain)
	ask(h, signed(t, mediaurl.H1, 0))
	ask(h, plain+"&utm_term=x")
	ask(h, plain+"&utm_term=y")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/health", nil))
	want := `{"status":"ok","keys":["new","old"],"answers":{"bad":2,"none":1,"stale":0,"valid":1}}` + "\n"
	if d := cmp.Diff(want, w.Body.String()); w.Code != 200 || d != "" {
		t.Error(w.Code, d)
	}
}

func TestLogsHoldNoParameters(t *testing.T) {
	for level, want := range map[zerolog.Level]bool{zerolog.InfoLevel: false, zerolog.DebugLevel: true} {
		var log strings.Builder
		h := handler(func(s *edge.Settings) { s.Log = zerolog.New(&log).Level(level) })
		ask(h, plain+"&utm_term=h1.new.1.abc")
		if strings.Contains(log.String(), "utm_") || strings.Contains(log.String(), "secret of") {
			t.Errorf("%s: the log tells too much: %s", level, &log)
		}
		if strings.Contains(log.String(), "250px-Example.jpg") != want {
			t.Errorf("%s: the log says %q", level, &log)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	h, uri := handler(), signed(b, mediaurl.H1, time.Minute)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if got := ask(h, uri); got.Status != http.StatusNoContent {
				b.Error(got)
				return
			}
		}
	})
}
