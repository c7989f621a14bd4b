package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// pageActions change pages, files and preferences other than by an edit.
func pageActions() []*module {
	return []*module{
		action("move", "from\nfromid int\nto !\nreason =\nmovetalk flag\nmovesubpages flag\nnoredirect flag\nwatchlist = preferences\nwatchlistexpiry\nignorewarnings flag\ntags*", runMove, writes),
		action("delete", "title\npageid int\nreason\ntags*\ndeletetalk flag\nwatch flag\nunwatch flag\nwatchlist = preferences\nwatchlistexpiry\noldimage", runDelete, writes),
		action("undelete", "title !\nreason =\ntags*\ntimestamps*\nfileids*\nundeletetalk flag\nwatchlist = preferences\nwatchlistexpiry", runUndelete, writes),
		action("filerevert", "filename !\ncomment =\narchivename !", runFileRevert, writes),
		action("rollback", "title\npageid int\ntags*\nuser user !\nsummary =\nmarkbot flag\nwatchlist = preferences\nwatchlistexpiry", runRollback, writes, tokenOf("rollback")),
		action("patrol", "rcid int\nrevid int\ntags*", runPatrol, writes, tokenOf("patrol")),
		action("revisiondelete", "type ! {revision archive oldimage filearchive logging}\ntarget\nids* !\nhide* {content comment user}\nshow* {content comment user}\nsuppress {yes no nochange} = nochange\nreason =\ntags*", runRevisionDelete, writes),
		action("block", "id int\nuser user\nuserid int\nexpiry = never\nreason =\nanononly flag\nnocreate flag\nautoblock flag\nnoemail flag\nhidename flag\nallowusertalk flag\nreblock flag\nnewblock flag\nwatchuser flag\nwatchlistexpiry\ntags*\npartial flag\npagerestrictions*\nnamespacerestrictions* ns", runBlock, writes),
		action("unblock", "id int\nuser user\nuserid int\nreason =\ntags*\nwatchuser flag\nwatchlistexpiry", runUnblock, writes),
		action("userrights", "user user\nuserid int\nadd*\nexpiry* = infinite\nremove*\nreason =\ntags*\nwatchuser flag\nwatchlistexpiry", runUserRights, writes, tokenOf("userrights")),
		action("spamblacklist", "url* !", runSpamBlacklist),
		action("upload", "filename\ncomment =\ntags*\ntext\nwatch flag\nwatchlist = preferences\nwatchlistexpiry\nignorewarnings flag\nfile\nurl\nfilekey\nsessionkey\nstash flag\nfilesize int\noffset int\nchunk\nasync flag\ncheckstatus flag", runUpload, writes),
		action("purge", "forcelinkupdate flag\nforcerecursivelinkupdate flag\ntitles*\npageids*\nrevids*\ngenerator\nredirects flag\nconverttitles flag\ncontinue", runPurge),
		action("options", "reset flag\nresetkinds* = all\nchange*\noptionname\noptionvalue\nglobal = ignore", runOptions, writes),
		action("emailuser", "target !\nsubject !\ntext !\nccme flag", runEmailUser, writes),
		action("protect", "title\npageid int\nprotections* !\nexpiry* = infinite\nreason =\ntags*\ncascade flag\nwatchlist = preferences\nwatchlistexpiry", runProtect, writes),
	}
}

// need refuses callers without a right as action modules for pages do.
func (c *call) need(right string) error {
	if c.can(right) {
		return nil
	}
	var groups []string
	for _, g := range slices.Sorted(maps.Keys(c.w.rights.Groups)) {
		if slices.Contains(c.w.rights.Groups[g], right) && g != "interface-admin" {
			groups = append(groups, groupLink(c.w, g))
		}
	}
	if len(groups) == 0 || c.login != nil && c.login.grants != nil {
		return fail("permissiondenied", "You are not allowed to execute the action you have requested.")
	}
	return fail("permissiondenied", "The action you have requested is limited to users in %s: %s.",
		map[bool]string{true: "the group", false: "one of the groups"}[len(groups) == 1], strings.Join(groups, ", "))
}

func groupLink(w *Wiki, group string) string {
	name := map[string]string{"sysop": "Administrators", "user": "Users", "bot": "Bots", "autoconfirmed": "Autoconfirmed users", "bureaucrat": "Bureaucrats"}[group]
	return "[[" + w.namespaces.name(nsProject) + ":" + name + "|" + name + "]]"
}

func (c *call) existing(a args) (*page, error) {
	p, _, err := c.titleOrID(a)
	if err == nil && p == nil {
		err = fail("missingtitle", "The page you specified doesn't exist.")
	}
	return p, err
}

func runMove(c *call, a args) error {
	if a.has("from") == a.has("fromid") {
		return oneOf("from", "fromid")
	}
	from, err := c.w.parseTitle(a.str("from"), 0)
	if a.has("fromid") {
		p := c.w.pages[int64(a.num("fromid"))]
		if p == nil {
			return fail("nosuchpageid", "There is no page with ID %d.", a.num("fromid"))
		}
		from, err = p.title, nil
	}
	if err != nil {
		return fail("invalidtitle", `Bad title "%s".`, a.str("from"))
	}
	to, err := c.w.parseTitle(a.str("to"), 0)
	if err != nil {
		return fail("invalidtitle", `Bad title "%s".`, a.str("to"))
	}
	if c.w.pageOf(from) == nil {
		return fail("missingtitle", "The page you specified doesn't exist.")
	}
	if err := c.mayMove(from, to); err != nil {
		return err
	}
	redirect := !(a.flag("noredirect") && c.can("suppressredirect"))
	c.w.movePage(c.w.authorOf(c.userName()), from, to, a.str("reason"), redirect)
	c.out["move"] = M{"from": c.w.name(from), "to": c.w.name(to), "reason": a.str("reason"), "redirectcreated": redirect, "moveoverredirect": false}
	return nil
}

func (c *call) mayMove(from, to title) error {
	if from.ns == nsFile {
		if err := c.need("movefile"); err != nil {
			return err
		}
	}
	if err := c.need("move"); err != nil {
		return err
	}
	if pr := c.w.pageOf(from).protection["move"]; pr.Level != "" {
		if err := c.w.checkProtection(pr, c.can); err != nil {
			return err
		}
	}
	if over := c.w.pageOf(to); over != nil {
		if _, ok := c.w.redirectTarget(over.text(), over.latest().Model); !ok || len(over.revs) > 1 {
			return fail("articleexists", "A page already exists at [[:%s]], or the name you have chosen is not valid. Please choose another name.", c.w.name(to))
		}
	}
	return nil
}

func runDelete(c *call, a args) error {
	p, err := c.existing(a)
	if err != nil {
		return err
	}
	if err := c.need("delete"); err != nil {
		return err
	}
	reason := a.str("reason")
	if a.has("oldimage") {
		return c.deleteOldImage(p.title, a.str("oldimage"), reason)
	}
	if !a.has("reason") && c.w.files[p.title.key] != nil && p.title.ns == nsFile {
		entry := c.w.deletePage(c.w.authorOf(c.userName()), p.title, "")
		c.out["delete"] = M{"title": c.w.name(p.title), "reason": nil, "logid": entry.id}
		return nil
	}
	if !a.has("reason") {
		reason = `content was: "` + shorten(p.text(), 150) + `"`
	}
	entry := c.w.deletePage(c.w.authorOf(c.userName()), p.title, reason)
	c.out["delete"] = M{"title": c.w.name(p.title), "reason": reason, "logid": entry.id}
	return nil
}

func runUndelete(c *call, a args) error {
	if err := c.need("undelete"); err != nil {
		return err
	}
	t, err := c.w.parseTitle(a.str("title"), 0)
	if err != nil {
		return fail("invalidtitle", `Bad title "%s".`, a.str("title"))
	}
	revisions, files := c.w.undeletePage(c.w.authorOf(c.userName()), t, a.str("reason"))
	if revisions == 0 {
		return fail("cantundelete", "Couldn't undelete: the requested revisions may not exist, or may have been undeleted already.")
	}
	c.out["undelete"] = M{"title": c.w.name(t), "revisions": revisions, "fileversions": files, "reason": a.str("reason")}
	return nil
}

func runProtect(c *call, a args) error {
	p, err := c.existing(a)
	if err != nil {
		return err
	}
	if err := c.need("protect"); err != nil {
		return err
	}
	done := []any{}
	for _, item := range a.list("protections") {
		kind, level, _ := strings.Cut(item, "=")
		if level == "all" {
			level = ""
		}
		p.protection[kind] = Protection{Level: level}
		done = append(done, M{kind: level, "expiry": "infinite"})
	}
	c.out["protect"] = M{"title": c.w.name(p.title), "reason": a.str("reason"), "protections": done}
	return nil
}

func runPurge(c *call, a args) error {
	set := newPageSet()
	if err := c.collect(set, a, a.flag("redirects")); err != nil {
		return err
	}
	list := []any{}
	for _, t := range set.invalid {
		list = append(list, M{"title": t.text, "invalidreason": t.reason, "invalid": true})
	}
	for _, e := range set.entries() {
		item := M{"ns": e.title.ns, "title": c.w.name(e.title)}
		if e.page == nil {
			item["missing"] = true
		} else {
			item["purged"] = true
			c.w.touch(e.page)
		}
		if e.page != nil && (a.flag("forcelinkupdate") || a.flag("forcerecursivelinkupdate")) {
			item["linkupdate"] = true
		}
		list = append(list, item)
	}
	c.out["batchcomplete"], c.out["purge"] = true, list
	if len(set.normalized) > 0 {
		c.out["normalized"] = set.normalized
	}
	return nil
}

func runOptions(c *call, a args) error {
	if c.login == nil {
		return fail("notloggedin", "You must be logged in to edit your preferences.")
	}
	if !c.can("editmyoptions") {
		return lacks("editmyoptions")
	}
	changes := a.list("change")
	if a.has("optionname") {
		changes = append(changes, a.str("optionname")+"="+a.str("optionvalue"))
	}
	if len(changes) == 0 && !a.flag("reset") {
		return fail("nochanges", "No changes were requested.")
	}
	options := c.login.account.options
	if a.flag("reset") {
		clear(options)
	}
	known := c.w.optionsOf(c.login.account)
	for _, change := range changes {
		key, value, set := strings.Cut(change, "=")
		if _, ok := known[key]; !ok && !strings.HasPrefix(key, "userjs-") && !c.w.isGadgetOption(key) {
			c.warn("options", "validationfailed", `Validation error for "`+key+`": not a valid preference.`, nil)
			continue
		}
		if set {
			options[key] = value
		} else {
			delete(options, key)
		}
	}
	c.out["options"] = "success"
	return nil
}

func runEmailUser(c *call, a args) error {
	target := c.w.accounts[canonicalUser(a.str("target"))]
	switch {
	case target == nil:
		return fail("emailnotarget", "Non-existent or invalid username for recipient.")
	case !target.email:
		return fail("noemailtext", "This user has not specified a valid email address.")
	case target.options["disablemail"] == "1":
		return fail("nowikiemailtext", "This user has chosen not to receive email from other users.")
	case c.login == nil || !c.login.account.email || !c.can("sendemail"):
		return fail("mailnologin", "You must be [[Special:UserLogin|logged in]] and have a valid email address in your [[Special:Preferences|preferences]] to send email to other users.")
	}
	if b := c.w.blockOf(c.userName()); b != nil && b.NoEmail {
		return fail("blockedemailuser", "You have been blocked from sending email.")
	}
	c.w.mails = append(c.w.mails, Mail{From: c.userName(), To: target.name, Subject: a.str("subject"), Text: a.str("text"), Time: c.now})
	c.w.notify(Notification{Type: "emailuser", User: target.name, Agent: c.userName(), Section: "message", Header: c.userName() + " sent you an email.", Body: a.str("subject")})
	c.out["emailuser"] = M{"result": "Success"}
	return nil
}
