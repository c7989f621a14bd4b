package faults_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"filewarden/tests/faults"
)

// both runs a claim in the sandbox and on a real MediaWiki, where there is one.
func both(t *testing.T, claim func(*testing.T, *home)) {
	t.Run("sandbox", func(t *testing.T) { t.Parallel(); claim(t, sandboxHome(t)) })
	t.Run("MediaWiki", func(t *testing.T) { claim(t, realHome(t)) })
}

// pinging says whether a request is an edit of the bot's page of notices.
func pinging(r faults.Request) bool {
	return r.Action == "edit" && strings.HasPrefix(r.Values.Get("title"), "User:"+account+"/Notices/")
}

func TestAPingWhoseAnswerIsLostIsThereOnce(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		for i, fault := range []faults.Fault{faults.LoseAnswer, faults.LoseRequest, faults.CutAnswer, faults.AfterWrite(503, nil, html)} {
			b := newBench(t, h, "mention", fmt.Sprintf("ping.%d", i))
			b.proxy.Set(faults.Times(1, pinging, fault))
			if err, said := b.pass(); err != nil || !strings.Contains(said, "the history will be asked") {
				t.Errorf("the pass ended with %v and said\n%s", err, said)
			}
			for _, name := range people {
				if n := b.pinged(name) + b.talk(name); n != 1 {
					t.Errorf("fault %d: %s was told %d times", i, name, n)
				}
			}
		}
	})
}

// What cannot be asked back goes out at most once, and the doubt is said.
func TestWhatCannotBeAskedBackIsNeverSentTwice(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		for i, fault := range []faults.Fault{faults.LoseAnswer, faults.LoseRequest, faults.Forge(503, nil, html)} {
			b := newBench(t, h, "echo", fmt.Sprintf("echo.%d", i))
			sent := 0
			b.proxy.Set(func(r faults.Request) faults.Fault {
				if !r.Is("echocreateevent", "user", "Alice") {
					return nil
				}
				sent++
				return fault
			})
			_, said := b.pass()
			b.clock.skip(time.Hour)
			if err, _ := b.pass(); err != nil {
				t.Fatal(err)
			}
			if sent != 1 || !strings.Contains(said, `"outcome":"doubt"`) {
				t.Errorf("fault %d: sent %d times, and said\n%s", i, sent, said)
			}
			if n := b.pending(); n != 0 {
				t.Errorf("%d events wait", n)
			}
		}
	})
}

// The first request is held up on its way until the bot has given it up, asked
// the history and sent it again. Then it arrives.
func TestAnEditThatArrivesAfterItWasSentAgainIsRefusedByTheWiki(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		for _, page := range []string{"", "== Hello ==\nWelcome!"} {
			if page != "" {
				h.write("User talk:Alice", page)
			}
			b := newBench(t, h, "talk", fmt.Sprintf("late.%d", len(page)))
			release, arrived := make(chan struct{}), make(chan struct{})
			late := faults.Late(release)
			b.proxy.Set(faults.Times(1, func(r faults.Request) bool { return r.Is("edit", "title", "User talk:Alice") },
				func(e *faults.Exchange) { late(e); close(arrived) }))
			if err, _ := b.pass(); err != nil {
				t.Fatal(err)
			}
			if n := b.talk("Alice"); n != 1 {
				t.Errorf("before the late one arrived Alice was told %d times", n)
			}
			close(release)
			<-arrived
			if n := b.talk("Alice"); n != 1 {
				t.Errorf("afterwards Alice was told %d times:\n%s", n, b.log)
			}
		}
	})
}

// A gate that cannot read is closed, and what waits is told when it can again.
func TestWhileThePagesThatMayObjectCannotBeReadNothingIsWritten(t *testing.T) {
	reading := func(r faults.Request) bool {
		return r.Action == "query" && strings.Contains(r.Values.Get("titles"), "User:"+account+"/Stop")
	}
	for name, c := range map[string]struct {
		fault faults.Fault
		says  string
	}{
		"503":            {faults.Forge(503, nil, html), "HTTP status 503"},
		"429":            {faults.Forge(429, retryAfter("30"), html), "HTTP status 429"},
		"HTML":           {faults.Forge(200, nil, html), "Our servers are busy"},
		"reset":          {faults.LoseRequest, "check the network"},
		"cut":            {faults.CutAnswer, "check the network"},
		"half JSON":      {faults.HalfJSON, "the answer ended early"},
		"empty":          {faults.Forge(200, nil, `{"batchcomplete":true}`), "did not answer for it"},
		"readapidenied":  {faults.APIError("readapidenied", ""), "read only by accounts"},
		"internal error": {faults.APIError("internal_api_error_DBQueryError", ""), "internal_api_error_DBQueryError"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandboxHome(t), "talk", "reads")
			b.proxy.Set(faults.Times(always, reading, c.fault))
			err, _ := b.pass()
			seen := b.proxy.Seen()
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the pass ended with %v, want %q", err, c.says)
			}
			for _, r := range seen {
				if r.Action == "edit" {
					t.Errorf("an edit of %s", r.Values.Get("title"))
				}
			}
			if len(seen) > 60 {
				t.Errorf("%d requests", len(seen))
			}
			b.proxy.Set(nil)
			b.clock.skip(time.Hour)
			if err, _ := b.pass(); err != nil || b.talk("Alice") != 1 || b.talk("Bob") != 1 {
				t.Errorf("afterwards: %v, Alice %d, Bob %d", err, b.talk("Alice"), b.talk("Bob"))
			}
		})
	}
}

func TestALoginThatFailsIsToldAtOnce(t *testing.T) {
	login := func(result, more string) faults.Fault {
		return faults.Forge(200, nil, `{"login":{"result":"`+result+`"`+more+`}}`)
	}
	for name, c := range map[string]struct {
		fault faults.Fault
		times int
		says  string // "": the bot opens all the same
	}{
		"wrong password":          {login("Failed", `,"reason":"Incorrect username or password entered."`), always, "Special:BotPasswords"},
		"throttled":               {login("Throttled", `,"wait":300`), always, "login-Throttled"},
		"token lost once":         {login("WrongToken", ""), 1, ""},
		"token always lost":       {login("NeedToken", `,"token":"x+\\"`), always, "cookies do not reach it"},
		"aborted":                 {login("Aborted", `,"reason":"Authentication requires user interaction."`), always, "user interaction"},
		"bearer token refused":    {faults.APIError("mwoauth-invalid-authorization", ""), always, "mwoauth-invalid-authorization"},
		"server down for a while": {faults.Forge(503, nil, html), 2, ""},
		"an HTML page":            {faults.Forge(200, nil, html), always, "check that the API address is that of api.php"},
		"not found":               {faults.Forge(404, nil, html), always, "check that the API address is that of api.php"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandboxHome(t), "talk", "login")
			b.proxy.Set(faults.Times(c.times, func(r faults.Request) bool { return r.Action == "login" }, c.fault))
			err := b.open()
			if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("opening said %v, want %q", err, c.says)
			}
			if err != nil && strings.Contains(err.Error()+b.log.String(), b.home.password) {
				t.Error("the password was said")
			}
			if n := len(b.proxy.Seen()); n > 30 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
