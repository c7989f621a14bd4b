package sandbox

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// linkModules are the props that read the link tables, forwards and backwards.
func linkModules() []*queryModule {
	const back = "prop* {pageid title redirect} = pageid|title|redirect\nnamespace* ns\nshow* {redirect !redirect}\nlimit limit\ncontinue"
	return []*queryModule{
		{kind: "prop", generator: true, module: sub("links", "pl", "namespace* ns\ntitles*\nlimit limit\ncontinue\ndir {ascending descending} = ascending"),
			prop: forwards("titles", func(l links) []title { return slices.Collect(maps.Keys(l.pages)) })},
		{kind: "prop", generator: true, module: sub("templates", "tl", "namespace* ns\ntemplates*\nlimit limit\ncontinue\ndir {ascending descending} = ascending"),
			prop: forwards("templates", func(l links) []title { return slices.Collect(maps.Keys(l.templates)) })},
		{kind: "prop", generator: true, module: sub("images", "im", "images*\nlimit limit\ncontinue\ndir {ascending descending} = ascending"), prop: propImages},
		{kind: "prop", generator: true, module: sub("categories", "cl", "prop* {sortkey timestamp hidden}\nshow* {hidden !hidden}\nlimit limit\ncontinue\ncategories*\ndir {ascending descending} = ascending"), prop: propCategories},
		{kind: "prop", module: sub("extlinks", "el", "protocol\nquery\nexpandurl flag\nlimit limit\ncontinue"), prop: propExtLinks},
		{kind: "prop", generator: true, module: sub("fileusage", "fu", back), prop: backwards("file")},
		{kind: "prop", generator: true, module: sub("transcludedin", "ti", back), prop: backwards("template")},
		{kind: "prop", generator: true, module: sub("linkshere", "lh", back), prop: backwards("page")},
		{kind: "prop", generator: true, module: sub("redirects", "rd", "prop* {pageid title fragment} = pageid|title\nnamespace* ns\nshow* {fragment !fragment}\nlimit limit\ncontinue"), prop: propRedirects},
		{kind: "prop", module: sub("globalusage", "gu", "prop* {url pageid namespace} = url\nlimit limit\nnamespace* ns = *\nsite*\ncontinue\nfilterlocal flag"),
			prop: propGlobalUsage, empty: filesOf},
	}
}

// forwards lists the targets of a page's links, in the order of the page's id
// and the target's title.
func forwards(filter string, targets func(links) []title) func(*call, args, *pageSet) ([]row, error) {
	return func(c *call, a args, set *pageSet) ([]row, error) {
		wanted, err := c.titleFilter(a, filter)
		if err != nil {
			return nil, err
		}
		var rows []row
		for _, p := range set.good {
			list := targets(p.links)
			slices.SortFunc(list, compareTitles)
			for _, t := range list {
				if wanted != nil && !wanted[t] || a.has("namespace") && !a.in("namespace", strconv.Itoa(t.ns)) {
					continue
				}
				rows = append(rows, row{id: p.id, title: t, out: M{"ns": t.ns, "title": c.w.name(t)}, at: pageContinue(p.id, t)})
			}
		}
		return resume(rows, a)
	}
}

func (c *call) titleFilter(a args, name string) (map[title]bool, error) {
	if !a.has(name) {
		return nil, nil
	}
	wanted := map[title]bool{}
	for _, text := range a.list(name) {
		t, err := c.w.parseTitle(text, 0)
		if err != nil {
			c.warn("query", "invalidtitle", `"`+text+`" is not a valid title.`, nil)
			continue
		}
		wanted[t] = true
	}
	return wanted, nil
}

func compareTitles(a, b title) int {
	if a.ns != b.ns {
		return a.ns - b.ns
	}
	return strings.Compare(a.key, b.key)
}

// resume cuts the rows before the one that a continue value names.
func resume(rows []row, a args) ([]row, error) {
	at := a.str("continue")
	if at == "" {
		return rows, nil
	}
	i := slices.IndexFunc(rows, func(r row) bool { return r.at == at })
	if i < 0 {
		return resumeAfter(rows, at), nil
	}
	return rows[i:], nil
}

// resumeAfter finds the place of a row that is gone meanwhile: rows are sorted
// by their continue values' numbers and texts.
func resumeAfter(rows []row, at string) []row {
	for i, r := range rows {
		if comparePlaces(r.at, at) >= 0 {
			return rows[i:]
		}
	}
	return nil
}

func comparePlaces(a, b string) int {
	x, y := strings.Split(a, "|"), strings.Split(b, "|")
	for i := range min(len(x), len(y)) {
		m, errM := strconv.ParseInt(x[i], 10, 64)
		n, errN := strconv.ParseInt(y[i], 10, 64)
		if errM == nil && errN == nil && m != n {
			return int(m - n)
		}
		if c := strings.Compare(x[i], y[i]); c != 0 && (errM != nil || errN != nil) {
			return c
		}
	}
	return len(x) - len(y)
}

func propImages(c *call, a args, set *pageSet) ([]row, error) {
	wanted, err := c.titleFilter(a, "images")
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, p := range set.good {
		for _, name := range slices.Sorted(maps.Keys(p.links.files)) {
			t := title{nsFile, name}
			if wanted == nil || wanted[t] {
				rows = append(rows, row{id: p.id, title: t, out: M{"ns": nsFile, "title": c.w.name(t)}, at: idText(p.id) + "|" + name})
			}
		}
	}
	return resume(rows, a)
}

func propCategories(c *call, a args, set *pageSet) ([]row, error) {
	var wanted map[title]bool
	for _, text := range a.list("categories") {
		if wanted == nil {
			wanted = map[title]bool{}
		}
		t, err := c.w.parseTitle(text, 0)
		if err != nil || t.ns != nsCategory {
			c.warn("query+categories", "invalidcategory", `"`+text+`" is not a category.`, nil)
			continue
		}
		wanted[t] = true
	}
	if a.has("categories") && len(wanted) == 0 {
		return nil, nil
	}
	var rows []row
	for _, p := range set.good {
		for _, name := range slices.Sorted(maps.Keys(p.links.categories)) {
			t := title{nsCategory, name}
			if wanted != nil && !wanted[t] {
				continue
			}
			rows = append(rows, row{id: p.id, title: t, out: c.categoryObject(t, p, a), at: idText(p.id) + "|" + name})
		}
	}
	return resume(rows, a)
}

func (c *call) categoryObject(t title, p *page, a args) M {
	out := M{"ns": nsCategory, "title": c.w.name(t)}
	if a.in("prop", "sortkey") {
		prefix := p.links.categories[t.key]
		key := strings.ToUpper(p.title.text())
		if prefix != "" {
			key = strings.ToUpper(prefix) + "\n" + key
		}
		out["sortkey"], out["sortkeyprefix"] = hexOf(key), prefix
	}
	if a.in("prop", "timestamp") {
		out["timestamp"] = isoTime(p.touched)
	}
	if a.in("prop", "hidden") {
		out["hidden"] = false
	}
	return out
}

func propExtLinks(c *call, a args, set *pageSet) ([]row, error) {
	var rows []row
	for _, p := range set.good {
		for i, url := range slices.Sorted(maps.Keys(p.links.external)) {
			rows = append(rows, row{id: p.id, out: M{"url": url}, at: idText(p.id) + "|" + strconv.Itoa(i)})
		}
	}
	return resume(rows, a)
}

// backwards lists the pages that use each page of the set.
func backwards(kind string) func(*call, args, *pageSet) ([]row, error) {
	return func(c *call, a args, set *pageSet) ([]row, error) {
		var rows []row
		for _, e := range byTitle(set.entries()) {
			if kind == "file" && e.title.ns != nsFile {
				continue
			}
			for _, p := range c.w.index.to(kind, e.title) {
				_, isRedirect := c.w.redirectTarget(p.text(), p.latest().Model)
				if a.has("namespace") && !a.in("namespace", strconv.Itoa(p.title.ns)) ||
					a.in("show", "redirect") && !isRedirect || a.in("show", "!redirect") && isRedirect {
					continue
				}
				rows = append(rows, row{id: e.id, title: p.title, out: c.usageObject(p, isRedirect, a), at: e.title.key + "|" + idText(p.id)})
			}
		}
		return resume(rows, a)
	}
}

func byTitle(entries []entry) []entry {
	slices.SortStableFunc(entries, func(a, b entry) int { return compareTitles(a.title, b.title) })
	return entries
}

func (c *call) usageObject(p *page, isRedirect bool, a args) M {
	out := M{}
	if a.in("prop", "pageid") {
		out["pageid"] = p.id
	}
	if a.in("prop", "title") {
		out["ns"], out["title"] = p.title.ns, c.w.name(p.title)
	}
	if a.in("prop", "redirect") {
		out["redirect"] = isRedirect
	}
	return out
}

func propRedirects(c *call, a args, set *pageSet) ([]row, error) {
	var rows []row
	for _, e := range byTitle(set.entries()) {
		for _, p := range c.w.index.to("page", e.title) {
			to, ok := c.w.redirectTarget(p.text(), p.latest().Model)
			if !ok || to.title != e.title || to.interwiki != "" || a.has("namespace") && !a.in("namespace", strconv.Itoa(p.title.ns)) {
				continue
			}
			out := c.usageObject(p, true, a)
			if a.in("prop", "fragment") && to.fragment != "" {
				out["fragment"] = to.fragment
			}
			rows = append(rows, row{id: e.id, title: p.title, out: out, at: e.title.key + "|" + idText(p.id)})
		}
	}
	return resume(rows, a)
}
