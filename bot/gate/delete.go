package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"filewarden/bot/wiki"

	"github.com/antonholmquist/jason"
)

// Deletion is one page to be deleted, a file with all its versions.
type Deletion struct {
	Task   string
	Series string // that it is a step of; "": none
	Title  string
	Reason string // without the id and the stop link: the gate adds both
	ID     string // without spaces, unique and stable over retries

	// BaseRev is the revision that the decision was made on: a page that has
	// changed since is Deferred. 0: whatever stands there. An upload over a
	// file is a change of its page, too.
	BaseRev int64
}

// ErrMissing is a page to be deleted that is not there, and that the account
// did not delete under this id.
var ErrMissing = errors.New("there is no such page")

// Delete deletes a page by action=delete (API:Delete). It asks the same
// questions as an edit, in the same order, and spends the trial as one.
//
// The deletion log is asked first, so a deletion whose outcome was unknown can
// be asked for again: one that is in the log under this id is not repeated,
// also where somebody has restored the page since; its Receipt has NoChange.
//
// Errors: *Refused, ErrMissing, and those of wiki.Writer.Post.
func (g *Gate) Delete(ctx context.Context, d Deletion) (Receipt, error) {
	w := write{action: "delete", Edit: Edit{Task: d.Task, Series: d.Series, Title: d.Title,
		Summary: d.Reason, ID: d.ID, BaseRev: d.BaseRev}}
	if err := w.check(); err != nil {
		return Receipt{}, err
	}
	if d.ID == "" {
		return Receipt{}, fmt.Errorf("%s: a deletion needs an id by which the log can be asked for it", w.describe())
	}
	lacks, err := g.wiki.Missing(ctx, "delete")
	if err != nil {
		return Receipt{}, fmt.Errorf("%s: asking for the rights of the account: %w", w.describe(), err)
	}
	if len(lacks) > 0 {
		return Receipt{}, fmt.Errorf("%s: %s", w.describe(), lacks[0].Remedy())
	}
	before, err := g.deletion(ctx, d.Title, d.ID)
	if err != nil || before.LogID != 0 {
		return before, err
	}
	return g.pass(ctx, w)
}

// deletion looks for an earlier deletion of a page under an id; the Receipt is
// zero where there is none.
func (g *Gate) deletion(ctx context.Context, title, id string) (Receipt, error) {
	me := g.wiki.Account().Name
	a, err := g.ask(ctx, wiki.Params{"list": "logevents", "letype": "delete", "letitle": title, "leuser": me,
		"leprop": "ids|user|type|timestamp|comment", "lelimit": "50"})
	if err != nil {
		return Receipt{}, fmt.Errorf("asking the deletion log of %s for %s: %w", title, id, err)
	}
	for _, l := range a.Query.Log {
		if l.Action == "delete" && carries(l.Comment, id) && userName(l.User) == userName(me) {
			return Receipt{LogID: l.ID, Time: l.Timestamp, NoChange: true}, nil
		}
	}
	return Receipt{}, nil
}

// stillThere says whether what is to be deleted is what was decided on.
func (w write) stillThere(s *snapshot) error {
	switch {
	case s.target.Missing:
		return fmt.Errorf("%s: %w", w.describe(), ErrMissing)
	case w.BaseRev != 0 && s.target.RevID != w.BaseRev:
		return &Refused{Reason: Deferred, Page: w.Title,
			Detail: fmt.Sprintf("it was changed since revision %d, which the decision is about", w.BaseRev)}
	}
	return nil
}

// deleteParams are the parameters of action=delete.
func (g *Gate) deleteParams(s *snapshot, w write) wiki.Params {
	return wiki.Params{"action": "delete", "title": w.Title, "watchlist": "nochange",
		"reason": clean(g.summary(w.Edit, s.policy.stopLabel(w.Task)))}
}

// deleted reads the answer of action=delete. A page with very many revisions
// is deleted later, by a job; the wiki's word for that is "scheduled", and the
// log has it when the job is done.
func deleted(o *jason.Object, now time.Time) (Receipt, error) {
	answer, err := o.GetObject("delete")
	if err != nil {
		return Receipt{}, &wiki.UnknownOutcome{Err: fmt.Errorf("the wiki's answer does not speak of a deletion: %w", err)}
	}
	r := Receipt{Time: now}
	r.LogID, _ = answer.GetInt64("logid")
	later, _ := answer.GetBoolean("scheduled")
	if r.LogID == 0 && !later {
		return r, &wiki.UnknownOutcome{Err: errors.New("the wiki's answer names no entry of the deletion log")}
	}
	return r, nil
}

// titled says whether a write is of one page, which can object.
func (w write) titled() bool { return w.action == "edit" || w.action == "delete" }

// noTitle says whether a text cannot be the one title of a request.
func noTitle(title string) bool {
	return strings.TrimSpace(title) == "" || strings.ContainsAny(title, "|\x1f")
}
