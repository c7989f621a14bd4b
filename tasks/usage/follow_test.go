package usage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exampleFiles are uploaded as the files that the wish names were: one by many
// uploaders, one overwritten, one overwritten and reverted.
func exampleFiles(w *world) {
	for _, user := range []string{"First", "Second", "Third"} {
		w.upload(user, "Neptune Full.jpg")
	}
	w.upload("First", "John Hewson.jpg")
	w.upload("Second", "John Hewson.jpg")
	w.upload("First", "Lyriothemis acigastra male at Kadavoor.jpg")
	w.upload("Second", "Lyriothemis acigastra male at Kadavoor.jpg")
	w.commons.Revert("Third", "File:Lyriothemis acigastra male at Kadavoor.jpg", 0, "better before")
}

func TestPoliciesOnTheThreeExampleFiles(t *testing.T) {
	const neptune, hewson, dragonfly = "Neptune Full.jpg", "John Hewson.jpg", "Lyriothemis acigastra male at Kadavoor.jpg"
	for policy, want := range map[string]map[string]string{
		original:           {neptune: "First", hewson: "First", dragonfly: "First"},
		originalAndCurrent: {neptune: "First Third", hewson: "First Second", dragonfly: "First Third"},
		allUploaders:       {neptune: "First Second Third", hewson: "First Second", dragonfly: "First Second Third"},
		allButReverters:    {neptune: "First Second Third", hewson: "First Second", dragonfly: "First Second"},
	} {
		for _, optIn := range []bool{true, false} {
			t.Run(fmt.Sprint(policy, optIn), func(t *testing.T) {
				people := map[string]string{"First": "{}", "Second": "{}", "Third": "{}"}
				sets := ""
				if !optIn {
					people, sets = nil, `,"sets":[{"name":"All","files":["File:Neptune Full.jpg","John Hewson.jpg","File:Lyriothemis_acigastra_male_at_Kadavoor.jpg"]}]`
				}
				w := newWorld(t, fmt.Sprintf(`{"mode":"live","notices":{"optIn":%v},"tasks":{"usage":{"recipients":%q%s}}}`, optIn, policy, sets), people)
				exampleFiles(w)
				w.expect()
				w.en.Edit("Bob", "Page", "[[File:Neptune Full.jpg]] [[File:John Hewson.jpg]] [[File:Lyriothemis acigastra male at Kadavoor.jpg]]", "")
				got := map[string]string{}
				for _, e := range w.pass() {
					got[bareName(e.File)] = strings.TrimSpace(got[bareName(e.File)] + " " + e.User)
				}
				for file, users := range got {
					list := strings.Fields(users)
					slices.Sort(list)
					got[file] = strings.Join(list, " ")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestPreferencesDecideWhatIsFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		prefs string
		want  []string
	}{
		"own original only":  {`{"usage":{"own":"original"}}`, []string{"Mine.png"}},
		"own any":            {`{}`, []string{"Mine.png", "Overwritten.png"}},
		"none but a file":    {`{"usage":{"own":"none","follow":{"files":["file:other.png"]}}}`, []string{"Other.png"}},
		"a category":         {`{"usage":{"follow":{"own":false,"categories":["Category:Birds"]}}}`, []string{"Bird.png"}},
		"a gallery":          {`{"usage":{"follow":{"own":false,"galleries":["My gallery"]}}}`, []string{"Linked.png", "Shown.png"}},
		"a file muted":       {`{"usage":{"mute":{"files":["Mine.png"]}}}`, []string{"Overwritten.png"}},
		"a category muted":   {`{"usage":{"follow":{"own":false,"categories":["Birds"]},"mute":{"categories":["Category:Birds"]}}}`, nil},
		"a namespace muted":  {`{"usage":{"mute":{"namespaces":[0]}}}`, nil},
		"a page muted":       {`{"usage":{"mute":{"pages":["all of it"]}}}`, nil},
		"switched off":       {`{"usage":{"enabled":false}}`, nil},
		"nothing at all":     {`{"enabled":false}`, nil},
		"first use only":     {`{"usage":{"when":"first"}}`, []string{"Mine.png", "Overwritten.png"}},
		"milestones":         {`{"usage":{"when":"milestones"}}`, []string{"Mine.png", "Overwritten.png"}},
		"another page muted": {`{"usage":{"mute":{"pages":["Other"]}}}`, []string{"Mine.png", "Overwritten.png"}},
		"subpages muted":     {`{"usage":{"mute":{"pages":["Other/"]}}}`, []string{"Mine.png", "Overwritten.png"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, live, map[string]string{"Alice": c.prefs})
			w.upload("Alice", "Mine.png")
			w.upload("Bob", "Overwritten.png")
			w.upload("Alice", "Overwritten.png")
			for _, file := range []string{"Other.png", "Bird.png", "Linked.png", "Shown.png"} {
				w.upload("Bob", file)
			}
			w.commons.Edit("Bob", "File:Bird.png", "[[Category:Birds]]", "")
			w.commons.Edit("Bob", "My gallery", "[[:File:Linked.png]] [[File:Shown.png]]", "")
			w.expect()
			w.en.Edit("Carol", "All of it", "[[File:Mine.png]] [[File:Overwritten.png]] [[File:Other.png]] [[File:Bird.png]] [[File:Linked.png]] [[File:Shown.png]]", "")
			var got []string
			for _, e := range w.pass() {
				got = append(got, bareName(e.File))
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhoBeginsToFollowHearsOfWhatComesAfter(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}", "Dora": `{"usage":{"own":"none"}}`})
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Bob", "Page 1", "[[File:A.png]]", "")
	w.prefer("Dora", `{"usage":{"own":"none","follow":{"files":["File:A.png"]}}}`)
	w.expect("Alice: A.png on Page 1 by Bob")
	w.en.Edit("Bob", "Page 2", "[[File:A.png]]", "")
	told := strings.Split(lines(w.pass()), "\n")
	slices.Sort(told)
	if diff := cmp.Diff([]string{"Alice: A.png on Page 2 by Bob", "Dora: A.png on Page 2 by Bob"}, told); diff != "" {
		t.Error(diff)
	}
}

func TestSomebodyIsToldOfWhatABotUploadedForThem(t *testing.T) {
	w := newWorld(t, `{"mode":"live","tasks":{"usage":{"credit":[{"uploader":"ImportBot","tell":["Museum"]}]}}}`, map[string]string{"Museum": "{}"})
	w.expect()
	w.upload("ImportBot", "Vase.png")
	w.en.Edit("Bob", "Vases", "[[File:Vase.png]]", "")
	w.expect("Museum: Vase.png on Vases by Bob")
}

func TestMilestonesAreToldOnce(t *testing.T) {
	w := newWorld(t, `{"mode":"live","tasks":{"usage":{"milestones":[2,4]}}}`, map[string]string{"Alice": `{"usage":{"when":"milestones"}}`})
	w.upload("Alice", "A.png")
	w.expect()
	for i, want := range []string{"", "2", "", "4", ""} {
		w.en.Edit("Bob", fmt.Sprint("Page ", i), "[[File:A.png]]", "")
		told := w.pass()
		if (want == "") != (len(told) == 0) || want != "" && told[0].Facts[factMilestone] != want {
			t.Errorf("at %d uses: %+v", i+1, told)
		}
	}
}

func TestHostsAreMutedAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		entry, host string
		want        bool
	}{
		{"de.wikipedia.org", "de.wikipedia.org", true},
		{"DE.wikipedia.org", "de.wikipedia.org", true},
		{"https://de.wikipedia.org/wiki/X", "de.wikipedia.org", true},
		{"*.wikipedia.org", "ar.wikipedia.org", true},
		{"*.wikipedia.org", "evilwikipedia.org", false},
		{"wikipedia.org", "de.wikipedia.org", false},
		{"", "de.wikipedia.org", false},
	} {
		if got := hostMatches(c.entry, c.host); got != c.want {
			t.Errorf("%q mutes %q: %v", c.entry, c.host, got)
		}
	}
}
