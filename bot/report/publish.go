package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// writtenRow is what the bot last wrote on a page.
type writtenRow struct {
	Hash  string    `json:"hash"`
	RevID int64     `json:"rev,omitempty"` // 0: a dry run did not
	Held  bool      `json:"held,omitempty"`
	By    string    `json:"by,omitempty"` // of Held, with its revision and time
	Other int64     `json:"other,omitempty"`
	Since time.Time `json:"since,omitzero"`
}

var writtenTable = storage.NewTable[writtenRow]("written", 1)

// Publish makes the bot's part read so: nothing is written when it does already, and
// what people reverted is not repeated until there is something new to say.
// Errors are those of gate.Gate.Edit, and pages that cannot hold the part.
func (p *Pages) Publish(ctx context.Context, part Part) (changed bool, err error) {
	title := p.title(part)
	if part.json() {
		if part.Text, err = pretty(part.Text); err != nil {
			return false, fmt.Errorf("publishing %s: its text is no JSON: %w", title, err)
		}
	}
	last, err := p.last(title)
	if err != nil {
		return false, err
	}
	hash, next := part.hash(part.Text), last
	build := func(t wiki.Text) (gate.Edit, bool, error) {
		var needed bool
		next, needed, err = p.weigh(ctx, part, t, last, hash)
		e := gate.Edit{Text: part.Text, Summary: part.Summary, Minor: !t.Missing}
		if needed && !part.Whole {
			e.Text = part.marks().put(t.Content, part.Text)
		}
		return e, needed, err
	}
	receipt, err := p.c.Gate.Rewrite(ctx, title, part.Task, build)
	if err != nil {
		return false, fmt.Errorf("publishing %s: %w", title, err)
	}
	changed = !receipt.NoChange
	if changed {
		next = writtenRow{Hash: hash, RevID: receipt.RevID}
	}
	return changed && !receipt.Dry, p.keep(title, last, next)
}

// weigh decides whether a page is to be written, and what to remember when not.
func (p *Pages) weigh(ctx context.Context, part Part, t wiki.Text, last writtenRow, hash string) (writtenRow, bool, error) {
	if t.RedirectTo != "" {
		return last, false, fmt.Errorf("the page was moved to %s and redirects there: move it back, or blank the redirect", t.RedirectTo)
	}
	if !t.Missing && !part.Whole && t.Model != "wikitext" {
		return last, false, fmt.Errorf("the page's content model is %s, not wikitext", t.Model)
	}
	if shows(part, t) {
		return writtenRow{Hash: hash, RevID: t.RevID}, false, nil
	}
	if last.Hash == "" && !t.Missing {
		var err error
		if last, err = p.earlier(ctx, part, t.Title); err != nil {
			return last, false, err
		}
	}
	// Ours as saved: a dry run wrote nothing, or the wiki expanded something in it.
	same := last.RevID == 0 || last.RevID == t.RevID
	switch {
	case last.Hash != hash:
		return last, true, nil
	case same || last.Held:
		return last, false, nil
	}
	return writtenRow{Hash: hash, RevID: last.RevID, Held: true, By: t.User, Other: t.RevID, Since: p.c.Now()}, false, nil
}

// shows says whether a page already reads as the part wants it.
func shows(part Part, t wiki.Text) bool {
	if t.Missing {
		return false
	}
	if part.json() {
		return sameJSON(t.Content, part.Text)
	}
	if part.Whole {
		return strings.TrimSpace(t.Content) == strings.TrimSpace(part.Text)
	}
	m := part.marks()
	now, ok := m.find(t.Content)
	want, _ := m.find(m.block(part.Text))
	return ok && now == want && strings.Count(t.Content, m.begin) == 1 && strings.Count(t.Content, m.end) == 1
}

// hash of a part's text; of JSON, of its values.
func (part Part) hash(text string) string {
	var value any
	if part.json() && json.Unmarshal([]byte(text), &value) == nil {
		if raw, err := json.Marshal(value); err == nil {
			text = string(raw)
		}
	}
	sum := sha256.Sum256([]byte(strings.TrimSpace(text)))
	return hex.EncodeToString(sum[:])
}

// earlier finds in the page's history what the bot last wrote there, for a
// store that does not know it: a new one, or one from an old backup.
func (p *Pages) earlier(ctx context.Context, part Part, title string) (writtenRow, error) {
	h, err := history(ctx, p.c.Wiki, wiki.Params{"titles": title, "rvlimit": "1", "rvuser": p.c.Wiki.Account().Name})
	if err != nil || len(h.revs) == 0 {
		return writtenRow{}, err
	}
	text, ok := h.revs[0].Text, true
	if !part.Whole {
		text, ok = part.marks().find(text)
	}
	if !ok {
		return writtenRow{}, nil
	}
	return writtenRow{Hash: part.hash(text), RevID: h.revs[0].ID}, nil
}

// pretty is JSON as MediaWiki keeps it: one value a line, indented by tabs.
func pretty(text string) (string, error) {
	var b bytes.Buffer
	err := json.Indent(&b, []byte(strings.TrimSpace(text)), "", "\t")
	return b.String(), err
}

// sameJSON compares values: on saving, MediaWiki writes numbers and some
// characters its own way.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

func (p *Pages) last(title string) (row writtenRow, err error) {
	err = p.c.Store.View(func(tx storage.Tx) error {
		row, _, err = writtenTable.Get(tx, title)
		return err
	})
	if err != nil {
		err = fmt.Errorf("remembering what was written on %s: %w", title, err)
	}
	return row, err
}

func (p *Pages) keep(title string, last, next writtenRow) error {
	if last == next {
		return nil
	}
	err := p.c.Store.Update(func(tx storage.Tx) error { return writtenTable.Put(tx, next, title) })
	if err != nil {
		return fmt.Errorf("recording what was written on %s: %w", title, err)
	}
	return nil
}

// Held lists the pages that are left as people made them.
func (p *Pages) Held() ([]Held, error) {
	var held []Held
	err := p.c.Store.View(func(tx storage.Tx) error {
		for row, err := range writtenTable.Scan(tx) {
			if err != nil {
				return err
			}
			if w := row.Value; w.Held {
				held = append(held, Held{Title: row.Key[0], By: w.By, RevID: w.Other, Since: w.Since})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing the pages that people took over: %w", err)
	}
	return held, nil
}
