package realwiki_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

func TestWikiIs143WithEcho(t *testing.T) {
	w := realwiki.Start(t)
	var answer struct {
		Query struct {
			General    struct{ Generator, WikiID, Server string }
			Extensions []struct{ Name string }
		}
	}
	p := realwiki.Params{"action": "query", "meta": "siteinfo", "siprop": "general|extensions"}
	if err := w.Anonymous().Get(p, &answer); err != nil {
		t.Fatal(err)
	}
	if got := answer.Query.General.Generator; !strings.HasPrefix(got, "MediaWiki 1.43.") {
		t.Errorf("the wiki is %s", got)
	}
	if got := answer.Query.General.Server; got != w.URL {
		t.Errorf("the wiki calls itself %s, it is at %s", got, w.URL)
	}
	for _, one := range answer.Query.Extensions {
		if one.Name == "Echo" {
			return
		}
	}
	t.Errorf("no Echo among %v", answer.Query.Extensions)
}

func TestBotPasswordEdits(t *testing.T) {
	w := realwiki.Start(t)
	bot := w.AddUser("Bot O'Brien", "bot")
	c := w.BotClient(bot)
	err := c.Write(realwiki.Params{"action": "edit", "title": "Talk:Größe & co", "text": "one", "bot": "1",
		"assert": "bot", "assertuser": bot.Name, "summary": "by bot password"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	history := w.History("Talk:Größe & co")
	if len(history) != 1 || history[0].User != bot.Name || history[0].Text() != "one" || history[0].Comment != "by bot password" {
		t.Errorf("history is %+v", history)
	}
}

func TestGrantsLimitABotPassword(t *testing.T) {
	w := realwiki.Start(t)
	c := w.BotClient(w.AddUserWithGrants("Reader", []string{"basic"}, "bot"))
	err := c.Write(realwiki.Params{"action": "edit", "title": "A", "text": "x"}, nil)
	var refused *realwiki.APIError
	if !errors.As(err, &refused) || refused.Code != "permissiondenied" {
		t.Errorf("editing without the grant gave %v", err)
	}
}

func TestMentionNotifies(t *testing.T) {
	w := realwiki.Start(t)
	alice, bot := w.AddUser("Alice"), w.AddUser("NoticeBot", "bot")
	w.EditWith(bot, realwiki.Params{"title": "User:NoticeBot/Notices", "section": "new", "sectiontitle": "Used",
		"summary": "one", "text": "[[:User:Alice|Alice]]: your file is used ~~~~"})
	got := w.Notifications(alice)
	if len(got) == 0 || got[0].Type != "mention" || got[0].Agent != "NoticeBot" || !strings.Contains(got[0].URL, "#Used") {
		t.Errorf("Alice's notifications are %+v", got)
	}
}

func TestEchoCreateEventNotifies(t *testing.T) {
	w := realwiki.Start(t)
	alice, bot := w.AddUser("Alice"), w.AddUser("NoticeBot", "bot")
	w.Upload(alice, "A b.png", realwiki.PNG(1))
	call := func() error {
		return w.BotClient(bot).Write(realwiki.Params{"action": "echocreateevent", "user": "Alice",
			"header": "Your file was used", "content": "On one page.", "page": "File:A b.png", "section": "notice"}, nil)
	}
	if err := call(); err != nil {
		t.Fatal(err)
	}
	got := w.Notifications(alice)
	if len(got) == 0 || got[0].Type != "api-notice" || got[0].Title != "File:A b.png" || !strings.Contains(got[0].Header, "Your file was used") {
		t.Errorf("Alice's notifications are %+v", got)
	}

	w.Settings("$wgEchoEnableApiEvents = false;")
	var refused *realwiki.APIError
	if err := call(); !errors.As(err, &refused) || refused.Code != "moduledisabled" {
		t.Errorf("with the switch off it says %v", err)
	}
}

func TestTalkSectionNotifiesTheOwner(t *testing.T) {
	for name, opts := range map[string][]realwiki.Option{
		"Echo alone": nil, "with DiscussionTools": {realwiki.DiscussionTools()},
	} {
		t.Run(name, func(t *testing.T) {
			w := realwiki.Start(t, opts...)
			alice, bot := w.AddUser("Alice"), w.AddUser("NoticeBot", "bot")
			w.EditWith(bot, realwiki.Params{"title": "User talk:Alice", "section": "new", "bot": "1",
				"sectiontitle": "A file of yours", "summary": "one", "text": "It is used. ~~~~"})
			got := w.Notifications(alice)
			if len(got) == 0 || got[0].Type != "edit-user-talk" || got[0].Section != "alert" {
				t.Fatalf("Alice's notifications are %+v", got)
			}
			if !strings.Contains(got[0].URL, "#") {
				t.Errorf("the notification leads to %s and not to the section", got[0].URL)
			}
		})
	}
}

func TestEmailIsCaptured(t *testing.T) {
	w := realwiki.Start(t)
	alice, bot := w.AddUser("Alice"), w.AddUser("NoticeBot", "bot")
	send := func() error {
		return w.Client(bot).Write(realwiki.Params{"action": "emailuser", "target": "Alice", "subject": "Größe", "text": "Used."}, nil)
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	got := w.Mails()
	if len(got) != 1 || got[0].Subject != "Größe" || !strings.Contains(got[0].Text, "Used.") || got[0].To[0] != alice.Email {
		t.Errorf("the wiki sent %+v", got)
	}
	w.Settings("$wgEnableEmail = $wgEnableUserEmail = false;")
	if err := send(); err == nil {
		t.Error("a wiki without mail took a mail")
	}
}

func TestFileUsageIsKnownAtOnceAndThroughATemplateAfterJobs(t *testing.T) {
	w := realwiki.Start(t)
	alice := w.AddUser("Alice")
	w.Upload(alice, "A.png", realwiki.PNG(1))
	w.Edit(alice, "Template:Flag", "nothing yet", "")
	w.Edit(alice, "One", "{{Flag}}", "")
	w.Edit(alice, "Two", "[[File:A.png]]", "")
	if got := usage(t, w, "File:A.png"); got != "Two" {
		t.Errorf("used on %s", got)
	}
	w.Edit(alice, "Template:Flag", "[[File:A.png]]", "")
	w.RunJobs()
	if got := usage(t, w, "File:A.png"); got != "One, Template:Flag, Two" {
		t.Errorf("used on %s", got)
	}
}

func TestFarmSharesFiles(t *testing.T) {
	f := realwiki.StartFarm(t)
	uploader, editor := f.Commons.AddUser("Alice"), f.English.AddUser("Eve")
	f.Commons.Upload(uploader, "A.png", realwiki.PNG(1))
	f.Commons.Edit(uploader, "Gallery", "[[File:A.png]]", "")
	f.English.Edit(editor, "Article", "[[File:A.png|thumb]]", "")
	if got := usage(t, f.English, "File:A.png"); got != "Article" {
		t.Errorf("used on the English wiki on %s", got)
	}
	if got := usage(t, f.Commons, "File:A.png"); got != "Gallery" {
		t.Errorf("used on commons on %s", got)
	}
	var answer struct {
		Query struct {
			Pages []struct{ ImageRepository string }
		}
	}
	p := realwiki.Params{"action": "query", "prop": "imageinfo", "titles": "File:A.png"}
	if err := f.Voyage.Anonymous().Get(p, &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Query.Pages) != 1 || answer.Query.Pages[0].ImageRepository != "shared" {
		t.Errorf("on Wikivoyage the file is %+v", answer.Query.Pages)
	}
}

func TestAdminActions(t *testing.T) {
	w := realwiki.Start(t)
	alice := w.AddUser("Alice")
	w.Edit(alice, "One", "text", "")
	w.Move(w.Admin, "One", "Two", false)
	w.Protect("Two")
	w.Protect("Three")
	var refused *realwiki.APIError
	for title, code := range map[string]string{"Two": "protectedpage", "Three": "protectedpage"} {
		err := w.Client(alice).Write(realwiki.Params{"action": "edit", "title": title, "text": "x"}, nil)
		if !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("editing protected %s says %v", title, err)
		}
	}
	w.Block("Alice", nil)
	err := w.Client(alice).Write(realwiki.Params{"action": "edit", "title": "Four", "text": "x"}, nil)
	if !errors.As(err, &refused) || refused.Code != "blocked" {
		t.Errorf("editing while blocked says %v", err)
	}
	w.Unblock("Alice")
	w.Delete(w.Admin, "Two", "a test")
	if got := w.Text("Two"); got != "" {
		t.Errorf("the deleted page says %q", got)
	}
	w.Undelete(w.Admin, "Two")
	if got := w.Text("Two"); got != "text" {
		t.Errorf("the restored page says %q", got)
	}
	if got := w.SQL("SELECT COUNT(*) AS n FROM page WHERE page_title = 'Two'"); !strings.Contains(got, "1") {
		t.Errorf("the database says %s", got)
	}
}

// usage lists the pages that use a file.
func usage(t *testing.T, w *realwiki.Wiki, title string) string {
	t.Helper()
	var answer struct {
		Query struct {
			Pages []struct{ FileUsage []struct{ Title string } }
		}
	}
	p := realwiki.Params{"action": "query", "prop": "fileusage", "titles": title, "fulimit": "max"}
	if err := w.Anonymous().Get(p, &answer); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, page := range answer.Query.Pages {
		for _, use := range page.FileUsage {
			titles = append(titles, use.Title)
		}
	}
	slices.Sort(titles)
	return strings.Join(titles, ", ")
}
