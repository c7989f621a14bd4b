package provider

import (
	"strings"
	"testing"

	"filewarden/wikiconfig"
)

// section is how a task takes the config in.
type section struct {
	Providers Config `json:"providers" jsonschema:"title=Providers"`
}

func readConfig(t *testing.T, page string) (Config, []wikiconfig.Problem) {
	t.Helper()
	book, err := wikiconfig.NewBook(wikiconfig.Section{Name: "copyvio", Config: &section{DefaultConfig()}})
	if err != nil {
		t.Fatal(err)
	}
	c, problems := book.ParseConfig(`{"tasks":{"copyvio":{"providers":` + page + `}}}`)
	if c == nil {
		return Config{}, problems
	}
	return wikiconfig.SectionOf[section](c, "copyvio").Providers, problems
}

func TestAWikiChangesOneServiceAndKeepsTheRest(t *testing.T) {
	c, problems := readConfig(t, `{"order":"all","services":{"google":{"perDay":10},"own":{"uploads":true,"perDay":5,"perMonth":50,"costs":0.5}}}`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := DefaultConfig().Services["google"]
	want.PerDay = 10
	if c.Order != all || c.Services["google"] != want || c.Services["tineye"] != DefaultConfig().Services["tineye"] ||
		c.Services["own"] != (Use{Uploads: true, PerDay: 5, PerMonth: 50, Costs: 0.5}) {
		t.Errorf("the config is %+v", c)
	}
}

func TestAWrongBudgetIsAProblemOfThePage(t *testing.T) {
	_, problems := readConfig(t, `{"order":"dearest","services":{"google":{"perDay":-1,"uploads":"yes"}}}`)
	var places []string
	for _, p := range problems {
		places = append(places, p.Pointer)
	}
	said := strings.Join(places, " ")
	for _, want := range []string{"/order", "/services/google/perDay", "/services/google/uploads"} {
		if !strings.Contains(said, want) {
			t.Errorf("%s is accepted; problems are at %s", want, said)
		}
	}
}
