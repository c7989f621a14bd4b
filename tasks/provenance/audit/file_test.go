package audit

import (
	"bytes"
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"

	"github.com/google/go-cmp/cmp"
)

const thumb = "//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png"

func wiki(text string) Result {
	return File(Source{Path: "Template:X", Language: Wikitext, Text: []byte(text)})
}

func TestATextWithoutATriggerIsNotRead(t *testing.T) {
	got := File(Source{Path: "a.js", Language: JavaScript, Text: []byte("mw.notify( 'hello' );")})
	if diff := cmp.Diff(Result{Path: "a.js", Analysis: Full}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryTriggerIsSeenAtEveryPlaceInAnyCase(t *testing.T) {
	for _, trigger := range triggers {
		for pad := range 5 {
			text := strings.Repeat(" ", pad) + trigger
			if !triggered(CSS, []byte(text)) || !triggered(CSS, []byte(strings.ToUpper(text)+"  ")) {
				t.Errorf("%q after %d bytes", trigger, pad)
			}
			if whole := []byte(text[:len(text)-1]); triggered(CSS, whole) && !shorter(string(whole)) {
				t.Errorf("%q triggers", whole)
			}
		}
	}
}

// shorter says whether another trigger is in a text, by the plain way.
func shorter(text string) bool {
	for _, t := range triggers {
		if strings.Contains(text, t) {
			return true
		}
	}
	return false
}

func TestEveryExampleOfTheCatalogueHasATrigger(t *testing.T) {
	for _, r := range rule.Catalogue() {
		if language := map[bool]Language{true: Lua, false: JavaScript}[r.ID[:2] == "LU"]; !triggered(language, []byte(r.Bad)) {
			t.Errorf("%s: %s", r.ID, r.Bad)
		}
	}
}

func TestWhatCannotBeReadIsSkippedSayingWhy(t *testing.T) {
	for why, src := range map[string]Source{
		"larger than 4 MiB":           {Language: CSS, Text: bytes.Repeat([]byte("a"), MaxSize+1)},
		"binary, or not in UTF-8":     {Language: CSS, Text: []byte("src\x00\x00")},
		"in no language that is read": {Language: "json", Text: []byte("src")},
	} {
		if got := File(src); got.Analysis != Skipped || got.Why != why {
			t.Errorf("%q: %+v", why, got)
		}
	}
}

func TestLinesAndColumnsAreThoseOfAnEditor(t *testing.T) {
	for before, want := range map[string][2]int{
		"":                  {1, 1},
		byteOrderMark:       {1, 1},
		byteOrderMark + " ": {1, 2},
		"a\nb\r\nc\rd ":     {4, 3},
		"\r\r\n\n":          {4, 1},
		"ä€😀 ":              {1, 6},
		"a\u2028b ":         {1, 5},
	} {
		f := wiki(before + thumb + "\n").Findings[0]
		if f.Rule != "PV014" && f.Rule != "TS001" || [2]int{f.Line, f.Column} != want || f.EndLine != f.Line || f.EndColumn != f.Column+len(thumb) {
			t.Errorf("%q: %d:%d to %d:%d", before, f.Line, f.Column, f.EndLine, f.EndColumn)
		}
	}
}

func TestHardCodedAddressesAreOneFinding(t *testing.T) {
	one := "[//upload.wikimedia.org/wikipedia/commons/e/e3/A.svg]\n"
	got := wiki(one + one + one).Findings
	if len(got) != 1 || got[0].Rule != "PV014" || got[0].Args[0] != "3" || got[0].Line != 1 {
		t.Errorf("%+v", got)
	}
}

func TestIdsStayWhenLinesMoveAndDifferWithinAText(t *testing.T) {
	text := "[" + thumb + "] x\n[" + thumb + "]\n[" + strings.ReplaceAll(thumb, "22px", "33px") + "]\n"
	before := wiki(text).Findings
	after := wiki("new line\n\n  " + strings.ReplaceAll(text, "\n", "\r\n\t")).Findings
	seen := map[string]bool{}
	for i := range before {
		if before[i].ID != after[i].ID || len(before[i].ID) < 12 {
			t.Errorf("%s and %s", before[i].ID, after[i].ID)
		}
		seen[before[i].ID] = true
	}
	if len(seen) != len(before) || len(before) != 4 {
		t.Errorf("%d ids of %d findings", len(seen), len(before))
	}
}

func TestOneOfTwoReadingsOfAPlaceIsReported(t *testing.T) {
	hits := settle([]rule.Hit{
		{Rule: "TS001", Start: 2, End: 8}, {Rule: "TS001", Start: 2, End: 8, Fix: "x"}, {Rule: "TS002", Start: 12, End: 20},
		{Rule: "PV013", Start: 10, End: 30}, {Rule: "TS001", Start: 40, End: 50}, {Rule: "nonsense", Start: 1, End: 2},
		{Rule: "PV001", Start: 90, End: 101},
	}, make([]byte, 100))
	want := []rule.Hit{{Rule: "TS001", Start: 2, End: 8, Fix: "x"}, {Rule: "PV013", Start: 10, End: 30}, {Rule: "TS001", Start: 40, End: 50}}
	if diff := cmp.Diff(want, hits); diff != "" {
		t.Error(diff)
	}
}

func TestALanguageIsToldByNameTitleAndModel(t *testing.T) {
	for name, want := range map[string]Language{
		"a/b.JS": JavaScript, "x.mjs": JavaScript, "MediaWiki:Gadget-x.js": JavaScript, "User:A/common.css": CSS, "Template:X/styles.css": CSS,
		"Module:File link": Lua, "Модуль:Foo": Lua, "Module:Foo/data": Lua, "Module:Foo/doc": Wikitext, "Template:Foo": Wikitext, "MediaWiki:Sidebar": Wikitext,
		"a.less": CSS, "a.wikitext": Wikitext, "x.vue": HTML, "index.html": HTML, "Module:Foo/data.json": "", "README": "", "C:\\x\\y.txt": "",
	} {
		if got, _ := LanguageOf(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got, ok := LanguageOfModel("sanitized-css"); got != CSS || !ok {
		t.Error("TemplateStyles are no style sheet")
	}
	if _, ok := LanguageOfModel("json"); ok {
		t.Error("JSON is read")
	}
}
