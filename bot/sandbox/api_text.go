package sandbox

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// textActions turn wikitext into something else and change nothing.
func textActions() []*module {
	return []*module{
		action("parse", "title\ntext\nrevid int\nsummary\npage\npageid int\nredirects flag\noldid int\nprop* {text langlinks categories categorieshtml links templates images externallinks sections revid displaytitle subtitle headhtml modules jsconfigvars encodedjsconfigvars indicators iwlinks wikitext properties limitreportdata limitreporthtml parsetree parsewarnings parsewarningshtml} = text|langlinks|categories|links|templates|images|externallinks|sections|revid|displaytitle|iwlinks|properties|parsewarnings\nwrapoutputclass\npst flag\nonlypst flag\nsection\nsectiontitle\ndisablelimitreport flag\ndisableeditsection flag\npreview flag\nsectionpreview flag\ndisabletoc flag\nuseskin\ncontentformat\ncontentmodel", runParse),
		action("expandtemplates", "title\ntext !\nrevid int\nprop* {wikitext categories properties volatile ttl modules jsconfigvars encodedjsconfigvars parsetree}\nincludecomments flag", runExpandTemplates),
		action("compare", "fromtitle\nfromid int\nfromrev int\ntotitle\ntoid int\ntorev int\ntorelative {prev next cur}\nprop* {diff diffsize rel ids title user comment parsedcomment size timestamp} = diff|ids|title\nslots*\ndifftype\nfromslots*\ntoslots*", runCompare),
	}
}

// runParse renders a page, a revision or a text.
func runParse(c *call, a args) error {
	p, text, t, err := c.parseSource(a)
	if err != nil {
		return err
	}
	if a.flag("pst") || a.flag("onlypst") {
		text = c.w.presave(text, t, c.userName())
	}
	if a.flag("onlypst") {
		c.out["parse"] = M{"text": text} // wikitext, and nothing else (ApiParse::execute)
		return nil
	}
	if id := a.str("section"); id != "" {
		part, ok := sectionOf(text, id)
		if !ok {
			return fail("nosuchsection", "There is no section %s.", id)
		}
		text = part
	}
	out := M{"title": c.w.name(t), "pageid": int64(0)}
	if p != nil {
		out["pageid"] = p.page.id
		if a.in("prop", "revid") {
			out["revid"] = p.ID
		}
	}
	c.parseProps(out, a, t, text, p)
	c.out["parse"] = out
	return nil
}

// parseSource finds what is to be parsed; the revision is nil for a text.
func (c *call) parseSource(a args) (*Revision, string, title, error) {
	missing := fail("missingtitle", "The page you specified doesn't exist.")
	switch {
	case a.num("oldid") > 0:
		r := c.w.revisions[int64(a.num("oldid"))]
		if r == nil {
			return nil, "", title{}, fail("nosuchrevid", "There is no revision with ID %d.", a.num("oldid"))
		}
		return r, r.Text, r.page.title, nil
	case a.has("page"), a.has("pageid"):
		p := c.w.pages[int64(a.num("pageid"))]
		if a.has("page") {
			t, err := c.w.parseTitle(a.str("page"), 0)
			if err != nil {
				return nil, "", t, fail("invalidtitle", `Bad title "%s".`, a.str("page"))
			}
			p = c.w.pageOf(t)
		}
		if p == nil {
			return nil, "", title{}, missing
		}
		if to, ok := c.w.redirectTarget(p.text(), p.latest().Model); ok && a.flag("redirects") && c.w.pageOf(to.title) != nil {
			p = c.w.pageOf(to.title)
		}
		return p.latest(), p.text(), p.title, nil
	}
	if !a.has("text") && !a.has("title") {
		return nil, "", title{}, fail("missingparam", `One of the parameters "page", "pageid", "oldid" and "text" is required.`)
	}
	name := a.str("title")
	if name == "" {
		name = "API"
	}
	t, err := c.w.parseTitle(name, 0)
	if err != nil {
		return nil, "", t, fail("invalidtitle", `Bad title "%s".`, name)
	}
	return nil, a.str("text"), t, nil
}

func (c *call) parseProps(out M, a args, t title, text string, r *Revision) {
	var p *page
	model := c.w.modelOf(t, nil)
	if r != nil {
		p, model = r.page, r.Model
	}
	run := c.w.newParsing(t, p)
	if model == "wikitext" {
		run.scan(run.expand(preprocess(asShown(text)), nil))
	}
	for _, prop := range a.list("prop") {
		switch prop {
		case "text":
			out["text"] = `<div class="mw-content-ltr mw-parser-output" lang="` + c.w.opts.Language + `" dir="ltr">` + string(c.w.render(t, p, text, model, c.userName())) + "</div>"
		case "wikitext":
			out["wikitext"] = text
		case "displaytitle":
			out["displaytitle"] = c.w.name(t)
		case "sections":
			rows := c.sectionRows(text, t)
			out["sections"], out["showtoc"] = rows, len(rows) > 3
		case "images":
			out["images"] = sortedKeys(run.deps.files)
		case "links":
			out["links"] = c.linkRows(run.deps.pages)
		case "templates":
			out["templates"] = c.linkRows(run.deps.templates)
		case "externallinks":
			out["externallinks"] = sortedKeys(run.deps.external)
		case "categories":
			out["categories"] = c.categoryRows(run.deps.categories)
		case "langlinks", "iwlinks", "properties", "parsewarnings":
			out[prop] = []any{}
		}
	}
}

func sortedKeys(m map[string]bool) []string {
	keys := slices.Sorted(maps.Keys(m))
	if keys == nil {
		return []string{}
	}
	return keys
}

func (c *call) linkRows(m map[title]bool) []any {
	out := []any{}
	for _, t := range slices.SortedFunc(maps.Keys(m), compareTitles) {
		out = append(out, M{"ns": t.ns, "title": c.w.name(t), "exists": c.w.pageOf(t) != nil})
	}
	return out
}

func (c *call) categoryRows(m map[string]string) []any {
	out := []any{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		row := M{"sortkey": m[name], "category": name}
		if c.w.pageOf(title{nsCategory, name}) == nil {
			row["missing"] = true
		}
		out = append(out, row)
	}
	return out
}

func (c *call) sectionRows(text string, t title) []any {
	out := []any{}
	numbers := make([]int, 8)
	base := 7
	for _, h := range headings(text) {
		base = min(base, h.level)
	}
	used := map[string]int{}
	for i, h := range headings(text) {
		depth := h.level - base
		numbers[depth]++
		clear(numbers[depth+1:])
		var parts []string
		for _, n := range numbers[:depth+1] {
			if n > 0 {
				parts = append(parts, strconv.Itoa(n))
			}
		}
		id := uniqueAnchor(anchor(h.text), used)
		out = append(out, M{"toclevel": len(parts), "level": strconv.Itoa(h.level), "line": stripMarkup(h.text), "number": strings.Join(parts, "."),
			"index": strconv.Itoa(i + 1), "fromtitle": c.w.dbName(t), "byteoffset": h.offset, "anchor": id, "linkAnchor": id})
	}
	return out
}

// uniqueAnchor numbers the second and later headings of the same text.
func uniqueAnchor(id string, used map[string]int) string {
	key := strings.ToLower(id)
	used[key]++
	if n := used[key]; n > 1 {
		return id + "_" + strconv.Itoa(n)
	}
	return id
}

func runExpandTemplates(c *call, a args) error {
	name := a.str("title")
	if name == "" {
		name = "API"
	}
	t, err := c.w.parseTitle(name, 0)
	if err != nil {
		return fail("invalidtitle", `Bad title "%s".`, name)
	}
	run := c.w.newParsing(t, nil)
	text := run.unstrip(run.expand(preprocess(asShown(a.str("text"))), nil))
	c.out["expandtemplates"] = M{"wikitext": text}
	return nil
}

func runCompare(c *call, a args) error {
	from, err := c.compareSide(a, "from")
	if err != nil {
		return err
	}
	var to *Revision
	switch a.str("torelative") {
	case "prev":
		from, to = c.w.revisions[from.Parent], from
		if from == nil {
			from = to
		}
	case "next", "cur":
		to = from.page.latest()
	default:
		if to, err = c.compareSide(a, "to"); err != nil {
			return err
		}
	}
	out := M{}
	for side, r := range map[string]*Revision{"from": from, "to": to} {
		if a.in("prop", "ids") {
			out[side+"id"], out[side+"revid"] = r.page.id, r.ID
		}
		if a.in("prop", "title") {
			out[side+"ns"], out[side+"title"] = r.page.title.ns, c.w.name(r.page.title)
		}
		if a.in("prop", "user") {
			out[side+"user"], out[side+"userid"] = r.User, r.UserID
		}
		if a.in("prop", "comment") {
			out[side+"comment"] = r.Comment
		}
	}
	if a.in("prop", "diff") {
		out["body"] = string(diffRows(from.Text, to.Text))
	}
	c.out["compare"] = out
	return nil
}

func (c *call) compareSide(a args, side string) (*Revision, error) {
	switch {
	case a.num(side+"rev") > 0:
		if r := c.w.revisions[int64(a.num(side+"rev"))]; r != nil {
			return r, nil
		}
		return nil, fail("nosuchrevid", "There is no revision with ID %d.", a.num(side+"rev"))
	case a.num(side+"id") > 0:
		if p := c.w.pages[int64(a.num(side+"id"))]; p != nil {
			return p.latest(), nil
		}
		return nil, fail("nosuchpageid", "There is no page with ID %d.", a.num(side+"id"))
	case a.has(side + "title"):
		t, err := c.w.parseTitle(a.str(side+"title"), 0)
		if err != nil || c.w.pageOf(t) == nil {
			return nil, fail("missingtitle", "The page you specified doesn't exist.")
		}
		return c.w.pageOf(t).latest(), nil
	}
	if side == "from" {
		return nil, fail("missingparam", `One of the parameters "fromtitle", "fromid" and "fromrev" is required.`)
	}
	return nil, fail("missingparam", `One of the parameters "totitle", "toid", "torev" and "torelative" is required.`)
}
