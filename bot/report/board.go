package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"filewarden/storage"
)

const (
	maxBody   = 2000 // bytes of a request that are kept
	maxOpen   = 300  // requests that wait at once
	maxPerRev = 20   // requests that one revision may bring
)

// requestRow is a request that is not closed: not yet answered on the page.
type requestRow struct {
	ID      string    `json:"id"`
	User    string    `json:"user"`
	Heading string    `json:"heading"`
	Body    string    `json:"body"`
	Rev     int64     `json:"rev"`
	Time    time.Time `json:"time"`
	Index   int       `json:"index"`          // which section of revision deskRow.Rev it is; -1: gone from the page
	Hash    string    `json:"hash"`           // of the section as it stood last
	Gone    time.Time `json:"gone,omitzero"`  // when somebody else took it away
	Handled bool      `json:"done,omitempty"` // answer returned
	Answer  string    `json:"answer,omitempty"`
}

func (r requestRow) request() Request {
	return Request{ID: r.ID, User: r.User, Heading: r.Heading, Body: r.Body, Rev: r.Rev, Time: r.Time}
}

// deskRow is how far the history of the page has been read.
type deskRow struct {
	Rev int64 `json:"rev"`
}

var (
	requestTable = storage.NewTable[requestRow]("request", 1)
	deskTable    = storage.NewTable[deskRow]("desk", 1)
)

// keepGone is how long a request that somebody took away can come back with a revert.
const keepGone = 24 * time.Hour

// board is the page at one revision, and whose requests its sections are.
type board struct {
	account  string
	rev      int64
	text     string
	readAt   time.Time
	sections []section
	at       []*requestRow // by section; nil where there is no open request
	gone     []*requestRow
	begun    bool // the ground is found
	dark     bool // the text of the last revision is hidden
	behind   bool // there are later revisions
}

// open lists the requests on the page that wait for their answer to be written.
func (b *board) open() []*requestRow {
	var rows []*requestRow
	for _, r := range b.at {
		if r != nil {
			rows = append(rows, r)
		}
	}
	return rows
}

func (b *board) handled() []*requestRow {
	var rows []*requestRow
	for _, r := range b.open() {
		if r.Handled {
			rows = append(rows, r)
		}
	}
	return rows
}

// start makes a revision the ground that later ones are compared with: what
// stands on it is nobody's news. The open requests are found on it again.
func (b *board) start(r revision) {
	rows := append(b.open(), b.gone...)
	b.rev, b.text, b.sections, b.gone, b.dark = r.ID, r.Text, sections(r.Text), nil, false
	b.begun = true
	b.at = make([]*requestRow, len(b.sections))
	free := map[string][]int{}
	for i, s := range b.sections {
		hash := hashText(s.raw(b.text))
		free[hash] = append(free[hash], i)
	}
	for _, row := range rows {
		if i := b.place(row, free[row.Hash]); i >= 0 {
			row.Index, row.Gone, b.at[i] = i, time.Time{}, row
			continue
		}
		if row.Index >= 0 {
			row.Index, row.Gone = -1, r.Time
		}
		b.gone = append(b.gone, row)
	}
}

// place chooses among the sections that read as a request did: where it
// stood, or else the first that is nobody's.
func (b *board) place(row *requestRow, same []int) int {
	if slices.Contains(same, row.Index) && b.at[row.Index] == nil {
		return row.Index
	}
	for _, i := range same {
		if b.at[i] == nil {
			return i
		}
	}
	return -1
}

// turn goes on to the next revision. Sections that it brings are requests of
// the user who saved it; those that go are nobody's any more; what others
// change in a request, and answers, leave it whose it is.
func (b *board) turn(r revision) {
	now := sections(r.Text)
	was := match(b.text, r.Text, b.sections, now)
	at, stays, brought := make([]*requestRow, len(now)), map[*requestRow]bool{}, 0
	for i, s := range now {
		switch raw := s.raw(r.Text); {
		case was[i] >= 0:
			at[i] = b.at[was[i]].edited(r, s, b.account)
		case answeredMark.MatchString(s.body): // pasted back from somewhere
		case r.Undo:
			at[i] = b.revive(raw)
		default:
			if at[i] = b.revive(raw); at[i] == nil && b.wanted(r, brought) {
				at[i] = newRequest(r, i, s)
				brought++
			}
		}
		if at[i] != nil {
			at[i].Index, at[i].Hash, stays[at[i]] = i, hashText(s.raw(r.Text)), true
		}
	}
	b.lose(r, stays, was)
	b.rev, b.text, b.sections, b.at = r.ID, r.Text, now, at
}

// wanted says whether a new section of a revision is a request.
func (b *board) wanted(r revision, brought int) bool {
	return r.User != "" && r.User != b.account && brought < maxPerRev && len(b.open()) < maxOpen
}

// lose keeps the requests that a revision took away, unless their own user did
// so or they were closed by an answer.
func (b *board) lose(r revision, stays map[*requestRow]bool, was []int) {
	continued := map[int]bool{}
	for _, i := range was {
		continued[i] = true
	}
	for i, row := range b.at {
		if row == nil || stays[row] || continued[i] || row.User == r.User {
			continue
		}
		row.Index, row.Gone = -1, r.Time
		b.gone = append(b.gone, row)
	}
}

// revive finds a request that was taken away and now stands there again word for word.
func (b *board) revive(raw string) *requestRow {
	for i, row := range b.gone {
		if row.Hash == hashText(raw) {
			b.gone = append(b.gone[:i:i], b.gone[i+1:]...)
			row.Gone = time.Time{}
			return row
		}
	}
	return nil
}

func newRequest(r revision, ordinal int, s section) *requestRow {
	return &requestRow{ID: fmt.Sprintf("%d-%d", r.ID, ordinal), User: r.User, Rev: r.ID, Time: r.Time,
		Heading: cut(s.heading), Body: cut(s.body)}
}

// edited takes over what the request's own user changed before it was
// handled, and closes it where the bot's answer stands.
func (row *requestRow) edited(r revision, s section, account string) *requestRow {
	switch {
	case row == nil:
		return nil
	case r.User == account && strings.Contains(s.body, answeredPrefix+row.ID+" "):
		return nil
	case row.User == r.User && !row.Handled:
		row.Heading, row.Body = cut(s.heading), cut(s.body)
	}
	return row
}

// cut keeps whole characters of a text up to maxBody bytes.
func cut(s string) string {
	if len(s) <= maxBody {
		return s
	}
	n := maxBody
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n])
}

func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// load reads what is stored; the board has no text yet.
func (d *Desk) load() (from deskRow, rows []*requestRow, err error) {
	err = d.c.Store.View(func(tx storage.Tx) error {
		if from, _, err = deskTable.Get(tx); err != nil {
			return err
		}
		for row, err := range requestTable.Scan(tx) {
			if err != nil {
				return err
			}
			rows = append(rows, &row.Value)
		}
		return nil
	})
	return from, rows, err
}

// save records a board: how far the history was read, and the open requests.
func (d *Desk) save(b *board, old []*requestRow) error {
	keep := map[string]bool{}
	return d.c.Store.Update(func(tx storage.Tx) error {
		for _, row := range append(b.open(), b.gone...) {
			if row.Index < 0 && d.c.Now().Sub(row.Gone) > keepGone {
				continue
			}
			keep[row.ID] = true
			if err := requestTable.Put(tx, *row, row.ID); err != nil {
				return err
			}
		}
		for _, row := range old {
			if !keep[row.ID] {
				if err := requestTable.Delete(tx, row.ID); err != nil {
					return err
				}
			}
		}
		return deskTable.Put(tx, deskRow{Rev: b.rev})
	})
}

func (d *Desk) saveOne(row requestRow) error {
	err := d.c.Store.Update(func(tx storage.Tx) error { return requestTable.Put(tx, row, row.ID) })
	if err != nil {
		return fmt.Errorf("recording the answer of request %s: %w", row.ID, err)
	}
	return nil
}

// forget closes requests whose answers a dry run has shown.
func (d *Desk) forget(rows []*requestRow) error {
	return d.c.Store.Update(func(tx storage.Tx) error {
		for _, row := range rows {
			if err := requestTable.Delete(tx, row.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
