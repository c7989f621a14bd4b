package recipe

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// undoSeries ends the id of the series that takes an action back.
const undoSeries = "-u"

// undo takes back what was made, last things first. A page that was changed
// since is left to people; so is one that the bot has made, as it cannot be
// blanked without a trace and a request on it may have been answered.
func (r *Runner) undo(ctx context.Context, c *casebook.Case, p *planRow) error {
	if p.ID == "" {
		return r.end(c, nil, casebook.Failed, r.say(msgChanged, c.Title))
	}
	if c.Action.State != casebook.Undoing {
		if err := r.keep(c, p, func(a *casebook.Action) { a.State, a.Why = casebook.Undoing, "" }); err != nil {
			return err
		}
	}
	r.release(p.ID) // no more of it will be made
	if err := r.admitUndo(ctx, p); err != nil {
		return err
	}
	var left []string
	for i := len(p.Writes) - 1; i >= 0; i-- {
		why, err := r.revert(ctx, c, p, i)
		if err != nil {
			return err
		}
		if why != "" {
			left = append(left, why)
		}
	}
	p.Reverted = true
	if len(left) > 0 {
		return r.end(c, p, casebook.Failed, r.say(msgChanged, strings.Join(left, ", ")))
	}
	return r.end(c, p, casebook.Undone, "")
}

// admitUndo has the reversal let in as one.
func (r *Runner) admitUndo(ctx context.Context, p *planRow) error {
	n := 0
	for _, w := range p.Writes {
		if !w.Tried.IsZero() {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return r.c.Gate.Admit(ctx, gate.Series{ID: p.ID + undoSeries, Task: r.c.Task, Steps: n})
}

// revert takes one write back. left names a page that a person must look at.
func (r *Runner) revert(ctx context.Context, c *casebook.Case, p *planRow, i int) (left string, err error) {
	w := &p.Writes[i]
	if !w.Over && !w.Tried.IsZero() {
		if err := r.settle(ctx, c, p, i); err != nil {
			return "", err
		}
	}
	switch {
	case !w.made():
		return "", nil
	case w.Position == deletion:
		return w.Page, nil
	}
	for range tries {
		if !w.Undo.IsZero() {
			if err := r.outwait(ctx, w.Undo); err != nil {
				return "", err
			}
			if sent, err := r.c.Gate.Sent(ctx, w.At, w.ID+undoSeries); err != nil || sent != 0 {
				return "", err
			}
		}
		now, before, err := r.lastTwo(ctx, w.At)
		if err != nil {
			return "", err
		}
		if now.Missing {
			return "", nil
		}
		if now.RevID != w.Rev || before == nil {
			return r.gone(ctx, *p, *w)
		}
		w.Undo = r.c.Now().UTC()
		if err := r.keep(c, p, func(*casebook.Action) {}); err != nil {
			return "", err
		}
		_, err = r.c.Gate.Edit(ctx, r.reversal(p, *w, now, *before))
		switch judge(err) {
		case done:
			return "", nil
		case never, plainer:
			return w.At, nil
		case held:
			return "", err
		}
	}
	return w.At, nil
}

// settle finds out whether a write that was tried was made.
func (r *Runner) settle(ctx context.Context, c *casebook.Case, p *planRow, i int) error {
	w := &p.Writes[i]
	if w.Position == deletion { // a file that is there was not deleted, or was restored
		f, err := r.look(ctx, p.File, nil)
		if err != nil {
			return err
		}
		if !f.local {
			w.Over, w.Rev = true, 1
		}
		return nil
	}
	sent, err := r.sent(ctx, *w)
	if err != nil || sent == 0 {
		return err
	}
	return r.made(c, p, i, gate.Receipt{RevID: sent})
}

// gone says of a page that does not read as the bot left it whether a person
// must look. A tag that is not on the file's page any more was taken away by
// somebody, which is what is wanted.
func (r *Runner) gone(ctx context.Context, p planRow, w writeRow) (left string, err error) {
	if w.Page != p.File || len(p.Tagged) == 0 {
		return w.At, nil
	}
	f, err := r.look(ctx, p.File, p.Tagged)
	if err != nil || !f.tagged {
		return "", err
	}
	return w.At, nil
}

// reversal is the edit that brings a page back to what it was.
func (r *Runner) reversal(p *planRow, w writeRow, now wiki.Text, before string) gate.Edit {
	return gate.Edit{Task: r.c.Task, Series: p.ID + undoSeries, Title: w.At, Text: before, BaseRev: now.RevID,
		Start: now.ReadAt, NoCreate: true, ID: w.ID + undoSeries,
		Summary: r.c.Words.Summary(msgSummaryUndo, templates.Agent("User:"+p.By))}
}

// lastTwo reads a page's current revision, and the text of the one before; nil
// where there is none or it is hidden.
func (r *Runner) lastTwo(ctx context.Context, title string) (now wiki.Text, before *string, err error) {
	o, err := r.c.Wiki.Get(ctx, wiki.Params{"action": "query", "prop": "revisions", "titles": title, "curtimestamp": "1",
		"rvprop": "ids|content", "rvslots": "main", "rvlimit": strconv.Itoa(2)})
	if err != nil {
		return now, nil, fmt.Errorf("reading the last edits of %s: %w", title, err)
	}
	raw, err := o.MarshalJSON()
	if err != nil {
		return now, nil, err
	}
	var a historyAnswer
	if err := json.Unmarshal(raw, &a); err != nil {
		return now, nil, fmt.Errorf("reading the last edits of %s: %w", title, err)
	}
	if len(a.Query.Pages) != 1 {
		return now, nil, fmt.Errorf("reading the last edits of %s: the wiki did not answer for it", title)
	}
	page := a.Query.Pages[0]
	now = wiki.Text{Title: page.Title, Missing: page.Missing, ReadAt: a.Time}
	if len(page.Revisions) > 0 {
		now.RevID = page.Revisions[0].ID
	}
	if len(page.Revisions) > 1 {
		before = page.Revisions[1].Slots["main"].Content
	}
	return now, before, nil
}

// historyAnswer is what is read of a query about one page's history (formatversion 2).
type historyAnswer struct {
	Time  time.Time `json:"curtimestamp"`
	Query struct {
		Pages []struct {
			Title     string `json:"title"`
			Missing   bool   `json:"missing"`
			Revisions []struct {
				ID    int64 `json:"revid"`
				Slots map[string]struct {
					Content *string `json:"content"`
				} `json:"slots"`
			} `json:"revisions"`
		} `json:"pages"`
	} `json:"query"`
}
