package page

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write golden files anew")

func TestAPageOfCasesReadsAsItShould(t *testing.T) {
	const golden = "testdata/cases.txtar"
	var made txtar.Archive
	for _, language := range []string{"en", "de"} {
		text := words(t).In(language).CopyvioPageText(pageOf(sample()...))
		made.Files = append(made.Files, txtar.File{Name: language, Data: []byte(text)})
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(&made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(txtar.Format(&made))); d != "" {
		t.Errorf("(- golden, + now; -update writes it anew):\n%s", d)
	}
}

func TestEveryPageHasWordsInEveryLanguage(t *testing.T) {
	w := words(t)
	for _, language := range w.Languages() {
		l := w.In(language)
		for name, text := range map[string]string{"overview": l.CopyvioOverviewText(overview()), "log": l.CopyvioLogText(decisions()), "statistics": l.CopyvioStatisticsText(statistics()),
			"newcomers": l.CopyvioNewcomersText(newcomers()), "template": l.CopyvioCaseTemplate("Filewarden", noon), "count": l.CopyvioCount(3)} {
			if strings.Contains(text, "⧼") || strings.Contains(text, "$1") {
				t.Errorf("%s in %s lacks words:\n%s", name, language, text)
			}
		}
	}
}

func TestACountIsABareNumberWhereItIsTranscluded(t *testing.T) {
	w := wiki(t, "en")
	w.Edit("Filewarden", "User:Filewarden/Copyvio/Count", words(t).In("en").CopyvioCount(1204), "")
	w.Edit("Ann", "Project:Tasks", "[{{User:Filewarden/Copyvio/Count}}]", "")
	if got := understood(t, serve(t, w), "Project:Tasks").Parse.Text; !strings.Contains(got, "[1204]") {
		t.Errorf("shown as %s", got)
	}
}
