package gate

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is which of the exclusion templates a name stands for.
type kind int

const (
	noKind kind = iota
	botsTemplate
	nobotsTemplate
	inUseTemplate
)

// builtinNames are the names of the exclusion templates on wikis that did not
// rename them, and those by which people say that they are editing right now.
var builtinNames = map[string]kind{
	"bots":           botsTemplate,
	"nobots":         nobotsTemplate,
	"in use":         inUseTemplate,
	"inuse":          inUseTemplate,
	"in bearbeitung": inUseTemplate,
	"inbearbeitung":  inUseTemplate,
	"en cours":       inUseTemplate,
	"使用中":            inUseTemplate,
}

// ProductName is heard beside the account's name in allow and deny lists.
const ProductName = "Filewarden"

// exclusion reads one page's {{bots}} and {{nobots}} for one message.
//
// The grammar is the union of what is in use (Template:Bots on Meta and the
// larger Wikipedias): allow, deny, optout, allowscript and denyscript with
// comma-separated lists, and plain lists on {{nobots}}. All parameters of all
// calls count, and any no is a no.
type exclusion struct {
	me      string          // the account
	message string          // kind of the message, "" when the edit is none
	script  string          // the task, "" when not known
	aliases map[string]kind // this wiki's own names, in lower case
	spaces  []string        // this wiki's names of the Template namespace, in lower case
}

// verdict is what a page's text says: a reason to stay away, or to come later.
type verdict struct {
	denied string // "" when the page does not object
	inUse  string // "" when nobody says to be editing it
	direct bool   // a call of {{nobots}} stands in the text itself
}

// read gives the verdict of a page's wikitext.
func (x exclusion) read(text string) verdict {
	var v verdict
	for _, c := range calls(active(text), func(n string) bool { return x.kindOf(n) != noKind }) {
		switch x.kindOf(c.name) {
		case nobotsTemplate:
			v.direct = true
			v.deny(x.nobots(c))
		case botsTemplate:
			v.deny(x.bots(c))
		case inUseTemplate:
			v.inUse = "{{" + c.name + "}}"
		}
	}
	return v
}

func (v *verdict) deny(why string) {
	if v.denied == "" {
		v.denied = why
	}
}

// kindOf says which template a transclusion's name means.
func (x exclusion) kindOf(name string) kind {
	if len(name) > 255 {
		return noKind
	}
	name = strings.ToLower(strings.TrimSpace(strings.ReplaceAll(name, "_", " ")))
	name = strings.TrimSpace(strings.TrimPrefix(name, "safesubst:"))
	name = strings.TrimPrefix(name, ":")
	if space, rest, ok := strings.Cut(name, ":"); ok {
		space = strings.TrimSpace(space)
		for _, s := range append([]string{"template"}, x.spaces...) {
			if space == s {
				name = strings.TrimSpace(rest)
				break
			}
		}
	}
	if k, ok := builtinNames[name]; ok {
		return k
	}
	return x.aliases[name]
}

// nobots is why a call of {{nobots}} says no: bare, with anything named, or with us in its list.
func (x exclusion) nobots(c call) string {
	blank := true
	for _, a := range c.args {
		if _, _, named := cutArg(a); named {
			return show(c)
		}
		blank = blank && strings.TrimSpace(a) == ""
		if x.names(a) || x.unclear(a) {
			return show(c)
		}
	}
	if blank {
		return show(c)
	}
	return ""
}

// bots is why a call of {{bots}} says no.
func (x exclusion) bots(c call) string {
	for _, a := range c.args {
		key, list, named := cutArg(a)
		if named && x.refuses(key, list) {
			return show(c)
		}
	}
	return ""
}

// refuses judges one named parameter of {{bots}}.
func (x exclusion) refuses(key, list string) bool {
	if strings.TrimSpace(list) == "" {
		return false
	}
	switch key {
	case "deny":
		return x.names(list) || x.unclear(list)
	case "allow":
		return !x.names(list)
	case "optout":
		return x.message != "" && (has(list, "all") || has(list, x.message) || x.unclear(list))
	case "denyscript":
		return has(list, "all") || x.script != "" && has(list, x.script)
	case "allowscript":
		return x.script != "" && !has(list, "all") && !has(list, x.script)
	}
	return false
}

// unclear says that a list is made by another template, so that only the wiki knows what is in it.
func (exclusion) unclear(list string) bool { return strings.Contains(list, "{{") }

// names says whether a list of bots has us in it.
func (x exclusion) names(list string) bool {
	for _, item := range items(list) {
		if strings.EqualFold(item, "all") {
			return true
		}
		if space, name, ok := strings.Cut(item, ":"); ok && strings.EqualFold(strings.TrimSpace(space), "user") {
			item = name
		}
		item = userName(item)
		if item == userName(x.me) || item == ProductName {
			return true
		}
	}
	return false
}

// has says whether a list of words, which have no fixed case, has one in it.
func has(list, word string) bool {
	for _, item := range items(list) {
		if strings.EqualFold(userName(item), userName(word)) {
			return true
		}
	}
	return false
}

func items(list string) []string {
	parts := strings.Split(list, ",")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

// cutArg splits "key = value". An equals sign within an inner template does not name a parameter.
func cutArg(arg string) (key, value string, named bool) {
	i := strings.IndexByte(arg, '=')
	if i < 0 || strings.Contains(arg[:i], "{{") {
		return "", arg, false
	}
	return strings.ToLower(strings.TrimSpace(arg[:i])), arg[i+1:], true
}

// userName is a name as MediaWiki keeps it: spaces for underscores, the first letter large.
func userName(name string) string {
	name = strings.Join(strings.Fields(strings.ReplaceAll(name, "_", " ")), " ")
	r, n := utf8.DecodeRuneInString(name)
	if n == 0 || r == utf8.RuneError {
		return name
	}
	return string(unicode.ToUpper(r)) + name[n:]
}

// show is a call as a reason can quote it.
func show(c call) string {
	s := c.name
	for _, a := range c.args {
		s += "|" + strings.Join(strings.Fields(a), " ")
	}
	return fmt.Sprintf("{{%s}}", shorten(s, 120))
}

// shorten cuts foreign text to n runes for a message.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
