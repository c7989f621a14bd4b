package templates

import (
	"slices"
	"strings"
)

// Bot is what the bot's own pages tell about it.
type Bot struct {
	Account  string   // user name of the bot
	Operator string   // user name of who runs it, may be empty
	Contact  string   // e-mail or web address of the operator, may be empty
	Prefix   string   // of wikitext pages: "User:Filewarden/"
	Own      string   // of JSON pages: always "User:<account>/"
	Tasks    []string // names, with words task-<name> and task-<name>-about
	Kinds    []string // kinds of notices, with words kind-<kind> and kind-<kind>-about
	Category string   // opted-out category, with its namespace; may be empty
}

// preferencesPage leads each reader to their own page
// (https://www.mediawiki.org/wiki/Help:Special_pages, Special:MyPage).
const preferencesPage = "Special:MyPage/Filewarden.json"

// help is what the frames of help, user page and requests read.
type help struct {
	Bot
	Code                                          string
	AccountPage, Stop, Requests, Status, Config   string
	Preferences, OptOutList, OptOutCategory, Help string
	HelpSection                                   string
	TaskStops, OptOutAll, OptOutKind, BoldAccount Arg
	Rows                                          []requestRow
}

func (l *Language) help(b Bot) help {
	h := help{
		Bot: b, Code: l.Code(),
		AccountPage: "User:" + b.Account, Preferences: preferencesPage,
		Stop: b.Prefix + "Stop", Requests: b.Prefix + "Requests", Status: b.Prefix + "Status", Help: b.Prefix + "Help",
		Config: b.Own + "config.json", OptOutList: b.Own + "optout.json", OptOutCategory: b.Category,
		HelpSection: b.Prefix + "Help#" + strings.ReplaceAll(l.PlainText("language-name"), " ", "_"),
		OptOutAll:   call("bots|optout=all"),
		BoldAccount: Raw("'''" + l.shown(b.Account) + "'''"),
	}
	kind := "file-usage"
	if len(b.Kinds) > 0 {
		kind = b.Kinds[0]
	}
	h.OptOutKind = call("bots|optout=" + kind)
	var stops []any
	for _, task := range b.Tasks {
		stops = append(stops, Link(b.Prefix+"Stop/"+task, ""))
	}
	h.TaskStops = List(stops...)
	return h
}

// call shows a template call as code. Only for names of our own.
func call(inside string) Arg {
	return Raw("<code><nowiki>{{" + inside + "}}</nowiki></code>")
}

// HelpPage is the bot's part of its help page: every language in a section of
// its own, the wiki's first.
func (w *Words) HelpPage(first string, b Bot) string {
	return w.everyLanguage(first, func(l *Language) string { return l.frame("reports/help.wikitext", l.help(b)) })
}

// UserPage is the bot's part of its account's user page: who runs it, what it
// does, where to read on, in every language.
func (w *Words) UserPage(first string, b Bot) string {
	return w.everyLanguage(first, func(l *Language) string { return l.frame("reports/user.wikitext", l.help(b)) })
}

func (w *Words) everyLanguage(first string, page func(*Language) string) string {
	codes := []string{w.In(first).Code()}
	for _, code := range w.Languages() {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	var out strings.Builder
	for _, code := range codes {
		out.WriteString(page(w.In(code)) + "\n")
	}
	return strings.TrimSpace(out.String()) + "\n"
}

// RequestForm is one heading that the bot understands on its page for requests.
type RequestForm struct {
	Heading string // "mute file: File:Example.jpg"
	Effect  string // key of what happens: "requests-mute-file"
	Address string // opens the edit window with the request written; may be empty
}

type requestRow struct {
	Heading string
	Effect  wikitext
	Address string
}

// RequestsPage is the bot's part at the top of the page for requests.
func (l *Language) RequestsPage(b Bot, forms []RequestForm) string {
	h := l.help(b)
	for _, f := range forms {
		h.Rows = append(h.Rows, requestRow{f.Heading, wikitext(l.Text(f.Effect)), f.Address})
	}
	return l.frame("reports/requests.wikitext", h)
}

// RequestPreload is the page that fills a new request: a remark that nothing
// needs to be filled in, and the signature of who saves the request. Four tildes
// in a row would sign the bot when it saves this page; preloading takes the tags
// between them away
// (https://www.mediawiki.org/wiki/Manual:Creating_pages_with_preloaded_text).
func (l *Language) RequestPreload() string {
	return "<!-- " + l.PlainText("requests-preload") + " -->\n~~<noinclude></noinclude>~~\n"
}
