package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"
)

const (
	// vouched is how long the wiki's word about a token counts. A block or a
	// lost right is seen no later than this.
	vouched = time.Minute
	// askTime is how long the wiki may take to say who somebody is.
	askTime = 15 * time.Second
)

// person is a caller whom the wiki vouched for.
type person struct {
	wiki.Caller
	key [sha256.Size]byte // of the access token
}

// word is what the wiki said of one token.
type word struct {
	who   person
	no    *refusal // it was refused
	until time.Time
}

// words are remembered under the hash of the token; the token itself is nowhere.
type words struct {
	mu  sync.Mutex
	all recent[word]
	ask chan struct{} // a place for each question that is open
}

func newWords() *words {
	return &words{all: recent[word]{most: mostTokens}, ask: make(chan struct{}, asksAtOnce)}
}

func (w *words) get(key [sha256.Size]byte, now time.Time) (word, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known, ok := w.all.get(string(key[:]))
	return known, ok && now.Before(known.until)
}

func (w *words) put(key [sha256.Size]byte, said word) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.put(string(key[:]), said)
}

// identify finds out who calls. Without a token that is a stranger; with one
// that does not hold the call ends here, as it does at MediaWiki.
func (c *call) identify() error {
	header := c.r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	switch {
	case strings.EqualFold(scheme, "OAuth"):
		return badAuthorization("this API takes OAuth 2 access tokens (Bearer) only.")
	case !strings.EqualFold(scheme, "Bearer"): // for somebody in front of the bot
		return nil
	case c.values["origin"] == "*":
		return nil // a page of any site may ask so, and is answered as a stranger
	}
	token = strings.TrimSpace(token)
	claims, err := readClaims(token)
	if err != nil {
		return badAuthorization("%s.", err)
	}
	if err := c.api.foreign(claims, c.now); err != nil {
		return err
	}
	said, err := c.askAbout(token, claims)
	if err != nil {
		return err
	}
	if said.no != nil {
		return said.no
	}
	c.who = said.who
	if wait := c.api.limits.read(c.who.Name, c.now); wait > 0 {
		return rateLimited(wait)
	}
	return nil
}

// askAbout is the wiki's word about a token, remembered or fresh.
func (c *call) askAbout(token string, claims claims) (word, error) {
	key := sha256.Sum256([]byte(token))
	if known, ok := c.api.words.get(key, c.now); ok {
		return known, nil
	}
	if wait := c.api.limits.ask(c.address, c.now); wait > 0 {
		return word{}, rateLimited(wait)
	}
	ctx, cancel := context.WithTimeout(c.ctx, askTime)
	defer cancel()
	select {
	case c.api.words.ask <- struct{}{}:
		defer func() { <-c.api.words.ask }()
	case <-ctx.Done():
		return word{}, c.unasked(ctx.Err())
	}
	who, err := c.world.Wiki.Caller(ctx, token)
	said := word{who: person{who, key}, until: c.now.Add(vouched)}
	if end := claims.expires(); end.Before(said.until) {
		said.until = end
	}
	var refused *wiki.TokenRefused
	switch {
	case errors.As(err, &refused):
		said.no = fail("mwoauth-invalid-authorization", "%s", clip(refused.Info)).with(object{"wikicode": clip(refused.Code)})
	case err != nil:
		return word{}, c.unasked(err)
	}
	c.api.words.put(key, said)
	return said, nil
}

// unasked is the error for a caller of whom nobody knows who they are, because
// the wiki could not be asked.
func (c *call) unasked(err error) error {
	c.api.log.Warn().Err(err).Msg("the wiki could not be asked who calls the review API")
	const text = "The wiki could not be asked whose the access token is. Nothing was stored; try again later."
	if m := c.api.actions[c.values["action"]]; m != nil && m.write {
		return readOnly(text)
	}
	return fail("internal_api_error_WikiUnreachable", text).after(retrySoon)
}

// reviewer is the caller as the casebook judges them.
func (c *call) reviewer() casebook.Reviewer {
	r := casebook.Reviewer{Name: c.who.Name, Bot: casebook.SameUser(c.who.Name, c.world.Wiki.Account().Name),
		Named: c.who.ID > 0 && !c.who.Temporary, Blocked: c.who.Blocked, Admin: c.who.Rights["delete"]}
	r.Reviewer = slices.ContainsFunc(c.who.Groups, func(g string) bool { return slices.Contains(c.world.Groups, g) })
	return r
}

// mayReview says whether the caller's decisions can count at all.
func (c *call) mayReview() bool { return c.standing() == casebook.Counts }

// standing is the verdict on a case that nobody uploaded: what there is to say
// against the caller whatever the case, by the casebook's own rule.
func (c *call) standing() casebook.Verdict {
	return casebook.Case{}.Weigh(casebook.Decision{To: casebook.Accepted}, c.reviewer())
}
