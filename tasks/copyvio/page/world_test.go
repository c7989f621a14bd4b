package page

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// id is a SHA-1 of its own for each number.
func id(n int) string { return fmt.Sprintf("%040x", n) }

func words(t testing.TB) *templates.Words {
	t.Helper()
	w, err := templates.Load(templates.Folder(""), templates.Folder("copyvio"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func names() templates.CopyvioNames {
	const p = "User:Filewarden/"
	return templates.CopyvioNames{Index: p + "Copyvio", Case: p + "Copyvio/Case", All: p + "Copyvio/All", Checks: p + "Copyvio/Checks", Log: p + "Copyvio/Log",
		Statistics: p + "Copyvio/Statistics", Archive: p + "Copyvio/Archive", Help: p + "Help", Requests: p + "Requests"}
}

func pageOf(cases ...templates.CopyvioCase) templates.CopyvioPage {
	return templates.CopyvioPage{Kind: "all", Number: 1, Of: 2, Next: "User:Filewarden/Copyvio/All/2", Open: 104, Cases: cases, Names: names(),
		Reviewers: []string{"patroller", "filemover"}, Acting: "recipe", Recipe: "Commons, copyvio", Account: "Filewarden", Made: noon}
}

// sample is five cases that have little in common.
func sample() []templates.CopyvioCase {
	day := func(n int) time.Time { return noon.AddDate(0, 0, -n) }
	bridge := casebook.Case{SHA1: id(1), Title: "File:Old bridge at dawn.png", Uploader: "Newcomer", Uploaded: day(3), Opened: day(1), Source: "own work", Licence: "CC BY-SA 4.0",
		Person: casebook.Person{Edits: 3, Registered: day(4), Warnings: 2},
		Matches: []casebook.Match{
			{URL: "https://cdn.stock.example/b/123.jpg", Page: "https://www.stock.example/bridges/123", Title: "Old stone bridge at dawn – royalty free", Percent: 100, Kind: casebook.Full, Provider: "tineye", Crawled: day(2000), Stock: true},
			{URL: "https://spam.example/x.jpg", Page: "https://spam.example/x?y=1", Percent: 98, Kind: casebook.Full, Provider: "google"},
			{URL: "https://www.xn--mller-kva.de/bruecke", Percent: 60, Kind: casebook.Partial, Provider: "google", Crawled: day(1)}},
		Evidence: []casebook.Evidence{{Kind: casebook.Deleted, File: "File:Bridge2.jpg", User: "Admin", Text: "[[COM:CV|Copyright violation]], see https://www.stock.example/", Time: day(300), Opens: true},
			{Kind: casebook.Alike, File: "File:Bridge, mirrored.png", User: "Ann", Time: day(90), Turned: "flipped left-right", Distance: 12}, {Kind: casebook.Metadata, Text: "Copyright: (c) Agency"}}}
	flag := casebook.Case{SHA1: id(2), Title: "File:Flag of Nowhere.svg", Uploader: "Ann", Also: []string{"Bob"}, Uploaded: day(9), Opened: day(7), State: casebook.Accepted, By: "Rita", Decided: day(1), Rev: 4711, Note: "same file as on their site",
		Source: "https://flags.example/nowhere", Person: casebook.Person{Edits: 15321, Registered: day(3000), Groups: []string{"autopatrolled", "filemover"}}, Patrol: "Pat",
		Matches:  []casebook.Match{{URL: "https://flags.example/nowhere.svg", Page: "https://flags.example/nowhere", Percent: 100, Kind: casebook.OnPage, Provider: "google", Excused: "named"}},
		Evidence: []casebook.Evidence{{Kind: casebook.NoLicence}}, Action: casebook.Action{State: casebook.Acted, Recipe: "Commons, copyvio", Ended: day(0), Revs: []int64{4712, 4713}}}
	beach := casebook.Case{SHA1: id(3), Title: "File:Beach.png", Uploader: "Sam", Uploaded: day(5), Opened: day(3), State: casebook.Aside, Base: casebook.Aside, Asked: []string{"Rita"},
		Safety: &casebook.Safety{Adult: 3, Racy: 5}, Person: casebook.Person{Edits: 12, Registered: day(100), Blocked: true},
		Matches: []casebook.Match{{URL: "https://photos.example.org/beach.jpg", Percent: 88, Kind: casebook.Partial, Provider: "yandex"}},
		Last:    &casebook.Decision{To: casebook.Rejected, By: "Sam", Way: casebook.ByPage, Rev: 4700, Verdict: casebook.NotOwn, Time: day(1)}}
	gone := casebook.Case{SHA1: id(4), Title: "File:123456 1234567 12345678 n.jpg", Uploader: "Newcomer", Uploaded: day(6), Opened: day(4), Gone: "per [[Commons:Deletion requests/X]]", GoneAt: day(1),
		Evidence: []casebook.Evidence{{Kind: casebook.Facebook}, {Kind: casebook.SeenAccepted, File: "File:Known.png", Opens: true}}, State: casebook.Accepted, By: "Rita", Decided: day(1), Action: casebook.Action{State: casebook.Failed, Recipe: "Commons, copyvio", Why: "the page is protected"}}
	logo := casebook.Case{SHA1: id(5), Title: "File:شعار.png", Uploader: "مستخدم", Uploaded: day(2), Opened: day(1), NonFree: true, State: casebook.Rejected, By: "Pat", Decided: day(0), Rev: 4720, Licence: "Fair use",
		Matches: []casebook.Match{{URL: "https://brand.example/logo.png", Page: "https://brand.example/", Title: "علامة", Percent: 97, Kind: casebook.Full, Provider: "google"}}}
	around := Around{Refuses: func(host string) bool { return host == "spam.example" }, Provider: providerName}
	var all []templates.CopyvioCase
	for _, c := range []casebook.Case{bridge, flag, beach, gone, logo} {
		all = append(all, View(c, around))
	}
	all[2].Below = ":Own picture, I think. --[[User:Ann|Ann]]"
	return all
}

func providerName(name string) string {
	switch name {
	case "google":
		return "Google Cloud Vision"
	case "tineye":
		return "TinEye"
	}
	return name
}

// wiki is a sandbox with the template page and what cases speak of.
func wiki(t testing.TB, language string) *sandbox.Wiki {
	t.Helper()
	w := sandbox.New(sandbox.Options{Name: "testwiki", SiteName: "Test", Language: "en", Clock: func() time.Time { return noon }})
	l := words(t).In(language)
	w.Edit("Filewarden", names().Case, "<!-- Filewarden: begin case -->\n"+l.CopyvioCaseTemplate("Filewarden", noon)+"<!-- Filewarden: end case -->", "")
	w.Edit("Admin", "Template:Evil", "EVIL", "")
	for i, name := range []string{"Old bridge at dawn.png", "Flag of Nowhere.svg", "Beach.png", "Known.png"} {
		w.Upload("Newcomer", "File:"+name, picture(t, i), "")
	}
	return w
}

// picture is a few colours.
func picture(t testing.TB, n int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 480, 320))
	for y := range 320 {
		for x := range 480 {
			img.Set(x, y, color.RGBA{uint8(x/2 + 40*n), uint8(y * 3 / 4), uint8(120 - 30*n), 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// serve puts a wiki on an address.
func serve(t testing.TB, w *sandbox.Wiki) string {
	t.Helper()
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	w.SetServer(s.URL)
	return strings.TrimSuffix(s.URL, "/")
}
