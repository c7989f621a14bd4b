package templates

import (
	"slices"
	"strings"
	"testing"
)

func parsed(t *testing.T, source string) Pattern {
	t.Helper()
	p, err := ParsePattern(source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPatternKeepsItsWikitextAndEscapesItsValues(t *testing.T) {
	l := house(t).In("en")
	p := parsed(t, "{{copyvio|1=<% reason %>|file=<%file%>|source=<% url %>}} ~~~~")
	if got := p.Places(); !slices.Equal(got, []string{"reason", "file", "url"}) {
		t.Errorf("places %v", got)
	}
	got := l.Fill(p, map[string]any{"reason": "a|b=c }}{{x}} <% url %> ~~~~", "file": PageName("File:A=b '' c_d~~.jpg"),
		"url": Address("https://e.example/?a=b|c}}")})
	want := "{{copyvio|1=a&#124;b&#61;c &#125;&#125;&#123;&#123;x&#125;&#125; &#60;% url %&#62; &#126;&#126;&#126;&#126;" +
		"|file=File:A=b &#39;&#39; c d&#126;&#126;.jpg|source=https://e.example/?a=b%7Cc%7D%7D}} ~~~~"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := l.Fill(p, nil); got != "{{copyvio|1=|file=|source=}} ~~~~" {
		t.Errorf("without values: %s", got)
	}
}

func TestAPatternAsASummaryHasNoLinksButItsOwn(t *testing.T) {
	l := house(t).In("en")
	p := parsed(t, "[[WP:F9]] on behalf of <% by %>:\n<% file %>")
	got := l.FillSummary(p, map[string]any{"by": Agent("User:Rita"), "file": PageName("File:[[x]].jpg")})
	if strings.Count(got, "[[") != 1 || strings.Contains(got, "\n") || !strings.HasPrefix(got, "[[WP:F9]] on behalf of User:Rita: ") {
		t.Error(got)
	}
}

func TestATitleOfAPatternIsATitleOrNone(t *testing.T) {
	p := parsed(t, "Commons:Deletion requests/<% file %>")
	for value, want := range map[string]string{
		"File:A_b.jpg": "Commons:Deletion requests/File:A b.jpg", "": "", "A|b": "", "A#b": "", "{{x}}": "", "a/../b": "",
		"A\nb": "Commons:Deletion requests/A b", strings.Repeat("x", 300): "", "&lt;": "", "%41": "",
	} {
		if got, ok := p.Title(map[string]string{"file": value}); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", value, got, ok)
		}
	}
}

func TestAPlaceIsWrittenInOneWay(t *testing.T) {
	for _, source := range []string{"<% Reason %>", "<% a b %>", "<%%>", "<% a", "a %>", "<% a1 %>"} {
		if _, err := ParsePattern(source); err == nil {
			t.Errorf("%q was taken", source)
		}
	}
	if !parsed(t, " \n").Blank() || parsed(t, "<% a %>").Blank() || parsed(t, "x").Blank() || !(Pattern{}).Blank() {
		t.Error("Blank is wrong")
	}
}

// FuzzFill holds that a value neither adds to a call nor ends it.
func FuzzFill(f *testing.F) {
	for _, seed := range []string{"x", "a|b=c", "}}{{", "[[x|y]]", "https://e.example/|}}", "File:A=b.jpg", "~~~~", "<nowiki>", "\u0338", "-{x}-", "&#125;"} {
		f.Add(seed)
	}
	words, err := Load(Folder(""))
	if err != nil {
		f.Fatal(err)
	}
	l := words.In("en")
	p, err := ParsePattern("{{x|1=<% a %>|2=<% b %>|3=<% c %>}}")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got := l.Fill(p, map[string]any{"a": value, "b": PageName(value), "c": Address(value)})
		inner := strings.TrimSuffix(strings.TrimPrefix(got, "{{x|1="), "}}")
		if strings.Count(inner, "|") != 2 || strings.ContainsAny(inner, "{}[]~\n\x00") {
			t.Errorf("%q became %q", value, got)
		}
	})
}
