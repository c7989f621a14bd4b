package recipe

import (
	"strings"
	"testing"

	"filewarden/bot/wiki"
	"filewarden/templates"
)

const good = `{"name": "x", "copyvioPattern": "copyvio", "procedures": {"tag": {"steps": [{"page": "<% file %>", "position": "top", "text": "{{x}}"}]}}}`

func TestARecipeThatCannotBeFollowedIsRefused(t *testing.T) {
	if _, err := Parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{`"name": "x"`, `"name": ""`}:   "needs a name",
		{`"copyvio"`, `"("`}:            "copyvioPattern",
		{`"name"`, `"nome": 1, "name"`}: "nome",
		{`"tag":`, `"nominate":`}:       "no procedure tag",
		{`"procedures": {`, `"procedures": {"shout": {"steps": [` + "STEP" + `]}, `}: `"shout" is no procedure`,
		{`"steps": [`, `"needs": "url", "steps": [`}:                                 "needs can be url",
		{`"steps": [`, `"needs": "url", "otherwise": "delayed", "steps": [`}:         "otherwise",
		{`"steps": [`, `"needs": "url", "otherwise": "tag", "steps": [`}:             "otherwise",
		{`"top"`, `"middle"`}:                                                  "middle",
		{`"top"`, `"section"`}:                                                 "heading",
		{`"top"`, `"delete"`}:                                                  "a text, but for a deletion",
		{`"top", "text": "{{x}}"`, `"delete"`}:                                 "only the procedure delete",
		{`"text": "{{x}}"`, `"text": " "`}:                                     "a text, but for a deletion",
		{`<% file %>", "p`, `", "p`}:                                           "needs a page",
		{`<% file %>", "p`, `<% reason %>", "p`}:                               "reason",
		{`{{x}}`, `{{x|<% passwort %>}}`}:                                      "passwort",
		{`{{x}}`, `{{x|<% %>}}`}:                                               "place",
		{`"position"`, `"to": "everybody", "position"`}:                        "everybody",
		{`<% file %>", "p`, `User talk:<% uploader %>", "p`}:                   "is a notice",
		{`<% file %>", "p`, `User talk:<% uploader %>", "to": "uploader", "p`}: "first step must be about the file",
	} {
		source := strings.ReplaceAll(strings.Replace(good, change[0], change[1], 1), "STEP", `{"page": "A", "position": "top", "text": "x"}`)
		if _, err := Parse([]byte(source)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", source, err, want)
		}
	}
}

func TestTheRecipesThatComeAlongArePartOfTheProgram(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"commons", "enwiki", Generic} {
		if _, known := all[name]; !known {
			t.Errorf("there is no recipe %s", name)
		}
	}
}

func TestTheRecipeIsThatOfTheWikiUnlessTheConfigSaysOtherwise(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	commons, other := wiki.Site{WikiID: "commonswiki"}, wiki.Site{WikiID: "x", Server: "https://x.example"}
	byHost := wiki.Site{WikiID: "y", Server: "//en.wikipedia.org"}
	for _, test := range []struct {
		choice         Choice
		site           wiki.Site
		recipe, action string
		err            string
	}{
		{Choice{}, commons, "commons", Tag, ""},
		{Choice{}, byHost, "enwiki", Tag, ""},
		{Choice{}, other, Generic, None, ""},
		{Choice{Action: None}, commons, "commons", None, ""},
		{Choice{Action: Nominate}, commons, "commons", Nominate, ""},
		{Choice{Action: Tag, Template: "Copied"}, other, Generic, Tag, ""},
		{Choice{Recipe: "commons"}, other, "commons", None, ""},
		{Choice{Recipe: "commons", Action: Tag}, other, "commons", Tag, ""},
		{Choice{Recipe: "dewiki"}, commons, "", "", "commons, enwiki, generic"},
		{Choice{Action: Nominate, Template: "Copied"}, other, Generic, None, "delete, tag, none"},
		{Choice{Action: Tag}, other, Generic, None, "needs the name of this wiki's template"},
	} {
		r, action, err := Choose(all, test.choice, test.site)
		if r.Name != test.recipe || action != test.action || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%+v on %s: %s, %s, %v", test.choice, test.site.WikiID, r.Name, action, err)
		}
	}
}

func TestDeletionReasonsThatSpeakOfCopyright(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for recipe, reasons := range map[string]map[string]bool{
		"commons": {
			"[[COM:CSD#F1|Copyright violation]]: https://x.example": true, "Missing permission as of 3 May": true,
			"No source since 2026": true, "[[COM:NETCOPYVIO]]": true, "CSD F10 (personal photos)": false,
			"Duplicate of [[File:X.jpg]]": false, "uploader request": false, "Out of scope": false,
		},
		"enwiki": {
			"[[WP:CSD#F9|F9]]: Unambiguous copyright infringement": true, "F11: No evidence of permission": true,
			"F8: Media file available on Commons": false, "[[WP:CSD#F1|F1]]: redundant": false,
		},
		Generic: {"Urheberrechtsverletzung": true, "侵权": true, "doppelt": false},
	} {
		for reason, want := range reasons {
			if got := all[recipe].CopyvioPattern.MatchString(reason); got != want {
				t.Errorf("%s: %q counts: %v", recipe, reason, got)
			}
		}
	}
}

// FuzzParse holds that no recipe is taken that makes a page of something else
// than a title, and that none brings the program down.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"commons", "enwiki", Generic} {
		source, err := templates.Files().Open("recipes/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		text := make([]byte, 1<<16)
		n, _ := source.Read(text)
		f.Add(text[:n], "File:A.jpg")
	}
	f.Add([]byte(good), evil)
	f.Fuzz(func(t *testing.T, source []byte, title string) {
		r, err := Parse(source)
		if err != nil {
			return
		}
		for _, p := range r.procedures {
			for _, s := range p.steps {
				if page, ok := s.page.Title(map[string]string{"file": title, "uploader": title}); ok && strings.ContainsAny(page, "|{}[]<>#\n") {
					t.Errorf("%q became the page %q", title, page)
				}
			}
		}
	})
}
