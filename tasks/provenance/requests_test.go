package provenance

import (
	"strings"
	"testing"

	"filewarden/bot/report"
)

func TestWhatIsAskedForIsUnderstood(t *testing.T) {
	for heading, want := range map[string]string{
		"audit MediaWiki:Gadget-x.js":                           "MediaWiki:Gadget-x.js",
		"Audit this page again: [[MediaWiki:Gadget-x.js]]":      "MediaWiki:Gadget-x.js",
		"please audit the gadget popups again":                  "popups again",
		"Re-audit [[:Module:Icon|Icon]], please":                "Module:Icon",
		"audit: Module:Code of arms":                            "Module:Code of arms",
		"audit “MediaWiki:Common.css”":                          "MediaWiki:Common.css",
		"audit User:Dora/x.js --[[User:Dora|Dora]] 12:00 (UTC)": "User:Dora/x.js",
		"audit again": "",
	} {
		if want == "popups again" {
			want = "popups" // the last words are filler too
		}
		if got, ok := asked(heading, ""); !ok || got != want {
			t.Errorf("%q asks for %q, want %q (%v)", heading, got, want, ok)
		}
	}
	if got, ok := asked("Audit this page again", "\n[[MediaWiki:Common.js]] --~~~~"); !ok || got != "MediaWiki:Common.js" {
		t.Errorf("a page named in the text is %q, %v", got, ok)
	}
	for _, heading := range []string{"mute all", "check this file: File:A.jpg", "Auditing the wiki", "", "audits"} {
		if name, ok := asked(heading, "x"); ok {
			t.Errorf("%q asks for %q", heading, name)
		}
	}
}

func (w *world) ask(user, heading string) string {
	w.t.Helper()
	if _, err := w.bot.Panel().Poll(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	env, err := w.bot.Env(Name)
	if err != nil {
		w.t.Fatal(err)
	}
	a, ok, err := answer(w.t.Context(), env, report.Request{User: user, Heading: heading})
	if err != nil || !ok {
		w.t.Fatalf("%s: %v, %v", heading, ok, err)
	}
	return a.Text
}

func TestARequestAuditsAtOnceAndAnswersWithTheResult(t *testing.T) {
	w := newWorld(t, live)
	w.wiki.Edit("Admin", "MediaWiki:Gadgets-definition", definition, "")
	w.wiki.Edit("Carol", "MediaWiki:Gadget-popups.css", ".a { background: url(//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png) }", "")
	w.wiki.Edit("Admin", "Talk:X", "text", "")
	w.wiki.Edit("Dora", "User:Dora/x.js", "var x;", "")
	w.pass()
	w.engine = nil
	for _, c := range []struct{ user, heading, want string }{
		{"Alice", "audit MediaWiki:Gadget-popups.css", "one error"},
		{"Alice", "audit popups", "There is no page MediaWiki:Gadget-popups.js. Audited [[:MediaWiki:Gadget-popups.css|"},
		{"Alice", "audit MediaWiki:None.js", "There is no page"},
		{"Alice", "audit MediaWiki:Gadgets-definition", "nothing to mend"},
		{"Alice", "audit this page again", "Which page?"},
		{"Alice", "audit User:Dora/x.js", "is not among the pages"},
		{"Dora", "audit User:Dora/x.js", "nothing to mend"},
		{"Alice", "audit [[Evil]]{{nobots}}", "Which page?"},
	} {
		if got := w.ask(c.user, c.heading); !strings.Contains(got, c.want) || strings.ContainsAny(got, "\n{}") {
			t.Errorf("%s: %s", c.heading, got)
		}
	}
	w.has("Provenance/MediaWiki:Gadget-popups.css/report", "CS001")
	w.wiki.Edit("Carol", "MediaWiki:Gadget-popups.css", ".a { color: red }", "")
	if got := w.ask("Alice", "audit MediaWiki:Gadget-popups.css"); !strings.Contains(got, "nothing to mend") {
		t.Errorf("after the fix: %s", got)
	}
	w.has("Provenance/MediaWiki:Gadget-popups.css/report", "There is nothing to mend", "fixed in revision")
}

func TestARequestOnThePageIsAnsweredThere(t *testing.T) {
	w := newWorld(t, live)
	w.wiki.Edit("Carol", "MediaWiki:Common.css", ".a { background: url(//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png) }", "")
	w.wiki.Edit("FileBot", "User:FileBot/Requests", "Requests", "")
	if err := w.bot.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wiki.NewSection("Alice", "User:FileBot/Requests", "audit MediaWiki:Common.css", "~~~~")
	if err := w.bot.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.has("Requests", "Audited [[:MediaWiki:Common.css|MediaWiki:Common.css]] in revision", "one error")
}
