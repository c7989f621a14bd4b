package wiki

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/antonholmquist/jason"
)

// maxRequests is the hard cap of one walk: at 500 rows a request it is five
// million rows, more than any task of a bot should read in one go. A
// continuation that runs away ends here instead of never.
const maxRequests = 10_000

// Walk runs a query over pages (titles, pageids, revids or a generator) and
// yields each page once, after batchcomplete. Longer lists of titles, pageids
// and revids (joined with "|" or U+001F) are cut to the account's limit.
//
// With revids a page comes once for each batch that holds revisions of it.
// Titles on other wikis come as invalid pages. The first error ends the walk;
// so does the request after the 10,000th.
func (s *Session) Walk(ctx context.Context, p Params) iter.Seq2[*Page, error] {
	for _, key := range []string{"titles", "pageids", "revids"} {
		if values := splitValues(p[key]); len(values) > 0 {
			return s.walk(ctx, p, key, values, 0, 0)
		}
	}
	return s.walk(ctx, p, "", nil, 0, 0)
}

// WalkTitles is Walk over titles given as a slice, at most perBatch a request
// (0: the account's limit). A title given twice is asked for once. A scan of
// usage does best with batches whose rows just fit into one answer.
func (s *Session) WalkTitles(ctx context.Context, titles []string, perBatch int, p Params) iter.Seq2[*Page, error] {
	return s.walk(ctx, p, "titles", titles, perBatch, 0)
}

// WalkCapped is WalkTitles that does not read on for a page with very many
// rows: once the rows of one property of a page are more than most, and there
// would be more to fetch, it ends with *Overlong. Pages of a file used
// everywhere would otherwise keep their whole batch waiting.
func (s *Session) WalkCapped(ctx context.Context, titles []string, most int, p Params) iter.Seq2[*Page, error] {
	return s.walk(ctx, p, "titles", titles, 0, most)
}

// Overlong is a page that has more rows than a capped walk wants to read.
type Overlong struct {
	Title string
	Rows  int // read so far
}

// Error names the page.
func (e *Overlong) Error() string { return fmt.Sprintf("%s has %d rows and more", e.Title, e.Rows) }

func (s *Session) walk(ctx context.Context, p Params, key string, values []string, per, most int) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		w := &walker{s: s, ctx: ctx, yield: yield, keep: key == "revids", most: most, seen: map[pageKey]bool{}}
		base := p.with(Params{"action": "query"})
		if key == "" {
			w.run(base)
			return
		}
		if per <= 0 || per > s.Limit() {
			per = s.Limit()
		}
		for chunk := range slices.Chunk(unique(values), per) {
			base[key] = joinValues(chunk)
			if !w.run(base) {
				return
			}
		}
	}
}

// walker is the state of one walk.
type walker struct {
	s        *Session
	ctx      context.Context
	yield    func(*Page, error) bool
	keep     bool // yield a page again when another batch holds it
	most     int  // rows of one page; 0: any number
	seen     map[pageKey]bool
	requests int
}

// run asks until the continuations of one set of values are used up. Each
// request is the original parameters and the latest continuation, no older one.
func (w *walker) run(base Params) bool {
	b := &batch{}
	var next Params
	for {
		a, err := w.ask(base, next)
		if err != nil {
			w.yield(nil, err)
			return false
		}
		last := next
		next = a.next()
		b.add(a, w.s.now)
		if a.complete() || next == nil {
			if !w.release(b) {
				return false
			}
			b = &batch{}
		}
		if next == nil {
			return true
		}
		if e := b.overlong(w.most); e != nil {
			w.yield(nil, e)
			return false
		}
		if maps.Equal(last, next) {
			w.yield(nil, fmt.Errorf("%s: the wiki continues at the same place again and again (%v)", w.s.doing(base), next))
			return false
		}
	}
}

func (w *walker) ask(base, next Params) (*answer, error) {
	if w.requests++; w.requests > maxRequests {
		return nil, fmt.Errorf("%s: not finished after %d requests, the cap of one walk; next: ask for less", w.s.doing(base), maxRequests)
	}
	return w.s.do(w.ctx, call{p: base.with(next)})
}

// release hands the pages of a complete batch on and forgets them.
func (w *walker) release(b *batch) bool {
	for page := range b.pages() {
		if page.Title == "" && page.ID == 0 && !page.Invalid {
			// The API answers so for redirects=1 with some properties.
			w.s.log.Warn().Msg("a page without title and id in the answer is left out")
			continue
		}
		key := pageKey{id: page.ID}
		if page.ID == 0 {
			key.title = page.Title
		}
		if w.seen[key] && !w.keep {
			continue
		}
		w.seen[key] = true
		if !w.yield(page, nil) {
			return false
		}
	}
	return true
}

// Rows runs a list= query and yields its rows. The cap is that of Walk.
func (s *Session) Rows(ctx context.Context, list string, p Params) iter.Seq2[*jason.Object, error] {
	return func(yield func(*jason.Object, error) bool) {
		w := &walker{s: s, ctx: ctx}
		base := p.with(Params{"action": "query", "list": list})
		var next Params
		for {
			a, err := w.ask(base, next)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yieldRows(a, list, yield) {
				return
			}
			last := next
			if next = a.next(); next == nil {
				return
			}
			if maps.Equal(last, next) {
				yield(nil, fmt.Errorf("%s: the wiki continues at the same place again and again (%v)", s.doing(base), next))
				return
			}
		}
	}
}

func yieldRows(a *answer, list string, yield func(*jason.Object, error) bool) bool {
	rows, err := a.root.GetValueArray("query", list)
	if err != nil {
		return true // no such key: nothing found, or a module this wiki does not have (it warns)
	}
	for _, v := range rows {
		row, err := v.Object()
		if err != nil {
			err = fmt.Errorf("a row of list=%s: %w", list, err)
		}
		if !yield(row, err) || err != nil {
			return false
		}
	}
	return true
}

// splitValues cuts a list as MediaWiki does: at U+001F where it begins with one, else at "|".
func splitValues(list string) []string {
	if list == "" || list == Empty {
		return nil
	}
	if rest, ok := strings.CutPrefix(list, "\x1f"); ok {
		return strings.Split(rest, "\x1f")
	}
	return strings.Split(list, "|")
}

// joinValues joins so that a value with a "|" stays one value.
func joinValues(values []string) string {
	list := strings.Join(values, "|")
	if strings.Count(list, "|") != len(values)-1 || strings.HasPrefix(list, "\x1f") {
		return "\x1f" + strings.Join(values, "\x1f")
	}
	return list
}

// unique drops later repetitions and what is empty.
func unique(values []string) []string {
	seen := make(map[string]bool, len(values))
	out := make([]string, 0, len(values))
	for _, v := range values {
		if v != "" && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
