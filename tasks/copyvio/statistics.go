package copyvio

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/provider"
	"filewarden/templates"
)

// publishStatistics publishes the numbers.
func (p *pass) publishStatistics(ctx context.Context) error {
	view := templates.CopyvioStatistics{Names: p.names(), Account: p.Wiki.Account().Name}
	var week, month, all dayRow
	err := p.Store.View(func(tx storage.Tx) (err error) {
		for _, sum := range []struct {
			of   *dayRow
			from time.Time
		}{{&week, p.start.AddDate(0, 0, -6)}, {&month, p.start.AddDate(0, 0, -29)}, {&all, time.Time{}}} {
			if *sum.of, err = since(tx, sum.from); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading statistics: %w", err)
	}
	live, err := p.live()
	if err != nil {
		return err
	}
	view.Searched, view.Opened, view.Open, view.Accepted, view.Rejected = all.Searched, all.Opened, undecided(live), all.Accepted, all.Rejected
	view.Median = all.median()
	for _, name := range slices.Sorted(maps.Keys(all.Reviewers)) {
		view.Reviewers = append(view.Reviewers, templates.CopyvioReviewer{Name: name, Week: week.Reviewers[name], Month: month.Reviewers[name], All: all.Reviewers[name]})
	}
	slices.SortStableFunc(view.Reviewers, func(a, b templates.CopyvioReviewer) int { return b.All - a.All })
	if view.Providers, err = p.providerRows(all); err != nil {
		return err
	}
	words := p.words()
	return p.publishReport(ctx, statisticsName, words.Summary("copyvio-summary-statistics"), func(made time.Time) string {
		view.Made = made
		return words.CopyvioStatisticsText(view)
	})
}

func (p *pass) providerRows(all dayRow) (rows []templates.CopyvioProvider, err error) {
	figures, err := p.library.desk.Figures()
	if err != nil {
		return nil, fmt.Errorf("counting what providers found: %w", err)
	}
	for _, f := range figures {
		rows = append(rows, templates.CopyvioProvider{Name: provider.Readable(f.Provider), Asked: f.Ever.Asked, Found: f.Ever.Found,
			Accepted: all.Providers[f.Provider].Accepted, Failed: f.Ever.Failed, Units: f.Ever.Units})
	}
	return rows, nil
}
