package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
	"filewarden/tests/realwiki"
)

// life is a wiki on which pictures are uploaded, found elsewhere, and decided about.
type life struct {
	*watchStage
	una, paul, ida       realwiki.User // who upload, and a reader
	rita, rob, bert, ada realwiki.User // patrollers, one of whom will be blocked, and an admin
	stolen               string        // SHA-1 of a picture that was deleted
	copies               []string      // of those that Una copied: Copy 0.jpg and so on
	mirrored, drawing    string
	ritas                string // that Rita copied
}

// accepted, rejected and open are what people write.
const accepted, rejected, open = casebook.Accepted, casebook.Rejected, casebook.Open

func TestCopyvioFromUploadToTagAndBack(t *testing.T) {
	s := &life{watchStage: newWatchStage(t)}
	s.o.Must("setup", "--yes")
	s.una, s.paul, s.ida = s.member("Una", ""), s.member("Paul", ""), s.member("Ida", "")
	s.rita, s.rob, s.bert = s.member("Rita", "patroller"), s.member("Rob", "patroller"), s.member("Bert", "patroller")
	s.ada = s.member("Ada", "sysop")
	s.o.Preferences("Paul", map[string]any{"copyvio": map[string]any{"uploads": false}})
	s.watch() // takes stock
	for _, part := range []struct {
		claim string
		holds func(*testing.T)
	}{
		{"copies become cases, own pictures do not", s.opens},
		{"pages are whole", s.areWell},
		{"uploader and patroller are told once, by preference", s.tells},
		{"decisions count by right, and pages say why not", s.decides},
		{"what was accepted is tagged once, and its uploader told", s.tags},
		{"another reviewer's finding stands, and there is time to think again", s.thinksAgain},
		{"what was taken back is undone; what comes back is a case anew", s.comesBack},
		{"no picture was paid for twice", s.paidOnce},
		{"a pass without news writes nothing", s.rests},
		{"who asks for a check is answered in place, within limits", s.answers},
		{"match says what is known of files, a list, a category, an uploader", s.matches},
		{"withheld is on no page until it is shown again", s.withholds},
		{"pages are whole to the end", s.areWell},
	} {
		t.Run(part.claim, part.holds)
	}
}

// mirrored is the picture that was deleted, the other way round.
func mirrored() []byte { return picture.JPEG(picture.Mirrored(picture.Photo(1, 640, 480)), 90) }

// opens uploads what one uploads, some of it copied.
func (s *life) opens(t *testing.T) {
	s.stolen = s.upload(s.paul, "Stolen.jpg", photo(1))
	s.watch() // a picture is known from when it is first seen
	s.Delete(s.Admin, "File:Stolen.jpg", "[[COM:L|Copyright violation]], see https://agency.example/")
	for i := range 9 {
		s.copies = append(s.copies, s.copied(s.una, fmt.Sprintf("Copy %d.jpg", i), uint64(10+i)))
	}
	s.ritas = s.copied(s.rita, "By Rita.jpg", 30)
	s.services.Set(shaOf(photo(2)), providertest.None)
	s.services.Set(shaOf(photo(1)), providertest.None)
	own := s.upload(s.una, "Own.jpg", photo(2))
	s.upload(s.una, "Stolen again.jpg", photo(1))
	s.mirrored = s.upload(s.una, "Mirrored.jpg", mirrored())
	s.services.Set(s.mirrored, providertest.None)
	s.services.SetDefault(providertest.MirrorOnly) // of what the wiki renders, nobody knows the bytes before
	s.drawing = s.upload(s.una, "Drawing.svg", picture.SVG(picture.Photo(3, 640, 480)))
	s.Patrol(s.rita, "File:Copy 0.jpg")
	said := s.watch()
	s.services.SetDefault(providertest.None)
	for _, copied := range append(s.copies, s.ritas) {
		s.wants(t, "All", copied, "open", "'''100%''' the same picture: [https://photos.example.net/")
	}
	s.wants(t, "All", s.copies[0], "open", "The upload was patrolled by [[:User:Rita|Rita]]")
	s.wants(t, "All", s.stolen, "open", "'''The same picture was deleted before as [[:File:Stolen.jpg|Stolen.jpg]], by [[:User:Admin|Admin]]", "Copyright violation", "[[File:Stolen again.jpg|250px]]")
	s.wants(t, "All", s.mirrored, "open", "'''Mirrored, the picture is much like [[:File:Stolen.jpg|Stolen.jpg]]")
	s.wants(t, "All", s.drawing, "open", "wikimirror.example", "[[File:Drawing.svg|250px]]")
	all := s.Text(s.cases("All"))
	if strings.Contains(all, own) || strings.Contains(all, "wikimedia.org") {
		t.Errorf("a case that should be none, or a match that says nothing:\n%s\n%s", said, all)
	}
	if n := strings.Count(s.Text(s.cases("Uploader/Una")), "| id ="); n != 11 {
		t.Errorf("Una has %d cases, want 11", n)
	}
	if got := s.rendered("Sandbox", "{{"+s.cases("Count")+"}}"); !strings.Contains(got, "<p>13\n</p>") {
		t.Errorf("the number of open cases is transcluded as %q", got)
	}
}

func (s *life) tells(t *testing.T) {
	told := s.talk("Una")
	if len(told) != 1 || strings.Count(told[0], "\n* ") != 13 || !strings.Contains(told[0], "[[:File:Copy 0.jpg|File:Copy 0.jpg]]: 4 pictures elsewhere, for example at example.net") ||
		strings.Count(told[0], "This is a hint and no accusation") != 1 {
		t.Errorf("Una is told\n%s", s.Text("User talk:Una"))
	}
	s.wantTold("Rita", "[[:File:Copy 0.jpg|File:Copy 0.jpg]], an upload that you patrolled", 1)
	for _, name := range []string{"Paul", "Ida", "Ada"} {
		s.wantTold(name, "File:", 0)
	}
}

// decides lets people with all sorts of rights write on one page.
func (s *life) decides(t *testing.T) {
	c := s.copies
	s.decide(s.rita, "All", c[0], accepted)
	s.decide(s.ida, "All", c[1], rejected)
	s.decide(s.rita, "All", s.ritas, rejected)
	err := s.Anonymous().Write(realwiki.Params{"action": "edit", "title": s.cases("All"), "text": s.with("All", c[2], accepted)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.decide(s.bert, "All", c[3], accepted)
	s.Block("Bert", nil)
	s.decide(s.ada, "All", c[4], rejected)
	s.Undo(s.ada, s.cases("All"), s.decide(s.rob, "All", c[5], accepted))
	s.decide(s.rob, "All", c[6], accepted)
	s.Rollback(s.Admin, s.cases("All"), "Rob")
	s.RevDelete(s.Admin, s.decide(s.rob, "All", c[7], accepted), "user")
	// The wiki takes a revert for none until somebody patrols it, and so does the bot.
	s.Undo(s.ida, s.cases("Uploader/Una"), s.decide(s.rob, "Uploader/Una", s.mirrored, accepted))
	s.decide(s.una, "All", c[8], rejected)
	s.RunJobs() // one of them tags what was reverted
	s.watch()

	s.wants(t, "All", c[0], "accepted", "Decided by [[:User:Rita|Rita]] on ", "The bot did “generic” on ")
	s.wants(t, "All", c[1], "open", "[[:User:Ida|Ida]] wrote “rejected” ([[:Special:Diff/", "It does not count: the account is in none of the groups that decide here")
	s.wants(t, "All", s.ritas, "open", "[[:User:Rita|Rita]] wrote “rejected”", "nobody decides about their own upload")
	s.wants(t, "All", c[2], "open", "wrote “accepted”", "deciding takes a registered account")
	s.wants(t, "All", c[3], "open", "[[:User:Bert|Bert]] wrote “accepted”", "the account is blocked")
	s.wants(t, "All", c[4], "rejected", "Decided by [[:User:Ada|Ada]]")
	for _, i := range []int{5, 6, 7} {
		s.wants(t, "All", c[i], "open")
		if got := s.section("All", c[i]); strings.Contains(got, "Rob") {
			t.Errorf("a reverted or hidden word is told:\n%s", got)
		}
	}
	s.wants(t, "All", c[8], "open", "[[:User:Una|Una]] wrote “rejected”")
	for _, name := range []string{"All", "Uploader/Una"} {
		s.wants(t, name, s.mirrored, "accepted", "Decided by [[:User:Rob|Rob]]")
	}
	log := s.Text(s.cases("Log"))
	for _, want := range []string{"Rita", "Ida", "Bert", "Ada", "the account is blocked"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log of decisions does not say %q:\n%s", want, log)
		}
	}
}

func (s *life) tags(t *testing.T) {
	for file, want := range map[string]int{"Copy 0.jpg": 1, "Mirrored.jpg": 1, "Copy 1.jpg": 0, "Copy 2.jpg": 0, "Copy 3.jpg": 0, "Copy 5.jpg": 0, "Copy 6.jpg": 0, "Copy 7.jpg": 0} {
		if n := s.tagged(file); n != want {
			t.Errorf("File:%s is tagged %d times, want %d:\n%s", file, n, want, s.Text("File:"+file))
		}
	}
	text := s.Text("File:Copy 0.jpg")
	if !strings.Contains(text, "https://photos.example.net/") || !strings.Contains(text, "User:Rita") || !strings.Contains(text, "{{Information|author=Una}}") {
		t.Errorf("File:Copy 0.jpg says\n%s", text)
	}
	if by := s.History("File:Copy 0.jpg")[0]; !strings.Contains(by.Comment, "Rita") {
		t.Errorf("the summary %q does not name the reviewer", by.Comment)
	}
	s.wantTold("Una", "looked at your upload [[:File:Copy 0.jpg|File:Copy 0.jpg]] and found that the picture comes from elsewhere", 1)
	s.wantTold("Una", "looked at your upload [[:File:Copy 4.jpg|File:Copy 4.jpg]] and found nothing against it", 1)
}

func (s *life) thinksAgain(t *testing.T) {
	c := s.copies
	s.o.Config(strings.Replace(watchConfig(""), `"grace": "0m"`, `"grace": "10m"`, 1))
	s.decide(s.rob, "All", c[0], rejected)
	s.decide(s.rob, "All", c[5], accepted)
	s.Delete(s.ada, "File:Mirrored.jpg", "Copyright violation, accepted by Rob")
	s.Delete(s.ada, "File:Copy 6.jpg", "out of focus")
	s.watch()
	s.wants(t, "All", c[0], "accepted", "[[:User:Rob|Rob]] wrote “rejected”", "another reviewer found this; only they or an administrator can change it")
	s.wants(t, "All", c[5], "accepted", "The bot does “generic” from ")
	s.wants(t, "All", s.mirrored, "accepted", "'''The file went on ", "accepted by Rob", "No picture: the file is gone.")
	if got := s.section("All", c[6]) + s.section("Uploader/Una", c[6]); got != "" {
		t.Errorf("a file was deleted that nobody had decided about, and its case still waits:\n%s", got)
	}
	if n := s.tagged("Copy 5.jpg"); n != 0 {
		t.Errorf("it was tagged at once")
	}
}

func (s *life) comesBack(t *testing.T) {
	c := s.copies
	s.decide(s.rob, "All", c[5], open)
	s.decide(s.ada, "All", c[0], open)
	s.upload(s.paul, "Mirrored once more.jpg", mirrored())
	s.upload(s.paul, "Sharper.jpg", photo(16)) // that of Copy 6.jpg, which nobody had decided about
	s.watch()
	s.wants(t, "All", c[5], "open")
	s.wants(t, "All", c[0], "open")
	if n := len(s.History("File:Copy 5.jpg")); n != 1 {
		t.Errorf("the page of a file that was never tagged has %d revisions", n)
	}
	if n := s.tagged("Copy 0.jpg"); n != 0 || len(s.History("File:Copy 0.jpg")) != 3 {
		t.Errorf("the tag was not taken away:\n%s", s.Text("File:Copy 0.jpg"))
	}
	s.wants(t, "All", s.mirrored, "open", "The same picture was found to come from elsewhere before", "Uploaded by [[:User:Paul|Paul]]")
	s.wants(t, "All", c[6], "open", "[[File:Sharper.jpg|250px]]")
	s.wantTold("Una", "took back what was decided about your upload [[:File:Copy 0.jpg|", 1)
	s.wantTold("Paul", "File:", 0)
	s.o.Config(watchConfig(""))
}

func (s *life) paidOnce(t *testing.T) {
	bill := s.services.Billed(providertest.Google)
	for sha1, units := range bill {
		if units != 2 {
			t.Errorf("the picture %s cost %d units, want 2", sha1, units)
		}
	}
	for _, sha1 := range append(s.copies, s.stolen, s.mirrored) {
		if bill[sha1] == 0 {
			t.Errorf("the picture %s was never searched for", sha1)
		}
	}
	if faults := s.services.Faults(); len(faults) > 0 {
		t.Errorf("the services had to refuse: %q", faults)
	}
}

func (s *life) rests(t *testing.T) {
	s.watch()
	before := len(s.edits())
	s.watch()
	if after := s.edits(); len(after) != before {
		t.Errorf("it edited %v", after[:len(after)-before])
	}
}
