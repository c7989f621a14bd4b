package provenance

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

// evil is code that tries everything by which text becomes more than text.
const evil = "x = '</syntaxhighlight></nowiki></pre>{{Evil}}{{subst:Evil}}[[Category:Evil]][[File:Evil.png]]~~~~<ref>y</ref> __NOINDEX__ " +
	"https://evil.example/ <script>1</script> {{{1}}} |- |} == h == <!-- Filewarden: end -->\u202e\u0000\u2066\x1b[31m';\n* a\n: b\n {| c"

// spoken is what the wiki understood of a page.
type spoken struct {
	Parse struct {
		Templates, Images []any
		Categories        []any
		ExternalLinks     []string
		Text              string
	}
}

func (w *world) understood(name string) spoken {
	w.t.Helper()
	q := url.Values{"action": {"parse"}, "page": {"User:FileBot/" + name}, "prop": {"templates|images|categories|externallinks|text"}, "disablelimitreport": {"1"}}
	params := map[string]string{}
	for k := range q {
		params[k] = q.Get(k)
	}
	answer, err := w.bot.Wiki().Get(w.t.Context(), params)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := answer.Marshal()
	if err != nil {
		w.t.Fatal(err)
	}
	var out spoken
	if err := json.Unmarshal(raw, &out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestCodeNeverBecomesWikitext(t *testing.T) {
	w := withGadget(t, live)
	w.wiki.Edit("Admin", "Template:Evil", "EVIL", "")
	w.engine = func(src audit.Source) audit.Result {
		f := audit.Finding{ID: "x" + src.Path, Rule: "TS001", Severity: rule.Error, Line: 1, Column: 1, Args: []string{evil, evil}, Code: evil, Fix: evil}
		g := f
		g.ID = "y" + src.Path
		return audit.Result{Path: src.Path, Analysis: audit.Partial, Why: evil, Findings: []audit.Finding{f},
			Ignored: []audit.Ignored{{Finding: g, Reason: evil}}, Marks: []audit.Mark{{Line: 1, Text: evil, Why: "no-reason"}}}
	}
	w.pass()
	for _, name := range []string{"Provenance", "Provenance/" + gadgetPage + "/report"} {
		got := w.understood(name).Parse
		if len(got.Templates)+len(got.Categories)+len(got.Images) > 0 {
			t.Errorf("%s speaks to the wiki: %+v", name, got)
		}
		for _, link := range got.ExternalLinks {
			if strings.Contains(link, "evil.example") {
				t.Errorf("%s links to %s", name, link)
			}
		}
		text := w.text(name)
		if strings.ContainsAny(text, "\u202e\u0000\u2066\x1b") || strings.Contains(got.Text, "<script") {
			t.Errorf("%s hides something:\n%q", name, text)
		}
		if strings.Count(text, "<!-- Filewarden: end") != 1 {
			t.Errorf("%s has another end", name)
		}
	}
	w.has("Provenance/"+gadgetPage+"/report", "⟨U+202E⟩", "⟨U+0000⟩")
}

func TestNamesOfPagesAndGadgetsStayNames(t *testing.T) {
	w := newWorld(t, live)
	title := "MediaWiki:Gadget-'' ''a & b!~; " + strings.Repeat("é", 90) + ".js"
	w.wiki.Edit("Admin", "MediaWiki:Gadgets-definition", "* a-b_c[default]|'' ''a & b!~; "+strings.Repeat("é", 90)+".js\n", "")
	w.wiki.Edit("Carol", title, offStep, "")
	w.pass()
	found := false
	for _, page := range w.wiki.Titles() {
		if !strings.HasPrefix(page, "User:FileBot/Provenance/MediaWiki") {
			continue
		}
		found = true
		name := strings.TrimPrefix(page, "User:FileBot/")
		if len(page) > 255 || strings.HasSuffix(page, ".js") {
			t.Errorf("the report is called %s", page)
		}
		w.has(name, "22px-Foo", "Part of the gadget “a-b c”")
	}
	if !found {
		t.Errorf("there is no report: %q", w.wiki.Titles())
	}
}
