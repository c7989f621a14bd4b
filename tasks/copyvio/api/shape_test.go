package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestTheFormIsMediaWikis holds whole answers to what MediaWiki 1.43 answers to
// the same mistakes, docref apart.
func TestTheFormIsMediaWikis(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		"action=query&formatversion=2":                                                         `{"batchcomplete":true}`,
		"action=query":                                                                         `{"batchcomplete":""}`,
		"action=query&meta=userinfo":                                                           `{"batchcomplete":"","query":{"userinfo":{"anon":"","id":0,"name":"127.0.0.1"}}}`,
		"action=nothing&formatversion=2":                                                       `{"error":{"code":"badvalue","docref":"D","info":"Unrecognized value for parameter \"action\": nothing."}}`,
		"action=nothing":                                                                       `{"error":{"*":"D","code":"badvalue","info":"Unrecognized value for parameter \"action\": nothing."}}`,
		"action=nothing&formatversion=2&errorformat=plaintext":                                 `{"docref":"D","errors":[{"code":"badvalue","module":"main","text":"Unrecognized value for parameter \"action\": nothing."}]}`,
		"action=nothing&errorformat=plaintext":                                                 `{"*":"D","errors":[{"*":"Unrecognized value for parameter \"action\": nothing.","code":"badvalue","module":"main"}]}`,
		"action=[[x]]&formatversion=2&errorformat=wikitext":                                    `{"docref":"D","errors":[{"code":"badvalue","module":"main","text":"Unrecognized value for parameter \"action\"&#58; &#91;&#91;x&#93;&#93;."}]}`,
		"action=nothing&formatversion=2&errorformat=none":                                      `{"docref":"D","errors":[{"code":"badvalue","module":"main"}]}`,
		"format=xml&action=query&formatversion=2":                                              `{"error":{"code":"badvalue","docref":"D","info":"Unrecognized value for parameter \"format\": xml."}}`,
		"action=query&foo=1&formatversion=2":                                                   `{"batchcomplete":true,"warnings":{"main":{"warnings":"Unrecognized parameter: foo."}}}`,
		"action=query&foo=1&bar=2":                                                             `{"batchcomplete":"","warnings":{"main":{"*":"Unrecognized parameters: bar, foo."}}}`,
		"action=query&foo=1&formatversion=2&errorformat=plaintext":                             `{"batchcomplete":true,"warnings":[{"code":"unrecognizedparams","data":{"parameters":["foo"]},"module":"main","text":"Unrecognized parameter: foo."}]}`,
		"action=query&list=x|y&formatversion=2":                                                `{"batchcomplete":true,"warnings":{"query":{"warnings":"Unrecognized values for parameter \"list\": x, y"}}}`,
		"action=query&list=unreviewedimagematches&uimlimit=max&formatversion=2":                `{"batchcomplete":true,"limits":{"unreviewedimagematches":50},"query":{"unreviewedimagematches":[]}}`,
		"action=query&list=unreviewedimagematches&uimlimit=99&formatversion=2":                 `{"batchcomplete":true,"query":{"unreviewedimagematches":[]},"warnings":{"unreviewedimagematches":{"warnings":"The value \"99\" for parameter \"uimlimit\" must be between 1 and 50."}}}`,
		"action=query&list=reverseimagesearch&formatversion=2":                                 `{"error":{"code":"missingparam","docref":"D","info":"One of the parameters \"ristitle\" and \"rissha1\" is required."}}`,
		"action=query&list=reverseimagesearch&rissha1=x&formatversion=2&errorformat=plaintext": `{"docref":"D","errors":[{"code":"invalidsha1hash","module":"query+reverseimagesearch","text":"The SHA-1 hash provided is not valid."}]}`,
		"action=query&continue=x&formatversion=2":                                              `{"error":{"code":"badcontinue","docref":"D","info":"Invalid continue param. You should pass the original value returned by the previous query."}}`,
		"action=query&assert=user&requestid=7&curtimestamp=1&formatversion=2":                  `{"curtimestamp":"2026-11-29T12:00:00Z","error":{"code":"assertuserfailed","docref":"D","info":"You are no longer logged in, so the action could not be completed."},"requestid":"7"}`,
		"action=query&assertuser=Rita&formatversion=2":                                         `{"error":{"code":"assertnameduserfailed","docref":"D","info":"You are no longer logged in as \"Rita\", so the action could not be completed."}}`,
		"action=query&assert=bot&formatversion=2":                                              `{"error":{"code":"assertbotfailed","docref":"D","info":"You do not have the \"bot\" right, so the action could not be completed."}}`,
		"action=query&maxlag=5&utf8=&uselang=de&rawcontinue=&indexpageids=&formatversion=2":    `{"batchcomplete":true}`,
	} {
		got, resp := w.get(query)
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", query, got, want)
		}
		failed := strings.Contains(want, `"code":`) && !strings.Contains(want, `"warnings"`)
		if resp.StatusCode != 200 || failed != (resp.Header.Get("MediaWiki-API-Error") != "") {
			t.Errorf("%s: status %d, header %q", query, resp.StatusCode, resp.Header.Get("MediaWiki-API-Error"))
		}
	}
}

// get sends a query as it stands; docref becomes D.
func (w *world) get(query string) (string, *http.Response) {
	w.t.Helper()
	values, _ := url.ParseQuery(query)
	resp, err := http.Get(w.front.URL + "/copyvio/api.php?" + values.Encode())
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	var found struct {
		Bare, Old string
		Docref    string `json:"docref"`
		Star      string `json:"*"`
		Error     struct {
			Docref string `json:"docref"`
			Star   string `json:"*"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &found)
	text := string(body)
	for _, docref := range []string{found.Docref, found.Star, found.Error.Docref, found.Error.Star} {
		if docref != "" {
			text = strings.ReplaceAll(text, docref, "D")
		}
	}
	var plain strings.Builder
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(json.RawMessage(text))
	return strings.NewReplacer(`\u0026`, "&").Replace(strings.TrimSpace(plain.String())), resp
}

func TestFormatVersion1KnowsNeitherTrueNorFalse(t *testing.T) {
	w := newWorld(t)
	c := openCase(1)
	c.NonFree = true
	w.keep(c)
	got, _ := w.get("action=query&list=unreviewedimagematches|reverseimagesearch&meta=siteinfo&siprop=namespaces&rissha1=" + sha(1))
	if strings.Contains(got, "true") || strings.Contains(got, "false") || !strings.Contains(got, `"nonfree":""`) || !strings.Contains(got, `"*":"File"`) {
		t.Error(got)
	}
}

func TestModulesDescribeThemselves(t *testing.T) {
	w := newWorld(t)
	a, _ := w.ask("", "action", "paraminfo", "modules", "query+reverseimagesearch|reviewimagematches|nothing|main")
	if got := a.column("name", "paraminfo", "modules"); strings.Join(got, " ") != "reverseimagesearch reviewimagematches main" {
		t.Errorf("%v", a)
	}
	if !strings.Contains(dump(a), `"tokentype":"csrf"`) || !strings.Contains(dump(a), "The module nothing does not exist.") {
		t.Errorf("%v", a)
	}
	if a, _ := w.ask("", "action", "help"); a.at("help", "mime") != "text/html" {
		t.Errorf("%v", a)
	}
	resp, err := http.Get(w.front.URL + "/copyvio/api.php")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); !strings.Contains(string(body), "query+unreviewedimagematches") {
		t.Errorf("%s", body)
	}
}

func TestAMemoryThatFailsIsToldToTheOperatorOnly(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	w.store.Close()
	for _, query := range []string{"list=unreviewedimagematches", "list=reverseimagesearch&rissha1=" + sha(1), "meta=unreviewedmatchcount"} {
		got, _ := w.get("formatversion=2&action=query&" + query)
		if !strings.Contains(got, "internal_api_error_Memory") || strings.Contains(got, "closed") {
			t.Errorf("%s: %s", query, got)
		}
	}
	if !strings.Contains(w.log.String(), "closed") {
		t.Error("the log does not say why")
	}
}
