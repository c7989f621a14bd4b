package command

import (
	"strings"

	"filewarden/bot"
	"filewarden/bot/sandbox"
)

// demoTemplates are those that the wiki has on file pages.
var demoTemplates = []struct{ title, text string }{
	{"Template:Copyvio", `<div style="border: 2px solid #b32424; padding: 0.5em; margin: 0.5em 0">'''This file may be deleted.''' {{{1|}}}</div>`},
	{"Template:Information", "* Description: {{{description|}}}\n* Source: {{{source|}}}"},
	{"Template:Self", "The author publishes this file under {{{1}}}."},
}

// rehearse sets up what tasks need beside the wikis: the web that they ask, and
// what happened before the bot came.
func (s *stage) rehearse(tasks []bot.Registration) error {
	s.tasks = map[string]any{}
	for _, t := range tasks {
		if t.Rehearse == nil {
			continue
		}
		props := t.Rehearse()
		if props.Web != nil {
			address, err := s.serve(props.Web, 0)
			if err != nil {
				return err
			}
			s.tasks[t.Task.Name()] = props.Operator(address)
		}
		s.props = append(s.props, props)
	}
	return nil
}

// takeBack uploads what was deleted again, as the bot looks on.
func (s *stage) takeBack(*sandbox.Farm) {
	for _, props := range s.props {
		upload(s.farm.Repo, props.Before)
	}
}

func (s *stage) delete(*sandbox.Farm) {
	for _, props := range s.props {
		for _, u := range props.Before {
			s.farm.Repo.Delete("Clara", "File:"+u.File, u.Deleted)
		}
	}
}

func upload(w *sandbox.Wiki, all []bot.RehearsedUpload) {
	for _, u := range all {
		w.UploadWithText(u.User, "File:"+u.File, u.Data, "my picture", u.Text)
	}
}

// tellUploads plays the last story: pictures that were copied come in, the bot
// finds out, and Clara decides.
func (s *stage) tellUploads(c *Context) error {
	s.out.say("Zoe uploads a picture that Clara deletes at once. The bot remembers how it looked.")
	if err := s.scene(c.Ctx, s.takeBack); err != nil {
		return err
	}
	if err := s.scene(c.Ctx, s.delete); err != nil {
		return err
	}
	s.out.say("More uploads come in. Some exist elsewhere on the web, one is the deleted picture, mirrored.\n  The bot opens a case for each, shows what it knows, and accuses nobody.")
	if err := s.scene(c.Ctx, func(f *sandbox.Farm) {
		for _, props := range s.props {
			upload(f.Repo, props.Uploads)
		}
	}); err != nil {
		return err
	}
	s.out.say("Clara looks at one and finds that it was copied. The bot tags the file in her name and tells Zoe.")
	return s.scene(c.Ctx, func(f *sandbox.Farm) { accept(f.Repo, "Hills in the evening.jpg") })
}

// accept decides a case as a person does: by a word in its section.
func accept(w *sandbox.Wiki, file string) {
	title := "User:" + demoBot + "/Copyvio/All"
	text, _ := w.Text(title)
	head, section, found := strings.Cut(text, file)
	if !found {
		return
	}
	w.Edit("Clara", title, head+file+strings.Replace(section, "status = open", "status = accepted", 1), "the same picture is on the web, and older")
}
