// Package edge answers the servers at the edge of a CDN, which ask before they
// serve a media file: whom was this address made for, when, and is that true?
//
// # Question
//
// The address that the client asked for comes in one of two ways, and what it
// says is never mixed: to /verify it comes in the header X-Original-URI, exactly
// once; to /verify/… it is the rest of the request's own target. An edge that
// passes a client's headers on must therefore set X-Original-URI itself, or
// the client chooses what is judged. Addresses may lack scheme and host.
//
// # Answer
//
//	204  let it through                     400  no address, or two of them
//	403  refuse it                          405  neither GET nor HEAD
//	                                        414  an address beyond 8 KB
//
// 204 and 403 say what was found:
//
//	X-Media-Signature  valid, stale, bad or none
//	X-Media-Source     web, api, dumps or unknown: proven where the signature is
//	                   valid or stale, else only what the address claims
//	X-Media-Age        seconds since it was signed, negative when that lies in the
//	                   future; only where the signature is valid or stale
//
// Which standing gets which status is the operator's decision, see [Require].
// Anything else than 204 and 403 is a mistake of the edge's configuration or a
// service that is down; the edge decides whether media go on without it.
//
// # Invariants
//
// Nothing is kept between two requests but keys and counters, so any number of
// these services may run side by side. Nothing of a request is repeated in an
// answer. Logs name paths at most, never parameters: a signed address is a
// ticket, and whoever reads it in a log could use it.
package edge

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"filewarden/bot/wiki/mediaurl"

	"github.com/rs/zerolog"
)

// Header names of questions and answers.
const (
	OriginalURI = "X-Original-Uri" // as net/http spells it
	Signature   = "X-Media-Signature"
	Source      = "X-Media-Source"
	Age         = "X-Media-Age"
)

// longestURI is how long an address may be, in bytes: what HAProxy, Varnish and
// nginx take as they are installed, and eight times what MediaWiki makes.
const longestURI = 8 << 10

// Settings are what a Handler works with.
type Settings struct {
	Keys    func() mediaurl.Keys // asked for each request, so that they can change
	Fresh   time.Duration        // how long a signature counts
	Require Require
	Now     func() time.Time
	Log     zerolog.Logger
}

// Handler answers /verify and /health.
type Handler struct {
	settings Settings
	answers  [len(standings)]atomic.Uint64 // by place in standings
}

// standings in the order in which Handler counts them.
var standings = [...]mediaurl.Standing{mediaurl.Valid, mediaurl.Stale, mediaurl.Bad, mediaurl.None}

// New returns a handler.
func New(s Settings) *Handler { return &Handler{settings: s} }

// ServeHTTP looks at the raw target: http.ServeMux would clean the path of the
// address that is to be judged.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "ask with GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	path, _, _ := strings.Cut(r.RequestURI, "?")
	switch {
	case path == "/health":
		h.health(w)
	case path == "/verify", strings.HasPrefix(path, "/verify/"):
		h.verify(w, r)
	default:
		http.Error(w, "there is /verify and /health", http.StatusNotFound)
	}
}

// errNoURI is the error for a question without an address in it.
var errNoURI = errors.New("put the address into X-Original-URI, once, or behind /verify; it begins with a slash or http")

// original is the address that the client of the edge asked for, with a host:
// without one, what a client puts before the path as //x would count as the
// host, and the rest could be another file's address with its signature.
func original(r *http.Request) (string, error) {
	uri := strings.TrimPrefix(r.RequestURI, "/verify")
	if !strings.HasPrefix(uri, "/") {
		// Two of them mean that the client's own was passed on beside the edge's.
		all := r.Header[OriginalURI]
		if len(all) != 1 {
			return "", errNoURI
		}
		uri = all[0]
	}
	switch {
	case strings.HasPrefix(uri, "/"):
		return "http://edge" + uri, nil
	case strings.HasPrefix(uri, "http://"), strings.HasPrefix(uri, "https://"):
		return uri, nil
	}
	return "", errNoURI
}

// verify answers a question.
func (h *Handler) verify(w http.ResponseWriter, r *http.Request) {
	uri, err := original(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if len(uri) > longestURI {
		http.Error(w, "no address of a media file is that long", http.StatusRequestURITooLong)
		return
	}
	found := h.settings.Keys().Verify(uri, h.settings.Now(), h.settings.Fresh)
	h.count(found.Standing)
	head := w.Header()
	head.Set("Cache-Control", "no-store") // it ages, and keys change
	head.Set(Signature, string(found.Standing))
	head.Set(Source, string(found.Class))
	if found.Standing == mediaurl.Valid || found.Standing == mediaurl.Stale {
		head.Set(Age, strconv.FormatInt(int64(found.Age/time.Second), 10))
	}
	status := http.StatusNoContent
	if !h.settings.Require.Admits(found.Standing) {
		status = http.StatusForbidden
		h.refused(uri, found)
	}
	w.WriteHeader(status)
}

// refused tells who looks for the reason; at the usual level it says nothing,
// as whoever sends forged addresses would fill the disk.
func (h *Handler) refused(uri string, found mediaurl.Verdict) {
	path, _, _ := strings.Cut(uri, "?")
	h.settings.Log.Debug().Str("path", path).Str("signature", string(found.Standing)).Str("why", found.Why).Msg("refused")
}

func (h *Handler) count(s mediaurl.Standing) {
	for i, known := range standings {
		if s == known {
			h.answers[i].Add(1)
		}
	}
}

// Health is the answer of /health.
type Health struct {
	Status  string                       `json:"status"`  // "ok"
	Keys    []string                     `json:"keys"`    // ids; the first signs
	Answers map[mediaurl.Standing]uint64 `json:"answers"` // since the start
}

// Health tells which keys are in use and what was answered so far.
func (h *Handler) Health() Health {
	told := Health{Status: "ok", Answers: map[mediaurl.Standing]uint64{}}
	for _, key := range h.settings.Keys() {
		told.Keys = append(told.Keys, key.ID)
	}
	for i, s := range standings {
		told.Answers[s] = h.answers[i].Load()
	}
	return told
}

func (h *Handler) health(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	// The status line is sent; nobody is left to tell of an error.
	_ = json.NewEncoder(w).Encode(h.Health())
}
