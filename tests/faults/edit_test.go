package faults_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"filewarden/tests/faults"
)

// always is more often than any bot should try.
const always = 1 << 30

// Where Alice hears in the end.
const (
	byTalk    = "talk"
	byMention = "mention"
	byNothing = "nothing"
)

// edit is what happens to the edit that tells Alice.
type edit struct {
	name  string
	fault faults.Fault
	times int
	ends  string // the pass ends with an error that says this; "": Bob is told in the same pass
	says  string // log or error say this too
	told  string // where Alice hears, once, in the end
	alike bool   // like another row, and so left to the sandbox
}

const html = `<!DOCTYPE html><html><head><title>x</title></head><body><h1>Bad gateway</h1><p>Our servers are busy.</p></body></html>`

func retryAfter(seconds string) map[string]string { return map[string]string{"Retry-After": seconds} }

// code is a fault of that name, said every time.
func code(name, ends, told string) edit {
	return edit{name: name, fault: faults.APIError(name, ""), times: always, ends: ends, says: name, told: told}
}

// once is an error that has passed when the bot comes again.
func once(name string, f faults.Fault, says string) edit {
	return edit{name: name + ", once", fault: f, times: 1, says: says, told: byTalk}
}

// table is what the Action API may answer to an edit (API:Errors_and_warnings,
// API:Edit, the sources of AbuseFilter, SpamBlacklist and TitleBlacklist), and
// what may become of an answer on its way.
func table() []edit {
	rows := []edit{
		once("maxlag", faults.Lagged(), "database lag"),
		{name: "maxlag, without end", fault: faults.Lagged(), times: always, ends: "maxlag", says: "database lag", told: byTalk},
		once("readonly", faults.APIError("readonly", `"readonlyreason":"upkeep"`), "read-only"),
		code("readonly", "readonly", byTalk),
		once("ratelimited", faults.APIError("ratelimited", ""), "rate limit"),
		code("ratelimited", "rate limit", byTalk),

		once("assertuserfailed", faults.APIError("assertuserfailed", ""), "logging in again"),
		once("assertbotfailed", faults.APIError("assertbotfailed", ""), "logging in again"),
		once("assertnameduserfailed", faults.APIError("assertnameduserfailed", ""), "logging in again"),
		code("assertuserfailed", "the login is lost for good", byTalk),
		code("assertbotfailed", "the account has lost the bot right", byTalk),
		code("assertnameduserfailed", "the login is lost for good", byTalk),
		once("badtoken", faults.APIError("badtoken", ""), ""),
		code("badtoken", "a fresh token was refused too", byTalk),

		once("editconflict", faults.APIError("editconflict", ""), ""),
		{name: "editconflict, without end", fault: faults.APIError("editconflict", ""), times: always, says: "editconflict", told: byTalk},
		once("articleexists", faults.APIError("articleexists", ""), ""),
		once("missingtitle", faults.APIError("missingtitle", ""), ""),
		once("pagedeleted", faults.APIError("pagedeleted", ""), ""),

		code("blocked", "the account is blocked", byTalk),
		code("autoblocked", "the account is blocked", byTalk),
		{name: "blocked from this page", fault: faults.APIError("blocked", `"blockinfo":{"blockid":1,"blockpartial":true}`),
			times: always, says: "blocked", told: byMention},

		code("abusefilter-warning", "", byNothing),
		code("abusefilter-disallowed", "", byNothing),
		once("spamblacklist", faults.APIError("spamblacklist", `"spamblacklist":{"matches":["news.example"]}`), ""),
		code("spamblacklist", "", byMention),
		{name: "captcha", fault: faults.Forge(200, nil, `{"edit":{"result":"Failure","captcha":{"type":"math","id":"1","question":"1+1"}}}`),
			times: always, says: "captcha", told: byNothing},
		{name: "a hook that says Failure", fault: faults.Forge(200, nil, `{"edit":{"result":"Failure","code":"oldhook","info":"no"}}`),
			times: always, says: "oldhook", told: byMention},

		once("internal_api_error_DBQueryError before the write", faults.APIError("internal_api_error_DBQueryError", ""), "the history will be asked"),
		once("internal_api_error_DBQueryError after the write", faults.AfterWrite(500, nil, faults.ErrorBody("internal_api_error_DBQueryError", "")), "the history will be asked"),

		once("429 with Retry-After", faults.Forge(429, retryAfter("45"), html), "too many requests"),
		once("429 without", faults.Forge(429, nil, "slow down"), "too many requests"),
		{name: "429, without end", fault: faults.Forge(429, retryAfter("45"), html), times: always, ends: "HTTP status 429", says: "too many requests", told: byTalk},
		once("HTML with 200 in the write's place", faults.Forge(200, nil, html), "Our servers are busy"),
		once("HTML with 200 after the write", faults.AfterWrite(200, nil, html), "the history will be asked"),
		{name: "HTML with 200, without end", fault: faults.Forge(200, nil, html), times: always, says: "Our servers are busy", told: byTalk},
		once("HTML with 503 in the write's place", faults.Forge(503, nil, html), "HTTP status 503"),
		once("HTML with 503 after the write", faults.AfterWrite(503, retryAfter("3"), html), "HTTP status 503"),
		{name: "503, without end", fault: faults.Forge(503, nil, html), times: always, says: "HTTP status 503", told: byTalk},
		once("502 after the write", faults.AfterWrite(502, nil, html), "HTTP status 502"),
		once("nothing at all with 200", faults.AfterWrite(200, nil, ""), "the history will be asked"),
		once("another JSON than the API's", faults.AfterWrite(200, nil, `[1,2]`), "the history will be asked"),
		once("success without a result", faults.AfterWrite(200, nil, `{}`), "the history will be asked"),

		once("connection reset before the request", faults.LoseRequest, "the history will be asked"),
		once("answer lost after the write", faults.LoseAnswer, "the history will be asked"),
		{name: "answers lost, without end", fault: faults.LoseAnswer, times: always, says: "the history will be asked", told: byTalk},
		{name: "requests lost, without end", fault: faults.LoseRequest, times: always, says: "the history will be asked", told: byTalk},
		once("answer cut in the middle", faults.CutAnswer, "the history will be asked"),
		once("half of the JSON", faults.HalfJSON, "the history will be asked"),
		once("silence after the write", faults.Silence, "the history will be asked"),
	}
	for _, name := range []string{"protectedpage", "protectedtitle", "cascadeprotected", "protectednamespace",
		"protectednamespace-interface", "customjsonprotected", "mycustomjsonprotected", "cantcreate", "permissiondenied",
		"titleblacklist-forbidden", "badtags", "badmd5", "invalidtitle", "nosuchsection", "missingcommenttext",
		"missingparam", "contenttoobig", "no-direct-editing", "cantchangecontentmodel", "badformat"} {
		row := code(name, "", byMention)
		row.alike = name != "protectedpage"
		rows = append(rows, row)
	}
	return rows
}

func TestInTheSandboxEveryNoticeArrivesOnceWhateverHappensToItsEdit(t *testing.T) {
	for i, row := range table() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			h := sandboxHome(t)
			if i%2 == 0 {
				h.write("User talk:Alice", "== Hello ==\nWelcome!")
			}
			row.holds(t, h)
		})
	}
}

func TestOnMediaWikiEveryNoticeArrivesOnceWhateverHappensToItsEdit(t *testing.T) {
	h := realHome(t)
	for _, row := range table() {
		if !row.alike {
			t.Run(row.name, func(t *testing.T) { row.holds(t, h) })
		}
	}
}

var unwordly = regexp.MustCompile(`[^A-Za-z0-9]+`)

// holds runs the row: a pass with the fault, a pass after it is over.
func (row edit) holds(t *testing.T, h *home) {
	b := newBench(t, h, "talk", unwordly.ReplaceAllString(row.name, "."))
	alice := func(r faults.Request) bool { return r.Is("edit", "title", "User talk:Alice") }
	b.proxy.Set(faults.Times(row.times, alice, row.fault))
	err, said := b.pass()
	row.explained(t, err, said)
	row.bounded(t, b)
	if row.ends == "" && b.talk("Bob") != 1 {
		t.Errorf("Bob was told %d times, and it was not about him", b.talk("Bob"))
	}

	b.proxy.Set(nil)
	b.clock.skip(2 * time.Hour)
	if err, _ := b.pass(); err != nil {
		t.Fatalf("with the fault gone: %v", err)
	}
	row.once(t, b)
}

// explained checks the words for the operator.
func (row edit) explained(t *testing.T, err error, said string) {
	t.Helper()
	if (err != nil) != (row.ends != "") || err != nil && !strings.Contains(err.Error(), row.ends) {
		t.Errorf("the pass ended with %v, want %q", err, row.ends)
	}
	if !strings.Contains(said, row.says) {
		t.Errorf("nobody said %q:\n%s", row.says, said)
	}
}

// bounded: no hot loop. A write is seldom tried, and often only with waits.
func (row edit) bounded(t *testing.T, b *bench) {
	t.Helper()
	seen := b.proxy.Seen()
	tried := edits(seen, "User talk:Alice")
	if len(seen) > 90 || tried > 25 {
		t.Errorf("%d requests, %d of them Alice's edit", len(seen), tried)
	}
	if tried > 8 && b.clock.waited < 5*time.Minute {
		t.Errorf("%d times the same edit within %v", tried, b.clock.waited)
	}
	if row.told == byNothing && tried != 1 {
		t.Errorf("a refused message was tried %d times", tried)
	}
}

// once checks the wiki's own pages.
func (row edit) once(t *testing.T, b *bench) {
	t.Helper()
	got := fmt.Sprintf("talk %d, mention %d, waiting %d", b.talk("Alice"), b.pinged("Alice"), b.pending())
	want := map[string]string{
		byTalk: "talk 1, mention 0, waiting 0", byMention: "talk 0, mention 1, waiting 0", byNothing: "talk 0, mention 0, waiting 0",
	}[row.told]
	if got != want {
		t.Errorf("Alice: %s, want %s\n%s", got, want, b.log)
	}
	if n := b.talk("Bob") + b.pinged("Bob"); n != 1 {
		t.Errorf("Bob was told %d times", n)
	}
}
