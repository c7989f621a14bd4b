package usage

import (
	"strconv"
	"strings"

	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/templates"
)

// usageLines words one person's events about uses: one line for each file,
// wiki and way in which the file came there. The using page is the first link,
// the list of the file's uses the second.
func usageLines(r notice.Reader, events []notice.Event) (lines []notice.Line) {
	for _, g := range bundles(events) {
		lines = append(lines, g.line(r))
	}
	return lines
}

// bundle is what one line is about.
type bundle struct {
	events []notice.Event
}

// bundles groups events, in the order of their first.
func bundles(events []notice.Event) (all []*bundle) {
	type kin struct{ file, wiki, via, busy string }
	groups := map[kin]*bundle{}
	through := map[[3]string]bool{} // file, wiki, template
	for _, e := range events {
		if e.Facts[factVia] != "" {
			through[[3]string{e.File, e.Wiki.Key, e.Facts[factVia]}] = true
		}
	}
	for _, e := range events {
		if through[[3]string{e.File, e.Wiki.Key, e.Page}] && e.Facts[factVia] == "" {
			continue // the template itself: the line about its pages names it
		}
		key := kin{e.File, e.Wiki.Key, e.Facts[factVia], e.Facts[factBusy]}
		if groups[key] == nil {
			groups[key] = &bundle{}
			all = append(all, groups[key])
		}
		groups[key].events = append(groups[key].events, e)
	}
	return all
}

// others is how many pages there are beside the first.
func (g *bundle) others() int {
	n := len(g.events) - 1
	for _, e := range g.events {
		more, err := strconv.Atoi(e.Facts[factOthers])
		if err == nil {
			n += more
		}
	}
	return n
}

// agent who made all of them; "" when there are several or nobody is known.
func (g *bundle) agent() string {
	for _, e := range g.events {
		if e.Agent != g.events[0].Agent {
			return ""
		}
	}
	return g.events[0].Agent
}

// fact of any of the events; the last one that has it.
func (g *bundle) fact(name string) (value string) {
	for _, e := range g.events {
		if v := e.Facts[name]; v != "" {
			value = v
		}
	}
	return value
}

// key of the message that says it.
func (g *bundle) key() string {
	key := "usage-used"
	if kind := g.fact(factKind); kind != "" {
		key = "usage-" + kind
	}
	if g.others() > 0 {
		key += "-many"
	}
	if g.agent() != "" {
		key += "-by"
	}
	return key
}

// maxShownComment is how many characters of an edit summary are shown.
const maxShownComment = 120

func (g *bundle) line(r notice.Reader) notice.Line {
	first := g.events[0]
	line := notice.Line{File: first.File, Page: first.File}
	if first.Wiki.Key == "" {
		line.Page = first.Page
	}
	file := templates.Plain(bareName(first.File))
	var said []sentence
	if first.Facts[factBusy] != "" {
		said = append(said, sentence{"usage-busy", []any{file, number(first.Facts[factBusy]),
			templates.Address(first.Facts[factMute])}})
	} else {
		said = append(said, sentence{g.key(), []any{file, templates.Agent(g.agent()), pageLink(first.Wiki, first.Page, first.URL),
			templates.Plain(placeName(r, first.Wiki)), templates.Num(g.others()), g.viaLink()}})
	}
	if g.fact(factFirst) != "" {
		said = append(said, sentence{"usage-first", nil})
	} else if m := g.fact(factMilestone); m != "" {
		said = append(said, sentence{"usage-milestone", []any{number(m)}})
	}
	if c := first.Facts[factComment]; c != "" && g.others() == 0 && g.agent() != "" {
		said = append(said, sentence{"usage-comment", []any{templates.Short(c, maxShownComment)}})
	}
	list := templates.Section(first.File, usesAnchor(r, first), r.Words.Text("usage-all-uses"))
	line.Wikitext = write(r.Words, said) + r.Words.Text("parentheses", list)
	line.Plain = writePlain(r.Words, said)
	return line
}

// sentence is a message with its arguments.
type sentence struct {
	key  string
	args []any
}

func write(words *templates.Language, said []sentence) string {
	texts := make([]string, len(said))
	for i, s := range said {
		texts[i] = words.Text(s.key, s.args...)
	}
	return strings.Join(texts, words.Text("word-separator"))
}

func writePlain(words *templates.Language, said []sentence) string {
	texts := make([]string, len(said))
	for i, s := range said {
		texts[i] = words.PlainText(s.key, s.args...)
	}
	return strings.Join(texts, words.PlainText("word-separator"))
}

func number(text string) templates.Num {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return templates.Num(n)
}

// pageLink is a link to a page here, or by its address to one elsewhere.
func pageLink(place wiki.Place, title, address string) any {
	switch {
	case place.Key == "":
		return templates.Link(title, "")
	case address != "":
		return templates.URL(address, title)
	}
	return templates.Plain(title)
}

// viaLink is a link to the template or item of a bundle.
func (g *bundle) viaLink() any {
	first := g.events[0]
	title := first.Facts[factVia]
	if address := first.Facts[factAddress]; address != "" {
		return templates.URL(address, title)
	}
	return pageLink(first.Wiki, title, pageURL(first.Wiki, title))
}

// placeName is the readable name of a wiki.
func placeName(r notice.Reader, place wiki.Place) string {
	if r.Farm == nil {
		return place.Host
	}
	return r.Farm.Name(r.Ctx, place, r.Words.Code())
}

// usesAnchor is the section of a file page where uses such as this one are
// listed; a file with very many is used mostly elsewhere.
func usesAnchor(r notice.Reader, e notice.Event) string {
	here := e.Wiki.Key == "" && e.Facts[factBusy] == ""
	if here || r.Home == nil {
		return "filelinks"
	}
	if _, ok := r.Home.Site().Extensions["Global Usage"]; !ok {
		return "filelinks"
	}
	return "globalusage"
}

// deletionLines words events about deletion.
func deletionLines(r notice.Reader, events []notice.Event) (lines []notice.Line) {
	for _, e := range events {
		key := "deletion-" + e.Facts[factDeletion]
		if e.Agent != "" {
			key += "-by"
		}
		var discussion any = templates.Plain("")
		if title := e.Facts[factDiscussion]; title != "" {
			discussion = templates.Link(title, "")
		}
		said := []sentence{{key, []any{templates.Link(e.File, bareName(e.File)), templates.Agent(e.Agent), discussion}}}
		if reason := e.Facts[factComment]; reason != "" {
			said = append(said, sentence{"deletion-reason", []any{templates.Short(reason, maxShownComment)}})
		}
		line := notice.Line{File: e.File, Page: e.File, Wikitext: write(r.Words, said), Plain: writePlain(r.Words, said)}
		if title := e.Facts[factDiscussion]; title != "" {
			line.Page = title
		}
		lines = append(lines, line)
	}
	return lines
}
