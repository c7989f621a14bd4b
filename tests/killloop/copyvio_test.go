package killloop

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/tasks/copyvio/provider/providertest"
	"filewarden/tests/faults"
	"filewarden/tests/realwiki"
)

const (
	watchKills = 12 // at the wiki
	askKills   = 2  // while a search service answers
	uploaders  = 3
)

// watchConfig nominates what was accepted at once: four edits on four pages.
const watchConfig = `{"mode": "live", "editsPerMinute": 600, "notices": {"optIn": false, "window": "now", "perDay": 100},
	"tasks": {"usage": {"enabled": false}, "provenance": {"enabled": false}, "copyvio": {"enabled": true, "wait": "0m", "grace": "0m",
		"recipe": "commons", "action": "nominate", "newUploaders": 0}}}`

// watchLoop is a loop in which uploads are found elsewhere and nominated.
type watchLoop struct {
	*loop
	service  *service
	people   []realwiki.User
	reviewer realwiki.User
	files    []copied
	began    time.Time
}

// copied is a file that a service knows.
type copied struct{ name, sha1, uploader string }

// service is a search service that keeps its answer back at the moment of a kill.
type service struct {
	*providertest.Server
	mu     sync.Mutex
	strike chan struct{} // nil: it answers
	struck chan struct{}
	lost   map[string]bool // SHA-1 of images that were billed and whose answer was lost
}

// ServeHTTP bills as the service does; the process that is killed meanwhile
// never hears what it paid for.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	strike, struck := s.strike, s.struck
	s.strike = nil
	s.mu.Unlock()
	if strike == nil {
		s.Serve().ServeHTTP(w, r)
		return
	}
	before := s.Billed(providertest.Google)
	s.Serve().ServeHTTP(httptest.NewRecorder(), r)
	for sum := range s.Billed(providertest.Google) {
		if before[sum] == 0 {
			s.lost[sum] = true
		}
	}
	close(strike)
	<-struck
}

func TestKilledAtAnyMomentTheWatchSkipsNoUploadAndActsOnce(t *testing.T) {
	l := beginWatch(t)
	for total(l.killed) < watchKills+askKills {
		l.upload()
		l.accept()
		moment, fault := l.death()
		if done := total(l.killed); done == 3 || done == 9 {
			moment, fault = "during a search", l.searching
		}
		l.live(moment, fault, "once", "copyvio")
	}
	l.proxy.Set(nil)
	l.service.mu.Lock()
	l.service.strike = nil
	l.service.mu.Unlock()
	for range 3 {
		l.o.Must("once", "copyvio")
		l.accept()
	}
	l.judge()
}

// beginWatch makes wiki, people and services, and lets the bot take stock.
func beginWatch(t *testing.T) *watchLoop {
	l := &watchLoop{loop: newLoop(t, realwiki.Uploads(), realwiki.WithSettings(`$wgMetaNamespace = 'Commons';`)), began: time.Now(),
		service: &service{Server: providertest.New(providertest.Options{Default: providertest.FullAndPages}), lost: map[string]bool{}}}
	server := httptest.NewServer(l.service)
	t.Cleanup(server.Close)
	l.o.Set("GOOGLE_KEY", providertest.GoogleKey)
	l.o.Set("GOOGLE_ENDPOINT", providertest.Keys(server.URL).Google.Endpoint)
	for i := range uploaders {
		l.people = append(l.people, l.o.Register(fmt.Sprintf("Uploader %d", i)))
	}
	l.reviewer = l.o.Register("Rita")
	l.w.SetGroups("Rita", "sysop", "")
	l.o.Config(watchConfig)
	l.o.Must("once", "copyvio") // the baseline
	l.proxy = faults.NewProxy(t, l.w.API)
	l.o.Set("API", l.proxy.API)
	return l
}

// searching is the death in which a search is paid for and not heard of.
func (l *watchLoop) searching(strike, struck chan struct{}) faults.Plan {
	l.service.mu.Lock()
	defer l.service.mu.Unlock()
	l.service.strike, l.service.struck = strike, struck
	return nil
}

// upload stores the next file.
func (l *watchLoop) upload() {
	l.t.Helper()
	n := len(l.files)
	data := picture.JPEG(picture.Photo(uint64(n+1), 320, 240), 85)
	sum := sha1.Sum(data)
	by := l.people[n%len(l.people)]
	l.files = append(l.files, copied{fmt.Sprintf("Copy %d of many.jpg", n), hex.EncodeToString(sum[:]), by.Name})
	l.w.UploadAs(by, l.files[n].name, data, "{{self|cc-by-sa-4.0}}", "")
}

// accept decides every case that stands on the page of all.
func (l *watchLoop) accept() {
	l.t.Helper()
	title := l.o.Page("Copyvio/All")
	text := l.w.Text(title)
	after := text
	for _, entry := range page.Read(text) {
		if state, _ := entry.State(); state == casebook.Open {
			after, _ = page.Put(after, entry.ID, casebook.Accepted)
		}
	}
	if after != text {
		l.w.Edit(l.reviewer, title, after, "all copied")
	}
}

// judge asks the wiki's pages, and the bill.
func (l *watchLoop) judge() {
	lost := 0
	all := l.w.Text(l.o.Page("Copyvio/All"))
	for _, f := range l.files {
		if l.service.lost[f.sha1] {
			lost++ // it was paid for, and is not asked about again
			l.judgeLost(f)
			continue
		}
		if !strings.Contains(all, f.sha1) {
			l.t.Errorf("%s was skipped", f.name)
			continue
		}
		l.judgeFile(f)
	}
	bill := l.service.Billed(providertest.Google)
	for _, f := range l.files {
		if units := bill[f.sha1]; units != 2 {
			l.t.Errorf("%s cost %d units, want 2", f.name, units)
		}
	}
	if faults := l.service.Faults(); len(faults) > 0 {
		l.t.Errorf("the service had to refuse: %q", faults)
	}
	if lost == 0 {
		l.t.Error("no answer was lost")
	}
	l.t.Logf("%d uploads; %d kills %v, %d lives had nothing left to do; %d answers were lost", len(l.files), total(l.killed), l.killed, l.finished, lost)
}

// judgeLost wants the bot to know that it does not know.
func (l *watchLoop) judgeLost(f copied) {
	r := l.o.Run("match", "--format", "json", "File:"+f.name)
	if !strings.Contains(r.Out, "an answer was lost") {
		l.t.Errorf("of %s, whose answer was lost, it says %s%s", f.name, r.Out, r.Err)
	}
}

// judgeFile wants each of the four edits once, and each notice once.
func (l *watchLoop) judgeFile(f copied) {
	file := regexp.QuoteMeta("File:" + f.name)
	for title, text := range map[string]string{
		"File:" + f.name: `\{\{delete\|`,
		"Commons:Deletion requests/File:" + f.name: `\{\{subst:delete2\|`,
		"User talk:" + f.uploader:                  `\{\{subst:idw\|1=` + file + `\|`,
	} {
		l.once(title, text, l.w.Text(title))
	}
	l.once("the list of requests", `\{\{subst:delete3\|pg=`+file+`\}`, l.requests())
	talk := l.w.Text("User talk:" + f.uploader)
	l.once("User talk:"+f.uploader, `\[\[:`+file+`\|[^\]]*\]\](\. This is a hint|: .{0,20}pictures? elsewhere)`, talk)
	l.once("User talk:"+f.uploader, `looked at your upload \[\[:`+file+`\|`, talk)
	if n := l.edits("File:" + f.name); n != 1 {
		l.t.Errorf("File:%s was edited %d times", f.name, n)
	}
}

// once wants a text to stand on a page once.
func (l *watchLoop) once(title, pattern, text string) {
	if n := len(regexp.MustCompile(pattern).FindAllString(text, -1)); n != 1 {
		l.t.Errorf("%s holds %q %d times:\n%s", title, pattern, n, text)
	}
}

// edits are those of the bot.
func (l *watchLoop) edits(title string) (n int) {
	for _, r := range l.w.History(title) {
		if r.User == l.o.Account.Name {
			n++
		}
	}
	return n
}

// requests are the lists of the days of the test.
func (l *watchLoop) requests() string {
	title := func(at time.Time) string { return at.UTC().Format("Commons:Deletion requests/2006/01/02") }
	text := l.w.Text(title(time.Now()))
	if first := title(l.began); first != title(time.Now()) {
		text += l.w.Text(first)
	}
	return text
}
