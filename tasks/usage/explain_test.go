package usage

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"filewarden/bot/sandbox"
)

// detour sends what goes to some hosts to servers of this test.
type detour map[string]string

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	if to, ok := d[r.URL.Host]; ok {
		r = r.Clone(r.Context())
		target, err := url.Parse(to)
		if err != nil {
			return nil, err
		}
		r.URL.Scheme, r.URL.Host = target.Scheme, target.Host
	}
	return http.DefaultTransport.RoundTrip(r)
}

// withItems is a world with a Wikidata, where en's pages have items.
func withItems(t *testing.T, config string, items map[string]string) (*world, *sandbox.Wiki) {
	t.Helper()
	w := newWorld(t, config, map[string]string{"Alice": "{}"})
	const address = "https://www.wikidata.org"
	data := sandbox.New(sandbox.Options{Name: "wikidatawiki", SiteName: "Wikidata", Clock: w.now})
	data.SetServer(address)
	server := httptest.NewServer(data)
	t.Cleanup(server.Close)
	w.wire, w.hosts = detour{"www.wikidata.org": server.URL}, []string{"www.wikidata.org"}
	w.open()
	w.commons.KnowWiki("wikidatawiki", address+"/wiki/")
	w.en.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		if !strings.Contains(r.FormValue("prop"), "pageprops") {
			return false
		}
		var pages []string
		for title, item := range items { // the sandbox has no Wikibase
			if id := fmt.Sprint(w.en.PageID(title)); strings.Contains("|"+r.FormValue("pageids")+"|", "|"+id+"|") {
				pages = append(pages, fmt.Sprintf(`{"pageid":%s,"ns":0,"title":%q,"pageprops":{"wikibase_item":%q}}`, id, title, item))
			}
		}
		rw.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(rw, `{"batchcomplete":true,"query":{"pages":[%s]}}`, strings.Join(pages, ","))
		return true
	})
	return w, data
}

// show makes an item name a file, and the pages of en show it.
func show(w *world, data *sandbox.Wiki, user, item, file string, pages ...string) {
	data.Edit(user, item, fmt.Sprintf(`{"claims":{"P18":[{"value":%q}]}}`, file), "/* wbsetclaim-create */")
	w.commons.AddGlobalUse(file, "wikidatawiki", data.PageID(item), 0, "", item)
	for _, page := range pages {
		w.commons.AddGlobalUse(file, "enwiki", w.en.PageID(page), 0, "", page)
	}
}

func TestAUseThroughAWikidataItemNamesTheItemAndItsEditor(t *testing.T) {
	w, data := withItems(t, live, map[string]string{"Sparrow": "Q42", "Other": "Q7"})
	w.upload("Alice", "A.png")
	data.Edit("Dora", "Q42", "{}", "")
	w.en.Edit("Bob", "Sparrow", "{{Infobox}}", "")
	w.en.Edit("Bob", "Other", "{{Infobox}}", "")
	w.expect()
	show(w, data, "Dora", "Q42", "A.png", "Sparrow", "Other")
	told := w.pass()
	want := "Alice: A.png on Q42 by Dora\nAlice: A.png on Sparrow by Dora via Q42\nAlice: A.png on Other"
	if diff := sameLines(want, lines(told)); diff != "" {
		t.Fatal(diff)
	}
	for _, e := range told {
		if e.Page == "Sparrow" && (e.Facts[factKind] != viaItem || e.Facts[factAddress] != "https://www.wikidata.org/wiki/Q42") {
			t.Errorf("facts %v", e.Facts)
		}
	}
}

func TestAUseThroughAnItemThatHadTheFileBeforeNamesItsEditorToo(t *testing.T) {
	w, data := withItems(t, live, map[string]string{"Sparrow": "Q42"})
	w.upload("Alice", "A.png")
	w.expect()
	show(w, data, "Dora", "Q42", "A.png")
	w.expect("Alice: A.png on Q42 by Dora")
	w.en.Edit("Bob", "Sparrow", "{{Infobox}}", "")
	w.commons.AddGlobalUse("A.png", "enwiki", w.en.PageID("Sparrow"), 0, "", "Sparrow")
	w.expect("Alice: A.png on Sparrow by Dora via Q42")
}

func TestOwnEditsOfAnItemAreOwnDoing(t *testing.T) {
	w, data := withItems(t, `{"mode":"live","sameUsers":"all"}`, map[string]string{"Sparrow": "Q42"})
	w.upload("Alice", "A.png")
	w.en.Edit("Bob", "Sparrow", "{{Infobox}}", "")
	w.expect()
	show(w, data, "Alice", "Q42", "A.png", "Sparrow")
	w.expect()
}

func TestOnlyWikidataHasItems(t *testing.T) {
	for key, want := range map[string]bool{
		"https://www.wikidata.org/wiki/": true, "https://wikidata.org/wiki/": true, "https://test.wikidata.org/wiki/": true,
		"https://www.evilwikidata.org/wiki/": false, "https://evilwikidata.org/wiki/": false, "https://www.wikidata.org.example.org/wiki/": false, "": false,
	} {
		if got := isItems(key); got != want {
			t.Errorf("%q: %v", key, got)
		}
	}
}

func TestATemplateIsFoundWhenOnlyItsPagesAppear(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Flag.png")
	w.en.Edit("Bob", "Template:Other", "[[File:Big Flag.png]]", "")
	w.en.Edit("Bob", "Template:Flag", "no picture", "")
	for i := range 3 {
		w.en.Edit("Bob", fmt.Sprintf("Country %d", i), "{{Other}} {{Flag}}", "")
	}
	w.en.Edit("Bob", "Without", "{{Other}}", "")
	w.expect()
	w.en.Edit("Carol", "Template:Flag", "[[File:Flag.png]]<!-- flag -->", "a flag")
	w.commons.RemoveGlobalUse("Flag.png", "enwiki", w.en.PageID("Template:Flag")) // as between <includeonly> and </includeonly>
	for i := range 3 {
		page := fmt.Sprintf("Country %d", i)
		w.commons.AddGlobalUse("Flag.png", "enwiki", w.en.PageID(page), 0, "", page)
	}
	w.commons.AddGlobalUse("Flag.png", "enwiki", w.en.PageID("Without"), 0, "", "Without")
	told := w.pass()
	want := "Alice: Flag.png on Country 0 by Carol via Template:Flag\nAlice: Flag.png on Country 1 by Carol via Template:Flag\n" +
		"Alice: Flag.png on Country 2 by Carol via Template:Flag\nAlice: Flag.png on Without"
	if diff := sameLines(want, lines(told)); diff != "" {
		t.Fatal(diff)
	}
	if told[0].Facts[factKind] != viaTemplate || told[0].Facts[factComment] != "a flag" {
		t.Errorf("facts %v", told[0].Facts)
	}
}

func TestATemplateThatHadTheFileLongBeforeIsNamedWithoutItsEditor(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Flag.png")
	w.en.Edit("Carol", "Template:Flag", "<noinclude>x</noinclude>[[File:Flag.png]]", "")
	w.commons.RemoveGlobalUse("Flag.png", "enwiki", w.en.PageID("Template:Flag"))
	w.later(1000 * 3600e9)
	w.expect()
	w.en.Edit("Bob", "Country", "{{Flag}}", "")
	w.expect("Alice: Flag.png on Country via Template:Flag")
}
