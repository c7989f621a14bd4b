package wikiconfig

import (
	"context"
	"sync"
	"testing"
	"time"
)

// fakeWiki answers from memory and counts requests.
type fakeWiki struct {
	mu       sync.Mutex
	pages    map[string]Page
	requests int
	largest  int
	err      error
	silent   string // a title that the answer leaves out
}

var _ Reader = (*fakeWiki)(nil)

func (w *fakeWiki) Pages(_ context.Context, titles []string) (map[string]Page, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests, w.largest = w.requests+1, max(w.largest, len(titles))
	if w.err != nil {
		return nil, w.err
	}
	found := map[string]Page{}
	for _, title := range titles {
		page, ok := w.pages[title]
		if !ok {
			page = Page{Title: title, Missing: true}
		}
		if title != w.silent {
			found[title] = page
		}
	}
	return found, nil
}

func (w *fakeWiki) save(title string, rev int64, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pages == nil {
		w.pages = map[string]Page{}
	}
	w.pages[title] = Page{Title: title, RevID: rev, User: "Alice", Model: "json", Text: text}
}

func (w *fakeWiki) edit(title string, change func(*Page)) {
	page := w.pages[title]
	change(&page)
	w.pages[title] = page
}

type fakeKeeper struct {
	kept map[string][]byte
	err  error
}

var _ Keeper = (*fakeKeeper)(nil)

func (k *fakeKeeper) Load(name string) ([]byte, bool, error) {
	v, ok := k.kept[name]
	return v, ok, k.err
}

func (k *fakeKeeper) Save(name string, value []byte) error {
	if k.err == nil {
		k.kept[name] = value
	}
	return k.err
}

const configTitle, optOutTitle = "User:Warden/config.json", "User:Warden/optout.json"

type panelTest struct {
	*testing.T
	wiki   *fakeWiki
	keeper *fakeKeeper
	panel  *Panel
}

func newPanelTest(t *testing.T) *panelTest {
	p := &panelTest{T: t, wiki: &fakeWiki{}, keeper: &fakeKeeper{kept: map[string][]byte{}}}
	p.restart(testBook(t))
	return p
}

func (p *panelTest) restart(b *Book) {
	p.Helper()
	var err error
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	if p.panel, err = NewPanel(b, p.wiki, p.keeper, "User:Warden/", now); err != nil {
		p.Fatal(err)
	}
}

func (p *panelTest) poll() (changed bool) {
	p.Helper()
	changed, err := p.panel.Poll(context.Background())
	if err != nil {
		p.Fatal(err)
	}
	return changed
}
