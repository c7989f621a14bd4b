package wiki

import (
	"testing"
)

func TestAnEditCarriesTokenAssertionsAndMaxlag(t *testing.T) {
	f := newFake(t)
	s, w := f.open()
	f.says(`{"edit":{"result":"Success","newrevid":5}}`)
	got, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b", "minor": ""})
	if err != nil {
		t.Fatal(err)
	}
	if rev, _ := got.GetInt64("edit", "newrevid"); rev != 5 {
		t.Errorf("newrevid %d", rev)
	}
	asked := f.asked()
	if len(asked) != 1 {
		t.Fatalf("%d requests, want 1", len(asked))
	}
	for k, want := range map[string]string{"token": `t2+\`, "assert": "bot", "assertuser": "Bot", "maxlag": "5", "formatversion": "2"} {
		if asked[0].Get(k) != want {
			t.Errorf("%s=%q, want %q", k, asked[0].Get(k), want)
		}
	}
	if asked[0].Has("minor") {
		t.Error("an unset flag was sent")
	}
	if s.Account().Name != "Bot" || s.Limit() != 500 {
		t.Errorf("account %+v", s.Account())
	}
}

func TestPagesAreHandedOnWhenTheBatchIsComplete(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(fixture(t, "continued-part1.json"), fixture(t, "continued-part2.json"), `{"batchcomplete":true,"query":{"pages":[
		{"pageid":3,"ns":6,"title":"File:Sample 00001.png","globalusage":[{"title":"Ort_6","wiki":"w","url":"u","pageid":"8","ns":"0"}]}]}}`)
	var titles []string
	for p, err := range s.Walk(t.Context(), Params{"prop": "globalusage|fileusage", "titles": "File:Sample 00001.png|File:Sample 00002.png"}) {
		if err != nil {
			t.Fatal(err)
		}
		titles = append(titles, p.Title)
		if p.ID == 3 && p.Len("globalusage") != 7 {
			t.Errorf("%d rows of usage, want 7", p.Len("globalusage"))
		}
		if rows, err := p.GetObjectArray("globalusage"); p.ID == 3 && (err != nil || len(rows) != 7) {
			t.Errorf("jason sees %d rows: %v", len(rows), err)
		}
		if p.Title == "File:Missing.png" && !p.Missing {
			t.Error("a missing page is not marked")
		}
	}
	if len(titles) != 4 || len(f.asked()) != 3 {
		t.Errorf("pages %q in %d requests", titles, len(f.asked()))
	}
}

func TestReadGivesTheTextByTheTitleAskedFor(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"batchcomplete":true,"curtimestamp":"2026-03-01T12:00:00Z","query":{
		"normalized":[{"fromencoded":false,"from":"user:a_b","to":"User:A b"}],
		"pages":[{"pageid":4,"ns":2,"title":"User:A b","redirect":true,"revisions":[{"revid":9,"user":"X","timestamp":"2026-02-01T00:00:00Z","comment":"c",
		"slots":{"main":{"contentmodel":"wikitext","content":"#WEITERLEITUNG [[Ziel_1|x]]"}}}]},
		{"ns":0,"title":"Gone","missing":true},{"title":"<x>","invalid":true,"invalidreason":"no"}]}}`)
	got, err := s.Read(t.Context(), "user:a_b", "Gone", "<x>")
	if err != nil {
		t.Fatal(err)
	}
	a := got["user:a_b"]
	if a.RevID != 9 || a.Title != "User:A b" || a.RedirectTo != "Ziel 1" || a.ReadAt.Hour() != 12 {
		t.Errorf("%+v", a)
	}
	if !got["Gone"].Missing || !got["<x>"].Invalid {
		t.Errorf("%+v", got)
	}
}
