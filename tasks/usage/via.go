package usage

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// explain says through what the file is on pages whose text does not name it:
// a template that is known to use the file, one that is found to name it, or
// the page's Wikidata item.
func (p *pass) explain(ctx context.Context, c *chain, key string, asks []*ask) error {
	templates := map[string]bool{}
	for _, a := range asks {
		for title := range a.templatesAt(key) {
			templates[title] = true
		}
	}
	parts, err := p.partsOf(ctx, c, asks, templates)
	if err != nil {
		return err
	}
	var open []*ask
	for _, a := range asks {
		f, ok := p.through(a, key, parts[a.Page])
		if ok {
			a.found[a.key()] = f
		} else {
			open = append(open, a)
		}
	}
	return p.search(ctx, c, open)
}

// templatesAt are the templates and modules of a wiki that use the file, by
// title, with their page ids.
func (c *change) templatesAt(key string) map[string]int64 {
	found := map[string]int64{}
	for _, u := range c.next.Uses {
		if (u.NS == nsTemplate || u.NS == nsModule) && c.next.Wikis[u.Wiki] == key {
			found[u.Title] = u.Page
		}
	}
	return found
}

// parts are the templates of a page that matter, and its item.
type parts struct {
	templates []string
	item      string
}

// partsOf reads, for pages, which of some templates they transclude and which
// item they have.
func (p *pass) partsOf(ctx context.Context, c *chain, asks []*ask, templates map[string]bool) (map[int64]parts, error) {
	params := wiki.Params{"prop": "pageprops", "ppprop": "wikibase_item"}
	if len(templates) > 0 {
		var titles []string
		for title := range templates {
			titles = append(titles, title)
		}
		slices.Sort(titles)
		params["prop"], params["tllimit"] = "pageprops|templates", "max"
		params["tltemplates"] = strings.Join(titles[:min(len(titles), chainPages)], "|")
	}
	var pages []int64
	for _, a := range asks {
		if !slices.Contains(pages, a.Page) {
			pages = append(pages, a.Page)
		}
	}
	found := map[int64]parts{}
	for some := range slices.Chunk(pages, chainPages) {
		if c.left--; c.left < 0 {
			break
		}
		params["pageids"] = joinIDs(some)
		for page, err := range c.session.Walk(ctx, params) {
			if err != nil {
				return nil, fmt.Errorf("reading what pages are made of at %s: %w", c.session.Host(), err)
			}
			var made parts
			made.item, _ = page.GetString("pageprops", "wikibase_item")
			for row := range page.Rows("templates") {
				made.templates = append(made.templates, row.Text("title"))
			}
			found[page.ID] = made
		}
	}
	return found, nil
}

// through explains a use by what its page is made of.
func (p *pass) through(a *ask, key string, made parts) (finding, bool) {
	for title, page := range a.templatesAt(key) {
		if slices.Contains(made.templates, title) && page != a.Page {
			f := p.adder(a.change, useKey{key, page})
			f.via, f.kind = title, viaTemplate
			return f, true
		}
	}
	if made.item == "" {
		return finding{}, false
	}
	for _, u := range a.next.Uses {
		if at := a.next.Wikis[u.Wiki]; isItems(at) && u.Title == made.item {
			f := p.adder(a.change, useKey{at, u.Page})
			f.via, f.kind, f.url = made.item, viaItem, pageURL(placeOf(at), u.Title)
			return f, true
		}
	}
	return finding{}, false
}

var itemTitle = regexp.MustCompile(`^Q[1-9][0-9]*$`)

// adder of a use that is known: found in this pass, or in the file's history.
func (p *pass) adder(c *change, key useKey) finding {
	if f, ok := c.found[key]; ok {
		return f
	}
	var f finding
	err := p.Store.View(func(tx storage.Tx) error {
		for row, err := range historyTable.Scan(tx, c.title) {
			if err != nil {
				return err
			}
			if h := row.Value; historyKey(row.Key) == key && !h.Removed && h.Rev != 0 {
				f.edit = edit{rev: h.Rev, user: h.User, comment: h.Comment, time: timeOf(h.Time)}
			}
		}
		return nil
	})
	if err != nil {
		p.Log.Warn().Err(err).Msg("the history of a file cannot be read")
	}
	return f
}

// maxSearch is for how many files on one wiki the templates of a page are read.
const maxSearch = 3

// search reads the templates of one page of each file whose uses are still not
// explained. A template that names the file is the answer for that page, and
// for those others that transclude it too.
func (p *pass) search(ctx context.Context, c *chain, asks []*ask) error {
	byFile := map[*change][]*ask{}
	var order []*change
	for _, a := range asks {
		if byFile[a.change] == nil {
			order = append(order, a.change)
		}
		byFile[a.change] = append(byFile[a.change], a)
	}
	for _, file := range order[:min(len(order), maxSearch)] {
		if err := p.searchFile(ctx, c, byFile[file]); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) searchFile(ctx context.Context, c *chain, asks []*ask) error {
	template, q, err := p.templateNaming(ctx, c, asks[0])
	if err != nil || q == nil {
		return err
	}
	if err := c.answer(ctx, []*question{q}); err != nil {
		return err
	}
	f := finding{via: template, kind: viaTemplate}
	if q.found != nil {
		f.edit = *q.found
	}
	asks[0].found[asks[0].key()] = f
	if len(asks) == 1 {
		return nil
	}
	made, err := p.partsOf(ctx, c, asks[1:], map[string]bool{template: true})
	for _, a := range asks[1:] {
		if slices.Contains(made[a.Page].templates, template) {
			a.found[a.key()] = f
		}
	}
	return err
}

// templateNaming finds a template of a page whose text names the file.
func (p *pass) templateNaming(ctx context.Context, c *chain, a *ask) (title string, q *question, err error) {
	if c.left--; c.left < 0 {
		return "", nil, nil
	}
	m := mentionOf(a.row.names(a.title)...)
	params := wiki.Params{"generator": "templates", "gtllimit": "50", "pageids": joinIDs([]int64{a.Page}),
		"prop": "revisions", "rvprop": "ids|content", "rvslots": "main"}
	for page, err := range c.session.Walk(ctx, params) {
		if err != nil {
			return "", nil, fmt.Errorf("reading the templates of a page at %s: %w", c.session.Host(), err)
		}
		for row := range page.Rows("revisions") {
			if _, text, ok := readRevision(row); ok && m.in(plainText(text)) {
				return page.Title, &question{page: page.ID, test: m.in}, nil
			}
		}
	}
	return "", nil, nil
}
