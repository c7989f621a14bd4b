package usage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
)

// talkRow is one thing that one talk page is to be told. It is stored together
// with the fact, and deleted when it was written. Before it is written it gets
// the id of its delivery, which stands in the edit summary: after a crash the
// page's history is asked whether it was written.
type talkRow struct {
	Page       string // talk page
	File       string
	What       string
	Discussion string
	Delivery   string
}

// maxTalkPages is how many talk pages are told about one file.
const maxTalkPages = 10

// planTalk notes which talk pages of this wiki are to be told.
func (p *pass) planTalk(tx storage.Tx, file string, row fileRow, n deletionNews) error {
	if !p.config.Deletion.TalkPages {
		return nil
	}
	planned := 0
	for _, u := range row.Uses {
		talk, ok := p.talkOf(row.Wikis[u.Wiki], u)
		if !ok {
			continue
		}
		if planned++; planned > maxTalkPages {
			return nil
		}
		id := eventID("talk", n.what, talk, file, n.time.UTC().Format("20060102150405"))
		if err := talkTable.Put(tx, talkRow{Page: talk, File: file, What: n.what, Discussion: n.discussion}, id); err != nil {
			return err
		}
	}
	return nil
}

// talkOf is the talk page of a using page on this wiki, where there can be one.
func (p *pass) talkOf(key string, u useRow) (string, bool) {
	t, err := p.Wiki.Title(u.Title)
	if key != "" || err != nil || t.NS < 0 || t.NS%2 != 0 || t.NS == nsFile {
		return "", false
	}
	return p.Wiki.Site().Namespaces[t.NS+1] + ":" + t.Name, true
}

// tellTalkPages writes one section on each talk page that has something to be told.
func (p *pass) tellTalkPages(ctx context.Context) error {
	rows, err := p.talkRows()
	if err != nil || len(rows) == 0 {
		return err
	}
	groups := map[string][]storage.Row[talkRow]{}
	var order []string
	for _, row := range rows {
		key := row.Value.Page + "\x00" + row.Value.Delivery // what was begun stays together
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], row)
	}
	for _, key := range order {
		if err := p.tellTalkPage(ctx, groups[key]); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) talkRows() (rows []storage.Row[talkRow], err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		for row, err := range talkTable.Scan(tx) {
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// tellTalkPage writes one section, unless the page's history says that it was
// written already.
func (p *pass) tellTalkPage(ctx context.Context, rows []storage.Row[talkRow]) error {
	page, id := rows[0].Value.Page, rows[0].Value.Delivery
	if id != "" {
		rev, err := p.Gate.Sent(ctx, page, id)
		if err != nil {
			return err
		}
		if rev != 0 {
			return p.talkDone(rows)
		}
	}
	if id == "" {
		var err error
		if id, err = p.beginTalk(rows); err != nil {
			return err
		}
	}
	words := p.Words.In(p.Env.Config.Language)
	_, err := p.Gate.Edit(ctx, gate.Edit{Task: Name, Kind: KindDeletion, Title: page, Section: "new",
		Heading: words.Text("deletion-talk-title", templates.Num(len(rows)), templates.Date(p.start)),
		Text:    talkText(words, rows), Summary: words.Summary("kind-file-deletion"), ID: id})
	return p.afterTalk(rows, err)
}

// beginTalk gives rows the id of their delivery before anything is written.
func (p *pass) beginTalk(rows []storage.Row[talkRow]) (id string, err error) {
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.Key[0])
	}
	slices.Sort(ids)
	id = eventID("d", ids...)[2:14]
	return id, p.Store.Update(func(tx storage.Tx) error {
		for _, row := range rows {
			row.Value.Delivery = id
			if err := talkTable.Put(tx, row.Value, row.Key...); err != nil {
				return err
			}
		}
		return nil
	})
}

// afterTalk decides what a failed write means: a page that says no is not
// asked again; what the bot may not do now waits for the next pass.
func (p *pass) afterTalk(rows []storage.Row[talkRow], err error) error {
	var refused *gate.Refused
	var api *wiki.Error
	switch {
	case err == nil:
		return p.talkDone(rows)
	case errors.As(err, &refused) && (refused.Reason == gate.Excluded || refused.Reason == gate.Unfit):
		p.Log.Info().Str("page", rows[0].Value.Page).Str("reason", string(refused.Reason)).Msg("a talk page is not told about a deletion")
		return p.talkDone(rows)
	case errors.As(err, &refused) && (refused.Reason == gate.Deferred || refused.Reason == gate.TrialOver):
		return nil
	case errors.As(err, &api) && api.Advice == wiki.Skip:
		p.Log.Warn().Err(err).Str("page", rows[0].Value.Page).Msg("a talk page cannot be told about a deletion")
		return p.talkDone(rows)
	}
	return fmt.Errorf("telling %s: %w", rows[0].Value.Page, err)
}

func (p *pass) talkDone(rows []storage.Row[talkRow]) error {
	return p.Store.Update(func(tx storage.Tx) error {
		for _, row := range rows {
			if err := talkTable.Delete(tx, row.Key...); err != nil {
				return err
			}
		}
		return nil
	})
}

// talkText is the section: a line for each file, signed.
func talkText(words *templates.Language, rows []storage.Row[talkRow]) string {
	var lines []string
	for _, row := range rows {
		var discussion any = templates.Plain("")
		if row.Value.Discussion != "" {
			discussion = templates.Link(row.Value.Discussion, "")
		}
		lines = append(lines, "* "+words.Text("deletion-talk-"+row.Value.What,
			templates.Link(row.Value.File, bareName(row.Value.File)), templates.Plain(""), discussion))
	}
	return strings.Join(lines, "\n") + " ~~~~"
}
