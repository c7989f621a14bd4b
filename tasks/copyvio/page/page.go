// Package page is how cases stand on wiki pages: it reads what people wrote on
// them, and turns what the casebook remembers into what the templates show.
//
// # Model
//
// A page of cases has a section for each case, and in it one call of the
// template page Copyvio/Case with one parameter a line:
//
//	== <span id="…"></span>A b.jpg ==
//	{{User:Filewarden/Copyvio/Case
//	| id = 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12
//	| status = open
//	| note =
//	| …
//	}}
//
// Two parameters are people's: status, a bare word, and note. All others are
// the bot's, made anew at each writing, and nobody reads them back. What people
// write beneath a call, up to the next heading, is theirs too.
//
// Reading forgives what hands do to a page ([Read]); it believes nothing but
// ids, status words and text, and who may decide is not its business.
package page

import (
	"html"
	"strings"
	"unicode"

	"filewarden/bot/gate"
	"filewarden/tasks/copyvio/casebook"
)

// caseName is the template page beneath the bot's prefix.
const caseName = "Copyvio/Case"

// How much of what people write is read.
const (
	longestStatus = 100 // characters
	longestNote   = 500
	longestBelow  = 10_000 // bytes; more is left alone as none of a case's
)

// Entry is a case as it stands on a page.
type Entry struct {
	ID     string // SHA-1 of the image: 40 hexadecimal digits, lower case
	Status string // the state's word; where nobody can tell which is meant, what is written, in lower case; "" when there is none
	Note   string // one line of plain text
	Below  string // wikitext that people wrote beneath the call, as it stands

	status span // of the parameter's value
}

// State is the state that the entry names, if it names one.
func (e Entry) State() (casebook.State, bool) { return casebook.ParseState(e.Status) }

// Read finds the cases on a page, in their order. It takes one pass.
//
// Parameters may stand in any order, in any case, in one line or many, and hold
// links, templates, comments and nowiki. Of a parameter that is there twice the
// last counts, as in MediaWiki; of an id that is there twice, the first call. A
// call without an id is none, nor is one in a comment or in nowiki. Where
// braces or brackets in a call have no partner, lines are believed instead: a
// line "| name = value" is a parameter, and the call ends at a line "}}", a
// heading, or the next case.
func Read(wikitext string) []Entry {
	p := &reader{text: wikitext, live: masked(wikitext), seen: map[string]bool{}}
	for at := 0; ; {
		c, ok := p.next(at)
		if !ok {
			return p.found
		}
		p.keep(c)
		at = c.to
	}
}

// Put makes the status of a case on a page read so, and leaves all else as it
// stands. It is false when the page has no such case, or its call no status.
func Put(wikitext, id string, to casebook.State) (string, bool) {
	for _, e := range Read(wikitext) {
		if e.ID != id || e.status.to == 0 {
			continue
		}
		line := strings.TrimRight(wikitext[e.status.from:e.status.to], " \t\n")
		after := e.status.from + len(line)
		return wikitext[:e.status.from] + " " + to.String() + wikitext[after:], true
	}
	return wikitext, false
}

type span struct{ from, to int }

type reader struct {
	text  string
	live  string // of the same length, what is inert masked with zero bytes
	seen  map[string]bool
	found []Entry
}

// masked is wikitext with zero bytes where the preprocessor does not look.
func masked(text string) string {
	out := []byte(text)
	for _, s := range gate.Inert(text) {
		clear(out[s.From:s.To])
	}
	return string(out)
}

// keep takes a call for an entry, if it names an image that is new on the page.
func (p *reader) keep(c caseCall) {
	var e Entry
	for _, v := range c.values {
		name, value := p.plain(v.name), v.value
		switch strings.ToLower(name) {
		case "id":
			e.ID = strings.ToLower(p.plain(value))
		case "status":
			e.Status, e.status = statusWord(p.plain(value)), value
		case "note":
			e.Note = cut(p.plain(value), longestNote)
		}
	}
	if !isID(e.ID) || p.seen[e.ID] {
		return
	}
	p.seen[e.ID] = true
	e.Below = p.below(c.to)
	p.found = append(p.found, e)
}

// below is what people wrote after a call: up to the next heading, the next
// case or a mark of the bot's.
func (p *reader) below(from int) string {
	to := from + sectionEnd(p.live[from:])
	if i := strings.Index(p.text[from:to], "<!-- Filewarden:"); i >= 0 {
		to = from + i
	}
	if to-from > longestBelow {
		return ""
	}
	return strings.TrimSpace(p.text[from:to])
}

func isID(s string) bool {
	return len(s) == 40 && strings.Trim(s, "0123456789abcdef") == ""
}

// statusWord is the state's word in a value where exactly one is named, comes
// first and is no question: people sign beside it, write it bold or end it
// with a stop.
func statusWord(value string) string {
	value = strings.ToLower(value)
	words := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) })
	named := map[string]bool{}
	for _, w := range words {
		if _, ok := casebook.ParseState(w); ok {
			named[w] = true
		}
	}
	if len(named) == 1 && named[words[0]] && !strings.Contains(value, "?") {
		return words[0]
	}
	return cut(value, longestStatus)
}

// plain is a part of the page as plain text in one line: no comments, links
// as their labels, entities as what they stand for.
func (p *reader) plain(s span) string {
	text := withoutLinks(withoutInert(p.text[s.from:s.to]))
	text = strings.NewReplacer("'''''", "", "'''", "", "''", "").Replace(text)
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}

func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
