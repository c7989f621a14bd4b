package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

func listModules() []*queryModule {
	const links = "title\npageid int\nnamespace* ns\ndir {ascending descending} = ascending\nfilterredir {all redirects nonredirects} = all\nlimit limit\ncontinue\nredirect flag"
	return []*queryModule{
		{kind: "list", generator: true, module: sub("allpages", "ap", "from\ncontinue\nto\nprefix\nnamespace ns = 0\nfilterredir {all redirects nonredirects} = all\nminsize int\nmaxsize int\nprtype*\nprlevel*\nprfiltercascade\nlimit limit\ndir {ascending descending} = ascending\nfilterlanglinks\nprexpiry"),
			list: listAllPages, noRedirect: `Use "gapfilterredir=nonredirects" instead of "redirects" when using "allpages" as a generator.`},
		{kind: "list", generator: true, module: sub("categorymembers", "cm", "title\npageid int\nprop* {ids title sortkey sortkeyprefix type timestamp} = ids|title\nnamespace* ns\ntype* {page subcat file} = page|subcat|file\ncontinue\nlimit limit\nsort {sortkey timestamp} = sortkey\ndir {asc desc ascending descending newer older} = ascending\nstart time\nend time\nstarthexsortkey\nendhexsortkey\nstartsortkeyprefix\nendsortkeyprefix\nstartsortkey\nendsortkey"), list: listCategoryMembers},
		{kind: "list", generator: true, module: sub("imageusage", "iu", links), list: listUses("file", "iu")},
		{kind: "list", generator: true, module: sub("embeddedin", "ei", links), list: listUses("template", "ei")},
		{kind: "list", generator: true, module: sub("backlinks", "bl", links), list: listUses("page", "bl")},
		{kind: "list", unlimited: true, module: sub("users", "us", "prop* {blockinfo groups groupmemberships implicitgroups rights editcount registration emailable gender centralids cancreate tempexpired}\nattachedwiki\nusers*\nuserids*\ntoken*"), list: listUsers},
		{kind: "list", generator: true, module: sub("search", "sr", "search !\nnamespace* ns = 0\nlimit limit\noffset int = 0\nqiprofile\nwhat {title text nearmatch}\ninfo*\nprop*\ninterwiki flag\nenablerewrites flag\nsort"), cont: "offset", list: listSearch, finish: searchInfo},
	}
}

func listAllPages(c *call, a args) ([]row, error) {
	key := func(s string) string { return upperFirst(strings.ReplaceAll(s, " ", "_")) }
	var pages []*page
	for _, p := range c.w.pages {
		k := p.title.key
		_, isRedirect := c.w.redirectTarget(p.text(), p.latest().Model)
		if p.title.ns != a.num("namespace") || a.has("prefix") && !strings.HasPrefix(k, key(a.str("prefix"))) ||
			a.has("from") && k < key(a.str("from")) || a.has("to") && k > key(a.str("to")) ||
			a.str("filterredir") == "redirects" && !isRedirect || a.str("filterredir") == "nonredirects" && isRedirect ||
			a.has("minsize") && p.latest().size() < a.num("minsize") || a.has("maxsize") && p.latest().size() > a.num("maxsize") {
			continue
		}
		pages = append(pages, p)
	}
	sortedPages(pages)
	down := a.str("dir") == "descending"
	if down {
		slices.Reverse(pages)
	}
	var rows []row
	for _, p := range pages {
		rows = append(rows, row{title: p.title, out: c.pageObject(p), at: p.title.key})
	}
	return resumeExact(rows, a.str("continue"), down), nil
}

func (c *call) pageObject(p *page) M {
	return M{"pageid": p.id, "ns": p.title.ns, "title": c.w.name(p.title)}
}

// target is the title that a list is about, by name or by id.
func (c *call) target(a args, prefix string) (title, error) {
	if a.has("title") == a.has("pageid") {
		return title{}, oneOf(prefix+"title", prefix+"pageid")
	}
	if a.has("pageid") {
		p := c.w.pages[int64(a.num("pageid"))]
		if p == nil {
			return title{}, fail("nosuchpageid", "There is no page with ID %d.", a.num("pageid"))
		}
		return p.title, nil
	}
	t, err := c.w.parseTitle(a.str("title"), 0)
	if err != nil {
		return t, fail("invalidtitle", `Bad title "%s".`, a.str("title"))
	}
	return t, nil
}

func memberType(ns int) string {
	switch ns {
	case nsFile:
		return "file"
	case nsCategory:
		return "subcat"
	}
	return "page"
}

// memberTypes are the kinds of members in the order in which they are listed.
var memberTypes = []string{"page", "subcat", "file"}

func listCategoryMembers(c *call, a args) ([]row, error) {
	t, err := c.target(a, "cm")
	if err != nil {
		return nil, err
	}
	if t.ns != nsCategory {
		return nil, fail("invalidcategory", "The category name you entered is not valid.")
	}
	sortKey := func(p *page) string {
		if prefix := p.links.categories[t.key]; prefix != "" {
			return strings.ToUpper(prefix) + "\n" + strings.ToUpper(p.title.text())
		}
		return strings.ToUpper(p.title.text())
	}
	byTime := a.str("sort") == "timestamp"
	members := c.w.index.to("category", t)
	slices.SortStableFunc(members, func(x, y *page) int {
		if byTime {
			return x.touched.Compare(y.touched)
		}
		if d := slices.Index(memberTypes, memberType(x.title.ns)) - slices.Index(memberTypes, memberType(y.title.ns)); d != 0 {
			return d
		}
		return strings.Compare(sortKey(x), sortKey(y))
	})
	if d := a.str("dir"); strings.HasPrefix(d, "desc") || d == "older" {
		slices.Reverse(members)
	}
	var rows []row
	for _, p := range members {
		if !a.in("type", memberType(p.title.ns)) || a.has("namespace") && !a.in("namespace", strconv.Itoa(p.title.ns)) {
			continue
		}
		out := c.memberObject(a, p, t, sortKey(p))
		rows = append(rows, row{title: p.title, out: out, at: memberType(p.title.ns) + "|" + hexOf(sortKey(p)) + "|" + idText(p.id)})
	}
	return resume(rows, a)
}

func (c *call) memberObject(a args, p *page, category title, key string) M {
	out := M{}
	for _, prop := range a.list("prop") {
		switch prop {
		case "ids":
			out["pageid"] = p.id
		case "title":
			out["ns"], out["title"] = p.title.ns, c.w.name(p.title)
		case "sortkey":
			out["sortkey"] = hexOf(key)
		case "sortkeyprefix":
			out["sortkeyprefix"] = p.links.categories[category.key]
		case "type":
			out["type"] = memberType(p.title.ns)
		case "timestamp":
			out["timestamp"] = isoTime(p.touched)
		}
	}
	return out
}

// listUses lists the pages that link to, transclude or show one page.
func listUses(kind, prefix string) func(*call, args) ([]row, error) {
	return func(c *call, a args) ([]row, error) {
		t, err := c.target(a, prefix)
		if err != nil {
			return nil, err
		}
		if kind == "file" && t.ns != nsFile {
			return nil, fail("badtitle", "The title for %s query must be a file.", "imageusage")
		}
		pages := c.w.index.to(kind, t)
		if a.str("dir") == "descending" {
			slices.Reverse(pages)
		}
		var rows []row
		for _, p := range pages {
			_, isRedirect := c.w.redirectTarget(p.text(), p.latest().Model)
			if a.has("namespace") && !a.in("namespace", strconv.Itoa(p.title.ns)) ||
				a.str("filterredir") == "redirects" && !isRedirect || a.str("filterredir") == "nonredirects" && isRedirect {
				continue
			}
			out := c.pageObject(p)
			if isRedirect {
				out["redirect"] = true
			}
			rows = append(rows, row{title: p.title, out: out, at: strconv.Itoa(p.title.ns) + "|" + idText(p.id)})
		}
		slices.SortStableFunc(rows, func(x, y row) int { return comparePlaces(x.at, y.at) })
		return resume(rows, a)
	}
}

// listUsers describes accounts in the order of their names, which is that of
// the request after the names that cannot exist.
func listUsers(c *call, a args) ([]row, error) {
	var rows []row
	var good []string
	for _, name := range a.list("users") {
		name = canonicalUser(name)
		if isIP(name) || !c.w.validUser(name) {
			rows = append(rows, row{out: M{"name": name, "invalid": true}})
		} else {
			good = append(good, name)
		}
	}
	for _, name := range good {
		if acc := c.w.accounts[name]; acc != nil {
			rows = append(rows, row{out: c.userObject(acc, a)})
		} else {
			rows = append(rows, row{out: M{"name": name, "missing": true}})
		}
	}
	for _, id := range a.list("userids") {
		if acc := c.w.byID[atoi64(id)]; acc != nil {
			rows = append(rows, row{out: c.userObject(acc, a)})
		} else {
			rows = append(rows, row{out: M{"userid": atoi64(id), "missing": true}})
		}
	}
	return rows, nil
}

func (c *call) userObject(acc *account, a args) M {
	out := M{"userid": acc.id, "name": acc.name}
	for _, prop := range a.list("prop") {
		switch prop {
		case "editcount":
			out["editcount"] = acc.edits
		case "registration":
			out["registration"] = isoTime(acc.registered)
		case "groups":
			out["groups"] = groupsOf(acc)
		case "implicitgroups":
			out["implicitgroups"] = []string{"*", "user", "autoconfirmed"}
		case "groupmemberships":
			out["groupmemberships"] = memberships(acc.groups)
		case "rights":
			out["rights"] = c.w.rightsOf(&login{account: acc})
		case "blockinfo":
			if b := c.w.blockOf(acc.name); b != nil {
				for k, v := range c.w.blockInfo(b) {
					out[k] = v
				}
			}
		case "emailable":
			out["emailable"] = acc.email
		case "gender":
			out["gender"] = c.w.optionsOf(acc)["gender"]
		case "centralids":
			out["centralids"], out["attachedlocal"] = M{"local": acc.id}, M{"local": true}
		}
	}
	if isTemp(acc.name) {
		out["temp"] = true
	}
	return out
}

// listSearch finds pages whose title or text has every word.
func listSearch(c *call, a args) ([]row, error) {
	words := strings.Fields(strings.ToLower(a.str("search")))
	var pages []*page
	for _, p := range c.w.pages {
		text := strings.ToLower(c.w.name(p.title) + "\n" + p.text())
		found := !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
		if c.w.opts.Cirrus {
			found = cirrusFinds(c.w, p, a.str("search"))
		}
		if found && a.in("namespace", strconv.Itoa(p.title.ns)) {
			pages = append(pages, p)
		}
	}
	var rows []row
	for i, p := range sortedPages(pages) {
		out := M{"ns": p.title.ns, "title": c.w.name(p.title), "pageid": p.id, "size": p.latest().size(), "wordcount": len(strings.Fields(p.text())),
			"snippet": "", "timestamp": isoTime(p.latest().Time)}
		rows = append(rows, row{title: p.title, out: out, at: strconv.Itoa(i)})
	}
	return rows[min(a.num("offset"), len(rows)):], nil
}

func searchInfo(_ *call, q M) {
	q["searchinfo"] = M{"totalhits": len(q["search"].([]any))}
}
