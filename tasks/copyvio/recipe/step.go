package recipe

import (
	"context"
	"errors"
	"strings"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

const (
	// inFlight is how long after a write was last under way the history is
	// asked for it: one whose sender died, or gave up waiting, may still arrive.
	inFlight = 10 * time.Second
	// tries is how often one step is built anew within one call.
	tries = 4
)

// fate is what an attempt at a write comes to.
type fate int

const (
	done    fate = iota
	again        // build it anew, after asking whether it was made after all
	plainer      // the same without links
	never        // this page takes no such edit
	held         // nothing can be written now
)

// judge reads the outcome of a write. Whatever is not known for certain is
// asked for before it is sent again.
func judge(err error) fate {
	var refused *gate.Refused
	var no *wiki.Error
	var unknown *wiki.UnknownOutcome
	switch {
	case err == nil:
		return done
	case errors.As(err, &refused):
		if refused.Reason == gate.Excluded || refused.Reason == gate.Unfit {
			return never
		}
		return held
	case errors.As(err, &unknown):
		return again
	case errors.Is(err, gate.ErrMissing):
		return never
	case !errors.As(err, &no):
		return held
	case no.Code == "spamblacklist":
		return plainer
	case no.Advice == wiki.Replan:
		return again
	case no.Advice == wiki.Skip:
		return never
	}
	return held
}

// step takes one step. why says for good that it, and so the action, cannot be
// finished; an error, that it can be tried again. A notice that cannot be
// given is left out and remarked on.
func (r *Runner) step(ctx context.Context, c *casebook.Case, p *planRow, i int, f file) (why string, err error) {
	w := &p.Writes[i]
	for range tries {
		if sent, err := r.sent(ctx, *w); err != nil {
			return "", err
		} else if sent != 0 {
			return "", r.made(c, p, i, gate.Receipt{RevID: sent})
		}
		if why, err := r.unwanted(ctx, *w); err != nil {
			return "", err
		} else if why != "" {
			return "", r.skip(c, p, i, why)
		}
		var receipt gate.Receipt
		receipt, err = r.attempt(ctx, c, p, i, f)
		switch judge(err) {
		case done:
			return "", r.made(c, p, i, receipt)
		case held:
			return "", err
		case plainer:
			if w.Text == w.Plain {
				return r.refused(c, p, i, err)
			}
			w.Text, w.Tried = w.Plain, time.Time{} // that one was certainly not made
		case never:
			return r.refused(c, p, i, err)
		}
	}
	return "", err
}

// sent is the revision that an attempt at a write has made after all, or 0.
// A deletion is asked for by the gate itself.
func (r *Runner) sent(ctx context.Context, w writeRow) (int64, error) {
	if w.Tried.IsZero() || w.Position == deletion {
		return 0, nil
	}
	if err := r.outwait(ctx, w.Tried); err != nil {
		return 0, err
	}
	page := w.Page
	if w.At != "" {
		page = w.At
	}
	return r.c.Gate.Sent(ctx, page, w.ID)
}

// outwait waits until a write that was tried at a time cannot be under way any more.
func (r *Runner) outwait(ctx context.Context, tried time.Time) error {
	wait := tried.Add(inFlight).Sub(r.c.Now())
	if wait <= 0 {
		return nil
	}
	return r.c.Sleep(ctx, min(wait, inFlight)) // the clock may have been set back
}

// made writes down that a step is made.
func (r *Runner) made(c *casebook.Case, p *planRow, i int, receipt gate.Receipt) error {
	w := &p.Writes[i]
	w.Over, w.Rev = true, receipt.RevID
	if w.Position == deletion {
		w.Rev = receipt.LogID
	}
	return r.keep(c, p, func(a *casebook.Action) {
		a.Step = i + 1
		if receipt.RevID != 0 {
			a.Revs = append(a.Revs, receipt.RevID)
		}
	})
}

// skip leaves a notice out, and says so.
func (r *Runner) skip(c *casebook.Case, p *planRow, i int, why string) error {
	p.Writes[i].Over = true
	p.Remarks = append(p.Remarks, why)
	return r.keep(c, p, func(a *casebook.Action) { a.Step = i + 1 })
}

// refused is a page that takes no such edit: of a notice that is a remark, of
// anything else the end.
func (r *Runner) refused(c *casebook.Case, p *planRow, i int, err error) (why string, _ error) {
	w := p.Writes[i]
	if w.Notice {
		return "", r.skip(c, p, i, r.say(msgUntold, templates.Agent(w.To), briefly(err)))
	}
	if errors.Is(err, gate.ErrMissing) {
		return r.say(msgGone), nil
	}
	return r.say(msgRefused, w.Page, briefly(err)), nil
}

// unwanted is why a notice is not to be given, or "".
func (r *Runner) unwanted(ctx context.Context, w writeRow) (why string, err error) {
	switch {
	case !w.Notice:
		return "", nil
	case w.To == "":
		return r.say(msgNobody), nil
	case r.c.Refuses == nil:
		return "", nil
	}
	no, err := r.c.Refuses(ctx, r.c.Kind, w.To)
	if err != nil || no == "" {
		return "", err
	}
	return r.say(msgUntold, templates.Agent(w.To), no), nil
}

// attempt makes a write once. That it is tried, and where, is stored before it
// goes out.
func (r *Runner) attempt(ctx context.Context, c *casebook.Case, p *planRow, i int, f file) (gate.Receipt, error) {
	w := &p.Writes[i]
	var page wiki.Text
	if w.Position != deletion {
		var err error
		if page, err = r.page(ctx, *p, *w); err != nil {
			return gate.Receipt{}, err
		}
		w.At = page.Title
	}
	w.Tried = r.c.Now().UTC()
	if err := r.keep(c, p, func(a *casebook.Action) { a.Step = i }); err != nil {
		return gate.Receipt{}, err
	}
	switch {
	case w.Position == deletion:
		return r.c.Gate.Delete(ctx, gate.Deletion{Task: r.c.Task, Series: p.ID, Title: w.Page,
			Reason: w.Summary, ID: w.ID, BaseRev: f.rev})
	case w.Position == create && !page.Missing:
		return gate.Receipt{NoChange: true}, nil
	}
	e := w.edit(page)
	e.Task, e.Series = r.c.Task, p.ID
	if w.Notice {
		e.Kind, e.User = r.c.Kind, w.To
	}
	return r.c.Gate.Edit(ctx, e)
}

// page reads the page of a write as it stands.
func (r *Runner) page(ctx context.Context, p planRow, w writeRow) (wiki.Text, error) {
	if w.Notice {
		return r.c.Gate.Ask(ctx, r.c.Kind, w.To, w.Page)
	}
	texts, err := r.c.Wiki.Read(ctx, w.Page)
	if err != nil {
		return wiki.Text{}, err
	}
	if texts[w.Page].Invalid {
		return wiki.Text{}, &gate.Refused{Reason: gate.Unfit, Page: w.Page, Detail: "that is no page title here"}
	}
	if texts[w.Page].Missing && w.Page == p.File { // a file may have no page; but was it deleted?
		f, err := r.look(ctx, p.File, nil)
		if err == nil && !f.local {
			err = gate.ErrMissing
		}
		if err != nil {
			return wiki.Text{}, err
		}
	}
	return texts[w.Page], nil
}

// edit is the write as an edit of the page.
func (w writeRow) edit(page wiki.Text) gate.Edit {
	e := gate.Edit{Title: page.Title, Summary: w.Summary, ID: w.ID, Minor: w.Minor, Text: w.Text,
		BaseRev: page.RevID, Start: page.ReadAt, CreateOnly: page.Missing, NoCreate: !page.Missing}
	switch {
	case w.Position == section:
		e.Section, e.Heading = "new", w.Heading
	case page.Missing:
		e.Text = strings.TrimLeft(w.New+"\n"+w.Text, "\n")
	case w.Position == top:
		e.Text = w.Text + "\n" + page.Content
	case w.Position == bottom:
		e.Append, e.Text = true, "\n"+w.Text
	}
	return e
}

// briefly is an error as a case and the status page can show it.
func briefly(err error) string {
	var refused *gate.Refused
	if errors.As(err, &refused) {
		return refused.Error()
	}
	var no *wiki.Error
	if errors.As(err, &no) {
		return no.Code
	}
	return err.Error()
}

// sentence joins remarks.
func sentence(remarks []string) string { return strings.Join(remarks, " ") }
