package audit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAMarkHidesItsLineAndTheNext(t *testing.T) {
	for name, text := range map[string]string{
		"the line before":   "<!-- filewarden-ignore TS001, PV014: drawn so -->\n[" + thumb + "]",
		"the same line":     "[" + thumb + "] <!-- filewarden-ignore TS001 PV014: drawn so -->",
		"a longer comment":  "<!--\n filewarden-ignore TS001,PV014: drawn so\n by the printer\n-->\n[" + thumb + "]",
		"a whole text":      "[" + thumb + "]\n\n\n\n<!-- filewarden-ignore-file TS001, PV014: drawn so -->",
		"one mark for each": "<!-- filewarden-ignore TS001: drawn so -->\n<!-- filewarden-ignore pv014: drawn so -->\n[" + thumb + "]",
	} {
		got := wiki(text)
		if len(got.Findings) != 0 || len(got.Ignored) != 2 || got.Ignored[0].Reason != "drawn so" || len(got.Marks) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAMarkHidesNothingElse(t *testing.T) {
	mark := "<!-- filewarden-ignore TS001: drawn so -->\n"
	for name, text := range map[string]string{
		"two lines on":   mark + "x\n[" + thumb + "]",
		"another rule":   "<!-- filewarden-ignore TS006: drawn so -->\n[" + thumb + "]",
		"no comment":     "filewarden-ignore TS001: drawn so\n[" + thumb + "]",
		"not a comment":  "<nowiki><!-- filewarden-ignore TS001: drawn so --></nowiki>\n[" + thumb + "]",
		"the line after": "[" + thumb + "]\n" + mark,
	} {
		if got := wiki(text); len(got.Findings) != 2 || len(got.Ignored) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAMarkWithoutEffectIsTold(t *testing.T) {
	for text, want := range map[string]Mark{
		"<!-- filewarden-ignore TS001 -->\n[" + thumb + "]":  {1, "filewarden-ignore TS001", noReason},
		"<!-- filewarden-ignore TS001: -->\n[" + thumb + "]": {1, "filewarden-ignore TS001:", noReason},
		"\n<!-- filewarden-ignore TS999: why -->":            {2, "filewarden-ignore TS999: why", unknownRule},
		"<!-- filewarden-ignore: why -->":                    {1, "filewarden-ignore: why", unknownRule},
		"<!-- filewarden-ignore TS001: why -->\nnothing":     {1, "filewarden-ignore TS001: why", nothingToIgnore},
	} {
		got := wiki(text)
		if diff := cmp.Diff([]Mark{want}, got.Marks); diff != "" || len(got.Ignored) > 0 {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestCommentsAreFoundInEveryLanguage(t *testing.T) {
	for text, want := range map[string][]string{
		"js: a = '// no'; // yes":                                                       {"// yes"},
		"js: a = /\\/[/*]/; /* yes */ b = 1 / 2; // y":                                  {"/* yes */", "// y"},
		"js: `// no ${ x /* yes */ + `${ {} }` } /* no */`; // y":                       {"/* yes */", "// y"},
		"js: return /'/.test(x) // yes":                                                 {"// yes"},
		"js: x = a[0] / 2; y = '/'; // yes":                                             {"// yes"},
		"js: 'it\\'s // no' // yes":                                                     {"// yes"},
		"css: a{b:url(//x.y/*z)} /* yes */":                                             {"/* yes */"},
		"css: a{b:'/* no */'} // less":                                                  {"// less"},
		"css: a{b:url( \"//x\" )} /* yes":                                               {"/* yes"},
		"lua: a = '-- no' -- yes":                                                       {"-- yes"},
		"lua: a = [[ -- no ]] --[==[ yes\n]] ]==] b":                                    {"--[==[ yes\n]] ]==]"},
		"wiki: a <!-- yes --> <pre><!-- no --></pre>":                                   {"<!-- yes -->"},
		"wiki: <nowiki/> <!-- yes":                                                      {"<!-- yes"},
		"html: <script>a = '// no' // yes\n</script> <style>/* y */</style> <!-- z -->": {"// yes", "/* y */", "<!-- z -->"},
	} {
		name, code, _ := strings.Cut(text, ": ")
		language := map[string]Language{"js": JavaScript, "css": CSS, "lua": Lua, "wiki": Wikitext, "html": HTML}[name]
		var got []string
		for _, c := range comments(language, []byte(code)) {
			got = append(got, code[c.start:c.end])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, l := range []Language{JavaScript, CSS, Lua, Wikitext, HTML} {
		f.Add(string(l), "/* filewarden-ignore TS001: x */ a = '"+thumb+"' // `${ }` <!-- --[[ ]] -->")
	}
	f.Fuzz(func(t *testing.T, language, text string) {
		got := File(Source{Path: "x", Language: Language(language), Text: []byte(text)})
		seen := map[string]bool{}
		for _, one := range got.Findings {
			if one.Start < 0 || one.End > len(text) || one.Line < 1 || one.Column < 1 || seen[one.ID] {
				t.Fatalf("%+v", one)
			}
			seen[one.ID] = true
		}
	})
}
