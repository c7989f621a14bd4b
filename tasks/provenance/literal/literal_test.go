package literal

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// found is what a scan says, one line for each hit but PV014.
func found(text string) []string {
	var lines []string
	for _, h := range Scan(text) {
		if h.Rule != "PV014" {
			lines = append(lines, h.Rule+" "+strings.Join(h.Args, " ")+" → "+h.Fix)
		}
	}
	return lines
}

const commons = "//upload.wikimedia.org/wikipedia/commons/"

func TestAnOffStepWidthIsFoundInEverySpelling(t *testing.T) {
	for text, fix := range map[string]string{
		`'` + commons + `thumb/e/e3/Foo.svg/22px-Foo.svg.png'`:                                             commons + `thumb/e/e3/Foo.svg/40px-Foo.svg.png`,
		`"https:` + commons + `thumb/e/e3/Foo.svg/22px-Foo.svg.png"`:                                       `https:` + commons + `thumb/e/e3/Foo.svg/40px-Foo.svg.png`,
		`url(//thumb.wikimedia.org/wikipedia/de/thumb/e/e3/F_(b).png/22px-F_(b).png)`:                      `//thumb.wikimedia.org/wikipedia/de/thumb/e/e3/F_(b).png/40px-F_(b).png`,
		`"\/\/upload.wikimedia.org\/wikipedia\/commons\/thumb\/e\/e3\/F.svg\/22px-F.svg"`:                  `\/\/upload.wikimedia.org\/wikipedia\/commons\/thumb\/e\/e3\/F.svg\/40px-F.svg`,
		`?u=https%3A%2F%2Fupload.wikimedia.org%2Fwikipedia%2Fde%2Fthumb%2Fe%2Fe3%2FF.png%2F22px-F.png%3Fa`: `https%3A%2F%2Fupload.wikimedia.org%2Fwikipedia%2Fde%2Fthumb%2Fe%2Fe3%2FF.png%2F40px-F.png%3Fa`,
		`/e/e3/Foo.svg/22px-Foo.svg.png`:                                                                   `/e/e3/Foo.svg/40px-Foo.svg.png`,
		`"` + commons + `thumb/e/e3/O'B.svg/22px-O'B.svg.png"`:                                             commons + `thumb/e/e3/O'B.svg/40px-O'B.svg.png`,
		commons + `thumb/e/e3/F.pdf/page2-300px-F.pdf.jpg`:                                                 commons + `thumb/e/e3/F.pdf/page2-330px-F.pdf.jpg`,
		commons + `thumb/e/e3/F.tif/lossy-page1-800px-F.tif.jpg`:                                           commons + `thumb/e/e3/F.tif/lossy-page1-960px-F.tif.jpg`,
		commons + `thumb/e/e3/F.svg/langde-22px-F.svg.png`:                                                 commons + `thumb/e/e3/F.svg/langde-40px-F.svg.png`,
		commons + `thumb/e/e3/F.webm/320px--F.webm.jpg`:                                                    commons + `thumb/e/e3/F.webm/330px--F.webm.jpg`,
		commons + `thumb/archive/e/e3/20200131235959%21F.png/22px-F.png`:                                   commons + `thumb/archive/e/e3/20200131235959%21F.png/40px-F.png`,
		`'` + commons + `thumb/e/e3/Foo.svg/22px-' + name`:                                                 commons + `thumb/e/e3/Foo.svg/40px-`,
		commons + `thumb/e/e3/Foo.jpg/5000px-Foo.jpg`:                                                      commons + `thumb/e/e3/Foo.jpg/3840px-Foo.jpg`,
		commons + `thumb/e/e3/F.png/22px-F.png?utm_source=x.org&amp;utm_campaign=parser`:                   commons + `thumb/e/e3/F.png/40px-F.png?utm_source=x.org&amp;utm_campaign=parser`,
	} {
		hits := Scan(text)
		if len(hits) == 0 || hits[0].Rule != "TS001" || hits[0].Fix != fix {
			t.Errorf("%s: %+v", text, hits)
		}
	}
}

func TestEachAddressOfASrcsetIsJudged(t *testing.T) {
	text := `srcset="` + commons + `thumb/e/e3/F.svg/33px-F.svg.png 1.5x, ` + commons + `thumb/e/e3/F.svg/40px-F.svg.png 2x,` + commons + `thumb/e/e3/F.svg/44px-F.svg.png 3x"`
	want := []string{
		"TS001 33 40 → " + commons + "thumb/e/e3/F.svg/40px-F.svg.png",
		"TS001 44 60 → " + commons + "thumb/e/e3/F.svg/60px-F.svg.png",
	}
	if diff := cmp.Diff(want, found(text)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsRightOrNobodysThumbnailIsSilent(t *testing.T) {
	for _, text := range []string{
		commons + `thumb/e/e3/Foo.svg/20px-Foo.svg.png`,
		commons + `e/e3/Foo.svg`,
		`/e/e3/Foo.svg/22px-Bar.svg.png`,
		`/a/b3/Foo.svg/22px-Foo.svg.png`,
		`/e/e3/300px-wide`,
		`width: 22px; margin: -22px-4px`,
		`upload.wikimedia.org`,
		`/^https:\/\/upload\.wikimedia\.org\//`,
		commons + `thumb/e/e3/F.pdf/page1-1239px-F.pdf.jpg`,
		`/wiki/Special:FilePath/Foo.jpg?width=330`,
		`/wiki/Special:FilePath/Foo.jpg`,
		`/wiki/Foo?width=300`,
		`the thumb.php script`,
	} {
		if got := found(text); got != nil {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestAnotherSitesThumbnailIsInformationOnly(t *testing.T) {
	for _, text := range []string{
		`https://img.example.cn/common/thumb/e/e3/Foo.png/300px-Foo.png`,
		`/images/thumb/e/e3/Foo.png/300px-Foo.png`,
		`https://example.org/w/thumb.php?f=Foo.png&w=300`,
	} {
		hits := Scan(text)
		if len(hits) != 1 || hits[0].Severity.String() != "info" {
			t.Errorf("%s: %+v", text, hits)
		}
	}
}

func TestASizeThatNoServerReadsIsMended(t *testing.T) {
	for segment, want := range map[string]string{
		"20x-F.svg.png":  "TS006 20x- 20px- → " + commons + "thumb/e/e3/F.svg/20px-F.svg.png",
		"20px_F.svg.png": "TS006 20px_ 20px- → " + commons + "thumb/e/e3/F.svg/20px-F.svg.png",
		"20-F.svg.png":   "TS006 20- 20px- → " + commons + "thumb/e/e3/F.svg/20px-F.svg.png",
		"20pxF.svg.png":  "TS006 20px 20px- → " + commons + "thumb/e/e3/F.svg/20px-F.svg.png",
		"px22-F.svg.png": "TS006 px22- 40px- → " + commons + "thumb/e/e3/F.svg/40px-F.svg.png",
		"22PX-F.svg.png": "TS006 22PX- 40px- → " + commons + "thumb/e/e3/F.svg/40px-F.svg.png",
		"px-F.svg.png":   "TS006 px- 250px- → ",
		"20x-":           "TS006 20x- 20px- → " + commons + "thumb/e/e3/F.svg/20px-",
	} {
		if diff := cmp.Diff([]string{want}, found(commons+"thumb/e/e3/F.svg/"+segment)); diff != "" {
			t.Errorf("%s: %s", segment, diff)
		}
	}
}

func TestARedirectWithAnOffStepWidthIsFound(t *testing.T) {
	for _, text := range []string{
		`/wiki/Special:FilePath/Foo.jpg?width=300`,
		`https://commons.wikimedia.org/wiki/Special:Redirect/file/Foo.jpg?width=300`,
		`/w/index.php?title=Spezial:Dateipfad/Foo.jpg&width=300`,
		`/wiki/Special%3AFilePath/Foo.jpg?width=300`,
		`Special:Filepath/Foo.jpg?width=300px`,
	} {
		if got := found(text); len(got) != 1 || !strings.HasPrefix(got[0], "TS005 300 330 → ") || !strings.Contains(got[0], "width=330") {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestEveryAddressOnAMediaHostIsCounted(t *testing.T) {
	text := `a='` + commons + `e/e3/Foo.svg', b="https:` + commons + `", c='https://upload.wikimedia.org'`
	n := 0
	for _, h := range Scan(text) {
		if h.Rule == "PV014" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d addresses in %s", n, text)
	}
}

func TestHitsAreWithinTheTextAndSayWhatIsThere(t *testing.T) {
	text := `x = ["https:\/\/upload.wikimedia.org\/wikipedia\/commons\/thumb\/e\/e3\/F.svg\/22px-F.svg.png"];`
	hits := Scan(text)
	if got := text[hits[0].Start:hits[0].End]; !strings.HasPrefix(got, `https:\/\/`) || !strings.HasSuffix(got, ".png") {
		t.Errorf("%q", got)
	}
}

func FuzzScan(f *testing.F) {
	f.Add(`"https:\/\/upload.wikimedia.org\/wikipedia\/commons\/thumb\/e\/e3\/F.svg\/22px-F.svg.png"`)
	f.Add(`/e/e3/Foo.svg/20x-Foo.svg.png, Special:FilePath/F?width=300)`)
	f.Add(`%2F%2Fthumb.wikimedia.org%252Fa%2Fa9(thumb.php?'`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range Scan(text) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("%+v in %d bytes", h, len(text))
			}
		}
	})
}
