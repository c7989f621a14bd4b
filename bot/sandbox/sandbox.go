// Package sandbox is a MediaWiki inside this process, for the demo and for
// the fast tests.
//
// A Wiki is an http.Handler that speaks the Action API of MediaWiki 1.43 in
// formatversion=2 at /api.php (and /w/api.php) and shows itself to a person at
// /wiki/Title and /index.php. It keeps everything in memory: pages with their
// histories, files with their versions and thumbnails, deleted files, accounts
// with groups and grants, blocks, logs, link tables, Echo notifications and mails.
//
// Its one invariant is that it may refuse what the real MediaWiki answers, but
// never answers what the real one would not. The claims are held by
// tests/contract, which runs against both. Where MediaWiki behaves oddly
// (a warning where one expects an error, rows whose ids are strings), the
// sandbox is odd in the same way: bots stumble over exactly those places.
//
// One lock guards a wiki, shared by all wikis of a Farm, because an edit on
// one wiki changes the global usage of files on another. Every exported method
// takes it; every unexported one expects it to be held.
package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options describes a wiki that does not exist yet.
type Options struct {
	Name     string           // database name, such as "commonswiki"
	SiteName string           // "Wikimedia Commons"; also the Project namespace
	Language string           // content language, "en"
	Server   string           // "http://127.0.0.1:1234"; SetServer sets it later
	Clock    func() time.Time // nil is time.Now

	NoEcho      bool // Echo is not installed
	EchoAPI     bool // $wgEchoEnableApiEvents with right and grant echo-create for bots
	MaxArticle  int  // $wgMaxArticleSize in bytes; 0 is 2 MiB
	EditsPer    int  // edits a minute for accounts without noratelimit; 0 is no limit
	GlobalUsage bool // the GlobalUsage extension; a Farm switches it on for its repository
	Gadgets     bool // the Gadgets extension: list=querypage knows GadgetUsage
	Scribunto   bool // namespace Module with content model Scribunto
	Styles      bool // TemplateStyles: Template:….css has content model sanitized-css
	Cirrus      bool // CirrusSearch: list=search understands insource: and contentmodel:

	SpamBlacklist  bool     // the page MediaWiki:Spam-blacklist refuses edits
	AbuseFilter    bool     // edits pass the filter that Filter sets
	SVGThumbs      bool     // drawings are shown as PNG ($wgSVGNativeRendering off, as on Wikimedia's wikis)
	RevisionDelete bool     // sysops hide revisions and log entries
	FileTypes      []string // extensions of files that may be uploaded besides the usual
	OAuth          bool     // the OAuth extension: rest.php/oauth2/resource/profile
}

// Wiki is one wiki. The zero value is not usable; see New.
type Wiki struct {
	mu   *sync.Mutex
	opts Options
	farm *Farm

	namespaces       *namespaceTable
	titles           map[title]*page
	pages            map[int64]*page
	revisions        map[int64]*Revision
	files            map[string]*file // by database key
	archive          map[title][]*page
	filearchive      []*archivedFile
	createProtection map[title]Protection
	logs             []*logEntry
	changes          []*change
	index            linkIndex
	global           *globalUsage
	messages         map[string]string

	accounts  map[string]*account
	byID      map[int64]*account
	bearers   map[string]*login
	sessions  map[string]*session
	blocks    map[string]*Block
	rights    *rightsTable
	notices   []*Notification
	mails     []Mail
	requests  []LoggedRequest
	hook      func(*EditAttempt) error
	filter    Filter
	fault     FaultFunc
	readOnly  string
	lag       int
	lastPage  int64
	lastRev   int64
	lastUser  int64
	lastLog   int64
	lastRC    int64
	lastNote  int64
	lastBlock int64
	lastFile  int64
	lastTime  time.Time
	fixed     time.Time // the time while seeds of another time run

	tokenEpoch int
	main       *module
	actions    map[string]*module
	queries    map[string]*queryModule
	views      views
	mux        *http.ServeMux
}

// New returns an empty wiki with a main page and an account Admin (a sysop
// and interface administrator without a password).
func New(o Options) *Wiki { return newWiki(o, new(sync.Mutex)) }

func newWiki(o Options, mu *sync.Mutex) *Wiki {
	o = withDefaults(o)
	w := &Wiki{
		mu: mu, opts: o, namespaces: newNamespaces(o),
		titles: map[title]*page{}, pages: map[int64]*page{}, revisions: map[int64]*Revision{},
		createProtection: map[title]Protection{},
		files:            map[string]*file{}, archive: map[title][]*page{}, index: linkIndex{},
		accounts: map[string]*account{}, byID: map[int64]*account{}, bearers: map[string]*login{},
		sessions: map[string]*session{}, blocks: map[string]*Block{}, messages: map[string]string{},
		rights: newRights(o), global: newGlobalUsage(),
	}
	w.main, w.actions, w.queries = mainTable(), actionTable(), queryTable()
	w.routes()
	w.addAccount("Admin", "", "sysop", "interface-admin", "bureaucrat")
	w.seedEdit("Admin", "Main Page", "Welcome to "+o.SiteName+".", "")
	w.accounts["Admin"].edits = 0 // the installer wrote it
	return w
}

func withDefaults(o Options) Options {
	if o.Name == "" {
		o.Name = "sandboxwiki"
	}
	if o.SiteName == "" {
		o.SiteName = "Sandbox"
	}
	if o.Language == "" {
		o.Language = "en"
	}
	if o.Server == "" {
		o.Server = "http://127.0.0.1"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.MaxArticle == 0 {
		o.MaxArticle = 2 << 20
	}
	return o
}

func (w *Wiki) routes() {
	w.mux = http.NewServeMux()
	for _, prefix := range []string{"", "/w"} {
		w.mux.HandleFunc(prefix+"/api.php", w.serveAPI)
		w.mux.HandleFunc(prefix+"/index.php", w.serveIndex)
		w.mux.HandleFunc("GET "+prefix+"/rest.php/oauth2/resource/{type}", w.serveOAuth)
	}
	w.mux.HandleFunc("/wiki/", w.serveIndex)
	w.mux.HandleFunc("/images/", w.serveImage)
	w.mux.HandleFunc("/favicon.ico", http.NotFound)
	w.mux.HandleFunc("/{$}", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "/wiki/Main_Page", http.StatusFound)
	})
}

// Name is the database name, by which a Farm and GlobalUsage know the wiki.
func (w *Wiki) Name() string { return w.opts.Name }

// Server is the address under which the wiki believes to be reachable.
func (w *Wiki) Server() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.opts.Server
}

// SetServer tells the wiki its own address, once a listener has one.
func (w *Wiki) SetServer(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opts.Server = strings.TrimSuffix(url, "/")
}

// APIURL is the address of the Action API.
func (w *Wiki) APIURL() string { return w.Server() + "/api.php" }

// PageURL is where a person reads the page.
func (w *Wiki) PageURL(title string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, err := w.parseTitle(title, 0)
	if err != nil {
		return w.opts.Server + "/wiki/Main_Page"
	}
	return w.opts.Server + w.path(t)
}

// now is the wiki's clock in whole seconds, as MediaWiki's timestamps are. It
// never runs backwards, because histories are ordered by it.
func (w *Wiki) now() time.Time {
	if !w.fixed.IsZero() {
		return w.fixed
	}
	t := w.opts.Clock().UTC().Truncate(time.Second)
	if t.Before(w.lastTime) {
		return w.lastTime
	}
	w.lastTime = t
	return t
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("sandbox: seeding: %v", err))
	}
	return v
}
