package report

import (
	"context"
	"fmt"
	"strconv"

	"filewarden/bot/wiki"
)

const (
	revsPerRequest = 20 // revisions come with their text, up to 2 MB each
	maxRequests    = 25 // of history in one go; the rest waits for the next
)

// catchUp reads the history since the last time and records what it brought.
func (d *Desk) catchUp(ctx context.Context) (*board, error) {
	from, rows, err := d.load()
	if err != nil {
		return nil, fmt.Errorf("remembering open requests: %w", err)
	}
	b := &board{account: d.c.Wiki.Account().Name, gone: rows, rev: from.Rev}
	old := append([]*requestRow(nil), rows...)
	for range maxRequests {
		h, err := d.since(ctx, b.rev)
		if err != nil {
			return nil, err
		}
		before := b.rev
		b.follow(h)
		if b.behind = h.more && b.rev != before; !b.behind {
			break
		}
	}
	if b.rev == from.Rev && len(b.open())+len(b.gone) == len(old) {
		return b, nil
	}
	if err := d.save(b, old); err != nil {
		return nil, fmt.Errorf("recording open requests: %w", err)
	}
	return b, nil
}

// since reads the history from a revision on, that one included. A revision
// that the wiki does not know any more, as the page was deleted, is as good as none.
func (d *Desk) since(ctx context.Context, rev int64) (past, error) {
	p := wiki.Params{"titles": d.title, "rvdir": "newer", "rvlimit": strconv.Itoa(revsPerRequest)}
	if rev != 0 {
		p["rvstartid"] = strconv.FormatInt(rev, 10)
	}
	h, err := history(ctx, d.c.Wiki, p)
	if wiki.IsCode(err, "badid_rvstartid") {
		return d.since(ctx, 0)
	}
	return h, err
}

// follow goes through a stretch of history that should begin with the
// revision that the board stands at.
func (b *board) follow(h past) {
	b.readAt = h.readAt
	revs := h.revs
	if len(revs) > 0 && !b.begun {
		revs = b.begin(revs)
	} else if len(revs) > 0 && revs[0].ID == b.rev {
		revs = revs[1:]
	}
	for _, r := range revs {
		switch {
		case r.Dark:
			b.rev, b.dark = r.ID, true
		case b.dark:
			// Nobody can say which of the two revisions brought what: no news.
			b.start(r)
		default:
			b.turn(r)
		}
	}
}

// begin finds the ground to start from: the revision that was read last; or,
// of a page that was made anew since, the empty page. Where a history begins
// in the middle, its first text is nobody's news.
func (b *board) begin(revs []revision) []revision {
	first := revs[0]
	known := first.ID == b.rev
	switch {
	case known && first.Dark:
		b.begun, b.dark = true, true
		return revs[1:]
	case known || first.Parent != 0 && !first.Dark:
		b.start(first)
	default:
		b.start(revision{Time: first.Time})
		return revs
	}
	return revs[1:]
}
