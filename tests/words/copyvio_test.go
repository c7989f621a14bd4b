package words

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"filewarden/templates"
	"filewarden/tests/realwiki"
)

// casePage is a case of each hostile text, in every field that others fill.
func casePage(t *testing.T, names templates.CopyvioNames) (templates.CopyvioPage, *templates.Language) {
	t.Helper()
	words, err := templates.Load(templates.Folder(""), templates.Folder("copyvio"))
	if err != nil {
		t.Fatal(err)
	}
	p := templates.CopyvioPage{Kind: "all", Number: 1, Of: 1, Names: names, Acting: "off", Account: "Filewarden", Made: time.Unix(0, 0)}
	for _, text := range hostile(t) {
		p.Cases = append(p.Cases, templates.CopyvioCase{ID: fmt.Sprintf("%040x", len(p.Cases)+1), File: "File:Nowhere.png", State: "open", Hidden: "aside", Note: text, Source: text, Licence: text,
			Uploader: templates.CopyvioPerson{Name: text, Groups: []string{text}}, Gone: text, Evidence: []templates.CopyvioEvidence{{Kind: "metadata", Text: text}},
			Matches: []templates.CopyvioMatch{{Kind: "full", Provider: text, Domain: text, Title: text, Page: "https://a.example/?x=" + text, Percent: 90}}})
	}
	return p, words.In("en")
}

func TestCasesAreShownAsTheyAre(t *testing.T) {
	w := realwiki.Start(t)
	c := w.Client(w.Admin)
	names := templates.CopyvioNames{Case: "User:Filewarden/Copyvio/Case"}
	p, l := casePage(t, names)
	w.Edit(w.Admin, names.Case, l.CopyvioCaseTemplate("Filewarden", time.Unix(0, 0)), "")
	got := parse(t, c, realwiki.Params{"text": l.CopyvioPageText(p), "title": "User:Filewarden/Copyvio/All", "pst": "1", "prop": "text|templates|categories|properties|externallinks", "disableeditsection": "1"}).Parse
	if len(got.Templates) != 1 || len(got.Categories) > 0 || got.Properties["noindex"] != "" {
		t.Errorf("the page speaks to the wiki: %v, %v, %v", got.Templates, got.Categories, got.Properties)
	}
	for _, link := range got.ExternalLinks {
		if !strings.HasPrefix(link, "https://a.example/") {
			t.Errorf("foreign text became a link to %s", link)
		}
	}
	for _, want := range []string{`class="filewarden-case"`, `data-status="open"`, `<h2`, `id="` + p.Cases[0].ID + `"`, "flex-wrap:wrap", "solid var(--color-progressive, #36c)"} {
		if n := strings.Count(got.Text, want); n == 0 || n != len(p.Cases) && want != `id="`+p.Cases[0].ID+`"` {
			t.Errorf("%d cases show %s %d times", len(p.Cases), want, n)
		}
	}
	for i, text := range p.Cases {
		if want := alone(l.PlainText, text.Licence); !strings.Contains(shown(got.Text), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("case %d does not show %q", i, want)
		}
	}
}
