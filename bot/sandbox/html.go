package sandbox

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

//go:embed html/*.html
var htmlFiles embed.FS

// views are the pages a person sees, each with the common layout around it.
type views map[string]*template.Template

func newViews() views {
	v := views{}
	for _, name := range []string{"view", "edit", "lists", "diff", "login"} {
		v[name] = template.Must(template.ParseFS(htmlFiles, "html/layout.html", "html/"+name+".html"))
	}
	return v
}

// visit is one request of a person's browser.
type visit struct {
	*call
	title title
	page  *page
}

// layout is what the layout needs; each view adds its own fields.
type layout struct {
	Language, Site, Server   string
	Title, Heading           string
	Sub, Error, Notice       string
	User, UserPage, TalkPage string
	NewTalk                  bool
	Unread                   int
	Tabs                     []tab
	Others                   []tab
}

type tab struct {
	Name, URL     string
	Here, Missing bool
}

// serveIndex shows pages: /wiki/Title, and /index.php with its parameters.
func (w *Wiki) serveIndex(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.newCall(rw, r)
	if err != nil {
		http.Error(rw, "The request could not be read.", http.StatusBadRequest)
		return
	}
	if c.sess.id == "" {
		c.keepSession("_session")
	}
	v := &visit{call: c}
	if r.Method == http.MethodPost && c.body.Get("wpEditToken") != v.formToken() {
		http.Error(rw, "This form is too old. Go back, reload the page and try again.", http.StatusForbidden)
		return
	}
	v.dispatch(v.wanted())
}

// formToken ties forms to the browser's session, logged in or not.
func (v *visit) formToken() string {
	return v.w.mac(v.sess.id, "form")
}

// wanted is the title that the address names.
func (v *visit) wanted() string {
	if name, ok := strings.CutPrefix(v.r.URL.Path, "/wiki/"); ok {
		return name
	}
	if id := atoi64(v.values.Get("curid")); v.w.pages[id] != nil {
		return v.w.name(v.w.pages[id].title)
	}
	for _, key := range []string{"oldid", "diff"} {
		if rev := v.w.revisions[atoi64(v.values.Get(key))]; rev != nil && v.values.Get("title") == "" {
			return rev.Title
		}
	}
	if name := v.values.Get("title"); name != "" {
		return name
	}
	return "Main Page"
}

func (v *visit) dispatch(name string) {
	l, err := v.w.parseLink(name, 0)
	if err != nil || l.interwiki != "" {
		reason := "It leads to another wiki."
		if err != nil {
			reason = err.Error()
		}
		v.show("view", http.StatusBadRequest, layout{Title: "Bad title", Heading: "Bad title", Error: reason}, M{})
		return
	}
	v.title, v.page = l.title, v.w.pageOf(l.title)
	if v.title.ns == nsSpecial {
		v.special()
		return
	}
	if v.values.Get("markasread") != "" {
		v.markRead(v.values.Get("markasread"))
	}
	switch v.values.Get("action") {
	case "edit", "submit":
		v.edit()
	case "history":
		v.history()
	case "raw":
		v.raw()
	default:
		if v.values.Get("diff") != "" {
			v.diff()
		} else {
			v.view()
		}
	}
}

func (v *visit) markRead(id string) {
	for _, n := range v.mine([]string{"alert", "message"}) {
		if idText(n.ID) == id {
			n.Read = true
		}
	}
}

// show writes a view. No other site may frame it, and nothing in it may run.
func (v *visit) show(view string, status int, l layout, data M) {
	w := v.w
	l.Language, l.Site, l.Server = w.opts.Language, w.opts.SiteName, w.opts.Server
	if v.login != nil {
		name := v.login.account.name
		own := title{nsUser, strings.ReplaceAll(name, " ", "_")}
		l.User, l.UserPage, l.TalkPage = name, w.path(own), w.path(own.talk())
		l.NewTalk = v.login.account.newTalk
		l.Unread = v.counts(v.mine([]string{"alert", "message"}))["rawcount"].(int)
	}
	if w.farm != nil {
		for _, other := range w.farm.all() {
			if other != w {
				l.Others = append(l.Others, tab{Name: other.opts.SiteName, URL: other.opts.Server})
			}
		}
	}
	h := v.rw.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	images := "'self'"
	if w.farm != nil {
		images += " " + w.farm.Repo.opts.Server
	}
	h.Set("Content-Security-Policy", "default-src 'none'; img-src "+images+"; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	v.rw.WriteHeader(status)
	fields := M{"Language": l.Language, "Site": l.Site, "Server": l.Server, "Title": l.Title, "Heading": l.Heading, "Sub": l.Sub, "Error": l.Error,
		"Notice": l.Notice, "User": l.User, "UserPage": l.UserPage, "TalkPage": l.TalkPage, "NewTalk": l.NewTalk, "Unread": l.Unread, "Tabs": l.Tabs, "Others": l.Others, "Token": v.formToken()}
	for k, value := range data {
		fields[k] = value
	}
	if w.views == nil {
		w.views = newViews()
	}
	_ = w.views[view].ExecuteTemplate(v.rw, "layout", fields) // the browser went away
}

// tabs are the ways to look at a page and its talk page.
func (v *visit) tabs(here string) []tab {
	w, t := v.w, v.title
	subject, talk := t.subject(), t.talk()
	link := func(t title, query string) string {
		return "/index.php?title=" + wikiEncode(w.dbName(t)) + "&" + query
	}
	out := []tab{
		{Name: pageTab(subject.ns), URL: w.path(subject), Here: here == "view" && !t.isTalk(), Missing: w.pageOf(subject) == nil && !w.isKnown(subject)},
		{Name: "Discussion", URL: w.path(talk), Here: here == "view" && t.isTalk(), Missing: w.pageOf(talk) == nil},
	}
	edit := "Edit"
	if v.page == nil {
		edit = "Create"
	}
	out = append(out, tab{Name: edit, URL: link(t, "action=edit"), Here: here == "edit"})
	if t.isTalk() {
		out = append(out, tab{Name: "Add topic", URL: link(t, "action=edit&section=new")})
	}
	if v.page != nil {
		out = append(out, tab{Name: "History", URL: link(t, "action=history"), Here: here == "history"})
	}
	return out
}

func pageTab(ns int) string {
	switch ns {
	case nsUser:
		return "User page"
	case nsFile:
		return "File"
	case nsTemplate:
		return "Template"
	case nsCategory:
		return "Category"
	}
	return "Page"
}

func (v *visit) redirect(path string) { http.Redirect(v.rw, v.r, path, http.StatusFound) }

// raw is action=raw: the page's source.
func (v *visit) raw() {
	if v.page == nil {
		http.NotFound(v.rw, v.r)
		return
	}
	v.rw.Header().Set("Content-Type", "text/x-wiki; charset=utf-8")
	v.rw.Header().Set("X-Content-Type-Options", "nosniff")
	v.rw.Header().Set("Content-Length", strconv.Itoa(len(v.page.text())))
	_, _ = v.rw.Write([]byte(v.page.text())) // the browser went away
}

func contribsPath(user string) string {
	return "/wiki/Special:Contributions/" + wikiEncode(user)
}

func (w *Wiki) userPath(user string) string {
	if isIP(user) {
		return contribsPath(user)
	}
	return w.path(title{nsUser, strings.ReplaceAll(user, " ", "_")})
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/index.php?" + q.Encode()
}
