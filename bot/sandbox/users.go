package sandbox

import (
	_ "embed"
	"encoding/json"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"time"
)

// rightsJSON holds the groups and grants of a MediaWiki 1.43 as installed,
// with Echo (includes/MainConfigSchema.php, GroupPermissions and
// GrantPermissions).
//
//go:embed rights.json
var rightsJSON []byte

type rightsTable struct {
	Groups map[string][]string `json:"groups"`
	Grants map[string][]string `json:"grants"`
}

// newRights reads the defaults and adds what the wiki's options give. With
// EchoAPI it has the three lines that let bots call action=echocreateevent for
// others.
func newRights(o Options) *rightsTable {
	t := new(rightsTable)
	if err := json.Unmarshal(rightsJSON, t); err != nil {
		panic("sandbox: rights.json: " + err.Error())
	}
	if o.AbuseFilter {
		t.Groups["*"] = append(t.Groups["*"], "abusefilter-view", "abusefilter-log")
	}
	if o.SpamBlacklist {
		t.Groups["user"] = append(t.Groups["user"], "spamblacklistlog")
	}
	if o.RevisionDelete {
		t.Groups["sysop"] = append(t.Groups["sysop"], "deleterevision", "deletelogentry")
	}
	if o.EchoAPI && !o.NoEcho {
		t.Groups["bot"] = append(t.Groups["bot"], "echo-create")
		t.Grants["highvolume"] = append(t.Grants["highvolume"], "echo-create")
	}
	return t
}

// account is a row of the user table.
type account struct {
	id         int64
	name       string
	password   string // the sandbox keeps it readable: it protects nothing
	groups     []string
	registered time.Time
	edits      int
	options    map[string]string
	email      bool // has a confirmed address
	apps       map[string]*login
	newTalk    bool
	seen       map[string]time.Time
	editTimes  []time.Time
	hidden     bool
}

// login is a bot password or an OAuth 2 token: an account with fewer rights.
type login struct {
	account *account
	secret  string
	grants  []string  // nil for the account itself, which no grant limits
	until   time.Time // zero is for ever
}

// session is what a cookie stands for.
type session struct {
	id     string
	login  *login          // nil before the login
	warned map[string]bool // abuse filter warnings shown, by edit
}

// Block keeps an account from editing.
type Block struct {
	ID      int64
	User    string
	By      string
	Reason  string
	Expiry  time.Time // zero is infinity
	Pages   []string  // a partial block names the pages it is for
	Since   time.Time
	byID    int64
	NoEmail bool

	lax, noTalk, noAuto bool // may create accounts; may not edit their own talk page; blocks no addresses
}

func (b *Block) partial() bool { return len(b.Pages) > 0 }

// AddUser creates an account. An empty password means that nobody can log in
// with it over the API; the demo's picker still can.
func (w *Wiki) AddUser(name, password string, groups ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addAccount(name, password, groups...)
}

func (w *Wiki) addAccount(name, password string, groups ...string) *account {
	name = canonicalUser(name)
	if a := w.accounts[name]; a != nil {
		a.password, a.groups = password, groups
		return a
	}
	w.lastUser++
	a := &account{id: w.lastUser, name: name, password: password, groups: groups, registered: w.now(),
		options: map[string]string{}, email: true, apps: map[string]*login{}, seen: map[string]time.Time{}}
	w.accounts[name], w.byID[a.id] = a, a
	w.addLog(&logEntry{kind: "newusers", action: "create", title: title{nsUser, strings.ReplaceAll(name, " ", "_")},
		user: name, userID: a.id, params: M{"userid": a.id}}, false)
	return a
}

// BotPassword lets "User@app" log in with secret, limited to the rights of
// these grants. Without grants it gets basic, highvolume, editpage,
// createeditmovepage, editmyoptions, sendemail and echo-read-notifications.
func (w *Wiki) BotPassword(user, app, secret string, grants ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.addIfMissing(user)
	a.apps[app] = &login{account: a, secret: secret, grants: orUsualGrants(grants)}
}

// BearerToken lets requests with "Authorization: Bearer token" act as user.
func (w *Wiki) BearerToken(user, token string, grants ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bearers[token] = &login{account: w.addIfMissing(user), secret: token, grants: orUsualGrants(grants)}
}

func orUsualGrants(grants []string) []string {
	if len(grants) > 0 {
		return grants
	}
	return []string{"basic", "highvolume", "editpage", "createeditmovepage", "editmyoptions", "sendemail", "echo-read-notifications"}
}

func (w *Wiki) addIfMissing(name string) *account {
	if a := w.accounts[canonicalUser(name)]; a != nil {
		return a
	}
	return w.addAccount(name, "")
}

// NoEmail takes an account's confirmed address away.
func (w *Wiki) NoEmail(user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addIfMissing(user).email = false
}

// SetOption sets a user's preference, such as
// "echo-subscriptions-web-api-triggered" or "gender".
func (w *Wiki) SetOption(user, key, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addIfMissing(user).options[key] = value
}

// Promote gives an account more groups.
func (w *Wiki) Promote(user string, groups ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.addIfMissing(user)
	a.groups = append(a.groups, groups...)
}

// Demote takes a group from an account.
func (w *Wiki) Demote(user, group string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.addIfMissing(user)
	a.groups = slices.DeleteFunc(slices.Clone(a.groups), func(g string) bool { return g == group })
}

// RemoveUser renames an account away: revisions and uploads then carry the new
// name and the old one is missing, as after Special:RenameUser.
func (w *Wiki) RemoveUser(from, to string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.accounts[canonicalUser(from)]
	if a == nil {
		return
	}
	delete(w.accounts, a.name)
	a.name = canonicalUser(to)
	w.accounts[a.name] = a
	for _, r := range w.revisions {
		if r.UserID == a.id {
			r.User = a.name
		}
	}
	for _, f := range w.files {
		for _, v := range f.versions {
			if v.userID == a.id {
				v.user = a.name
			}
		}
	}
	for _, e := range w.logs {
		if e.userID == a.id {
			e.user = a.name
		}
	}
	for _, c := range w.changes {
		if c.userID == a.id {
			c.user = a.name
		}
	}
}

// Block keeps a user from editing the whole wiki or, with pages, only those.
// A zero expiry is for ever.
func (w *Wiki) Block(by, user, reason string, expiry time.Time, pages ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	admin := w.addIfMissing(by)
	w.setBlock(&Block{User: canonicalUser(user), By: admin.name, Reason: reason, Expiry: expiry,
		Pages: pages, Since: w.now(), byID: admin.id}, expiryText(expiry))
}

// Unblock lifts a block.
func (w *Wiki) Unblock(by, user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unblock(w.addIfMissing(by), canonicalUser(user), "")
}

func expiryText(t time.Time) string {
	if t.IsZero() {
		return "infinity"
	}
	return t.UTC().Format(time.RFC3339)
}

// blockOf is the block in force on a user, nil where there is none.
func (w *Wiki) blockOf(user string) *Block {
	b := w.blocks[user]
	if b == nil || !b.Expiry.IsZero() && !w.now().Before(b.Expiry) {
		return nil
	}
	return b
}

// canonicalUser is the account name that a written name stands for.
func canonicalUser(name string) string {
	return upperFirst(strings.TrimSpace(strings.ReplaceAll(name, "_", " ")))
}

// isIP says whether a name is an address, and so no account.
func isIP(name string) bool { _, err := netip.ParseAddr(name); return err == nil }

func isTemp(name string) bool { return strings.HasPrefix(name, "~2") }

// validUser says whether an account of this name could exist.
func (w *Wiki) validUser(name string) bool {
	if name == "" || isIP(name) || strings.ContainsAny(name, "@:>=/#<[]|{}") {
		return false
	}
	t, err := w.parseTitle("User:"+name, 0)
	return err == nil && t.ns == nsUser && t.text() == name
}

// groupsOf are an account's groups in the order of the API: explicit ones
// first, then the implicit.
func groupsOf(a *account) []string {
	if a == nil {
		return []string{"*"}
	}
	groups := slices.Clone(a.groups)
	sort.Strings(groups)
	groups = slices.DeleteFunc(groups, func(g string) bool { return g == "user" || g == "autoconfirmed" || g == "*" })
	return append(groups, "*", "user", "autoconfirmed")
}

// rightsOf are the rights of a login: those of the groups, cut by the grants.
func (w *Wiki) rightsOf(l *login) []string {
	var a *account
	if l != nil {
		a = l.account
	}
	var rights []string
	for _, g := range groupsOf(a) {
		for _, r := range w.rights.Groups[g] {
			if !slices.Contains(rights, r) && (l == nil || w.granted(l, r)) {
				rights = append(rights, r)
			}
		}
	}
	return rights
}

func (w *Wiki) granted(l *login, right string) bool {
	if l.grants == nil {
		return true
	}
	for _, g := range l.grants {
		if slices.Contains(w.rights.Grants[g], right) {
			return true
		}
	}
	return false
}
