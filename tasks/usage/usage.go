// Package usage tells uploaders and followers where their files came into use,
// and when a file is nominated for deletion or deleted.
//
// # Model
//
// A use is a page that shows a file, known by (file, wiki, page id). The memory
// holds for every followed file the uses that it has and those that it ever
// had. A pass asks the wiki for the uses of all followed files, each file once
// however many people follow it, and compares. What was never seen is news:
//
//	followed files → scan → compare with what was seen → who added it → events
//
// What must hold:
//
//   - Nothing is compared that the wiki has not answered for completely
//     (batchcomplete); a cut answer changes nothing.
//   - The first scan of a file is a baseline and tells nobody, unless the file
//     was uploaded after its uploader signed up: then it starts with no uses.
//     Somebody who begins to follow a file hears of what comes after that.
//   - A use that went and came back, a page or a file that was moved and a page
//     that was restored are not new.
//   - The memory of a file and the events about it are stored in one
//     transaction. A pass that is cut short is made again from what is stored.
//   - A name is given only for an edit that was seen to add the file.
//
// # What a pass costs
//
// A pass without news makes these requests and no others:
//
//	upload, move and deletion log since the last pass   1 each (500 or 5000 entries)
//	preferences pages and creations of them             by package notice
//	preferences of subscribers                          1 for 50
//	categories followed: their sizes                    1 for 50 (500)
//	gallery and list pages followed                     1 for 500 (5000) files on them
//	uses of files                                       1 for 500 rows and at most 50 (500) files
//	pages with a deletion template or category          1 for 500 (5000), where configured
//
// Numbers in brackets are for accounts with the right apihighlimits. Besides,
// a category whose size changed, and each category once a day, is listed anew
// (1 for 500 or 5000); a new subscriber's uploads are listed once.
//
// # What the interfaces are like
//
// GlobalUsage (https://www.mediawiki.org/wiki/Extension:GlobalUsage) returns at
// most 500 rows whatever the limit, knows by default only namespaces that the
// queried wiki has (gunamespace= is sent empty for that), does not list pages
// of the file's own wiki (prop=fileusage does, in the same request) and keeps
// the uses of a moved file under its old name until each page is parsed again.
package usage

import (
	"context"
	"fmt"
	"time"

	"filewarden/bot"
	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// Name of the task.
const Name = "usage"

// Kinds of notices, which are also the types of {{bots|optout=…}}.
const (
	KindUsage    = "file-usage"
	KindDeletion = "file-deletion"
)

// Task finds new uses of files.
type Task struct{}

// New task. It keeps nothing between passes but what is in its store.
func New() *Task { return &Task{} }

// Register is the task with all that it brings along.
func Register() bot.Registration {
	config, preferences := defaultConfig(), defaultPreferences()
	return bot.Registration{
		Task: New(), Config: &config, Preferences: &preferences,
		Words:    templates.Folder(Name),
		Commands: func() any { return &Commands{} },
		Kinds: []notice.Kind{
			{Name: KindDeletion, Task: Name, Priority: 10, Echo: "alert", Group: "negative", Lines: deletionLines},
			{Name: KindUsage, Task: Name, Priority: 50, Echo: "notice", Group: "positive", Lines: usageLines},
		},
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

// pass is the state of one pass.
type pass struct {
	*bot.Env
	box    box
	config Config
	start  time.Time
	last   time.Time // start of the last complete pass; zero before the first
	state  stateRow
	own    wiki.Title // a page of the bot's that is called x

	people   map[string]*person // who may be told, by name
	followed *audience          // which files are scanned, and for whom
	lists    *listings
	silent   map[string]bool // client wikis that did not answer in this pass
	pending  []*change       // compared, not yet stored
	news     int             // uses in them that nobody has heard of
	gathered int             // uses in them altogether
}

func newPass(env *bot.Env, b box) (*pass, error) {
	p := &pass{Env: env, box: b, config: wikiconfig.SectionOf[Config](env.Config, Name), start: env.Now().UTC(), silent: map[string]bool{}}
	err := env.Store.View(func(tx storage.Tx) (err error) {
		p.state, _, err = stateTable.Get(tx, "pass")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the memory of the last pass: %w", err)
	}
	if p.own, err = env.Wiki.Title(env.Reports.Title("x")); err != nil {
		return nil, fmt.Errorf("finding the bot's own pages: %w", err)
	}
	if p.state.Last > 0 {
		p.last = time.Unix(p.state.Last, 0).UTC()
	}
	return p, nil
}

// run takes the steps of a pass in order.
func (p *pass) run(ctx context.Context) error {
	err := bot.Steps(ctx, []bot.Step{
		{Doing: "finding out who wants to be told", Do: p.findPeople},
		{Doing: "reading the logs of uploads and moves", Do: p.readChanges},
		{Doing: "listing followed files", Do: p.listFiles},
		{Doing: "reading the deletion log", Do: p.readDeletions},
		{Doing: "scanning where files are used", Do: p.scan},
		{Doing: "looking for files nominated for deletion", Do: p.findNominations},
		{Doing: "writing to talk pages about deletions", Do: p.tellTalkPages},
		{Doing: "publishing usage reports", Do: p.publishReports},
	})
	if err != nil {
		return err
	}
	return p.finish()
}

// finish notes that the pass was complete.
func (p *pass) finish() error {
	p.state.Last = p.start.Unix()
	err := p.Store.Update(func(tx storage.Tx) error { return stateTable.Put(tx, p.state, "pass") })
	if err != nil {
		return fmt.Errorf("noting that the pass is complete: %w", err)
	}
	return nil
}
