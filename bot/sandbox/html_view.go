package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// view shows a page, an old revision of it, or that there is none.
func (v *visit) view() {
	w := v.w
	l := layout{Title: w.name(v.title), Heading: w.name(v.title), Tabs: v.tabs("view")}
	if v.title.ns == nsUserTalk && v.login != nil && v.title.text() == v.login.account.name {
		v.login.account.newTalk = false
	}
	data := M{}
	v.addFile(data)
	v.addMembers(data)
	if v.page == nil {
		status := http.StatusNotFound
		if len(data) > 0 {
			status = http.StatusOK
		}
		l.Sub = "There is no text on this page yet."
		if log := w.lastDeletion(v.title); log != nil {
			l.Sub = "This page was deleted by " + log.user + " on " + humanTime(log.time) + ": " + log.comment
		}
		v.show("view", status, l, data)
		return
	}
	if v.followRedirect(&l) {
		data = M{}
		v.addFile(data)
	}
	rev := v.page.latest()
	if old := w.revisions[atoi64(v.values.Get("oldid"))]; old != nil && old.page == v.page {
		rev = old
		l.Notice = fmt.Sprintf("This is the revision of %s by %s.", humanTime(old.Time), old.User)
	}
	data["Body"] = w.render(v.page.title, v.page, rev.Text, rev.Model, v.userName())
	var categories []tab
	for _, name := range slices.Sorted(maps.Keys(v.page.links.categories)) {
		t := title{nsCategory, name}
		categories = append(categories, tab{Name: t.text(), URL: w.path(t), Missing: w.pageOf(t) == nil})
	}
	data["Categories"] = categories
	v.show("view", http.StatusOK, l, data)
}

// followRedirect shows a redirect's target in its place.
func (v *visit) followRedirect(l *layout) bool {
	to, ok := v.w.redirectTarget(v.page.text(), v.page.latest().Model)
	if !ok || v.values.Get("redirect") == "no" || v.values.Get("oldid") != "" || to.interwiki != "" || v.w.pageOf(to.title) == nil {
		return false
	}
	l.Sub = "Redirected from " + v.w.name(v.title)
	v.title, v.page = to.title, v.w.pageOf(to.title)
	l.Title, l.Heading, l.Tabs = v.w.name(v.title), v.w.name(v.title), v.tabs("view")
	return true
}

func (w *Wiki) lastDeletion(t title) *logEntry {
	for i := len(w.logs) - 1; i >= 0; i-- {
		if l := w.logs[i]; l.title == t && l.kind == "delete" {
			if l.action == "delete" {
				return l
			}
			return nil
		}
	}
	return nil
}

// addFile adds to a file page its picture, its versions and its uses.
func (v *visit) addFile(data M) {
	w := v.w
	f, shared := w.findFile(v.title.key)
	if v.title.ns != nsFile || f == nil {
		return
	}
	home := ""
	if shared {
		home = w.farm.Repo.opts.Server
	}
	data["Image"] = home + fileURL(f, f.current())
	var versions []M
	for i := len(f.versions) - 1; i >= 0; i-- {
		u := f.versions[i]
		versions = append(versions, M{"Time": humanTime(u.time), "URL": home + fileURL(f, u), "Size": fmt.Sprintf("%d × %d (%d bytes)", u.width, u.height, len(u.data)),
			"User": u.user, "UserURL": w.userPath(u.user), "Comment": w.comment(u.comment)})
	}
	var uses []tab
	for _, p := range w.index.to("file", v.title) {
		uses = append(uses, tab{Name: w.name(p.title), URL: w.path(p.title)})
	}
	data["File"] = M{"Versions": versions, "Uses": uses, "Global": v.globalUses()}
}

func (v *visit) globalUses() []M {
	var out []M
	for _, u := range v.w.global.uses[v.title.key] {
		at := v.w.placeOf(u.wiki)
		name := u.title
		if u.nsText != "" {
			name = u.nsText + ":" + u.title
		}
		row := M{"Wiki": at.host, "Name": title{0, name}.text()}
		if at.base != "" {
			row["URL"] = at.base + wikiEncode(name)
		}
		out = append(out, row)
	}
	return out
}

func (v *visit) addMembers(data M) {
	if v.title.ns != nsCategory {
		return
	}
	var members []tab
	for _, p := range sortedPages(v.w.index.to("category", v.title)) {
		members = append(members, tab{Name: v.w.name(p.title), URL: v.w.path(p.title)})
	}
	if len(members) > 0 {
		data["Members"] = members
	}
}
