package templates

import (
	"strconv"
	"strings"
	"time"
)

// UsageReport is the report on one set of files.
type UsageReport struct {
	Set     string // name of the set
	Account string // the bot, as the author
	Made    time.Time

	Files, Used, Uses, Wikis, New int // New: uses that are new this month

	Rows    []UsageRow   // the order in which they are shown; unused files are left out
	More    int          // files in use that are not in Rows
	ByWiki  []UsageCount // most first
	ByMonth []UsageCount // oldest first; names such as 2026-11
}

// UsageRow is one file.
type UsageRow struct {
	File             string // title with namespace
	Uses, Wikis, New int
	First            time.Time // of its first use
	Before           bool      // it was in use already when first seen, at First
}

// UsageCount is one bar: a name by others, or a month, and its number.
type UsageCount struct {
	Name  string
	Count int
}

type usageView struct {
	UsageReport
	AccountPage string
	Charts      []chart
	Rows        []usageRow
}

type usageRow struct {
	UsageRow
	Label     string
	SortUses  wikitext
	FirstText wikitext
}

// chart is a bar chart made of a table, because few wikis have an extension
// that draws. The numbers stand beside the bars as text.
type chart struct {
	Title, Label, Value wikitext
	Bars                []bar
}

type bar struct {
	Label string
	Width wikitext // percent of the longest
	Value int
}

// UsageReportPage is the bot's part of the page Usage/<set>.
func (l *Language) UsageReportPage(r UsageReport) string {
	v := usageView{UsageReport: r, AccountPage: "User:" + r.Account}
	v.Charts = append(v.Charts, l.chart("report-usage-by-wiki", "report-usage-wiki", r.ByWiki)...)
	v.Charts = append(v.Charts, l.chart("report-usage-by-month", "report-usage-month", r.ByMonth)...)
	for _, row := range r.Rows {
		v.Rows = append(v.Rows, l.usageRow(row))
	}
	return l.frame("reports/usage/report.wikitext", v)
}

func (l *Language) usageRow(r UsageRow) usageRow {
	_, label, _ := strings.Cut(r.File, ":")
	row := usageRow{UsageRow: r, Label: label, SortUses: wikitext(strconv.Itoa(r.Uses)), FirstText: l.day(r.First)}
	if r.Before {
		row.FirstText = wikitext(l.Text("report-usage-since", Raw(l.day(r.First))))
	}
	return row
}

// day is a date alone; the zero time is empty.
func (l *Language) day(t time.Time) wikitext {
	if t.IsZero() {
		return ""
	}
	return wikitext(t.UTC().Format(time.DateOnly))
}

// chart is empty when there is nothing to draw.
func (l *Language) chart(title, label string, counts []UsageCount) []chart {
	longest := 0
	for _, c := range counts {
		longest = max(longest, c.Count)
	}
	if longest == 0 {
		return nil
	}
	drawn := chart{wikitext(l.Text(title)), wikitext(l.Text(label)), wikitext(l.Text("report-usage-uses")), nil}
	for _, c := range counts {
		drawn.Bars = append(drawn.Bars, bar{c.Name, percentOf(c.Count, longest), c.Count})
	}
	return []chart{drawn}
}
