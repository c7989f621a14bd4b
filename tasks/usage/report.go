package usage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"filewarden/bot/report"
	"filewarden/storage"
	"filewarden/templates"
)

// How much a report shows.
const (
	reportRows   = 100
	reportWikis  = 20
	reportMonths = 12
)

// publishReports brings the page of each set up to date. What a page says is
// remembered without the time at which it was made, so it is only written when
// it says something else.
func (p *pass) publishReports(ctx context.Context) error {
	for _, s := range p.config.Sets {
		if err := p.publishReport(ctx, s); err != nil {
			return fmt.Errorf("report on %s: %w", s.Name, err)
		}
	}
	return nil
}

func (p *pass) publishReport(ctx context.Context, s Set) error {
	about, err := p.reportOn(ctx, s)
	if err != nil {
		return err
	}
	words := p.Words.In(p.Env.Config.Language)
	part := report.Part{Task: Name, Name: "Usage/" + s.Name, Summary: words.Summary("report-usage-title", templates.Plain(s.Name))}
	_, err = p.Reports.Refresh(ctx, part, func(made time.Time) string {
		about.Made = made
		return words.UsageReportPage(about)
	})
	return err
}

// tally adds up the files of a report.
type tally struct {
	templates.UsageReport
	wikis  map[string]int
	months map[string]int
	month  string // the current one
}

// reportOn a set, from memory.
func (p *pass) reportOn(ctx context.Context, s Set) (templates.UsageReport, error) {
	files, err := p.setFiles(s)
	if err != nil {
		return templates.UsageReport{}, err
	}
	t := &tally{wikis: map[string]int{}, months: map[string]int{}, month: monthOf(dayOf(p.start))}
	t.Set, t.Account = s.Name, p.Wiki.Account().Name
	err = p.Store.View(func(tx storage.Tx) error {
		for _, file := range files {
			row, _, err := fileTable.Get(tx, p.followed.now(file))
			if err != nil {
				return err
			}
			t.add(file, row)
		}
		return nil
	})
	if err != nil {
		return templates.UsageReport{}, err
	}
	t.finish(p.start)
	language := p.Env.Config.Language
	for _, key := range mostFirst(t.wikis, reportWikis) {
		t.ByWiki = append(t.ByWiki, templates.UsageCount{Name: p.Farm.Name(ctx, placeOf(key), language), Count: t.wikis[key]})
	}
	return t.UsageReport, nil
}

// add one file.
func (t *tally) add(file string, row fileRow) {
	t.Files++
	if len(row.Uses) == 0 {
		return
	}
	line := templates.UsageRow{File: file, Uses: len(row.Uses), First: timeOf(row.First)}
	on := map[int]bool{}
	for _, u := range row.Uses {
		on[u.Wiki] = true
		t.wikis[row.Wikis[u.Wiki]]++
		switch month := monthOf(u.Day); {
		case u.Base:
			line.Before = true
		default:
			t.months[month]++
			if month == t.month {
				line.New++
			}
		}
	}
	if line.Before {
		line.First = timeOf(row.Since)
	}
	line.Wikis = len(on)
	t.Used++
	t.Uses += line.Uses
	t.New += line.New
	t.Rows = append(t.Rows, line)
}

// finish orders and cuts what is shown.
func (t *tally) finish(now time.Time) {
	t.Wikis = len(t.wikis)
	slices.SortStableFunc(t.Rows, func(a, b templates.UsageRow) int {
		return cmp.Or(cmp.Compare(b.Uses, a.Uses), cmp.Compare(a.File, b.File))
	})
	if over := len(t.Rows) - reportRows; over > 0 {
		t.More, t.Rows = over, t.Rows[:reportRows]
	}
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for back := reportMonths - 1; back >= 0; back-- {
		month := first.AddDate(0, -back, 0).Format("2006-01")
		if n := t.months[month]; n > 0 || len(t.ByMonth) > 0 {
			t.ByMonth = append(t.ByMonth, templates.UsageCount{Name: month, Count: n})
		}
	}
}

func monthOf(day int) string { return dayTime(day).Format("2006-01") }

// mostFirst are the keys with the greatest numbers, at most so many.
func mostFirst(counts map[string]int, most int) []string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return keys[:min(len(keys), most)]
}
