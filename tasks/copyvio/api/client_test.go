package api_test

import (
	"net/http"
	"slices"
	"testing"

	"filewarden/tasks/copyvio/casebook"

	mwclient "cgt.name/pkg/go-mwclient"
	"cgt.name/pkg/go-mwclient/params"
)

// withToken sends an access token along, as a program of a reviewer does.
type withToken string

func (token withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(token))
	return http.DefaultTransport.RoundTrip(r)
}

func (w *world) client(bearer string) *mwclient.Client {
	w.t.Helper()
	c, err := mwclient.New(w.front.URL+"/copyvio/w/api.php", "claims")
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		c.SetHTTPClient(&http.Client{Transport: withToken(bearer)})
	}
	return c
}

func TestAClientForMediaWikiReadsAllCasesInParts(t *testing.T) {
	w := newWorld(t)
	var want []string
	for n := range 7 {
		w.keep(openCase(n))
		want = append(want, sha(n)) // the newest first
	}
	var got []string
	q := w.client("").NewQuery(params.Values{"list": "unreviewedimagematches|reverseimagesearch", "uimlimit": "3",
		"rissha1": sha(1), "meta": "siteinfo|userinfo|unreviewedmatchcount"})
	parts := 0
	for q.Next() {
		parts++
		rows, err := q.Resp().GetObjectArray("query", "unreviewedimagematches")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			sha1, _ := row.GetString("sha1")
			got = append(got, sha1)
		}
		if _, err := q.Resp().GetObjectArray("query", "reverseimagesearch"); (err == nil) != (parts == 1) {
			t.Errorf("part %d: the list that was done in the first part: %v", parts, err)
		}
	}
	if q.Err() != nil {
		t.Fatal(q.Err())
	}
	if !slices.Equal(got, want) || parts != 3 {
		t.Errorf("in %d parts: %v", parts, got)
	}
}

func TestAClientForMediaWikiDecides(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	c := w.client(w.token("Rita"))
	c.Assert = mwclient.AssertUser
	c.Maxlag.On = true
	token, err := c.GetToken(mwclient.CSRFToken)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Post(params.Values{"action": "reviewimagematches", "sha1": sha(1), "state": "accepted",
		"note": "from a photo agency", "token": token, "assertuser": "Rita"})
	if err != nil {
		t.Fatal(err)
	}
	if result, _ := answer.GetString("reviewimagematches", "result"); result != "Success" {
		t.Errorf("%s", answer)
	}
	book, kept := w.caseOf(sha(1))
	if book.State != casebook.Accepted || book.By != "Rita" || book.Note != "from a photo agency" || len(kept) != 1 || kept[0].Way != casebook.ByAPI {
		t.Errorf("%+v, %+v", book, kept)
	}
}
