package notice

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/antonholmquist/jason"
)

// PreferencesPage is the page beneath a user's own that holds their preferences.
const PreferencesPage = "/Filewarden.json"

const (
	// overlap is read twice, because a busy wiki's logs may lag behind its clock.
	overlap = 2 * time.Minute
	// lookBack is how far the first look goes where the wiki does not say when
	// the account was made. Before the account nobody can have subscribed.
	lookBack = 2 * 365 * 24 * time.Hour
)

// cursorRow is how far something was read.
type cursorRow struct{ Until time.Time }

var cursorTable = storage.NewTable[cursorRow]("cursor", 1)

// pagesCursor is the cursor of findPages.
const pagesCursor = "preferences pages"

// findPages reads on in the log of created pages and in recent changes, both
// in one request, for preferences pages. The log is complete but knows only
// creations; recent changes also show pages that were moved or restored and
// then edited. Without news that is one request with an empty answer.
func (b *Box) findPages(ctx context.Context) error {
	since, err := b.pagesReadUntil(ctx)
	if err != nil {
		return err
	}
	found := map[string]bool{}
	until, err := b.readLogs(ctx, since, func(title string) {
		if user, ok := ownerOf(title); ok {
			found[user] = true
		}
	})
	if err != nil {
		return err
	}
	for user := range maps.Keys(found) {
		if _, err := b.wish(user, func(s *subscriberRow) { s.Page = true }); err != nil {
			return err
		}
	}
	return b.store.Update(func(tx storage.Tx) error {
		return cursorTable.Put(tx, cursorRow{until.Add(-overlap)}, pagesCursor)
	})
}

// ownerOf is whose preferences a page holds.
func ownerOf(title string) (user string, ok bool) {
	_, rest, hasNamespace := strings.Cut(title, ":")
	user, isPreferences := strings.CutSuffix(rest, PreferencesPage)
	return canonical(user), hasNamespace && isPreferences && user != "" && !strings.Contains(user, "/")
}

// pagesReadUntil is the cursor, or at first the day the account was made.
func (b *Box) pagesReadUntil(ctx context.Context) (time.Time, error) {
	var cursor cursorRow
	var known bool
	err := b.store.View(func(tx storage.Tx) (err error) {
		cursor, known, err = cursorTable.Get(tx, pagesCursor)
		return err
	})
	if err != nil || known {
		return cursor.Until, err
	}
	answer, err := b.c.Wiki.Get(ctx, wiki.Params{
		"action": "query", "list": "users", "ususers": b.c.Account, "usprop": "registration",
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("asking when the account was made: %w", err)
	}
	if rows, err := answer.GetObjectArray("query", "users"); err == nil && len(rows) > 0 {
		text, _ := rows[0].GetString("registration")
		if made, err := time.Parse(time.RFC3339, text); err == nil {
			return made, nil
		}
	}
	return b.c.Now().Add(-lookBack), nil
}

// readLogs hands on every title in the user namespace that was created or
// changed since, and returns the wiki's own time at the first request.
func (b *Box) readLogs(ctx context.Context, since time.Time, title func(string)) (until time.Time, err error) {
	start := since.UTC().Format(time.RFC3339)
	base := wiki.Params{
		"action": "query", "curtimestamp": "1", "list": "logevents|recentchanges",
		"letype": "create", "lenamespace": "2", "ledir": "newer", "lestart": start, "leprop": "title", "lelimit": "max",
		"rcnamespace": "2", "rctype": "edit|new", "rcdir": "newer", "rcstart": start, "rcprop": "title", "rclimit": "max",
	}
	until = b.c.Now()
	p := base
	for first := true; ; first = false {
		answer, err := b.c.Wiki.Get(ctx, p)
		if err != nil {
			return until, err
		}
		for _, list := range []string{"logevents", "recentchanges"} {
			eachTitle(answer, list, title)
		}
		if now, err := answer.GetString("curtimestamp"); err == nil && first {
			if t, err := time.Parse(time.RFC3339, now); err == nil {
				until = t
			}
		}
		more, err := answer.GetObject("continue")
		if err != nil {
			return until, nil
		}
		p = continued(base, more)
	}
}

func eachTitle(answer *jason.Object, list string, title func(string)) {
	rows, err := answer.GetObjectArray("query", list)
	if err != nil {
		return // the list is finished, or has nothing
	}
	for _, row := range rows {
		if t, err := row.GetString("title"); err == nil { // hidden titles are left out
			title(t)
		}
	}
}

// continued is the next request of a query: all of "continue" merged into the first
// (https://www.mediawiki.org/wiki/API:Continue).
func continued(base wiki.Params, more *jason.Object) wiki.Params {
	next := maps.Clone(base)
	for key, value := range more.Map() {
		if text, err := value.String(); err == nil {
			next[key] = text
		}
	}
	return next
}
