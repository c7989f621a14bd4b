package e2e_test

import (
	"errors"
	"testing"
	"time"

	"filewarden/tests/realwiki"
)

// The files are those of the wish that the task answers: one with many
// uploaders, one that was overwritten, one that was reverted.
func TestWhoIsToldOfAFileWithSeveralVersionsIsTheCommunitysChoice(t *testing.T) {
	const many, overwritten, reverted = "Neptune Full.png", "John Hewson.png", "Lyriothemis acigastra male at Kadavoor.png"
	for recipients, want := range map[string]map[string][]string{
		"original":           {many: {"First"}, overwritten: {"First"}, reverted: {"First"}},
		"originalAndCurrent": {many: {"First", "Third"}, overwritten: {"First", "Second"}, reverted: {"First", "Third"}},
		"all":                {many: {"First", "Second", "Third"}, overwritten: {"First", "Second"}, reverted: {"First", "Second", "Third"}},
		"allButReverters":    {many: {"First", "Second", "Third"}, overwritten: {"First", "Second"}, reverted: {"First", "Second"}},
	} {
		t.Run(recipients, func(t *testing.T) {
			s := newStage(t)
			s.o.Config(`{"mode": "live", "editsPerMinute": 600, "notices": {"window": "now", "perDay": 100},
				"tasks": {"usage": {"recipients": "` + recipients + `"}}}`)
			people := map[string]realwiki.User{}
			for _, name := range []string{"First", "Second", "Third"} {
				people[name] = s.subscribe(name, map[string]any{})
			}
			upload := func(file string, versions ...string) {
				for i := 0; i < len(versions); i += 2 {
					s.overwrite(people[versions[i]], file, realwiki.PNG(int(versions[i+1][0])+len(file)))
				}
			}
			upload(many, "First", "a", "Second", "b", "Third", "c")
			upload(overwritten, "First", "a", "Second", "b")
			upload(reverted, "First", "a", "Second", "b", "Third", "a")
			s.pass()
			for _, file := range []string{many, overwritten, reverted} {
				s.use(s.Admin, "About "+file, file)
			}
			s.pass()
			for file, told := range want {
				for name := range people {
					n := 0
					for _, one := range told {
						if one == name {
							n = 1
						}
					}
					s.wantTold(name, "About "+file, n)
				}
			}
		})
	}
}

// overwrite uploads a version of a file. MediaWiki archives versions by the
// second and refuses a third one within it.
func (s *stage) overwrite(as realwiki.User, file string, content []byte) {
	s.t.Helper()
	var refused *realwiki.APIError
	for {
		err := s.Client(as).Upload(file, content, "", "a version")
		if !errors.As(err, &refused) || refused.Code != "backend-fail-alreadyexists" {
			if err != nil {
				s.t.Fatalf("%s uploading %s: %v", as.Name, file, err)
			}
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func TestNobodyIsToldOfTheirOwnEdit(t *testing.T) {
	s := newStage(t)
	alice := s.subscribe("Alice", follows("File:Of Alice.png"))
	s.subscribe("Berta", follows("File:Of Alice.png"))
	s.Upload(alice, "Of Alice.png", realwiki.PNG(1))
	s.pass()
	s.use(alice, "By Alice herself", "Of Alice.png")
	s.use(s.Admin, "By somebody else", "Of Alice.png")
	s.pass()
	s.wantTold("Alice", "By Alice herself", 0)
	s.wantTold("Alice", "By somebody else", 1)
	s.wantTold("Berta", "By Alice herself", 1)
}

func TestWhatWasMovedOrCameBackIsNoNews(t *testing.T) {
	s := newStage(t)
	s.subscribe("Alice", follows("File:Old name.png"))
	s.Upload(s.Admin, "Old name.png", realwiki.PNG(1))
	s.use(s.Admin, "A page", "Old name.png")
	s.use(s.Admin, "B page", "Old name.png")
	s.pass()

	s.Move(s.Admin, "A page", "A page elsewhere", true)
	s.Edit(s.Admin, "B page", "The picture is gone.", "removed")
	s.pass()
	s.use(s.Admin, "B page", "Old name.png")
	s.pass()
	s.Delete(s.Admin, "B page", "a test")
	s.pass()
	s.Undelete(s.Admin, "B page")
	s.RunJobs()
	s.pass()
	s.Move(s.Admin, "File:Old name.png", "File:New name.png", true)
	s.RunJobs()
	s.pass()
	s.use(s.Admin, "B page", "New name.png")
	s.RunJobs()
	s.pass()
	if told := s.talk("Alice"); len(told) != 0 {
		t.Fatalf("Alice was told of no news:\n%s", told)
	}
	s.use(s.Admin, "C page", "New name.png")
	s.use(s.Admin, "D page", "Old name.png")
	s.pass()
	s.wantTold("Alice", "C page", 1)
	s.wantTold("Alice", "and one other page", 1)
}

func TestAUseThroughATemplateIsOneLineThatNamesIt(t *testing.T) {
	s := newStage(t)
	eva := s.o.Register("Eva")
	s.subscribe("Alice", follows("File:Flag.png"))
	s.Upload(s.Admin, "Flag.png", realwiki.PNG(1))
	s.Edit(eva, "Template:Infobox", "nothing yet", "")
	for _, page := range []string{"North", "South", "West"} {
		s.Edit(s.Admin, page, "{{Infobox}}", "")
	}
	s.RunJobs()
	s.pass()
	s.Edit(eva, "Template:Infobox", "[[File:Flag.png]]", "a flag")
	s.RunJobs()
	s.pass()
	s.pass()
	told := s.talk("Alice")
	if len(told) != 1 {
		t.Fatalf("Alice has %d sections: %s", len(told), told)
	}
	golden(t, "notices/template.en.txt", steady(told[0])+"\n")
}
