package offline

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func english(t *testing.T) *templates.Language {
	t.Helper()
	words, err := templates.Load(templates.Folder(""), templates.Folder("provenance"))
	if err != nil {
		t.Fatal(err)
	}
	return words.In("en")
}

// sample has one item of every sort.
func sample(t *testing.T) *Report {
	source := "ok();\n\ticon = '/e/e3/Foo.svg/22px-Foo.svg.png';\n"
	at := strings.Index(source, "'")
	f := audit.Finding{ID: "f1", Rule: "TS001", Severity: rule.Error, Start: at, End: len(source) - 2,
		Line: 2, Column: 9, EndLine: 2, EndColumn: 45, Args: []string{"22", "40"},
		Code: source[at : len(source)-2], Fix: "'/e/e3/Foo.svg/40px-Foo.svg.png'"}
	odd := f
	odd.ID, odd.Rule, odd.Args, odd.Fix = "f2", "TS006", []string{"[20x](https://evil.example){0}\x1b[31m"}, ""
	hidden := f
	hidden.ID = "f3"
	return &Report{Words: english(t), Version: "1.2.3", Items: []Item{
		{Result: audit.Result{Path: "sub dir/a:b#ä?.js", Analysis: audit.Full, Findings: []audit.Finding{f, odd},
			Ignored: []audit.Ignored{{Finding: hidden, Reason: "printed"}},
			Marks:   []audit.Mark{{Line: 9, Text: "// filewarden-ignore TS001", Why: "no-reason"}}},
			Language: audit.JavaScript, Excerpts: excerpts([]byte(source), []audit.Finding{f, odd})},
		{Result: audit.Result{Path: "clean.css", Analysis: audit.Full}, Language: audit.CSS},
		{Result: audit.Result{Path: "half.js", Analysis: audit.Partial, Why: "unexpected {"}, Language: audit.JavaScript},
		failed("/gone.js", audit.JavaScript, errors.New("permission denied")),
		{Result: audit.Result{Path: "MediaWiki:Gadget-x.js", Analysis: audit.Full}, URI: "https://x.example/wiki/MediaWiki:Gadget-x.js"},
	}}
}

func written(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAReaderSeesPlaceReasonLineAndFix(t *testing.T) {
	r := sample(t)
	got := written(t, func(b *bytes.Buffer) error { return r.Text(b, false) })
	want := `sub dir/a:b#ä?.js
  2:9  error  TS001  Thumbnail of a width that is not served
    Thumbnails of 22 px are not served (HTTP 400); fetch the standard width of 40 px and keep the size at which it is shown.
    | icon = '/e/e3/Foo.svg/22px-Foo.svg.png';
    |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    fix: '/e/e3/Foo.svg/40px-Foo.svg.png'
  2:9  error  TS006  Malformed size in a thumbnail URL
    The size in a thumbnail URL is a number followed by px and a hyphen; “[20x](https://evil.example){0}[31m” is none, so the URL leads nowhere.
    | icon = '/e/e3/Foo.svg/22px-Foo.svg.png';
    |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  9  this mark ignores nothing, as it gives no reason: // filewarden-ignore TS001

half.js
  read in part: unexpected {

/gone.js
  not read: permission denied

2 errors, 0 warnings, 0 notes in 1 of 5 files; 1 ignored; 1 read in part; 1 not read.
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(- want, + got):\n%s", diff)
	}
	if strings.Contains(got, "\x1b") {
		t.Error("an escape sequence in a report without colour")
	}
	painted := written(t, func(b *bytes.Buffer) error { return r.Text(b, true) })
	if !strings.Contains(painted, "\x1b[31merror\x1b[0m") {
		t.Errorf("no colour:\n%q", painted)
	}
}

func TestJSONIsOneObjectOfFindingsAndFiles(t *testing.T) {
	text := written(t, func(b *bytes.Buffer) error { return sample(t).JSON(b) })
	var got document
	in := json.NewDecoder(strings.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := finding{ID: "f1", Path: "sub dir/a:b#ä?.js", Line: 2, Column: 9, EndLine: 2, EndColumn: 45, Rule: "TS001", Severity: "error",
		Message: "Thumbnails of 22 px are not served (HTTP 400); fetch the standard width of 40 px and keep the size at which it is shown.",
		Code:    "'/e/e3/Foo.svg/22px-Foo.svg.png'", Fix: "'/e/e3/Foo.svg/40px-Foo.svg.png'"}
	if diff := cmp.Diff(want, got.Findings[0]); diff != "" {
		t.Error(diff)
	}
	files := []file{{"sub dir/a:b#ä?.js", "full", "", false}, {"clean.css", "full", "", false}, {"half.js", "partial", "unexpected {", false},
		{"/gone.js", "skipped", "permission denied", true}, {"MediaWiki:Gadget-x.js", "full", "", false}}
	if diff := cmp.Diff(files, got.Files); diff != "" {
		t.Error(diff)
	}
	if len(got.Ignored) != 1 || got.Ignored[0].Reason != "printed" || len(got.Marks) != 1 {
		t.Errorf("ignored %v, marks %v", got.Ignored, got.Marks)
	}
	empty := written(t, func(b *bytes.Buffer) error { return (&Report{Words: english(t)}).JSON(b) })
	if strings.Contains(empty, "null") {
		t.Errorf("lists of nothing are empty lists:\n%s", empty)
	}
}

func sarifOf(t *testing.T, r *Report) (log sarifLog) {
	t.Helper()
	text := written(t, func(b *bytes.Buffer) error { return r.SARIF(b) })
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("not as the standard wants it: %v", err)
	}
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestSARIFHoldsToItsStandard(t *testing.T) {
	sarifOf(t, &Report{Words: english(t), Version: "0.1.0"})
	run := sarifOf(t, sample(t)).Runs[0]
	var uris []string
	for n, a := range run.Artifacts {
		uris = append(uris, a.Location.URI)
		if a.Location.Index != n {
			t.Errorf("artifact %d says that it is %d", n, a.Location.Index)
		}
	}
	want := []string{"sub%20dir/a:b%23%C3%A4%3F.js", "clean.css", "half.js", "file:///gone.js", "https://x.example/wiki/MediaWiki:Gadget-x.js"}
	if diff := cmp.Diff(want, uris); diff != "" {
		t.Error(diff)
	}
	if run.Invocations[0].Successful || len(run.Invocations[0].Notifications) != 2 {
		t.Errorf("what was not read: %+v", run.Invocations)
	}
	if len(run.Tool.Driver.Rules) != len(rule.Catalogue()) {
		t.Errorf("%d rules", len(run.Tool.Driver.Rules))
	}
}

func TestSARIFResultsPointToTheirRulesAndKeepTheirIds(t *testing.T) {
	run := sarifOf(t, sample(t)).Runs[0]
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || len(r.Fingerprints) != 1 {
			t.Errorf("%+v", r)
		}
	}
	if id := run.Results[0].Fingerprints[fingerprint]; id != "f1" {
		t.Errorf("fingerprint %q", id)
	}
	if s := run.Results[2].Suppressions; len(s) != 1 || s[0].Justification != "printed" || len(run.Results[0].Suppressions) > 0 {
		t.Errorf("suppressions %+v", s)
	}
}

func TestForeignTextIsNoLinkAndNoPlaceholderInASARIFMessage(t *testing.T) {
	said := sarifOf(t, sample(t)).Runs[0].Results[1].Message.Text
	if !strings.Contains(said, `\[20x\](https://evil.example){{0}}\[31m`) {
		t.Errorf("%s", said)
	}
	fence := fenced("a ``` b")
	if !strings.HasPrefix(fence, "````\n") {
		t.Errorf("code leaves its fence: %s", fence)
	}
}

func TestAChoiceNarrowsFindings(t *testing.T) {
	found := Item{Excerpts: make([]Excerpt, 3), Result: audit.Result{Findings: []audit.Finding{
		{Rule: "TS001", Severity: rule.Error}, {Rule: "TS004", Severity: rule.Info}, {Rule: "PV007", Severity: rule.Warning}}}}
	for _, c := range []struct {
		choice Choice
		want   string
	}{
		{Choice{}, "TS001 TS004 PV007"},
		{Choice{Rules: []string{"ts"}}, "TS001 TS004"},
		{Choice{Rules: []string{"TS001", "pv007"}}, "TS001 PV007"},
		{Choice{Rules: []string{"TS"}, Without: []string{"TS004"}}, "TS001"},
		{Choice{Least: rule.Warning}, "TS001 PV007"},
	} {
		var got []string
		i := c.choice.narrow(found)
		for _, f := range i.Findings {
			got = append(got, f.Rule)
		}
		if strings.Join(got, " ") != c.want || len(i.Excerpts) != len(got) {
			t.Errorf("%+v: %v", c.choice, got)
		}
	}
	for id, want := range map[string]bool{"TS001": true, "pv": true, "TS": true, "TS099": false, "T": false, "": false} {
		if Known(id) != want {
			t.Errorf("Known(%q) is %v", id, !want)
		}
	}
}
