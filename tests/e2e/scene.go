package e2e

import (
	"encoding/json"

	"filewarden/tests/realwiki"
)

// Page names a page of the bot: "Status" is User:<account>/Status.
func (o *Operator) Page(name string) string { return "User:" + o.Account.Name + "/" + name }

// Config saves config.json as an administrator does.
func (o *Operator) Config(text string) int64 {
	o.t.Helper()
	return o.Wiki.Edit(o.Wiki.Admin, o.Page("config.json"), text, "config of a test")
}

// Preferences saves somebody's Filewarden.json; administrators may.
func (o *Operator) Preferences(user string, preferences any) {
	o.t.Helper()
	text, err := json.Marshal(preferences)
	if err != nil {
		o.t.Fatalf("preferences of %s: %v", user, err)
	}
	o.Wiki.Edit(o.Wiki.Admin, "User:"+user+"/Filewarden.json", string(text), "preferences of a test")
}

// Register makes an account as a visitor of the wiki does, which is quicker
// than realwiki's AddUser and gives no bot password.
func (o *Operator) Register(name string) realwiki.User {
	o.t.Helper()
	u := realwiki.User{Name: name, Password: "the password of " + name}
	c := o.Wiki.Client(o.Wiki.Admin)
	var tokens struct {
		Query struct {
			Tokens struct{ CreateAccountToken string }
		}
	}
	if err := c.Get(realwiki.Params{"action": "query", "meta": "tokens", "type": "createaccount"}, &tokens); err != nil {
		o.t.Fatalf("making the account %s: %v", name, err)
	}
	var answer struct {
		CreateAccount struct{ Status, Message string }
	}
	err := c.Post(realwiki.Params{"action": "createaccount", "username": name, "password": u.Password, "retype": u.Password,
		"createreturnurl": o.Wiki.URL, "createtoken": tokens.Query.Tokens.CreateAccountToken}, &answer)
	if err != nil || answer.CreateAccount.Status != "PASS" {
		o.t.Fatalf("making the account %s: %v, %+v", name, err, answer)
	}
	return u
}
