package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/provider/providertest"
	"filewarden/tests/e2e"
	"filewarden/tests/realwiki"
)

// ask saves a request as the links on the bot's pages do.
func (s *stage) ask(as realwiki.User, heading, text string) {
	s.t.Helper()
	s.EditWith(as, realwiki.Params{"title": s.o.Page("Requests"), "section": "new", "sectiontitle": heading, "text": text + " ~~~~"})
}

func (s *life) answers(t *testing.T) {
	s.o.Config(watchConfig(`, "checksByUser": 3, "wait": "48h"`))
	known := s.copied(s.paul, "Asked for.jpg", 40)
	s.upload(s.paul, "Nobody knows.jpg", photo(41))
	s.ask(s.ida, "check File:Asked for.jpg", "")
	s.ask(s.ida, "Please check these files", "[[:File:Nobody knows.jpg]] and [[:File:Not there.jpg]]")
	s.ask(s.ida, "check File:Own.jpg", "")
	s.ask(s.rita, "check File:Own.jpg", "{{subst:Evil}} [[Category:Evil]]")
	s.watch()
	s.says(t, s.o.Page("Requests"), "there are 4 possible matches. [[:"+s.cases("Uploader/Paul")+"#"+known+"|See what was found]]",
		"I looked for [[:File:Nobody knows.jpg|File:Nobody knows.jpg]] and found nothing", "There is no file [[:File:Not there.jpg|File:Not there.jpg]] here",
		"I can check 3 files a day for each person", "I looked for [[:File:Own.jpg|File:Own.jpg]] and found nothing")
	s.wants(t, "Checks", known, "open", "A check was asked for by [[:User:Ida|Ida]]")
	if n := s.services.Billed(providertest.Google)[known]; n != 2 {
		t.Errorf("the picture that was asked for cost %d units", n)
	}
	s.o.Config(watchConfig(""))
}

// found is a line of what match says in JSON.
type found struct {
	File, SHA1, Outcome, Why, State string
	Matches                         []struct{ URL, Provider string }
}

// match runs the command in JSON; a code of -1 may be any.
func (s *watchStage) match(t *testing.T, code int, args ...string) map[string]found {
	t.Helper()
	r := s.o.Run(append([]string{"match", "--format", "json"}, args...)...)
	if r.Code != code && code >= 0 {
		t.Errorf("match %q ended with %d, want %d:\n%s%s", args, r.Code, code, r.Out, r.Err)
	}
	rows := map[string]found{}
	for line := range strings.Lines(r.Out) {
		var row found
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Errorf("%q is no JSON: %v", line, err)
		}
		rows[row.File] = row
	}
	return rows
}

func (s *life) matches(t *testing.T) {
	rows := s.match(t, 1, "File:Copy 1.jpg", "File:Own.jpg", "File:Not there.jpg")
	if got := rows["File:Copy 1.jpg"]; got.Outcome != "found" || got.SHA1 != s.copies[1] || got.State != "open" || len(got.Matches) != 4 {
		t.Errorf("a copy: %+v", got)
	}
	if rows["File:Own.jpg"].Outcome != "nothing" || rows["File:Not there.jpg"].Outcome != "missing" {
		t.Errorf("%+v", rows)
	}
	if rows := s.match(t, 0, "File:Own.jpg"); len(rows) != 1 {
		t.Errorf("%+v", rows)
	}
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte("# files\n* [[:File:Copy 1.jpg]]\nFile:Own.jpg\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rows := s.match(t, 1, "--list", list); len(rows) != 2 {
		t.Errorf("a list: %+v", rows)
	}
	s.UploadAs(s.paul, "Sorted.jpg", photo(42), "[[Category:Sorted]]", "")
	if rows := s.match(t, 0, "--category", "Category:Sorted"); len(rows) != 1 || rows["File:Sorted.jpg"].Outcome != "nothing" {
		t.Errorf("a category: %+v", rows)
	}
	if rows := s.match(t, 1, "--uploader", "Paul", "--most", "4"); len(rows) != 4 || rows["File:Sorted.jpg"].SHA1 == "" {
		t.Errorf("an uploader: %+v", rows)
	}
	for _, wrong := range [][]string{{"match"}, {"match", "File:A.jpg", "--uploader", "Paul"}, {"match", "Main Page"}, {"match", "--category", "Category:Empty"}} {
		if r := s.o.Run(wrong...); r.Code != 2 || r.Err == "" {
			t.Errorf("%q ended with %d and said %q", wrong, r.Code, r.Err)
		}
	}
	r := s.o.Run("match", "File:Copy 1.jpg")
	if r.Code != 1 || !strings.Contains(r.Out, "found, case is open") || !strings.Contains(r.Out, "100%  full     google  https://photos.example.net/") {
		t.Errorf("in words, ended with %d:\n%s%s", r.Code, r.Out, r.Err)
	}
}

// withholds works while the running bot holds the memory, too.
func (s *life) withholds(t *testing.T) {
	out := s.o.Must("withhold", "File:Copy 1.jpg", "--reason", "a private matter")
	if !strings.Contains(out, "is withheld now") {
		t.Errorf("it said %s", out)
	}
	s.watch()
	for _, name := range []string{"All", "Uploader/Una", "Log"} {
		if strings.Contains(s.Text(s.cases(name)), "Copy 1.jpg") {
			t.Errorf("%s tells of what is withheld:\n%s", name, s.Text(s.cases(name)))
		}
	}
	if r := s.o.Run("withhold", "File:Never was.jpg"); r.Code != 1 || !strings.Contains(r.Out+r.Err, "there is no such file") {
		t.Errorf("it ended with %d: %s%s", r.Code, r.Out, r.Err)
	}
	running := s.o.Start("run")
	defer running.Kill()
	s.awaitSocket(t, running)
	if out := s.o.Must("withhold", "--undo", "File:Copy 1.jpg"); !strings.Contains(out, "is open now") {
		t.Errorf("beside the running bot it said %s", out)
	}
	if rows := s.match(t, 1, "File:Copy 1.jpg"); rows["File:Copy 1.jpg"].State != "open" {
		t.Errorf("beside the running bot: %+v", rows)
	}
	running.Kill()
	s.watch()
	s.wants(t, "All", s.copies[1], "open")
}

// awaitSocket waits until a running bot takes commands.
func (s *watchStage) awaitSocket(t *testing.T, running *e2e.Process) {
	t.Helper()
	for !s.listens() {
		select {
		case <-running.Ended():
			r := running.Wait()
			t.Fatalf("the bot ended with %d\n%s%s", r.Code, r.Out, r.Err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *watchStage) listens() bool {
	sockets, err := filepath.Glob(filepath.Join(s.o.Data, "*.sock*"))
	return err == nil && len(sockets) > 0
}
