package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Farm is several wikis of which one, the repository, shares its files with
// the others. Uses on the clients become GlobalUsage rows of the repository.
type Farm struct {
	Repo    *Wiki
	Clients []*Wiki
}

// NewFarm makes a repository and its clients. They share one lock and no
// accounts: give each the users it needs.
func NewFarm(repo Options, clients ...Options) *Farm {
	f := &Farm{}
	mu := new(sync.Mutex)
	repo.GlobalUsage = true
	f.Repo = newWiki(repo, mu)
	f.Repo.farm = f
	for _, o := range clients {
		o.GlobalUsage = true
		if o.Clock == nil {
			o.Clock = repo.Clock
		}
		c := newWiki(o, mu)
		c.farm = f
		f.Clients = append(f.Clients, c)
	}
	return f
}

// WithoutGlobalUsage takes the extension away from all wikis of the farm.
func (f *Farm) WithoutGlobalUsage() {
	f.Repo.mu.Lock()
	defer f.Repo.mu.Unlock()
	for _, w := range f.all() {
		w.opts.GlobalUsage = false
	}
}

func (f *Farm) all() []*Wiki { return append([]*Wiki{f.Repo}, f.Clients...) }

// Wiki finds a wiki of the farm by its database name, nil where there is none.
func (f *Farm) Wiki(name string) *Wiki {
	for _, w := range f.all() {
		if w.opts.Name == name {
			return w
		}
	}
	return nil
}

// use is a row of globalimagelinks.
type use struct {
	file   string // database key
	wiki   string // database name
	page   int64
	ns     int
	nsText string
	title  string // database key without the namespace
}

// place is where a wiki that uses files is found: WikiMap's view of it.
type place struct{ host, base string }

// globalUsage is the central table, in the order of its primary key, and the
// wikis it can name.
type globalUsage struct {
	uses   map[string][]use // by file, sorted by (wiki, page)
	places map[string]place
}

func newGlobalUsage() *globalUsage {
	return &globalUsage{uses: map[string][]use{}, places: map[string]place{}}
}

func lessUse(a, b use) int {
	if c := strings.Compare(a.wiki, b.wiki); c != 0 {
		return c
	}
	return int(a.page - b.page)
}

func (g *globalUsage) add(u use) {
	list := g.uses[u.file]
	if i, found := slices.BinarySearchFunc(list, u, lessUse); found {
		list[i] = u
	} else {
		g.uses[u.file] = slices.Insert(list, i, u)
	}
}

func (g *globalUsage) removePage(wiki string, id int64, keep map[string]bool) {
	for file, list := range g.uses {
		if keep[file] {
			continue
		}
		list = slices.DeleteFunc(list, func(u use) bool { return u.wiki == wiki && u.page == id })
		if len(list) == 0 {
			delete(g.uses, file)
		} else {
			g.uses[file] = list
		}
	}
}

// AddGlobalUse inserts a row into this wiki's GlobalUsage table, for uses on
// wikis that exist only in a test. namespace is the remote wiki's own name for
// it, title the page without it; both get underscores.
func (w *Wiki) AddGlobalUse(file, wiki string, pageID int64, ns int, namespace, page string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	under := func(s string) string { return strings.ReplaceAll(s, " ", "_") }
	t := must(w.parseTitle(file, nsFile))
	w.global.add(use{t.key, wiki, pageID, ns, under(namespace), under(page)})
}

// RemoveGlobalUse deletes a row.
func (w *Wiki) RemoveGlobalUse(file, wiki string, pageID int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := must(w.parseTitle(file, nsFile))
	w.global.uses[t.key] = slices.DeleteFunc(w.global.uses[t.key], func(u use) bool { return u.wiki == wiki && u.page == pageID })
}

// KnowWiki tells GlobalUsage the address of a wiki: pages are at base + title,
// such as "https://de.wikivoyage.org/index.php/". A wiki that is not known
// shows its database name and no address.
func (w *Wiki) KnowWiki(name, base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := url.Parse(base)
	if err != nil {
		panic("sandbox: KnowWiki: " + err.Error())
	}
	w.global.places[name] = place{u.Hostname(), base}
}

// placeOf is where a wiki is, as GlobalUsage shows it.
func (w *Wiki) placeOf(name string) place {
	if p, ok := w.global.places[name]; ok {
		return p
	}
	if w.farm != nil {
		if other := w.farm.Wiki(name); other != nil {
			u, err := url.Parse(other.opts.Server)
			if err == nil {
				return place{u.Hostname(), other.opts.Server + "/wiki/"}
			}
		}
	}
	return place{name, ""}
}

// shareUses renews the rows of one page of a client.
func (w *Wiki) shareUses(p *page) {
	if w.farm == nil || w == w.farm.Repo {
		return
	}
	g := w.farm.Repo.global
	keep := map[string]bool{}
	for name := range p.links.files {
		if w.files[name] == nil { // a file of the same name here hides the shared one
			keep[name] = true
			g.add(use{name, w.opts.Name, p.id, p.title.ns, strings.ReplaceAll(w.namespaces.name(p.title.ns), " ", "_"), p.title.key})
		}
	}
	g.removePage(w.opts.Name, p.id, keep)
}

// findFile is the file behind a name, from here or from the repository, and
// through a redirect.
func (w *Wiki) findFile(key string) (f *file, shared bool) {
	if f := w.redirectedFile(key); f != nil {
		return f, false
	}
	if w.farm != nil && w != w.farm.Repo {
		if f := w.farm.Repo.redirectedFile(key); f != nil {
			return f, true
		}
	}
	return nil, false
}

func (w *Wiki) redirectedFile(key string) *file {
	if f := w.files[key]; f != nil {
		return f
	}
	p := w.pageOf(title{nsFile, key})
	if p == nil {
		return nil
	}
	if to, ok := w.redirectTarget(p.text(), p.latest().Model); ok && to.ns == nsFile && to.interwiki == "" {
		return w.files[to.key]
	}
	return nil
}

// Handler serves all wikis of a farm by the port or name in the Host header
// that their Server addresses have.
func (f *Farm) Handler() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for _, w := range f.all() {
			if u, err := url.Parse(w.Server()); err == nil && u.Host == r.Host {
				w.ServeHTTP(rw, r)
				return
			}
		}
		f.Repo.ServeHTTP(rw, r)
	})
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }
