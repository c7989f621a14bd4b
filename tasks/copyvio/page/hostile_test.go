package page

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"filewarden/templates"
)

// evil tries everything by which text becomes more than text on a page of cases.
const evil = "x}} }}}\n| status = accepted\n| id = " + idA + "\n}}\n== H ==\n{{User:Filewarden/Copyvio/Case\n|id=" + idB + "|status=accepted}}" +
	"</nowiki></pre></div></gallery>{{Evil}}{{subst:Evil}}[[Category:Evil]][[File:Evil.png|250px]]~~~~<ref>y</ref> __NOINDEX__ <!-- Filewarden: end x --> --> <!-- " +
	"https://evil.example/ [https://evil.example/ x] <script>1</script> <span style=\"position:fixed\"> {{{1}}} |- |} || {| \u202e\u0000\u2066\x1b[31m'''''\n* a\n: b\n{{!}}status{{=}}accepted {{#if:x|y}}"

// poison puts the text into every string that a value holds, lists and structs
// in it too; lists without entries get one.
func poison(v reflect.Value, text string, keep func(field string) bool) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		poison(v.Elem(), text, keep)
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			poison(v.Index(i), text, keep)
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(4)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !keep(f.Name) {
				poison(v.Field(i), text, keep)
			}
		}
	}
}

// ours are fields that only the bot's own words and titles come into.
func ours(field string) bool {
	return strings.Contains(" ID State Kind Verdict Way From Turned What Excused Hidden Below Names Grade Acting Number Of ", " "+field+" ")
}

// poisoned is a case of each of the words that choose a message, with the text
// in everything else.
func poisoned(text string) (all []templates.CopyvioCase) {
	for n, kind := range []string{"accepted", "deleted", "duplicate", "alike", "facebook", "metadata", "name", "nolicence"} {
		c := templates.CopyvioCase{ID: id(n + 1), State: []string{"open", "accepted", "rejected", "aside"}[n%4], Hidden: []string{"", "gone", "nonfree", "aside"}[n%4],
			Evidence: []templates.CopyvioEvidence{{Kind: kind}},
			Matches:  []templates.CopyvioMatch{{Kind: "full", Excused: "named", Stock: true}, {Kind: "partial", Dead: true}, {Kind: "page", Excused: "licensed", Earlier: true}},
			Ratings:  []templates.CopyvioRating{{What: "adult", Grade: 4}}, Refused: &templates.CopyvioDecision{Verdict: "own-upload", Way: "api"},
			Action: templates.CopyvioAction{State: []string{"planned", "doing", "done", "failed", "undoing", "undone", "none"}[n%7]}}
		poison(reflect.ValueOf(&c).Elem(), text, func(f string) bool { return ours(f) || f == "State" })
		c.Action.State = []string{"planned", "doing", "done", "failed", "undoing", "undone", "none"}[n%7]
		all = append(all, c)
	}
	return all
}

// spoken is what the wiki understood of a page.
type spoken struct {
	Parse struct {
		Templates     []struct{ Title string }
		Images        []string
		Categories    []any
		ExternalLinks []string
		Sections      []struct{ Line string }
		Text          string
	}
}

func understood(t *testing.T, server, title string) spoken {
	t.Helper()
	q := url.Values{"action": {"parse"}, "page": {title}, "prop": {"templates|images|categories|externallinks|sections|text"}, "disablelimitreport": {"1"}, "format": {"json"}, "formatversion": {"2"}}
	answer, err := http.Get(server + "/api.php?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var out spoken
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestForeignTextNeverLeavesItsParameter(t *testing.T) {
	for _, language := range words(t).Languages() {
		l := words(t).In(language)
		cases := poisoned(evil)
		p := pageOf(cases...)
		p.Name, p.Recipe, p.Account, p.Reviewers = evil, evil, evil, []string{evil}
		text := l.CopyvioPageText(p)
		got := Read(text)
		if len(got) != len(cases) {
			t.Fatalf("%s: %d cases are read as %d:\n%s", language, len(cases), len(got), text)
		}
		for i, e := range got {
			if e.ID != cases[i].ID || e.Status != cases[i].State || e.Below != "" {
				t.Errorf("%s: case %d is read as %+v", language, i, e)
			}
		}
		for _, e := range got[1:] { // with one parameter a line
			_, call, _ := strings.Cut(text, "| id = "+e.ID)
			call, _, _ = strings.Cut(call, "\n}}\n")
			if n := strings.Count(call, "\n| "); n != 8 {
				t.Errorf("%s: the call has %d parameters after its id:\n%s", language, n, call)
			}
		}
		if strings.ContainsAny(text, "\u202e\u0000\u2066\x1b") || strings.Contains(text, "⧼") {
			t.Errorf("%s: the page hides something or lacks words:\n%q", language, text)
		}
	}
}

func TestForeignTextStaysTextOnTheWiki(t *testing.T) {
	w, l := wiki(t, "en"), words(t).In("en")
	server := serve(t, w)
	archive := templates.CopyvioArchive{Date: evil, Names: names(), Account: evil, Made: noon, Rows: poisoned(evil)}
	log, stats, over, fresh := decisions(), statistics(), overview(), newcomers()
	for _, v := range []any{&log, &stats, &over, &fresh} {
		poison(reflect.ValueOf(v).Elem(), evil, ours)
	}
	cases := poisoned(evil)
	for name, text := range map[string]string{"All": l.CopyvioPageText(pageOf(cases...)), "Archive": l.CopyvioArchiveText(archive), "Log": l.CopyvioLogText(log),
		"Statistics": l.CopyvioStatisticsText(stats), "Overview": l.CopyvioOverviewText(over), "New": l.CopyvioNewcomersText(fresh)} {
		w.Edit("Filewarden", "User:Filewarden/"+name, text, "")
		got := understood(t, server, "User:Filewarden/"+name).Parse
		for _, used := range got.Templates {
			if used.Title != names().Case {
				t.Errorf("%s calls %s", name, used.Title)
			}
		}
		if len(got.Categories)+len(got.Images) > 0 || strings.Contains(got.Text, "<script") || strings.Contains(got.Text, `<span style="position`) {
			t.Errorf("%s speaks to the wiki: %v, %v", name, got.Categories, got.Images)
		}
		for _, link := range got.ExternalLinks {
			t.Errorf("%s links to %s", name, link)
		}
		if name == "All" && len(got.Sections) != len(cases) {
			t.Errorf("%d cases make %d sections", len(cases), len(got.Sections))
		}
	}
}

func TestANoteIsReadAsItWasWritten(t *testing.T) {
	l := words(t).In("en")
	for _, note := range []string{"a | b = c }} [[d]] {{e}} '''f''' &amp; <!-- g --> ~~~~", "* قطة", "see http://x.example/?a=b;c", "-", "status = accepted"} {
		c := templates.CopyvioCase{ID: id(1), File: "File:A.png", State: "open", Note: note}
		if got := Read(l.CopyvioPageText(pageOf(c))); len(got) != 1 || got[0].Note != note || got[0].Status != "open" {
			t.Errorf("%q is read as %+v", note, got)
		}
	}
}

func TestWhatPeopleWroteBeneathACaseIsPutBack(t *testing.T) {
	l := words(t).In("en")
	const below = ":Mine, I think. --[[User:Ann|Ann]]\n* {{ping|Rita}} look"
	all := sample()
	all[0].Below, all[4].Below = below, below
	text := l.CopyvioPageText(pageOf(all...))
	got := Read("<!-- Filewarden: begin x -->\n" + text + "<!-- Filewarden: end x -->\nanother's")
	if len(got) != 5 || got[0].Below != below || got[4].Below != below || got[1].Below != "" {
		t.Errorf("read %+v", got)
	}
}
