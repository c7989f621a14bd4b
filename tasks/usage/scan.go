package usage

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// change is a file whose memory is to be stored.
type change struct {
	*subject
	difference
	hear    []follow // who is told of what was added
	digest  digestRow
	busy    int  // pages counted when it turned out to have too many; 0: it has not
	base    bool // what was added is a baseline
	events  []notice.Event
	found   map[useKey]finding
	removal map[useKey]finding
}

// How much is gathered before it is stored. New uses are gathered so that the
// question who added them is put once for many; files and uses, to bound memory.
const (
	gatherNews  = 300
	gatherFiles = 1000
	gatherUses  = 5000
)

// scan asks for the uses of every followed file and compares.
func (p *pass) scan(ctx context.Context) error {
	titles := p.followed.titles()
	total := len(titles)
	packer := p.newPacker(titles)
	packer.uses, packer.files = 0, 0
	if p.state.Files > 0 { // the last pass counts as much as 20 files, until there are more
		packer.uses, packer.files = p.state.Uses*20/p.state.Files, 20
	}
	for {
		batch, err := packer.next(p)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		if err := p.scanBatch(ctx, packer, batch); err != nil {
			return errors.Join(err, p.flush(ctx))
		}
		if p.news >= gatherNews || len(p.pending) >= gatherFiles || p.gathered >= gatherUses {
			if err := p.flush(ctx); err != nil {
				return err
			}
		}
		p.Progress("files", total-len(packer.titles), total)
	}
	p.state.Uses, p.state.Files = packer.uses, packer.files
	return p.flush(ctx)
}

// scanBatch scans some files together. A file that turns out to be used too
// often is set apart, and the others are asked for again.
func (p *pass) scanBatch(ctx context.Context, k *packer, batch []*subject) error {
	for len(batch) > 0 {
		answer, err := p.ask(ctx, batch)
		var long *wiki.Overlong
		if errors.As(err, &long) {
			file := "File:" + bareName(long.Title)
			i := slices.IndexFunc(batch, func(s *subject) bool { return slices.Contains(s.row.names(s.title), file) })
			if i < 0 {
				return fmt.Errorf("asking for uses: %w, and nobody asked for it", err)
			}
			if err := p.recall(batch[i]); err != nil {
				return err
			}
			p.isBusy(batch[i], long.Rows)
			batch = slices.Delete(batch, i, i+1)
			continue
		}
		if err != nil {
			return err
		}
		for _, s := range batch {
			if uses, ok := answer.uses(s.row.names(s.title)); ok {
				k.found(s, len(uses))
				if err := p.compareFile(s, uses, answer); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return nil
}

// answer is what the wikis say of the uses of a batch.
type answer struct {
	pages map[string][]use // by title; only what was answered completely
	asked map[string]bool  // keys of client wikis: whether they answered
}

// uses under any of a file's names, each page once.
func (a *answer) uses(names []string) (all []use, ok bool) {
	for _, name := range names {
		uses, ok := a.pages[name]
		if !ok {
			return nil, false
		}
		all = append(all, uses...)
	}
	return all, true
}

// ask all wikis for the uses of a batch.
func (p *pass) ask(ctx context.Context, batch []*subject) (*answer, error) {
	var names []string
	for _, s := range batch {
		names = append(names, s.row.names(s.title)...)
	}
	a := &answer{pages: make(map[string][]use, len(names)), asked: map[string]bool{}}
	for page, err := range p.Wiki.WalkCapped(ctx, names, p.config.BusyFile, p.usesParams()) {
		if err != nil {
			return nil, fmt.Errorf("asking for uses: %w", err)
		}
		a.pages["File:"+bareName(page.Title)] = p.usesOn(page)
	}
	if !p.hasGlobalUsage() {
		for _, address := range p.config.Clients {
			if err := p.askClient(ctx, a, address, names); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

// usesOn reads the uses of one file. GlobalUsage writes ids as strings and
// titles with underscores; prop=fileusage knows the pages of this wiki, which
// GlobalUsage leaves out where it is the one that shares its files. That a
// report of the bot's own shows a file is no use of it.
func (p *pass) usesOn(page *wiki.Page) []use {
	uses := make([]use, 0, page.Len("globalusage")+page.Len("fileusage"))
	for row := range page.Rows("fileusage") {
		if p.ownPage(int(row.Int("ns")), row.Text("title")) {
			continue
		}
		uses = append(uses, use{Page: row.Int("pageid"), NS: int(row.Int("ns")), Title: row.Text("title")})
	}
	for row := range page.Rows("globalusage") {
		place := p.Farm.PlaceOf(row.Text("wiki"), row.Text("url"), row.Text("title"))
		if p.Farm.IsHome(place) {
			place = wiki.Place{}
		}
		uses = append(uses, use{Wiki: place, Page: row.Int("pageid"), NS: int(row.Int("ns")),
			Title: strings.ReplaceAll(row.Text("title"), "_", " ")})
	}
	return uses
}

// ownPage says whether a page of this wiki is one of the bot's.
func (p *pass) ownPage(ns int, title string) bool {
	if ns != p.own.NS {
		return false
	}
	t, err := p.Wiki.Title(title)
	return err == nil && strings.HasPrefix(t.Name, strings.TrimSuffix(p.own.Name, "x"))
}

// askClient adds the uses on one client wiki. A client that cannot be read is
// noted, and not waited for again in this pass: what is remembered of it then
// stays as it is.
func (p *pass) askClient(ctx context.Context, a *answer, address string, names []string) error {
	place := placeOf(address)
	a.asked[place.Key] = false
	if p.silent[place.Key] {
		return nil
	}
	err := p.readClient(ctx, a, place, names)
	var long *wiki.Overlong
	if errors.As(err, &long) {
		return err
	}
	if err != nil {
		p.Log.Warn().Err(err).Str("wiki", place.Host).Msg("a client wiki cannot be asked for uses; what is known of them stays until it can")
		p.silent[place.Key] = true
		return ctx.Err()
	}
	a.asked[place.Key] = true
	return nil
}

// readClient adds the uses on one client wiki. A file that the client has
// itself is another one, though of the same name.
func (p *pass) readClient(ctx context.Context, a *answer, place wiki.Place, names []string) error {
	s, err := p.Farm.At(ctx, place)
	if err != nil {
		return err
	}
	if path := s.Site().ArticlePath; strings.HasSuffix(place.Key, place.Host+"/") && path != "/$1" {
		return fmt.Errorf("its pages are at %s, not at %s; next: correct clients in the config", path, place.Key)
	}
	params := wiki.Params{"prop": "fileusage|imageinfo", "fulimit": "max", "iiprop": "timestamp"}
	for page, err := range s.WalkCapped(ctx, names, p.config.BusyFile, params) {
		if err != nil {
			return err
		}
		if repository, _ := page.GetString("imagerepository"); repository == "local" {
			continue
		}
		file := "File:" + bareName(page.Title)
		for row := range page.Rows("fileusage") {
			a.pages[file] = append(a.pages[file], use{Wiki: place, Page: row.Int("pageid"), NS: int(row.Int("ns")), Title: row.Text("title")})
		}
	}
	return nil
}

// base says what is a baseline: everything (all), and on a client wiki that is
// heard of this file for the first time what it has by then.
func (a *answer) base(s *subject, all bool) func(wikiKey string) bool {
	return func(key string) bool {
		_, client := a.asked[key]
		return all || (client && s.known && !slices.Contains(s.row.Wikis, key))
	}
}

// whole says whether one wiki spoke for all, so that an equal answer says that
// nothing changed. Several can be silent or new.
func (a *answer) whole() bool { return len(a.asked) == 0 }

// unknown says of which wikis the answer says nothing.
func (a *answer) unknown(key string) bool {
	answered, client := a.asked[key]
	return client && !answered
}

// placeOf is the place with a key; the empty key is home.
func placeOf(key string) wiki.Place {
	if key == "" {
		return wiki.Place{}
	}
	if u, err := url.Parse(key); err == nil && u.Host != "" {
		return wiki.Place{Key: key, Host: u.Host}
	}
	return wiki.Place{Key: key, Host: key}
}

// compareFile compares one file and keeps what changed for storing.
func (p *pass) compareFile(s *subject, uses []use, a *answer) error {
	if a.whole() && s.same(uses) && len(uses) <= p.config.BusyFile {
		return nil
	}
	if err := p.recall(s); err != nil {
		return err
	}
	if len(uses) > p.config.BusyFile {
		p.isBusy(s, len(uses))
		return nil
	}
	c := &change{subject: s}
	c.hear = p.hearers(s)
	quiet := s.row.Busy != 0 || p.Fresh // what happened before is not told
	c.base = quiet || (!s.known && len(c.hear) == 0)
	if quiet {
		c.hear = nil
	}
	c.difference = compare(s.row, uses, a.unknown, a.base(s, c.base), p.start)
	c.heardFrom(a)
	told := names(s.who)
	if a.whole() {
		c.digest = digest(uses, told)
	}
	settled := c.digest.Sum == "" || c.digest == s.digest || !s.row.plain()
	if s.known && !c.changed && slices.Equal(told, s.row.Told) && s.row.Busy == 0 && settled {
		return nil
	}
	if c.next.Since == 0 {
		c.next.Since = p.start.Unix()
	}
	c.next.Busy, c.next.Told = 0, told
	p.pending = append(p.pending, c)
	p.gathered += len(c.next.Uses)
	if !c.base {
		p.news += len(c.added)
	}
	return nil
}

// heardFrom remembers which client wikis have spoken of the file.
func (c *change) heardFrom(a *answer) {
	for key, answered := range a.asked {
		if answered && !slices.Contains(c.next.Wikis, key) {
			c.next.wiki(key)
			c.changed = true
		}
	}
}

// hearers are those who followed the file at the last scan, and those to whom
// its first uses are news: it was uploaded after they signed up.
func (p *pass) hearers(s *subject) (hear []follow) {
	for _, f := range s.who {
		if slices.Contains(s.row.Told, f.user) || (f.owner != "" && p.uploadedSince(s, f)) {
			hear = append(hear, f)
		}
	}
	return hear
}

// uploadedSince says whether the file's first version is younger than the
// bot's acquaintance with its follower.
func (p *pass) uploadedSince(s *subject, f follow) bool {
	w := p.people[f.user]
	if w == nil {
		return false
	}
	var row ownRow
	err := p.Store.View(func(tx storage.Tx) (err error) {
		row, _, err = ownTable.Get(tx, f.owner, s.title)
		return err
	})
	return err == nil && row.Original && row.Time > 0 && !time.Unix(row.Time, 0).Before(w.since())
}

// isBusy notes a file that is used on very many pages. It is only counted, and
// looked at again in a week.
func (p *pass) isBusy(s *subject, pages int) {
	c := &change{subject: s, difference: difference{next: s.row}, busy: pages}
	if s.known && s.row.Busy == 0 && s.row.Since != 0 && !p.Fresh {
		c.hear = p.hearers(s)
	}
	c.next.Busy, c.next.Told = p.start.Unix(), names(s.who)
	if c.next.Since == 0 {
		c.next.Since = p.start.Unix()
	}
	p.pending = append(p.pending, c)
}

// names of followers, sorted.
func names(who []follow) []string {
	if len(who) == 0 {
		return nil
	}
	all := make([]string, 0, len(who))
	for _, f := range who {
		all = append(all, f.user)
	}
	slices.Sort(all)
	return all
}
