package sandbox

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// codeModules are what one needs to find code: the special pages that list
// something, and the pages that link to an address.
func codeModules() []*queryModule {
	return []*queryModule{
		{kind: "list", module: sub("querypage", "qp", "page !\noffset int = 0\nlimit limit"), cont: "offset", list: listQueryPage, finish: queryPageHead},
		{kind: "list", generator: true, module: sub("exturlusage", "eu", "prop* {ids title url} = ids|title|url\ncontinue\nprotocol\nquery\nnamespace* ns\nlimit limit\nexpandurl flag"), list: listLinkUses},
	}
}

// listQueryPage knows one special page, GadgetUsage. Its rows have the name of
// the preference for a title, in no namespace and without the capital that a
// title has (SpecialGadgetUsage::getQueryInfo, ApiQueryQueryPage).
func listQueryPage(c *call, a args) ([]row, error) {
	if a.str("page") != "GadgetUsage" || !c.w.opts.Gadgets {
		return nil, badValue("qppage", a.str("page"))
	}
	users := map[string]int{}
	for _, acc := range c.w.accounts {
		for key, value := range acc.options {
			if strings.HasPrefix(key, "gadget-") && fmt.Sprint(value) != "0" && fmt.Sprint(value) != "" {
				users[key]++
			}
		}
	}
	var names []string
	for name := range users {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		if d := users[y] - users[x]; d != 0 {
			return d
		}
		return strings.Compare(x, y)
	})
	var rows []row
	for i, name := range names {
		rows = append(rows, row{at: strconv.Itoa(i), out: M{"value": strconv.Itoa(users[name]), "ns": nsMain,
			"title": strings.ReplaceAll(name, "_", " ")}})
	}
	return rows[min(a.num("offset"), len(rows)):], nil
}

// isGadgetOption says whether a preference is that of a gadget on the list.
func (w *Wiki) isGadgetOption(key string) bool {
	name, ok := strings.CutPrefix(key, "gadget-")
	p := w.titles[title{nsMediaWiki, "Gadgets-definition"}]
	return ok && w.opts.Gadgets && p != nil && regexp.MustCompile(`(?m)^\*+ *`+regexp.QuoteMeta(name)+`\s*[\[|]`).MatchString(p.text())
}

// queryPageHead puts the rows where ApiQueryQueryPage has them.
func queryPageHead(_ *call, q M) {
	rows := q["querypage"]
	q["querypage"] = M{"name": "GadgetUsage", "results": rows}
}

var webLink = regexp.MustCompile(`(?i)(?:https?:)?//[^\s\[\]<>"|{}]+`)

// listLinkUses finds the external links of wikitext: in brackets, or bare with
// a scheme. What no parser sees, in comments and nowiki, is left out.
func listLinkUses(c *call, a args) ([]row, error) {
	var pages []*page
	for _, p := range c.w.pages {
		if p.latest().Model == "wikitext" && (!a.has("namespace") || a.in("namespace", strconv.Itoa(p.title.ns))) {
			pages = append(pages, p)
		}
	}
	var rows []row
	for _, p := range sortByID(pages) {
		for i, link := range externalLinks(p.text()) {
			if !sameHost(link, a.str("query")) {
				continue
			}
			out := c.pageObject(p)
			out["url"] = link
			rows = append(rows, row{title: p.title, out: out, at: fmt.Sprintf("%d|%d", p.id, i)})
		}
	}
	return resumeAt(rows, a.str("continue")), nil
}

func resumeAt(rows []row, at string) []row {
	if at == "" {
		return rows
	}
	return rows[max(slices.IndexFunc(rows, func(r row) bool { return r.at == at }), 0):]
}

var notParsed = regexp.MustCompile(`(?is)<!--.*?-->|<(nowiki|pre|syntaxhighlight)\b.*?</(nowiki|pre|syntaxhighlight)>`)

func externalLinks(text string) (links []string) {
	text = notParsed.ReplaceAllString(text, "")
	for _, at := range webLink.FindAllStringIndex(text, -1) {
		link := text[at[0]:at[1]]
		if strings.HasPrefix(link, "//") {
			if at[0] == 0 || text[at[0]-1] != '[' {
				continue // a bare address needs its scheme to be a link
			}
			link = "https:" + link // as the table of links has it (LinkFilter::makeIndexes)
		}
		links = append(links, link)
	}
	return links
}

// sameHost compares a link with a query such as "upload.wikimedia.org"; no query matches all.
func sameHost(link, query string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	host, path, _ := strings.Cut(query, "/")
	return query == "" || strings.EqualFold(u.Host, host) && strings.HasPrefix(strings.TrimPrefix(u.Path, "/"), path)
}

var searchWord = regexp.MustCompile(`(-?)(?:(insource|contentmodel|intitle|prefix):)?(?:"([^"]*)"|(\S+))`)

// cirrusFinds says whether a page answers a query of CirrusSearch: words,
// insource:"…" and contentmodel:…, all of which must hold.
func cirrusFinds(w *Wiki, p *page, query string) bool {
	for _, m := range searchWord.FindAllStringSubmatch(query, -1) {
		word, found := strings.ToLower(m[3]+m[4]), false
		switch m[2] {
		case "insource":
			found = strings.Contains(strings.ToLower(p.text()), word)
		case "contentmodel":
			found = strings.EqualFold(p.latest().Model, word)
		case "intitle", "prefix":
			found = strings.Contains(strings.ToLower(w.name(p.title)), word)
		default:
			found = strings.Contains(strings.ToLower(w.name(p.title)+"\n"+p.text()), word)
		}
		if found == (m[1] == "-") {
			return false
		}
	}
	return true
}

func (w *Wiki) extensions() []any {
	out := []any{}
	if !w.opts.NoEcho {
		out = append(out, M{"type": "other", "name": "Echo", "descriptionmsg": "echo-desc", "author": "Andrew Garrett, Ryan Kaldari, Benny Situ, Luke Welling, Kunal Mehta, Moriel Schottlender, Jon Robson, Roan Kattouw", "url": "https://www.mediawiki.org/wiki/Extension:Echo", "license-name": "MIT"})
	}
	if w.opts.GlobalUsage {
		out = append(out, M{"type": "specialpage", "name": "Global Usage", "descriptionmsg": "globalusage-desc", "author": "Bryan Tong Minh", "url": "https://www.mediawiki.org/wiki/Extension:GlobalUsage", "version": "2.2.0", "license-name": "MIT"})
	}
	for _, e := range []struct {
		on                bool
		kind, name, title string
	}{
		{w.opts.Gadgets, "other", "Gadgets", "gadgets"},
		{w.opts.Scribunto, "parserhook", "Scribunto", "scribunto"},
		{w.opts.Styles, "other", "TemplateStyles", "templatestyles"},
		{w.opts.Cirrus, "other", "CirrusSearch", "cirrussearch"},
		{w.opts.SpamBlacklist, "antispam", "SpamBlacklist", "spam-blacklist"},
		{w.opts.AbuseFilter, "antispam", "Abuse Filter", "abusefilter"},
		{w.opts.OAuth, "other", "OAuth", "mwoauth"},
	} {
		if e.on {
			out = append(out, M{"type": e.kind, "name": e.name, "descriptionmsg": e.title + "-desc", "url": "https://www.mediawiki.org/wiki/Extension:" + e.name, "license-name": "GPL-2.0-or-later"})
		}
	}
	return out
}
