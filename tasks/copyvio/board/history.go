package board

import (
	"context"
	"fmt"
	"strconv"

	"filewarden/bot/wiki"

	"github.com/antonholmquist/jason"
)

const (
	revsPerRequest = 20  // revisions come with their text, up to 2 MB each
	maxRequests    = 30  // of one page's history in one go; the rest waits for the next
	lookBack       = 500 // revisions of a page that a store without it reads at most
)

// stretch is one answer about the history of a page.
type stretch struct {
	title   string // where the page stands now
	missing bool
	revs    []revision
	next    string // to go on with; "": that was all
}

// history asks for revisions of one page, oldest first unless p says otherwise.
func (b *Board) history(ctx context.Context, of, props string, p wiki.Params) (stretch, error) {
	q := wiki.Params{"action": "query", "prop": "revisions", "rvslots": "main", "rvprop": props, "rvdir": "newer"}
	for k, v := range p {
		q[k] = v
	}
	o, err := b.c.Wiki.Get(ctx, q)
	if err != nil {
		return stretch{}, fmt.Errorf("reading the history of %s: %w", of, err)
	}
	pages, err := o.GetObjectArray("query", "pages")
	if err != nil || len(pages) != 1 {
		return stretch{}, fmt.Errorf("reading the history of %s: the wiki's answer is about %d pages", of, len(pages))
	}
	s := stretch{}
	s.title, _ = pages[0].GetString("title")
	s.missing, _ = pages[0].GetBoolean("missing")
	s.next, _ = o.GetString("continue", "rvcontinue")
	s.revs = revisionsOf(pages[0])
	return s, nil
}

func revisionsOf(page *jason.Object) (revs []revision) {
	rows, err := page.GetValueArray("revisions")
	if err != nil {
		return nil // none in this stretch
	}
	for _, v := range rows {
		if row, ok := v.Interface().(map[string]any); ok {
			revs = append(revs, revisionOf(row))
		}
	}
	return revs
}

// fullProps is what the reading of a revision needs.
const fullProps = "ids|user|timestamp|tags|content"

// follow reads the history of a page on, from the revision that its row names.
// by says which page: titles or pageids.
func (r *reading) follow(ctx context.Context, by wiki.Params) error {
	p := wiki.Params{"rvlimit": strconv.Itoa(revsPerRequest)}
	for k, v := range by {
		p[k] = v
	}
	if r.row.Rev != 0 {
		p["rvstartid"] = strconv.FormatInt(r.row.Rev, 10)
	}
	for range maxRequests {
		s, err := r.board.history(ctx, r.title, fullProps, p)
		if err != nil {
			return err
		}
		if r.missing = s.missing; s.missing {
			return nil
		}
		for _, rev := range s.revs {
			r.turn(rev, s.title)
		}
		r.behind = s.next != ""
		if !r.behind {
			return nil
		}
		p["rvcontinue"] = s.next
	}
	return nil
}

// start is where a store begins that does not know the page: the latest
// revision that the casebook knows of from this page, or else, at most
// lookBack revisions ago, the oldest; what stands there is nobody's news. 0: there is none.
func (b *Board) start(ctx context.Context, title string) (int64, error) {
	known, err := b.knownRev(title)
	if err != nil {
		return 0, err
	}
	s, err := b.history(ctx, title, "ids", wiki.Params{"titles": title, "rvdir": "older", "rvlimit": strconv.Itoa(lookBack)})
	if err != nil || len(s.revs) == 0 {
		return 0, err
	}
	for _, rev := range s.revs {
		if rev.ID == known {
			return known, nil
		}
	}
	return s.revs[len(s.revs)-1].ID, nil
}
