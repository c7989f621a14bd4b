package bot

import (
	"strings"
	"testing"

	"filewarden/bot/gate"
)

// setup publishes, or with gate.DryRun collects what it would.
func (r *rig) setup(mode gate.Mode) (planned []string) {
	r.t.Helper()
	err := r.Setup(r.t.Context(), mode, "Alice", func(p gate.Planned) { planned = append(planned, p.Edit.Title) })
	if err != nil {
		r.t.Fatal(err)
	}
	return planned
}

func (r *rig) revisions() (n int) {
	for _, title := range r.wiki.Titles() {
		n += r.edits(title)
	}
	return n
}

func TestSetupPublishesEveryPageOnce(t *testing.T) {
	r := newRig(t, teller("news"))
	planned := r.setup(gate.DryRun)
	before := r.revisions()
	if again := r.setup(gate.DryRun); len(again) != len(planned) || len(planned) == 0 {
		t.Errorf("shown first %q, then %q: looking must not change what is shown", planned, again)
	}
	if r.revisions() != before {
		t.Error("looking wrote something")
	}
	r.setup(gate.Live)
	for _, title := range planned {
		if r.edits(title) != 1 {
			t.Errorf("%s was shown and has %d edits", title, r.edits(title))
		}
	}
	if text := r.text("User:" + botName + "/Requests/preload"); !strings.Contains(text, "~~<noinclude></noinclude>~~") {
		t.Errorf("a prefilled request would carry the bot's signature: %s", text)
	}
	before = r.revisions()
	if left := r.setup(gate.DryRun); len(left) > 0 {
		t.Errorf("left to publish: %q", left)
	}
	r.setup(gate.Live)
	if n := r.revisions(); n != before {
		t.Errorf("a second setup made %d edits", n-before)
	}
}

func TestSetupLeavesPeoplesPagesAndWordsAlone(t *testing.T) {
	r := newRig(t, teller("news"))
	const mine = "{\n    \"mode\": \"trial\"\n}"
	r.config(mine)
	r.wiki.Edit("Alice", "User:"+botName, "A note by Alice.", "")
	r.setup(gate.Live)
	if got := r.edits(configPage); got != 2 || !strings.Contains(r.text(configPage), "trial") || strings.Contains(r.text(configPage), "tasks") {
		t.Errorf("config.json became %s", r.text(configPage))
	}
	r.mustHave("User:"+botName, "A note by Alice.")
}

// What is published for the community's good is no part of its trial.
func TestSetupNeitherSpendsNorRenewsATrial(t *testing.T) {
	r := newRig(t, teller("news"))
	r.config(`{"mode": "trial", "trialEdits": 1, "notices": {"window": "now"}}`)
	r.wiki.NewSection("Alice", requests, "subscribe", "")
	r.round()
	if err := r.Pass(t.Context(), "news", nil); err != nil {
		t.Fatal(err)
	}
	r.setup(gate.Live)
	if used, err := r.Gate().TrialUsed(); used != 1 || err != nil {
		t.Errorf("used %d of the trial after a setup (%v)", used, err)
	}
	if err := r.Pass(t.Context(), "news", nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(r.text("User talk:Alice"), "news: "); n != 1 {
		t.Errorf("a trial of one edit told %d pieces of news", n)
	}
}

func TestSummariesEndWithTheStopLinkInTheCommunitysLanguage(t *testing.T) {
	r := newRig(t, teller("news"))
	r.config(`{"mode": "live", "language": "de"}`)
	r.round()
	history := r.wiki.History(statusPage)
	if len(history) == 0 || history[0].Comment != "Status aktualisiert ([["+stopPage+"|diesen Bot anhalten]])" {
		t.Errorf("the status page: %+v", history)
	}
}

func TestNothingIsPublishedUnderAStop(t *testing.T) {
	r := newRig(t, teller("news"))
	r.wiki.Edit("Alice", stopPage, "no", "")
	before := r.revisions()
	if err := r.Setup(t.Context(), gate.Live, "", nil); !isStop(err) || r.revisions() != before {
		t.Errorf("under a stop: %v, %d edits", err, r.revisions()-before)
	}
}
