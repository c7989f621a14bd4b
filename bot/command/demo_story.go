package command

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"filewarden/bot/gate"
	"filewarden/bot/sandbox"

	"github.com/rs/zerolog"
)

// Names of the demo.
const (
	demoBot    = "Filewarden"
	demoSecret = "demodemodemodemodemodemodemodemo"
)

// demoConfig lets the bot write at once: nobody waits four hours at a demo.
const demoConfig = `{
	"mode": "live",
	"editsPerMinute": 600,
	"sameUsers": "all",
	"notices": { "window": "now", "perDay": 50 },
	"tasks": { "usage": { "enabled": true, "every": "5m", "sets": [ { "name": "Birds", "categories": ["Category:Birds"] } ] },
		"provenance": { "enabled": true, "every": "5m" },
		"copyvio": { "enabled": true, "every": "5m", "wait": "0m", "grace": "0m", "action": "tag", "template": "Copyvio", "providers": { "order": "all" } } }
}`

// demoPreferences of Anna, who photographs birds and looks after a gadget.
const demoPreferences = `{
	"enabled": true,
	"usage": { "when": "every" },
	"provenance": { "gadgets": ["Lightbox"] }
}`

// demoWish of Zoe, who has just begun to upload, is to hear of her files.
const demoWish = `{ "enabled": true }`

// demoFarm are a wiki with files and two that use them.
func demoFarm() *sandbox.Farm {
	return sandbox.NewFarm(
		sandbox.Options{Name: "demowiki", SiteName: "Demo Commons", Language: "en", EchoAPI: true},
		sandbox.Options{Name: "enwiki", SiteName: "Demo Encyclopedia", Language: "en"},
		sandbox.Options{Name: "dewiki", SiteName: "Demo-Enzyklopädie", Language: "de"},
	)
}

// populate makes people, files and pages as they were before the story.
func populate(f *sandbox.Farm) {
	for _, w := range append([]*sandbox.Wiki{f.Repo}, f.Clients...) {
		for _, name := range []string{"Anna", "Ben", "Clara", "Zoe"} {
			w.AddUser(name, "demo")
		}
		w.Promote("Clara", "sysop", "interface-admin")
	}
	repo := f.Repo
	repo.AddUser(demoBot, "demo", "bot")
	repo.BotPassword(demoBot, "demo", demoSecret)
	for i, bird := range demoBirds {
		repo.Upload("Anna", "File:"+bird+".png", demoPicture(i), "My photograph of a "+bird)
		repo.Edit("Anna", "File:"+bird+".png", "A "+bird+", photographed by [[User:Anna|Anna]].\n\n[[Category:Birds]]", "description")
	}
	repo.Edit("Anna", "Category:Birds", "Pictures of birds.", "new category")
	installGadgets(repo)
	repo.Edit("Clara", "Main Page", demoMainPage, "welcome")
	repo.Edit("Anna", "User:Anna/Filewarden.json", demoPreferences, "tell me where my files are used")
	repo.Edit("Zoe", "User:Zoe/Filewarden.json", demoWish, "tell me about my files")
	for _, page := range demoTemplates {
		repo.Edit("Clara", page.title, page.text, "for file pages")
	}
	repo.Edit("Clara", "User:"+demoBot+"/config.json", demoConfig, "let the bot work")
	f.Clients[0].Edit("Ben", "Robin", "The '''robin''' is a small bird.\n\n[[File:Robin at dawn.png|thumb|A robin]]", "new article")
}

const demoMainPage = `Welcome to '''Demo Commons''', a wiki inside the demo of [[User:Filewarden|Filewarden]].

* [[User talk:Anna]]: what the bot told Anna, who photographs birds
* [[User:Filewarden/Status]]: what the bot is doing
* [[User:Filewarden/Usage/Birds]]: a report on the files in [[:Category:Birds]]
* [[User:Filewarden/Provenance]]: code of this wiki that breaks media URLs, such as [[MediaWiki:Gadget-Lightbox.js]]; Clara may mend it
* [[User:Filewarden/Copyvio]]: uploads that may exist elsewhere too; Clara may decide [[User:Filewarden/Copyvio/All|what waits]]
* [[User:Filewarden/config.json]]: what this community decided; Clara is an administrator and may change it
* [[User:Filewarden/Requests]]: what people want from the bot
* [[User:Filewarden/Stop]]: write anything there and the bot edits nothing more`

// demoBirds are Anna's files.
var demoBirds = []string{"Robin at dawn", "Golden-crowned sparrow close-up", "Kingfisher diving"}

// demoPicture draws a bird of sorts: a coloured disc in an evening sky.
func demoPicture(n int) []byte {
	const size = 320
	hues := []color.RGBA{{200, 80, 40, 255}, {220, 180, 60, 255}, {40, 120, 190, 255}}
	img := image.NewRGBA(image.Rect(0, 0, size, size*3/4))
	for y := range size * 3 / 4 {
		for x := range size {
			img.Set(x, y, color.RGBA{uint8(120 + y/3), uint8(150 + x/8), uint8(230 - y/4), 255})
			if dx, dy := x-size/2, y-size*3/8; dx*dx+dy*dy < 70*70 {
				img.Set(x, y, hues[n%len(hues)])
			}
		}
	}
	var out bytes.Buffer
	// Encoding into memory cannot fail.
	_ = png.Encode(&out, img)
	return out.Bytes()
}

// tell plays the story: the bot takes stock, files come into use, the bot tells.
func (s *stage) tell(c *Context) error {
	s.out.say("Three wikis are up. Open %s", s.farm.Repo.PageURL("Main Page"))
	s.out.say("Setting the bot up: its user page, help, requests, schema …")
	if err := s.bot.Setup(c.Ctx, gate.Live, "Clara", nil); err != nil {
		return err
	}
	s.out.newEdits(s.farm.Repo)
	s.out.say("First pass: the bot takes stock of Anna's %d files and tells nobody what it finds.\n  It also reads the wiki's gadgets, and finds code that breaks the addresses of pictures.", len(demoBirds))
	if err := s.scene(c.Ctx, nil); err != nil {
		return err
	}
	s.out.say("Now Ben uses two of Anna's files, in %s and %s articles.\n  The bot finds out where, and who did it.", "English", "German")
	if err := s.scene(c.Ctx, use); err != nil {
		return err
	}
	s.out.say("Clara mends a gadget as the bot's report proposes. The bot sees it.")
	if err := s.scene(c.Ctx, func(f *sandbox.Farm) { mendGadget(f.Repo) }); err != nil {
		return err
	}
	if err := s.tellUploads(c); err != nil {
		return err
	}
	if err := s.bot.Round(c.Ctx); err != nil { // tells Status what the passes did
		return err
	}
	s.out.newEdits(s.farm.Repo)
	s.out.lookHere(s.farm.Repo)
	return nil
}

// scene lets people do something, if they do, and the bot look.
func (s *stage) scene(ctx context.Context, people func(*sandbox.Farm)) error {
	if people != nil {
		people(s.farm)
	}
	if err := s.pass(ctx); err != nil {
		return err
	}
	s.out.newEdits(s.farm.Repo)
	return nil
}

// use lets files come into use on both client wikis.
func use(f *sandbox.Farm) {
	en, de := f.Clients[0], f.Clients[1]
	en.Edit("Ben", "Bird migration", "Birds fly south.\n\n[[File:Golden-crowned sparrow close-up.png|thumb|A sparrow]]", "added a picture")
	de.Edit("Ben", "Eisvogel", "Der '''Eisvogel''' taucht.\n\n[[Datei:Kingfisher diving.png|mini|Beim Tauchen]]", "Bild ergänzt")
	de.Edit("Ben", "Vogelzug", "Vögel ziehen.\n\n[[Datei:Golden-crowned sparrow close-up.png|mini]]", "Bild ergänzt")
	de.Edit("Anna", "Singvögel", "[[Datei:Golden-crowned sparrow close-up.png|mini]]", "mein eigenes Bild: darüber brauche ich keine Nachricht")
}

// narrator prints what happens.
type narrator struct {
	c    *Context
	seen map[string]int64 // newest revision told, by page
	last string           // last refusal told
}

func (n *narrator) say(format string, args ...any) {
	fmt.Fprintf(n.c.Out, "\n"+n.c.bold("▸ ")+format+"\n", args...)
}

// newEdits prints what the bot wrote since it was last asked.
func (n *narrator) newEdits(w *sandbox.Wiki) {
	if n.seen == nil {
		n.seen = map[string]int64{}
	}
	for _, title := range w.Titles() {
		for _, r := range w.History(title) {
			if r.User != demoBot || r.ID <= n.seen[title] {
				continue
			}
			n.seen[title] = r.ID
			fmt.Fprintf(n.c.Out, "  %s wrote %s\n    %s\n    %s\n", demoBot, n.c.bold(title), r.Comment, w.PageURL(title))
			n.last = ""
		}
	}
}

// refused prints once that the bot was kept from writing.
func (n *narrator) refused(r *gate.Refused) {
	if text := r.Error(); text != n.last {
		n.last = text
		fmt.Fprintf(n.c.Out, "  The bot holds back: %s\n", text)
	}
}

func (n *narrator) lookHere(w *sandbox.Wiki) {
	n.say("Where to look:")
	for _, page := range []struct{ title, what string }{
		{"User talk:Anna", "the notice Anna got"},
		{"User:" + demoBot + "/Usage/Birds", "the report on a category"},
		{"User:" + demoBot + "/Provenance", "code that breaks media URLs"},
		{"MediaWiki:Gadget-Lightbox.js", "a gadget that you can mend"},
		{"User:" + demoBot + "/Copyvio/All", "uploads that wait for you"},
		{"User:" + demoBot + "/Status", "what the bot is doing"},
		{"User:" + demoBot + "/config.json", "what the community decides"},
		{"User:" + demoBot + "/Stop", "write here and it stops"},
	} {
		fmt.Fprintf(n.c.Out, "  %-28s %s\n", page.what, w.PageURL(page.title))
	}
}

// demoLevel keeps the demo's output to its story unless asked for more.
func demoLevel(c *Context) zerolog.Level {
	if c.Operator.Verbose {
		return zerolog.DebugLevel
	}
	return zerolog.ErrorLevel
}
