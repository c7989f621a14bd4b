package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

func TestSetupPublishesWhatDoctorThenFindsInOrder(t *testing.T) {
	w := realwiki.Start(t)
	s := &stage{Wiki: w, t: t, o: nil}
	s.o = operatorOf(t, w, w.AddUser(account, "bot"))
	s.AddUser("Olga")

	r := s.o.Run("setup", "--operator", "Olga")
	if r.Code != 2 || !strings.Contains(r.Err, "--yes") {
		t.Errorf("setup with nobody to ask ended with %d and said\n%s", r.Code, r.Err)
	}
	if text := s.Text("User:" + account); text != "" {
		t.Errorf("and published %q", text)
	}
	s.o.Must("setup", "--operator", "Olga", "--yes")
	for _, name := range []string{"config.json", "schema.json", "optout.json", "Help", "Requests"} {
		if s.Text(s.o.Page(name)) == "" {
			t.Errorf("%s was not published", name)
		}
	}
	if page := s.Text("User:" + account); !strings.Contains(page, "Olga") || !strings.Contains(page, "how to stop it") {
		t.Errorf("the user page says\n%s", page)
	}
	if again := s.o.Must("setup", "--operator", "Olga", "--yes"); !strings.Contains(again, "Every page is as it should be") {
		t.Errorf("a second setup says\n%s", again)
	}
	for _, page := range []string{"User:" + account, s.o.Page("Help"), s.o.Page("Requests")} {
		if html := s.rendered(page, s.Text(page)); strings.Contains(html, `class="error"`) || strings.Contains(html, "⧼") {
			t.Errorf("%s is broken:\n%s", page, html)
		}
	}
	if r := s.o.Run("doctor"); r.Code != 0 {
		t.Errorf("doctor ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
	}
	if r := s.o.Run("config", "check"); r.Code != 0 {
		t.Errorf("config check ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
	}
}

func TestDoctorNamesWhatIsMissing(t *testing.T) {
	w := realwiki.Start(t, realwiki.WithSettings("$wgEchoEnableApiEvents = false;"))
	few := slices.DeleteFunc(realwiki.Grants(), func(g string) bool {
		return slices.Contains([]string{"createeditmovepage", "editmyoptions", "sendemail"}, g)
	})
	o := operatorOf(t, w, w.AddUserWithGrants(account, few, "bot"))
	r := o.Run("doctor")
	if r.Code != 1 {
		t.Errorf("doctor ended with %d", r.Code)
	}
	for _, want := range []string{
		"right createtalk is left out of this login's grants", "Create, edit, and move pages",
		"right editmyuserjson is left out", "Edit your user preferences and JSON configuration",
		"right sendemail is left out", "Send email to other users",
		"$wgEchoEnableApiEvents = true;", "$wgGroupPermissions['bot']['echo-create'] = true;",
		"$wgGrantPermissions['highvolume']['echo-create'] = true;", "Global Usage", "filewarden setup",
	} {
		if !strings.Contains(r.Out, want) {
			t.Errorf("doctor does not say %q", want)
		}
	}
	if t.Failed() {
		t.Logf("it says\n%s%s", r.Out, r.Err)
	}
}

func TestAWrongLoginIsToldAtOnceAndWithoutThePassword(t *testing.T) {
	w := realwiki.Start(t)
	me := w.AddUser(account, "bot")
	me.BotPassword = strings.Repeat("f0e1", 8)
	o := operatorOf(t, w, me)
	r := o.Run("doctor")
	if r.Code != 1 || !strings.Contains(r.Err, "Special:BotPasswords") || strings.Contains(r.Out+r.Err, me.BotPassword) {
		t.Errorf("ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
	}
}
