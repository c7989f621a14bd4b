package provenance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/provenance/audit"
)

// How much is read in one request. MediaWiki ends an answer at 8 MiB by itself
// ($wgAPIMaxResultSize); smaller batches keep memory low.
const (
	batchPages = 50
	batchBytes = 3 << 20
)

// revision is the text of a page as it is audited.
type revision struct {
	id      int64
	parent  int64
	user    string
	time    time.Time
	text    string
	hidden  bool // nobody may read it
	fixedBy string
}

// examine audits every page whose revision, or whose rules, are not those that
// were audited before, and keeps what it finds page by page.
func (p *pass) examine(ctx context.Context) error {
	if err := p.noteGone(); err != nil {
		return err
	}
	var changed []listed
	for _, id := range slices.Sorted(maps.Keys(p.listed)) {
		at := p.listed[id]
		row, known := p.known[id]
		switch {
		case !known || row.Rev != at.rev || row.Rules != p.rules || row.Model != at.model:
			changed = append(changed, at)
		case row.Title != at.title || row.Gone != "":
			if err := p.rename(at); err != nil {
				return err
			}
		}
	}
	done := 0
	for batch := range batches(changed) {
		if err := p.examineBatch(ctx, batch); err != nil {
			return err
		}
		done += len(batch)
		p.Progress("pages", done, len(changed))
	}
	return p.retire()
}

// batches cuts a list so that no request asks for too much text.
func batches(pages []listed) func(func([]listed) bool) {
	return func(yield func([]listed) bool) {
		for len(pages) > 0 {
			n, size := 0, 0
			for n < len(pages) && n < batchPages && (n == 0 || size+pages[n].length <= batchBytes) {
				size += pages[n].length
				n++
			}
			if !yield(pages[:n]) {
				return
			}
			pages = pages[n:]
		}
	}
}

func (p *pass) examineBatch(ctx context.Context, batch []listed) error {
	texts, err := p.readTexts(ctx, batch)
	if err != nil {
		return err
	}
	for _, at := range batch {
		rev, ok := texts[at.id]
		if !ok {
			continue // deleted since it was listed; the next pass says so
		}
		if err := p.examineOne(ctx, at, rev); err != nil {
			return fmt.Errorf("auditing %s: %w", at.title, err)
		}
	}
	return nil
}

// readTexts reads the current revisions of pages.
func (p *pass) readTexts(ctx context.Context, batch []listed) (map[int64]revision, error) {
	var ids []string
	for _, at := range batch {
		ids = append(ids, fmt.Sprint(at.id))
	}
	texts := map[int64]revision{}
	params := wiki.Params{"pageids": strings.Join(ids, "|"), "prop": "revisions", "rvslots": "main", "rvprop": "ids|timestamp|user|content|contentmodel"}
	for page, err := range p.Wiki.Walk(ctx, params) {
		if err != nil {
			return nil, fmt.Errorf("reading code: %w", err)
		}
		for row := range page.Rows("revisions") {
			texts[page.ID] = revisionOf(row)
			break
		}
	}
	return texts, nil
}

func revisionOf(row wiki.Row) revision {
	rev := revision{id: row.Int("revid"), parent: row.Int("parentid"), user: row.Text("user")}
	rev.time, _ = time.Parse(time.RFC3339, row.Text("timestamp")) // zero where the wiki gives none
	slots, _ := row["slots"].(map[string]any)
	main, _ := slots["main"].(map[string]any)
	text, ok := main["content"].(string)
	rev.text, rev.hidden = text, !ok
	return rev
}

// examineOne audits one text and stores the outcome with the events about it.
func (p *pass) examineOne(ctx context.Context, at listed, rev revision) error {
	row, known := p.known[at.id]
	if !known {
		var err error
		if row, err = p.adopt(at); err != nil {
			return err
		}
	}
	result := p.auditText(at, row.Name, rev)
	rev, err := p.whoFixed(ctx, at, row, rev, result)
	if err != nil {
		return err
	}
	var next pageRow
	err = p.Store.Update(func(tx storage.Tx) error {
		next, err = p.keep(tx, at, rev, result)
		return err
	})
	if err != nil {
		return fmt.Errorf("storing what was found: %w", err)
	}
	p.known[at.id] = next
	p.dirty[at.id] = true
	return nil
}

// adopt begins the memory of a page: with that of a deleted one of its title,
// where there is one. Whoever makes a page anew goes on with its code.
func (p *pass) adopt(at listed) (pageRow, error) {
	for id, row := range p.known {
		if row.Title != at.title || row.Gone != goneDeleted {
			continue
		}
		err := p.Store.Update(func(tx storage.Tx) error {
			rows, err := findingsOf(tx, id)
			for key, f := range rows {
				err = errors.Join(err, findingTable.Put(tx, f, pageKey(at.id), key), findingTable.Delete(tx, pageKey(id), key))
			}
			return errors.Join(err, pageTable.Put(tx, row, pageKey(at.id)), pageTable.Delete(tx, pageKey(id)))
		})
		if err != nil {
			return row, fmt.Errorf("going on with the memory of a deleted page: %w", err)
		}
		delete(p.known, id)
		p.known[at.id] = row
		return row, nil
	}
	return pageRow{Name: at.title}, nil
}

// auditText hands a text to the engine.
func (p *pass) auditText(at listed, name string, rev revision) audit.Result {
	language, _ := audit.LanguageOfModel(at.model)
	if rev.hidden {
		return audit.Result{Path: name, Analysis: audit.Skipped, Why: "its text is hidden"}
	}
	return p.audit(audit.Source{Path: name, Language: language, Text: []byte(rev.text)})
}

// keep merges a result into what is remembered of the page, within a
// transaction: a request may audit the page at the same time.
func (p *pass) keep(tx storage.Tx, at listed, rev revision, result audit.Result) (pageRow, error) {
	key := pageKey(at.id)
	row, known, err := pageTable.Get(tx, key)
	if err != nil {
		return row, err
	}
	old, err := findingsOf(tx, at.id)
	if err != nil {
		return row, err
	}
	if !known {
		row.Name = at.title
	}
	m := merge{pass: p, at: at, rev: rev, result: result, old: old, rows: maps.Clone(old), sameText: known && row.Rev == rev.id}
	m.all(row.Rules != p.rules)
	row = m.page(row, p.rules)
	for id, f := range m.rows {
		if was, ok := old[id]; !ok || !reflect.DeepEqual(was, f) {
			if err := findingTable.Put(tx, f, key, id); err != nil {
				return row, err
			}
		}
	}
	for id := range old {
		if _, ok := m.rows[id]; !ok {
			if err := findingTable.Delete(tx, key, id); err != nil {
				return row, err
			}
		}
	}
	events, err := p.newsFor(tx, at, rev, m.fresh)
	if err != nil {
		return row, err
	}
	return row, errors.Join(p.box.Add(tx, events...), pageTable.Put(tx, row, key))
}

// rename notes another title, or that a page is audited again, without reading it.
func (p *pass) rename(at listed) error {
	row := p.known[at.id]
	row = row.called(at)
	row.Gone = ""
	p.known[at.id] = row
	p.dirty[at.id] = true
	return p.putPage(at.id, row)
}

// called is the row under the page's title of today.
func (r pageRow) called(at listed) pageRow {
	if r.Title != "" && r.Title != at.title {
		r.Former = append(slices.DeleteFunc(slices.Clone(r.Former), func(t string) bool { return t == r.Title || t == at.title }), r.Title)
		r.Former = r.Former[max(0, len(r.Former)-maxFormer):]
	}
	r.Title, r.NS, r.Model = at.title, at.ns, at.model
	return r
}

// noteGone remembers which pages are no longer audited.
func (p *pass) noteGone() error {
	for _, id := range slices.Sorted(maps.Keys(p.gone)) {
		row := p.known[id]
		row.Gone = p.gone[id]
		if err := p.putPage(id, row); err != nil {
			return err
		}
		p.known[id] = row
		p.dirty[id] = true
	}
	return nil
}

// retire lets go of pages that were found by something that they no longer
// hold, once nothing is open on them: nobody has to ask for them any more.
func (p *pass) retire() error {
	for _, id := range slices.Sorted(maps.Keys(p.missed)) {
		row, known := p.known[id]
		if !known || row.Gone != "" {
			continue
		}
		open, err := p.openOn(id)
		if err != nil {
			return err
		}
		if open {
			continue
		}
		row.Gone = goneClean
		if err := p.putPage(id, row); err != nil {
			return err
		}
		p.known[id] = row
	}
	return nil
}

func (p *pass) openOn(id int64) (open bool, err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		rows, err := findingsOf(tx, id)
		for _, f := range rows {
			open = open || f.State != stateFixed
		}
		return err
	})
	return open, err
}

func (p *pass) putPage(id int64, row pageRow) error {
	err := p.Store.Update(func(tx storage.Tx) error { return pageTable.Put(tx, row, pageKey(id)) })
	if err != nil {
		return fmt.Errorf("storing what is known of %s: %w", row.Title, err)
	}
	return nil
}

// whoFixed finds out whose revision made findings disappear. The latest one is
// by whoever fixed them when nothing lies between it and the one audited last;
// else all revisions between must be by one user.
func (p *pass) whoFixed(ctx context.Context, at listed, row pageRow, rev revision, result audit.Result) (revision, error) {
	if row.Rev == 0 || row.Rev == rev.id || rev.parent == row.Rev {
		rev.fixedBy = rev.user
		return rev, nil
	}
	gone, err := p.wouldFix(at.id, rev, result)
	if err != nil || !gone {
		return rev, err
	}
	params := wiki.Params{"pageids": fmt.Sprint(at.id), "prop": "revisions", "rvprop": "ids|user", "rvlimit": "50",
		"rvstartid": fmt.Sprint(rev.id), "rvendid": fmt.Sprint(row.Rev)}
	users := map[string]bool{}
	for page, err := range p.Wiki.Walk(ctx, params) {
		var no *wiki.Error
		if errors.As(err, &no) && no.Advice != wiki.Stop {
			return rev, nil // the revision audited last is gone
		}
		if err != nil {
			return rev, fmt.Errorf("reading the history: %w", err)
		}
		for r := range page.Rows("revisions") {
			if r.Int("revid") != row.Rev {
				users[r.Text("user")] = true
			}
		}
	}
	if len(users) == 1 {
		rev.fixedBy = rev.user
	}
	return rev, nil
}

// wouldFix says whether a finding of the page is missing from the result.
func (p *pass) wouldFix(id int64, rev revision, result audit.Result) (gone bool, err error) {
	now := map[string]bool{}
	for _, f := range result.Findings {
		now[f.ID] = true
	}
	for _, f := range result.Ignored {
		now[f.ID] = true
	}
	err = p.Store.View(func(tx storage.Tx) error {
		rows, err := findingsOf(tx, id)
		for key, f := range rows {
			gone = gone || f.State != stateFixed && !now[key] && !stillThere(f, rev, result)
		}
		return err
	})
	return gone, err
}

// stillThere says whether a finding that is missing from a result may be there
// all the same: the text could not be read whole, and still has its code.
func stillThere(f findingRow, rev revision, result audit.Result) bool {
	switch result.Analysis {
	case audit.Skipped:
		return true
	case audit.Partial:
		code := strings.TrimSuffix(f.Code, "…") // as clip left it
		return code != "" && strings.Contains(rev.text, code)
	}
	return false
}
