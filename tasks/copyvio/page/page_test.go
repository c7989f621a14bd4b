package page

import (
	"fmt"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	idA = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"
	idB = "de9f2c7fd25e1b3afad3e85a0bd17d9b100db4b3"
)

// call is a case as the bot writes it, with the lines that a person changed.
func call(id, status, note string) string {
	return "{{User:Filewarden/Copyvio/Case\n| id = " + id + "\n| status = " + status + "\n| note = " + note + "\n| label = x\n}}\n"
}

func TestACaseIsReadHoweverHandsLeftIt(t *testing.T) {
	a := func(status, note string) []Entry { return []Entry{{ID: idA, Status: status, Note: note}} }
	for name, c := range map[string]struct {
		text string
		want []Entry
	}{
		"as written":               {call(idA, "open", ""), a("open", "")},
		"another prefix":           {"{{Project:Bots/Copyvio/Case|id=" + idA + "|status=accepted}}", a("accepted", "")},
		"no prefix":                {"{{Copyvio/Case|id=" + idA + "|status=accepted}}", a("accepted", "")},
		"another template":         {"{{User:F/Copyvio/Cases|id=" + idA + "}}{{NotCopyvio/Case|id=" + idA + "}}", nil},
		"underscores and spaces":   {"{{ User:File_warden/Copyvio/Case \n|id=" + idA + "|status=rejected}}", a("rejected", "")},
		"capitals":                 {call(strings.ToUpper(idA), "ACCEPTED", ""), a("accepted", "")},
		"other order, other names": {"{{User:F/Copyvio/Case\n| Note = hi\n|STATUS=rejected | ID=" + idA + "}}", a("rejected", "hi")},
		"bold and with a stop":     {call(idA, "'''Accepted'''.", ""), a("accepted", "")},
		"signed":                   {call(idA, "accepted --[[User:Ann|Ann]] ([[User talk:Ann|talk]]) 10:00, 1 May 2026 (UTC)", ""), a("accepted", "")},
		"in doubt":                 {call(idA, "accepted?", ""), a("accepted?", "")},
		"two states":               {call(idA, "open, rejected", ""), a("open, rejected", "")},
		"a denial":                 {call(idA, "не accepted", ""), a("не accepted", "")},
		"another word":             {call(idA, "Deleted by me", ""), a("deleted by me", "")},
		"a comment":                {call(idA, "accepted <!-- | status = rejected -->", ""), a("accepted", "")},
		"in nowiki":                {call(idA, "<nowiki>accepted</nowiki>", ""), a("accepted", "")},
		"an entity":                {call(idA, "open", "a &#124; b &#91;&#91;c&#93;&#93; &amp;amp;"), a("open", "a | b [[c]] &amp;")},
		"a link in the note":       {call(idA, "open", "see [[File:B.jpg|''this'' one]] and [[C]]"), a("open", "see this one and C")},
		"a template in the note":   {call(idA, "open", "{{x|status=accepted\n| status = accepted\n| {{{1|}}} }}"), a("open", "{{x|status=accepted | status = accepted | {{{1|}}} }}")},
		"lines in the note":        {call(idA, "open", "one\n\ntwo\t three"), a("open", "one two three")},
		"twice the parameter":      {"{{User:F/Copyvio/Case|id=" + idA + "|status=open|status=accepted}}", a("accepted", "")},
		"no status":                {"{{User:F/Copyvio/Case|id=" + idA + "}}", a("", "")},
		"no braces at the end":     {strings.TrimSuffix(call(idA, "accepted", ""), "}}\n"), a("accepted", "")},
		"a brace too few":          {strings.TrimSuffix(call(idA, "accepted", ""), "}\n") + "\n", a("accepted", "")},
		"a link without its end":   {call(idA, "accepted", "see [[File:B.jpg"), a("accepted", "see [[File:B.jpg")},
		"a template without end":   {call(idA, "accepted", "{{ping|Ann"), a("accepted", "{{ping|Ann")},
		"a stray end of a link":    {call(idA, "accepted", "x]] y"), a("accepted", "x]] y")},
		"in a comment":             {"<!-- " + call(idA, "open", "") + " -->", nil},
		"in nowiki as a whole":     {"<nowiki>" + call(idA, "open", "") + "</nowiki>", nil},
		"inside another template":  {"{{collapse|1=" + call(idA, "accepted", "") + "}}", a("accepted", "")},
		"no id":                    {call("", "accepted", "") + call("12", "accepted", "") + call(idA[:39]+"g", "open", ""), nil},
		"a parameter of that name": {"{{{User:F/Copyvio/Case|id=" + idA + "}}}", []Entry{{ID: idA}}},
	} {
		got := Read(c.text)
		for i := range got {
			got[i].Below = ""
		}
		if d := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(Entry{})); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestACaseWithoutAnEndDoesNotTakeTheNext(t *testing.T) {
	for name, text := range map[string]string{
		"no braces":        strings.ReplaceAll(call(idA, "accepted", "{{x"), "}}\n", "") + "== B ==\n" + call(idB, "open", ""),
		"no heading left":  strings.ReplaceAll(call(idA, "accepted", ""), "}}\n", "") + call(idB, "open", ""),
		"an opened link":   call(idA, "accepted", "[[x") + "\n\n== B ==\n" + call(idB, "open", "y]]"),
		"an opened braces": call(idA, "accepted", "{{{x") + "text\n| status = open\n" + call(idB, "open", ""),
	} {
		var got []string
		for _, e := range Read(text) {
			got = append(got, e.ID[:2]+" "+e.Status)
		}
		if d := cmp.Diff([]string{"2f accepted", "de open"}, got); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestOfAnIDThatStandsTwiceTheFirstCallCounts(t *testing.T) {
	got := Read(call(idA, "open", "") + call(idB, "open", "") + call(idA, "accepted", ""))
	if len(got) != 2 || got[0].ID != idA || got[0].Status != "open" {
		t.Errorf("read %+v", got)
	}
}

func TestWhatPeopleWriteBeneathACaseIsTheirs(t *testing.T) {
	page := "<!-- Filewarden: begin x -->\n== A ==\n" + call(idA, "open", "") + ":I know this one. --Ann\n\n== B ==\n" + call(idB, "open", "") +
		"\n* so do I\n<!-- Filewarden: end x -->\nnot of a case"
	got := Read(page)
	if got[0].Below != ":I know this one. --Ann" || got[1].Below != "* so do I" {
		t.Errorf("read %q and %q", got[0].Below, got[1].Below)
	}
}

func TestPutChangesNothingButTheStatus(t *testing.T) {
	page := call(idA, "open  ", "n") + "x\n" + call(idB, "'''rubbish''' <!-- y -->", "[[m]]")
	got, ok := Put(page, idB, casebook.Rejected)
	if want := call(idA, "open  ", "n") + "x\n" + call(idB, "rejected", "[[m]]"); !ok || got != want {
		t.Errorf("made it\n%s, want\n%s", got, want)
	}
	if got, ok := Put(page, strings.Repeat("0", 40), casebook.Open); ok || got != page {
		t.Error("put a status where there is no case")
	}
}

// Pages at MediaWiki's limit, made to be slow to read. One pass over each takes
// a part of a second; a pass for each call would outlast every test run.
func TestALargePageIsReadInOnePass(t *testing.T) {
	const size = 2 << 20
	for name, unit := range map[string]string{
		"calls":             "{{a/Copyvio/Case|id=" + idA + "|status=open}}",
		"calls without end": "{{a/Copyvio/Case|{{[[",
		"names":             "Copyvio/Case|",
		"braces":            "{{", "brackets": "[[", "closings": "{{a/Copyvio/Case|}}}]]}", "equals": "=\n",
		"prefixes": "{{/Copyvio/Case", "comments": "<!--", "raw tags": "<pre <nowiki <source ", "bars": "{{Copyvio/Case\n|a=\n",
	} {
		if got := Read("{{x/Copyvio/Case\n" + strings.Repeat(unit, size/len(unit))); len(got) > 1 {
			t.Errorf("%s: one image is read as %d", name, len(got))
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		call(idA, "open", "x") + "== B ==\n" + call(idB, "accepted", "[[y"), "{{Copyvio/Case|id=" + idA + "|status={{{1|}}}}}",
		"{{a/Copyvio/Case<!-- -->|id=" + idA, "<nowiki>{{Copyvio/Case|</nowiki>}}", "{{{{Copyvio/Case}}}}|]]}}", "{{Copyvio/Case\n| status = a\n| status = b\n== x ==",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, e := range Read(text) {
			if !isID(e.ID) || strings.ContainsAny(e.Status+e.Note, "\n\r") || !strings.Contains(text, e.Below) {
				t.Fatalf("read %+v", e)
			}
			next, ok := Put(text, e.ID, casebook.Rejected)
			if !ok {
				continue
			}
			if again := Read(next); !has(again, e.ID, "rejected") {
				t.Fatalf("put rejected into %q, and read %s of %q", text, fmt.Sprint(again), next)
			}
		}
	})
}

func has(all []Entry, id, status string) bool {
	for _, e := range all {
		if e.ID == id && e.Status == status {
			return true
		}
	}
	return false
}
