package templates

import (
	"strings"
	"testing"
	"text/template"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestAFrameEscapesWhatItsAuthorForgot(t *testing.T) {
	frame := template.Must(template.New("x").Delims("<%", "%>").Funcs(house(t).In("en").functions()).Parse(
		`<% .A %><% if .B %><% .B %><% else %>!<% end %><% range .C %><% . %><% else %>-<% end %><% with .B %><% . %><% end %><% $v := .A %><% $v | printf "%s" %>`))
	secure(frame.Tree, frame.Root)
	var out strings.Builder
	data := map[string]any{"A": "[[a]]", "B": "{{b}}", "C": []string{"<c>"}}
	if err := frame.Execute(&out, data); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "[]{}<>") {
		t.Errorf("foreign text came through as %q", out.String())
	}
}

const evil = "x]] {{nobots}}<b>~~~~|'''\n* [http://evil.example y]"

// pages are all pages in one language, made of nothing but hostile text where
// a page takes text by others.
func pages(w *Words, code string) map[string]string {
	l := w.In(code)
	b := Bot{Account: evil, Operator: evil, Contact: evil, Prefix: "User:B/", Own: "User:B/",
		Tasks: []string{"usage"}, Kinds: []string{"file-usage", "file-deletion"}, Category: evil}
	line := []Raw{Raw(l.Text("usage-used-by", evil, Agent(evil), Link(evil, evil), evil))}
	groups := []NoticeGroup{{"file-usage", 2, line, []string{evil}}, {"file-deletion", 1, line, []string{evil}}}
	signs := []CopyvioEvidence{{Kind: "deleted", File: evil, User: evil, Text: evil, Grave: true}, {Kind: "metadata", Text: evil}}
	person := CopyvioPerson{Name: evil, Groups: []string{evil}}
	copied := CopyvioCase{ID: evil, File: evil, State: "open", Note: evil, Uploader: person, Source: evil, Licence: evil, Patrol: evil, Gone: evil, Evidence: signs, By: evil,
		Matches: []CopyvioMatch{{Kind: "full", Provider: evil, Domain: evil, Page: evil, Image: evil, Title: evil}}, Refused: &CopyvioDecision{By: evil, To: evil, Way: "api", Verdict: "blocked"},
		Action: CopyvioAction{State: "failed", Recipe: evil, Why: evil}}
	return map[string]string{
		"cases":   l.CopyvioPageText(CopyvioPage{Kind: "feed", Name: evil, Names: CopyvioNames{Case: evil, Help: evil}, Acting: "recipe", Recipe: evil, Reviewers: []string{evil}, Account: evil, Cases: []CopyvioCase{copied}}),
		"archive": l.CopyvioArchiveText(CopyvioArchive{Date: evil, Rows: []CopyvioCase{copied}, Account: evil}),
		"newcomers": l.CopyvioNewcomersText(CopyvioNewcomers{Date: evil, Previous: evil, Account: evil,
			Users: []CopyvioNewcomer{{person, []CopyvioUpload{{File: evil, Licence: evil, Case: evil, State: "open", Signs: signs}}}}}),
		"help":     w.HelpPage(code, b),
		"user":     w.UserPage(code, b),
		"requests": l.RequestsPage(b, []RequestForm{{evil, "requests-mute-file", evil}}),
		"notice":   l.NoticeText(Notice{Time: noon, Groups: groups, More: 1, Why: Subscribed, Ways: Ways{MuteFile: evil, MuteAll: evil, Preferences: evil, Help: evil, Stop: evil}}),
		"status": l.StatusPage(Status{Made: noon, Version: evil, Mode: "live", Config: ConfigStatus{evil, 1, 2, evil},
			Problems: []ProblemStatus{{evil, evil, evil, evil, evil, true}}, Held: []HeldStatus{{1, noon, noon}}, Left: []LeftStatus{{evil, evil, noon}}, Unfinished: []UnfinishedStatus{{evil, evil, noon}},
			Tasks: []TaskStatus{{evil, "stopped", evil, noon, noon, 1, evil, []FigureStatus{{evil, evil, 1}}}}, Notices: []NoticeStatus{{evil, evil, 1, 1, 1}},
			Errors: []ErrorStatus{{noon, evil, evil}}}),
		"code":     l.ProvenancePageText(evilCode()),
		"moved":    l.ProvenancePageText(ProvenancePage{Page: evil, MovedTo: evil, Account: evil}),
		"overview": l.ProvenanceOverviewText(evilOverview()),
		"rules":    l.ProvenanceRulesText([]ProvenanceRule{{"TS001", "error", []string{evil, evil}, evil, evil}}, evil, noon),
		"report": l.UsageReportPage(UsageReport{Set: evil, Account: evil, Made: noon, Files: 1, Used: 1, Uses: 1, Wikis: 1, New: 1,
			Rows: []UsageRow{{evil, 1, 1, 1, noon, true}}, More: 1, ByWiki: []UsageCount{{evil, 1}}, ByMonth: []UsageCount{{evil, 1}}}),
	}
}

// evilCode is a report in which everything that others write is hostile.
func evilCode() ProvenancePage {
	f := ProvenanceFinding{Rule: "TS001", Severity: "error", Line: 1, Column: 2, Args: []string{evil, evil}, Code: evil + "</pre></nowiki>", Fix: evil, By: "mark", Reason: evil, Until: evil}
	p := ProvenancePage{Page: evil, Rules: evil, Account: evil, Made: noon, Rev: 1, Time: noon, User: evil, Gadgets: []ProvenanceGadget{{Name: evil, Known: true, Users: 3}},
		Analysis: "partial", Why: evil, Open: []ProvenanceFinding{f}, Ignored: []ProvenanceFinding{f}, More: 1, AskAddress: evil, Earlier: 1}
	for _, why := range []string{"no-reason", "unknown-rule", "nothing-to-ignore"} {
		p.Marks = append(p.Marks, ProvenanceMark{1, evil, why})
	}
	for _, what := range []string{"found", "again", "fixed", "withdrawn", "ignored", "counted"} {
		p.History = append(p.History, ProvenanceChange{evil, noon, "TS001", 1, what, 1, evil, evil})
	}
	return p
}

func evilOverview() ProvenanceOverview {
	o := ProvenanceOverview{Rules: evil, Account: evil, Made: noon, Audited: 2, Found: 1, MorePages: 1, MoreUnread: 1, AskAddress: evil, PreferencesPage: evil,
		Pages:   []ProvenanceSum{{Page: evil, Report: evil, Gadgets: []ProvenanceGadget{{Name: evil}}, Errors: 1, Rev: 1, Time: noon}},
		Gadgets: []ProvenanceGadget{{Name: evil, Default: true}}, New: evilCode().History, Fixed: evilCode().History,
		Unread: []ProvenanceUnread{{evil, "skipped", evil}}, Probe: ProvenanceProbe{File: evil, Time: noon}}
	for _, why := range []string{"over", "no-date", "everything", "nothing"} {
		o.Idle = append(o.Idle, ProvenanceIdle{evil, evil, evil, why})
	}
	for _, way := range []string{"parser", "parser-dense", "imageinfo", "imageinfo-thumb", "thumburls", "pageimages", "rest-search", "rest-summary", "redirect", "redirect-width"} {
		o.Probe.Rows = append(o.Probe.Rows, ProvenanceEmitted{Way: way, Offered: true, URL: evil, Host: evil, Source: evil, Campaign: evil, HasAnything: true, Width: 300, OffStep: true},
			ProvenanceEmitted{Way: way}, ProvenanceEmitted{Way: way, Offered: true, Width: 330, Step: true})
	}
	return o
}

func TestForeignTextStaysTextOnEveryPage(t *testing.T) {
	w := house(t)
	for _, code := range w.Languages() {
		for name, page := range pages(w, code) {
			for _, mark := range []string{"x]]", "{{nobots", "<b>", "~~~", "[http://evil"} {
				if strings.Contains(page, mark) {
					t.Errorf("%s (%s) holds %s:\n%s", name, code, mark, page)
				}
			}
			if strings.Contains(page, "⧼") {
				t.Errorf("%s (%s) asks for a message that does not exist:\n%s", name, code, page)
			}
		}
	}
}

func TestNobodyIsNamedWhereTheOperatorIsNotKnown(t *testing.T) {
	w := house(t)
	b := Bot{Account: "B", Prefix: "User:B/", Own: "User:B/"}
	for name, text := range map[string]string{"help": w.HelpPage("en", b), "user": w.UserPage("en", b)} {
		if strings.Contains(text, "[[:User:|") || strings.Contains(text, "operated by") {
			t.Errorf("%s names an operator who is not known:\n%s", name, text)
		}
	}
}
