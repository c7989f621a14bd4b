package copyvio

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"

	"github.com/antonholmquist/jason"
)

// cursorRow is how far a log was read. Entries can appear a little out of
// order, so the last minutes are read again and their ids remembered.
type cursorRow struct {
	Time int64   `json:"t"`
	Seen []int64 `json:"seen,omitempty"` // ids within overlap of Time
}

var cursorTable = storage.NewTable[cursorRow]("cursor", 1)

const overlap = 5 * time.Minute

// entry is one entry of a log about a file.
type entry struct {
	id      int64
	action  string
	title   string // "File:A b.jpg"; "" when hidden
	target  string // of a move to another file name
	user    string
	comment string
	sha1    string // of an upload, where the log knows it
	time    time.Time
}

// readUploads stores new uploads as images that are due to be hashed.
func (p *pass) readUploads(ctx context.Context) error {
	return p.readLog(ctx, "upload", func(entries []entry) error {
		if err := p.fillSHA1(ctx, entries); err != nil {
			return err
		}
		return storage.UpdateEach(p.Store, entries, p.uploaded)
	})
}

// readChanges follows files that were moved, deleted and restored.
func (p *pass) readChanges(ctx context.Context) error {
	if err := p.readLog(ctx, "move", func(e []entry) error { return storage.UpdateEach(p.Store, e, p.moved) }); err != nil {
		return err
	}
	return p.readLog(ctx, "delete", func(e []entry) error { return p.deleted(ctx, e) })
}

// readLog hands new entries of one log to apply, oldest first, and moves the
// cursor on. The first pass, and the first after a dry run, only set it.
func (p *pass) readLog(ctx context.Context, kind string, apply func([]entry) error) error {
	var cursor cursorRow
	err := p.Store.View(func(tx storage.Tx) (err error) {
		cursor, _, err = cursorTable.Get(tx, kind)
		return err
	})
	if err != nil {
		return err
	}
	next := cursorRow{Time: p.start.Unix()}
	if cursor.Time > 0 && !p.Fresh {
		var fresh []entry
		if fresh, next, err = p.logSince(ctx, kind, cursor); err != nil {
			return err
		}
		if err := apply(fresh); err != nil {
			return fmt.Errorf("applying the %s log: %w", kind, err)
		}
	}
	return p.Store.Update(func(tx storage.Tx) error { return cursorTable.Put(tx, next, kind) })
}

// logSince reads the entries that were not read before, and where the cursor
// is then: at the latest entry, by the wiki's clock.
func (p *pass) logSince(ctx context.Context, kind string, cursor cursorRow) (fresh []entry, next cursorRow, err error) {
	params := wiki.Params{"letype": kind, "lenamespace": "6", "ledir": "newer", "lelimit": "max",
		"leprop":  "ids|title|type|user|timestamp|comment|details",
		"lestart": time.Unix(cursor.Time, 0).Add(-overlap).UTC().Format(time.RFC3339)}
	next.Time = cursor.Time
	var latest []entry
	for row, err := range p.Wiki.Rows(ctx, "logevents", params) {
		if err != nil {
			return nil, next, fmt.Errorf("reading the %s log: %w", kind, err)
		}
		e := p.readEntry(row)
		next.Time = max(next.Time, e.time.Unix())
		latest = append(latest, e)
		if e.title != "" && !slices.Contains(cursor.Seen, e.id) {
			fresh = append(fresh, e)
		}
	}
	for _, e := range latest {
		if e.time.Unix() >= next.Time-int64(overlap/time.Second) {
			next.Seen = append(next.Seen, e.id)
		}
	}
	return fresh, next, nil
}

// readEntry reads a row of list=logevents. Hidden titles and users are empty.
func (p *pass) readEntry(row *jason.Object) entry {
	var e entry
	e.id, _ = row.GetInt64("logid")
	e.action, _ = row.GetString("action")
	e.user, _ = row.GetString("user")
	e.comment, _ = row.GetString("comment")
	if title, err := row.GetString("title"); err == nil {
		e.title, _ = p.fileTitle(title)
	}
	if target, err := row.GetString("params", "target_title"); err == nil {
		e.target, _ = p.fileTitle(target)
	}
	if sum, err := row.GetString("params", "img_sha1"); err == nil {
		e.sha1 = hexSHA1(sum)
	}
	stamp, _ := row.GetString("timestamp")
	e.time, _ = time.Parse(time.RFC3339, stamp)
	return e
}

// fileTitle is a title of a file as it is stored: "File:" and the name with spaces.
func (p *pass) fileTitle(written string) (string, bool) {
	t, err := p.Wiki.Title(written)
	if err != nil || t.NS != nsFile || t.Name == "" {
		return "", false
	}
	return "File:" + t.Name, true
}

const nsFile = 6

// hexSHA1 is a SHA-1 in base 36, as MediaWiki stores it, in hexadecimal digits;
// "" when it is none.
func hexSHA1(base36 string) string {
	n, ok := new(big.Int).SetString(base36, 36)
	if !ok || n.Sign() < 0 || n.BitLen() > 160 {
		return ""
	}
	digits := n.Text(16)
	return strings.Repeat("0", 40-len(digits)) + digits
}

// fillSHA1 asks for the SHA-1 of files whose log entry does not know it: that
// of the current version, if it is by the same user.
func (p *pass) fillSHA1(ctx context.Context, entries []entry) error {
	var titles []string
	for _, e := range entries {
		if e.sha1 == "" {
			titles = append(titles, e.title)
		}
	}
	if len(titles) == 0 {
		return nil
	}
	found, err := p.lookUp(ctx, titles, 0)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if f := found[e.title]; e.sha1 == "" && casebook.SameUser(f.user, e.user) {
			entries[i].sha1 = f.sha1
		}
	}
	return nil
}
