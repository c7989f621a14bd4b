package usage

import (
	"context"
	"fmt"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/antonholmquist/jason"
)

// cursorRow is how far a log was read.
type cursorRow = wiki.LogCursor

// entry is one entry of a log, of a file.
type entry struct {
	id      int64
	kind    string // upload, move, delete
	action  string
	file    string // its title at that time
	target  string // of a move to another file name
	logPage int64  // page id, which survives moves; 0 for deleted pages
	user    string
	comment string
	time    time.Time
}

// readChanges applies what happened to files since the last pass: uploads first,
// because a file may be uploaded and moved between two passes.
func (p *pass) readChanges(ctx context.Context) error {
	if err := p.readLog(ctx, "upload", p.uploaded); err != nil {
		return err
	}
	return p.readLog(ctx, "move", p.moved)
}

// readDeletions applies deletions, when it is known who follows the files.
func (p *pass) readDeletions(ctx context.Context) error {
	return p.readLog(ctx, "delete", p.deleted)
}

// readLog hands new entries of one log to apply, oldest first, and moves the
// cursor on. The first pass only sets the cursor.
func (p *pass) readLog(ctx context.Context, kind string, apply func(context.Context, []entry) error) error {
	var cursor cursorRow
	err := p.Store.View(func(tx storage.Tx) (err error) {
		cursor, _, err = cursorTable.Get(tx, kind)
		return err
	})
	if err != nil {
		return err
	}
	next := cursorRow{Time: p.start.Unix()}
	var fresh []entry
	if cursor.Time > 0 {
		if fresh, next, err = p.logSince(ctx, kind, cursor); err != nil {
			return err
		}
	}
	if len(fresh) > 0 {
		if err := apply(ctx, fresh); err != nil {
			return fmt.Errorf("applying the %s log: %w", kind, err)
		}
	}
	return p.Store.Update(func(tx storage.Tx) error { return cursorTable.Put(tx, next, kind) })
}

// logSince reads the entries that were not read before, and where the cursor
// is then: at the latest entry, by the wiki's clock.
func (p *pass) logSince(ctx context.Context, kind string, cursor cursorRow) (fresh []entry, next cursorRow, err error) {
	rows, next, err := p.Wiki.LogSince(ctx, kind, nsFile, cursor)
	if err != nil {
		return nil, next, fmt.Errorf("reading the %s log: %w", kind, err)
	}
	for _, row := range rows {
		if e := readEntry(p.Wiki, row); e.file != "" {
			fresh = append(fresh, e)
		}
	}
	return fresh, next, nil
}

// readEntry reads a row of list=logevents. Hidden titles and users are empty.
func readEntry(s *wiki.Session, row *jason.Object) entry {
	var e entry
	e.id, _ = row.GetInt64("logid")
	e.logPage, _ = row.GetInt64("logpage")
	e.kind, _ = row.GetString("type")
	e.action, _ = row.GetString("action")
	e.user, _ = row.GetString("user")
	e.user = userName(e.user)
	e.comment, _ = row.GetString("comment")
	if title, err := row.GetString("title"); err == nil {
		e.file, _ = fileTitle(s, title)
	}
	if target, err := row.GetString("params", "target_title"); err == nil {
		if t, err := s.Title(target); err == nil && t.NS == nsFile {
			e.target = "File:" + t.Name
		}
	}
	stamp, _ := row.GetString("timestamp")
	e.time, _ = time.Parse(time.RFC3339, stamp)
	return e
}

// uploaded notes new files of people whose uploads are known, and forgets what
// was known of the versions of a file. A new file under a name that another
// one had before is not that one.
func (p *pass) uploaded(_ context.Context, entries []entry) error {
	return storage.UpdateEach(p.Store, entries, func(tx storage.Tx, e entry) error {
		if err := versionTable.Delete(tx, e.file); err != nil {
			return err
		}
		if w := p.people[e.user]; w != nil && w.row.Listed {
			if err := noteUpload(tx, e, e.user, 0); err != nil {
				return err
			}
		}
		if e.action != "upload" {
			return nil
		}
		if err := restore(tx, e.file); err != nil {
			return err
		}
		if !p.optIn() {
			if err := noteUpload(tx, e, uploaders, newFor); err != nil {
				return err
			}
		}
		return dropAlias(tx, e.file)
	})
}

// newFor is how long a file of somebody who did not subscribe counts as new.
const newFor = 30 * 24 * time.Hour

// noteUpload remembers a version of a file as its uploader's, for a while or (0) for ever.
func noteUpload(tx storage.Tx, e entry, user string, ttl time.Duration) error {
	row, _, err := ownTable.Get(tx, user, e.file)
	if err != nil {
		return err
	}
	if e.action == "upload" {
		row.Original, row.Time = true, e.time.Unix()
	}
	return ownTable.PutFor(tx, ttl, row, user, e.file)
}
