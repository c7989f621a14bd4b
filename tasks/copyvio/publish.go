package copyvio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/board"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/recipe"
	"filewarden/templates"
)

// publish brings all pages up to date. A page that reads as it did, and that
// nobody touched, is not even asked for.
func (p *pass) publish(ctx context.Context) error {
	cases, err := p.live()
	if err != nil {
		return err
	}
	rows, err := p.sheetRows()
	if err != nil {
		return err
	}
	lists := p.lists(cases)
	wanted := sheets(lists)
	failed := []error{p.publishCase(ctx)}
	for n, s := range slices.Concat(wanted, emptied(rows, wanted)) {
		p.Progress("pages of cases", n, len(wanted))
		err := p.publishSheet(ctx, s, rows[s.name()])
		if err != nil && (ctx.Err() != nil || closed(err)) {
			return err
		}
		var skipped *board.Skipped
		if errors.As(err, &skipped) {
			p.Log.Warn().Err(err).Msg("a page of cases is left as it is")
			continue
		}
		failed = append(failed, err)
	}
	failed = append(failed, p.publishOthers(ctx, lists))
	return errors.Join(failed...)
}

// saySkipped says on the status page that a page of cases cannot be written,
// until it can.
func (p *pass) saySkipped(name string, err error) error {
	text := ""
	var skipped *board.Skipped
	if errors.As(err, &skipped) && skipped.Reason != board.Behind {
		text = fmt.Sprintf("%s is not up to date, because the wiki did not take it (%s)", skipped.Page, skipped.Reason)
		var no *wiki.Error
		if errors.As(err, &no) {
			text += ": " + no.Info
		}
	}
	if err := p.Unfinished("page/"+name, text); err != nil {
		return fmt.Errorf("saying that %s is not up to date: %w", name, err)
	}
	return nil
}

// closed says whether no other page can be written either.
func closed(err error) bool {
	var refused *gate.Refused
	if errors.As(err, &refused) {
		return refused.Reason == gate.Stopped || refused.Reason == gate.TaskStop || refused.Reason == gate.TrialOver || refused.Reason == gate.Unreadable
	}
	var no *wiki.Error
	return errors.As(err, &no) && no.Advice == wiki.Stop
}

// emptied are the pages that had cases and have none now.
func emptied(rows map[string]sheetRow, wanted []sheet) (all []sheet) {
	has := map[string]bool{}
	for _, s := range wanted {
		has[s.name()] = true
	}
	for name, row := range rows {
		if !has[name] {
			all = append(all, sheet{list: list{kind: row.Kind, label: row.Label, base: name}, number: 1, of: 1})
		}
	}
	slices.SortFunc(all, func(a, b sheet) int {
		if a.base < b.base {
			return -1
		}
		return 1
	})
	return all
}

// publishSheet publishes one page of cases, where it says something new or
// somebody touched it.
func (p *pass) publishSheet(ctx context.Context, s sheet, row sheetRow) error {
	name := s.name()
	print, err := p.printOf(s)
	if err != nil {
		return err
	}
	if row.Print == "" && len(s.cases) == 0 && !s.stands() {
		return nil // a list that never had a case has no page
	}
	if row.Print == print {
		return nil
	}
	_, err = p.board().Publish(ctx, board.Sheet{Name: name, Summary: p.sheetSummary(s),
		Draw: func(now string, inert board.Hosts) (board.Drawn, error) { return p.draw(s, now, inert, p.start) }})
	if said := p.saySkipped(name, err); said != nil || err != nil {
		return errors.Join(err, said)
	}
	if print, err = p.printOf(s); err != nil { // with the decisions that came in meanwhile
		return err
	}
	next := sheetRow{Print: print, Kind: s.kind, Label: s.label}
	err = p.Store.Update(func(tx storage.Tx) error {
		if len(s.cases) == 0 && !s.stands() {
			return sheetTable.Delete(tx, name) // nothing is to be read there any more
		}
		return sheetTable.Put(tx, next, name)
	})
	if err != nil {
		return fmt.Errorf("remembering what %s says: %w", name, err)
	}
	return nil
}

func (p *pass) sheetSummary(s sheet) string {
	words := p.words()
	return words.Summary("copyvio-summary-cases", templates.Plain(words.CopyvioTitle(s.kind, s.label)), templates.Num(s.open()))
}

// printOf is a hash of what a page would say, whatever the time on it.
func (p *pass) printOf(s sheet) (string, error) {
	drawn, err := p.draw(s, "", board.Hosts{}, time.Time{})
	if err != nil {
		return "", err
	}
	return hashOf(drawn.Text), nil
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// draw makes the bot's part of a page, with the cases as they are now.
func (p *pass) draw(s sheet, now string, inert board.Hosts, made time.Time) (board.Drawn, error) {
	cases, replaced, err := p.again(s.shown())
	if err != nil {
		return board.Drawn{}, err
	}
	view := p.pageOf(s, made)
	written := map[string]page.Entry{}
	for _, e := range page.Read(now) {
		written[e.ID] = e
	}
	var links []string
	for _, c := range cases {
		e := written[c.SHA1]
		around := page.Around{Note: e.Note, Below: e.Below, Missing: !c.GoneAt.IsZero(), Provider: provider.Readable,
			Refuses: func(host string) bool { return inert.Has("https://" + host + "/") }}
		entry := page.View(c, around)
		if replaced[c.SHA1] && entry.Hidden == "" {
			entry.Hidden = "replaced"
		}
		view.Cases = append(view.Cases, entry)
		for _, m := range c.Matches {
			links = append(links, nonEmpty(m.Page, m.URL)...)
		}
	}
	return board.Drawn{Text: p.words().CopyvioPageText(view), Links: links}, nil
}

// again reads cases anew, without those that were withheld meanwhile, and which
// of them have files that show another picture now.
func (p *pass) again(cases []casebook.Case) (all []casebook.Case, replaced map[string]bool, err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		all, replaced = nil, map[string]bool{}
		for _, c := range cases {
			now, known, err := casebook.GetCase(tx, c.SHA1)
			if err != nil {
				return err
			}
			image, there, err := casebook.GetImage(tx, c.SHA1)
			if err != nil {
				return err
			}
			if replaced[c.SHA1] = there && !image.Stands(now.Title); known && now.Shown() {
				all = append(all, now)
			}
		}
		return nil
	})
	return all, replaced, err
}

// pageOf is a page without its cases.
func (p *pass) pageOf(s sheet, made time.Time) templates.CopyvioPage {
	acting, recipe := p.acting()
	v := templates.CopyvioPage{Kind: s.kind, Name: s.label, Number: s.number, Of: s.of, Open: s.open(), Names: p.names(),
		Reviewers: p.config.Reviewers, Acting: acting, Recipe: recipe, Account: p.Wiki.Account().Name, Made: made}
	if name := s.page(s.number - 1); name != "" {
		v.Previous = p.Reports.Title(name)
	}
	if name := s.page(s.number + 1); name != "" {
		v.Next = p.Reports.Title(name)
	}
	return v
}

// acting is what follows on accepting a case, in the word of a message.
func (p *pass) acting() (word, name string) {
	r, action, err := p.recipe()
	if err != nil || action == recipe.None {
		return "off", ""
	}
	return "recipe", r.Name
}

// names are the titles of the pages.
func (p *pass) names() templates.CopyvioNames {
	title := p.Reports.Title
	n := templates.CopyvioNames{Index: title(indexName), Case: title(caseName), All: title(allName), Checks: title(checksName),
		Log: title(logName), Statistics: title(statisticsName), Archive: "Special:PrefixIndex/" + title(archiveName),
		Help: title("Help"), Requests: title("Requests")}
	if p.config.NewUploaders > 0 {
		n.Newcomers = "Special:PrefixIndex/" + title(newcomersName)
	}
	return n
}
