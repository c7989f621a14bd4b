package sandbox

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"math/big"
	"sort"
	"time"
)

// Revision is one saved version of a page.
type Revision struct {
	ID, Parent int64
	Title      string // the page's title now, with namespace and spaces
	User       string
	UserID     int64 // 0 for an IP address
	Time       time.Time
	Comment    string
	Text       string
	Model      string // wikitext, json, css, javascript
	Minor, Bot bool
	Tags       []string
	Hidden     Parts // what of it is hidden (revision deletion)

	page     *page
	reverted []*Revision // what it reverts and is not tagged yet, while it waits for a patroller
}

func (r *Revision) size() int    { return len(r.Text) }
func (r *Revision) sha1() string { return hexSHA1([]byte(r.Text)) }

func hexSHA1(b []byte) string {
	sum := sha1.Sum(b)
	return hex.EncodeToString(sum[:])
}

// base36SHA1 is the form in which MediaWiki stores and logs hashes: base 36,
// padded to 31 digits.
func base36SHA1(b []byte) string {
	sum := sha1.Sum(b)
	s := new(big.Int).SetBytes(sum[:]).Text(36)
	for len(s) < 31 {
		s = "0" + s
	}
	return s
}

// page is a row of the page table with its revisions, oldest first.
type page struct {
	id         int64
	title      title
	revs       []*Revision
	touched    time.Time
	links      links
	protection map[string]Protection
}

func (p *page) latest() *Revision { return p.revs[len(p.revs)-1] }
func (p *page) text() string      { return p.latest().Text }
func (p *page) isNew() bool       { return len(p.revs) == 1 }

func hexMD5(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// logEntry is a row of the logging table.
type logEntry struct {
	id      int64
	kind    string // "upload", "move", "delete", "block", "protect", "rights", "newusers"
	action  string
	title   title
	page    int64 // log_page, which survives moves
	rev     int64 // the revision that came with it, 0 for none
	user    string
	userID  int64
	time    time.Time
	comment string
	params  M
	tags    []string
	hidden  Parts
}

// change is a row of recentchanges.
type change struct {
	id     int64
	kind   string // "edit", "new", "log"
	title  title
	page   int64
	rev    *Revision
	old    int64
	oldLen int
	log    *logEntry
	time   time.Time
	user   string
	userID int64
	bot    bool
	minor  bool

	patrol patrolState
}

// pageOf finds the page of a title, nil where there is none.
func (w *Wiki) pageOf(t title) *page { return w.titles[t] }

// sortedPages are the pages in the order of their titles, one namespace after
// the other, as the name_title index gives them.
func sortedPages(pages []*page) []*page {
	sort.Slice(pages, func(i, j int) bool { return lessTitle(pages[i].title, pages[j].title) })
	return pages
}

func lessTitle(a, b title) bool {
	if a.ns != b.ns {
		return a.ns < b.ns
	}
	return a.key < b.key
}

// addLog records an action, in recent changes too unless MediaWiki keeps that
// kind out of them.
func (w *Wiki) addLog(e *logEntry, bot bool) *logEntry {
	w.lastLog++
	e.id, e.time = w.lastLog, w.now()
	if e.tags == nil {
		e.tags = []string{}
	}
	w.logs = append(w.logs, e)
	if e.kind == "newusers" || e.kind == "patrol" || e.kind == "suppress" {
		return e
	}
	w.lastRC++
	w.changes = append(w.changes, &change{id: w.lastRC, kind: "log", title: e.title, page: e.page, log: e,
		time: e.time, user: e.user, userID: e.userID, bot: bot, patrol: autopatrolled})
	return e
}
