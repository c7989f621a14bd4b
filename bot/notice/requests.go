package notice

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"filewarden/templates"
)

// Request is what somebody asks on the Requests page about notices.
type Request struct {
	Verb string // subscribe | unsubscribe | mute | unmute
	What string // of mute and unmute: OfAll, OfKind or OfFile
	Name string // the kind, or the file as written
}

// Verbs.
const (
	Subscribe   = "subscribe"
	Unsubscribe = "unsubscribe"
	Mute        = "mute"
	Unmute      = "unmute"
)

// String is the request as a heading, the form that the links below a notice use.
func (r Request) String() string {
	return strings.Join(strings.Fields(r.Verb+" "+r.What+" "+r.Name), " ")
}

// ParseRequest understands the heading of a section or, where that says
// something else, the first line of its text: "subscribe", "unsubscribe",
// "mute all", "mute kind file-usage", "mute file File:A b.jpg" and the same
// with "unmute". Case, spaces, colons, a link around the file, quotation marks
// and a signature do not matter. A bare "mute" is a no to all.
func ParseRequest(heading, body string) (Request, bool) {
	if r, ok := parseLine(heading); ok {
		return r, true
	}
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) != "" {
			return parseLine(line)
		}
	}
	return Request{}, false
}

var (
	verbLine = regexp.MustCompile(`(?i)^(subscribe|unsubscribe|mute|unmute)(?:[\s:]+(.*))?$`)
	fileWord = regexp.MustCompile(`(?i)^files?[\s:]+(.*)$`)
	kindWord = regexp.MustCompile(`(?i)^kinds?[\s:]+(.*)$`)
	kindName = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	wikiLink = regexp.MustCompile(`\[\[\s*:?\s*([^\[\]|]*)(?:\|[^\[\]]*)?\]\]`)
	// signed is where a signature begins: a dash, tildes, or a link to a user.
	signed = regexp.MustCompile(`(?i)\s*(--\s*\[\[|—\s*\[\[|~~~|\[\[\s*(user|special:)[^\[\]]*\]\]|<!--).*$`)
)

func parseLine(line string) (Request, bool) {
	line = signed.ReplaceAllString(line, "")
	line = wikiLink.ReplaceAllString(line, "$1")
	line = strings.Join(strings.Fields(strings.ReplaceAll(line, "_", " ")), " ")
	line = unquoted(strings.Trim(line, "= '*#:;"))
	m := verbLine.FindStringSubmatch(strings.TrimRight(line, ".! "))
	if m == nil {
		return Request{}, false
	}
	verb, rest := strings.ToLower(m[1]), strings.TrimLeft(m[2], " :")
	if verb == Subscribe || verb == Unsubscribe {
		return Request{Verb: verb}, slices.Contains([]string{"", "all", "me", "please"}, strings.ToLower(rest))
	}
	return parseObject(verb, rest)
}

// parseObject reads what is to be muted.
func parseObject(verb, rest string) (Request, bool) {
	low := strings.ToLower(rest)
	if slices.Contains([]string{"", "all", "all notices", "everything", "please"}, low) {
		return Request{Verb: verb, What: OfAll}, true
	}
	if m := fileWord.FindStringSubmatch(rest); m != nil {
		name := unquoted(strings.Trim(m[1], " :"))
		return Request{verb, OfFile, name}, name != ""
	}
	if m := kindWord.FindStringSubmatch(low); m != nil {
		low = m[1]
	}
	name := strings.ReplaceAll(unquoted(strings.Trim(low, " :")), " ", "-")
	bare := name == OfFile || name == OfKind // the word alone names nothing
	return Request{verb, OfKind, name}, kindName.MatchString(name) && !bare
}

// unquoted takes quotation marks off that stand around the whole.
func unquoted(s string) string {
	for _, marks := range [][2]string{{`"`, `"`}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"「", "」"}, {"'", "'"}} {
		if inner, ok := strings.CutPrefix(s, marks[0]); ok {
			if inner, ok = strings.CutSuffix(inner, marks[1]); ok {
				return strings.TrimSpace(inner)
			}
		}
	}
	return s
}

// Answer does what user asks and returns the words of the answer: one line of
// wikitext in the community's language, because Requests is everybody's page.
func (b *Box) Answer(_ context.Context, user string, r Request) (string, error) {
	words := b.c.Words.In(b.c.Panel.State().Config.Language)
	if anonymous(user) {
		return words.Text("request-not-allowed", templates.Message("request-not-allowed-anonymous")), nil
	}
	if r.What == OfKind {
		if _, registered := b.kinds[r.Name]; !registered {
			return b.noSuchKind(words, r.Name), nil
		}
	}
	if r.What == OfFile {
		file, ok := b.fileTitle(r.Name)
		if !ok {
			return words.Text("request-no-file", templates.Plain(r.Name)), nil
		}
		r.Name = file
	}
	changed, err := b.apply(user, r)
	if err != nil {
		return "", fmt.Errorf("doing what %s asks (%s): %w", user, r, err)
	}
	if !changed {
		return words.Text("request-already"), nil
	}
	return b.done(words, user, r), nil
}

// anonymous users have no account that a wish could be kept for; the names of
// temporary accounts begin with "~" (https://www.mediawiki.org/wiki/Help:Temporary_accounts).
func anonymous(user string) bool {
	_, err := netip.ParseAddr(user)
	return err == nil || strings.HasPrefix(user, "~") || user == ""
}

func (b *Box) noSuchKind(words *templates.Language, name string) string {
	var known []any
	for _, k := range b.c.Kinds {
		known = append(known, templates.Plain(k.Name))
	}
	return words.Text("request-no-kind", templates.Plain(name), templates.List(known...), templates.Num(len(known)))
}

const fileNamespace = 6

// fileTitle is a file's title as events have it, whether or not the namespace
// was written.
func (b *Box) fileTitle(name string) (string, bool) {
	for _, text := range []string{name, "File:" + name} {
		if t, err := b.c.Wiki.Title(text); err == nil && t.NS == fileNamespace {
			return "File:" + t.Name, true
		}
	}
	return "", false
}

func (b *Box) apply(user string, r Request) (changed bool, err error) {
	switch r.Verb {
	case Subscribe:
		return b.Subscribe(user)
	case Unsubscribe:
		return b.Unsubscribe(user)
	case Mute:
		return b.Mute(user, r.What, r.Name)
	case Unmute:
		return b.Unmute(user, r.What, r.Name)
	}
	return false, fmt.Errorf("there is no request %q", r.Verb)
}

// done words the answer to a request that changed something.
func (b *Box) done(words *templates.Language, user string, r Request) string {
	switch r.Verb {
	case Subscribe:
		return words.Text("request-subscribed",
			templates.Target("User:"+canonical(user)+PreferencesPage), templates.Target(b.c.Prefix+HelpPage))
	case Unsubscribe:
		return words.Text("request-unsubscribed")
	}
	key := "request-" + r.Verb + "d-" + r.What
	switch r.What {
	case OfFile:
		return words.Text(key, templates.Link(r.Name, ""))
	case OfKind:
		return words.Text(key, templates.Message("kind-"+r.Name))
	}
	return words.Text(key)
}
