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
// Errors are those of gate.Gate.Edit, those of the part's own functions, *Moved,
// and pages that cannot hold the part.
func (p *Pages) Publish(ctx context.Context, part Part) (changed bool, err error) {
	receipt, err := p.Put(ctx, part)
	return !receipt.NoChange && !receipt.Dry, err
}

// Put is Publish for who needs to know which revision it made. With an error
// the receipt has NoChange, unless only the memory of the edit failed.
func (p *Pages) Put(ctx context.Context, part Part) (gate.Receipt, error) {
	title := p.title(part)
	none := gate.Receipt{NoChange: true}
	last, err := p.last(title)
	if err != nil {
		return none, err
	}
	var hash string
	next := last
	build := func(t wiki.Text) (gate.Edit, bool, error) {
		drawn, err := part.drawn(ctx, t)
		if err != nil {
			return gate.Edit{}, false, err
		}
		var needed bool
		hash = drawn.hash()
		next, needed, err = p.weigh(ctx, drawn, t, last, hash)
		e := gate.Edit{Text: drawn.Text, Summary: part.Summary, Minor: !t.Missing}
		if needed && !part.Whole {
			e.Text = part.marks().put(t.Content, drawn.Text)
		}
		return e, needed, err
	}
	receipt, err := p.c.Gate.Rewrite(ctx, title, part.Task, build)
	if err != nil {
		return none, fmt.Errorf("publishing %s: %w", title, err)
	}
	if !receipt.NoChange {
		next = writtenRow{Hash: hash, RevID: receipt.RevID}
	}
	return receipt, p.keep(title, last, next)
}

// drawnPart is a part with its text for one state of its page.
type drawnPart struct {
	Part
	news string
}

// drawn makes the text of a part for its page as it stands.
func (part Part) drawn(ctx context.Context, t wiki.Text) (drawnPart, error) {
	switch {
	case t.RedirectTo != "":
		return drawnPart{}, &Moved{To: t.RedirectTo}
	case !t.Missing && !part.Whole && t.Model != "wikitext":
		return drawnPart{}, fmt.Errorf("the page's content model is %s, not wikitext", t.Model)
	}
	d := drawnPart{Part: part}
	if part.Draw != nil {
		drawn, err := part.Draw(ctx, t)
		if err != nil {
			return d, err
		}
		d.Text, d.news = drawn.Text, drawn.News
	}
	if part.json() {
		text, err := pretty(d.Text)
		if err != nil {
			return d, fmt.Errorf("its text is no JSON: %w", err)
		}
		d.Text = text
	}
	return d, nil
}

// hash of what a part has to say.
func (d drawnPart) hash() string {
	if d.news != "" {
		return d.Part.hash(d.news)
	}
	return d.Part.hash(d.Text)
}

// weigh decides whether a page is to be written, and what to remember when not.
func (p *Pages) weigh(ctx context.Context, part drawnPart, t wiki.Text, last writtenRow, hash string) (writtenRow, bool, error) {
	if shows(part.Part, t) {
		return writtenRow{Hash: hash, RevID: t.RevID}, false, nil
	}
	if last.Hash == "" && !t.Missing {
		var err error
		if last, err = p.earlier(ctx, part.Part, t.Title); err != nil {
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
	if part.Restore != nil {
		if back, err := part.Restore(ctx, t); back || err != nil {
			return last, back && err == nil, err
		}
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
