package e2e_test

import (
	"net/url"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

// channels prepares one subscriber for each channel, with a file each that is
// then used on one page.
func channels(t *testing.T, opts ...realwiki.Option) (s *stage, people map[string]realwiki.User) {
	s = newStage(t, opts...)
	s.o.Must("setup", "--yes")
	people = map[string]realwiki.User{}
	for _, channel := range []string{"talk", "mention", "echo", "email"} {
		u := s.AddUser("Reader of " + channel)
		people[channel] = u
		if channel == "talk" {
			s.EditWith(u, realwiki.Params{"title": s.o.Page("Requests"), "section": "new", "sectiontitle": "subscribe", "text": "Please. ~~~~"})
		} else {
			s.o.Preferences(u.Name, map[string]any{"channel": channel})
		}
	}
	s.pass()
	for channel, u := range people {
		s.Upload(u, "For "+channel+".png", realwiki.PNG(len(channel)))
	}
	s.pass()
	s.use(s.Admin, "Gallery", "For talk.png", "For mention.png", "For echo.png", "For email.png")
	s.pass()
	return s, people
}

func TestASubscriberHearsOfAUseOnTheChannelOfTheirChoice(t *testing.T) {
	s, people := channels(t)
	t.Run("a request is answered in its place", func(t *testing.T) {
		page := s.Text(s.o.Page("Requests"))
		if !strings.Contains(page, "From now on you hear from me") {
			t.Errorf("Requests says\n%s", page)
		}
	})
	t.Run("talk: the notification leads to the section", func(t *testing.T) {
		told := s.talk("Reader of talk")
		if len(told) != 1 || !strings.Contains(told[0], "Gallery") {
			t.Fatalf("the talk page says\n%s", strings.Join(told, "\n"))
		}
		s.wantNotification(t, people["talk"], "edit-user-talk", "User talk:Reader of talk", title(told[0]))
	})
	t.Run("mention: the ping leads to the section", func(t *testing.T) {
		told := s.notices()
		if len(told) != 1 || !strings.Contains(told[0], "Gallery") || !strings.Contains(told[0], "Reader of mention") {
			t.Fatalf("the page of notices says\n%s", strings.Join(told, "\n"))
		}
		s.wantNotification(t, people["mention"], "mention", s.noticesPage(), title(told[0]))
		if s.Text("User talk:Reader of mention") != "" {
			t.Error("the talk page was written to as well")
		}
	})
	t.Run("echo: a notification with its page", func(t *testing.T) {
		n := s.notification(t, people["echo"], "api-notice")
		if n.Section != "message" || n.Title != "Gallery" || !strings.Contains(n.Header, "For echo.png was used") || !strings.Contains(n.Body, "For echo.png") {
			t.Errorf("the notification is %+v", n)
		}
		golden(t, "notices/echo.en.txt", steady(n.Header+"\n\n"+n.Body+"\n"))
	})
	t.Run("email: a mail with the ways out", func(t *testing.T) {
		mail := s.mailTo(t, people["email"])
		if !strings.Contains(mail.Text, "Gallery") || !strings.Contains(mail.Text, "For email.png") || !strings.Contains(mail.Text, "mute") {
			t.Errorf("the mail is %+v", mail)
		}
		golden(t, "notices/email.en.txt", steady(mail.Subject+"\n\n"+mail.Text+"\n"))
	})
	t.Run("nobody hears of it again", func(t *testing.T) {
		mails := len(s.Mails())
		s.pass()
		for channel, u := range people {
			if n := len(s.talk(u.Name)); channel == "talk" && n != 1 || channel != "talk" && n != 0 {
				t.Errorf("%s has %d sections on their talk page", u.Name, n)
			}
		}
		if n := len(s.notices()); n != 1 {
			t.Errorf("%d pings", n)
		}
		if n := len(s.Mails()); n != mails {
			t.Errorf("%d mails more", n-mails)
		}
	})
}

func TestWithDiscussionToolsTheNotificationLeadsToTheComment(t *testing.T) {
	s, people := channels(t, realwiki.DiscussionTools())
	n := s.notification(t, people["talk"], "edit-user-talk")
	if !strings.Contains(n.URL, "#c-"+account+"-") {
		t.Errorf("the notification leads to %s", n.URL)
	}
	// The page of pings is no talk page, so it keeps its sections.
	s.wantNotification(t, people["mention"], "mention", s.noticesPage(), title(s.notices()[0]))
}

// noticesPage is the page of pings of this month.
func (s *stage) noticesPage() string {
	s.t.Helper()
	pages := s.pagesBeneath(s.o.Page("Notices/"))
	if len(pages) != 1 {
		s.t.Fatalf("pages of notices: %v", pages)
	}
	return pages[0]
}

// pagesBeneath lists the pages whose titles begin so.
func (s *stage) pagesBeneath(prefix string) (titles []string) {
	s.t.Helper()
	var answer struct {
		Query struct{ AllPages []struct{ Title string } }
	}
	_, name, _ := strings.Cut(prefix, ":")
	if err := s.Client(s.Admin).Get(realwiki.Params{"action": "query", "list": "allpages", "apnamespace": "2", "apprefix": name, "aplimit": "max"}, &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range answer.Query.AllPages {
		titles = append(titles, p.Title)
	}
	return titles
}

// notification finds the one of a type that the bot caused.
func (s *stage) notification(t *testing.T, u realwiki.User, kind string) realwiki.Notification {
	t.Helper()
	var found []realwiki.Notification
	for _, n := range s.Notifications(u) {
		if n.Type == kind && n.Agent == account {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d notifications %s: %+v", u.Name, len(found), kind, s.Notifications(u))
	}
	return found[0]
}

// wantNotification checks that it names the section and leads to it.
func (s *stage) wantNotification(t *testing.T, u realwiki.User, kind, page, section string) {
	t.Helper()
	n := s.notification(t, u, kind)
	address, err := url.Parse(n.URL)
	if err != nil {
		t.Fatal(err)
	}
	if n.Title != page || address.Fragment != anchor(section) {
		t.Errorf("the notification leads to %s (%s), want #%s of %s", n.URL, n.Title, anchor(section), page)
	}
	// Echo shows the first 50 characters of a section's name.
	if shown := section[:min(len(section), 40)]; !strings.Contains(n.Header, shown) {
		t.Errorf("its header is %q, which does not name %q", n.Header, section)
	}
	html := s.rendered(page, s.Text(page))
	if !strings.Contains(html, `id="`+strings.ReplaceAll(anchor(section), `"`, "&quot;")+`"`) {
		t.Errorf("the page has no section with the id %s", anchor(section))
	}
}

// mailTo finds the only mail to a user.
func (s *stage) mailTo(t *testing.T, u realwiki.User) realwiki.Mail {
	t.Helper()
	var found []realwiki.Mail
	for _, m := range s.Mails() {
		if strings.Contains(m.Text, "sent by "+account+" to "+u.Name) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d mails to %s: %+v", len(found), u.Name, s.Mails())
	}
	return found[0]
}
