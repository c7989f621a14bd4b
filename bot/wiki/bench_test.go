package wiki

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// played answers a scan of 10,000 files with 3 uses each from memory, so that
// only the client is measured. GlobalUsage gives 500 rows at most at a time,
// which at 166 titles a request is just not reached.
type played struct{ answers map[string][]byte }

func (p *played) RoundTrip(r *http.Request) (*http.Response, error) {
	first := r.URL.Query().Get("titles")
	if r.Body != nil {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		first = string(raw)
	}
	at := strings.Index(first, "Shot")
	key := "siteinfo"
	if at >= 0 {
		key = first[at+5 : at+10]
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(bytes.NewReader(p.answers[key]))}, nil
}

func newPlayed(titles []string, per int) *played {
	p := &played{answers: map[string][]byte{"siteinfo": []byte(siteinfo("https://x.example"))}}
	for at := 0; at < len(titles); at += per {
		pages := []map[string]any{}
		for i, title := range titles[at:min(at+per, len(titles))] {
			rows := []map[string]any{}
			for n := range 3 {
				rows = append(rows, map[string]any{"title": fmt.Sprintf("Ort_%d_%d", at+i, n), "wiki": "de.wikivoyage.org",
					"url": fmt.Sprintf("https://de.wikivoyage.org/wiki/Ort_%d_%d", at+i, n), "pageid": strconv.Itoa(at + i + n), "ns": "0"})
			}
			pages = append(pages, map[string]any{"pageid": at + i + 1, "ns": 6, "title": title, "globalusage": rows})
		}
		raw, _ := json.Marshal(map[string]any{"batchcomplete": true, "query": map[string]any{"pages": pages}, "limits": map[string]any{"globalusage": 500}})
		p.answers[fmt.Sprintf("%05d", at)] = raw
	}
	return p
}

func BenchmarkScanOf10000FilesWith3Uses(b *testing.B) {
	titles := make([]string, 10_000)
	for i := range titles {
		titles[i] = fmt.Sprintf("File:Shot %05d.jpg", i)
	}
	const per = 166
	p := newPlayed(titles, per)
	set := Settings{API: "https://x.example/w/api.php", Token: "t", Contact: "c@example.org", Transport: p}
	s, _, err := Open(b.Context(), set)
	if err != nil {
		b.Fatal(err)
	}
	farm := NewFarm(s, nil, set)
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		query := Params{"prop": "globalusage|fileusage", "gulimit": "max", "fulimit": "max", "gunamespace": Empty, "guprop": "url|pageid|namespace"}
		for page, err := range s.WalkTitles(b.Context(), titles, per, query) {
			if err != nil {
				b.Fatal(err)
			}
			for row := range page.Rows("globalusage") {
				farm.PlaceOf(row.Text("wiki"), row.Text("url"), row.Text("title"))
				rows += int(min(1, row.Int("pageid")+1))
			}
		}
		if rows != 30_000 {
			b.Fatalf("%d rows", rows)
		}
	}
}
