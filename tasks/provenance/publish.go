package provenance

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/storage"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// Names of pages beneath the prefix.
const (
	overviewName = "Provenance"
	rulesName    = "Provenance/Rules"
)

// reportName is where the report on a page stands.
func reportName(title string) string { return overviewName + "/" + title + "/report" }

// publish brings the pages of the task up to date. What a page says is
// remembered without the time at which it was made, so one that would say the
// same is not even looked at.
func (p *pass) publish(ctx context.Context) error {
	found, err := p.allFindings()
	if err != nil {
		return err
	}
	if err := p.recallReports(); err != nil {
		return err
	}
	words := p.words()
	probe, err := p.lastProbe()
	if err != nil {
		return err
	}
	overview := p.overview(found)
	overview.Probe = probe.table()
	failed := errors.Join(
		p.publishRules(ctx),
		p.publishOne(ctx, overviewName, words.PlainText("provenance-title"), func(made time.Time) string {
			overview.Made = made
			return words.ProvenanceOverviewText(overview)
		}))
	if failed != nil {
		return failed
	}
	return p.publishPages(ctx, found)
}

func (p *pass) words() *templates.Language { return p.Words.In(p.Env.Config.Language) }

// publishPages publishes the reports on single pages, the gravest first. One
// that cannot be written keeps none of the others back.
func (p *pass) publishPages(ctx context.Context, found map[int64]map[string]findingRow) error {
	ids := p.reported(found)
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(worst(found[b], stateOpen), worst(found[a], stateOpen)), cmp.Compare(p.known[a].Title, p.known[b].Title))
	})
	var failed []error
	for n, id := range ids {
		p.Progress("reports", n, len(ids))
		if err := p.publishPage(ctx, id, found); err != nil {
			if ctx.Err() != nil || closed(err) {
				return err
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// reported are the pages that have findings or had a report. Of two with one
// title, the one that was deleted has none; nor has a page without findings
// whose title leads from a page that was moved.
func (p *pass) reported(found map[int64]map[string]findingRow) (ids []int64) {
	live, former := map[string]bool{}, map[string]bool{}
	for _, row := range p.known {
		live[row.Title] = live[row.Title] || row.Gone != goneDeleted
		for _, title := range row.Former {
			former[title] = true
		}
	}
	for id, row := range p.known {
		had := p.prints[reportName(row.Title)] != "" && !former[row.Title]
		if (len(found[id]) > 0 || had) && (row.Gone != goneDeleted || !live[row.Title]) {
			ids = append(ids, id)
		}
	}
	return ids
}

// closed says whether no other page can be written either.
func closed(err error) bool {
	var no *gate.Refused
	return errors.As(err, &no) && (no.Reason == gate.Stopped || no.Reason == gate.TaskStop || no.Reason == gate.TrialOver || no.Reason == gate.Unreadable)
}

// publishPage publishes the report on one page where it is worth one, or had
// one, and says on the reports under its former titles where it is now.
func (p *pass) publishPage(ctx context.Context, id int64, all map[int64]map[string]findingRow) error {
	row, found := p.known[id], all[id]
	name := reportName(row.Title)
	if worst(found, stateOpen, stateIgnored, stateFixed) < parseSeverity(p.config.Severity) && p.prints[name] == "" {
		return nil
	}
	words := p.words()
	page := p.pageReport(row, found)
	err := p.publishOne(ctx, name, words.PlainText("provenance-page-title", templates.Plain(row.Title)), func(made time.Time) string {
		page.Made = made
		return words.ProvenancePageText(page)
	})
	for _, former := range row.Former {
		err = errors.Join(err, p.publishMove(ctx, former, row.Title, all))
	}
	return err
}

// publishMove leads from the report under an old title to the new one, unless
// another page has the old title by now and findings of its own; a redirect
// that the move left behind has none.
func (p *pass) publishMove(ctx context.Context, from, to string, found map[int64]map[string]findingRow) error {
	if p.prints[reportName(from)] == "" {
		return nil
	}
	for id, row := range p.known {
		if row.Title == from && len(found[id]) > 0 {
			return nil
		}
	}
	words := p.words()
	return p.publishOne(ctx, reportName(from), words.PlainText("provenance-page-title", templates.Plain(from)), func(made time.Time) string {
		return words.ProvenancePageText(templates.ProvenancePage{Page: from, MovedTo: to, Account: p.Wiki.Account().Name, Made: made})
	})
}

// publishRules publishes the page that explains the rules. What their examples
// are found to be is worked out only when rules or words are others than last
// time: a pass without news analyses nothing.
func (p *pass) publishRules(ctx context.Context) error {
	words, account := p.words(), p.Wiki.Account().Name
	print := fingerprint(p.rules + words.ProvenanceRulesText(examples(nil), account, time.Time{}))
	return p.publishNew(ctx, rulesName, words.PlainText("provenance-rules-title"), print, func(made time.Time) string {
		return words.ProvenanceRulesText(examples(p.audit), account, made)
	})
}

// publishOne publishes a page when it says something else than last time.
func (p *pass) publishOne(ctx context.Context, name, about string, text func(made time.Time) string) error {
	return p.publishNew(ctx, name, about, fingerprint(text(time.Time{})), text)
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// publishNew publishes a page whose print is another one than last time.
func (p *pass) publishNew(ctx context.Context, name, about, print string, text func(made time.Time) string) error {
	if p.prints[name] == print {
		return nil
	}
	_, err := p.Reports.Publish(ctx, report.Part{Task: Name, Name: name, Text: text(p.start),
		Summary: p.words().Summary("summary-report", templates.Plain(about))})
	var no *gate.Refused
	if errors.As(err, &no) && !closed(err) {
		p.Log.Info().Err(err).Msg("a report is not wanted where it would stand")
		return nil
	}
	if err != nil {
		return err
	}
	p.prints[name] = print
	return p.Store.Update(func(tx storage.Tx) error { return reportTable.Put(tx, print, name) })
}

// recallReports remembers what each page said when it was last published.
func (p *pass) recallReports() error {
	p.prints = map[string]string{}
	err := p.Store.View(func(tx storage.Tx) error {
		for row, err := range reportTable.Scan(tx) {
			if err != nil {
				return err
			}
			p.prints[row.Key[0]] = row.Value
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remembering what the reports say: %w", err)
	}
	return nil
}

// allFindings by page and id.
func (p *pass) allFindings() (map[int64]map[string]findingRow, error) {
	found := map[int64]map[string]findingRow{}
	err := p.Store.View(func(tx storage.Tx) error {
		for row, err := range findingTable.Scan(tx) {
			if err != nil {
				return err
			}
			id := idOf(row.Key[0])
			if found[id] == nil {
				found[id] = map[string]findingRow{}
			}
			found[id][row.Key[1]] = row.Value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	return found, nil
}

// worst severity of the findings in one of the states; 0 when there are none.
func worst(found map[string]findingRow, states ...string) (s rule.Severity) {
	for _, f := range found {
		if slices.Contains(states, f.State) {
			s = max(s, f.Severity)
		}
	}
	return s
}

// askAddress opens a request to audit a page again.
func (p *pass) askAddress(title string) string {
	return notice.RequestAddress(p.Wiki.Site(), p.Reports.Title(""), notice.Request{Verb: askVerb, Name: title})
}
