// Package casebook is what the copyright watch remembers: images, what was
// found about them, and what people decided.
//
// # Model
//
// An image is one content, known by its SHA-1; the same content uploaded twice
// is one image with two uploads. An image of which something was found has one
// case. A case has a state; people change it by decisions, and every decision
// is kept, also one that does not count:
//
//	upload → Image → matches and evidence → Case → Decision → action
//
// The states are those that MachineVision and the Fortuna proposal number from
// −4 to 1. Who may bring a case from one to another stands in [Case.Weigh] and
// nowhere else, whatever way the decision comes in: a page, the review API or
// a command.
//
// # Rows
//
//	image     SHA-1                     → Image
//	title     file as it is called now  → SHA-1 of its current version
//	due       time, SHA-1               → nothing: when an image is to be looked at again
//	case      SHA-1                     → Case
//	live      SHA-1                     → nothing: the case is not in the archive
//	decision  SHA-1, number             → Decision, oldest first
//	log       time, SHA-1, number       → the same for all cases, latest first
//
// Every change of a case and what it leads to are one transaction of the
// caller.
package casebook

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"filewarden/storage"
)

var (
	imageTable    = storage.NewTable[Image]("image", 1)
	titleTable    = storage.NewTable[string]("title", 1)
	dueTable      = storage.NewTable[struct{}]("due", 1)
	liveTable     = storage.NewTable[struct{}]("live", 1)
	caseTable     = storage.NewTable[Case]("case", 1)
	logTable      = storage.NewTable[Logged]("log", 1)
	decisionTable = storage.NewTable[Decision]("decision", 1)
)

// dueKey orders by time: seconds since 1970 in a fixed width.
func dueKey(t time.Time) string { return fmt.Sprintf("%012d", max(t.Unix(), 0)) }

// GetImage reads an image by its SHA-1 (40 hexadecimal digits, lower case).
func GetImage(tx storage.Tx, sha1 string) (Image, bool, error) { return imageTable.Get(tx, sha1) }

// PutImage stores an image, where it stands now and when it is due.
func PutImage(tx storage.Tx, image Image) error {
	old, known, err := imageTable.Get(tx, image.SHA1)
	if err != nil {
		return err
	}
	if known && !old.Due.IsZero() {
		if err := dueTable.Delete(tx, dueKey(old.Due), image.SHA1); err != nil {
			return err
		}
	}
	if !image.Due.IsZero() {
		if err := dueTable.Put(tx, struct{}{}, dueKey(image.Due), image.SHA1); err != nil {
			return err
		}
	}
	if title := image.current(); title != "" {
		if err := titleTable.Put(tx, image.SHA1, title); err != nil {
			return err
		}
	}
	return imageTable.Put(tx, image, image.SHA1)
}

// AtTitle finds the image that a file shows, as far as is known.
func AtTitle(tx storage.Tx, title string) (sha1 string, known bool, err error) {
	return titleTable.Get(tx, title)
}

// Due goes through the SHA-1 of images that are due at a time, those waiting
// longest first.
func Due(tx storage.Tx, now time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for row, err := range dueTable.Scan(tx) {
			if err != nil {
				yield("", fmt.Errorf("listing the images that are due: %w", err))
				return
			}
			if row.Key[0] > dueKey(now) || !yield(row.Key[1], nil) {
				return
			}
		}
	}
}

// Pending counts the images that are due at some time.
func Pending(tx storage.Tx) (int, error) { return dueTable.Count(tx) }

// GetCase reads the case of an image.
func GetCase(tx storage.Tx, sha1 string) (Case, bool, error) { return caseTable.Get(tx, sha1) }

// PutCase stores a case.
func PutCase(tx storage.Tx, c Case) error {
	err := caseTable.Put(tx, c, c.SHA1)
	if err == nil && c.Archived.IsZero() {
		return liveTable.Put(tx, struct{}{}, c.SHA1)
	}
	if err == nil {
		err = liveTable.Delete(tx, c.SHA1)
	}
	return err
}

// Live lists the cases that are not in the archive, those opened last first.
func Live(tx storage.Tx) (all []Case, err error) {
	for row, err := range liveTable.Scan(tx) {
		if err != nil {
			return nil, fmt.Errorf("listing live cases: %w", err)
		}
		c, known, err := caseTable.Get(tx, row.Key[0])
		if err != nil {
			return nil, err
		}
		if known {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Case) int { return b.Opened.Compare(a.Opened) })
	return all, nil
}

// Cases goes through all cases, in the order of their SHA-1.
func Cases(tx storage.Tx) iter.Seq2[Case, error] { return values(caseTable.Scan(tx)) }

// Decisions of a case, oldest first.
func Decisions(tx storage.Tx, sha1 string) (all []Decision, err error) {
	for row, err := range decisionTable.Scan(tx, sha1) {
		if err != nil {
			return nil, fmt.Errorf("reading the decisions about %s: %w", sha1, err)
		}
		all = append(all, row.Value)
	}
	return all, nil
}

// Logged is a decision with the image that it is about.
type Logged struct {
	SHA1 string `json:"sha1"`
	Decision
}

// Latest are the latest decisions about all cases, latest first.
func Latest(tx storage.Tx, most int) (all []Logged, err error) {
	for row, err := range logTable.Scan(tx) {
		if err != nil {
			return nil, fmt.Errorf("reading the latest decisions: %w", err)
		}
		if len(all) == most {
			break
		}
		all = append(all, row.Value)
	}
	return all, nil
}

// keep stores a decision, the number of those before it known.
func keep(tx storage.Tx, sha1 string, d Decision, before int) error {
	number := fmt.Sprintf("%06d", before)
	if err := decisionTable.Put(tx, d, sha1, number); err != nil {
		return err
	}
	latestFirst := fmt.Sprintf("%012d", 1_000_000_000_000-max(d.Time.Unix(), 0))
	return logTable.Put(tx, Logged{SHA1: sha1, Decision: d}, latestFirst, sha1, number)
}

// ErrNoCase is a decision about an image that has none.
var ErrNoCase = errors.New("there is no such case")

// Decide weighs a decision, keeps it, and applies it when it counts. One that
// was kept before (the same revision, or the same time by the same person in
// the same way) changes nothing and gives the verdict of then.
func Decide(tx storage.Tx, sha1 string, d Decision, who Reviewer) (Case, Verdict, error) {
	c, known, err := caseTable.Get(tx, sha1)
	if err != nil {
		return c, "", err
	}
	if !known {
		return c, "", fmt.Errorf("deciding about %s: %w", sha1, ErrNoCase)
	}
	kept, err := Decisions(tx, sha1)
	if err != nil {
		return c, "", err
	}
	for _, k := range kept {
		if k.same(d) {
			return c, k.Verdict, nil
		}
	}
	d.From, d.Verdict = c.State, c.Weigh(d, who)
	if err := keep(tx, sha1, d, len(kept)); err != nil {
		return c, d.Verdict, err
	}
	if c = c.after(d); d.Verdict != Nothing {
		err = PutCase(tx, c)
	}
	return c, d.Verdict, err
}

func values[T any](rows iter.Seq2[storage.Row[T], error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if !yield(row.Value, err) || err != nil {
				return
			}
		}
	}
}
