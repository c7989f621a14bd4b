package e2e_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"filewarden/tests/e2e"

	mwclient "cgt.name/pkg/go-mwclient"
	"cgt.name/pkg/go-mwclient/params"
	"github.com/antonholmquist/jason"
)

func TestCopyvioBeforeItIsLetLoose(t *testing.T) {
	s := newWatchStage(t)
	una, rita := s.member("Una", ""), s.member("Rita", "patroller")
	t.Run("a dry run writes nothing and shows what it would", func(t *testing.T) {
		s.o.Set("MODE", "dry-run")
		defer s.o.Set("MODE", "live")
		said := s.watch() // takes stock
		s.copied(una, "Tried.jpg", 100)
		before, _ := s.changes()
		said += s.watch()
		if after, bot := s.changes(); after != before {
			t.Errorf("it wrote %v", bot)
		}
		for _, title := range []string{s.o.Page("Copyvio"), s.cases("Case"), s.cases("All"), s.cases("Uploader/Una"), "User talk:Una"} {
			if !strings.Contains(said, "[["+title+"]]") {
				t.Errorf("no word of %s:\n%s", title, said)
			}
		}
	})
	t.Run("the first live pass takes stock in silence", func(t *testing.T) {
		s.watch()
		s.wantTold("Una", "File:", 0)
	})
	copies := []string{s.copied(una, "One.jpg", 101), s.copied(una, "Two.jpg", 102), s.copied(una, "Three.jpg", 103)}
	t.Run("an action that a trial has no room for waits whole, and Status says so", func(t *testing.T) {
		trial := strings.NewReplacer(`"mode": "live"`, `"mode": "trial", "trialEdits": 1`, `"optIn": false`, `"optIn": true`, `"recipe": "generic"`, `"recipe": "commons"`)
		s.o.Config(trial.Replace(watchConfig("")))
		s.watch()
		s.decide(rita, "All", copies[0], accepted)
		said := s.watch()
		s.wants(t, "All", copies[0], "accepted")
		if n := len(s.History("File:One.jpg")); n != 1 {
			t.Errorf("half an action was taken:\n%s\n%s", s.Text("File:One.jpg"), said)
		}
		s.says(t, s.o.Page("Status"), "File:One.jpg", "trial")
	})
	t.Run("under Stop nothing is written, and exit is 3", func(t *testing.T) {
		s.o.Config(watchConfig(""))
		s.decide(rita, "All", copies[1], accepted)
		for _, name := range []string{"Stop/copyvio", "Stop"} {
			s.Edit(s.Admin, s.o.Page(name), "Enough. ~~~~", "stop")
			before := s.edits()
			r := s.o.Run("once", "copyvio")
			if r.Code != 3 || !strings.Contains(r.Err, s.o.Page(name)) {
				t.Errorf("under %s it ended with %d and said\n%s%s", name, r.Code, r.Out, r.Err)
			}
			after := s.edits()
			for _, title := range after[:len(after)-len(before)] {
				if name == "Stop" || title != s.o.Page("Status") {
					t.Errorf("under %s it wrote %s", name, title)
				}
			}
			if name == "Stop/copyvio" {
				s.says(t, s.o.Page("Status"), "Stop/copyvio")
			}
		}
		s.Edit(s.Admin, s.o.Page("Stop"), "", "go on")
		s.Edit(s.Admin, s.o.Page("Stop/copyvio"), "", "go on")
		s.watch()
		if n, m := s.tagged("One.jpg"), s.tagged("Two.jpg"); n != 1 || m != 1 {
			t.Errorf("lifted, the files are tagged %d and %d times", n, m)
		}
	})
	t.Run("programs read cases of the running bot, and nobody writes without a token", func(t *testing.T) { s.servesCases(t, copies[0]) })
	t.Run("a recipe of another wiki takes no half action", func(t *testing.T) {
		s.o.Config(strings.NewReplacer(`"recipe": "generic"`, `"recipe": "commons"`, `"action": "tag"`, `"action": "nominate"`).Replace(watchConfig("")))
		s.decide(rita, "All", copies[2], accepted)
		s.watch()
		// commons: is the prefix of another wiki on every MediaWiki but that one
		s.wants(t, "All", copies[2], "accepted", "Nothing was done: ", "Deletion requests/File:Three.jpg", "it is no page of this wiki")
		if n := len(s.History("File:Three.jpg")); n != 1 {
			t.Errorf("File:Three.jpg says\n%s", s.Text("File:Three.jpg"))
		}
	})
}

// servesCases asks the running bot as a client for MediaWiki does.
func (s *watchStage) servesCases(t *testing.T, copied string) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	s.o.Set("LISTEN", address)
	running := s.o.Start("run")
	defer running.Kill()
	s.awaitSocket(t, running)
	client, err := mwclient.New("http://"+address+"/copyvio/w/api.php", "a reader of cases")
	if err != nil {
		t.Fatal(err)
	}
	awaitHTTP(t, running, "http://"+address+"/health")
	var files, hosts []string
	parts := 0
	q := client.NewQuery(params.Values{"list": "unreviewedimagematches|reverseimagesearch", "uimlimit": "1", "rissha1": copied, "meta": "unreviewedmatchcount|siteinfo"})
	for q.Next() {
		parts++
		files = append(files, texts(q.Resp(), "unreviewedimagematches", "title")...)
		hosts = append(hosts, texts(q.Resp(), "reverseimagesearch", "url")...)
	}
	if q.Err() != nil || parts != len(files) || parts < 2 || len(hosts) != 4 {
		t.Errorf("%d parts, %q, %q, %v", parts, files, hosts, q.Err())
	}
	write := params.Values{"action": "reviewimagematches", "sha1": copied, "state": "rejected", "token": "+\\"}
	var no mwclient.APIError
	if answer, err := client.Post(write); !errors.As(err, &no) || no.Code != "notloggedin" {
		t.Errorf("a decision of nobody's was answered %v, %s", err, answer)
	}
	bearer, err := http.NewRequest(http.MethodPost, "http://"+address+"/copyvio/api.php", strings.NewReader("action=reviewimagematches&state=rejected&token=%2B%5C&format=json&sha1="+copied))
	if err != nil {
		t.Fatal(err)
	}
	bearer.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	bearer.Header.Set("Authorization", "Bearer eyJ0eXAiOiJKV1QifQ.e30.x")
	answer, err := http.DefaultClient.Do(bearer)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if code := answer.Header.Get("MediaWiki-API-Error"); code == "" {
		t.Errorf("a token of nobody's was answered %s", answer.Status)
	}
	s.wants(t, "All", copied, "accepted")
}

// texts are the values of one field in the rows of a list.
func texts(answer *jason.Object, list, field string) (all []string) {
	rows, _ := answer.GetObjectArray("query", list) // a part without the list has none
	for _, row := range rows {
		text, _ := row.GetString(field)
		all = append(all, text)
	}
	return all
}

// awaitHTTP waits until the bot serves.
func awaitHTTP(t *testing.T, running *e2e.Process, address string) {
	t.Helper()
	for {
		answer, err := http.Get(address)
		if err == nil {
			answer.Body.Close()
			return
		}
		select {
		case <-running.Ended():
			r := running.Wait()
			t.Fatalf("the bot ended with %d\n%s%s", r.Code, r.Out, r.Err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
