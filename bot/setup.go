package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/storage"
	"filewarden/templates"
)

// Setup publishes the bot's own pages. With gate.DryRun nothing is written and
// every edit that would be made goes to planned; otherwise they are made. The
// operator asked for it, so the mode of the tasks does not matter; a Stop page
// does. Without an operator the one of the last time is named. Pages that are as they should be are left alone, and what a community
// wrote into config.json and optout.json is never touched.
func (b *Bot) Setup(ctx context.Context, mode gate.Mode, operator string, planned func(gate.Planned)) error {
	// A gate with a book of its own: pages of the account's own are no part of a trial.
	g := b.newGate("setup", func() (gate.Policy, error) {
		return gate.Policy{Mode: mode, EditsPerMinute: setupPerMinute, StopLabel: b.ownWords().PlainText("summary-stop")}, nil
	}, planned)
	pages := report.New(report.Config{
		Gate: g, Wiki: b.session, Store: b.setupMemory(mode),
		Prefix: b.Prefix(), Now: b.settings.Now, Log: b.settings.Log,
	})
	for _, seed := range b.seeds() {
		if err := b.sow(ctx, g, seed); err != nil {
			return err
		}
	}
	operator, err := b.operator(mode, operator)
	if err != nil {
		return err
	}
	parts, err := b.ownParts(operator)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if _, err := pages.Publish(ctx, part); err != nil {
			return fmt.Errorf("publishing %s: %w", cmp.Or(part.Title, part.Name), err)
		}
	}
	return nil
}

// setupMemory is that of the live reports. A dry run reads it and leaves no
// trace: the next one must show the same difference again.
func (b *Bot) setupMemory(mode gate.Mode) storage.Store {
	live := storage.Part(b.store, memoryOf(gate.Live)+"/report")
	if mode == gate.DryRun {
		return forgetful{live}
	}
	return live
}

// forgetful is a store in which nothing that was written stays.
type forgetful struct{ storage.Store }

// errForgotten undoes a transaction that went well.
var errForgotten = errors.New("not kept")

// Update runs a transaction and undoes it.
func (f forgetful) Update(fn func(storage.Tx) error) error {
	err := f.Store.Update(func(tx storage.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errForgotten
	})
	if errors.Is(err, errForgotten) {
		return nil
	}
	return err
}

// operator is the name that the bot's user page gives: the one named now, or
// else the one that was named when the page was last published.
func (b *Bot) operator(mode gate.Mode, named string) (string, error) {
	store, table := storage.Part(b.store, "setup"), storage.NewTable[string]("operator", 1)
	if named == "" {
		err := store.View(func(tx storage.Tx) (err error) {
			named, _, err = table.Get(tx, "name")
			return err
		})
		return named, err
	}
	if mode == gate.DryRun {
		return named, nil
	}
	return named, store.Update(func(tx storage.Tx) error { return table.Put(tx, named, "name") })
}

// setupPerMinute is quick, as a person waits and the pages are the bot's own.
const setupPerMinute = 300

// seed is a page that the bot makes once and then leaves to people.
type seed struct{ title, text, summary string }

func (b *Bot) seeds() []seed {
	words := b.ownWords()
	config := b.OwnPrefix() + "config.json"
	optOut := b.OwnPrefix() + "optout.json"
	defaults, err := b.book.Defaults()
	if err != nil { // the same structs gave the schema when the bot was opened
		defaults = []byte("{}")
	}
	return []seed{
		{config, string(defaults), words.Summary("summary-setup", config)},
		{optOut, "{\n\t\"users\": [],\n\t\"pages\": []\n}", words.Summary("summary-setup", optOut)},
	}
}

// sow makes a page where there is none.
func (b *Bot) sow(ctx context.Context, g *gate.Gate, s seed) error {
	texts, err := b.session.Read(ctx, s.title)
	if err != nil {
		return fmt.Errorf("reading %s: %w", s.title, err)
	}
	if !texts[s.title].Missing {
		return nil
	}
	_, err = g.Edit(ctx, gate.Edit{Title: s.title, Text: s.text, Summary: s.summary, CreateOnly: true, Start: texts[s.title].ReadAt})
	if err != nil {
		return fmt.Errorf("making %s: %w", s.title, err)
	}
	return nil
}

// ownParts are the pages that are the bot's to keep right.
func (b *Bot) ownParts(operator string) ([]report.Part, error) {
	schema, err := b.book.Schema()
	if err != nil {
		return nil, fmt.Errorf("composing the schema: %w", err)
	}
	words, first, about := b.ownWords(), b.language(), b.about(operator)
	setup := func(title string) string { return words.Summary("summary-setup", title) }
	account := strings.TrimSuffix(b.OwnPrefix(), "/")
	return []report.Part{
		{Title: b.OwnPrefix() + "schema.json", Whole: true, Text: string(schema), Summary: words.Summary("summary-schema")},
		{Title: account, Text: b.words.UserPage(first, about), Summary: setup(account)},
		{Name: "Help", Text: b.words.HelpPage(first, about), Summary: words.Summary("summary-help")},
		{Name: "Requests", Text: words.RequestsPage(about, b.requestForms()), Summary: setup("Requests")},
		{Name: notice.PreloadPage, Whole: true, Text: words.RequestPreload(), Summary: setup(notice.PreloadPage)},
	}, nil
}

// about is what the bot's pages tell of it.
func (b *Bot) about(operator string) templates.Bot {
	about := templates.Bot{
		Account: b.Account(), Operator: operator, Contact: b.settings.Wiki.Contact,
		Prefix: b.Prefix(), Own: b.OwnPrefix(),
	}
	for _, t := range b.tasks {
		about.Tasks = append(about.Tasks, t.Task.Name())
		for _, k := range t.Kinds {
			about.Kinds = append(about.Kinds, k.Name)
		}
	}
	return about
}

// language of the wiki's people, as far as config.json or the wiki says.
func (b *Bot) language() string {
	if c := b.panel.State().Config; c != nil && c.Language != "" {
		return c.Language
	}
	return b.session.Site().Language
}

// ownWords are the words of the bot's own pages and edit summaries.
func (b *Bot) ownWords() *templates.Language { return b.words.In(b.language()) }
