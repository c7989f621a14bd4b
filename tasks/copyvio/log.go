package copyvio

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/antonholmquist/jason"
)

// cursorRow is how far a log was read.
type cursorRow struct {
	wiki.LogCursor
	Turn int `json:"turn,omitempty"` // of the memory, when it was written
}

var cursorTable = storage.NewTable[cursorRow]("cursor", 1) // log

// The logs that tell what becomes of files.
const (
	uploadLog = "upload"
	moveLog   = "move"
	deleteLog = "delete"
)

// entry is one entry of a log about a file.
type entry struct {
	log     string
	id      int64
	action  string
	title   string // "File:A b.jpg"; "" when hidden
	target  string // of a move to another file name
	user    string
	comment string
	sha1    string // of an upload, where the log knows it
	time    time.Time
	made    time.Time // of an upload: the time of its version, where the log knows it
	first   *file     // of an upload that brings back an earlier version: the first one
}

// readLogs follows what became of files since the last pass: uploads become
// images that are due to be hashed; moves, deletions and restorings change what
// is known. The three logs are applied as one, in the order of time: a name that
// was given up and taken again stands for two images.
func (p *pass) readLogs(ctx context.Context) error {
	turn, err := p.turn()
	if err != nil {
		return err
	}
	var news []entry
	next := map[string]cursorRow{}
	for _, log := range []string{uploadLog, moveLog, deleteLog} {
		entries, cursor, err := p.readLog(ctx, log, turn)
		if err != nil {
			return fmt.Errorf("reading the %s log: %w", log, err)
		}
		next[log], news = cursor, append(news, entries...)
	}
	slices.SortStableFunc(news, func(a, b entry) int { return cmp.Or(a.time.Compare(b.time), cmp.Compare(a.id, b.id)) })
	if err := p.apply(ctx, news); err != nil {
		return fmt.Errorf("applying the logs: %w", err)
	}
	return p.Store.Update(func(tx storage.Tx) error {
		for log, cursor := range next {
			if err := cursorTable.Put(tx, cursor, log); err != nil {
				return err
			}
		}
		return nil
	})
}

// readLog reads what is new in one log. The first pass, and the first after a
// dry run, begin now, once: an attempt that fails goes on where it began.
func (p *pass) readLog(ctx context.Context, log string, turn int) (fresh []entry, next cursorRow, err error) {
	var cursor cursorRow
	known := false
	err = p.Store.View(func(tx storage.Tx) (err error) {
		cursor, known, err = cursorTable.Get(tx, log)
		return err
	})
	if err != nil || !known || p.Fresh && cursor.Turn != turn {
		return nil, cursorRow{LogCursor: wiki.LogCursor{Time: p.start.Unix()}, Turn: turn}, err
	}
	fresh, next, err = p.logSince(ctx, log, cursor)
	next.Turn = turn
	return fresh, next, err
}

// turnRow says which memory had the last pass, that of dry runs or the live
// one, and how often that changed.
type turnRow struct {
	Memory string `json:"memory"`
	N      int    `json:"n"`
}

var (
	memoryTable = storage.NewTable[string]("memory", 1) // → a name of its own
	turnTable   = storage.NewTable[turnRow]("turn", 1)  // in the part that all memories share
)

// turn counts how often dry runs and live runs took turns; it grows when the
// last pass had another memory than this one.
func (p *pass) turn() (n int, err error) {
	memory := ""
	err = p.Store.Update(func(tx storage.Tx) (err error) {
		var known bool
		if memory, known, err = memoryTable.Get(tx); err != nil || known {
			return err
		}
		memory = rand.Text()
		return memoryTable.Put(tx, memory)
	})
	if err != nil {
		return 0, err
	}
	err = p.Shared.Update(func(tx storage.Tx) error {
		row, _, err := turnTable.Get(tx)
		if n = row.N; err != nil || row.Memory == memory {
			return err
		}
		n = row.N + 1
		return turnTable.Put(tx, turnRow{memory, n})
	})
	return n, err
}

// logSince reads the entries that were not read before.
func (p *pass) logSince(ctx context.Context, log string, cursor cursorRow) (fresh []entry, next cursorRow, err error) {
	rows, at, err := p.Wiki.LogSince(ctx, log, nsFile, cursor.LogCursor)
	for _, row := range rows {
		if e := p.readEntry(row, log); e.title != "" {
			fresh = append(fresh, e)
		}
	}
	return fresh, cursorRow{LogCursor: at}, err
}

// readEntry reads a row of list=logevents. Hidden titles and users are empty.
func (p *pass) readEntry(row *jason.Object, log string) entry {
	e := entry{log: log}
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
	stamp, _ = row.GetString("params", "img_timestamp")
	if e.made, _ = time.Parse(time.RFC3339, stamp); e.made.IsZero() {
		e.made = e.time
	}
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

// Namespaces of every wiki (Manual:Namespace constants).
const (
	nsFile     = 6
	nsCategory = 14
)

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
