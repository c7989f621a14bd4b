package api_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/api"
	"filewarden/tasks/copyvio/casebook"
)

func TestOnlyWhoeverTheWikiTrustsDecides(t *testing.T) {
	expired := bearer(consumer, float64(noon.Unix()), "Rita")
	for name, test := range map[string]struct {
		bearer func(*world) string
		want   string
	}{
		"a reviewer":               {func(w *world) string { return w.token("Rita") }, ""},
		"an administrator":         {func(w *world) string { return w.token("Ada") }, ""},
		"a stranger":               {func(*world) string { return "" }, "notloggedin"},
		"somebody":                 {func(w *world) string { return w.token("Paul") }, "permissiondenied"},
		"a blocked reviewer":       {func(w *world) string { return w.token("Ben") }, "blocked"},
		"a temporary account":      {func(w *world) string { return w.token("~2026-7") }, "permissiondenied"},
		"the bot":                  {func(w *world) string { return w.token("Filewarden") }, "reviewimagematches-bot"},
		"the uploader":             {func(w *world) string { return w.token("Una") }, "reviewimagematches-own-upload"},
		"an expired token":         {func(w *world) string { w.wiki.tokens[expired] = "Rita"; return expired }, "mwoauth-invalid-authorization"},
		"a token nobody issued":    {func(*world) string { return bearer(consumer, 1<<33, "Rita") }, "mwoauth-invalid-authorization"},
		"what is no token":         {func(*world) string { return "Rita" }, "mwoauth-invalid-authorization"},
		"another consumer's token": {foreignToken("another"), "mwoauth-invalid-authorization"},
		"a token for two":          {foreignToken([]string{consumer, "another"}), "mwoauth-invalid-authorization"},
		"a token for nobody":       {foreignToken(nil), "mwoauth-invalid-authorization"},
	} {
		w := newWorld(t)
		w.keep(openCase(1))
		token := test.bearer(w)
		a := w.review(token, sha(1), "accepted", "token", first(w.csrf(token), `+\`))
		book, _ := w.caseOf(sha(1))
		if a.code() != test.want || (book.State == casebook.Accepted) != (test.want == "") {
			t.Errorf("%s: %v, the case is %s", name, a, book.State)
		}
	}
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func foreignToken(audience any) func(*world) string {
	return func(w *world) string {
		token := bearer(audience, 1<<33, "Rita")
		w.wiki.tokens[token] = "Rita"
		return token
	}
}

func TestATokenForAnotherConsumerIsNotEvenShownToTheWiki(t *testing.T) {
	w := newWorld(t)
	w.ask(foreignToken("another")(w), "action", "query", "meta", "userinfo")
	if n := w.wiki.questions(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

func TestTheWikisWordCountsForAMinute(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1), openCase(2))
	token := w.token("Rita")
	w.review(token, sha(1), "accepted")
	if n := w.wiki.questions(); n != 1 {
		t.Errorf("asked %d times for two requests", n)
	}
	w.wiki.grant("Rita", `"patroller"`, `"formerpatroller"`)
	w.pass(time.Minute)
	if a := w.review(token, sha(2), "accepted"); a.code() != "permissiondenied" {
		t.Errorf("a right that is gone still counts: %v", a)
	}
}

func TestAWikiThatCannotBeAskedLeavesEverythingAsItWas(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	token := w.token("Rita")
	csrf := w.csrf(token)
	w.wiki.setDown(true)
	w.pass(time.Minute)
	a, resp := w.ask(token, "action", "reviewimagematches", "sha1", sha(1), "state", "accepted", "token", csrf)
	if a.code() != "readonly" || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%v", a)
	}
	if a, _ := w.ask(token, "action", "query", "meta", "userinfo"); a.code() != "internal_api_error_WikiUnreachable" {
		t.Errorf("%v", a)
	}
	if book, kept := w.caseOf(sha(1)); book.State != casebook.Open || len(kept) != 0 {
		t.Errorf("%+v", kept)
	}
	w.wiki.setDown(false)
	if a := w.review(token, sha(1), "accepted"); a.code() != "" {
		t.Errorf("a wiki that was down is remembered as a refusal: %v", a)
	}
}

func TestATokenIsNeverWrittenAnywhere(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	good, bad := w.token("Rita"), bearer(consumer, 1<<33, "nobody")
	w.review(good, sha(1), "accepted")
	refused, _ := w.ask(bad, "action", "query", "meta", "userinfo", "errorformat", "plaintext")
	w.wiki.setDown(true)
	w.pass(time.Hour)
	down, _ := w.ask(good, "action", "query", "meta", "userinfo")
	var backup strings.Builder
	if err := w.store.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	err := w.store.View(func(tx storage.Tx) error {
		for row, err := range tx.Scan(nil, nil) {
			if err != nil {
				return err
			}
			backup.WriteString(string(row.Key) + string(row.Value))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"log": w.log.String(), "memory": backup.String(), "answers": dump(refused, down)} {
		for _, token := range []string{good, bad, "the-bots-own"} {
			if strings.Contains(text, token) {
				t.Errorf("%s: %s", where, text)
			}
		}
	}
	if !strings.Contains(w.log.String(), "could not be asked") {
		t.Error("the log says nothing of a wiki that is down")
	}
}

func TestAStoppedBotDecidesNothing(t *testing.T) {
	for _, why := range []error{api.Closed("stopped by User:Filewarden/Stop"), errors.New("reading a page: secret detail")} {
		w := newWorld(t)
		w.keep(openCase(1))
		w.check = why
		a := w.review(w.token("Rita"), sha(1), "accepted")
		reason, _ := a.at("error", "readonlyreason").(string)
		if book, _ := w.caseOf(sha(1)); a.code() != "readonly" || book.State != casebook.Open || strings.Contains(reason, "secret") {
			t.Errorf("%v", a)
		}
		if told := strings.Contains(reason, "User:Filewarden/Stop"); told != errors.As(why, new(api.Closed)) {
			t.Errorf("%q", reason)
		}
	}
}

func TestAWriteNeedsPOSTAndItsOwnToken(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	rita, rob := w.token("Rita"), w.token("Rob")
	form := url.Values{"action": {"reviewimagematches"}, "sha1": {sha(1)}, "state": {"accepted"}, "formatversion": {"2"}}
	get := func(more string) *http.Request {
		r, _ := http.NewRequest(http.MethodGet, w.front.URL+"/copyvio/api.php?"+form.Encode()+more, nil)
		r.Header.Set("Authorization", "Bearer "+rita)
		return r
	}
	post := get("&token=" + url.QueryEscape(w.csrf(rita)))
	post.Method = http.MethodPost
	if a, _ := w.send(get("")); a.code() != "mustbeposted" {
		t.Errorf("GET: %v", a)
	}
	if a, _ := w.send(get("&token=" + url.QueryEscape(w.csrf(rita)))); a.code() != "mustpostparams" {
		t.Errorf("GET with token: %v", a)
	}
	if a, _ := w.send(post); a.code() != "mustpostparams" {
		t.Errorf("token in the address: %v", a)
	}
	late := w.csrf(rita)
	for name, token := range map[string]string{"a stranger's": `+\`, "another's": w.csrf(rob), "none": "x", "altered": "0" + late[1:]} {
		if name == "altered" && token == late {
			token = "1" + late[1:]
		}
		if a, _ := w.ask(rita, "action", "reviewimagematches", "sha1", sha(1), "state", "accepted", "token", token); a.code() != "badtoken" {
			t.Errorf("%s: %v", name, a)
		}
	}
	w.pass(4 * time.Hour)
	again := bearer(consumer, 1<<33, "later")
	w.wiki.tokens[again] = "Rita"
	if a, _ := w.ask(again, "action", "reviewimagematches", "sha1", sha(1), "state", "accepted", "token", late); a.code() != "badtoken" {
		t.Errorf("a token of before: %v", a)
	}
}

func TestManyAtOnceMakeOneDecision(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	token := w.token("Rita")
	csrf := w.csrf(token)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			w.ask(token, "action", "reviewimagematches", "sha1", sha(1), "state", "accepted", "token", csrf)
		})
	}
	all.Wait()
	if _, kept := w.caseOf(sha(1)); len(kept) != 1 {
		t.Errorf("%+v", kept)
	}
}
