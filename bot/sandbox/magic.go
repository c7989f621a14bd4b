package sandbox

import (
	"net/url"
	"strconv"
	"strings"
)

// magic expands the variables and parser functions of MediaWiki's core that
// the bot's pages and messages use. ParserFunctions is not installed, so #if
// and its kin stay text.
func (p *parsing) magic(name string, n node, f *frame) (string, bool) {
	if len(n.args) == 0 {
		if v, ok := p.variable(name); ok {
			return v, true
		}
	}
	word, first, ok := strings.Cut(name, ":")
	if !ok {
		return "", false
	}
	args := []string{strings.TrimSpace(first)}
	for _, a := range n.args {
		v := p.expand(a.value, f)
		if a.name != nil {
			v = p.expand(a.name, f) + "=" + v
		}
		args = append(args, strings.TrimSpace(v))
	}
	return p.function(strings.ToUpper(strings.TrimSpace(word)), args)
}

func (p *parsing) variable(name string) (string, bool) {
	t, now := p.title, p.w.now()
	switch name {
	case "!":
		return "|", true
	case "=":
		return "=", true
	case "PAGENAME":
		return t.text(), true
	case "FULLPAGENAME":
		return p.w.name(t), true
	case "NAMESPACE":
		return p.w.namespaces.name(t.ns), true
	case "TALKPAGENAME":
		return p.w.name(t.talk()), true
	case "SUBJECTPAGENAME":
		return p.w.name(t.subject()), true
	case "BASEPAGENAME", "ROOTPAGENAME":
		return t.root(), true
	case "SUBPAGENAME":
		return t.text()[strings.LastIndex(t.text(), "/")+1:], true
	case "SITENAME":
		return p.w.opts.SiteName, true
	case "SERVER":
		return p.w.opts.Server, true
	case "CONTENTLANGUAGE", "CONTENTLANG":
		return p.w.opts.Language, true
	case "CURRENTYEAR":
		return now.Format("2006"), true
	case "CURRENTMONTH":
		return now.Format("01"), true
	case "CURRENTMONTHNAME":
		return now.Format("January"), true
	case "CURRENTDAY":
		return now.Format("2"), true
	case "CURRENTDAY2":
		return now.Format("02"), true
	case "CURRENTTIMESTAMP":
		return mwTime(now), true
	case "CURRENTTIME":
		return now.Format("15:04"), true
	case "REVISIONUSER":
		if p.page != nil {
			return p.page.latest().User, true
		}
		return p.user, true
	}
	return "", false
}

func (p *parsing) function(word string, args []string) (string, bool) {
	at := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch word {
	case "PLURAL":
		i := 2
		if n, err := strconv.Atoi(at(0)); err == nil && (n == 1 || n == -1) || len(args) < 3 {
			i = 1
		}
		return at(i), true
	case "GENDER":
		return p.gender(args), true
	case "LC":
		return strings.ToLower(at(0)), true
	case "UC":
		return strings.ToUpper(at(0)), true
	case "UCFIRST":
		return upperFirst(at(0)), true
	case "LCFIRST":
		return lowerFirst(at(0)), true
	case "URLENCODE":
		if strings.EqualFold(at(1), "WIKI") {
			return wikiEncode(at(0)), true
		} else if strings.EqualFold(at(1), "PATH") {
			return url.PathEscape(at(0)), true
		}
		return url.QueryEscape(at(0)), true
	case "ANCHORENCODE":
		return anchor(at(0)), true
	case "FORMATNUM":
		return at(0), true
	case "NS":
		return p.namespace(at(0))
	case "FULLURL", "LOCALURL", "CANONICALURL":
		return p.url(word, args)
	case "INT":
		if m, ok := p.w.message(at(0)); ok {
			return m, true
		}
		return "⧼" + at(0) + "⧽", true
	case "DEFAULTSORT", "DISPLAYTITLE":
		return "", true
	}
	return "", false
}

func (p *parsing) namespace(name string) (string, bool) {
	id, err := strconv.Atoi(name)
	if err != nil {
		var ok bool
		if id, ok = p.w.namespaces.byName(name); !ok {
			return "", false
		}
	}
	return p.w.namespaces.name(id), p.w.namespaces.exists(id)
}

func (p *parsing) url(word string, args []string) (string, bool) {
	t, err := p.w.parseTitle(args[0], 0)
	if err != nil {
		return "", false
	}
	base := ""
	if word != "LOCALURL" {
		base = p.w.opts.Server
	}
	if len(args) < 2 || args[1] == "" {
		return base + p.w.path(t), true
	}
	return base + "/index.php?title=" + wikiEncode(p.w.dbName(t)) + "&" + strings.Join(args[1:], "&"), true
}

func (p *parsing) gender(args []string) string {
	forms := args[1:]
	if len(forms) == 0 {
		return ""
	}
	i := 0
	name := canonicalUser(strings.TrimPrefix(args[0], "User:"))
	if a := p.w.accounts[name]; a != nil && a.options["gender"] == "female" {
		i = 1
	} else if a == nil || a.options["gender"] != "male" {
		i = 2
	}
	if i >= len(forms) {
		i = 0
	}
	return forms[i]
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToLower(string(r[0])) + string(r[1:])
}
