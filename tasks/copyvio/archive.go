package copyvio

import (
	"context"
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/recipe"
)

// archiveTable lists the cases that left the pages, by day (UTC).
var archiveTable = storage.NewTable[[]string]("archive", 1)

// archive takes cases off the pages that were decided, or whose file went, a
// while ago, and about which nothing is left to do.
func (p *pass) archive(context.Context) error {
	cases, err := p.live()
	if err != nil {
		return err
	}
	var due []casebook.Case
	for _, c := range cases {
		if ended := p.endOf(c); !ended.IsZero() && ended.Add(time.Duration(p.config.ArchiveAfter)).Before(p.start) {
			due = append(due, c)
		}
	}
	if len(due) == 0 {
		return nil
	}
	err = storage.UpdateEach(p.Store, due, p.archiveOne)
	if err != nil {
		return fmt.Errorf("archiving: %w", err)
	}
	return nil
}

func (p *pass) archiveOne(tx storage.Tx, c casebook.Case) error {
	now, known, err := casebook.GetCase(tx, c.SHA1)
	if err != nil || !known || now.State != c.State || !now.Decided.Equal(c.Decided) {
		return err
	}
	now.Archived = p.start
	if err := casebook.PutCase(tx, now); err != nil || !listed(now) {
		return err
	}
	day := p.start.Format(time.DateOnly)
	row, _, err := archiveTable.Get(tx, day)
	if err != nil {
		return err
	}
	row = slices.DeleteFunc(row, func(sha1 string) bool { return sha1 == c.SHA1 })
	return archiveTable.Put(tx, append(row, c.SHA1), day)
}

// listed says whether a case was on pages, and is worth a line in the archive.
func listed(c casebook.Case) bool { return c.State != casebook.Withheld }

// endOf is when a case came to its end; zero while there is something left.
func (p *pass) endOf(c casebook.Case) time.Time {
	switch {
	case recipe.Wanted(c) && p.config.acts() || !c.Followed.Equal(c.Decided):
		return time.Time{}
	case c.State.Decided() || c.State == casebook.Withheld:
		if c.Decided.IsZero() {
			return c.Opened // withheld from the start
		}
		return later(c.Decided, c.Action.Ended)
	case c.State == casebook.Unshown && c.GoneAt.IsZero():
		return c.Opened // nothing was left of it
	case c.State == casebook.Unshown:
		return c.GoneAt
	}
	return time.Time{}
}

// acts says whether anything follows on a decision.
func (c Config) acts() bool { return c.Action != recipe.None }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
