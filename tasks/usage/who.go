package usage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
)

// finding is what is known of how a use came about. The zero finding says nothing.
type finding struct {
	edit
	via  string // template or Wikidata item that shows the file on the page
	kind string // viaTemplate, viaItem
	url  string // of an item
}

// How a file can be on a page whose text does not name it.
const (
	viaTemplate = "template"
	viaItem     = "wikidata"
)

// ask is one use to be explained.
type ask struct {
	*change
	use
	q *question
}

// late is how much earlier than the last scan an edit may be that a use is
// ascribed to: links through templates are recorded by jobs that can lag. When
// a file's use appears and the page has not been edited since, no edit brought
// it: a local file of the same name was deleted, or a page restored.
const late = 48 * time.Hour

// attribute finds out who added what is new in some changes, and who removed
// what is gone, wiki by wiki. It is best effort: what cannot be read, or not
// within bounds, stays unsaid.
func (p *pass) attribute(ctx context.Context, changes []*change) error {
	added, removed := map[string][]*ask{}, map[string][]*ask{}
	for _, c := range changes {
		c.found, c.removal = map[useKey]finding{}, map[useKey]finding{}
		if c.base || c.busy > 0 {
			continue
		}
		for _, u := range c.added {
			added[u.Wiki.Key] = append(added[u.Wiki.Key], &ask{change: c, use: u})
		}
		for _, u := range c.removed {
			removed[u.Wiki.Key] = append(removed[u.Wiki.Key], &ask{change: c, use: u})
		}
	}
	keys := maps.Clone(added)
	maps.Copy(keys, removed)
	for _, key := range slices.SortedFunc(maps.Keys(keys), itemsFirst) {
		if err := p.attributeAt(ctx, key, added[key], removed[key]); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			p.Log.Info().Err(err).Str("wiki", key).Msg("who added files there stays unknown")
		}
	}
	return nil
}

// itemsFirst puts Wikidata before the wikis that show what its items name.
func itemsFirst(a, b string) int {
	if isItems(a) != isItems(b) {
		if isItems(a) {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}

func isItems(key string) bool {
	return strings.HasSuffix("."+placeOf(key).Host, ".wikidata.org")
}

// attributeAt explains the news on one wiki. A wiki that the operator did not
// allow is no error: nobody is named then.
func (p *pass) attributeAt(ctx context.Context, key string, added, removed []*ask) error {
	s, err := p.sessionAt(ctx, key)
	if err != nil {
		return err
	}
	if len(removed) > maxRemoved {
		removed = nil
	}
	c := &chain{session: s, depth: chainDepth, left: max(10, (len(added)+len(removed))/6)}
	if !p.last.IsZero() {
		c.since = p.last.Add(-late)
	}
	var questions []*question
	for _, a := range added {
		a.q = &question{page: a.Page, test: mentionOf(a.row.names(a.title)...).in}
		questions = append(questions, a.q)
	}
	for _, a := range removed {
		m := mentionOf(a.row.names(a.title)...)
		a.q = &question{page: a.Page, test: func(plain string) bool { return !m.in(plain) }}
		questions = append(questions, a.q)
	}
	err = c.answer(ctx, questions)
	for _, a := range removed {
		if a.q.found != nil {
			a.removal[a.key()] = finding{edit: *a.q.found}
		}
	}
	var unnamed []*ask
	for _, a := range added {
		if a.q.found != nil {
			a.found[a.key()] = finding{edit: *a.q.found}
		} else if a.q.absent {
			unnamed = append(unnamed, a)
		}
	}
	if err != nil || len(unnamed) == 0 {
		return err
	}
	return p.explain(ctx, c, key, unnamed)
}

// maxRemoved bounds how many removals on one wiki are asked about at a time.
const maxRemoved = 60

func (p *pass) sessionAt(ctx context.Context, key string) (*wiki.Session, error) {
	if key == "" {
		return p.Wiki, nil
	}
	return p.Farm.At(ctx, placeOf(key))
}
