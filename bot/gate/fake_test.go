package gate

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/antonholmquist/jason"
)

type object = map[string]any

// fakePage is a page of the fake wiki; its last revision is the current one.
type fakePage struct {
	revisions  []object
	redirect   string
	hidden     bool
	model      string
	categories []string
	templates  []string
}

// fakeWiki answers the queries of the gate and records what is posted.
type fakeWiki struct {
	mu       sync.Mutex
	pages    map[string]*fakePage
	users    map[string]object
	contribs []object
	messages []object
	logs     []object
	rights   []string
	lastRev  int

	requests []wiki.Params
	posts    []wiki.Params
	readErr  func(wiki.Params) error
	postErr  func(wiki.Params) error
	reply    object // instead of a success
	partly   bool   // answers are to be continued
}

func newFakeWiki() *fakeWiki {
	return &fakeWiki{pages: map[string]*fakePage{}, users: map[string]object{
		"Alice": {"name": "Alice", "userid": 5, "groups": []string{"*", "user"}},
	}}
}

// put makes text the current revision of a page.
func (f *fakeWiki) put(title, user, text string) *fakePage {
	p := f.pages[title]
	if p == nil {
		p = &fakePage{model: "wikitext"}
		f.pages[title] = p
	}
	p.revisions = append(p.revisions, f.revision(user, "", text))
	return p
}

func (f *fakeWiki) revision(user, comment, text string) object {
	f.lastRev++
	return object{"revid": f.lastRev, "user": user, "comment": comment, "timestamp": "2026-11-22T04:00:00Z",
		"slots": object{"main": object{"contentmodel": "wikitext", "content": text}}}
}

func (f *fakeWiki) Account() wiki.Account { return wiki.Account{Name: "NoticeBot"} }
func (f *fakeWiki) Missing(_ context.Context, rights ...string) (lacks []wiki.Lack, _ error) {
	for _, r := range rights {
		if !slices.Contains(f.rights, r) {
			lacks = append(lacks, wiki.Lack{Right: r, Grants: []string{r}})
		}
	}
	return lacks, nil
}
func (f *fakeWiki) Site() wiki.Site {
	return wiki.Site{Language: "de", Namespaces: map[int]string{10: "Vorlage"}}
}

var fakeSpaces = map[string]int{"User": 2, "User talk": 3, "Project": 4, "Template": 10, "Talk": 1}

func (f *fakeWiki) Title(text string) (wiki.Title, error) {
	text = userName(text)
	space, name, ok := strings.Cut(text, ":")
	if ns := fakeSpaces[space]; ok && ns != 0 {
		return wiki.Title{NS: ns, Name: userName(name), Full: space + ":" + userName(name)}, nil
	}
	if text == "" || strings.ContainsAny(text, "<>[]{}|") {
		return wiki.Title{}, errors.New("not a title")
	}
	return wiki.Title{Name: text, Full: text}, nil
}

func (f *fakeWiki) Read(ctx context.Context, titles ...string) (map[string]wiki.Text, error) {
	got := map[string]wiki.Text{}
	for _, t := range titles {
		a := answer{CurTimestamp: time.Unix(0, 0)}
		raw, _ := json.Marshal(f.row(t))
		var row pageRow
		if err := json.Unmarshal(raw, &row); err != nil {
			return nil, err
		}
		a.Query.Pages = []pageRow{row}
		got[t] = a.page(row.Title).Text
	}
	return got, nil
}

func (f *fakeWiki) Get(ctx context.Context, p wiki.Params) (*jason.Object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, p)
	if f.readErr != nil {
		if err := f.readErr(p); err != nil {
			return nil, err
		}
	}
	query := object{"allmessages": f.messages, "usercontribs": f.contribs, "logevents": f.logs}
	var rows, hops []object
	for _, t := range strings.Split(p["titles"], "|") {
		for p["redirects"] == "1" && f.pages[t] != nil && f.pages[t].redirect != "" {
			to := f.pages[t].redirect
			if space, _, ok := strings.Cut(to, ":"); ok && space == "meta" {
				hops = append(hops, object{"from": t, "to": to, "tointerwiki": "meta"})
				break
			}
			hops = append(hops, object{"from": t, "to": to})
			t = to
		}
		rows = append(rows, f.row(t))
	}
	query["pages"], query["redirects"] = rows, hops
	if u := p["ususers"]; u != "" {
		row := f.users[u]
		if row == nil {
			row = object{"name": u, "missing": true}
		}
		query["users"] = []object{row}
	}
	a := object{"curtimestamp": "2026-11-22T05:00:00Z", "query": query}
	if f.partly {
		a["continue"] = object{"rvcontinue": "1|2"}
	}
	return toJason(a), nil
}

func (f *fakeWiki) row(title string) object {
	p := f.pages[title]
	if p == nil {
		return object{"title": title, "missing": true}
	}
	row := object{"title": title, "pageid": 1, "redirect": p.redirect != ""}
	for k, names := range map[string][]string{"categories": p.categories, "templates": p.templates} {
		var list []object
		for _, n := range names {
			list = append(list, object{"title": n})
		}
		row[k] = list
	}
	if !p.hidden && len(p.revisions) > 0 {
		last := p.revisions[len(p.revisions)-1]
		last["slots"].(object)["main"].(object)["contentmodel"] = p.model
		row["revisions"] = []object{last}
	}
	return row
}

func (f *fakeWiki) Post(ctx context.Context, p wiki.Params) (*jason.Object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posts = append(f.posts, p)
	if f.postErr != nil {
		if err := f.postErr(p); err != nil {
			return nil, err
		}
	}
	if f.reply != nil {
		return toJason(f.reply), nil
	}
	f.lastRev++
	result := "success"
	if p["action"] == "edit" {
		result = "Success"
	}
	if p["action"] == "delete" {
		return toJason(object{"delete": object{"title": p["title"], "reason": p["reason"], "logid": f.lastRev}}), nil
	}
	return toJason(object{p["action"]: object{"result": result, "newrevid": f.lastRev,
		"newtimestamp": "2026-11-22T05:00:01Z"}}), nil
}

func toJason(o object) *jason.Object {
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	got, err := jason.NewObjectFromBytes(raw)
	if err != nil {
		panic(err)
	}
	return got
}

// bench is a gate with all that it stands on.
type bench struct {
	*Gate
	wiki   *fakeWiki
	policy Policy
	now    time.Time
	slept  []time.Duration
	dry    []Planned
	fail   error // of the policy
}

func newBench(t *testing.T, store storage.Store) *bench {
	t.Helper()
	if store == nil {
		store = storage.Memory()
		t.Cleanup(func() { store.Close() })
	}
	b := &bench{wiki: newFakeWiki(), now: time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC),
		policy: Policy{Mode: Live, TrialEdits: 2, EditsPerMinute: 6}}
	b.Gate = build(Config{Store: store, Prefix: "User:NoticeBot/",
		Policy: func() (Policy, error) { return b.policy, b.fail },
		Now:    func() time.Time { return b.now },
		Sleep: func(_ context.Context, d time.Duration) error {
			b.slept = append(b.slept, d)
			b.now = b.now.Add(d)
			return nil
		},
		OnDry: func(p Planned) { b.dry = append(b.dry, p) },
	}, b.wiki, b.wiki)
	return b
}

// notice is a message to Alice.
func notice(id string) Edit {
	return Edit{Task: "usage", Kind: "file-usage", User: "Alice", Title: "User talk:Alice",
		Section: "new", Heading: "Your file", Text: "Hello ~~~~", Summary: "new use", ID: id}
}

func reasonOf(err error) Reason {
	var r *Refused
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

func titlesOf(p wiki.Params) []string {
	return slices.Sorted(slices.Values(strings.Split(p["titles"], "|")))
}
