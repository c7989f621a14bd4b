package e2e_test

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/tasks/copyvio/provider/providertest"
	"filewarden/tests/e2e"
	"filewarden/tests/realwiki"
)

// patrollers are a group that MediaWiki does not have by itself.
const patrollers = `$wgGroupPermissions['patroller']['patrol'] = true;
$wgGroupPermissions['patroller']['rollback'] = true;`

// watchConfig looks for uploads without waiting; more goes into the task's section.
func watchConfig(more string) string {
	return `{"mode": "live", "editsPerMinute": 600, "notices": {"optIn": false, "window": "now", "perDay": 100},
		"tasks": {"usage": {"enabled": false}, "provenance": {"enabled": false}, "copyvio": {"enabled": true, "wait": "0m",
			"action": "tag", "recipe": "generic", "template": "Copyvio", "grace": "0m"` + more + `}}}`
}

// watchStage is a wiki whose uploads are watched, and services that know some
// of the pictures.
type watchStage struct {
	*stage
	services *providertest.Server
	base     string // address of the services
}

func newWatchStage(t *testing.T, opts ...realwiki.Option) *watchStage {
	t.Helper()
	opts = append([]realwiki.Option{realwiki.Uploads(), realwiki.WithSettings(patrollers)}, opts...)
	s := &watchStage{stage: newStage(t, opts...), services: providertest.New(providertest.Options{})}
	server := httptest.NewServer(s.services.Serve())
	t.Cleanup(server.Close)
	s.base = server.URL
	s.searching(s.o)
	s.o.Config(watchConfig(""))
	return s
}

// searching gives an operator the key of a service.
func (s *watchStage) searching(o *e2e.Operator) {
	o.Set("GOOGLE_KEY", providertest.GoogleKey)
	o.Set("GOOGLE_ENDPOINT", providertest.Keys(s.base).Google.Endpoint)
}

// watch makes one pass that has to succeed and returns what was said.
func (s *watchStage) watch() string {
	s.t.Helper()
	return s.o.Must("once", "copyvio")
}

// member makes an account in groups, joined by "|"; "": in none.
func (s *watchStage) member(name, groups string) realwiki.User {
	s.t.Helper()
	u := s.o.Register(name)
	if groups != "" {
		s.SetGroups(name, groups, "")
	}
	return u
}

// photo is a picture that looks like no other of another seed, and is small
// enough for the wiki to hand out the file itself as its thumbnail.
func photo(seed uint64) []byte { return picture.JPEG(picture.Photo(seed, 640, 480), 90) }

// upload stores a file with what people write on its page, and gives its SHA-1.
func (s *watchStage) upload(as realwiki.User, name string, data []byte) string {
	s.t.Helper()
	s.UploadAs(as, name, data, "{{Information|author="+as.Name+"}} {{self|cc-by-sa-4.0}}", "my upload")
	return shaOf(data)
}

// copied uploads a photo that a service knows.
func (s *watchStage) copied(as realwiki.User, name string, seed uint64) string {
	s.t.Helper()
	s.services.Set(shaOf(photo(seed)), providertest.FullAndPages)
	return s.upload(as, name, photo(seed))
}

func shaOf(data []byte) string {
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}

// cases is the title of a page of cases: "All", "Uploader/Una".
func (s *watchStage) cases(name string) string { return s.o.Page("Copyvio/" + name) }

// decide writes a status on a page of cases, as a person does, and gives the revision.
func (s *watchStage) decide(as realwiki.User, name, sha1 string, to casebook.State) int64 {
	s.t.Helper()
	return s.Edit(as, s.cases(name), s.with(name, sha1, to), "reviewed")
}

// with is a page of cases with another status of one case.
func (s *watchStage) with(name, sha1 string, to casebook.State) string {
	s.t.Helper()
	text, ok := page.Put(s.Text(s.cases(name)), sha1, to)
	if !ok {
		s.t.Fatalf("%s has no case %s:\n%s", s.cases(name), sha1, s.Text(s.cases(name)))
	}
	return text
}

// section is a case as it stands on a page, "" when it does not.
func (s *watchStage) section(name, sha1 string) string {
	s.t.Helper()
	for _, one := range sections(s.Text(s.cases(name))) {
		if strings.Contains(one, "| id = "+sha1) {
			return one
		}
	}
	return ""
}

// wants fails unless the case stands on the page with this status, and its
// section holds all the texts.
func (s *watchStage) wants(t *testing.T, name, sha1, status string, texts ...string) {
	t.Helper()
	got := s.section(name, sha1)
	for _, want := range append(texts, "| status = "+status+"\n") {
		if !strings.Contains(got, want) {
			t.Errorf("the case on %s does not say %q:\n%s", name, want, got)
		}
	}
}

// broken is what no page shows that is made well, with what stands around it.
var broken = regexp.MustCompile(`.{0,60}(class="error"|⧼|\{\{|<%|\[\[|===|&lt;bdi).{0,60}`)

// areWell looks at every page of the watch as readers get it. The days before
// and after one of uploads by new users may have none.
func (s *watchStage) areWell(t *testing.T) {
	t.Helper()
	for _, title := range append(s.pagesBeneath(s.o.Page("Copyvio")), s.o.Page("Status")) {
		got := s.parsed(title)
		if bad := broken.FindString(got.Text); bad != "" {
			t.Errorf("%s shows %s", title, bad)
		}
		for _, link := range got.Links {
			if strings.Contains(link.Title, "/Copyvio") && !strings.Contains(link.Title, "/New uploaders/") && s.Text(link.Title) == "" {
				t.Errorf("%s links to %s, which is not there", title, link.Title)
			}
		}
	}
}

// tagged says how often the bot's tag stands on a file's page.
func (s *watchStage) tagged(file string) int {
	s.t.Helper()
	return strings.Count(s.Text("File:"+file), "{{Copyvio|")
}
