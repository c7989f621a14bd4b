package realwiki

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	adminName     = "Admin"
	adminPassword = "the password of a test's administrator"
)

// User is an account of a wiki, with all that is needed to log in as it.
type User struct {
	Name     string
	Password string
	// BotLogin and BotPassword are a bot password (Special:BotPasswords):
	// the name to log in with is "Name@app".
	BotLogin    string
	BotPassword string
	// Email is confirmed.
	Email string
}

func admin() User { return User{Name: adminName, Password: adminPassword} }

// Grants returns what [Wiki.AddUser] gives a bot password: all that the bot asks
// its operator for, and what tests do in its place.
func Grants() []string {
	return []string{"basic", "highvolume", "editpage", "createeditmovepage", "editprotected",
		"editmyoptions", "uploadfile", "uploadeditmovefile", "delete", "sendemail", "echo-read-notifications"}
}

// account is what php/AddUser.php reads.
type account struct {
	Name, Password, Email, App, BotPassword string
	Groups, Grants                          []string
}

// AddUser makes an account in the groups, or adds an existing one to them.
func (w *Wiki) AddUser(name string, groups ...string) User {
	w.t.Helper()
	return w.AddUserWithGrants(name, Grants(), groups...)
}

// AddUserWithGrants is AddUser with only these grants for the bot password.
func (w *Wiki) AddUserWithGrants(name string, grants []string, groups ...string) User {
	w.t.Helper()
	u := User{
		Name: name, Password: "the password of " + name, BotLogin: name + "@app",
		BotPassword: strings.Repeat("0123456789abcdef", 2), Email: "user@wiki.invalid",
	}
	input, err := json.Marshal(account{Name: u.Name, Password: u.Password, Email: u.Email, App: "app",
		BotPassword: u.BotPassword, Groups: groups, Grants: grants})
	if err != nil {
		w.t.Fatalf("describing %s: %v", name, err)
	}
	w.maintain(string(input), filepath.Join(w.Dir, "AddUser.php"))
	return u
}

// RunJobs runs every job that waits, and those that they leave.
func (w *Wiki) RunJobs() {
	w.t.Helper()
	w.maintain("", "runJobs")
}

// SQL runs one statement on the wiki's database and returns what is printed of
// its result.
func (w *Wiki) SQL(statement string) string {
	w.t.Helper()
	return w.maintain("", "sql", "--json", "--query", statement)
}

// Maintenance runs one of MediaWiki's maintenance scripts and returns its output.
func (w *Wiki) Maintenance(script string, args ...string) string {
	w.t.Helper()
	return w.maintain("", append([]string{script}, args...)...)
}

func (w *Wiki) maintain(input string, args ...string) string {
	w.t.Helper()
	cmd := exec.Command("php", w.install.script(w.Dir, args...)...)
	cmd.Dir = w.Dir
	cmd.Env = w.environment()
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("maintenance script %v of %s: %v\n%s", args, w.Database, err, out)
	}
	return string(out)
}

// Mail is one message that the wiki sent.
type Mail struct {
	To      []string
	From    string
	Subject string
	Text    string
}

// Mails returns what the wiki has sent so far, oldest first.
func (w *Wiki) Mails() []Mail {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.Dir, "mail", "*.json"))
	if err != nil {
		w.t.Fatalf("looking for mail: %v", err)
	}
	var mails []Mail
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatalf("reading a mail: %v", err)
		}
		var one Mail
		if err := json.Unmarshal(text, &one); err != nil {
			w.t.Fatalf("reading the mail %s: %v", name, err)
		}
		mails = append(mails, one)
	}
	return mails
}
