package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/api"
	"filewarden/tasks/copyvio/casebook"
)

// FuzzParameters holds that whatever is asked, the answer is an object in JSON
// that says no fault of ours, and that strangers decide nothing.
func FuzzParameters(f *testing.F) {
	for _, seed := range []string{
		"action=query&list=unreviewedimagematches&uimcontinue=000000000001|x&uimlimit=-1&uimminedits=9999999999999999999",
		"action=query&list=reverseimagesearch&ristitle=File:%00%ff&riscontinue=-1&continue=-||reverseimagesearch",
		"action=query&list=reverseimagesearch&rissha1=0000000000000000000000000000000000000001&riscontinue=99999999999",
		"action=reviewimagematches&sha1=x&state=accepted&token=%2B%5C&note=%E2%80%AE",
		"action=paraminfo&modules=**|query%2B*&formatversion=latest", "action=help&errorformat=html", "action=&format=",
		"list=%1funreviewedimagematches%1fx&action=query&requestid[]=1&uimshow=own|!own&origin=*", "&&==&%zz",
		"action=query&list=unreviewedimagematches&uimuploader=%EF%BF%BD_&uimgroup=%1f&uimsort=best&uimdir=newer",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	w := newWorld(f)
	w.keep(openCase(1))
	handler := api.New(w.config)
	f.Fuzz(func(t *testing.T, query string, post bool) {
		w.t = t
		w.pass(time.Minute) // no limit is met
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/api.php", RawQuery: query}, Header: http.Header{},
			Body: http.NoBody, RemoteAddr: "192.0.2.1:9"}
		if post {
			r.Method, r.URL.RawQuery, r.Body = http.MethodPost, "", io.NopCloser(strings.NewReader(query))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		body := answer.Body.String()
		if strings.HasPrefix(answer.Header().Get("Content-Type"), "application/json") && !(json.Valid([]byte(body)) && body[0] == '{') {
			t.Errorf("%q", body)
		}
		if answer.Code >= 500 || answer.Header().Get("MediaWiki-API-Error") == "internal_api_error_Memory" {
			t.Errorf("%d %s", answer.Code, body)
		}
		if book, kept := w.caseOf(sha(1)); book.State != casebook.Open || len(kept) > 0 {
			t.Errorf("decided: %+v", kept)
		}
	})
}
