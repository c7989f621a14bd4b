package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/casebook"
)

// gallery keeps one case in each state; sha(0)… in this order.
func gallery(w *world) {
	states := []casebook.State{casebook.Open, casebook.Aside, casebook.Withheld, casebook.Unshown, casebook.Accepted, casebook.Rejected}
	for n, state := range states {
		c := openCase(n)
		c.State, c.Base = state, casebook.Open
		if state == casebook.Aside {
			c.Base = casebook.Aside
			c.Safety = &casebook.Safety{Adult: 5}
		}
		if state.Decided() {
			c.By, c.Decided = "Rita", noon
		}
		c.Evidence = []casebook.Evidence{{Kind: casebook.Deleted, File: "File:Old.jpg", User: "Ada", Text: "private words", Time: noon}}
		w.keep(c)
	}
}

func TestNobodySeesMoreThanThePagesShow(t *testing.T) {
	w := newWorld(t)
	gallery(w)
	rita, una := w.token("Rita"), w.token("Una")
	for name, test := range map[string]struct {
		bearer string
		params []string
		want   []string
	}{
		"everybody":                    {"", nil, []string{sha(0)}},
		"who looks for the uploader's": {"", []string{"uimuploader", "una"}, []string{sha(0), sha(1)}},
		"the uploader":                 {una, []string{"uimshow", "own"}, []string{sha(0), sha(1)}},
		"a reviewer":                   {rita, nil, []string{sha(0)}},
		"a reviewer who asks":          {rita, []string{"uimshow", "aside"}, []string{sha(0), sha(1)}},
		"not one's own":                {una, []string{"uimshow", "!own"}, nil},
		"own, without any":             {rita, []string{"uimshow", "own"}, nil},
	} {
		a, _ := w.ask(test.bearer, append(test.params, "action", "query", "list", "unreviewedimagematches")...)
		if got := a.column("sha1", "query", "unreviewedimagematches"); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v", name, a)
		}
	}
	if a, _ := w.ask("", "action", "query", "list", "unreviewedimagematches", "uimshow", "aside"); a.code() != "permissiondenied" {
		t.Errorf("%v", a)
	}
}

func TestAWithheldCaseLooksLikeNone(t *testing.T) {
	w := newWorld(t)
	gallery(w)
	none := casebook.Image{SHA1: sha(9), Stage: casebook.Done, Uploads: []casebook.Upload{{Title: "File:Picture 9.jpg"}}}
	w.keepImage(none)
	rita := w.token("Rita")
	for _, n := range []string{"2", "3"} {
		read := func(n string) string {
			a, _ := w.ask(rita, "action", "query", "list", "reverseimagesearch", "ristitle", "File:Picture "+n+".jpg")
			return strings.ReplaceAll(strings.ReplaceAll(dump(a), "0"+n+`"`, `0X"`), "Picture "+n, "Picture X")
		}
		if got, want := read(n), read("9"); got != want {
			t.Errorf("read: %s, not %s", got, want)
		}
	}
	for _, n := range []int{2, 3, 9, 77} {
		if a := w.review(rita, sha(n), "accepted"); a.code() != "reviewimagematches-nocase" || len(a.at("error").(map[string]any)) != 3 {
			t.Errorf("decided about %d: %v", n, a)
		}
	}
}

func TestWhatWasFoundOfAnImageIsTold(t *testing.T) {
	w := newWorld(t)
	c := openCase(1)
	c.Matches = []casebook.Match{
		{URL: "https://WWW.Example.com/a?b=<script>&c=[[x]]", Page: "https://blog.example/1", Title: "A {{page}}", Percent: 97,
			Kind: casebook.Full, Provider: "tineye", Crawled: noon, Stock: true},
		{URL: "javascript:alert(1)", Percent: 50, Kind: casebook.Partial, Provider: "google", Excused: "named"},
	}
	c.Safety = &casebook.Safety{Racy: 2}
	w.keep(c)
	for _, by := range [][]string{{"ristitle", "Image:picture_1.jpg"}, {"rissha1", strings.ToUpper(sha(1))}} {
		a, _ := w.ask("", append(by, "action", "query", "list", "reverseimagesearch")...)
		rows, _ := a.at("query", "reverseimagesearch").([]any)
		if len(rows) != 2 {
			t.Fatalf("%v", a)
		}
		m := answered(rows[0].(map[string]any))
		if m["url"] != c.Matches[0].URL || m["domain"] != "example.com" || m["pagetitle"] != "A {{page}}" || m["percent"] != 97.0 ||
			m["stock"] != true || m["crawled"] != "2026-11-29T12:00:00Z" {
			t.Errorf("%v", m)
		}
		if a.at("query", "reverseimagesearchinfo", "state") != "open" || a.at("query", "reverseimagesearchinfo", "statecode") != 0.0 ||
			a.at("query", "reverseimagesearchinfo", "safety", "racy") != 2.0 || a.at("query", "reverseimagesearchinfo", "stage") != "done" {
			t.Errorf("%v", a)
		}
	}
}

func TestEvidenceComesWithoutWhatPeopleWrote(t *testing.T) {
	w := newWorld(t)
	gallery(w)
	a, _ := w.ask("", "action", "query", "list", "reverseimagesearch", "rissha1", sha(0))
	if text := dump(a); strings.Contains(text, "private words") || !strings.Contains(text, "File:Old.jpg") {
		t.Error(text)
	}
}

func TestMatchesContinueWhereTheyEnded(t *testing.T) {
	w := newWorld(t)
	c := openCase(1)
	c.Matches = slices.Repeat(c.Matches, 5)
	w.keep(c)
	params, told, parts := []string{"action", "query", "list", "reverseimagesearch", "rissha1", sha(1), "rislimit", "2"}, 0, 0
	for parts < 9 {
		a, _ := w.ask("", params...)
		told, parts = told+len(a.column("url", "query", "reverseimagesearch")), parts+1
		next, more := a.at("continue").(map[string]any)
		if !more {
			break
		}
		for name, value := range next {
			params = append(params, name, value.(string))
		}
	}
	if told != 5 || parts != 3 {
		t.Errorf("%d matches in %d parts", told, parts)
	}
}

func TestFiltersAreThoseOfTheFeeds(t *testing.T) {
	w := newWorld(t)
	people := []casebook.Person{{Edits: 0}, {Edits: 10, Groups: []string{"autopatrolled"}}, {Edits: 1000, Groups: []string{"sysop"}}}
	for n, p := range people {
		c := openCase(n)
		c.Person, c.Matches[0].Percent = p, 70+10*((n+1)%3)
		if n == 1 {
			c.Patrol = "Rob"
		}
		w.keep(c)
	}
	for query, want := range map[string][]int{
		"uimminedits=10":                        {1, 2},
		"uimmaxedits=10":                        {0, 1},
		"uimminedits=5&uimmaxedits=500":         {1},
		"uimgroup=sysop|steward":                {2},
		"uimexcludegroup=sysop|autopatrolled":   {0},
		"uimshow=patrolled":                     {1},
		"uimshow=!patrolled":                    {0, 2},
		"uimdir=newer":                          {2, 1, 0},
		"uimsort=best":                          {1, 0, 2},
		"uimsort=best&uimdir=newer":             {2, 0, 1},
		"uimsort=uploaded&uimdir=newer":         {0, 1, 2},
		"uimuploader=User who uploaded nothing": {},
		"uimgroup=":                             {0, 1, 2},
	} {
		params := []string{"action", "query", "list", "unreviewedimagematches"}
		for part := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(part, "=")
			params = append(params, name, value)
		}
		var all []string
		for _, n := range want {
			all = append(all, sha(n))
		}
		a, _ := w.ask("", params...)
		if got := a.column("sha1", "query", "unreviewedimagematches"); !slices.Equal(got, all) {
			t.Errorf("%s: %v, want %v; %v", query, got, want, a.code())
		}
	}
}

func TestAListGoesOnThoughCasesAreDecidedMeanwhile(t *testing.T) {
	w := newWorld(t)
	for n := range 6 {
		w.keep(openCase(n))
	}
	a, _ := w.ask("", "action", "query", "list", "unreviewedimagematches", "uimlimit", "2")
	rita := w.token("Rita")
	w.review(rita, sha(0), "rejected") // shown already
	w.review(rita, sha(2), "rejected") // where the list goes on
	a, _ = w.ask("", "action", "query", "list", "unreviewedimagematches", "uimlimit", "max",
		"uimcontinue", a.at("continue", "uimcontinue").(string))
	if got := a.column("sha1", "query", "unreviewedimagematches"); !slices.Equal(got, []string{sha(3), sha(4), sha(5)}) {
		t.Errorf("%v", got)
	}
}

func TestWhatWasDecidedElsewhereIsSoonSeen(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	count := func() any {
		a, _ := w.ask("", "action", "query", "meta", "unreviewedmatchcount")
		return a.at("query", "unreviewedmatchcount", "all")
	}
	count()
	decided := openCase(1)
	decided.State = casebook.Accepted
	w.keep(decided)
	w.pass(5 * time.Second)
	if got := count(); got != 0.0 {
		t.Errorf("%v wait", got)
	}
}

func TestWhatWasDecidedHereIsSeenAtOnce(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1), openCase(2))
	rita := w.token("Rita")
	for _, step := range []struct {
		state string
		want  float64
	}{{"open", 2}, {"rejected", 1}, {"open", 2}} {
		w.review(rita, sha(1), step.state)
		a, _ := w.ask("", "action", "query", "meta", "unreviewedmatchcount")
		if got := a.at("query", "unreviewedmatchcount", "all"); got != step.want {
			t.Errorf("after %s %v wait", step.state, got)
		}
	}
}

func TestOpenCasesAreCounted(t *testing.T) {
	w := newWorld(t)
	gallery(w)
	for bearer, want := range map[string]string{
		"": `{"all":1}`, w.token("Rita"): `{"all":1,"aside":1,"own":0}`, w.token("Paul"): `{"all":1,"own":0}`, w.token("Una"): `{"all":1,"aside":1,"own":2}`,
	} {
		a, _ := w.ask(bearer, "action", "query", "meta", "unreviewedmatchcount")
		if got := dump(answered(a.at("query", "unreviewedmatchcount").(map[string]any))); got != "["+want+"]" {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestAClientLearnsWhoItIsAndWhere(t *testing.T) {
	w := newWorld(t)
	a, _ := w.ask(w.token("Rita"), "action", "query", "meta", "userinfo|siteinfo|tokens", "uiprop", "groups|rights|editcount", "siprop", "general|namespaces")
	rights, _ := a.at("query", "userinfo", "rights").([]any)
	if a.at("query", "userinfo", "name") != "Rita" || !slices.Contains(rights, any("reviewimagematches")) ||
		a.at("query", "general", "wikiid") != "pics" || a.at("query", "namespaces", "6", "name") != "File" {
		t.Errorf("%v", a)
	}
	a, _ = w.ask("", "action", "query", "meta", "userinfo|tokens", "uiprop", "rights")
	if a.at("query", "userinfo", "anon") != true || a.at("query", "userinfo", "id") != 0.0 || a.at("query", "tokens", "csrftoken") != `+\` {
		t.Errorf("%v", a)
	}
	a, _ = w.ask(w.token("Paul"), "action", "query", "meta", "userinfo", "uiprop", "rights")
	if strings.Contains(dump(a), "reviewimagematches") {
		t.Errorf("%v", a)
	}
}
