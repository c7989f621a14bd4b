package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
)

// pageSet is the pages that a query is about. Pages that do not exist have
// negative ids, in the order in which they were asked for.
type pageSet struct {
	good       []*page
	missing    []fakePage
	missingIDs []int64
	special    []fakePage
	invalid    []invalidTitle
	normalized []any
	redirects  []any
	interwiki  []any
	badRevs    M
	revs       []*Revision // where the caller named revisions
	byRevision bool

	objects map[int64]M
	order   []int64
	lastID  int64
}

type fakePage struct {
	id    int64
	title title
}

type invalidTitle struct {
	id     int64
	text   string
	reason string
}

func newPageSet() *pageSet { return &pageSet{objects: map[int64]M{}, badRevs: M{}} }

// entry is a page that may or may not exist.
type entry struct {
	id    int64
	title title
	page  *page
}

// entries are the existing and the missing pages, by id.
func (s *pageSet) entries() []entry {
	var out []entry
	for _, f := range s.missing {
		out = append(out, entry{f.id, f.title, nil})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].id > out[j].id })
	for _, p := range s.good {
		out = append(out, entry{p.id, p.title, p})
	}
	return out
}

func (s *pageSet) object(id int64) M {
	if s.objects[id] == nil {
		s.objects[id] = M{}
		s.order = append(s.order, id)
	}
	return s.objects[id]
}

// dryRunPageSet reads the parameters without using them.
func (c *call) dryRunPageSet(a args) (*pageSet, error) {
	if g := c.w.queries[a.str("generator")]; g != nil {
		_, err := c.read(&g.module, "g"+g.prefix)
		return nil, err
	}
	return nil, nil
}

// buildPageSet finds the pages: those named, or those that a generator yields
// from them.
func (c *call) buildPageSet(a args, cont *continuation) (*pageSet, error) {
	set := newPageSet()
	var sources []string
	for _, name := range []string{"titles", "pageids", "revids"} {
		if len(a.list(name)) > 0 {
			sources = append(sources, name)
		}
	}
	if len(sources) > 1 {
		return nil, fail("multisource", `The "%s" parameter cannot be used with "%s".`, sources[1], sources[0])
	}
	follow := a.flag("redirects")
	if gen := a.str("generator"); gen != "" {
		return c.generate(a, gen, set, cont)
	}
	if len(a.list("revids")) > 0 && follow {
		c.warn("query", "redirectsandrevids", `Redirect resolution cannot be used together with the "revids" parameter. Any redirects the "revids" point to have not been resolved.`, nil)
	}
	return set, c.collect(set, a, follow)
}

func (c *call) collect(set *pageSet, a args, follow bool) error {
	for _, text := range a.list("titles") {
		c.addTitle(set, text, follow)
	}
	for _, id := range a.list("pageids") {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return fail("badinteger", "Invalid value %q for integer parameter %q.", id, "pageids")
		}
		c.addID(set, n, follow)
	}
	for _, id := range a.list("revids") {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return fail("badinteger", "Invalid value %q for integer parameter %q.", id, "revids")
		}
		c.addRevision(set, n)
	}
	set.sortGood()
	return nil
}

func (s *pageSet) sortGood() {
	sort.Slice(s.good, func(i, j int) bool { return s.good[i].id < s.good[j].id })
}

func (c *call) addTitle(set *pageSet, text string, follow bool) {
	l, err := c.w.parseLink(text, 0)
	if err != nil {
		var bad *titleError
		errors.As(err, &bad)
		set.lastID--
		set.invalid = append(set.invalid, invalidTitle{set.lastID, text, bad.reason})
		return
	}
	if l.interwiki != "" {
		set.interwiki = append(set.interwiki, M{"title": text, "iw": l.interwiki})
		return
	}
	if name := c.w.name(l.title); name != text {
		set.normalized = append(set.normalized, M{"fromencoded": false, "from": text, "to": name})
	}
	c.place(set, l.title, follow)
}

func (c *call) addID(set *pageSet, id int64, follow bool) {
	if p := c.w.pages[id]; p != nil {
		c.place(set, p.title, follow)
	} else if !slices.Contains(set.missingIDs, id) {
		set.missingIDs = append(set.missingIDs, id)
	}
}

func (c *call) addRevision(set *pageSet, id int64) {
	set.byRevision = true
	r := c.w.revisions[id]
	if r == nil || c.w.pages[r.page.id] != r.page {
		set.badRevs[strconv.FormatInt(id, 10)] = M{"revid": id, "missing": true}
		return
	}
	if !slices.Contains(set.revs, r) {
		set.revs = append(set.revs, r)
	}
	c.place(set, r.page.title, false)
}

// place puts a title where it belongs, after following a redirect.
func (c *call) place(set *pageSet, t title, follow bool) {
	if t.ns == nsMedia {
		t.ns = nsFile
	}
	if t.ns < 0 {
		set.addFake(&set.special, t)
		return
	}
	p := c.w.pageOf(t)
	for range 2 { // a double redirect is followed once more, as by the API
		if p == nil || !follow {
			break
		}
		to, ok := c.w.redirectTarget(p.text(), p.latest().Model)
		if !ok || to.interwiki != "" {
			break
		}
		r := M{"from": c.w.name(p.title), "to": c.w.name(to.title)}
		if to.fragment != "" {
			r["tofragment"] = to.fragment
		}
		set.redirects = append(set.redirects, r)
		t, p = to.title, c.w.pageOf(to.title)
	}
	if p == nil {
		set.addFake(&set.missing, t)
	} else if !slices.Contains(set.good, p) {
		set.good = append(set.good, p)
	}
}

func (s *pageSet) addFake(list *[]fakePage, t title) {
	for _, f := range *list {
		if f.title == t {
			return
		}
	}
	s.lastID--
	*list = append(*list, fakePage{s.lastID, t})
}

// generate runs a generator and makes its pages the set.
func (c *call) generate(a args, name string, from *pageSet, cont *continuation) (*pageSet, error) {
	g := c.w.queries[name]
	if g == nil {
		return nil, fail("badgenerator", `Unknown "generator=%s".`, name)
	}
	if !g.generator {
		return nil, fail("badgenerator", `Module "%s" cannot be used as a generator.`, name)
	}
	if a.flag("redirects") && g.noRedirect != "" {
		return nil, fail("invalidparammix", "%s", g.noRedirect)
	}
	ga, err := c.read(&g.module, "g"+g.prefix)
	if err != nil {
		return nil, c.inModule(&g.module, err)
	}
	var rows []row
	if g.kind == "prop" {
		if err := c.collect(from, a, a.flag("redirects")); err != nil {
			return nil, err
		}
		c.generating = true
		rows, err = g.prop(c, ga, from)
	} else {
		c.generating = true
		rows, err = g.list(c, ga)
	}
	c.generating = false
	if err != nil {
		return nil, c.inModule(&g.module, err)
	}
	set := newPageSet()
	set.normalized, set.interwiki = from.normalized, from.interwiki
	for i, r := range rows {
		if i == g.limit(ga) {
			cont.generator["g"+g.prefix+g.cont] = r.at
			break
		}
		if r.rev != 0 {
			c.addRevision(set, r.rev)
		} else {
			c.place(set, r.title, a.flag("redirects"))
		}
	}
	set.sortGood()
	return set, nil
}

// output writes what is known before any prop has run.
func (s *pageSet) output(c *call) {
	q := M{}
	if len(s.normalized) > 0 {
		q["normalized"] = s.normalized
	}
	if len(s.interwiki) > 0 {
		q["interwiki"] = s.interwiki
	}
	if len(s.redirects) > 0 {
		q["redirects"] = s.redirects
	}
	if len(s.badRevs) > 0 {
		q["badrevids"] = s.badRevs
	}
	for k, v := range q {
		c.query()[k] = v
	}
	for _, f := range s.missing {
		o := s.object(f.id)
		o["ns"], o["title"], o["missing"] = f.title.ns, c.w.name(f.title), true
		if c.w.isKnown(f.title) {
			o["known"] = true
		}
	}
	for _, t := range s.invalid {
		o := s.object(t.id)
		o["title"], o["invalidreason"], o["invalid"] = t.text, t.reason, true
	}
	for _, id := range s.missingIDs {
		o := s.object(id)
		o["pageid"], o["missing"] = id, true
	}
	for _, f := range s.special {
		o := s.object(f.id)
		o["ns"], o["title"], o["special"] = f.title.ns, c.w.name(f.title), true
		if !isSpecialPage(f.title) {
			o["missing"] = true
		}
	}
	for _, p := range s.good {
		o := s.object(p.id)
		o["pageid"], o["ns"], o["title"] = p.id, p.title.ns, c.w.name(p.title)
	}
}

// flush writes the pages with what the props have added.
func (s *pageSet) flush(c *call) {
	if len(s.order) == 0 {
		return
	}
	pages := make([]any, 0, len(s.order))
	for _, id := range s.order {
		pages = append(pages, s.objects[id])
	}
	c.query()["pages"] = pages
}

// isKnown says whether a title without a page has content all the same: a
// file of the shared repository, or an interface message.
func (w *Wiki) isKnown(t title) bool {
	switch t.ns {
	case nsFile:
		f, _ := w.findFile(t.key)
		return f != nil
	case nsMediaWiki:
		_, ok := w.message(lowerFirst(t.text()))
		return ok
	}
	return false
}

func pageContinue(id int64, t title) string { return fmt.Sprintf("%d|%d|%s", id, t.ns, t.key) }
