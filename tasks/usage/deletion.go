package usage

import (
	"context"
	"fmt"
	"slices"

	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// Facts of an event about deletion.
const (
	factDeletion   = "deletion" // nominated, tagged or deleted: the message's word for it
	factDiscussion = "discussion"
)

const (
	nominated = "nominated" // there is a discussion
	tagged    = "tagged"
	deleted   = "deleted"
)

// nomination is a file that was found nominated for deletion.
type nomination struct{ Since int64 }

// deleted applies the deletion log: followers are told of a deleted file, and a
// restored one is scanned again. An entry can also be about an old version of
// a file, or a redirect; so only pages that are really gone count.
func (p *pass) deleted(ctx context.Context, entries []entry) error {
	var candidates []entry
	var titles []string
	for _, e := range entries {
		row, known, err := p.fileRow(e.file)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		if e.action == "restore" && row.Deleted != 0 {
			if err := p.Store.Update(func(tx storage.Tx) error { return restore(tx, e.file) }); err != nil {
				return err
			}
		}
		if e.action == "delete" {
			candidates, titles = append(candidates, e), append(titles, e.file)
		}
	}
	gone, err := p.missing(ctx, titles)
	if err != nil {
		return err
	}
	for _, e := range candidates {
		if gone[e.file] {
			if err := p.fileGone(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *pass) fileRow(file string) (row fileRow, known bool, err error) {
	err = p.Store.View(func(tx storage.Tx) (err error) {
		row, known, err = fileTable.Get(tx, file)
		return err
	})
	return row, known, err
}

// missing says which of some pages do not exist.
func (p *pass) missing(ctx context.Context, titles []string) (map[string]bool, error) {
	gone := map[string]bool{}
	for page, err := range p.Wiki.WalkTitles(ctx, titles, 0, wiki.Params{"prop": "info"}) {
		if err != nil {
			return nil, fmt.Errorf("asking which files are gone: %w", err)
		}
		gone["File:"+bareName(page.Title)] = page.Missing
	}
	return gone, nil
}

// restore ends that a file counts as deleted: it was restored, or uploaded again.
func restore(tx storage.Tx, file string) error {
	row, known, err := fileTable.Get(tx, file)
	if err != nil || !known || row.Deleted == 0 {
		return err
	}
	row.Deleted = 0
	if err := deletionTable.Delete(tx, file); err != nil {
		return err
	}
	return putFile(tx, row, file)
}

// fileGone marks a file as deleted and tells those who followed it.
func (p *pass) fileGone(ctx context.Context, e entry) error {
	row, known, err := p.fileRow(e.file)
	if err != nil || !known || row.Deleted != 0 {
		return err
	}
	news := deletionNews{what: deleted, edit: edit{user: e.user, comment: e.comment, time: e.time}}
	if news.to, err = p.deletionHearers(ctx, e.file, row); err != nil {
		return err
	}
	return p.Store.Update(func(tx storage.Tx) error {
		row.Deleted = e.time.Unix()
		if err := putFile(tx, row, e.file); err != nil {
			return err
		}
		return p.tellDeletion(tx, e.file, row, news)
	})
}

// deletionNews is what happened to a file.
type deletionNews struct {
	what       string
	discussion string
	to         []string
	edit
}

// tellDeletion adds the events about a file, and what its using pages' talk
// pages are told, to the transaction that notes it.
func (p *pass) tellDeletion(tx storage.Tx, file string, row fileRow, n deletionNews) error {
	if p.Fresh {
		return nil
	}
	if n.time.IsZero() {
		n.time = p.start
	}
	var events []notice.Event
	for _, name := range n.to {
		e := notice.Event{ID: eventID(n.what, file, n.time.UTC().Format("20060102150405"), name), Kind: KindDeletion, User: name,
			File: file, Page: file, Agent: n.user, Rev: n.rev, Time: n.time, Facts: map[string]string{factDeletion: n.what}}
		if n.comment != "" && n.what == deleted {
			e.Facts[factComment] = cut(n.comment)
		}
		if n.discussion != "" {
			e.Facts[factDiscussion] = n.discussion
		}
		events = append(events, e)
	}
	if err := p.planTalk(tx, file, row, n); err != nil {
		return err
	}
	return p.box.Add(tx, events...)
}

// deletionHearers are the followers of a file by name, sorted.
func (p *pass) deletionHearers(ctx context.Context, file string, row fileRow) ([]string, error) {
	who := slices.DeleteFunc(slices.Clone(row.Told), func(name string) bool { return name == uploaders })
	if len(who) < len(row.Told) {
		users, err := p.uploadersOf(ctx, file)
		if err != nil {
			return nil, err
		}
		if err := p.meetAtLarge(ctx, users); err != nil {
			return nil, err
		}
		who = append(who, users...)
	}
	who = slices.DeleteFunc(who, func(name string) bool { w := p.people[name]; return w != nil && w.mute.files[file] })
	slices.Sort(who)
	return slices.Compact(who), nil
}

// uploadersOf a file that may be gone, with its versions: then the upload log
// still knows.
func (p *pass) uploadersOf(ctx context.Context, file string) ([]string, error) {
	histories, err := p.histories(ctx, []string{file})
	if err != nil {
		return nil, err
	}
	if users := recipients(histories[file], p.config.Recipients); len(users) > 0 {
		return users, nil
	}
	var users []string
	params := wiki.Params{"letype": "upload", "letitle": file, "leprop": "user", "lelimit": "max"}
	for row, err := range p.Wiki.Rows(ctx, "logevents", params) {
		if err != nil {
			return nil, fmt.Errorf("reading who uploaded %s: %w", file, err)
		}
		if user, err := row.GetString("user"); err == nil {
			users = append(users, userName(user))
		}
	}
	return users, nil
}
