package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

func logModules() []*queryModule {
	return []*queryModule{
		{kind: "list", module: sub("logevents", "le", "prop* {ids title type user userid timestamp comment parsedcomment details tags} = ids|title|type|user|timestamp|comment|details\ntype\naction\nstart time\nend time\ndir {newer older} = older\nuser user\ntitle\nnamespace ns\nprefix\ntag\nlimit limit\ncontinue"), list: listLogEvents},
		{kind: "list", generator: true, module: sub("recentchanges", "rc", "start time\nend time\ndir {newer older} = older\nnamespace* ns\nuser user\nexcludeuser user\ntag\nprop* {user userid comment parsedcomment flags timestamp title ids sizes redirect patrolled loginfo tags sha1} = title|timestamp|ids\nshow* {minor !minor bot !bot anon !anon redirect !redirect patrolled !patrolled unpatrolled autopatrolled !autopatrolled}\nlimit limit\ntype* {edit new log external categorize} = edit|new|log|categorize\ntoponly flag\ntitle\ncontinue\ngeneraterevisions flag\nslot"), list: listRecentChanges},
		{kind: "list", module: sub("usercontribs", "uc", "limit limit\nstart time\nend time\ncontinue\nuser*\nuserids*\nuserprefix\niprange\ndir {newer older} = older\nnamespace* ns\nprop* {ids title timestamp comment parsedcomment size sizediff flags patrolled tags} = ids|title|timestamp|comment|size|flags\nshow* {minor !minor patrolled !patrolled autopatrolled !autopatrolled top !top new !new}\ntag\ntoponly flag"), list: listUserContribs},
	}
}

var logTypes = []string{"", "upload", "move", "delete", "block", "protect", "rights", "newusers", "import", "merge", "patrol", "suppress", "tag", "managetags", "contentmodel", "renameuser", "interwiki", "create"}

// logActions are the actions of the logs that a bot follows.
var logActions = map[string][]string{
	"upload": {"upload", "overwrite", "revert"},
	"delete": {"delete", "delete_redir", "delete_redir2", "restore", "revision", "event"},
	"patrol": {"patrol", "autopatrol"},
	"block":  {"block", "reblock", "unblock"},
	"rights": {"rights", "autopromote"},
}

func listLogEvents(c *call, a args) ([]row, error) {
	if a.has("type") && !slices.Contains(logTypes, a.str("type")) {
		return nil, badValue("letype", a.str("type"))
	}
	if kind, action, _ := strings.Cut(a.str("action"), "/"); logActions[kind] != nil && action != "*" && !slices.Contains(logActions[kind], action) {
		return nil, fail("unknown_leaction", "Unrecognized value for parameter \"leaction\": %s.", a.str("action"))
	}
	var about *title
	if a.has("title") {
		t, err := c.w.parseTitle(a.str("title"), 0)
		if err != nil {
			return nil, fail("invalidtitle", `Bad title "%s".`, a.str("title"))
		}
		about = &t
	}
	older := a.str("dir") == "older"
	logs := slices.Clone(c.w.logs)
	slices.SortStableFunc(logs, func(x, y *logEntry) int { return x.time.Compare(y.time) })
	if older {
		slices.Reverse(logs)
	}
	var rows []row
	for _, l := range logs {
		if !logWanted(a, l, about, older) || !c.mayFind(l, a) {
			continue
		}
		rows = append(rows, row{title: l.title, out: c.logObject(l, a), at: stamp(l.time, l.id)})
	}
	return resume(rows, a)
}

func logWanted(a args, l *logEntry, about *title, older bool) bool {
	kind, action, exact := strings.Cut(a.str("action"), "/")
	switch {
	case a.has("action") && (l.kind != kind || exact && action != "*" && l.action != action),
		!a.has("action") && a.has("type") && l.kind != a.str("type"),
		a.has("user") && l.user != a.str("user"), about != nil && l.title != *about,
		a.has("namespace") && l.title.ns != a.num("namespace"), !inTime(a, l.time, older):
		return false
	}
	return true
}

// mayFind keeps from the caller what they might find out by asking: entries of
// logs that are not for all, and hidden ones by what is hidden of them.
func (c *call) mayFind(l *logEntry, a args) bool {
	switch {
	case l.kind == "suppress" && !c.can("suppressionlog"),
		(a.has("title") || a.has("namespace")) && !c.maySee(l.hidden, HiddenText),
		a.has("user") && !c.maySee(l.hidden, HiddenUser):
		return false
	}
	return true
}

func (c *call) logObject(l *logEntry, a args) M {
	out := M{}
	for _, prop := range a.list("prop") {
		c.logProp(out, l, prop)
	}
	return out
}

func (c *call) logProp(out M, l *logEntry, prop string) {
	if hide, key := ofLogPart(prop); l.hidden&hide != 0 {
		out[key] = true
		if !c.maySee(l.hidden, hide) {
			if prop == "ids" {
				out["logid"] = l.id
			}
			return
		}
	}
	switch prop {
	case "ids":
		out["logid"], out["pageid"], out["logpage"] = l.id, int64(0), l.page
		if p := c.w.pageOf(l.title); p != nil {
			out["pageid"] = p.id
		}
		if l.rev != 0 {
			out["revid"] = l.rev
		}
	case "title":
		out["ns"], out["title"] = l.title.ns, c.w.name(l.title)
	case "type":
		out["type"], out["action"] = l.kind, l.action
	case "details":
		out["params"] = l.params
	case "user":
		out["user"] = l.user
	case "userid":
		out["userid"] = l.userID
	case "timestamp":
		out["timestamp"] = isoTime(l.time)
	case "comment":
		out["comment"] = l.comment
	case "tags":
		out["tags"] = l.tags
	}
}

// ofLogPart is the part of a log entry that a property tells, and the key that
// says that it is hidden.
func ofLogPart(prop string) (Parts, string) {
	switch prop {
	case "ids", "title", "details":
		return HiddenText, "actionhidden"
	case "user", "userid":
		return HiddenUser, "userhidden"
	case "comment", "parsedcomment":
		return HiddenComment, "commenthidden"
	}
	return 0, ""
}

func listUserContribs(c *call, a args) ([]row, error) {
	users, err := c.contributors(a)
	if err != nil {
		return nil, err
	}
	older := a.str("dir") == "older"
	var revs []*Revision
	for _, p := range c.w.pages {
		for _, r := range p.revs {
			if users(r) && c.contribWanted(a, r, older) {
				revs = append(revs, r)
			}
		}
	}
	slices.SortFunc(revs, func(x, y *Revision) int {
		d := x.Time.Compare(y.Time)
		if d == 0 {
			d = int(x.ID - y.ID)
		}
		if older {
			return -d
		}
		return d
	})
	var rows []row
	for _, r := range revs {
		rows = append(rows, row{title: r.page.title, out: c.contribObject(r, a), at: stamp(r.Time, r.ID)})
	}
	return resume(rows, a)
}

func (c *call) contributors(a args) (func(*Revision) bool, error) {
	if !a.has("user") && !a.has("userids") && !a.has("userprefix") {
		return nil, fail("missingparam", `One of the parameters "ucuserprefix", "ucuserids", "uciprange" and "ucuser" is required.`)
	}
	if prefix := a.str("userprefix"); prefix != "" {
		return func(r *Revision) bool { return strings.HasPrefix(r.User, canonicalUser(prefix)) }, nil
	}
	names := map[string]bool{}
	for _, name := range a.list("user") {
		if name == "" {
			return nil, fail("paramempty", `The parameter "ucuser" may not be empty.`)
		}
		names[canonicalUser(name)] = true
	}
	for _, id := range a.list("userids") {
		if acc := c.w.byID[atoi64(id)]; acc != nil {
			names[acc.name] = true
		}
	}
	return func(r *Revision) bool { return names[r.User] && c.maySee(r.Hidden, HiddenUser) }, nil
}

func (c *call) contribWanted(a args, r *Revision, older bool) bool {
	top := r.page.latest() == r
	switch {
	case !inTime(a, r.Time, older), a.has("namespace") && !a.in("namespace", strconv.Itoa(r.page.title.ns)),
		a.in("show", "new") && r.Parent != 0, a.in("show", "!new") && r.Parent == 0,
		a.in("show", "minor") && !r.Minor, a.in("show", "!minor") && r.Minor,
		(a.in("show", "top") || a.flag("toponly")) && !top, a.in("show", "!top") && top,
		a.has("tag") && !slices.Contains(r.Tags, a.str("tag")):
		return false
	}
	return true
}

func (c *call) contribObject(r *Revision, a args) M {
	out := M{"userid": r.UserID, "user": r.User}
	for _, prop := range a.list("prop") {
		switch prop {
		case "ids":
			out["pageid"], out["revid"], out["parentid"] = r.page.id, r.ID, r.Parent
		case "title":
			out["ns"], out["title"] = r.page.title.ns, c.w.name(r.page.title)
		case "timestamp":
			out["timestamp"] = isoTime(r.Time)
		case "flags":
			out["new"], out["minor"], out["top"] = r.Parent == 0, r.Minor, r.page.latest() == r
		case "comment":
			out["comment"] = r.Comment
		case "size":
			out["size"] = r.size()
		case "sizediff":
			out["sizediff"] = r.size()
			if parent := c.w.revisions[r.Parent]; parent != nil {
				out["sizediff"] = r.size() - parent.size()
			}
		case "tags":
			out["tags"] = r.Tags
		}
	}
	return out
}
