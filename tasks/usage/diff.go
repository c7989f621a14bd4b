package usage

import (
	"slices"
	"time"

	"filewarden/bot/wiki"
)

// use is one page that shows a file, as the wiki answered.
type use struct {
	Wiki  wiki.Place // zero: home
	Page  int64
	NS    int
	Title string // with the namespace's name on its own wiki, and spaces
}

// useKey tells uses of one file apart. Titles do not: pages are moved.
type useKey struct {
	wiki string
	page int64
}

func (u use) key() useKey { return useKey{u.Wiki.Key, u.Page} }

// difference is what comparing a file's memory with an answer gives.
type difference struct {
	next    fileRow
	added   []use // never seen before, and no baseline
	removed []use
	changed bool // next is to be stored
}

// compare a file's memory with all its uses as found now. Wikis for which
// unknown says true did not answer: their uses stay as they were. On wikis for
// which base says true what was not seen before is a baseline and no news.
func compare(row fileRow, found []use, unknown, base func(wikiKey string) bool, now time.Time) difference {
	d := difference{next: row}
	d.next.Uses, d.next.Past = nil, slices.Clone(row.Past)
	d.next.Wikis = slices.Clone(row.Wikis)
	before := make(map[useKey]useRow, len(row.Uses))
	for _, u := range row.Uses {
		before[useKey{row.Wikis[u.Wiki], u.Page}] = u
	}
	present := make(map[useKey]bool, len(found))
	for _, u := range found {
		if present[u.key()] {
			continue // the page stands under two names of a moved file
		}
		present[u.key()] = true
		d.keep(u, before, now, base(u.Wiki.Key))
	}
	for _, u := range row.Uses {
		d.lose(u, row.Wikis[u.Wiki], present, unknown)
	}
	d.next.tidy()
	return d
}

// keep puts a use that is there now into the next memory.
func (d *difference) keep(u use, before map[useKey]useRow, now time.Time, base bool) {
	at := d.next.wiki(u.Wiki.Key)
	if old, ok := before[u.key()]; ok {
		if old.Title != u.Title || old.NS != u.NS { // the page was moved
			old.Title, old.NS, d.changed = u.Title, u.NS, true
		}
		d.next.Uses = append(d.next.Uses, old)
		return
	}
	d.changed = true
	row := useRow{Wiki: at, Page: u.Page, NS: u.NS, Title: u.Title, Day: dayOf(now), Base: base}
	if i := slices.IndexFunc(d.next.Past, func(p pastRow) bool { return p.Wiki == at && p.Page == u.Page }); i >= 0 {
		row.Day, row.Base = d.next.Past[i].Day, d.next.Past[i].Base
		d.next.Past = slices.Delete(d.next.Past, i, i+1)
	} else {
		if !base {
			d.added = append(d.added, u)
		}
		if d.next.First == 0 {
			d.next.First = now.Unix()
		}
	}
	d.next.Uses = append(d.next.Uses, row)
}

// lose moves a use that is no longer there to the past.
func (d *difference) lose(u useRow, key string, present map[useKey]bool, unknown func(string) bool) {
	if present[useKey{key, u.Page}] {
		return
	}
	if unknown(key) {
		d.next.Uses = append(d.next.Uses, u)
		return
	}
	d.changed = true
	d.next.Past = append(d.next.Past, pastRow{Wiki: u.Wiki, Page: u.Page, Day: u.Day, Base: u.Base})
	d.removed = append(d.removed, use{Wiki: placeOf(key), Page: u.Page, NS: u.NS, Title: u.Title})
}

// tidy forgets the oldest of very many past uses.
func (r *fileRow) tidy() {
	if over := len(r.Past) - maxPast; over > 0 {
		r.Past = slices.Delete(r.Past, 0, over)
	}
}
