// Package realwiki gives tests a real MediaWiki 1.43 with Echo, on this machine
// alone: Debian's package, PHP's own server, SQLite, a free port of 127.0.0.1.
//
// The code of MediaWiki is fetched once through apt and unpacked beneath a
// cache folder ([CacheVariable]); nothing of it is installed on the system. From
// an empty wiki that lies ready there, [Start] makes a copy for one test, in a
// second or two, and takes it away when the test ends, however it ends.
//
// Such a wiki does nothing by itself. What an edit causes (links, notifications)
// is finished before the API answers; jobs wait for [Wiki.RunJobs]; mail goes to
// a folder that [Wiki.Mails] reads; there are no rate limits. A test that wants
// another behaviour says so with [WithSettings] or [Wiki.Settings].
//
// The helpers of this package fail the test by themselves. A test that is about
// an error of the API asks through [Wiki.Client], whose methods return it.
package realwiki

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

const (
	// Variable is the environment variable that must be "1" for [Start] to
	// start anything; without it the test is skipped.
	Variable = "FILEWARDEN_REAL"
	// CacheVariable names the environment variable with the folder that keeps
	// MediaWiki from one run to the next; the user's cache folder otherwise.
	CacheVariable = "FILEWARDEN_WIKI_CACHE"
)

// Wiki is one running MediaWiki.
type Wiki struct {
	// URL is the server without a slash at the end; pages are at URL/wiki/Title.
	URL string
	// API is the address of api.php.
	API string
	// Database is the wiki's id, such as "testwiki".
	Database string
	// Admin is in the groups sysop, bureaucrat and interface-admin.
	Admin User
	// Dir holds the wiki's settings, files, logs and mail.
	Dir string

	t        testing.TB
	settings settings
	install  *installation
	mu       sync.Mutex
	clients  map[string]*Client
}

// Option changes how a wiki is started.
type Option func(*settings)

// WithSettings adds PHP statements at the end of LocalSettings.php.
func WithSettings(php string) Option {
	return func(s *settings) { s.extra += php + "\n" }
}

// WithExtensions loads more of the extensions in [Extensions] than [Start] does
// by itself.
func WithExtensions(names ...string) Option {
	return func(s *settings) {
		for _, name := range names {
			if !slices.Contains(s.Extensions, name) {
				s.Extensions = append(s.Extensions, name)
			}
		}
	}
}

// WithoutEmail switches off everything that sends mail.
func WithoutEmail() Option {
	return func(s *settings) { s.Email = false }
}

// WithLanguage sets the language of the wiki's content, such as "de".
func WithLanguage(code string) Option {
	return func(s *settings) { s.Language = code }
}

// Start starts a wiki for this test. Without FILEWARDEN_REAL=1 it skips the test.
func Start(t testing.TB, opts ...Option) *Wiki {
	t.Helper()
	need(t)
	return start(t, t.TempDir(), []string{"testwiki"}, opts)[0]
}

// Farm is three wikis that share the files of the first.
type Farm struct{ Commons, English, Voyage *Wiki }

// StartFarm starts commonswiki, enwiki and dewikivoyage: files uploaded to the
// first can be used on all. Their accounts are apart. GlobalUsage is in no Debian
// package, so each wiki knows the uses on its own pages only (prop=fileusage).
func StartFarm(t testing.TB, opts ...Option) *Farm {
	t.Helper()
	need(t)
	all := start(t, t.TempDir(), []string{"commonswiki", "enwiki", "dewikivoyage"}, opts)
	return &Farm{Commons: all[0], English: all[1], Voyage: all[2]}
}

func need(t testing.TB) {
	t.Helper()
	if os.Getenv(Variable) != "1" {
		t.Skipf("this test needs a real MediaWiki: set %s=1, or run tests/all", Variable)
	}
}

// start copies the empty wiki once for each database name into one data folder
// and serves them all.
func start(t testing.TB, root string, databases []string, opts []Option) []*Wiki {
	t.Helper()
	install, err := ready()
	if err != nil {
		t.Fatalf("making a MediaWiki ready: %v", err)
	}
	var wikis []*Wiki
	for _, database := range databases {
		s := defaults(root, database, install)
		for _, opt := range opts {
			opt(&s)
		}
		w := &Wiki{Database: database, Dir: filepath.Join(root, database), t: t,
			settings: s, install: install, Admin: admin(), clients: map[string]*Client{}}
		if err := install.copyTo(w.settings); err != nil {
			t.Fatalf("copying the empty wiki: %v", err)
		}
		wikis = append(wikis, w)
	}
	if err := serveAll(t, wikis); err != nil {
		t.Fatalf("starting MediaWiki: %v", err)
	}
	return wikis
}

// Settings adds PHP statements to LocalSettings.php; they hold from the next
// request on.
func (w *Wiki) Settings(php string) {
	w.t.Helper()
	w.settings.extra += php + "\n"
	if err := w.settings.write(w.Dir); err != nil {
		w.t.Fatalf("changing the settings of %s: %v", w.Database, err)
	}
}

// at sets the addresses of the wiki.
func (w *Wiki) at(port int) {
	w.settings.Port = port
	w.URL = fmt.Sprintf("http://127.0.0.1:%d", port)
	w.API = w.URL + "/w/api.php"
}
