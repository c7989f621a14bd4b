package copyvio

import (
	"context"
	"fmt"

	"filewarden/bot"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// Withhold is the operator's word that files are not to stand on any page of
// cases: for what must not be shown, or pointed at, at all.
type Withhold struct {
	Files  []string `arg:"" help:"Titles of files, such as 'File:Sparrow.jpg'."`
	Undo   bool     `help:"Show them again."`
	Reason string   `help:"Why; kept with the decision."`

	task *Task
}

// Run withholds the files, or shows them again.
func (w Withhold) Run(c *bot.Console) error {
	return c.Env(Name, func(env *bot.Env) error {
		p, err := w.task.newPass(env)
		if err != nil {
			return err
		}
		failed := false
		for _, written := range w.Files {
			said, err := w.one(c.Ctx, p, written)
			if err != nil {
				said, failed = err.Error(), true
			}
			fmt.Fprint(c.Out, printable(fmt.Sprintf("%s: %s\n", written, said)))
		}
		if failed {
			return bot.ErrFindings
		}
		return nil
	})
}

// one withholds a file, whether it has a case yet or not.
func (w Withhold) one(ctx context.Context, p *pass, written string) (string, error) {
	c, err := p.withholdable(ctx, written)
	if err != nil {
		return "", err
	}
	d := casebook.Decision{To: casebook.Withheld, By: "operator", Time: p.start, Way: casebook.ByCommand, Note: w.Reason}
	if w.Undo {
		d.To = casebook.Open
	}
	verdict := casebook.Nothing
	err = p.Store.Update(func(tx storage.Tx) error {
		if _, known, err := casebook.GetCase(tx, c.SHA1); err != nil {
			return err
		} else if !known {
			if err := casebook.PutCase(tx, c); err != nil {
				return err
			}
		}
		c, verdict, err = casebook.Decide(tx, c.SHA1, d, casebook.Reviewer{Name: "operator", Operator: true})
		if err == nil && w.Undo && len(c.Matches) == 0 && len(c.Evidence) == 0 {
			c.Archived = p.start // nothing was found: there is nothing to review
			err = casebook.PutCase(tx, c)
		}
		return err
	})
	switch {
	case err != nil:
		return "", fmt.Errorf("storing that it is withheld: %w", err)
	case verdict == casebook.Nothing:
		return "was " + c.State.String() + " already", nil
	}
	return "is " + c.State.String() + " now; the pages follow with the next pass", nil
}

// withholdable is the case of a file, or an empty one for a file that has none.
func (p *pass) withholdable(ctx context.Context, written string) (c casebook.Case, err error) {
	title, ok := p.fileTitle(written)
	if !ok {
		return c, fmt.Errorf("that is no title of a file; write it as in 'File:Sparrow.jpg'")
	}
	found, err := p.lookUp(ctx, []string{title}, 0)
	if err != nil {
		return c, err
	}
	f := found[title]
	err = p.Store.View(func(tx storage.Tx) error {
		if f.sha1 == "" { // deleted, and perhaps remembered
			f.sha1, _, err = casebook.AtTitle(tx, title)
		}
		if err == nil && f.sha1 != "" {
			c, ok, err = casebook.GetCase(tx, f.sha1)
		}
		return err
	})
	if err != nil || f.sha1 == "" {
		return c, errOr(err, "there is no such file, and none is remembered")
	}
	if c.SHA1 == "" {
		c = casebook.Case{SHA1: f.sha1, Title: f.title, Uploader: f.user, Uploaded: f.time, Opened: p.start}
	}
	return c, nil
}

func errOr(err error, text string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s", text)
}
