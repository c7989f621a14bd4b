package wiki

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox"
)

// The tests of this file meet a whole wiki instead of scripted answers.

// newWiki starts a sandbox with an account for the bot.
func newWiki(t *testing.T) (*sandbox.Wiki, Settings) {
	w := sandbox.New(sandbox.Options{Name: "commonswiki", SiteName: "Commons", Language: "en", EchoAPI: true, GlobalUsage: true})
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.SetServer(server.URL)
	w.AddUser("Filewarden", "", "bot")
	w.BotPassword("Filewarden", "app", password)
	set := Settings{API: w.APIURL(), User: "Filewarden@app", Password: password, Contact: "ops@example.org",
		Transport: server.Client().Transport, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	return w, set
}

func openWiki(t *testing.T) (*sandbox.Wiki, *Session, *Writer) {
	t.Helper()
	w, set := newWiki(t)
	s, writer, err := Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	w.ForgetRequests()
	return w, s, writer
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	_, s, w := openWiki(t)
	text := "Größe 😀 [[A|b]]\n" + strings.Repeat("文", 4000)
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "user talk:admin", "text": text, "summary": "s", "bot": "1"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Read(t.Context(), "user talk:admin")
	if err != nil || got["user talk:admin"].Content != text || got["user talk:admin"].User != "Filewarden" {
		t.Errorf("%+v, %v", got, err)
	}
	if title, err := s.Title("user_talk:admin"); err != nil || title.Full != got["user talk:admin"].Title {
		t.Errorf("our title %q, the wiki's %q (%v)", title.Full, got["user talk:admin"].Title, err)
	}
}

func TestASessionSurvivesTheLossOfItsLogin(t *testing.T) {
	wiki, s, w := openWiki(t)
	for name, lose := range map[string]func(){"sessions": wiki.ExpireSessions, "tokens": wiki.ChangeTokens} {
		if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": name}); err != nil {
			t.Fatal(err)
		}
		lose()
		if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": name + " 2"}); err != nil {
			t.Errorf("%s lost: %v", name, err)
		}
	}
	wiki.ExpireSessions()
	if got, err := s.Read(t.Context(), "A"); err != nil || got["A"].User != "Filewarden" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, r := range wiki.History("A") {
		if r.User != "Filewarden" {
			t.Errorf("an edit by %s", r.User)
		}
	}
}

func TestAnAnswerLostAfterTheEditIsNotSentAgain(t *testing.T) {
	wiki, _, w := openWiki(t)
	wiki.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		if r.FormValue("action") != "edit" {
			return false
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		hangUp(rw)
		return true
	})
	_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "appendtext": "x"})
	var unknown *UnknownOutcome
	if !errors.As(err, &unknown) {
		t.Errorf("%v", err)
	}
	if n := len(wiki.History("A")); n != 1 {
		t.Errorf("%d revisions, want 1", n)
	}
}

func TestLagAndReadOnlyAreWaitedOut(t *testing.T) {
	wiki, s, w := openWiki(t)
	waits := 0
	for name, begin := range map[string]func(){"lag": func() { wiki.Lag(9) }, "read-only": func() { wiki.ReadOnly("backup") }} {
		begin()
		s.set.Sleep = func(context.Context, time.Duration) error {
			if waits++; waits%3 == 0 {
				wiki.Lag(0)
				wiki.ReadOnly("")
			}
			return nil
		}
		if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if waits != 6 {
		t.Errorf("%d waits, want 6", waits)
	}
}

func TestGlobalUsageIsWhole(t *testing.T) {
	wiki, s, _ := openWiki(t)
	wiki.KnowWiki("dewiki", "https://de.example.org/wiki/")
	const uses = 1200
	for i := range uses {
		wiki.AddGlobalUse("File:Busy.png", "dewiki", int64(i+1), i%2*118, map[bool]string{true: "Entwurf"}[i%2 == 1], fmt.Sprintf("Ort %d", i))
	}
	farm := NewFarm(s, nil, s.set)
	seen := map[int64]bool{}
	p := Params{"prop": "globalusage|fileusage", "gulimit": "max", "fulimit": "max", "gunamespace": Empty, "guprop": "url|pageid|namespace"}
	for page, err := range s.WalkTitles(t.Context(), []string{"File:Busy.png", "File:Other.png"}, 0, p) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range page.Rows("globalusage") {
			seen[row.Int("pageid")] = true
			if p := farm.PlaceOf(row.Text("wiki"), row.Text("url"), row.Text("title")); p.Key != "https://de.example.org/wiki/" {
				t.Fatalf("%v is at %+v", row, p)
			}
		}
	}
	if len(seen) != uses {
		t.Errorf("%d uses, want %d", len(seen), uses)
	}
	if n := len(wiki.Requests()); n != 3 {
		t.Errorf("%d requests for %d rows, want 3", n, uses)
	}
}

func TestGrantsAreToldFromRights(t *testing.T) {
	wiki, set := newWiki(t)
	wiki.BotPassword("Filewarden", "thin", password, "basic", "editpage")
	set.User = "Filewarden@thin"
	s, w, err := Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	lacks, err := s.Missing(t.Context(), "edit", "bot", "createtalk", "delete")
	if err != nil || len(lacks) != 3 || !lacks[0].Granted || !lacks[1].Granted || lacks[2].Granted {
		t.Errorf("%+v, %v", lacks, err)
	}
	if s.Limit() != 50 {
		t.Errorf("limit %d without the grant highvolume", s.Limit())
	}
	wiki.Edit("Admin", "A", "x", "")
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "y"}); err != nil {
		t.Errorf("an edit without the bot right: %v", err)
	}
}

func TestABearerTokenWorksOnAWholeWiki(t *testing.T) {
	wiki, set := newWiki(t)
	wiki.BearerToken("Filewarden", "secret-token")
	set.User, set.Password, set.Token = "", "", "secret-token"
	s, w, err := Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "y"}); err != nil || s.Account().Name != "Filewarden" {
		t.Errorf("%v as %+v", err, s.Account())
	}
}

func TestFarmOfSandboxes(t *testing.T) {
	wiki, s, _ := openWiki(t)
	_ = wiki
	other := sandbox.New(sandbox.Options{Name: "dewiki", SiteName: "Wikipedia", Language: "de"})
	server := httptest.NewServer(other)
	t.Cleanup(server.Close)
	other.SetServer(server.URL)
	other.Edit("Admin", "Ort 1", "Hallo", "")
	farm := NewFarm(s, []string{strings.TrimPrefix(server.URL, "http://")}, s.set)
	t.Cleanup(farm.Close)
	p := farm.PlaceOf("127.0.0.1", other.PageURL("Ort 1"), "Ort_1")
	there, err := farm.At(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := there.Read(t.Context(), "Ort 1")
	if err != nil || got["Ort 1"].Content != "Hallo" || farm.Name(t.Context(), p, "en") != "Wikipedia (German)" {
		t.Errorf("%+v, %v", got, err)
	}
}
