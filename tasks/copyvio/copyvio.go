// Package copyvio watches uploads for pictures that were copied from elsewhere,
// and puts what it finds before reviewers.
//
// # Model
//
// An image is one content, known by its SHA-1 (package casebook). Its way:
//
//	upload log → hash → waiting period → evidence → providers → filters → case
//	case → page → decision of a reviewer, read back → action, notices → archive
//
// Everything that waits has a time at which it is due, stored with it; a pass
// does what is due and nothing else. What must hold:
//
//   - Every upload in the log becomes an image: the log's cursor moves on only
//     after its entries are stored, and an entry stored twice is one.
//   - Every image is hashed when it is first seen, so that a file deleted within
//     the waiting period still teaches the index.
//   - A provider is asked about an image once, whatever happens (package
//     provider); one that fails leaves the image due again.
//   - A decision is read from the page's history and counts by the right of
//     whoever saved it (packages board and casebook). The bot decides nothing.
//   - What is done about an accepted case is done once (package recipe).
//   - A picture that is withheld or not for everybody is shown nowhere.
//
// # What a pass costs
//
// A pass without news makes these requests and no others:
//
//	upload, move and deletion log     1 each
//	pages of cases, latest revisions  1 for 50 (500)
//
// Numbers in brackets are for accounts with the right apihighlimits. Fifty new
// uploads cost three requests (files, uploaders, their talk pages) and a download
// of a thumbnail each; those of which the content was seen before need none. When
// their wait is over they cost two requests more (files, duplicates), and each a
// download and a request for deleted files of the same content. Uploads over
// other versions and deletions of known files cost one request in each pass. See the packages beneath
// for what a decision and an action cost.
package copyvio

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	"filewarden/bot"
	"filewarden/bot/notice"
	"filewarden/storage"
	"filewarden/tasks/copyvio/board"
	"filewarden/tasks/copyvio/rehearsal"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// Name of the task.
const Name = "copyvio"

// Kind of its notices, which is also the type of {{bots|optout=…}}.
const Kind = "copyvio"

// Task watches uploads. It keeps the index of hashes and the desk that asks
// providers; all else is in its store.
type Task struct {
	library library
	working sync.Mutex // held while images are looked for, by a pass or a check
}

// Register is the task with all that it brings along.
func Register() bot.Registration {
	t := &Task{}
	config, preferences := defaultConfig(), defaultPreferences()
	return bot.Registration{
		Task: t, Config: &config, Preferences: &preferences,
		Words:    templates.Folder(Name),
		Commands: func() any { return newCommands(t) },
		Operator: func() any { return &Operator{} },
		Hosts:    hosts,
		Routes:   t.routes,
		Account:  t.account,
		Rehearse: func() bot.Rehearsal { return rehearsal.New(operatorOf) },
		Kinds:    []notice.Kind{{Name: Kind, Task: Name, Priority: 10, Echo: "alert", Group: "negative", Lines: lines}},
		Requests: []bot.Handler{t.answer},
		Forms:    []templates.RequestForm{{Heading: checkHeading("File:Example.jpg"), Effect: "requests-check"}},
	}
}

// Name of the task everywhere.
func (*Task) Name() string { return Name }

// Run makes one pass.
func (t *Task) Run(ctx context.Context, env *bot.Env) error {
	p, err := t.newPass(env)
	if err != nil {
		return err
	}
	t.working.Lock()
	defer t.working.Unlock()
	return p.run(ctx)
}

// box is what the task needs of [notice.Box].
type box interface {
	Add(tx storage.Tx, events ...notice.Event) error
}

// pass is the state of one pass, command or request.
type pass struct {
	*bot.Env
	box      box
	library  *library
	config   Config
	filters  filters
	feeds    []Feed
	warnings *regexp.Regexp
	start    time.Time
	only     map[string]bool // of a check: the images that it is about; nil: all
	pages    *board.Board    // made when first asked for
}

func (t *Task) newPass(env *bot.Env) (*pass, error) {
	p := &pass{Env: env, box: env.Notices, library: &t.library, start: env.Now().UTC(),
		config: wikiconfig.SectionOf[Config](env.Config, Name)}
	for _, err := range p.readConfig() {
		p.Log.Warn().Err(err).Msg("a line of config.json is passed over")
	}
	return p, t.library.open(env)
}

// readConfig makes of the config what a pass needs, and says what of it nobody
// can make anything of.
func (p *pass) readConfig() (wrong []error) {
	p.filters, wrong = newFilters(p.config)
	feeds, twice := feedsOf(p.config)
	p.feeds, wrong = feeds, append(wrong, twice...)
	var err error
	if p.warnings, err = regexp.Compile(p.config.Warnings); err != nil || p.config.Warnings == "" {
		p.warnings = regexp.MustCompile(`\z.`)
	}
	if err != nil {
		wrong = append(wrong, fmt.Errorf("copyvio/warnings is no regular expression: %w", err))
	}
	if _, _, err := p.recipe(); err != nil {
		wrong = append(wrong, err)
	}
	return wrong
}

// run takes the steps of a pass in order.
func (p *pass) run(ctx context.Context) error {
	return bot.Steps(ctx, []bot.Step{
		{Doing: "reading decisions", Do: p.readDecisions},
		{Doing: "following the logs of files", Do: p.readLogs},
		{Doing: "hashing new uploads", Do: p.hashNew},
		{Doing: "looking for images", Do: p.searchDue},
		{Doing: "applying the lists of the config", Do: p.refilter},
		{Doing: "acting on decisions", Do: p.act},
		{Doing: "archiving decided cases", Do: p.archive},
		{Doing: "publishing cases", Do: p.publish},
	})
}
