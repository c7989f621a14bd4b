// Package sample is the smallest task that has one of everything: config,
// preferences, a command, a route, words, a kind of notice and an answer to
// requests. It watches pages and tells readers when one of them has changed.
//
// It is here to hold that a task is one folder and one line, and to be copied
// from. What a reader was told about stands in their event's id, page and
// revision, so a pass may be made again at any time.
package sample

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"filewarden/bot"
	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/storage"
	"filewarden/wikiconfig"
)

// Name of the task.
const Name = "sample"

// KindChange is the kind of its notices.
const KindChange = "sample-change"

//go:embed i18n
var words embed.FS

// Config is the task's section of config.json.
type Config struct {
	Pages   wikiconfig.Titles `json:"pages" jsonschema:"title=Pages to watch,maxItems=50"`
	Readers []string          `json:"readers" jsonschema:"title=Readers"`
	Depth   int               `json:"depth" jsonschema:"title=Depth,minimum=1,maximum=9"`
}

// Preferences are the task's section of a user's Filewarden.json.
type Preferences struct {
	Mute wikiconfig.Titles `json:"mute" jsonschema:"title=Pages to hear nothing of"`
}

// Commands are what the task adds to the command line.
type Commands struct {
	Sample struct {
		Pages Pages `cmd:"" help:"List the pages that are watched."`
	} `cmd:"" help:"Work of the sample task."`
}

// Pages lists them.
type Pages struct{}

// Run prints one a line.
func (Pages) Run(c *bot.Console) error {
	return c.Env(Name, func(env *bot.Env) error {
		for _, title := range wikiconfig.SectionOf[Config](env.Config, Name).Pages {
			fmt.Fprintln(c.Out, title)
		}
		return nil
	})
}

// Register is the task with all that it brings along.
func Register() bot.Registration {
	folder, err := fs.Sub(words, "i18n")
	if err != nil { // the name is a constant and right
		panic(err)
	}
	return bot.Registration{
		Task: Task{}, Config: &Config{Depth: 1}, Preferences: &Preferences{},
		Commands: func() any { return &Commands{} }, Routes: routes, Words: folder,
		Kinds:    []notice.Kind{{Name: KindChange, Task: Name, Priority: 70, Echo: "notice", Group: "neutral", Lines: lines}},
		Requests: []bot.Handler{answer},
	}
}

// Task tells readers of changes.
type Task struct{}

// Name of the task everywhere.
func (Task) Name() string { return Name }

// Run reads the watched pages in one request and tells each reader of each revision once.
func (Task) Run(ctx context.Context, env *bot.Env) error {
	config := wikiconfig.SectionOf[Config](env.Config, Name)
	if len(config.Pages) == 0 || len(config.Readers) == 0 {
		return nil
	}
	texts, err := env.Wiki.Read(ctx, config.Pages...)
	if err != nil {
		return fmt.Errorf("reading the watched pages: %w", err)
	}
	wishes, err := env.Panel.Preferences(ctx, config.Readers...)
	if err != nil {
		return fmt.Errorf("reading what readers want: %w", err)
	}
	var events []notice.Event
	for i, title := range config.Pages {
		env.Progress("Watching pages", i+1, len(config.Pages))
		text := texts[title]
		for _, reader := range config.Readers {
			muted := wikiconfig.PreferencesOf[Preferences](wishes[reader], Name).Mute
			if text.Missing || slices.Contains(muted, title) {
				continue
			}
			events = append(events, notice.Event{
				ID: fmt.Sprintf("%s/%d/%s", Name, text.RevID, reader), Kind: KindChange, User: reader,
				Page: title, Agent: text.User, Rev: text.RevID, Time: text.Time, Demand: true,
			})
		}
	}
	return env.Store.Update(func(tx storage.Tx) error { return env.Notices.Add(tx, events...) })
}

// lines words the news.
func lines(r notice.Reader, events []notice.Event) (out []notice.Line) {
	for _, e := range events {
		out = append(out, notice.Line{
			Wikitext: r.Words.Text("sample-changed", e.Page, e.Agent),
			Plain:    r.Words.PlainText("sample-changed", e.Page, e.Agent), Page: e.Page,
		})
	}
	return out
}

// answer knows one request: "watch: <page>".
func answer(_ context.Context, env *bot.Env, r report.Request) (report.Answer, bool, error) {
	page, asked := strings.CutPrefix(r.Heading, "watch: ")
	text := env.Words.In(env.Config.Language).Text("sample-answer", page)
	return report.Answer{Text: text}, asked, nil
}

// routes answers GET /sample/depth.
func routes(mux *http.ServeMux, env func() (*bot.Env, error)) {
	mux.HandleFunc("GET /depth", func(w http.ResponseWriter, _ *http.Request) {
		e, err := env()
		if err != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, wikiconfig.SectionOf[Config](e.Config, Name).Depth)
	})
}
