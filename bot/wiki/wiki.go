// Package wiki is one session with one MediaWiki: it reads, walks and, through
// a Writer that only the gate holds, writes.
package wiki

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/antonholmquist/jason"
	"github.com/rs/zerolog"
)

// Settings say which wiki to talk to and as whom.
type Settings struct {
	API      string // address of api.php
	User     string // account, or "Account@app" for a bot password
	Password string // bot password; empty with Token
	Token    string // OAuth 2 bearer token; wins over User and Password
	Contact  string // operator's e-mail address or URL, sent in the User-Agent; required
	Version  string // this program's version, for the User-Agent
	Log      zerolog.Logger

	Transport http.RoundTripper                          // nil: http.DefaultTransport tuned
	Now       func() time.Time                           // nil: time.Now
	Sleep     func(context.Context, time.Duration) error // nil: a timer that ends with the context
	Deadline  time.Duration                              // how long one request may wait out lag and limits; 0: 10 minutes
	MaxLag    int                                        // seconds, on writes; 0: 5
}

// Params are the parameters of one API request; "" values are dropped, flags are "1".
type Params map[string]string

// Session reads from one wiki. It cannot write.
type Session struct{}

// Writer writes to the home wiki. The composition root hands it to the gate and to nobody else.
type Writer struct{}

// Open logs in to the home wiki and returns the session and its writer.
func Open(ctx context.Context, s Settings) (*Session, *Writer, error) { panic("stub") }

// OpenReader opens a wiki that is only read, without an account.
func OpenReader(ctx context.Context, s Settings) (*Session, error) { panic("stub") }

// Get sends one read request (query, parse, expandtemplates, compare, paraminfo…;
// any other action is refused) and returns the whole answer.
func (s *Session) Get(ctx context.Context, p Params) (*jason.Object, error) { panic("stub") }

// Page is one page of a query, complete: every continuation of its batch has been merged in.
type Page struct {
	*jason.Object
	Title   string
	NS      int
	ID      int64 // 0 when missing
	Missing bool
	Invalid bool
	Aliases []string // titles asked for that were normalised or redirected to this page
}

// Walk runs a query over pages (titles, pageids, revids or a generator) and
// yields each page once, after batchcomplete. Longer lists of titles, pageids
// and revids (joined with "|" or U+001F) are cut to the account's limit.
func (s *Session) Walk(ctx context.Context, p Params) iter.Seq2[*Page, error] { panic("stub") }

// WalkTitles is Walk over titles given as a slice, at most perBatch a request (0: the account's limit).
func (s *Session) WalkTitles(ctx context.Context, titles []string, perBatch int, p Params) iter.Seq2[*Page, error] {
	panic("stub")
}

// Rows runs a list= query and yields its rows.
func (s *Session) Rows(ctx context.Context, list string, p Params) iter.Seq2[*jason.Object, error] {
	panic("stub")
}

// Text is one revision of a page as read: its wikitext and what a later edit needs to know.
type Text struct {
	Title   string // normalised
	ID      int64
	Missing bool
	Invalid bool
	RevID   int64 // 0 when missing
	User    string
	Comment string
	Time    time.Time // of the revision
	ReadAt  time.Time // curtimestamp of the read: an edit's starttimestamp
	Model   string    // content model: wikitext, json, javascript…
	Content string
	// RedirectTo is the target when the page is a redirect that was not followed.
	RedirectTo string
}

// Read returns the current texts of pages, keyed by the titles asked for. Redirects are not followed.
func (s *Session) Read(ctx context.Context, titles ...string) (map[string]Text, error) {
	panic("stub")
}

// Limits of the account.
func (s *Session) Limit() int { panic("stub") } // titles in one request: 50, or 500 with apihighlimits

// Site is what a wiki says of itself (meta=siteinfo).
type Site struct {
	Name, Language, WikiID, Server, ArticlePath, Script string
	Generator                                           string         // "MediaWiki 1.43.9"
	Namespaces                                          map[int]string // localised
	Extensions                                          map[string]string
}

// Site of this session, read at start and kept.
func (s *Session) Site() Site { panic("stub") }

// Account is who this session is (meta=userinfo); rights are those that the grants leave.
type Account struct {
	Name   string
	ID     int64
	Groups []string
	Rights map[string]bool
	// Options only holds the keys whose presence matters.
	Options map[string]string
}

// Account of this session; zero for an anonymous reader.
func (s *Session) Account() Account { panic("stub") }

// Title normalises a title the way this wiki does: namespace aliases and
// localised names, underscores, first letter, %xx. Error: not a valid title.
func (s *Session) Title(text string) (Title, error) { panic("stub") }

// Title is a normalised title.
type Title struct {
	NS   int
	Name string // without namespace, with spaces
	Full string // with this wiki's own namespace name, with spaces
}

// URL of a page on this wiki; a fragment may follow after "#".
func (s *Session) URL(title string) string { panic("stub") }

// Post sends one write (edit, echocreateevent, emailuser, move, delete, options…).
// It adds the token, assert, assertuser and maxlag. Errors are *Error,
// *HTTPError or *UnknownOutcome.
func (w *Writer) Post(ctx context.Context, p Params) (*jason.Object, error) { panic("stub") }

// Farm is the set of wikis this bot may read: the home wiki and the hosts the operator allows.
type Farm struct{}

// NewFarm builds the set; hosts are "host", "host:port" or an api.php address.
func NewFarm(home *Session, hosts []string, s Settings) *Farm { panic("stub") }

// Home is the wiki that the bot has an account on.
func (f *Farm) Home() *Session { panic("stub") }

// Place is one foreign (or the home) wiki as found in an answer of GlobalUsage.
type Place struct {
	Key  string // stable name of the wiki: its URL without the title; GlobalUsage's wiki field where no URL is known
	Host string // host[:port] for showing
}

// PlaceOf says which wiki a GlobalUsage row is on: wiki is its field, url its address, title the page's (with underscores).
func (f *Farm) PlaceOf(wiki, url, title string) Place { panic("stub") }

// At opens (once) the session of a place. ErrNotAllowed when the operator has not named its host.
func (f *Farm) At(ctx context.Context, p Place) (*Session, error) { panic("stub") }

// Name is the readable name of a wiki in a language ("English Wikipedia"), or its host where nothing better is known.
func (f *Farm) Name(ctx context.Context, p Place, language string) string { panic("stub") }

// SamePerson says whether equal account names on the home wiki and at p are one person (mode: sitematrix, all, none).
func (f *Farm) SamePerson(ctx context.Context, p Place, mode string) bool { panic("stub") }
