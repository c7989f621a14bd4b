package copyvio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/report"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/templates"
)

// publishReport publishes a page that people only read. text is asked with the
// time that stands on the page.
func (p *pass) publishReport(ctx context.Context, name, summary string, text func(made time.Time) string) error {
	_, err := p.Reports.Refresh(ctx, report.Part{Task: Name, Name: name, Summary: summary}, text)
	if err != nil && onlyThere(err) {
		p.Log.Info().Err(err).Msg("a page is left as it is")
		return nil
	}
	return err
}

// onlyThere says whether a page cannot be written, and others can: it is
// protected, a redirect, or its owner wants no bots.
func onlyThere(err error) bool {
	var refused *gate.Refused
	var moved *report.Moved
	var no *wiki.Error
	if errors.As(err, &refused) {
		return !closed(err)
	}
	return errors.As(err, &moved) || errors.As(err, &no) && no.Advice == wiki.Skip
}

// publishCase publishes the template page, which all pages of cases call.
func (p *pass) publishCase(ctx context.Context) error {
	words, account := p.words(), p.Wiki.Account().Name
	return p.publishReport(ctx, caseName, words.Summary("copyvio-summary-case"), func(made time.Time) string {
		return words.CopyvioCaseTemplate(account, made)
	})
}

// publishOthers publishes what leads to the cases and what is told of them.
func (p *pass) publishOthers(ctx context.Context, lists []list) error {
	return errors.Join(p.publishCount(ctx, lists), p.publishOverview(ctx, lists), p.publishLog(ctx),
		p.publishStatistics(ctx), p.publishNewcomers(ctx), p.publishArchive(ctx))
}

func (p *pass) publishCount(ctx context.Context, lists []list) error {
	words, open := p.words(), lists[0].open()
	return p.publishReport(ctx, countName, words.Summary("copyvio-summary-count", templates.Num(open)), func(time.Time) string { return words.CopyvioCount(open) })
}

func (p *pass) publishOverview(ctx context.Context, lists []list) error {
	words := p.words()
	acting, name := p.acting()
	view := templates.CopyvioOverview{Names: p.names(), Hours: int(time.Duration(p.config.Wait).Hours()), Providers: p.library.services(p.config.Providers),
		Reviewers: p.config.Reviewers, Acting: acting, Recipe: name, Account: p.Wiki.Account().Name, Stop: p.Reports.Title("Stop/" + Name)}
	err := p.Store.View(func(tx storage.Tx) (err error) {
		view.Waiting, err = casebook.Pending(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("counting images that wait: %w", err)
	}
	for _, l := range lists {
		if len(l.cases) > 0 || l.kind == "all" {
			view.Lists = append(view.Lists, templates.CopyvioList{Page: p.Reports.Title(l.base), Kind: l.kind, Name: l.label, Open: l.open(), Oldest: oldest(l.cases)})
		}
	}
	return p.publishReport(ctx, indexName, words.Summary("copyvio-summary-count", templates.Num(lists[0].open())), func(made time.Time) string {
		view.Made = made
		return words.CopyvioOverviewText(view)
	})
}

// oldest is when the case was opened that waits longest.
func oldest(cases []casebook.Case) (t time.Time) {
	for _, c := range cases {
		if c.State.Undecided() && (t.IsZero() || c.Opened.Before(t)) {
			t = c.Opened
		}
	}
	return t
}

// loggedDecisions is how many of the latest decisions the log shows.
const loggedDecisions = 200

func (p *pass) publishLog(ctx context.Context) error {
	words := p.words()
	view := templates.CopyvioLog{Names: p.names(), Account: p.Wiki.Account().Name}
	err := p.Store.View(func(tx storage.Tx) error {
		view.Rows = nil
		all, err := casebook.Latest(tx, loggedDecisions)
		if err != nil {
			return err
		}
		for _, d := range all {
			c, known, err := casebook.GetCase(tx, d.SHA1)
			if err != nil {
				return err
			}
			if known && c.State != casebook.Withheld {
				view.Rows = append(view.Rows, page.Decision(c, d.Decision))
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the latest decisions: %w", err)
	}
	return p.publishReport(ctx, logName, words.Summary("copyvio-summary-log"), func(made time.Time) string {
		view.Made = made
		return words.CopyvioLogText(view)
	})
}

// publishArchive publishes what left the pages today, and yesterday: a pass may
// be cut short before midnight.
func (p *pass) publishArchive(ctx context.Context) error {
	return errors.Join(p.publishArchiveOf(ctx, p.start.AddDate(0, 0, -1)), p.publishArchiveOf(ctx, p.start))
}

func (p *pass) publishArchiveOf(ctx context.Context, at time.Time) error {
	day := at.Format(time.DateOnly)
	words, view := p.words(), templates.CopyvioArchive{Date: day, Names: p.names(), Account: p.Wiki.Account().Name}
	err := p.Store.View(func(tx storage.Tx) (err error) {
		view.Rows, err = archived(tx, day)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the archive of %s: %w", day, err)
	}
	if len(view.Rows) == 0 {
		return nil
	}
	return p.publishReport(ctx, archiveName+day, words.Summary("copyvio-summary-archive", templates.Num(len(view.Rows))), func(made time.Time) string {
		view.Made = made
		return words.CopyvioArchiveText(view)
	})
}

// archived are the cases that left the pages on a day and did not come back.
func archived(tx storage.Tx, day string) (rows []templates.CopyvioCase, err error) {
	row, _, err := archiveTable.Get(tx, day)
	for _, sha1 := range row {
		c, known, err := casebook.GetCase(tx, sha1)
		if err != nil {
			return nil, err
		}
		if known && listed(c) && c.Archived.UTC().Format(time.DateOnly) == day {
			rows = append(rows, page.View(c, page.Around{Missing: !c.GoneAt.IsZero()}))
		}
	}
	return rows, err
}
