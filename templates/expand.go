package templates

import (
	"html"
	"strconv"
	"strings"
)

// style is what a message becomes.
type style int

const (
	asWikitext style = iota // text of a page
	asSummary               // an edit summary
	asPlain                 // no markup at all
	asMail                  // no markup, but web addresses stay readable
)

// bare tells whether markup is dropped.
func (s style) bare() bool { return s == asPlain || s == asMail }

// expansion writes one message with its arguments.
type expansion struct {
	language *Language
	lex      *lexicon
	args     []Arg
	style    style
	out      strings.Builder
}

func (e *expansion) nodes(nodes []node) {
	for _, n := range nodes {
		e.node(n)
	}
}

func (e *expansion) node(n node) {
	switch n.kind {
	case literal:
		e.literal(n.text)
	case markup:
		e.markup(n.text)
	case param:
		if a := e.arg(n.param); a != nil {
			e.out.WriteString(a.render(e.language, e.lex, e.style))
		} else {
			e.out.WriteString(n.text)
		}
	case counted:
		if len(n.forms) > 0 {
			e.nodes(e.lex.choose(e.count(n.head), n.forms).nodes)
		}
	case gendered:
		e.nodes(n.gendered(e.gender(n.head)))
	case wikilink:
		e.wikilink(n)
	case weblink:
		e.weblink(n)
	}
}

func (e *expansion) arg(n int) Arg {
	if n > len(e.args) {
		return nil
	}
	return e.args[n-1]
}

func (e *expansion) literal(text string) {
	if e.style.bare() {
		text = html.UnescapeString(text)
	}
	e.out.WriteString(text)
}

// markup is dropped where there is none. A summary has no bold and no tags
// either: they would show as they are written.
func (e *expansion) markup(text string) {
	switch {
	case e.style == asWikitext:
		e.out.WriteString(text)
	case strings.HasPrefix(text, "<br"):
		e.out.WriteString(" ")
	}
}

func (e *expansion) wikilink(n node) {
	if e.style.bare() {
		label := n.head
		if len(n.parts) > 0 {
			label = n.parts[0]
		}
		e.out.WriteString(strings.TrimPrefix(e.sub(label, e.style), ":"))
		return
	}
	e.out.WriteString("[[" + e.sub(n.head, e.style))
	if len(n.parts) > 0 {
		e.out.WriteString("|" + e.sub(n.parts[0], e.style))
	}
	e.out.WriteString("]]")
}

func (e *expansion) weblink(n node) {
	address, label := e.sub(n.head, asWikitext), e.sub(n.parts[0], e.style)
	switch e.style {
	case asWikitext:
		e.out.WriteString("[" + address + " " + label + "]")
	case asMail:
		e.out.WriteString(label + " (" + e.sub(n.head, asMail) + ")")
	default: // summaries have no web links
		e.out.WriteString(label)
	}
}

// sub expands a part of the message on its own.
func (e *expansion) sub(nodes []node, s style) string {
	inner := expansion{language: e.language, lex: e.lex, args: e.args, style: s}
	inner.nodes(nodes)
	return inner.out.String()
}

// count is the number that a plural asks about: the argument's own where it has
// one, otherwise what stands there read as digits; nothing readable counts as
// many.
func (e *expansion) count(head []node) int64 {
	if len(head) == 1 && head[0].kind == param {
		if n, ok := e.arg(head[0].param).(Num); ok {
			return int64(n)
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(e.sub(head, asPlain)), 10, 64)
	if err != nil {
		return 1_000
	}
	return n
}

func (e *expansion) gender(head []node) Gender {
	if len(head) == 1 && head[0].kind == param {
		switch a := e.arg(head[0].param).(type) {
		case UserLink:
			return a.gender
		case Gender:
			return a
		}
	}
	return Gender(strings.TrimSpace(e.sub(head, asPlain)))
}

// gendered picks a form as MediaWiki does: male, female, neutral; the neutral
// form falls back to the first, a missing female one to the last.
func (n node) gendered(g Gender) []node {
	switch {
	case len(n.parts) == 0:
		return nil
	case g == Female && len(n.parts) > 1:
		return n.parts[1]
	case g != Male && g != Female && len(n.parts) > 2:
		return n.parts[2]
	}
	return n.parts[0]
}
