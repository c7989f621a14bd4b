package board

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// head is the latest revision of a page.
type head struct {
	page, rev int64
	parent    int64 // of that revision; -1: not known
	missing   bool
}

// Read finds what people changed on pages since they were last read. Pages are
// given by their names beneath the bot's prefix, "Copyvio/All". One request for
// each 50 of them (500 with high limits) finds which changed; without news that
// is all. A page that cannot be read keeps none of the others back: the news
// are those of the others, beside the errors.
func (b *Board) Read(ctx context.Context, names ...string) (News, error) {
	heads, err := b.heads(ctx, names)
	if err != nil {
		return News{}, err
	}
	var news News
	var failed []error
	for _, name := range names {
		h, ok := heads[b.title(name)]
		if !ok {
			failed = append(failed, fmt.Errorf("reading %s: the wiki has no such title", b.title(name)))
			continue
		}
		read, err := b.readPage(ctx, name, h)
		if err != nil {
			failed = append(failed, fmt.Errorf("reading what people changed on %s: %w", b.title(name), err))
			continue
		}
		news.read = append(news.read, read...)
	}
	news.gather()
	return news, errors.Join(failed...)
}

// heads asks for the latest revisions of pages, by the titles asked for.
func (b *Board) heads(ctx context.Context, names []string) (map[string]head, error) {
	var titles []string
	for _, name := range names {
		titles = append(titles, b.title(name))
	}
	heads := map[string]head{}
	for p, err := range b.c.Wiki.WalkTitles(ctx, titles, 0, wiki.Params{"prop": "info|revisions", "rvprop": "ids"}) {
		if err != nil {
			return nil, fmt.Errorf("asking which pages of cases changed: %w", err)
		}
		if p.Invalid {
			continue
		}
		h := head{page: p.ID, missing: p.Missing}
		for rev := range p.Rows("revisions") {
			h.rev, h.parent = rev.Int("revid"), rev.Int("parentid")
		}
		for _, title := range append(p.Aliases, p.Title) {
			heads[title] = h
		}
	}
	return heads, nil
}

// readPage reads one page on: two readings where the page that was read so far
// stands elsewhere now, none where there is no news.
func (b *Board) readPage(ctx context.Context, name string, h head) ([]*reading, error) {
	title := b.title(name)
	row, known, err := b.row(title)
	if err != nil {
		return nil, err
	}
	switch {
	case h.missing && (!known || row.Page == 0 || row.Gone):
		return nil, nil
	case h.missing:
		r := b.reading(name, row)
		if err = r.rest(ctx); !r.missing {
			r.row = pageRow{} // moved away without a redirect; what comes to the title is another page
		}
		return []*reading{r}, err
	case known && row.Page == h.page && row.Rev == h.rev && !row.Gone:
		return nil, nil
	case known && row.Wrote == h.rev && row.Rev == h.parent && (row.Page == h.page || row.Page == 0):
		r := b.reading(name, row) // nobody was there but the bot
		r.row.adopt(h.page, h.rev)
		return []*reading{r}, nil
	}
	return b.readOn(ctx, name, h, row, known)
}

// readOn reads a page that others changed.
func (b *Board) readOn(ctx context.Context, name string, h head, row pageRow, known bool) (all []*reading, err error) {
	r := b.reading(name, row)
	r.touched = true
	if known && row.Page != 0 && row.Page != h.page {
		before := b.reading(name, row)
		if !row.Gone {
			if err := before.rest(ctx); err != nil {
				return nil, err
			}
		}
		before.row = row // only its changes: the row is now that of another page
		all, known, r.row = append(all, before), false, pageRow{}
	}
	if !known {
		if r.row.Rev, err = b.start(ctx, b.title(name)); err != nil {
			return nil, err
		}
	}
	r.row.Page, r.row.Gone = h.page, false
	err = r.follow(ctx, wiki.Params{"titles": b.title(name)})
	if wiki.IsCode(err, "badid_rvstartid") {
		// Its history was taken out of the wiki: what stands there is nobody's news.
		r.row, err = pageRow{Page: h.page, Rev: h.rev}, nil
	}
	return append(all, r), err
}

// rest reads what happened to the page that used to stand at a title before it
// went elsewhere.
func (r *reading) rest(ctx context.Context) error {
	err := r.follow(ctx, wiki.Params{"pageids": strconv.FormatInt(r.row.Page, 10)})
	r.row.Gone = r.missing
	if wiki.IsCode(err, "badid_rvstartid") {
		return nil
	}
	return err
}

// knownRev is the latest revision of a page that brought a decision.
func (b *Board) knownRev(title string) (rev int64, err error) {
	err = b.c.Store.View(func(tx storage.Tx) error {
		for c, err := range casebook.Cases(tx) {
			if err != nil {
				return err
			}
			kept, err := casebook.Decisions(tx, c.SHA1)
			if err != nil {
				return err
			}
			for _, d := range kept {
				if d.Page == title {
					rev = max(rev, d.Rev)
				}
			}
		}
		return nil
	})
	if err != nil {
		err = fmt.Errorf("finding the last decision on %s: %w", title, err)
	}
	return rev, err
}
