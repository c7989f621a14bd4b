package contract

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// names gives each id of a wiki the name under which the claims know it: the
// first revision that an answer mentions is "rev 1".
type names struct {
	server string
	known  map[string]string // "rev 12" → "rev 1"
	back   map[string]string // "rev 1" → "12"
	count  map[string]int
}

func newNames(server string) *names {
	return &names{server, map[string]string{}, map[string]string{}, map[string]int{}}
}

// kinds are the keys whose numbers are ids, and of what.
var kinds = map[string]string{
	"revid": "rev", "parentid": "rev", "newrevid": "rev", "oldrevid": "rev", "lastrevid": "rev", "old_revid": "rev", "fromrevid": "rev", "torevid": "rev",
	"pageid": "page", "logpage": "page", "fromid": "page", "toid": "page", "userid": "user", "lguserid": "user", "blockedbyid": "user", "logid": "log", "rcid": "change", "blockid": "block", "last_revid": "rev", "curid": "rev", "previd": "rev", "ids": "rev", "userID": "user",
}

func (n *names) name(kind string, id float64) any {
	if id == 0 {
		return 0
	}
	return n.remember(kind, fmt.Sprintf("%.0f", id))
}

// remember gives what identifies something its name.
func (n *names) remember(kind, id string) string {
	key := kind + " " + id
	if n.known[key] == "" {
		n.count[kind]++
		n.known[key] = fmt.Sprintf("%s %d", kind, n.count[kind])
		n.back[n.known[key]] = id
	}
	return n.known[key]
}

var reference = regexp.MustCompile(`\{([a-z]+ \d+)\}`)

// fill replaces "{rev 1}" in a request by the id.
func (n *names) fill(value string) string {
	return reference.ReplaceAllStringFunc(value, func(s string) string {
		if id, ok := n.back[s[1:len(s)-1]]; ok {
			return id
		}
		return s
	})
}

var replacements = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
	{regexp.MustCompile(`\b20\d{12}\b`), "STAMP"},
	{regexp.MustCompile(`\d\d:\d\d, \d{1,2} [A-Z][a-z]+ 20\d\d( \(UTC\))?`), "SIGNED"},
	{regexp.MustCompile(`^\d{1,2} [A-Z][a-z]+ 20\d\d$`), "DATE"},
	{regexp.MustCompile(`^\d\d:\d\d$`), "CLOCK"},
	{regexp.MustCompile(`^[0-9a-f]{40,}\+\\$`), "TOKEN"},
	{regexp.MustCompile(`^1[78]\d{8}$`), "UNIX"},
	{regexp.MustCompile(`(markasread|diff|curid)=\d+`), "$1=ID"},
}

func (n *names) text(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, n.server+"/w/", "SERVER/"), n.server, "SERVER")
	for _, r := range replacements {
		s = r.pattern.ReplaceAllString(s, r.with)
	}
	return s
}

// normal replaces in an answer what differs between two wikis that behave
// alike. Pages come in the order of the database, so they are sorted.
func (n *names) normal(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return n.object(key, v)
	case []any:
		return n.array(key, v)
	case string:
		if key == "archivename" {
			stamp, _, _ := strings.Cut(v, "!")
			n.remember("archive", v)
			n.remember("stamp", stamp)
		}
		return n.text(v)
	case float64:
		if kind, ok := kinds[key]; ok {
			return n.name(kind, v)
		}
		if key == "utcunix" {
			return "UNIX"
		}
	}
	return v
}

func (n *names) array(key string, v []any) []any {
	if order := orders[key]; order != nil {
		v = append([]any{}, v...)
		sort.SliceStable(v, func(i, j int) bool { return order(v[i]) < order(v[j]) })
	}
	out := make([]any, len(v))
	for i, item := range v {
		out[i] = n.normal(key, item)
	}
	return out
}

func (n *names) object(key string, v map[string]any) map[string]any {
	out := map[string]any{}
	sorted := make([]string, 0, len(v))
	for k := range v {
		sorted = append(sorted, k)
	}
	sort.Strings(sorted)
	for _, k := range sorted {
		switch {
		case k == "docref" || k == "touched" || k == "iconUrl":
		case key == "continue" && k != "continue":
			out[k] = "…"
		case k == "id" && (v["type"] != nil && v["category"] != nil || v["anon"] == nil && v["name"] != nil):
			out[k] = "ID"
		case k == "id" && v["texthidden"] != nil:
			out[k] = n.normal("revid", v[k])
		default:
			out[k] = n.normal(k, v[k])
		}
	}
	return out
}

// orders sort the lists whose order is the database's, or the second's in which
// something happened.
var orders = map[string]func(any) string{
	"pages":     pageKey,
	"allimages": pageKey,
	"list": func(v any) string {
		return fmt.Sprint(walk(v, []string{"type"}), walk(v, []string{"*", "header"}))
	},
}

func pageKey(v any) string {
	m, _ := v.(map[string]any)
	return fmt.Sprint(m["title"], m["pageid"])
}
