package board

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/storage"
)

const (
	keptSums   = 100 // texts that a page had, to tell when an old one comes back
	keptUndone = 100 // decisions that were reverted before they were read
)

// pageRow is how far the history of a page has been read, and what the reading
// of its next revision needs to know of those before.
type pageRow struct {
	Page  int64 `json:"page,omitempty"`  // its id; 0: it was not there
	Rev   int64 `json:"rev,omitempty"`   // read up to this revision, that one included; 0: to be read from its first
	Wrote int64 `json:"wrote,omitempty"` // the revision that the bot saved last, read or not
	Gone  bool  `json:"gone,omitempty"`  // deleted, its history with it

	Sums    []string   `json:"sums,omitempty"`    // of its texts, oldest first
	Undone  []undone   `json:"undone,omitempty"`  // oldest first
	Clean   string     `json:"clean,omitempty"`   // sum of the bot's part as the bot left it
	Spoiled *handiwork `json:"spoiled,omitempty"` // who last changed it since; nil: it reads as the bot left it
	Removed *handiwork `json:"removed,omitempty"` // who took it away; nil: it is there
}

// handiwork is somebody's revision.
type handiwork struct {
	By  string `json:"by"` // "": hidden
	Rev int64  `json:"rev"`
}

// undone is a decision that was reverted before it was read.
type undone struct {
	SHA1 string    `json:"sha1"`
	Word string    `json:"word"`
	Note string    `json:"note,omitempty"`
	By   string    `json:"by"`
	Rev  int64     `json:"rev"`
	Time time.Time `json:"time"`
}

// Rows of the board, beside the casebook's.
var (
	pageTable    = storage.NewTable[pageRow]("boardPage", 1)     // by title
	restoreTable = storage.NewTable[int]("boardRestore", 1)      // day, title, user → how often
	refusedTable = storage.NewTable[struct{}]("boardRefused", 1) // hosts that nobody may link to
	bareTable    = storage.NewTable[struct{}]("boardBare", 1)    // titles of pages without live links
)

// row is what is known of a page.
func (b *Board) row(title string) (row pageRow, known bool, err error) {
	err = b.c.Store.View(func(tx storage.Tx) error {
		row, known, err = pageTable.Get(tx, title)
		return err
	})
	if err != nil {
		err = fmt.Errorf("remembering how far %s was read: %w", title, err)
	}
	return row, known, err
}

func (row *pageRow) equal(o pageRow) bool {
	same := func(a, b *handiwork) bool { return a == b || a != nil && b != nil && *a == *b }
	return row.Page == o.Page && row.Rev == o.Rev && row.Wrote == o.Wrote && row.Gone == o.Gone && row.Clean == o.Clean &&
		slices.Equal(row.Sums, o.Sums) && slices.Equal(row.Undone, o.Undone) && same(row.Spoiled, o.Spoiled) && same(row.Removed, o.Removed)
}

// adopt takes a revision of the bot's for read: it is the page as it should be.
func (row *pageRow) adopt(page, rev int64) {
	row.Page, row.Rev, row.Gone, row.Spoiled, row.Removed, row.Clean = page, rev, false, nil, nil, ""
}

// remember adds the sum of a text, and says whether the page had that text
// before its last.
func (row *pageRow) remember(text string) (old bool) {
	s := sum(text)
	n := len(row.Sums)
	if n > 0 && row.Sums[n-1] == s {
		return false
	}
	old = slices.Contains(row.Sums, s)
	row.Sums = last(append(slices.Clone(row.Sums), s), keptSums)
	return old
}

// put aside decisions that were reverted.
func (row *pageRow) setAside(c Change) {
	row.Undone = last(append(slices.Clone(row.Undone), undone{SHA1: c.SHA1, Word: c.Word, Note: c.Note, By: c.By, Rev: c.Rev, Time: c.Time}), keptUndone)
}

// takeBack finds the latest decision that led to what stands there now.
func (row *pageRow) takeBack(c Change) (first undone, ok bool) {
	for i := len(row.Undone) - 1; i >= 0; i-- {
		if u := row.Undone[i]; u.SHA1 == c.SHA1 && sameStatus(u.Word, c.Word) {
			row.drop(c.SHA1)
			return u, true
		}
	}
	return undone{}, false
}

// drop forgets what was put aside of a case: there is a later saying.
func (row *pageRow) drop(sha1 string) {
	row.Undone = slices.DeleteFunc(slices.Clone(row.Undone), func(u undone) bool { return u.SHA1 == sha1 })
}

func last[T any](all []T, most int) []T { return all[max(0, len(all)-most):] }

// sum tells texts apart; it protects nothing.
func sum(text string) string {
	s := sha256.Sum256([]byte(strings.TrimSpace(text)))
	return hex.EncodeToString(s[:8])
}
