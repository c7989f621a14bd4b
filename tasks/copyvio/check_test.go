package copyvio

import (
	"fmt"
	"strings"
	"testing"

	"filewarden/bot/report"
	"filewarden/bot/sandbox"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
)

// ask hands a request to the task, as the bot does.
func (w *world) ask(user, id, heading, body string) string {
	w.t.Helper()
	env, err := w.bot.Env(Name)
	if err != nil {
		w.t.Fatal(err)
	}
	a, ok, err := w.task.Requests[0](w.t.Context(), env, report.Request{ID: id, User: user, Heading: heading, Body: body})
	if err != nil || !ok {
		w.t.Fatalf("%s: %v, %v", heading, ok, err)
	}
	return a.Text
}

func TestWhatIsAskedForIsUnderstood(t *testing.T) {
	w := newWorld(t, config(""))
	p := w.newPass()
	for heading, want := range map[string]string{
		"check File:A.jpg": "File:A.jpg", "Check: file:a b.jpg": "File:A b.jpg", "please check [[:File:A.jpg]]": "File:A.jpg",
		"Check this file: [[File:A.jpg|thumb|x]]": "File:A.jpg", "check Image:A.jpg": "File:A.jpg", "check files": "", "check": "",
		"check [[File:A.jpg]] and [[File:B.jpg]]": "File:A.jpg File:B.jpg", "check User:Una": "",
	} {
		if got, ok := p.wanted(report.Request{Heading: heading}); !ok || strings.Join(got, " ") != want {
			t.Errorf("%q asks for %q, want %q (%v)", heading, got, want, ok)
		}
	}
	if got, _ := p.wanted(report.Request{Heading: "Check these files", Body: "[[File:A.jpg]], [[:File:B.jpg]] and [[User:Una]] --~~~~"}); len(got) != 2 {
		t.Errorf("in the text: %q", got)
	}
	for _, heading := range []string{"checking", "mute File:Check.jpg", "uncheck File:A.jpg", "", "audit this: check"} {
		if _, ok := p.wanted(report.Request{Heading: heading}); ok {
			t.Errorf("%q is taken for a check", heading)
		}
	}
}

func TestACheckIsAnsweredInPlaceAndDoesNotWait(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.photo("Una", "B.jpg", 2)
	w.wiki.NewSection("Paul", "User:FileBot/Requests", "check File:A.jpg", "~~~~")
	w.wiki.NewSection("Paul", "User:FileBot/Requests", "check File:B.jpg", "~~~~")
	w.wiki.NewSection("Paul", "User:FileBot/Requests", "check File:Nowhere.jpg", "~~~~")
	w.pass()
	c := w.mustCase(copied, casebook.Open)
	if len(c.Asked) != 1 || c.Asked[0] != "Paul" {
		t.Errorf("asked by %v", c.Asked)
	}
	w.wantPage("Requests", "4 possible matches", "I looked for [[:File:B.jpg", "There is no file [[:File:Nowhere.jpg")
	w.wantPage("Copyvio/Checks", copied)
	w.pass()
	w.pass()
	if i := w.imageOf(copied); w.billed(copied) != 2 || len(i.Uploads) != 1 || i.Uploads[0].Log == 0 || i.Wanted() {
		t.Errorf("%d units, %+v", w.billed(copied), i)
	}
}

func TestAnswersSayWhatIsKnown(t *testing.T) {
	w := newWorld(t, config(`"withhold": ["secret.example"]`))
	w.copied("Una", "A.jpg", 1)
	w.upload("Una", "Sound.jpg", []byte("not a picture at all"))
	w.photo("Una", "Fine.jpg", 2)
	w.pass()
	w.decide("Rita", "Copyvio/All", shaOf(photo(1)), casebook.Rejected)
	w.pass()
	w.services.Set(shaOf(photo(3)), providertest.Broken)
	w.photo("Una", "Later.jpg", 3)
	w.services.Set(shaOf(photo(4)), providertest.Lost)
	w.photo("Una", "Lost.jpg", 4)
	for n, test := range []struct{ file, want string }{
		{"A.jpg", "was looked at before: may stay"}, {"Sound.jpg", "is no picture"}, {"Fine.jpg", "found nothing. That is a good sign"},
		{"Later.jpg", "I cannot look for [[:File:Later.jpg"}, {"Lost.jpg", "I could not ask everywhere"},
	} {
		wantText(t, test.file, w.ask("Ada", fmt.Sprint(n), "check File:"+test.file, ""), test.want)
	}
	wantText(t, "no name", w.ask("Ada", "x", "check the file", ""), "Which file?")
}

func TestWithoutAServiceNothingFoundIsCalledLittle(t *testing.T) {
	w := newWorld(t, config(`"providers": {"services": {"google": {"uploads": true, "checks": false, "perDay": 100, "perMonth": 1000}}}`))
	w.copied("Una", "A.jpg", 1)
	wantText(t, "answer", w.ask("Paul", "1", "check File:A.jpg", ""), "I could not ask everywhere")
	if w.services.Requests(providertest.Google) != 0 {
		t.Error("a service was asked that is not for checks")
	}
}

func TestChecksAreLimitedByUserAndDay(t *testing.T) {
	w := newWorld(t, config(`"checksByUser": 2, "checksPerDay": 4`))
	for n := range 6 {
		w.photo("Una", fmt.Sprintf("%d.jpg", n), uint64(n))
	}
	check := func(user string, n int) string {
		return w.ask(user, fmt.Sprintf("%s%d", user, n), fmt.Sprintf("check File:%d.jpg", n), "")
	}
	wantText(t, "1", check("Paul", 0), "found nothing")
	wantText(t, "2", check("Paul", 1), "found nothing")
	wantText(t, "again", check("Paul", 1), "found nothing") // the same request, answered anew
	wantText(t, "3", check("Paul", 2), "2 files a day for each person")
	wantText(t, "reviewer", check("Rita", 3), "found nothing")
	wantText(t, "reviewer", check("Rita", 4), "found nothing")
	wantText(t, "all", check("Rita", 5), "4 files a day, and today’s are used up")
	w.later(24 * 3600e9)
	wantText(t, "tomorrow", check("Paul", 5), "found nothing")
	w.reconfigure(`"checksPerDay": 0`)
	w.pass()
	wantText(t, "off", check("Rita", 2), "On this wiki I do not search on request")
}

func TestARequestForTooManyFilesSaysSo(t *testing.T) {
	w := newWorld(t, config(`"checksByUser": 20`))
	var links []string
	for n := range maxFiles + 2 {
		links = append(links, fmt.Sprintf("[[:File:%d.jpg]]", n))
	}
	w.wiki.NewSection("Paul", "User:FileBot/Requests", "check these files", strings.Join(links, " "))
	w.pass()
	if text := w.text("User:FileBot/Requests"); !strings.Contains(text, "at most 10 files") || !strings.Contains(text, "no file [[:File:9.jpg") {
		t.Errorf("%s", text)
	}
}

func TestARequestForManyFilesCountsEach(t *testing.T) {
	w := newWorld(t, config(`"checksByUser": 3`))
	text := ""
	for n := range 4 {
		w.photo("Una", fmt.Sprintf("%d.jpg", n), uint64(n))
		text += fmt.Sprintf("[[:File:%d.jpg]] ", n)
	}
	wantText(t, "four", w.ask("Paul", "1", "check these", text), "3 files a day")
	wantText(t, "three", w.ask("Paul", "2", "check these", strings.Replace(text, "[[:File:3.jpg]]", "", 1)), "* I looked for [[:File:2.jpg")
}

func TestACheckDuringAPassIsTakenUpByTheNext(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	task := w.task.Task.(*Task)
	task.working.Lock()
	answer := w.ask("Paul", "1", "check File:A.jpg", "")
	task.working.Unlock()
	wantText(t, "answer", answer, "I will look for [[:File:A.jpg", "Copyvio/Checks")
	w.pass()
	w.mustCase(copied, casebook.Open)
	w.wantPage("Copyvio/Checks", copied)
}

// Who asks while the image is searched is not forgotten when the search ends.
func TestAWishThatComesDuringASearchIsKept(t *testing.T) {
	w := newWorld(t, config(""))
	w.photo("Una", "A.jpg", 1)
	w.pass()
	was := w.imageOf(shaOf(photo(1)))
	p := w.newPass()
	if _, err := p.enter(t.Context(), []string{"File:A.jpg"}, casebook.Ask{User: "Paul", Request: "1", Time: w.now()}); err != nil {
		t.Fatal(err)
	}
	next := was
	end(&next, casebook.Done, "")
	if err := p.putImage(was, next); err != nil {
		t.Fatal(err)
	}
	if i := w.imageOf(was.SHA1); !i.Wanted() || i.Due.IsZero() {
		t.Errorf("%+v", i)
	}
}

func TestACheckFollowsARedirectAndFindsOlderFiles(t *testing.T) {
	w := unstarted(t, config(""), sandbox.Options{})
	copied := w.copied("Una", "X.jpg", 1)
	w.wiki.Move("Ada", "File:X.jpg", "File:Y.jpg", "a better name")
	w.pass()
	wantText(t, "answer", w.ask("Paul", "1", "check File:X.jpg", ""), "possible matches")
	if c := w.mustCase(copied, casebook.Open); c.Title != "File:Y.jpg" || c.Uploader != "Una" {
		t.Errorf("%+v", c)
	}
}

func TestAnotherFileOfAContentThatWentIsFound(t *testing.T) {
	w := unstarted(t, config(""), sandbox.Options{})
	copied := w.copied("Una", "Old.jpg", 1)
	w.pass()
	w.copied("Paul", "New.jpg", 1)
	w.pass()
	w.wiki.Delete("Ada", "File:New.jpg", "a duplicate")
	w.pass()
	w.mustCase(copied, casebook.Unshown)
	wantText(t, "answer", w.ask("Rob", "1", "check File:Old.jpg", ""), "possible matches")
	if c := w.mustCase(copied, casebook.Open); c.Title != "File:Old.jpg" {
		t.Errorf("%+v", c)
	}
}

func TestAFileOfASharedRepositoryIsNoneOfThisWiki(t *testing.T) {
	var farm *sandbox.Farm
	w := unstartedOn(t, config(""), sandbox.Options{}, func(o sandbox.Options) *sandbox.Wiki {
		farm = sandbox.NewFarm(sandbox.Options{Name: "commonswiki", Server: "http://127.0.0.1:1", Clock: o.Clock}, o)
		return farm.Clients[0]
	})
	farm.Repo.Upload("Una", "Shared.jpg", photo(1), "x")
	w.wiki.Edit("Ada", "File:Shared.jpg", "a local description", "")
	w.pass()
	wantText(t, "answer", w.ask("Paul", "1", "check File:Shared.jpg", ""), "There is no file [[:File:Shared.jpg")
}
