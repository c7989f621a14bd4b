// Package wiki is one session with one MediaWiki: it reads, walks and, through
// a Writer that only the gate holds, writes.
//
// # The model
//
// A Session is one login (or none) at one api.php. Everything it sends goes
// through one door, [Session.do], which owns what the rest of the program must
// never think about: the User-Agent with the operator's contact, cookies or the
// bearer token, at most a few requests at once, the token cache, waiting and
// sending again. What comes out is either a decoded answer or a typed error
// that says what a caller should do: [Error], [HTTPError], [UnknownOutcome],
// [Unreachable].
//
// go-mwclient is the wire and no more: its Client is copied for each request
// and given a round tripper of ours (transport.go), and only GetRaw and PostRaw
// are called. Its own error handling, token cache, query iterator and page
// getters are not used, because they lose data on warnings, on errors inside
// HTTP 200 and on concurrent use.
//
// # What is sent again
//
// Requests that were certainly not executed are sent again by the table in
// retry.go until the session's deadline: lag, read-only, rate limits, and on
// reads also server and network faults. A write whose answer was lost (timeout,
// cut connection, 5xx, something that is not the API's JSON) is never sent
// again blindly: the caller gets an [UnknownOutcome] and asks the page history.
//
// # Reading many pages
//
// [Session.Walk] hands a page on only when the API said batchcomplete, because
// before that an empty list on a page does not mean that there is nothing
// (API:Continue). Warnings are logged, never returned as errors.
package wiki

import (
	"context"
	"net/http"
	"time"

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
	Timeout   time.Duration                              // how long one answer may take; 0: 60 seconds
	MaxLag    int                                        // seconds, on writes; 0: 5
	Parallel  int                                        // requests at once; 0: 1, never more than 3
}

// Params are the parameters of one API request. Values that are "" are
// dropped, so a flag is "1" or "" and never set by mistake; a parameter that
// must be sent with an empty value is [Empty].
type Params map[string]string

// Empty sends a parameter with an empty value, as in gunamespace= (all
// namespaces) or the text of an edit that blanks a page. It is MediaWiki's own
// spelling of an empty list of values.
const Empty = "\x1f"

// Writer writes to the home wiki. The composition root hands it to the gate and to nobody else.
type Writer struct{ s *Session }

// userAgentLibrary is the wire's name and version, as API:Etiquette asks.
const userAgentLibrary = "go-mwclient/1.3.0"

// Limits of one session.
const (
	defaultDeadline = 10 * time.Minute
	defaultTimeout  = 60 * time.Second
	defaultMaxLag   = 5
	firstContact    = time.Minute // patience while a session is being opened
	maxParallel     = 3
	lowLimit        = 50       // titles in one request
	highLimit       = 500      // with the right apihighlimits
	maxAnswer       = 64 << 20 // bytes of one answer, unpacked
	longQuery       = 2000     // bytes of an encoded query beyond which a read is POSTed
)

// readActions are the modules that Get lets through. None changes anything.
var readActions = map[string]bool{
	"query": true, "parse": true, "expandtemplates": true, "compare": true,
	"paraminfo": true, "help": true, "opensearch": true, "sitematrix": true,
	"templatedata": true, "languagesearch": true, "rsd": true, "spamblacklist": true,
}
