package usage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"filewarden/bot/wiki"

	"github.com/antonholmquist/jason"
)

// edit is one revision.
type edit struct {
	rev, parent   int64
	user, comment string
	time          time.Time
}

// question asks for the edit that made a page answer: the newest revision that
// the test holds for, whose parent it does not hold for.
type question struct {
	page int64
	test func(plain string) bool

	found  *edit // the answer
	absent bool  // the page as it stands does not answer the test
	old    bool  // the answer is an edit from before the time of interest
	at     *edit // oldest revision so far that the test holds for
}

func (q *question) open() bool { return q.found == nil && !q.absent && !q.old }

// look takes in a revision, going back in time.
func (q *question) look(e *edit, plain string, since time.Time) {
	switch holds := q.test(plain); {
	case !holds && q.at == nil:
		q.absent = true
	case !holds:
		q.found = q.at
	case e.time.Before(since):
		q.old = true
	case e.parent == 0:
		q.found = e
	default:
		q.at = e
	}
}

// chain answers questions about pages of one wiki. All pages are asked for
// together: first the latest revisions, then their parents, and so on, so a
// step back costs one request for 50 pages however many there are. Scans are
// frequent, so few steps are needed. Pages that lie deeper are read one by one,
// 50 revisions at a time. Both are bounded.
type chain struct {
	session *wiki.Session
	since   time.Time // edits before are not of interest
	left    int       // requests that may still be made
	depth   int       // steps back for all together
}

const (
	chainPages = 50 // texts in one request: the limit that content has for most accounts
	chainDepth = 10
)

// answer the questions. What stays open was not found within bounds.
func (c *chain) answer(ctx context.Context, questions []*question) error {
	byPage := map[int64][]*question{}
	var pages []int64
	for _, q := range questions {
		if byPage[q.page] == nil {
			pages = append(pages, q.page)
		}
		byPage[q.page] = append(byPage[q.page], q)
	}
	next, err := c.step(ctx, "pageids", pages, byPage)
	for depth := 0; err == nil && len(next) > 0 && depth < c.depth; depth++ {
		parents := map[int64][]*question{}
		var revs []int64
		for _, q := range next {
			if parents[q.at.parent] == nil {
				revs = append(revs, q.at.parent)
			}
			parents[q.at.parent] = append(parents[q.at.parent], q)
		}
		next, err = c.step(ctx, "revids", revs, parents)
	}
	for _, q := range next {
		if err == nil && q.open() {
			err = c.deeper(ctx, q)
		}
	}
	return err
}

// step reads revisions by page or revision id and returns the questions that
// need to look further back.
func (c *chain) step(ctx context.Context, by string, ids []int64, asked map[int64][]*question) (next []*question, err error) {
	for len(ids) > 0 && c.left > 0 {
		some := ids[:min(len(ids), chainPages)]
		ids = ids[len(some):]
		c.left--
		params := wiki.Params{by: joinIDs(some), "prop": "revisions", "rvprop": "ids|timestamp|user|comment|content", "rvslots": "main"}
		for page, err := range c.session.Walk(ctx, params) {
			if err != nil {
				return nil, fmt.Errorf("reading revisions at %s: %w", c.session.Host(), err)
			}
			for row := range page.Rows("revisions") {
				e, text, ok := readRevision(row)
				key := page.ID
				if by == "revids" {
					key = e.rev
				}
				next = append(next, c.take(asked[key], e, text, ok)...)
			}
		}
	}
	return next, nil
}

// take lets questions look at one revision. A hidden text answers nothing.
func (c *chain) take(asked []*question, e *edit, text string, ok bool) (next []*question) {
	if !ok {
		return nil
	}
	plain := plainText(text)
	for _, q := range asked {
		q.look(e, plain, c.since)
		if q.open() {
			next = append(next, q)
		}
	}
	return next
}

// deeper reads the history of one page, once.
func (c *chain) deeper(ctx context.Context, q *question) error {
	if c.left == 0 {
		return nil
	}
	c.left--
	answer, err := c.session.Get(ctx, wiki.Params{"action": "query", "pageids": strconv.FormatInt(q.page, 10),
		"prop": "revisions", "rvprop": "ids|timestamp|user|comment|content", "rvslots": "main",
		"rvlimit": "50", "rvstartid": strconv.FormatInt(q.at.parent, 10)})
	if err != nil {
		return fmt.Errorf("reading a page's history at %s: %w", c.session.Host(), err)
	}
	for _, row := range revisionsOf(answer) {
		e, text, ok := readRevision(row)
		if !ok || !q.open() {
			return nil
		}
		q.look(e, plainText(text), c.since)
	}
	return nil
}

// revisionsOf the only page of an answer.
func revisionsOf(answer *jason.Object) (rows []wiki.Row) {
	pages, err := answer.GetObjectArray("query", "pages")
	if err != nil || len(pages) == 0 {
		return nil
	}
	revisions, err := pages[0].GetObjectArray("revisions")
	if err != nil {
		return nil
	}
	for _, r := range revisions {
		if data, ok := r.Interface().(map[string]any); ok {
			rows = append(rows, data)
		}
	}
	return rows
}

// readRevision reads a row of prop=revisions; ok is false when its text is hidden.
func readRevision(row wiki.Row) (e *edit, text string, ok bool) {
	e = &edit{rev: row.Int("revid"), parent: row.Int("parentid"), user: row.Text("user"), comment: row.Text("comment")}
	e.time, _ = time.Parse(time.RFC3339, row.Text("timestamp"))
	slots, _ := row["slots"].(map[string]any)
	main, _ := slots["main"].(map[string]any)
	text, ok = main["content"].(string)
	return e, text, ok
}

func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, "|")
}
