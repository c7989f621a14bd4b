// Package provenance finds on-wiki code that breaks or loses media URLs, and
// says how to mend it: gadgets, site and skin scripts and styles, Lua modules,
// style sheets of templates, wikitext that holds addresses of media files, and
// user scripts where the community wants that.
//
// # Model
//
// A page of code is known by its id and was audited in one revision, by one
// set of rules. A pass asks the wiki which revisions its pages have now, reads
// the texts of those that differ, and hands each to package audit:
//
//	lists of pages → changed revisions → findings → history → reports, notices
//
// What must hold:
//
//   - A text is read again only when its revision, its content model or the
//     rules are others than last time. Texts are not stored, only findings.
//   - What is known of a page, its findings and the events about them are stored
//     in one transaction. A pass that is cut short goes on where it ended.
//   - A finding is found, fixed, found again, ignored; each with the revision or
//     the reason. One that other rules no longer find is withdrawn, not fixed.
//     A text that can be read only in part, or not at all, fixes nothing that
//     may still be there.
//   - A page that is moved keeps its history, because it keeps its id; so do
//     the ids of its findings, which are made with its first title. One that is
//     made anew after its deletion goes on with the history under its title.
//   - Who follows a page hears once what stands on it, then what is new.
//   - Foreign code reaches a report as text and never as wikitext.
//
// # What a pass costs
//
// A pass without news makes these requests and no others:
//
//	pages of namespace MediaWiki with their revisions   1 for 500 (5000)
//	modules, where Scribunto is installed               1 for 500 (5000)
//	templates and messages with media URLs              2 searches, 1 each for 500 (5000)
//	scripts of each user in the config                  1 each
//	pages named in the config                           1 for 50 (500)
//	pages that are known and on none of these lists     1 for 50 (500), where there are any
//	users of gadgets, once a day                        1 for 500 (5000)
//	preferences pages and creations of them             by package notice
//	preferences of subscribers                          1 for 50
//
// Numbers in brackets are for accounts with the right apihighlimits. Where
// CirrusSearch is not installed, list=exturlusage stands for the searches, and
// the namespace of templates is looked through for style sheets if
// TemplateStyles is there. Scripts of all users, where wanted, take a search
// for each word of [scriptWords]. Once a week, and after an upgrade of the
// wiki, the probe makes about ten requests more.
//
// # What the interfaces are like
//
// https://www.mediawiki.org/wiki/Extension:Gadgets describes the list of
// gadgets; Special:GadgetUsage counts who switched a gadget on, not those who
// have it by default. What a search finds lags behind edits: a page that falls
// out of it is looked up by its id until nothing is open on it.
package provenance

import (
	"context"
	"fmt"
	"time"

	"filewarden/bot"
	"filewarden/bot/notice"
	"filewarden/storage"
	"filewarden/tasks/provenance/audit"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// Name of the task.
const Name = "provenance"

// Kind of its notices, which is also the type of {{bots|optout=…}}.
const Kind = "provenance"

// Task audits the code of a wiki.
type Task struct{}

// New task. It keeps nothing between passes but what is in its store.
func New() *Task { return &Task{} }

// Register is the task with all that it brings along.
func Register() bot.Registration {
	config := defaultConfig()
	return bot.Registration{
		Task: New(), Config: &config, Preferences: &Preferences{},
		Words:    templates.Folder(Name),
		Commands: func() any { return &Commands{} },
		Kinds:    []notice.Kind{{Name: Kind, Task: Name, Priority: 40, Echo: "notice", Group: "neutral", Lines: lines}},
		Requests: []bot.Handler{answer},
		Forms:    []templates.RequestForm{{Heading: askHeading("MediaWiki:Gadget-example.js"), Effect: "requests-audit"}},
	}
}

// Name of the task everywhere.
func (*Task) Name() string { return Name }

// Run makes one pass.
func (*Task) Run(ctx context.Context, env *bot.Env) error {
	p, err := newPass(env, env.Notices)
	if err != nil {
		return err
	}
	return p.run(ctx)
}

// box is what the task needs of [notice.Box].
type box interface {
	Subscribers(ctx context.Context) ([]string, error)
	Add(tx storage.Tx, events ...notice.Event) error
}

// pass is the state of one pass, or of one request.
type pass struct {
	*bot.Env
	box    box
	audit  func(audit.Source) audit.Result
	rules  string // set of rules in use
	config Config
	start  time.Time

	known      map[int64]pageRow // by page id
	listed     map[int64]listed  // pages that are to be audited
	missed     map[int64]bool    // of them, those that no list had
	gone       map[int64]string  // known pages that are no longer audited, and why
	dirty      map[int64]bool    // pages of which something changed in this pass
	definition listed            // the list of gadgets
	gadgets    gadgetsRow
	followers  map[string][]string // by title of page: who asked to be told
	prints     map[string]string   // of the published reports, by name
}

func newPass(env *bot.Env, b box) (*pass, error) {
	p := &pass{Env: env, box: b, audit: audit.File, rules: ruleSet(), start: env.Now().UTC(),
		config: wikiconfig.SectionOf[Config](env.Config, Name),
		missed: map[int64]bool{}, gone: map[int64]string{}, dirty: map[int64]bool{}}
	p.config.Ignore = p.titled(p.config.Ignore)
	var err error
	if p.known, err = allPages(env.Store); err != nil {
		return nil, err
	}
	err = env.Store.View(func(tx storage.Tx) (err error) {
		p.gadgets, _, err = gadgetTable.Get(tx, "all")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading what is known of gadgets: %w", err)
	}
	return p, nil
}

// run takes the steps of a pass in order.
func (p *pass) run(ctx context.Context) error {
	err := bot.Steps(ctx, []bot.Step{
		{Doing: "listing pages with code", Do: p.listPages},
		{Doing: "reading the list of gadgets", Do: p.readGadgets},
		{Doing: "finding out who wants to be told", Do: p.findFollowers},
		{Doing: "auditing changed pages", Do: p.examine},
		{Doing: "weighing what is to be ignored", Do: p.weigh},
		{Doing: "telling new followers", Do: p.welcome},
		{Doing: "asking what URLs the wiki emits", Do: p.probeWeekly},
		{Doing: "publishing reports", Do: p.publish},
	})
	if err != nil {
		return err
	}
	return p.finish()
}

// finish notes that the pass was complete.
func (p *pass) finish() error {
	err := p.Store.Update(func(tx storage.Tx) error { return stateTable.Put(tx, stateRow{Last: p.start.Unix()}, "pass") })
	if err != nil {
		return fmt.Errorf("noting that the pass is complete: %w", err)
	}
	return nil
}
