package copyvio

import (
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"
)

func TestUploaderAndPatrollerAreToldOnceOfWhatIsFoundAndDecided(t *testing.T) {
	w := newWorld(t, config(`"action": "none"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.wiki.Patrol("Rob", "File:A.jpg")
	w.pass()
	wantText(t, "Una", w.text("User talk:Una"), "A search found 4 pictures elsewhere, for example at example.net", "your upload [[:File:A.jpg", "Copyvio/Uploader/Una#"+copied)
	wantText(t, "Rob", w.text("User talk:Rob"), "an upload that you patrolled", "!your upload")
	w.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	w.pass()
	wantText(t, "Una", w.text("User talk:Una"), "Rita looked at your upload")
	wantText(t, "Rob", w.text("User talk:Rob"), "Rita looked at [[:File:A.jpg", "!your upload")
	wantText(t, "Rita", w.text("User talk:Rita"), "!A.jpg")
	w.decide("Rita", "Copyvio/All", copied, casebook.Open)
	w.pass()
	wantText(t, "Una", w.text("User talk:Una"), "took back what was decided about your upload")
	wantText(t, "Rob", w.text("User talk:Rob"), "took back what was decided about [[:File:A.jpg", "!your upload")
	before := w.text("User talk:Una") + w.text("User talk:Rob")
	w.pass()
	if w.text("User talk:Una")+w.text("User talk:Rob") != before {
		t.Error("somebody was told twice")
	}
}

func TestPreferencesSayWhoHears(t *testing.T) {
	w := newWorld(t, config(`"action": "none"`))
	w.wiki.Edit("Una", "User:Una/Filewarden.json", `{"copyvio": {"uploads": false}}`, "")
	w.wiki.Edit("Rob", "User:Rob/Filewarden.json", `{"copyvio": {"patrols": false}}`, "")
	w.copied("Una", "A.jpg", 1)
	w.copied("Paul", "B.jpg", 2)
	w.wiki.Patrol("Rob", "File:A.jpg")
	w.pass()
	for user, want := range map[string]string{"Una": "!A.jpg", "Rob": "!A.jpg", "Paul": "B.jpg"} {
		wantText(t, user, w.text("User talk:"+user), want)
	}
}

func TestAPatrolOfAnEarlierUploadIsNotTold(t *testing.T) {
	w := newWorld(t, config(""))
	w.photo("Una", "A.jpg", 5)
	w.wiki.Patrol("Rob", "File:A.jpg")
	w.later(3600e9)
	w.wiki.Delete("Ada", "File:A.jpg", "x")
	w.later(3600e9)
	copied := w.copied("Paul", "A.jpg", 1)
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Patrol != "" {
		t.Errorf("patrolled by %s", c.Patrol)
	}
}

func TestWarningsOnTheTalkPageAreCounted(t *testing.T) {
	w := newWorld(t, config(`"action": "none"`))
	w.wiki.Edit("Rita", "User talk:Una", "== Copyright of File:X.jpg ==\nx\n== Hello ==\ncopyright\n=== Copyvio ===\n", "")
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Person.Warnings != 2 {
		t.Errorf("%+v", c.Person)
	}
	w.reconfigure(`"warnings": "("`)
	w.copied("Una", "B.jpg", 2)
	w.later(3600e9)
	if err := w.bot.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.bot.Pass(t.Context(), Name, nil); err != nil {
		t.Errorf("a broken expression stops the pass: %v", err)
	}
}

func TestNumbersCountDecisionsInForce(t *testing.T) {
	w := newWorld(t, config(`"action": "none"`))
	a, b := w.copied("Una", "A.jpg", 1), w.copied("Una", "B.jpg", 2)
	w.pass()
	w.decide("Rita", "Copyvio/All", a, casebook.Accepted)
	w.later(1800e9)
	w.decide("Rob", "Copyvio/All", b, casebook.Rejected)
	w.pass()
	if s := w.sums(); s.Accepted != 1 || s.Rejected != 1 || s.Reviewers["Rita"] != 1 || s.Providers["google"] != (providerDay{2, 1, 1}) {
		t.Errorf("%+v", s)
	}
	w.wantPage("Copyvio/Statistics", "2 cases were opened: one comes from elsewhere, 1 may stay, 0 wait.")
	w.decide("Rita", "Copyvio/All", a, casebook.Open)
	w.pass()
	w.decide("Ada", "Copyvio/All", b, casebook.Accepted)
	w.pass()
	if s := w.sums(); s.Accepted != 1 || s.Rejected != 0 || s.Reopened != 1 || s.Providers["google"] != (providerDay{2, 1, 0}) {
		t.Errorf("%+v", s)
	}
}

func TestHalfOfTheDecisionsCameWithinTheMedian(t *testing.T) {
	for _, test := range []struct {
		seconds []int64
		want    int64
	}{{nil, 0}, {[]int64{7}, 7}, {[]int64{100, 1}, 1}, {[]int64{9, 1, 5}, 5}, {[]int64{4, 3, 2, 1}, 2}} {
		if d := (&dayRow{Seconds: test.seconds}).median(); int64(d.Seconds()) != test.want {
			t.Errorf("of %v: %v", test.seconds, d)
		}
	}
}

func TestFiguresHaveWords(t *testing.T) {
	w := newWorld(t, config(`"recipe": "nowhere"`))
	w.copied("Una", "A.jpg", 1)
	w.pass()
	account, err := w.bot.AccountOf(Name)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, f := range account.Figures {
		if values[f.Name+" "+f.Of] = f.Value; !w.newPass().words().Has("figure-copyvio-" + f.Name) {
			t.Errorf("the figure %s has no words", f.Name)
		}
	}
	if values["open "] != 1 || values["opened "] != 1 || values["asked Google Cloud Vision"] != 1 || values["units-today Google Cloud Vision"] != 2 || values["waiting "] != 0 {
		t.Errorf("%v", values)
	}
	wantText(t, "remarks", strings.Join(account.Remarks, "\n"), `recipe "nowhere"`)
}

func TestOfACaseOnNoPageNobodyHears(t *testing.T) {
	w := newWorld(t, config(""))
	p := w.newPass()
	for _, state := range []casebook.State{casebook.Withheld, casebook.Unshown} {
		news, err := p.news(t.Context(), casebook.Case{Uploader: "Una", State: state}, told, casebook.Decision{})
		if err != nil || len(news) > 0 {
			t.Errorf("%s: %v, %v", state, news, err)
		}
	}
}
