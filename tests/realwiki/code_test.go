package realwiki_test

import (
	"fmt"
	"testing"

	"filewarden/tests/realwiki"
)

func TestCodePagesHaveTheirContentModels(t *testing.T) {
	w := realwiki.Start(t, realwiki.CodePages())
	alice := w.AddUser("Alice")
	for title, model := range map[string]string{
		"Module:Icon":              "Scribunto",
		"Module:Icon/doc":          "wikitext",
		"Template:Icon/styles.css": "sanitized-css",
		"MediaWiki:Gadget-a.js":    "javascript",
		"MediaWiki:Common.css":     "css",
		"User:Alice/common.js":     "javascript",
	} {
		w.Edit(w.Admin, title, "x", "")
		var answer struct {
			Query struct {
				Pages []struct{ ContentModel string }
			}
		}
		if err := w.Client(alice).Get(realwiki.Params{"action": "query", "prop": "info", "titles": title}, &answer); err != nil {
			t.Fatal(err)
		}
		if got := answer.Query.Pages[0].ContentModel; got != model {
			t.Errorf("%s has the model %s, want %s", title, got, model)
		}
	}
}

func TestGadgetUsageCountsWhoSwitchedAGadgetOn(t *testing.T) {
	w := realwiki.Start(t, realwiki.CodePages())
	w.Edit(w.Admin, "MediaWiki:Gadgets-definition", "* hover-box[ResourceLoader]|hover-box.js", "")
	w.Edit(w.Admin, "MediaWiki:Gadget-hover-box.js", "1;", "")
	w.SwitchGadget(w.AddUser("Alice"), "hover-box", true)
	var answer struct {
		Query struct {
			QueryPage struct {
				Results []struct {
					Title string
					Value any
				}
			}
		}
	}
	if err := w.Anonymous().Get(realwiki.Params{"action": "query", "list": "querypage", "qppage": "GadgetUsage"}, &answer); err != nil {
		t.Fatal(err)
	}
	if got := answer.Query.QueryPage.Results; len(got) != 1 || got[0].Title != "gadget-hover-box" || fmt.Sprint(got[0].Value) != "1" {
		t.Errorf("the results are %+v", got)
	}
}
