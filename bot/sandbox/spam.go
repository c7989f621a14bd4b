package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

// checkAdded is what SpamBlacklist and AbuseFilter say of an edit.
func (e *editor) checkAdded(text string) error {
	old := ""
	if e.page != nil {
		old = e.page.text()
	}
	if e.model == "wikitext" {
		if err := e.c.w.checkSpam(e.title, e.page, text, e.summary); err != nil {
			return err
		}
	}
	return e.c.w.askFilter(e.c, e.title, old, text)
}

// checkSpam refuses a text that adds an address of the list, in the text or in
// the summary.
func (w *Wiki) checkSpam(t title, p *page, text, summary string) error {
	if !w.opts.SpamBlacklist {
		return nil
	}
	old := map[string]bool{}
	if p != nil {
		old = w.outside(t, p.text())
	}
	var added []string
	for link := range w.outside(t, text) {
		if !old[link] {
			added = append(added, link)
		}
	}
	added = append(added, external.FindAllString(summary, -1)...)
	if matches := w.spamIn(added); len(matches) > 0 {
		return SpamBlacklist(matches...)
	}
	return nil
}

var relative = regexp.MustCompile(`\[//[^\s\[\]<>"|{}\x7f]+`)

// outside are the addresses to which a text links, hosts in lower case.
func (w *Wiki) outside(t title, text string) map[string]bool {
	run := w.newParsing(t, nil)
	expanded := run.expand(preprocess(asShown(text)), nil)
	run.scan(expanded)
	for _, link := range relative.FindAllString(expanded, -1) {
		run.deps.external[link[1:]] = true
	}
	links := map[string]bool{}
	for link := range run.deps.external {
		scheme, rest, _ := strings.Cut(link, "//")
		host, path, slash := strings.Cut(rest, "/")
		link = strings.ToLower(scheme) + "//" + strings.ToLower(host)
		if slash {
			link += "/" + path
		}
		links[link] = true
	}
	return links
}

// spamIn are the parts of addresses that the list forbids, in the order of the
// addresses.
func (w *Wiki) spamIn(links []string) []string {
	list := w.spamRegex("Spam-blacklist")
	if list == nil {
		return nil
	}
	links = slices.Sorted(slices.Values(links))
	text := strings.Join(links, "\n")
	if allowed := w.spamRegex("Spam-whitelist"); allowed != nil {
		text = allowed.ReplaceAllString(text, "")
	}
	var matches []string
	for _, m := range list.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(matches, m[1]) {
			matches = append(matches, m[1])
		}
	}
	return matches
}

// spamRegex reads a list page of SpamBlacklist: a regular expression a line,
// behind any part of a host. Lines that Go's regexp cannot read are left out.
func (w *Wiki) spamRegex(name string) *regexp.Regexp {
	p := w.pageOf(title{nsMediaWiki, name})
	if p == nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(p.text()) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if _, err := regexp.Compile(line); err == nil {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return regexp.MustCompile(`(?im)(?:https?:)?//+[a-z0-9_\-.]*(` + strings.Join(lines, "|") + `)`)
}

// runSpamBlacklist is action=spamblacklist.
func runSpamBlacklist(c *call, a args) error {
	matches := c.w.spamIn(a.list("url"))
	if len(matches) == 0 {
		c.out["spamblacklist"] = M{"result": "ok"}
		return nil
	}
	c.out["spamblacklist"] = M{"result": "blacklisted", "matches": matches}
	return nil
}
