package sandbox

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// globalUsageCap is the most rows that prop=globalusage gives in one answer,
// whatever the caller's rights: GlobalUsageQuery::setLimit.
const globalUsageCap = 500

// filesOf are the pages that prop=globalusage gives an array: every file,
// missing ones too, and an empty array says nothing before batchcomplete.
func filesOf(set *pageSet) []int64 {
	var ids []int64
	for _, e := range set.entries() {
		if e.title.ns == nsFile {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// propGlobalUsage answers as Extension:GlobalUsage REL1_43: ids and namespaces
// are strings, titles have underscores and the remote wiki's namespace, and
// the default of gunamespace hides namespaces that this wiki does not have.
func propGlobalUsage(c *call, a args, set *pageSet) ([]row, error) {
	if a.has("site") && a.str("site") != "" || len(a.list("site")) > 0 {
		sites := a.list("site")
		c.warn("query+globalusage", "unrecognizedvalues", "Unrecognized "+plural(len(sites), "value", "values")+` for parameter "gusite": `+strings.Join(sites, ", "), M{"parameter": "gusite", "values": sites})
	}
	entries := set.entries()
	sort.SliceStable(entries, func(i, j int) bool { return entries[i].title.key < entries[j].title.key })
	var rows []row
	for _, e := range entries {
		if e.title.ns != nsFile {
			continue
		}
		for _, u := range c.w.global.uses[e.title.key] {
			if len(a.list("namespace")) > 0 && !a.in("namespace", strconv.Itoa(u.ns)) || a.flag("filterlocal") && u.wiki == c.w.opts.Name {
				continue
			}
			rows = append(rows, row{id: e.id, out: c.w.useObject(u, a), at: u.file + "|" + u.wiki + "|" + idText(u.page)})
		}
	}
	rows, err := resumeUses(rows, a.str("continue"))
	if limit := a.num("limit"); limit > globalUsageCap {
		a.nums["limit"] = globalUsageCap
	}
	return rows, err
}

// resumeUses takes any "file|wiki|page", whether or not such a row exists.
func resumeUses(rows []row, at string) ([]row, error) {
	if at == "" {
		return rows, nil
	}
	parts := strings.Split(at, "|")
	if len(parts) != 3 {
		return nil, badContinue()
	}
	id := atoi64(parts[2])
	i := slices.IndexFunc(rows, func(r row) bool {
		have := strings.Split(r.at, "|")
		if have[0] != parts[0] {
			return have[0] > parts[0]
		}
		if have[1] != parts[1] {
			return have[1] > parts[1]
		}
		return atoi64(have[2]) >= id
	})
	if i < 0 {
		return nil, nil
	}
	return rows[i:], nil
}

func (w *Wiki) useObject(u use, a args) M {
	name := u.title
	if u.nsText != "" {
		name = u.nsText + ":" + u.title
	}
	at := w.placeOf(u.wiki)
	out := M{"title": name, "wiki": at.host}
	if a.in("prop", "url") {
		out["url"] = ""
		if at.base != "" {
			out["url"] = at.base + wikiEncode(name)
		}
	}
	if a.in("prop", "pageid") {
		out["pageid"] = idText(u.page)
	}
	if a.in("prop", "namespace") {
		out["ns"] = strconv.Itoa(u.ns)
	}
	return out
}
