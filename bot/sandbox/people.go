package sandbox

import (
	"slices"
	"strings"
	"time"
)

// SetEdits sets how many edits an account has made.
func (w *Wiki) SetEdits(user string, edits int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addIfMissing(user).edits = edits
}

// SetRegistered sets since when an account is there.
func (w *Wiki) SetRegistered(user string, since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addIfMissing(user).registered = since.UTC()
}

// At runs seeds as if it were another time, past or future: what they upload,
// edit and do is told with that time. Nobody else may use the wiki meanwhile.
func (w *Wiki) At(when time.Time, seeds func()) {
	set := func(t time.Time) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fixed = t
	}
	set(when.UTC().Truncate(time.Second))
	defer set(time.Time{})
	seeds()
}

// runBlock is action=block, for accounts.
func runBlock(c *call, a args) error {
	if err := c.need("block"); err != nil {
		return err
	}
	acc := c.w.accounts[a.str("user")]
	if acc == nil {
		return fail("nosuchuser", `There is no user by the name "%s". Check your spelling.`, a.str("user"))
	}
	if a.flag("partial") && !a.flag("allowusertalk") {
		return fail("ipb-prevent-user-talk-edit", "Editing their own talk page must be allowed for a partial block, unless it includes a restriction on the User Talk namespace.")
	}
	old := c.w.blockOf(acc.name)
	if old != nil && !a.flag("reblock") {
		return fail("alreadyblocked", `"%s" is already blocked.`, acc.name)
	}
	expiry, err := blockExpiry(a.str("expiry"), c.now)
	if err != nil {
		return err
	}
	by := c.w.accounts[c.userName()]
	b := &Block{User: acc.name, By: by.name, byID: by.id, Reason: a.str("reason"), Expiry: expiry, Pages: a.list("pagerestrictions"), Since: c.now,
		NoEmail: a.flag("noemail"), lax: !a.flag("nocreate"), noTalk: !a.flag("allowusertalk"), noAuto: !a.flag("autoblock")}
	c.w.setBlock(b, a.str("expiry"))
	c.out["block"] = M{"user": acc.name, "userID": acc.id, "expiry": blockEnd(expiry), "id": b.ID, "reason": b.Reason, "anononly": false,
		"nocreate": !b.lax, "autoblock": !b.noAuto, "noemail": b.NoEmail, "hidename": false, "allowusertalk": !b.noTalk, "watchuser": false,
		"partial": b.partial(), "pagerestrictions": b.Pages, "namespacerestrictions": nil}
	return nil
}

func blockExpiry(text string, now time.Time) (time.Time, error) {
	if slices.Contains([]string{"", "never", "infinite", "infinity", "indefinite"}, text) {
		return time.Time{}, nil
	}
	t, err := parseTime(text, now)
	if err != nil || !t.After(now) {
		return t, fail("invalidexpiry", "Invalid expiry time \"%s\".", text)
	}
	return t, nil
}

// setBlock puts a block in force and logs it.
func (w *Wiki) setBlock(b *Block, duration string) {
	action := "block"
	if old := w.blockOf(b.User); old != nil {
		action, b.ID = "reblock", old.ID
	} else {
		w.lastBlock++
		b.ID = w.lastBlock
	}
	w.blocks[b.User] = b
	w.addLog(&logEntry{kind: "block", action: action, title: userTitle(b.User), user: b.By, userID: b.byID, comment: b.Reason, params: w.blockParams(b, duration)}, false)
}

func (w *Wiki) blockParams(b *Block, duration string) M {
	flags := []any{}
	for flag, set := range map[string]bool{"nocreate": !b.lax, "noautoblock": b.noAuto, "noemail": b.NoEmail, "nousertalk": b.noTalk} {
		if set {
			flags = append(flags, flag)
		}
	}
	slices.SortFunc(flags, func(x, y any) int { return strings.Compare(x.(string), y.(string)) })
	params := M{"duration": duration, "flags": flags, "sitewide": !b.partial()}
	if b.Expiry.IsZero() {
		params["duration"] = "infinity"
	} else {
		params["expiry"] = isoTime(b.Expiry)
	}
	if b.partial() {
		pages := []any{}
		for _, name := range b.Pages {
			t, _ := w.parseTitle(name, 0)
			pages = append(pages, M{"page_ns": t.ns, "page_title": w.name(t)})
		}
		params["restrictions"] = M{"pages": pages}
	}
	return params
}

func userTitle(name string) title { return title{nsUser, strings.ReplaceAll(name, " ", "_")} }

func runUnblock(c *call, a args) error {
	if err := c.need("block"); err != nil {
		return err
	}
	b := c.w.blockOf(a.str("user"))
	if b == nil {
		return fail("cantunblock", "The block ID %s was not found. It may have been unblocked already.", a.str("user"))
	}
	c.w.unblock(c.w.accounts[c.userName()], b.User, a.str("reason"))
	acc := c.w.accounts[b.User]
	c.out["unblock"] = M{"id": b.ID, "user": b.User, "userid": acc.id, "reason": a.str("reason"), "watchuser": false}
	return nil
}

func (w *Wiki) unblock(by *account, user, reason string) {
	delete(w.blocks, user)
	w.addLog(&logEntry{kind: "block", action: "unblock", title: userTitle(user), user: by.name, userID: by.id, comment: reason, params: M{}}, false)
}

// runUserRights is action=userrights. What the caller may not change is left
// as it is, without an error.
func runUserRights(c *call, a args) error {
	acc := c.w.accounts[a.str("user")]
	if acc == nil {
		return fail("nosuchuser", `There is no user by the name "%s". Check your spelling.`, a.str("user"))
	}
	add, remove := []string{}, []string{}
	if c.can("userrights") {
		for _, g := range a.list("add") {
			if !slices.Contains(acc.groups, g) {
				add = append(add, g)
			}
		}
		for _, g := range a.list("remove") {
			if slices.Contains(acc.groups, g) {
				remove = append(remove, g)
			}
		}
	}
	c.w.changeGroups(c.w.authorOf(c.userName()), acc, add, remove, a.str("reason"))
	c.rights = c.w.rightsOf(c.login)
	c.out["userrights"] = M{"user": acc.name, "userid": acc.id, "added": add, "removed": remove, "watchuser": false}
	return nil
}

func (w *Wiki) changeGroups(by author, acc *account, add, remove []string, reason string) {
	if len(add)+len(remove) == 0 {
		return
	}
	old := slices.Sorted(slices.Values(acc.groups))
	groups := append(slices.Clone(old), add...)
	groups = slices.DeleteFunc(groups, func(g string) bool { return slices.Contains(remove, g) })
	slices.Sort(groups)
	acc.groups = groups
	w.addLog(&logEntry{kind: "rights", action: "rights", title: userTitle(acc.name), user: by.name, userID: by.id, comment: reason,
		params: M{"oldgroups": groupList(old), "newgroups": groupList(groups), "oldmetadata": memberships(old), "newmetadata": memberships(groups)}}, false)
}

func groupList(groups []string) []string { return append([]string{}, groups...) }

// memberships are groups as usprop=groupmemberships has them.
func memberships(groups []string) []any {
	list := []any{}
	for _, g := range slices.Sorted(slices.Values(groups)) {
		list = append(list, M{"group": g, "expiry": "infinity"})
	}
	return list
}
