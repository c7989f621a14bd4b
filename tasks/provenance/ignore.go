package provenance

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"filewarden/storage"
)

// titled brings the titles of entries to the form in which the wiki has them.
func (p *pass) titled(entries []Ignore) []Ignore {
	entries = slices.Clone(entries)
	for i, e := range entries {
		bare, all := strings.CutSuffix(e.Page, "/")
		if t, err := p.Wiki.Title(bare); err == nil && bare != "" {
			entries[i].Page = t.Full
			if all {
				entries[i].Page += "/"
			}
		}
	}
	return entries
}

// weigh looks at every finding that stands with the config of today: an entry
// may be new, gone, or past its last day. No page is read for that.
func (p *pass) weigh(context.Context) error {
	type verdict struct {
		page int64
		id   string
		row  findingRow
	}
	var changed []verdict
	err := p.Store.View(func(tx storage.Tx) error {
		for row, err := range findingTable.Scan(tx) {
			if err != nil {
				return err
			}
			page := idOf(row.Key[0])
			if now, ok := p.reweigh(page, row.Value); ok {
				changed = append(changed, verdict{page, row.Key[1], now})
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading findings: %w", err)
	}
	for _, v := range changed {
		p.dirty[v.page] = true
	}
	return storage.UpdateEach(p.Store, changed, func(tx storage.Tx, v verdict) error {
		return findingTable.Put(tx, v.row, pageKey(v.page), v.id)
	})
}

// reweigh judges one finding anew.
func (p *pass) reweigh(page int64, was findingRow) (findingRow, bool) {
	if was.State == stateFixed {
		return was, false
	}
	by, reason := "", ""
	if was.By == byMark {
		by, reason = byMark, was.Reason
	}
	now := was
	now.History = slices.Clone(was.History)
	now = p.judged(now, p.known[page].Title, by, reason)
	return now, !reflect.DeepEqual(was, now)
}
