package notice

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/wikiconfig"

	"github.com/antonholmquist/jason"
)

const me = "FileBot"

// start is a Wednesday.
var start = time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC)

// fakeWiki stands for the gate and the wiki behind it. It keeps histories as
// MediaWiki does, the guard against double submission included.
type fakeWiki struct {
	now      time.Time
	revs     map[string][]fakeRev
	models   map[string]string
	lastRev  int64
	refuse   map[string]error // by user: what Ask says
	failing  func(action, user string) error
	rights   wiki.Account
	noEcho   bool
	users    map[string]string // name → JSON of its row in list=users
	logs     []string          // titles created since the cursor
	gets     []wiki.Params
	pst      func(text string) string
	echoes   []gate.Echo
	mails    []gate.Mail
	prefs    map[string]string
	state    wikiconfig.State
	book     *wikiconfig.Book
	dry      bool
	step     func(name string, after bool) error // crash points
	prefsErr error
}

type fakeRev struct {
	id                           int64
	user, heading, text, summary string
	kind                         string
}

var composed = sync.OnceValues(func() (*wikiconfig.Book, error) {
	return wikiconfig.NewBook(
		wikiconfig.Section{Name: "usage", Preferences: &wikiconfig.CommonPreferences{Enabled: true}},
		wikiconfig.Section{Name: "copyvio", Preferences: &wikiconfig.CommonPreferences{Enabled: true}})
})

func newFakeWiki(t testing.TB) *fakeWiki {
	book, err := composed()
	if err != nil {
		t.Fatal(err)
	}
	return &fakeWiki{
		now: start, revs: map[string][]fakeRev{}, models: map[string]string{}, refuse: map[string]error{},
		users: map[string]string{}, prefs: map[string]string{}, book: book,
		rights: wiki.Account{Name: me, Rights: map[string]bool{"echo-create": true},
			Options: map[string]string{"echo-subscriptions-web-api-triggered": "1"}},
		state: wikiconfig.State{Config: &wikiconfig.Config{Language: "en", SameUsers: "sitematrix",
			Notices: wikiconfig.NoticesConfig{Channel: "talk", Window: "now", PerDay: 3}}},
	}
}

func (f *fakeWiki) at(name string, after bool) error {
	if f.step == nil {
		return nil
	}
	return f.step(name, after)
}

func (f *fakeWiki) Edit(_ context.Context, e gate.Edit) (gate.Receipt, error) {
	if err := f.at("edit", false); err != nil {
		return gate.Receipt{}, err
	}
	if f.failing != nil {
		if err := f.failing("edit", e.User); err != nil {
			return gate.Receipt{}, err
		}
	}
	if f.dry {
		return gate.Receipt{Dry: true}, nil
	}
	if err := f.conflict(e); err != nil {
		return gate.Receipt{}, err
	}
	rev := f.add(e.Title, fakeRev{user: me, heading: e.Heading, text: e.Text, summary: e.Summary + " " + e.ID, kind: e.Kind})
	if err := f.at("edit", true); err != nil {
		return gate.Receipt{}, err
	}
	return gate.Receipt{RevID: rev}, nil
}

// conflict is MediaWiki's EditPage for a new section.
func (f *fakeWiki) conflict(e gate.Edit) error {
	history := f.revs[e.Title]
	switch {
	case e.CreateOnly && len(history) > 0:
		return &wiki.Error{Code: "articleexists", Advice: wiki.Replan}
	case !e.CreateOnly && len(history) == 0:
		return &wiki.Error{Code: "missingtitle", Advice: wiki.Replan}
	case e.CreateOnly:
		return nil
	}
	last := history[len(history)-1]
	if e.BaseRev != 0 && last.id != e.BaseRev && last.user == me && last.summary == e.Summary+" "+e.ID {
		return &wiki.Error{Code: "editconflict", Advice: wiki.Replan}
	}
	return nil
}

func (f *fakeWiki) add(title string, r fakeRev) int64 {
	f.lastRev++
	r.id = f.lastRev
	f.revs[title] = append(f.revs[title], r)
	return r.id
}

func (f *fakeWiki) Echo(_ context.Context, e gate.Echo) (gate.Receipt, error) {
	if err := f.at("echo", false); err != nil {
		return gate.Receipt{}, err
	}
	if f.failing != nil {
		if err := f.failing("echo", e.User); err != nil {
			return gate.Receipt{}, err
		}
	}
	f.echoes = append(f.echoes, e)
	return gate.Receipt{}, f.at("echo", true)
}

func (f *fakeWiki) Mail(_ context.Context, m gate.Mail) (gate.Receipt, error) {
	if f.failing != nil {
		if err := f.failing("mail", m.User); err != nil {
			return gate.Receipt{}, err
		}
	}
	f.mails = append(f.mails, m)
	return gate.Receipt{}, nil
}

func (f *fakeWiki) Check(_ context.Context, task string) error {
	if err := f.at("check", false); err != nil {
		return err
	}
	if f.failing != nil {
		return f.failing("check", task)
	}
	return nil
}

func (f *fakeWiki) Ask(_ context.Context, kind, user, title string) (wiki.Text, error) {
	if err := f.at("ask", false); err != nil {
		return wiki.Text{}, err
	}
	if err := f.refuse[user]; err != nil {
		return f.text(title), err
	}
	return f.text(title), f.refuse[user+" "+kind]
}

func (f *fakeWiki) text(title string) wiki.Text {
	history := f.revs[title]
	t := wiki.Text{Title: title, Missing: len(history) == 0, ReadAt: f.now, Model: "wikitext"}
	if m := f.models[title]; m != "" {
		t.Model = m
	}
	if len(history) > 0 {
		t.RevID = history[len(history)-1].id
		for _, r := range history {
			t.Content += "\n== " + r.heading + " ==\n" + r.text
		}
	}
	return t
}

func (f *fakeWiki) Sent(_ context.Context, title, id string) (int64, error) {
	if err := f.at("sent", false); err != nil {
		return 0, err
	}
	if f.failing != nil {
		if err := f.failing("sent", title); err != nil {
			return 0, err
		}
	}
	for _, r := range f.revs[title] {
		if strings.HasSuffix(r.summary, " "+id) {
			return r.id, nil
		}
	}
	return 0, nil
}

func (f *fakeWiki) Get(_ context.Context, p wiki.Params) (*jason.Object, error) {
	f.gets = append(f.gets, p)
	switch {
	case p["action"] == "parse":
		return jason.NewObjectFromBytes(fmt.Appendf(nil, `{"parse":{"text":%q}}`, f.pst(p["text"])))
	case p["list"] == "users":
		var rows []string
		for name := range strings.SplitSeq(p["ususers"], "|") {
			if row := f.users[name]; row != "" {
				rows = append(rows, row)
			}
		}
		return jason.NewObjectFromBytes([]byte(`{"query":{"users":[` + strings.Join(rows, ",") + `]}}`))
	}
	var rows []string
	for _, title := range f.logs {
		rows = append(rows, fmt.Sprintf(`{"title":%q}`, title))
	}
	return jason.NewObjectFromBytes([]byte(`{"curtimestamp":"` + f.now.Format(time.RFC3339) +
		`","query":{"logevents":[` + strings.Join(rows, ",") + `],"recentchanges":[]}}`))
}

func (f *fakeWiki) Read(_ context.Context, titles ...string) (map[string]wiki.Text, error) {
	texts := map[string]wiki.Text{}
	for _, title := range titles {
		texts[title] = f.text(title)
	}
	return texts, nil
}

func (f *fakeWiki) Site() wiki.Site {
	s := wiki.Site{Name: "Test Wiki", Server: "https://test.example", Script: "/w/index.php", Extensions: map[string]string{"Echo": "1"}}
	if f.noEcho {
		s.Extensions = nil
	}
	return s
}

func (f *fakeWiki) Account() wiki.Account { return f.rights }

func (f *fakeWiki) Title(text string) (wiki.Title, error) {
	text = strings.TrimPrefix(strings.TrimSpace(strings.ReplaceAll(text, "_", " ")), ":")
	if text == "" || strings.ContainsAny(text, "[]{}|<>#") {
		return wiki.Title{}, fmt.Errorf("bad title %q", text)
	}
	if prefix, name, ok := strings.Cut(text, ":"); ok && strings.EqualFold(prefix, "file") {
		name = canonical(strings.TrimSpace(name))
		return wiki.Title{NS: 6, Name: name, Full: "File:" + name}, nil
	}
	return wiki.Title{Name: text, Full: text}, nil
}

func (f *fakeWiki) URL(title string) string {
	return "https://test.example/wiki/" + strings.ReplaceAll(title, " ", "_")
}

func (f *fakeWiki) State() wikiconfig.State { return f.state }

func (f *fakeWiki) Preferences(_ context.Context, users ...string) (map[string]*wikiconfig.Preferences, error) {
	if f.prefsErr != nil {
		return nil, f.prefsErr
	}
	prefs := map[string]*wikiconfig.Preferences{}
	for _, user := range users {
		text, exists := f.prefs[user]
		if !exists {
			text = "{}"
		}
		prefs[user], _ = f.book.ParsePreferences(text)
		prefs[user].Exists = exists
	}
	return prefs, nil
}
