package copyvio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/templates"
)

// publishNewcomers publishes the lists of uploads by new users, of today and of
// the days of which cases may still come.
func (p *pass) publishNewcomers(ctx context.Context) error {
	if p.config.NewUploaders == 0 {
		return nil
	}
	var failed []error
	days := 2 + int(time.Duration(p.config.Wait)/(24*time.Hour))
	for n := min(days, mostDays); n >= 0; n-- {
		failed = append(failed, p.publishNewcomersOf(ctx, p.start.AddDate(0, 0, -n)))
	}
	return errors.Join(failed...)
}

// mostDays back are lists of new users' uploads brought up to date.
const mostDays = 10

func (p *pass) publishNewcomersOf(ctx context.Context, at time.Time) error {
	day := func(n int) string { return at.AddDate(0, 0, n).Format(time.DateOnly) }
	title := func(n int) string { return p.Reports.Title(newcomersName + day(n)) }
	view := templates.CopyvioNewcomers{Date: day(0), Previous: title(-1), Next: title(1), Most: p.config.NewUploaders,
		Names: p.names(), Account: p.Wiki.Account().Name}
	err := p.Store.View(func(tx storage.Tx) error {
		view.Users = nil
		for row, err := range newcomerTable.Scan(tx, day(0)) {
			if err != nil {
				return err
			}
			u, err := p.newcomer(tx, row.Key[1], row.Value)
			if err != nil {
				return err
			}
			view.Users = append(view.Users, u)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading uploads of new users: %w", err)
	}
	if len(view.Users) == 0 {
		return nil
	}
	words := p.words()
	return p.publishReport(ctx, newcomersName+day(0), words.Summary("copyvio-summary-newcomers", templates.Num(len(view.Users))), func(made time.Time) string {
		view.Made = made
		return words.CopyvioNewcomersText(view)
	})
}

func (p *pass) newcomer(tx storage.Tx, name string, row newcomerRow) (templates.CopyvioNewcomer, error) {
	u := templates.CopyvioNewcomer{CopyvioPerson: page.Person(name, row.Person)}
	for _, f := range row.Files {
		c, known, err := casebook.GetCase(tx, f.SHA1)
		if err != nil {
			return u, err
		}
		image, _, err := casebook.GetImage(tx, f.SHA1)
		if err != nil {
			return u, err
		}
		file := templates.CopyvioUpload{File: f.Title, Time: f.Time, Width: f.Width, Height: f.Height, Licence: f.Licence, Again: f.Again,
			Hidden: hiddenWhy(f, image, c, known), Signs: page.Signs(f.Signs, f.Title)}
		if known && c.Shown() {
			file.Case, file.State = p.sectionOf(c), c.State.String()
		}
		if known && c.State == casebook.Withheld {
			continue
		}
		u.Files = append(u.Files, file)
	}
	return u, nil
}

// hiddenWhy says why a picture is not shown; "" it is.
func hiddenWhy(f newFile, image casebook.Image, c casebook.Case, known bool) string {
	switch {
	case image.Title() == "" || deletedAt(image, f.Title) || known && !c.GoneAt.IsZero():
		return "gone"
	case f.Hidden || known && c.NonFree:
		return "nonfree"
	case known && c.Unsafe():
		return "aside"
	}
	return ""
}

// deletedAt says that a file is gone whose content stands elsewhere.
func deletedAt(image casebook.Image, title string) bool {
	gone := false
	for _, u := range image.Uploads {
		if u.Title == title {
			gone = u.Deleted
		}
	}
	return gone
}
