package audit

import (
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"
)

// lines of code with one off-step address in each language.
var lines = map[Language]string{
	JavaScript: "a.b('" + thumb + "');",
	CSS:        ".a{background:url(" + thumb + ")}",
	Lua:        "a.b('" + thumb + "') ",
	Wikitext:   "[" + thumb + " x] ",
	HTML:       "<img src='" + thumb + "'>",
}

// offStep counts the findings of off-step widths.
func offStep(got Result) (n int) {
	for _, f := range got.Findings {
		if f.Rule == "TS001" || f.Rule == "CS001" {
			n++
		}
	}
	return n
}

func TestEveryLanguageIsReadByItsReader(t *testing.T) {
	for language, line := range lines {
		if got := File(Source{Path: "x", Language: language, Text: []byte(line)}); got.Analysis != Full || !got.Read || offStep(got) != 1 {
			t.Errorf("%s: %+v", language, got)
		}
	}
}

func TestMinifiedTextsAreReadToTheirEnd(t *testing.T) {
	for language, line := range lines {
		n := 300_000 / len(line)
		got := File(Source{Path: "x", Language: language, Text: []byte(strings.Repeat(line, n))})
		if got.Analysis != Full || offStep(got) != n {
			t.Errorf("%s: %s, %s, %d of %d", language, got.Analysis, got.Why, offStep(got), n)
			continue
		}
		last := got.Findings[len(got.Findings)-1]
		if last.Line != 1 || last.Column < 290_000-200 || last.EndColumn <= last.Column {
			t.Errorf("%s: the last is at %d:%d", language, last.Line, last.Column)
		}
	}
}

func TestAMarkAndMixedLineEndsHoldInEveryLanguage(t *testing.T) {
	open := map[Language]string{JavaScript: "// ", CSS: "/* ", Lua: "-- ", Wikitext: "<!-- ", HTML: "<!-- "}
	closed := map[Language]string{CSS: " */", Wikitext: " -->", HTML: " -->"}
	for language, line := range lines {
		id := "TS001"
		if language == CSS {
			id = "CS001"
		}
		text := byteOrderMark + "\r\n\r" + line + "\n\n" + open[language] + "filewarden-ignore " + id + ": as it is" + closed[language] + "\r\n" + line
		got := File(Source{Path: "x", Language: language, Text: []byte(text)})
		if offStep(got) != 1 || len(got.Ignored) != 1 || got.Ignored[0].Line != 6 || got.Ignored[0].Reason != "as it is" || got.Findings[0].Line != 3 {
			t.Errorf("%s: %+v", language, got)
		}
	}
}

func TestBrokenAndDeepTextsAreReadAsFarAsTheyGo(t *testing.T) {
	deep := strings.Repeat("({[", 10_000)
	for language, line := range lines {
		for name, text := range map[string]string{
			"broken":    line + "\n)}] = ' \" ` <!-- /* [[ \n" + line,
			"deep":      line + "\n" + deep,
			"cut":       line + line[:len(line)-30],
			"not UTF-8": line + "\n\xff\xfe'\xc0",
		} {
			got := File(Source{Path: "x", Language: language, Text: []byte(text)})
			if got.Analysis == Skipped || offStep(got) < 1 && len(got.Findings) < 1 {
				t.Errorf("%s, %s: %s, %s, %d findings", language, name, got.Analysis, got.Why, len(got.Findings))
			}
			if got.Analysis == Partial && got.Why == "" {
				t.Errorf("%s, %s: partial without a reason", language, name)
			}
		}
	}
}

func TestAFaultOfAReaderLeavesWhatIsSpelledOut(t *testing.T) {
	hits, err := rescued(func([]byte) ([]rule.Hit, error) { panic("out of luck") }, Source{Language: JavaScript, Text: []byte("x = '" + thumb + "'; // '" + thumb + "'")})
	if err == nil || !strings.Contains(err.Error(), "out of luck") || len(hits) != 2 || hits[0].Rule != "TS001" {
		t.Errorf("%v: %+v", err, hits)
	}
}
