package api

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/rs/zerolog"
)

// Config is what an API works with.
type Config struct {
	// Consumer is the client id of the OAuth 2 consumer that the operator
	// registered for this bot. Empty: nobody can log in, so nobody can write.
	Consumer string
	// World is asked for each request: config, mode and memory change.
	World func() (World, error)
	// Proxies in front of the bot, whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	Now     func() time.Time // nil: time.Now
	Log     zerolog.Logger
}

// World is the part of the bot that one request sees.
type World struct {
	Wiki   *wiki.Session // the home wiki: it knows the callers, and how titles are spelled
	Store  storage.Store // where the casebook is
	Groups []string      // whose members decide
	// Check says whether the bot may take a decision now. A [Closed] is told to
	// the caller; any other error goes to the log only. nil: always.
	Check func(context.Context) error
}

// Closed is why no decision is taken now, in words for the caller: "the bot was
// stopped by User:Filewarden/Stop".
type Closed string

// Error is the reason.
func (c Closed) Error() string { return string(c) }

// API answers requests in the shape of MediaWiki's Action API.
type API struct {
	consumer string
	see      func() (World, error)
	proxies  []netip.Prefix
	now      func() time.Time
	log      zerolog.Logger

	main    *module
	actions map[string]*module
	lists   []*module
	metas   []*module

	limits rates
	words  *words
	csrf   csrf
	open   *survey
}

// requestTime is how long one request may take, the wiki's answer about its
// caller included.
const requestTime = 25 * time.Second

// New returns the handler of /api.php and /w/api.php. It is served beneath
// /copyvio/ of the bot's own server.
func New(c Config) *API {
	a := &API{consumer: c.Consumer, see: c.World, proxies: c.Proxies, now: c.Now, log: c.Log,
		limits: newRates(), words: newWords(), csrf: newCSRF(), open: &survey{}}
	if a.now == nil {
		a.now = time.Now
	}
	a.lists = []*module{reverseImageSearch(), unreviewedImageMatches()}
	a.metas = []*module{siteInfo(), tokens(), unreviewedMatchCount(), userInfo()}
	actions := []*module{help(), paramInfo(), queryModule(a.lists, a.metas), reviewImageMatches()}
	a.main = mainModule(names(actions))
	a.actions = map[string]*module{}
	for _, m := range actions {
		a.actions[m.name] = m
	}
	return a
}

// ServeHTTP answers one request. Nothing but the two paths is there.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/api.php" && r.URL.Path != "/w/api.php" {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "private, must-revalidate, max-age=0")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'")
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
	default:
		h.Set("Allow", "GET, HEAD, POST, OPTIONS")
		http.Error(w, "ask with GET or POST", http.StatusMethodNotAllowed)
		return
	}
	// A body that trickles in would hold its connection; not every writer can say so.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(requestTime))
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	ctx, cancel := context.WithTimeout(r.Context(), requestTime)
	defer cancel()
	c, err := a.newCall(ctx, r)
	a.answer(c, w, err)
}

// answer is what there is to say to a request that was read, or not.
func (a *API) answer(c *call, w http.ResponseWriter, unread error) {
	if wait := a.limits.visit(c.address, c.now); wait > 0 {
		c.reply(w, rateLimited(wait))
		return
	}
	switch {
	case errors.Is(unread, errTooLong):
		http.Error(w, unread.Error(), http.StatusRequestEntityTooLarge)
		return
	case unread != nil:
		http.Error(w, unread.Error(), http.StatusBadRequest)
		return
	}
	var err error
	if c.world, err = a.see(); err != nil {
		c.reply(w, err)
		return
	}
	if !c.cors(w) || c.r.Method == http.MethodOptions {
		return
	}
	if len(c.values) == 0 {
		a.writeHelp(w)
		return
	}
	c.reply(w, c.execute())
}
