package sandbox

import (
	"slices"
	"strings"
)

const revisionParams = `
 prop* {ids flags timestamp user userid size slotsize sha1 slotsha1 contentmodel comment parsedcomment content tags roles parsetree} = ids|timestamp|flags|comment|user
 slots* {main}
 limit limit
 generatexml flag
 parse flag
 section
 diffto
 contentformat
 startid int
 endid int
 start time
 end time
 dir {newer older} = older
 user user
 excludeuser user
 tag
 continue
`

func revisionModules() []*queryModule {
	return []*queryModule{{kind: "prop", module: sub("revisions", "rv", revisionParams), whole: propRevisions}}
}

// propRevisions lists the latest revision of many pages, named revisions, or
// the history of one page.
func propRevisions(c *call, a args, set *pageSet) error {
	_, limited := c.value("rvlimit")
	listing := limited || a.has("startid") || a.has("endid") || a.has("start") || a.has("end") || a.has("user") || a.has("excludeuser") || a.str("dir") == "newer"
	if c.limits["revisions"] != nil && a.in("prop", "content") {
		c.limits["revisions"] = c.contentCap(a)
	}
	if set.byRevision {
		if listing {
			return fail("invalidparammix", `The "revids" parameter may not be used with the list options ("rvlimit", "rvstartid", "rvendid", "rvdir=newer", "rvuser", "rvexcludeuser", "rvstart", and "rvend").`)
		}
		return c.namedRevisions(a, set)
	}
	if !listing {
		return c.latestRevisions(a, set)
	}
	if len(set.good) > 1 {
		return fail("invalidparammix", `"titles", "pageids" or a generator was used to supply multiple pages, but the "rvlimit", "rvstartid", "rvendid", "rvdir=newer", "rvuser", "rvexcludeuser", "rvstart", and "rvend" parameters may only be used on a single page.`)
	}
	if len(set.good) == 1 {
		if err := c.knownBounds(a); err != nil {
			return err
		}
		return c.pageHistory(a, set, set.good[0])
	}
	return nil
}

// knownBounds refuses bounds that are no revisions, deleted ones included.
func (c *call) knownBounds(a args) error {
	for _, bound := range []string{"startid", "endid"} {
		if a.has(bound) && c.w.revisions[int64(a.num(bound))] == nil {
			return fail("badid_rv"+bound, "No revision was found for parameter <var>rv%s</var>.", bound)
		}
	}
	return nil
}

func (c *call) contentCap(a args) int {
	most := 50
	if c.can("apihighlimits") {
		most = 500
	}
	if !a.in("prop", "content") {
		most *= 10
	}
	return most
}

func (c *call) namedRevisions(a args, set *pageSet) error {
	revs := slices.Clone(set.revs)
	slices.SortFunc(revs, func(x, y *Revision) int { return int(x.ID - y.ID) })
	from := int64(0)
	if v := a.str("continue"); v != "" {
		from = atoi64(v)
	}
	n := 0
	for _, r := range revs {
		if r.ID < from {
			continue
		}
		if n++; n > c.contentCap(a) {
			c.cont.add("revisions", "rvcontinue", r.ID)
			break
		}
		c.addRevisionTo(set, r, a)
	}
	return nil
}

func (c *call) latestRevisions(a args, set *pageSet) error {
	from := int64(0)
	if v := a.str("continue"); v != "" {
		from = atoi64(v)
	}
	n := 0
	for _, p := range set.good {
		if p.id < from {
			continue
		}
		if n++; n > c.contentCap(a) {
			c.cont.add("revisions", "rvcontinue", p.id)
			break
		}
		c.addRevisionTo(set, p.latest(), a)
	}
	return nil
}

func (c *call) pageHistory(a args, set *pageSet, p *page) error {
	revs := slices.Clone(p.revs)
	slices.SortStableFunc(revs, func(x, y *Revision) int {
		if d := x.Time.Compare(y.Time); d != 0 {
			return d
		}
		return int(x.ID - y.ID)
	})
	if a.str("dir") == "older" {
		slices.Reverse(revs)
	}
	revs = slices.DeleteFunc(revs, func(r *Revision) bool {
		byUser := a.has("user") || a.has("excludeuser")
		return !revisionWanted(a, r) || byUser && !c.maySee(r.Hidden, HiddenUser) // paranoia, as MediaWiki says
	})
	if v := a.str("continue"); v != "" {
		_, id, ok := strings.Cut(v, "|")
		if !ok {
			return badContinue()
		}
		i := slices.IndexFunc(revs, func(r *Revision) bool { return r.ID == atoi64(id) })
		revs = revs[max(i, 0):]
	}
	limit := min(a.num("limit"), c.contentCap(a))
	for i, r := range revs {
		if i == limit {
			c.cont.add("revisions", "rvcontinue", mwTime(r.Time)+"|"+idText(r.ID))
			break
		}
		c.addRevisionTo(set, r, a)
	}
	return nil
}

func badContinue() error {
	return fail("badcontinue", "Invalid continue param. You should pass the original value returned by the previous query.")
}

func revisionWanted(a args, r *Revision) bool {
	older := a.str("dir") == "older"
	if !inTime(a, r.Time, older) {
		return false
	}
	first, last := int64(a.num("startid")), int64(a.num("endid"))
	if older {
		first, last = last, first
	}
	if first != 0 && r.ID < first || last != 0 && r.ID > last {
		return false
	}
	return !(a.has("user") && r.User != a.str("user") || a.has("excludeuser") && r.User == a.str("excludeuser") ||
		a.has("tag") && !slices.Contains(r.Tags, a.str("tag")))
}

func (c *call) addRevisionTo(set *pageSet, r *Revision, a args) {
	o := set.object(r.page.id)
	list, _ := o["revisions"].([]any)
	o["revisions"] = append(list, c.revisionObject(r, a))
}

func (c *call) revisionObject(r *Revision, a args) M {
	out := M{}
	_, slots := c.value("rvslots")
	if !slots && (a.in("prop", "content") || a.in("prop", "contentmodel") || a.in("prop", "slotsize") || a.in("prop", "slotsha1")) {
		c.warn("query+revisions", "deprecation", `Because "rvslots" was not specified, a legacy format has been used for the output. This format is deprecated, and in the future the new format will always be used.`, nil)
	}
	for _, prop := range a.list("prop") {
		c.revisionProp(out, r, prop)
	}
	if r.Hidden&Suppressed != 0 {
		out["suppressed"] = true
	}
	content := out
	if slots {
		slot := M{}
		if a.in("prop", "slotsize") {
			slot["size"] = r.size()
		}
		if a.in("prop", "slotsha1") {
			slot["sha1"] = r.sha1()
		}
		if c.maySee(r.Hidden, HiddenText) && (a.in("prop", "contentmodel") || a.in("prop", "content")) {
			slot["contentmodel"] = r.Model
		}
		out["slots"], content = M{"main": slot}, slot
	} else if a.in("prop", "contentmodel") || a.in("prop", "content") {
		out["contentmodel"] = r.Model
	}
	if a.in("prop", "content") {
		c.addContent(content, r, a)
	}
	return out
}

func (c *call) addContent(out M, r *Revision, a args) {
	if r.Hidden&HiddenText != 0 {
		out["texthidden"] = true
	}
	if !c.maySee(r.Hidden, HiddenText) {
		return
	}
	out["contentformat"], out["content"] = formats[r.Model], r.Text
	if id := a.str("section"); id != "" {
		part, ok := sectionOf(r.Text, id)
		if !ok {
			delete(out, "content")
			out["nosuchsection"] = true
			return
		}
		out["content"] = part
	}
}

func (c *call) revisionProp(out M, r *Revision, prop string) {
	switch prop {
	case "ids":
		out["revid"], out["parentid"] = r.ID, r.Parent
	case "flags":
		out["minor"] = r.Minor
	case "user", "userid":
		c.revisionUser(out, r, prop)
	case "timestamp":
		out["timestamp"] = isoTime(r.Time)
	case "size":
		out["size"] = r.size()
	case "sha1":
		if r.Hidden&HiddenText != 0 {
			out["sha1hidden"] = true
		}
		if c.maySee(r.Hidden, HiddenText) {
			out["sha1"] = r.sha1()
		}
	case "comment":
		if r.Hidden&HiddenComment != 0 {
			out["commenthidden"] = true
		}
		if c.maySee(r.Hidden, HiddenComment) {
			out["comment"] = r.Comment
		}
	case "tags":
		out["tags"] = r.Tags
	case "roles":
		out["roles"] = []string{"main"}
	}
}

func (c *call) revisionUser(out M, r *Revision, prop string) {
	if r.Hidden&HiddenUser != 0 {
		out["userhidden"] = true
	}
	if !c.maySee(r.Hidden, HiddenUser) {
		return
	}
	if prop == "user" {
		out["user"] = r.User
	} else {
		out["userid"] = r.UserID
	}
	if r.UserID == 0 {
		out["anon"] = true
	}
}
