package sandbox

import (
	"net/http"
	"slices"
	"sort"
	"strings"
)

// specialPages are the special pages that the sandbox has, by their names in
// lower case.
var specialPages = []string{"recentchanges", "notifications", "listfiles", "contributions", "userlogin", "userlogout", "allpages", "mytalk", "mypage",
	"whatlinkshere", "log", "diff", "permanentlink", "permalink", "emailuser", "search"}

func isSpecialPage(t title) bool {
	return slices.Contains(specialPages, strings.ToLower(t.root()))
}

func (v *visit) special() {
	name, rest, _ := strings.Cut(v.title.text(), "/")
	switch strings.ToLower(name) {
	case "recentchanges":
		v.recentChanges()
	case "notifications":
		v.notifications()
	case "listfiles":
		v.listFiles()
	case "contributions":
		v.contributions(canonicalUser(rest))
	case "userlogin", "userlogout":
		v.picker()
	case "allpages":
		v.allPages()
	case "log":
		v.logList()
	case "whatlinkshere":
		v.whatLinksHere(rest)
	case "mytalk", "mypage":
		v.myPage(strings.ToLower(name) == "mytalk")
	case "diff":
		v.redirect(query("diff", rest))
	case "permanentlink", "permalink":
		v.redirect(query("oldid", rest))
	default:
		v.show("view", http.StatusNotFound, layout{Title: "No such special page", Heading: "No such special page", Sub: v.w.name(v.title)}, M{})
	}
}

func (v *visit) list(heading string, rows []entryRow) {
	v.show("lists", http.StatusOK, layout{Title: heading, Heading: heading}, M{"Groups": []entryGroup{{Rows: rows}}})
}

func (v *visit) myPage(talk bool) {
	if v.login == nil {
		v.redirect("/wiki/Special:UserLogin")
		return
	}
	t := title{nsUser, strings.ReplaceAll(v.login.account.name, " ", "_")}
	if talk {
		t = t.talk()
	}
	v.redirect(v.w.path(t))
}

func (v *visit) recentChanges() {
	w := v.w
	var rows []entryRow
	for i := len(w.changes) - 1; i >= 0 && len(rows) < 200; i-- {
		c := w.changes[i]
		if c.rev != nil {
			rows = append(rows, w.revisionRow(c.rev, true))
		} else {
			rows = append(rows, w.logRow(c.log))
		}
	}
	v.list("Recent changes", rows)
}

var logVerbs = map[string]string{"upload/upload": "uploaded", "upload/overwrite": "uploaded a new version of", "move/move": "moved", "delete/delete": "deleted",
	"delete/restore": "restored", "block/block": "blocked", "block/unblock": "unblocked", "protect/protect": "protected", "newusers/create": "account created:"}

func (w *Wiki) logRow(l *logEntry) entryRow {
	row := entryRow{Time: humanTime(l.time), At: "/wiki/Special:Log", Page: w.name(l.title), URL: w.path(l.title), Missing: w.pageOf(l.title) == nil, Comment: w.comment(l.comment)}
	row.Flags = logVerbs[l.kind+"/"+l.action]
	if to, ok := l.params["target_title"].(string); ok {
		row.Text = "to " + to
	}
	w.signRow(&row, l.user)
	return row
}

func (v *visit) logList() {
	var rows []entryRow
	for i := len(v.w.logs) - 1; i >= 0; i-- {
		rows = append(rows, v.w.logRow(v.w.logs[i]))
	}
	v.list("Logs", rows)
}

func (v *visit) contributions(user string) {
	var revs []*Revision
	for _, r := range v.w.revisions {
		if r.User == user && r.Hidden&HiddenUser == 0 && v.w.pages[r.page.id] == r.page {
			revs = append(revs, r)
		}
	}
	sort.Slice(revs, func(i, j int) bool { return revs[i].ID > revs[j].ID })
	var rows []entryRow
	for _, r := range revs {
		rows = append(rows, v.w.revisionRow(r, true))
	}
	v.list("Contributions of "+user, rows)
}

func (v *visit) allPages() {
	groups := map[int][]*page{}
	for _, p := range v.w.pages {
		groups[p.title.ns] = append(groups[p.title.ns], p)
	}
	var out []entryGroup
	for _, ns := range v.w.namespaces.ids() {
		if len(groups[ns]) == 0 {
			continue
		}
		name := v.w.namespaces.name(ns)
		if ns == 0 {
			name = "Pages"
		}
		g := entryGroup{Name: name}
		for _, p := range sortedPages(groups[ns]) {
			g.Rows = append(g.Rows, entryRow{Page: v.w.name(p.title), URL: v.w.path(p.title)})
		}
		out = append(out, g)
	}
	v.show("lists", http.StatusOK, layout{Title: "All pages", Heading: "All pages"}, M{"Groups": out})
}

func (v *visit) whatLinksHere(name string) {
	t, err := v.w.parseTitle(name, 0)
	var rows []entryRow
	for _, kind := range []string{"page", "template", "file"} {
		if err != nil {
			break
		}
		for _, p := range v.w.index.to(kind, t) {
			rows = append(rows, entryRow{Page: v.w.name(p.title), URL: v.w.path(p.title), Text: map[string]string{"template": "(transclusion)", "file": "(file use)"}[kind]})
		}
	}
	v.list("Pages that link to "+name, rows)
}

// listFiles shows the files as a gallery.
func (v *visit) listFiles() {
	var b strings.Builder
	b.WriteString("<gallery>\n")
	for _, name := range v.w.fileNames() {
		t := title{nsFile, name}
		b.WriteString(v.w.name(t) + "|[[:" + v.w.name(t) + "|" + t.text() + "]] by [[:" + v.w.namespaces.name(nsUser) + ":" + v.w.files[name].current().user + "]]\n")
	}
	b.WriteString("</gallery>")
	v.show("view", http.StatusOK, layout{Title: "Files", Heading: "Files"}, M{"Body": v.w.render(v.title, nil, b.String(), "wikitext", "")})
}

func (v *visit) notifications() {
	mine := v.mine([]string{"alert", "message"})
	if v.r.Method == http.MethodPost {
		for _, n := range mine {
			n.Read = true
		}
		v.redirect("/wiki/Special:Notifications")
		return
	}
	groups := []entryGroup{{Name: "Alerts"}, {Name: "Notices"}}
	for _, n := range mine {
		row := entryRow{Time: humanTime(n.Time), At: v.noticeURL(n), Text: n.Header, Comment: v.w.comment(n.Body), Unread: !n.Read}
		i := 0
		if n.Section == "message" {
			i = 1
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	l := layout{Title: "Notifications", Heading: "Notifications"}
	if v.login == nil {
		l.Error = "Log in to see notifications."
	}
	v.show("lists", http.StatusOK, l, M{"Groups": groups, "Form": v.login != nil})
}

// noticeURL leads to the section that a notification is about.
func (v *visit) noticeURL(n *Notification) string {
	if n.Page == "" {
		return v.w.userPath(n.Agent)
	}
	url := "/index.php?title=" + wikiEncode(v.w.dbName(n.page)) + "&markasread=" + idText(n.ID)
	if n.Heading != "" {
		url += "#" + wikiEncode(anchor(n.Heading))
	}
	return url
}

// picker lets the person at the demo be anybody, or nobody.
func (v *visit) picker() {
	back := v.values.Get("returnto")
	if v.r.Method == http.MethodPost {
		v.sess.login = nil
		if a := v.w.accounts[v.body.Get("user")]; a != nil {
			v.sess.login = &login{account: a, secret: v.sess.id}
		}
		if t, err := v.w.parseTitle(back, 0); err == nil {
			v.redirect(v.w.path(t))
			return
		}
		v.redirect("/wiki/Main_Page")
		return
	}
	var users []M
	var names []string
	for name := range v.w.accounts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		users = append(users, M{"Name": name, "Groups": strings.Join(v.w.accounts[name].groups, ", "), "Here": v.login != nil && v.login.account.name == name})
	}
	v.show("login", http.StatusOK, layout{Title: "Log in", Heading: "Log in"}, M{"Users": users, "Return": back})
}
