package sandbox

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// ask the wiki a query and return the answer's text.
func ask(t *testing.T, w *Wiki, pairs ...string) string {
	t.Helper()
	q := url.Values{"action": {"query"}, "format": {"json"}, "formatversion": {"2"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest("GET", "/api.php?"+q.Encode(), nil))
	var any map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &any); err != nil {
		t.Fatal(err)
	}
	return rec.Body.String()
}

func TestCodeIsFoundByItsPlaceItsModelAndItsLinks(t *testing.T) {
	w := New(Options{Gadgets: true, Scribunto: true, Styles: true, Cirrus: true})
	w.Edit("Admin", "Module:Thumb", "return '//upload.wikimedia.org/x'", "")
	w.Edit("Admin", "Module:Thumb/doc", "A ''page''.", "")
	w.Edit("Admin", "Template:Box/styles.css", ".a { color: red }", "")
	w.Edit("Admin", "Template:Box", "[//upload.wikimedia.org/a.png x] <!-- https://thumb.wikimedia.org/b.png -->", "")
	w.SetOption("Alice", "gadget-popups", "1")
	w.SetOption("Bob", "gadget-popups", "0")
	for _, c := range []struct{ name, answer, want string }{
		{"modules", ask(t, w, "titles", "Module:Thumb", "prop", "info"), `"contentmodel":"Scribunto"`},
		{"their documentation", ask(t, w, "titles", "Module:Thumb/doc", "prop", "info"), `"contentmodel":"wikitext"`},
		{"styles", ask(t, w, "titles", "Template:Box/styles.css", "prop", "info"), `"contentmodel":"sanitized-css"`},
		{"users of gadgets", ask(t, w, "list", "querypage", "qppage", "GadgetUsage"), `{"name":"GadgetUsage","results":[{"ns":0,"title":"gadget-popups","value":"1"}]}`},
		{"links", ask(t, w, "list", "exturlusage", "euquery", "upload.wikimedia.org", "eunamespace", "10"), `"title":"Template:Box"`},
		{"source", ask(t, w, "list", "search", "srsearch", `insource:"upload.wikimedia.org"`, "srnamespace", "828"), `"title":"Module:Thumb"`},
	} {
		if !strings.Contains(c.answer, c.want) {
			t.Errorf("%s: %s does not hold %s", c.name, c.answer, c.want)
		}
	}
	if got := ask(t, w, "list", "exturlusage", "euquery", "thumb.wikimedia.org"); strings.Contains(got, "Box") {
		t.Errorf("a link in a comment counts: %s", got)
	}
	if got := ask(t, New(Options{}), "list", "querypage", "qppage", "GadgetUsage"); !strings.Contains(got, "badvalue") {
		t.Errorf("without Gadgets the special page is there: %s", got)
	}
}
