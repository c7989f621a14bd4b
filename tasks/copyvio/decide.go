package copyvio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/board"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/recipe"
)

// board is the pages of cases, for this pass.
func (p *pass) board() *board.Board {
	if p.pages == nil {
		p.pages = board.New(board.Config{Wiki: p.Wiki, Pages: p.Reports, Store: p.Store, Task: Name,
			Groups: p.config.Reviewers, Now: p.Now, Log: p.Log})
	}
	return p.pages
}

// readDecisions reads what people changed on the pages of cases, and applies it.
func (p *pass) readDecisions(ctx context.Context) error {
	rows, err := p.sheetRows()
	if err != nil {
		return err
	}
	var names []string
	for name := range rows {
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil
	}
	news, err := p.board().Read(ctx, names...)
	if marked := p.markTouched(news.Touched(), rows); marked != nil {
		return errors.Join(err, marked)
	}
	outcomes, applied := p.board().Apply(ctx, news)
	for _, r := range board.Refusals(outcomes) {
		p.Log.Info().Str("user", r.By).Str("page", r.Page).Int64("revision", r.Rev).Str("why", string(r.Why)).Int("cases", len(r.Cases)).
			Msg("decisions that do not count")
	}
	if applied != nil {
		return errors.Join(err, fmt.Errorf("applying decisions: %w", applied))
	}
	return err
}

// markTouched notes that pages may not read as they were published: before the
// changes on them are applied, so that a pass that is cut short puts them right.
func (p *pass) markTouched(names []string, rows map[string]sheetRow) error {
	err := storage.UpdateEach(p.Store, names, func(tx storage.Tx, name string) error {
		row := rows[name]
		row.Print = "touched"
		return sheetTable.Put(tx, row, name)
	})
	if err != nil {
		return fmt.Errorf("noting which pages of cases were edited: %w", err)
	}
	return nil
}

// follow counts and tells the decisions that came in since the last pass, on
// whatever way: by a page, the review API or a command.
func (p *pass) follow(ctx context.Context) error {
	cases, err := p.live()
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.Followed.Equal(c.Decided) {
			continue
		}
		if err := p.followOne(ctx, c); err != nil {
			return fmt.Errorf("following the decision about %s: %w", c.Title, err)
		}
	}
	return nil
}

func (p *pass) followOne(ctx context.Context, c casebook.Case) error {
	decision, err := p.lastDecision(c.SHA1)
	if err != nil {
		return err
	}
	state := toldReopened
	switch c.State {
	case casebook.Accepted:
		state = toldAccepted
	case casebook.Rejected:
		state = toldRejected
	}
	news, err := p.news(ctx, c, state, decision)
	if err != nil {
		return err
	}
	return p.Store.Update(func(tx storage.Tx) error {
		now, _, err := casebook.GetCase(tx, c.SHA1)
		if err != nil || !now.Decided.Equal(c.Decided) || now.State != c.State {
			return err // decided anew meanwhile: the next pass
		}
		if err := count(tx, p.start, func(d *dayRow) { d.decided(now, decision) }); err != nil {
			return err
		}
		now.Followed, now.Counted = now.Decided, casebook.Open
		if now.State.Decided() {
			now.Counted = now.State
		}
		if err := casebook.PutCase(tx, now); err != nil {
			return err
		}
		return p.box.Add(tx, news...)
	})
}

// lastDecision is the last one about a case that counts.
func (p *pass) lastDecision(sha1 string) (last casebook.Decision, err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		all, err := casebook.Decisions(tx, sha1)
		for _, d := range all {
			if d.Verdict == casebook.Counts {
				last = d
			}
		}
		return err
	})
	return last, err
}

// live are the cases that are not in the archive.
func (p *pass) live() (cases []casebook.Case, err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		cases, err = casebook.Live(tx)
		return err
	})
	return cases, err
}

// act brings the actions of cases forward.
func (p *pass) act(ctx context.Context) error {
	if err := p.follow(ctx); err != nil {
		return err
	}
	cases, err := p.live()
	if err != nil {
		return err
	}
	runner, err := p.runner()
	if err != nil {
		return nil // newPass has told, and so does Status; nothing is done until the config is right
	}
	for _, c := range cases {
		if !recipe.Wanted(c) {
			continue
		}
		if err := runner.Advance(ctx, c.SHA1); err != nil {
			return err
		}
	}
	return nil
}

// runner does what the recipe of this wiki says.
func (p *pass) runner() (*recipe.Runner, error) {
	r, action, err := p.recipe()
	if err != nil {
		return nil, err
	}
	return recipe.New(recipe.Config{Task: Name, Kind: Kind, Gate: p.Gate, Wiki: p.Wiki, Store: p.Store, Words: p.words(),
		Recipe: r, Action: action, Grace: time.Duration(p.config.Grace), Refuses: p.Notices.Refuses, Unfinished: p.Unfinished, Now: p.Now, Log: p.Log}), nil
}

// recipe is that of this wiki, and the procedure that the config wants.
func (p *pass) recipe() (recipe.Recipe, string, error) {
	all, err := recipe.All()
	if err != nil {
		return recipe.Recipe{}, "", err
	}
	choice := recipe.Choice{Recipe: p.config.Recipe, Action: p.config.Action, Template: p.config.Template}
	r, action, err := recipe.Choose(all, choice, p.Wiki.Site())
	if err != nil {
		return r, action, fmt.Errorf("config.json, tasks/copyvio: %w", err)
	}
	return r, action, nil
}

// copyright says whether a deletion reason is about copyright, by the recipe of
// this wiki, or where its config has none by the one for every wiki.
func (p *pass) copyright() (func(reason string) bool, error) {
	r, _, err := p.recipe()
	if err != nil {
		all, err := recipe.All()
		if err != nil {
			return nil, err
		}
		r = all[recipe.Generic]
	}
	if r.CopyvioPattern == nil {
		return func(string) bool { return false }, nil
	}
	return r.CopyvioPattern.MatchString, nil
}
