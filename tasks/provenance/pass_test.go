package provenance

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox"
	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

func TestCodeIsFoundWhereItIs(t *testing.T) {
	w := withGadget(t, `{"mode": "live", "editsPerMinute": 600, "tasks": {"provenance": {"userScripts": {"users": ["Dora"]}, "pages": ["User:Erin/x.js"]}}}`)
	w.wiki.Edit("Admin", "MediaWiki:Common.css", "a { color: red }", "")
	w.wiki.Edit("Admin", "MediaWiki:Sitenotice", "Hello", "")
	w.wiki.Edit("Admin", "Module:Icon", "return {}", "")
	w.wiki.Edit("Admin", "Module:Icon/doc", "Icon", "")
	w.wiki.Edit("Admin", "Template:Icon", "[//upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg x]", "")
	w.wiki.Edit("Admin", "Template:Plain", "nothing", "")
	w.wiki.Edit("Admin", "Template:Icon/styles.css", ".a { background: url(//upload.wikimedia.org/x.png) }", "")
	for _, title := range []string{"User:Dora/common.js", "User:Erin/x.js", "User:Frank/y.js"} {
		w.wiki.Edit("Admin", title, "var x;", "")
	}
	w.pass()
	got := strings.Split(w.auditedNow(), ", ")
	slices.Sort(got)
	want := []string{"MediaWiki:Common.css", gadgetPage, "Module:Icon", "Template:Icon", "Template:Icon/styles.css", "User:Dora/common.js", "User:Erin/x.js"}
	if !slices.Equal(got, want) {
		t.Errorf("audited %q\nwant    %q", got, want)
	}
}

func TestWithoutASearchTemplatesAreFoundByTheirLinks(t *testing.T) {
	w := newWorldOf(t, live, sandbox.Options{Styles: true})
	w.wiki.Edit("Admin", "Template:Icon", "[//upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg x]", "")
	w.wiki.Edit("Admin", "Template:Icon/styles.css", ".a { color: red }", "")
	w.wiki.Edit("Admin", "Template:Plain", "nothing", "")
	w.pass()
	if got := w.auditedNow(); got != "Template:Icon, Template:Icon/styles.css" {
		t.Errorf("audited %s", got)
	}
}

// What a pass costs without news stands in the package comment.
func TestASecondPassOfAnUnchangedWikiAsksOnlyWhetherItChanged(t *testing.T) {
	w := withGadget(t, live)
	w.follow("Alice", "popups")
	w.wiki.Edit("Admin", "Module:Icon", "return {}", "")
	w.wiki.Edit("Admin", "Template:Icon", "[//upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg x]", "")
	w.pass()
	w.auditedNow()
	p := w.env()
	w.wiki.ForgetRequests()
	if err := p.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.auditedNow(); got != "" {
		t.Errorf("audited %s", got)
	}
	var asked []string
	for _, r := range w.wiki.Requests() {
		v := r.Values
		asked = append(asked, strings.Join(slices.DeleteFunc([]string{v.Get("action"), v.Get("generator"), v.Get("gapnamespace"), v.Get("gsrsearch"), v.Get("list"), v.Get("titles")},
			func(s string) bool { return s == "" }), " "))
	}
	want := []string{"query allpages 8", "query allpages 828", `query search insource:"upload.wikimedia.org"`, `query search insource:"thumb.wikimedia.org"`,
		"query User:Alice/Filewarden.json"}
	if !slices.Equal(asked, want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(asked, "\n"), strings.Join(want, "\n"))
	}
}

func TestOnlyWhatChangedIsAudited(t *testing.T) {
	w := withGadget(t, live)
	w.wiki.Edit("Admin", "MediaWiki:Common.js", "var x;", "")
	w.pass()
	w.auditedNow()
	w.wiki.Edit("Admin", "MediaWiki:Common.js", "var y;", "")
	w.pass()
	if got := w.auditedNow(); got != "MediaWiki:Common.js" {
		t.Errorf("audited %s", got)
	}
	w.rules = "newer"
	w.pass()
	if got := w.auditedNow(); got != "MediaWiki:Common.js, "+gadgetPage && got != gadgetPage+", MediaWiki:Common.js" {
		t.Errorf("by new rules it audited %s", got)
	}
}

func TestTheHistoryOfAFinding(t *testing.T) {
	w := withGadget(t, live)
	w.pass()
	if got := w.states(gadgetPage); got != "PV014 open, TS001 open" && got != "TS001 open" {
		t.Fatalf("found %s", got)
	}
	w.has("Provenance/"+gadgetPage+"/report", "TS001", "22px-Foo", "found in revision")
	w.wiki.Edit("Dora", gadgetPage, onStep, "")
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; lives(f) != "found, fixed by Dora" {
		t.Errorf("after the fix: %s", lives(f))
	}
	w.has("Provenance/"+gadgetPage+"/report", "There is nothing to mend", "fixed in revision", "Dora")
	w.wiki.Edit("Carol", gadgetPage, offStep, "")
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; lives(f) != "found, fixed by Dora, again" || f.State != stateOpen {
		t.Errorf("after the relapse: %s, %s", lives(f), f.State)
	}
	w.has("Provenance", "New lately", "Gadgets", "popups", "everybody")
}

func TestWhoFixedIsNamedOnlyWhereTheHistoryTells(t *testing.T) {
	for want, edits := range map[string][]string{"fixed": {"Dora", "Erin"}, "fixed by Dora": {"Dora", "Dora"}} {
		w := withGadget(t, live)
		w.pass()
		for i, user := range edits {
			w.wiki.Edit(user, gadgetPage, strings.Repeat("\n", i)+onStep, "")
		}
		w.pass()
		if f := w.rows(gadgetPage)["TS001"]; lives(f) != "found, "+want {
			t.Errorf("edits by %v: %s", edits, lives(f))
		}
	}
}

func TestIdsSurviveLinesThatMove(t *testing.T) {
	w := withGadget(t, live)
	w.pass()
	w.wiki.Edit("Carol", gadgetPage, "// one\n// two\n"+offStep, "")
	w.pass()
	f := w.rows(gadgetPage)["TS001"]
	if lives(f) != "found" || f.Line != 3 {
		t.Errorf("%s at line %d", lives(f), f.Line)
	}
}

func TestAConfiguredIgnoreHasAReasonAndAnEnd(t *testing.T) {
	w := withGadget(t, live)
	w.pass()
	w.configure(`{"mode": "live", "editsPerMinute": 600, "tasks": {"provenance": {"ignore": [{"rule": "TS001", "page": "MediaWiki:Gadget-popups.js", "reason": "only printed", "until": "2026-11-25"}]}}}`)
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; f.State != stateIgnored || f.Reason != "only printed" || lives(f) != "found, ignored" {
		t.Errorf("%+v", f)
	}
	w.has("Provenance/"+gadgetPage+"/report", "By the configuration: only printed (until 2026-11-25)")
	w.pass()
	w.pass() // the 26th
	if f := w.rows(gadgetPage)["TS001"]; f.State != stateOpen || lives(f) != "found, ignored, counted" {
		t.Errorf("after the last day: %s, %s", f.State, lives(f))
	}
	w.has("Provenance", "its last day is over")
	if got := w.auditedNow(); strings.Count(got, gadgetPage) != 1 {
		t.Errorf("audited %s", got)
	}
	if problems := w.bot.Book().Check("config.json", `{"tasks": {"provenance": {"ignore": [{"rule": "TS001"}]}}}`); len(problems) == 0 {
		t.Error("an entry without a reason is taken")
	}
}

func TestAMarkInTheCodeIgnores(t *testing.T) {
	w := withGadget(t, live)
	w.wiki.Edit("Carol", gadgetPage, "// filewarden-ignore TS001: drawn by the printer\n"+offStep, "")
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; f.State != stateIgnored || f.By != byMark || f.Reason != "drawn by the printer" {
		t.Errorf("%+v", f)
	}
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; lives(f) != "found, ignored" {
		t.Errorf("after another pass: %s", lives(f))
	}
}

func TestMovedDeletedAndRestoredPages(t *testing.T) {
	w := withGadget(t, live)
	w.pass()
	w.auditedNow()
	moved := "MediaWiki:Gadget-hover.js"
	w.wiki.Move("Admin", gadgetPage, moved, "")
	w.pass()
	if got := w.states(moved); !strings.Contains(got, "TS001 open") || strings.Contains(w.auditedNow(), moved) {
		t.Errorf("after the move: %s", got)
	}
	w.has("Provenance/"+gadgetPage+"/report", "was moved to", moved)
	w.has("Provenance/"+moved+"/report", "22px-Foo")
	w.wiki.Delete("Admin", moved, "")
	w.pass()
	w.has("Provenance/"+moved+"/report", "was deleted")
	w.lacks("Provenance", "hover")
	w.wiki.Undelete("Admin", moved, "")
	w.pass()
	w.has("Provenance/"+moved+"/report", "Audited was revision")
	if f := w.rows(moved)["TS001"]; f.State != stateOpen {
		t.Errorf("after it was restored: %s", f.State)
	}
}

func TestATextThatCannotBeReadFixesNothing(t *testing.T) {
	w := withGadget(t, live)
	w.pass()
	w.engine = func(src audit.Source) audit.Result {
		return audit.Result{Path: src.Path, Analysis: audit.Partial, Why: "no end"}
	}
	w.wiki.Edit("Carol", gadgetPage, offStep+"function (", "")
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; f.State != stateOpen {
		t.Errorf("a page that does not parse: %s", f.State)
	}
	w.has("Provenance", "Not read whole", "no end")
	w.wiki.Edit("Carol", gadgetPage, "function (", "")
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; f.State != stateFixed {
		t.Errorf("code that is gone: %s", f.State)
	}
}

func TestATemplateWithoutMediaIsLetGo(t *testing.T) {
	w := newWorld(t, live)
	w.wiki.Edit("Admin", "Template:Icon", "[//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png x]", "")
	w.pass()
	w.wiki.Edit("Admin", "Template:Icon", "[[File:Foo.svg|22px]]", "")
	w.pass()
	if got := w.states("Template:Icon"); strings.Contains(got, "open") {
		t.Errorf("after the fix: %s", got)
	}
	w.wiki.ForgetRequests()
	w.pass()
	for _, r := range w.wiki.Requests() {
		if r.Values.Get("pageids") != "" {
			t.Errorf("asked again for %s", r.Values.Get("pageids"))
		}
	}
}

func TestAPassThatDiesGoesOnWhereItEnded(t *testing.T) {
	w := withGadget(t, live)
	w.wiki.Edit("Carol", "MediaWiki:Common.js", offStep, "")
	n := 0
	w.engine = func(src audit.Source) audit.Result {
		if n++; n == 2 {
			panic("killed")
		}
		return simple(src)
	}
	func() {
		defer func() { _ = recover() }()
		_ = w.tryPass()
	}()
	w.auditedNow()
	w.engine = nil
	w.pass()
	if got := w.auditedNow(); strings.Count(got, "MediaWiki:") != 1 {
		t.Errorf("after the kill it audited %s", got)
	}
	for _, title := range []string{gadgetPage, "MediaWiki:Common.js"} {
		if f := w.rows(title)["TS001"]; lives(f) != "found" {
			t.Errorf("%s: %s", title, lives(f))
		}
	}
}

func TestFindingsAndEventsAreStoredTogether(t *testing.T) {
	w := withGadget(t, live)
	w.follow("Alice", "popups")
	w.pass()
	w.wiki.Edit("Carol", gadgetPage, offStep+tail, "")
	w.refuse = errors.New("no room")
	w.later(time.Hour)
	if err := w.tryPass(); err == nil {
		t.Fatal("the pass went well")
	}
	if got := w.states(gadgetPage); strings.Contains(got, "PV001") {
		t.Errorf("stored without its events: %s", got)
	}
	w.refuse = nil
	if got := toldLines(w.pass()); got != "Alice: "+gadgetPage+" new 1/0/0" {
		t.Errorf("told %s", got)
	}
}

func TestManyFindingsAreBounded(t *testing.T) {
	w := withGadget(t, live)
	w.engine = func(src audit.Source) audit.Result {
		r := audit.Result{Path: src.Path, Analysis: audit.Full, Read: true}
		for i := range 2000 {
			f := audit.Finding{ID: strings.Repeat("x", 8) + string(rune('a'+i%26)) + time.Duration(i).String(), Rule: "PV014", Severity: rule.Info,
				Line: i + 1, Column: 1, Code: strings.Repeat("{{nobots}}<b>", 500), Fix: strings.Repeat("~", 5000)}
			if i == 1999 {
				f.Rule, f.Severity = "TS001", rule.Error
			}
			r.Findings = append(r.Findings, f)
		}
		return r
	}
	w.pass()
	rows := w.rows(gadgetPage)
	if rows["TS001"].State != stateOpen {
		t.Error("of too many findings the gravest was not kept")
	}
	text := w.text("Provenance/" + gadgetPage + "/report")
	if len(text) > 400<<10 || !strings.Contains(text, "more findings are not shown") {
		t.Errorf("the report has %d bytes", len(text))
	}
	w.wiki.Edit("Carol", gadgetPage, "var x;", "")
	w.engine = nil
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; f.State != stateFixed {
		t.Errorf("after the fix: %s", f.State)
	}
}

func TestASearchThatFailsLosesNothing(t *testing.T) {
	w := newWorld(t, live)
	w.wiki.Edit("Admin", "Template:Icon", "[//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png x]", "")
	w.pass()
	w.wiki.Fault(func(r *http.Request, _ http.Handler, rw http.ResponseWriter) bool {
		if r.FormValue("generator") != "search" {
			return false
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(`{"error": {"code": "cirrussearch-backend-error", "info": "We could not complete your search."}}`))
		return true
	})
	w.wiki.Edit("Admin", "Template:Icon", "[//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/40px-Foo.svg.png x]", "")
	w.pass()
	if f := w.rows("Template:Icon")["TS001"]; f.State != stateFixed {
		t.Errorf("%+v", f)
	}
}

func TestAPageThatIsMadeAnewGoesOnWithItsHistory(t *testing.T) {
	w := withGadget(t, live)
	w.pass()
	w.wiki.Delete("Admin", gadgetPage, "")
	w.pass()
	w.wiki.Edit("Dora", gadgetPage, onStep, "")
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; lives(f) != "found, fixed by Dora" {
		t.Errorf("made anew without it: %s", lives(f))
	}
	w.has("Provenance/"+gadgetPage+"/report", "There is nothing to mend")
	w.wiki.Delete("Admin", gadgetPage, "")
	w.wiki.Edit("Dora", gadgetPage, offStep, "")
	w.pass()
	w.pass()
	if f := w.rows(gadgetPage)["TS001"]; lives(f) != "found, fixed by Dora, again" {
		t.Errorf("made anew with it: %s", lives(f))
	}
	before := len(w.wiki.History("User:FileBot/Provenance/" + gadgetPage + "/report"))
	w.pass()
	if after := len(w.wiki.History("User:FileBot/Provenance/" + gadgetPage + "/report")); after != before {
		t.Errorf("without news the report was written %d times more", after-before)
	}
}
