package recipe

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// planRow is an action as it was planned, everything fixed before its first
// write: what is interrupted on one day is finished on the next, on the pages
// and with the words of the day before, whatever the recipe has become.
type planRow struct {
	ID        string     `json:"id"` // of the series and, with a number, of each write
	Recipe    string     `json:"recipe"`
	Procedure string     `json:"procedure"`
	File      string     `json:"file"`
	SHA1      string     `json:"sha1"`
	Tagged    []string   `json:"tagged,omitempty"` // templates that say that something is done about the file
	By        string     `json:"by"`               // the reviewer
	Begun     time.Time  `json:"begun"`
	Remarks   []string   `json:"remarks,omitempty"` // for Action.Why, where all went well otherwise
	Writes    []writeRow `json:"writes"`
	Reverted  bool       `json:"reverted,omitempty"` // the undoing has been gone through
}

// writeRow is one write.
type writeRow struct {
	ID       string `json:"id"`
	Page     string `json:"page"`
	Position string `json:"position"`
	Heading  string `json:"heading,omitempty"`
	Text     string `json:"text,omitempty"`
	Plain    string `json:"plain,omitempty"` // Text with its web addresses unlinked, for wikis that blacklist one
	New      string `json:"new,omitempty"`
	Summary  string `json:"summary"`
	To       string `json:"to,omitempty"` // whom it is a message for
	Notice   bool   `json:"notice,omitempty"`
	Minor    bool   `json:"minor,omitempty"`

	Tried time.Time `json:"tried,omitzero"` // when it was last on its way, or may have been
	At    string    `json:"at,omitempty"`   // the page it was made on, redirects followed
	Rev   int64     `json:"rev,omitempty"`  // of the edit
	Over  bool      `json:"over,omitempty"` // made, or never to be made
	Undo  time.Time `json:"undo,omitzero"`  // when its reversal was last on its way
}

var planTable = storage.NewTable[planRow]("plan", 1)

// made says whether the wiki shows what the write did.
func (w writeRow) made() bool { return w.Over && w.Rev != 0 }

// actionID names the action that follows from a decision. Another decision
// about the same image is another action.
func actionID(c casebook.Case) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %d", c.SHA1, c.By, c.Decided.Unix()))
	return "fw-" + hex.EncodeToString(sum[:6])
}

// plan fills a procedure with what the case is about.
func (r *Runner) plan(c casebook.Case, f file, procedure string) (planRow, error) {
	p := planRow{ID: c.Action.ID, Recipe: r.c.Recipe.Name, Procedure: procedure, File: f.title, SHA1: c.SHA1,
		Tagged: r.tagTemplates(), By: c.By, Begun: r.c.Now().UTC()}
	v := r.values(c, f, p.Begun)
	for i, s := range r.c.Recipe.procedures[procedure].steps {
		w, err := v.fill(r.c.Words, s)
		if err != nil {
			return p, fmt.Errorf("step %d of %s in the recipe %s: %w", i, procedure, r.c.Recipe.Name, err)
		}
		w.ID = fmt.Sprintf("%s-%d", p.ID, i)
		p.Writes = append(p.Writes, w)
	}
	return p, nil
}

// load reads a case and the plan of its action; the plan may be of an earlier one.
func (r *Runner) load(sha1 string) (c casebook.Case, p planRow, err error) {
	err = r.c.Store.View(func(tx storage.Tx) error {
		var known bool
		if c, known, err = casebook.GetCase(tx, sha1); err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("acting on %s: %w", sha1, casebook.ErrNoCase)
		}
		p, _, err = planTable.Get(tx, sha1)
		return err
	})
	if err == nil && p.ID != c.Action.ID {
		p = planRow{}
	}
	return c, p, err
}

// errTurned is a case whose decision changed between two steps.
var errTurned = errors.New("the decision has changed meanwhile")

// keep stores a plan and what has become of the action. change sees the case
// as it is stored now; a decision that came in meanwhile is not overwritten.
func (r *Runner) keep(c *casebook.Case, p *planRow, change func(*casebook.Action)) error {
	err := r.c.Store.Update(func(tx storage.Tx) error {
		now, known, err := casebook.GetCase(tx, c.SHA1)
		if err != nil || !known {
			return errors.Join(err, casebook.ErrNoCase)
		}
		change(&now.Action)
		if err := casebook.PutCase(tx, now); err != nil {
			return err
		}
		*c = now
		if p == nil {
			return nil
		}
		return planTable.Put(tx, *p, c.SHA1)
	})
	if err != nil {
		return fmt.Errorf("storing what is done about %s: %w", c.Title, err)
	}
	return nil
}

// stands says whether the decision is still to accept.
func (r *Runner) stands(sha1 string) error {
	c, _, err := r.load(sha1)
	if err == nil && c.State != casebook.Accepted {
		err = errTurned
	}
	return err
}

// release gives the trial back what the action did not need.
func (r *Runner) release(id string) {
	if err := r.c.Gate.Release(id); err != nil {
		r.c.Log.Warn().Err(err).Str("action", id).Msg("edits that the trial promised to an action stay counted")
	}
}

// values of the places of a recipe's patterns.
type values struct {
	title map[string]string
	text  map[string]any
	plain map[string]any // text with no web address that could become a link
}

// values gathers what patterns can say about a case.
func (r *Runner) values(c casebook.Case, f file, now time.Time) values {
	v := values{title: map[string]string{
		"file": f.title, "name": f.name, "uploader": c.Uploader,
		"year": now.Format("2006"), "month": now.Format("01"), "monthname": now.Format("January"),
		"day": now.Format("2"), "daytwo": now.Format("02"),
	}}
	address := matchURL(c)
	v.text = map[string]any{
		"file": templates.PageName(f.title), "name": templates.PageName(f.name),
		"uploader": templates.PageName(c.Uploader), "reviewer": templates.Agent("User:" + c.By),
		"template": templates.PageName(r.c.Recipe.template),
		"url":      templates.Address(address), "reason": reason(c, templates.URL(address, "")),
	}
	for _, date := range []string{"year", "month", "monthname", "day", "daytwo"} {
		v.text[date] = templates.Plain(v.title[date])
	}
	v.plain = map[string]any{}
	for name, value := range v.text {
		v.plain[name] = value
	}
	v.plain["url"], v.plain["reason"] = templates.Plain(address), reason(c, templates.Plain(address))
	return v
}

// fill makes a step's write.
func (v values) fill(l *templates.Language, s step) (writeRow, error) {
	w := writeRow{Position: s.position, Notice: s.notice, Minor: s.minor}
	if s.notice && v.title["uploader"] == "" {
		w.Page = "User talk:" // of nobody: the uploader's name is hidden
	} else if title, ok := s.page.Title(v.title); ok {
		w.Page = title
	} else {
		return w, fmt.Errorf("its page %q is no title", l.FillSummary(s.page, v.text))
	}
	if s.notice {
		w.To = v.title["uploader"]
	}
	w.Heading, w.New = l.Fill(s.heading, v.text), l.Fill(s.fresh, v.text)
	w.Text, w.Plain = l.Fill(s.text, v.text), l.Fill(s.text, v.plain)
	w.Summary = l.FillSummary(s.summary, v.text)
	if s.summary.Blank() {
		w.Summary = l.Summary(msgSummary, v.text["reviewer"])
	}
	return w, nil
}

// matchURL is the address of the best match that a licence does not excuse, or "".
func matchURL(c casebook.Case) string {
	for _, m := range c.Matches {
		if m.Excused != "" {
			continue
		}
		if m.Page != "" {
			return m.Page
		}
		return m.URL
	}
	return ""
}
