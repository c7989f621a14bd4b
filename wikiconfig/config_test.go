package wikiconfig

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultsFillAPartialPage(t *testing.T) {
	for _, text := range []string{"", "{}", `{"tasks": {"usage": {}}}`} {
		c, problems := testBook(t).ParseConfig(text)
		if c == nil || len(problems) > 0 {
			t.Fatalf("%q is refused: %v", text, problems)
		}
		if c.Mode != "trial" || !c.Notices.OptIn || c.Common("usage") != (Common{true, Duration(4 * time.Hour)}) {
			t.Errorf("%q: %+v", text, c)
		}
	}
	c, _ := testBook(t).ParseConfig(`{"notices": {"perDay": 1}, "tasks": {"usage": {"scan": {"share": 0.25}, "every": "2h30m"}}}`)
	usage := SectionOf[usageConfig](c, "usage")
	want := usageConfig{Recipients: "allButReverters", BusyFile: 500, Sets: []usageSet{}, Lists: Titles{},
		Wait: Duration(48 * time.Hour), Scan: usageLimits{Share: 0.25}}
	if diff := cmp.Diff(want, usage); diff != "" {
		t.Error(diff)
	}
	if c.Notices.PerDay != 1 || c.Notices.Channel != "talk" || c.Common("usage").Every != Duration(150*time.Minute) {
		t.Errorf("%+v, every %v", c.Notices, c.Common("usage").Every)
	}
}

func TestAStructThatEmbedsTheCommonKeysSetsTheirDefaults(t *testing.T) {
	c, _ := testBook(t).ParseConfig(`{"tasks": {"copyvio": {"withhold": ["x"]}}}`)
	if got := c.Common("copyvio"); got != (Common{false, Duration(time.Hour)}) {
		t.Error(got)
	}
	if got := SectionOf[copyvioConfig](c, "copyvio"); got.Every != Duration(time.Hour) || len(got.Withhold) != 1 {
		t.Error(got)
	}
}

func TestAConfigWithAnErrorIsNoConfigAndAWarningDoesNotRefuseIt(t *testing.T) {
	if c, problems := testBook(t).ParseConfig(`{"mode": "alive"}`); c != nil || !Refused(problems) {
		t.Error(c, problems)
	}
	if c, problems := testBook(t).ParseConfig(`{"mdoe": "live"}`); c == nil || len(problems) != 1 {
		t.Error(c, problems)
	}
}

func TestTitlesAreUnderstoodAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]string{
		"File:A b.jpg":                 "File:A b.jpg",
		"File:A_b.jpg":                 "File:A b.jpg",
		"  File:A __ b.jpg ":           "File:A b.jpg",
		":File:A.jpg":                  "File:A.jpg",
		": File:A.jpg":                 "File:A.jpg",
		"[[:File:A.jpg|a file]]":       "File:A.jpg",
		"Project:List#Section 2":       "Project:List",
		"Datei:Ä.jpg":                  "Datei:Ä.jpg",
		"A.jpg":                        "A.jpg",
		"קובץ:שלום.jpg\u200e":          "קובץ:שלום.jpg",
		"\u202aFile:𝒳.jpg\u202c":       "File:𝒳.jpg",
		"File:No\u00a0break\u3000.jpg": "File:No break .jpg",
	} {
		if got := plainTitle(written); got != want {
			t.Errorf("%q: got %q, want %q", written, got, want)
		}
		if message := titleProblem(written); message != "" {
			t.Errorf("%q: %s", written, message)
		}
	}
}

func TestADurationIsReadAndWrittenInItsShortestForm(t *testing.T) {
	for written, want := range map[string]string{
		"4h": "4h", "90m": "90m", "2d": "48h", "1h30m": "90m", "60m": "1h", "90s": "90s", "0m": "0m", "0h": "0m",
	} {
		got, ok := parseDuration(written)
		if !ok || Duration(got).String() != want {
			t.Errorf("%s: got %v, want %s", written, Duration(got), want)
		}
	}
	for _, wrong := range []string{"", "4", "h", "-4h", "4 h", "4H", "1.5h", "99999999999d", "9223372036854775808s", "4h ", "4h\n"} {
		if got, ok := parseDuration(wrong); ok {
			t.Errorf("%q is read as %v", wrong, got)
		}
	}
}
