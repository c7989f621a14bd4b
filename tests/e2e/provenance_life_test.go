package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"filewarden/tests/faults"
	"filewarden/tests/realwiki"
)

func TestCodeOfAWikiIsAuditedReportedAndFollowed(t *testing.T) {
	s := newCodeStage(t)
	s.o.Must("setup", "--yes")
	dora := s.AddUser("Dora", "interface-admin")
	s.library()
	for _, name := range []string{"Alice", "Bob"} {
		s.SwitchGadget(s.o.Register(name), "hover-box", true)
	}
	proxy := faults.NewProxy(t, s.API)
	s.o.Set("API", proxy.API)
	s.audit()
	t.Run("each sort of code is found and told", func(t *testing.T) { s.tellsOfEachSort(t) })
	t.Run("reports are whole pages", func(t *testing.T) { s.areWhole(t) })
	t.Run("a wiki that did not change is only asked whether it did", func(t *testing.T) {
		before := s.edits()
		proxy.Seen()
		s.audit()
		for _, r := range proxy.Seen() {
			if r.Action == "edit" || r.Action == "parse" || r.Values.Get("pageids") != "" && strings.Contains(r.Values.Get("rvprop"), "content") {
				t.Errorf("it was asked %v", r.Values)
			}
		}
		if after := s.edits(); len(after) != len(before) {
			t.Errorf("it was edited: %v", after)
		}
	})
	t.Run("of changed pages only these are read, and who fixed is told", func(t *testing.T) {
		s.Edit(dora, hoverPage, "// filewarden-ignore PV001: the skin makes these pictures itself\n"+fromTail+onStep, "")
		proxy.Seen()
		s.audit()
		if got := readPages(proxy.Seen()); !slices.Equal(got, []string{s.id(hoverPage)}) {
			t.Errorf("it read the pages %v, want that of the gadget, %s", got, s.id(hoverPage))
		}
		report := s.reportOn(hoverPage)
		if s.histories(report, "TS001", "fixed", "Dora") != 1 || s.histories(report, "PV001", "ignored", "the skin makes these pictures itself") != 1 {
			t.Errorf("the history is\n%s", s.Text(report))
		}
		s.says(t, report, "=== Ignored ===", "the skin makes")
	})
	t.Run("what comes back is found again; config ignores until its day; moved and deleted pages", func(t *testing.T) { s.goesOn(t, dora) })
	t.Run("who asks is answered in place", func(t *testing.T) { s.answers(t, dora) })
}

// readPages are the ids of the pages whose text was asked for.
func readPages(requests []faults.Request) (ids []string) {
	for _, r := range requests {
		if r.Values.Get("pageids") != "" && strings.Contains(r.Values.Get("rvprop"), "content") {
			ids = append(ids, strings.Split(r.Values.Get("pageids"), "|")...)
		}
	}
	return ids
}

// id of a page.
func (s *stage) id(title string) string {
	s.t.Helper()
	var answer struct {
		Query struct{ Pages []struct{ PageID int64 } }
	}
	if err := s.Client(s.Admin).Get(realwiki.Params{"action": "query", "titles": title}, &answer); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(answer.Query.Pages[0].PageID)
}

func (s *stage) tellsOfEachSort(t *testing.T) {
	s.says(t, s.o.Page("Provenance"), "9 pages of code are audited; 8 of them have findings", "everybody")
	for title, rule := range map[string]string{
		hoverPage: "PV001", "MediaWiki:Gadget-hover-box.css": "CS001", "MediaWiki:Gadget-clock.js": "PV004", "MediaWiki:Common.css": "CS001",
		"Module:Icon": "LU001", "Template:Icon": "TS001", "Template:Icon/styles.css": "CS001", "User:Dora/common.js": "TS001",
	} {
		s.says(t, s.o.Page("Provenance"), "[[:"+s.reportOn(title)+"|report]]")
		s.says(t, s.reportOn(title), rule, "found in revision")
	}
	s.says(t, s.reportOn(hoverPage), "“hover-box”. 2 users have switched it on", "Foo.svg/40px")
	if text := s.Text(s.o.Page("Provenance")); strings.Contains(text, "Erin") {
		t.Errorf("a script that nobody named is audited:\n%s", text)
	}
}

// areWhole looks for what a broken page has, and follows its links.
func (s *stage) areWhole(t *testing.T) {
	for _, page := range append(s.reports(), s.o.Page("Provenance/Rules")) {
		got := s.parsed(page)
		for _, broken := range []string{`class="error"`, "⧼", "{{", "<%", "[[", "==="} {
			if strings.Contains(got.Text, broken) {
				t.Errorf("%s shows %s:\n%s", page, broken, got.Text)
			}
		}
		for _, link := range got.Links {
			if strings.Contains(link.Title, "/Provenance") && s.Text(link.Title) == "" {
				t.Errorf("%s links to %s, which is not there", page, link.Title)
			}
		}
	}
}

func (s *stage) goesOn(t *testing.T, dora realwiki.User) {
	s.Edit(dora, hoverPage, fromTail+offStep, "")
	s.o.Config(codeConfig(`, "ignore": [
		{"rule": "CS001", "page": "MediaWiki:Common.css", "reason": "only on paper", "until": "2999-12-31"},
		{"rule": "LU001", "page": "Module:Icon", "reason": "over long ago", "until": "2020-01-01"}]`))
	s.Move(s.Admin, "MediaWiki:Gadget-clock.js", "MediaWiki:Gadget-watch.js", false)
	s.Delete(s.Admin, "Template:Icon/styles.css", "a test")
	s.audit()
	report := s.reportOn(hoverPage)
	if s.histories(report, "TS001", "again") != 1 || s.histories(report, "PV001") != 3 {
		t.Errorf("the history is\n%s", s.Text(report))
	}
	s.says(t, s.reportOn("MediaWiki:Common.css"), "only on paper", "2999-12-31")
	s.says(t, s.o.Page("Provenance"), "its last day is over", "over long ago")
	s.says(t, s.reportOn("MediaWiki:Gadget-clock.js"), "was moved to [[:MediaWiki:Gadget-watch.js|")
	s.says(t, s.reportOn("MediaWiki:Gadget-watch.js"), "PV004", "found in revision")
	s.says(t, s.reportOn("Template:Icon/styles.css"), "was deleted")
	if text := s.Text(s.o.Page("Provenance")); strings.Contains(text, "styles.css") || strings.Contains(text, "Gadget-clock") {
		t.Errorf("the overview still lists what is gone:\n%s", text)
	}
}

// answers asks as the link on the report does, and then in one's own words.
func (s *stage) answers(t *testing.T, dora realwiki.User) {
	s.Edit(dora, "Module:Icon", "return {}\n", "")
	s.EditWith(dora, realwiki.Params{"title": s.o.Page("Requests"), "section": "new", "sectiontitle": "audit Module:Icon", "text": "~~~~"})
	s.EditWith(s.Admin, realwiki.Params{"title": s.o.Page("Requests"), "section": "new", "sectiontitle": "Please audit", "text": "[[User:Erin/common.js]] and [[Category:Evil]] ~~~~"})
	s.audit()
	s.says(t, s.o.Page("Requests"), "Audited [[:Module:Icon|Module:Icon]] in revision", "nothing to mend", "is not among the pages that are audited here")
	if s.histories(s.reportOn("Module:Icon"), "LU001", "fixed", "Dora") != 1 {
		t.Errorf("the report says\n%s", s.Text(s.reportOn("Module:Icon")))
	}
}
