package e2e_test

import (
	"fmt"
	"testing"

	"filewarden/tests/realwiki"
)

// Each notice is written in English and in German, and the golden files are
// what the two readers find on their talk pages.
func TestNoticesReadAsTheyShould(t *testing.T) {
	s := newStage(t)
	s.o.Config(`{"mode": "live", "editsPerMinute": 600, "notices": {"window": "now", "perDay": 100},
		"tasks": {"usage": {"busyFile": 12, "deletion": {"templates": ["Template:Delete"], "discussion": "Project:Deletion requests/$1"}}}}`)
	eva := s.o.Register("Eva")
	files := []string{"Red kite.png", "Harbour.png", "Old bridge.png", "Logo.png", "Blurry.png"}
	var titles []string
	for i, f := range files {
		s.Upload(s.Admin, f, realwiki.PNG(i))
		titles = append(titles, "File:"+f)
	}
	german := follows(titles...)
	german["language"] = "de"
	s.subscribe("English", follows(titles...))
	s.subscribe("German", german)
	s.pass()

	for _, scene := range []struct {
		name string
		play func()
	}{
		{"one-page", func() { s.use(eva, "Birds of prey", "Red kite.png") }},
		{"several-pages", func() {
			for _, page := range []string{"Elbe", "Hamburg", "Ports of Germany"} {
				s.use(eva, page, "Harbour.png")
			}
		}},
		{"several-files", func() { s.use(eva, "Sights", "Red kite.png", "Harbour.png", "Old bridge.png") }},
		{"milestone", func() {
			for i := range 8 {
				s.use(eva, fmt.Sprintf("Raptor %d", i), "Red kite.png")
			}
		}},
		{"busy", func() {
			for i := range 20 {
				s.use(eva, fmt.Sprintf("Company %d", i), "Logo.png")
			}
		}},
		{"marked", func() { s.Edit(eva, "File:Old bridge.png", "{{Delete}}", "is it his own work?") }},
		{"nominated", func() {
			s.Edit(eva, "Project:Deletion requests/File:Blurry.png", "It is out of focus. ~~~~", "nominated")
			s.Edit(eva, "File:Blurry.png", "{{Delete}}", "out of focus")
		}},
		{"deleted", func() { s.Delete(s.Admin, "File:Blurry.png", "Out of focus, and there are better ones") }},
	} {
		t.Run(scene.name, func(t *testing.T) {
			before := map[string]int{"English": len(s.talk("English")), "German": len(s.talk("German"))}
			scene.play()
			s.pass()
			for name, lang := range map[string]string{"English": "en", "German": "de"} {
				told := s.talk(name)
				if len(told) != before[name]+1 {
					t.Errorf("%s has %d sections more, want 1", name, len(told)-before[name])
					continue
				}
				golden(t, "notices/"+scene.name+"."+lang+".txt", steady(told[len(told)-1])+"\n")
			}
		})
	}
}
