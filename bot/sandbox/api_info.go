package sandbox

import (
	"errors"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"time"
)

func pageModules() []*queryModule {
	return []*queryModule{
		{kind: "prop", module: sub("info", "in", "prop* {protection talkid watched watchers visitingwatchers notificationtimestamp subjectid associatedpage url readable preload preloadcontent editintro displaytitle varianttitles linkclasses}\nlinkcontext\ntestactions*\ntestactionsdetail {boolean full quick} = boolean\ntestactionsautocreate flag\npreloadcustom\npreloadparams*\npreloadnewsection flag\neditintrostyle\neditintroskip*\neditintrocustom\ncontinue"), whole: propInfo},
	}
}

func propInfo(c *call, a args, set *pageSet) error {
	for _, e := range set.entries() {
		out := set.object(e.id)
		out["contentmodel"] = c.w.modelOf(e.title, e.page)
		out["pagelanguage"], out["pagelanguagehtmlcode"], out["pagelanguagedir"] = c.w.opts.Language, c.w.opts.Language, "ltr"
		if e.page != nil {
			c.addPageInfo(out, e.page)
		}
		for _, prop := range a.list("prop") {
			c.infoProp(out, e, prop)
		}
		c.testActions(out, e.title, a)
	}
	return nil
}

func (c *call) addPageInfo(out M, p *page) {
	out["touched"], out["lastrevid"], out["length"] = isoTime(p.touched), p.latest().ID, p.latest().size()
	if _, ok := c.w.redirectTarget(p.text(), p.latest().Model); ok {
		out["redirect"] = true
	}
	if p.isNew() {
		out["new"] = true
	}
}

func (c *call) infoProp(out M, e entry, prop string) {
	server := c.w.opts.Server
	switch prop {
	case "protection":
		out["protection"], out["restrictiontypes"] = c.w.protectionRows(e), restrictionTypes(e)
	case "url":
		out["fullurl"] = server + c.w.path(e.title)
		out["editurl"] = server + "/index.php?title=" + wikiEncode(c.w.dbName(e.title)) + "&action=edit"
		out["canonicalurl"] = server + c.w.path(e.title)
	case "talkid":
		if p := c.w.pageOf(e.title.talk()); p != nil && !e.title.isTalk() {
			out["talkid"] = p.id
		}
	case "subjectid":
		if p := c.w.pageOf(e.title.subject()); p != nil && e.title.isTalk() {
			out["subjectid"] = p.id
		}
	case "associatedpage":
		t := e.title.talk()
		if e.title.isTalk() {
			t = e.title.subject()
		}
		out["associatedpage"] = c.w.name(t)
	case "displaytitle":
		out["displaytitle"] = c.w.name(e.title)
	}
}

func restrictionTypes(e entry) []string {
	switch {
	case e.page == nil && e.title.ns == nsFile:
		return []string{"create", "upload"}
	case e.page == nil:
		return []string{"create"}
	case e.title.ns == nsFile:
		return []string{"edit", "move", "upload"}
	}
	return []string{"edit", "move"}
}

func (w *Wiki) protectionRows(e entry) []any {
	rows := []any{}
	if pr := w.createProtection[e.title]; e.page == nil && pr.Level != "" {
		return []any{M{"type": "create", "level": pr.Level, "expiry": expiryText(pr.Expiry)}}
	}
	if e.page == nil {
		return rows
	}
	var kinds []string
	for kind := range e.page.protection {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		if pr := e.page.protection[kind]; pr.Level != "" {
			rows = append(rows, M{"type": kind, "level": pr.Level, "expiry": expiryText(pr.Expiry)})
		}
	}
	return rows
}

// testActions says which actions the caller may do, as booleans or with the
// errors they would meet.
func (c *call) testActions(out M, t title, a args) {
	names := a.list("testactions")
	if len(names) == 0 {
		return
	}
	actions := M{}
	for _, name := range names {
		err := c.mayDo(name, t)
		if a.str("testactionsdetail") == "boolean" {
			actions[name] = err == nil
			continue
		}
		problems := []any{}
		var e *apiError
		if errors.As(err, &e) {
			problem := M{"code": e.code, "text": e.info}
			if len(e.data) > 0 {
				problem["data"] = e.data
			}
			problems = append(problems, problem)
		}
		actions[name] = problems
	}
	out["actions"] = actions
}

func (c *call) mayDo(action string, t title) error {
	switch action {
	case "edit", "create":
		return c.w.mayEdit(c.userName(), c.rights, t)
	case "read":
		return nil
	}
	if !c.can(action) {
		return lacks(action)
	}
	return c.w.checkBlock(c.userName(), t, c.rights)
}

func hostOf(server string) string {
	u, err := url.Parse(server)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func atoi64(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // what is not a number continues at the beginning
	return n
}

func sortByID(pages []*page) []*page {
	slices.SortFunc(pages, func(a, b *page) int { return int(a.id - b.id) })
	return pages
}

// inTime says whether t lies between the parameters start and end, which swap
// their places with the direction.
func inTime(a args, t time.Time, older bool) bool {
	from, to := a.at("start"), a.at("end")
	if older {
		from, to = to, from
	}
	return (from.IsZero() || !t.Before(from)) && (to.IsZero() || !t.After(to))
}
