package sandbox

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// transform is the pre-save transform: signatures, substitutions, the pipe
// trick left alone, trailing white space cut. JSON pages are validated and
// written with tabs instead.
func (w *Wiki) transform(text string, t title, user, model string) (string, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	switch model {
	case "json":
		tidy, err := tidyJSON(text)
		if err != nil {
			return "", fail("invalid-json-data", "Invalid JSON: %s", err.Error())
		}
		return tidy, nil
	case "wikitext":
		return w.presave(text, t, user), nil
	}
	return strings.TrimRight(text, "\n \t"), nil
}

func (w *Wiki) presave(text string, t title, user string) string {
	p := w.newParsing(t, w.pageOf(t))
	p.subst, p.user = true, user
	text, kept := keepIncludeOnly(text)
	text = p.expand(preprocess(text), nil)
	text = w.sign(text, user)
	for i, s := range kept {
		text = strings.ReplaceAll(text, keepMarker(i), s)
	}
	return strings.TrimRight(text, " \t\n\r\x00\x0b")
}

var includeOnlyTag = regexp.MustCompile(`(?is)<includeonly>.*?</includeonly>`)

func keepMarker(i int) string {
	return "\x02keep" + strconv.Itoa(i) + "\x02"
}

// keepIncludeOnly hides what is meant for the pages that transclude this one:
// "{{<includeonly>subst:</includeonly>…}}" is not to be substituted here.
func keepIncludeOnly(text string) (string, []string) {
	var kept []string
	text = includeOnlyTag.ReplaceAllStringFunc(text, func(s string) string {
		kept = append(kept, s)
		return keepMarker(len(kept) - 1)
	})
	return text, kept
}

var (
	unsigned = regexp.MustCompile(`(?is)<nowiki\s*>.*?</nowiki>|<pre(\s[^>]*)?>.*?</pre>|<syntaxhighlight(\s[^>]*)?>.*?</syntaxhighlight>|<!--.*?-->|<gallery(\s[^>]*)?>.*?</gallery>`)
	tildes   = regexp.MustCompile(`~{3,5}`)
)

// sign turns three to five tildes into the user's signature and the time,
// except where wikitext is not looked at.
func (w *Wiki) sign(text, user string) string {
	if !strings.Contains(text, "~~~") {
		return text
	}
	var b strings.Builder
	last := 0
	for _, m := range unsigned.FindAllStringIndex(text, -1) {
		b.WriteString(w.signPlain(text[last:m[0]], user))
		b.WriteString(text[m[0]:m[1]])
		last = m[1]
	}
	b.WriteString(w.signPlain(text[last:], user))
	return b.String()
}

func (w *Wiki) signPlain(text, user string) string {
	stamp := signatureTime(w.now())
	return tildes.ReplaceAllStringFunc(text, func(s string) string {
		switch len(s) {
		case 3:
			return w.signature(user)
		case 4:
			return w.signature(user) + " " + stamp
		}
		return stamp
	})
}

func signatureTime(t time.Time) string { return t.UTC().Format("15:04, 2 January 2006 (UTC)") }

// signature is what "~~~" gives now: the user's nickname where one is set.
func (w *Wiki) signature(user string) string {
	a := w.accounts[user]
	if a == nil {
		return "[[" + w.namespaces.name(nsSpecial) + ":Contributions/" + user + "|" + user + "]]"
	}
	nick := a.options["nickname"]
	if nick != "" && a.options["fancysig"] == "1" {
		return nick
	}
	if nick == "" {
		nick = user
	}
	talk := map[string]string{"de": "Diskussion", "fr": "discussion"}[w.opts.Language]
	if talk == "" {
		talk = "talk"
	}
	return "[[" + w.namespaces.name(nsUser) + ":" + user + "|" + nick + "]] ([[" + w.namespaces.name(nsUserTalk) + ":" + user + "|" + talk + "]])"
}

var redirectLine = regexp.MustCompile(`(?i)^\s*#(?:REDIRECT|WEITERLEITUNG|REDIRECTION|重定向)\s*:?\s*\[\[([^\[\]{|}]+)(?:\|[^\]]*)?\]\]`)

// redirectTarget is where a page redirects to, if it is a redirect.
func (w *Wiki) redirectTarget(text, model string) (link, bool) {
	if model != "wikitext" {
		return link{}, false
	}
	m := redirectLine.FindStringSubmatch(text)
	if m == nil {
		return link{}, false
	}
	l, err := w.parseLink(m[1], 0)
	return l, err == nil
}
