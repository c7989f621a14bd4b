package wikiconfig

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	configPage      = "config.json"
	optOutPage      = "optout.json"
	preferencesPage = "Filewarden.json"
	jsonModel       = "json"
	batch           = 50 // titles of one request (API:Query, without high limits)
)

// State is what the panel found on the wiki at its last poll.
type State struct {
	Config    *Config   // last good one; nil while nothing was ever read
	ConfigRev int64     // revision in use; 0: the defaults
	BadRev    int64     // newer revision that was refused; 0: none
	BadUser   string    // who saved it
	BadTime   time.Time // and when
	Problems  []Problem // of the newest revision, warnings too

	OptOut      OptOut    // last good one, and every no that a newer broken one holds
	OptOutKnown bool      // false: optout.json was never read whole, so nobody may be written to
	OptOutBad   []Problem // of its newest revision

	PolledAt   time.Time // last poll that succeeded
	PollFailed error     // the last poll could not read the wiki
}

// Panel keeps the config of one wiki: polled in one request, last good copy
// kept. Its methods may be called from any goroutine.
type Panel struct {
	book   *Book
	reader Reader
	keeper Keeper
	prefix string
	now    func() time.Time

	polling sync.Mutex // one poll at a time
	mu      sync.RWMutex
	state   State           // its Config is a template: handed out as a copy
	goodOut OptOut          // of the last good revision alone
	last    map[string]Page // as the last poll found them
}

// NewPanel for the pages beneath prefix ("User:<account>/"). The last good
// copies that k kept are in use at once; k may be nil, then nothing outlives
// the process.
func NewPanel(b *Book, r Reader, k Keeper, prefix string, now func() time.Time) (*Panel, error) {
	p := &Panel{book: b, reader: r, keeper: k, prefix: prefix, now: now, last: map[string]Page{}}
	c, ok, err := load(k, configPage)
	if err != nil {
		return nil, err
	}
	if ok {
		p.state.Config, p.state.Problems = b.salvage(string(c.Page))
		p.state.ConfigRev = c.RevID
	}
	if c, ok, err = load(k, optOutPage); err != nil {
		return nil, err
	}
	if ok {
		p.goodOut, p.state.OptOutBad = ParseOptOut(string(c.Page))
		p.state.OptOut, p.state.OptOutKnown = p.goodOut, !Refused(p.state.OptOutBad)
	}
	return p, nil
}

// Poll reads config.json and optout.json in one request. changed is true when
// another config is in use than before. An error tells that the wiki could not
// be read, then everything stays as it was; or that a good copy could not be
// kept, then it is in use nevertheless.
func (p *Panel) Poll(ctx context.Context) (changed bool, err error) {
	p.polling.Lock()
	defer p.polling.Unlock()
	pages, err := p.read(ctx, []string{p.prefix + configPage, p.prefix + optOutPage})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.PollFailed = err
	if err != nil {
		return false, err
	}
	p.state.PolledAt = p.now()
	errOptOut := p.takeOptOut(pages[p.prefix+optOutPage])
	changed, err = p.takeConfig(pages[p.prefix+configPage])
	if err == nil {
		err = errOptOut
	}
	return changed, err
}

// read asks for pages and refuses an answer that leaves one out: silence about
// a page must not pass for a page that does not exist.
func (p *Panel) read(ctx context.Context, titles []string) (map[string]Page, error) {
	pages, err := p.reader.Pages(ctx, titles)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", titles[0], err)
	}
	for _, title := range titles {
		if _, ok := pages[title]; !ok {
			return nil, fmt.Errorf("reading %s: the wiki's answer leaves this page out", title)
		}
	}
	return pages, nil
}

// wrongModel refuses a page that MediaWiki does not guard as JSON.
func wrongModel(page Page) []Problem {
	if page.Missing || page.Model == jsonModel {
		return nil
	}
	return []Problem{{Value: shorten(page.Model), Allowed: "content model json",
		Message: "The page is not of content model json, so anybody might have written it; an administrator can change the model (Special:ChangeContentModel)."}}
}

// takeConfig puts a revision in use, or refuses it.
func (p *Panel) takeConfig(page Page) (changed bool, err error) {
	if p.unchanged(configPage, page) {
		return false, nil
	}
	problems := wrongModel(page)
	var next *Config
	if problems == nil {
		next, problems = p.book.ParseConfig(textOf(page))
	}
	p.state.Problems = problems
	before := p.state.Config
	if next == nil {
		p.refuseConfig(page)
		return !sameConfig(before, p.state.Config), nil
	}
	p.state.Config, p.state.ConfigRev = next, page.RevID
	p.state.BadRev, p.state.BadUser, p.state.BadTime = 0, "", time.Time{}
	if page.Missing {
		p.state.ConfigRev = 0
	}
	return !sameConfig(before, next), p.keep(configPage, page)
}

// refuseConfig keeps what is in use. Where nothing is, every task is paused.
func (p *Panel) refuseConfig(page Page) {
	p.state.BadRev, p.state.BadUser, p.state.BadTime = page.RevID, page.User, page.Time
	if p.state.Config == nil {
		p.state.Config = p.book.paused()
	}
	if p.state.ConfigRev == 0 && bytes.Equal(p.state.Config.text, p.book.paused().text) {
		p.state.Problems = append(p.state.Problems, Problem{Warning: true,
			Message: "No earlier revision is known to be right, so every task is paused until this page is repaired."})
	}
}

// takeOptOut puts an opt-out list in use. Of a broken one every no counts
// beside the last good one.
func (p *Panel) takeOptOut(page Page) error {
	if p.unchanged(optOutPage, page) {
		return nil
	}
	problems := wrongModel(page)
	found, more := ParseOptOut(textOf(page))
	problems = append(problems, more...)
	p.state.OptOutBad = problems
	if Refused(problems) {
		p.state.OptOut = p.goodOut.union(found)
		return nil
	}
	p.goodOut, p.state.OptOut, p.state.OptOutKnown = found, found, true
	return p.keep(optOutPage, page)
}

// textOf is a page's text; a missing page says what {} does.
func textOf(page Page) string {
	if page.Missing {
		return ""
	}
	return page.Text
}

// keep remembers a good revision; the next poll tries again where that failed.
func (p *Panel) keep(name string, page Page) error {
	text, err := tidyJSON(textOf(page))
	if err == nil {
		err = save(p.keeper, name, kept{RevID: page.RevID, Page: text})
	}
	if err != nil {
		delete(p.last, name)
	}
	return err
}

// unchanged tells whether a poll found the page as the last one did.
func (p *Panel) unchanged(name string, page Page) bool {
	last, ok := p.last[name]
	p.last[name] = page
	return ok && last.RevID == page.RevID && last.Missing == page.Missing && last.Model == page.Model && last.Text == page.Text
}

func sameConfig(a, b *Config) bool {
	return a == b || a != nil && b != nil && bytes.Equal(a.text, b.text)
}

// State at the last poll; Config is never nil after a first successful Poll,
// or when a last good copy was kept. The caller may change what it gets.
func (p *Panel) State() State {
	p.mu.RLock()
	defer p.mu.RUnlock()
	s := p.state
	if s.Config != nil {
		s.Config = p.book.decodeConfig(s.Config.text)
	}
	s.Problems, s.OptOutBad = slices.Clone(s.Problems), slices.Clone(s.OptOutBad)
	s.OptOut = OptOut{Users: slices.Clone(s.OptOut.Users), Pages: slices.Clone(s.OptOut.Pages)}
	return s
}

// Preferences reads the pages of users now, by title, in one request for each
// 50. Every user asked for is in the map; one without a page has the defaults
// and Exists false. What a user left open is filled in from the config in use.
func (p *Panel) Preferences(ctx context.Context, users ...string) (map[string]*Preferences, error) {
	users = slices.Compact(slices.Sorted(slices.Values(users)))
	found := make(map[string]*Preferences, len(users))
	for some := range slices.Chunk(users, batch) {
		titles := make([]string, 0, len(some))
		for _, user := range some {
			titles = append(titles, preferencesTitle(user))
		}
		pages, err := p.read(ctx, titles)
		if err != nil {
			return nil, err
		}
		for i, user := range some {
			found[user] = p.preferencesOn(pages[titles[i]])
		}
	}
	return found, nil
}

func preferencesTitle(user string) string { return "User:" + user + "/" + preferencesPage }

// preferencesOn reads one user's page.
func (p *Panel) preferencesOn(page Page) *Preferences {
	prefs, _ := p.book.ParsePreferences(textOf(page))
	prefs.Exists = !page.Missing
	if wrong := wrongModel(page); wrong != nil {
		prefs.Muted, prefs.Problems = true, append(wrong, prefs.Problems...)
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if c := p.state.Config; c != nil {
		prefs.Channel = first(prefs.Channel, c.Notices.Channel)
		prefs.Window = first(prefs.Window, c.Notices.Window)
		prefs.Language = first(prefs.Language, c.Language)
	}
	return prefs
}
