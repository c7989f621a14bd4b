package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

func listRecentChanges(c *call, a args) ([]row, error) {
	patrol := []string{"patrolled", "!patrolled", "unpatrolled", "autopatrolled", "!autopatrolled"}
	asks := a.in("prop", "patrolled") || slices.ContainsFunc(patrol, func(show string) bool { return a.in("show", show) })
	if asks && !c.can("patrol") && !c.can("patrolmarks") {
		return nil, fail("permissiondenied", `You need the "patrol" or "patrolmarks" right to request the patrolled flag.`)
	}
	older := a.str("dir") == "older"
	changes := slices.Clone(c.w.changes)
	slices.SortStableFunc(changes, func(x, y *change) int { return x.time.Compare(y.time) })
	if older {
		slices.Reverse(changes)
	}
	var rows []row
	for _, ch := range changes {
		if !c.changeWanted(a, ch, older) {
			continue
		}
		r := row{title: ch.title, out: c.changeObject(ch, a), at: stamp(ch.time, ch.id)}
		if c.generating && a.flag("generaterevisions") && ch.rev != nil {
			r.rev = ch.rev.ID
		}
		rows = append(rows, r)
	}
	return resume(rows, a)
}

func (c *call) changeWanted(a args, ch *change, older bool) bool {
	p := c.w.pages[ch.page]
	switch {
	case !a.in("type", ch.kind), a.has("namespace") && !a.in("namespace", strconv.Itoa(ch.title.ns)),
		a.has("user") && ch.user != a.str("user"), a.has("excludeuser") && ch.user == a.str("excludeuser"),
		a.in("show", "bot") && !ch.bot, a.in("show", "!bot") && ch.bot,
		a.in("show", "minor") && !ch.minor, a.in("show", "!minor") && ch.minor,
		a.in("show", "anon") && ch.userID != 0, a.in("show", "!anon") && ch.userID == 0,
		a.flag("toponly") && (ch.rev == nil || p == nil || p.latest() != ch.rev),
		a.has("title") && c.w.name(ch.title) != strings.ReplaceAll(a.str("title"), "_", " "),
		!inTime(a, ch.time, older), c.generating && ch.title.ns < 0,
		a.has("user") && !c.maySee(ch.hidden(), HiddenUser), ch.log != nil && !c.maySee(ch.log.hidden, HiddenText):
		return false
	}
	return ch.patrolWanted(a)
}

func (ch *change) patrolWanted(a args) bool {
	for show, yes := range map[string]bool{"patrolled": ch.patrol != unpatrolled, "!patrolled": ch.patrol == unpatrolled, "unpatrolled": ch.patrol == unpatrolled,
		"autopatrolled": ch.patrol == autopatrolled, "!autopatrolled": ch.patrol != autopatrolled} {
		if a.in("show", show) && !yes {
			return false
		}
	}
	return true
}

// hidden is what is hidden of a change.
func (ch *change) hidden() Parts {
	switch {
	case ch.rev != nil:
		return ch.rev.Hidden
	case ch.log != nil:
		return ch.log.hidden
	}
	return 0
}

func (c *call) changeObject(ch *change, a args) M {
	out := M{"type": ch.kind}
	for _, prop := range a.list("prop") {
		c.changeProp(out, ch, prop)
	}
	return out
}

func (c *call) changeProp(out M, ch *change, prop string) {
	if part, key := ofLogPart(prop); part&(HiddenUser|HiddenComment)&ch.hidden() != 0 {
		out[key] = true
		if !c.maySee(ch.hidden(), part) {
			return
		}
	}
	size, comment, tags := 0, "", []string{}
	if ch.rev != nil {
		size, comment, tags = ch.rev.size(), ch.rev.Comment, ch.rev.Tags
	} else if ch.log != nil {
		comment, tags = ch.log.comment, ch.log.tags
	}
	switch prop {
	case "title":
		out["ns"], out["title"] = ch.title.ns, c.w.name(ch.title)
	case "ids":
		out["pageid"], out["revid"], out["old_revid"], out["rcid"] = ch.page, ch.revision(), ch.old, ch.id
	case "user":
		out["user"] = ch.user
		if ch.userID == 0 {
			out["anon"] = true
		}
	case "userid":
		out["userid"] = ch.userID
	case "flags":
		out["bot"], out["new"], out["minor"] = ch.bot, ch.kind == "new", ch.minor
	case "sizes":
		out["oldlen"], out["newlen"] = ch.oldLen, size
	case "timestamp":
		out["timestamp"] = isoTime(ch.time)
	case "comment":
		out["comment"] = comment
	case "redirect":
		p := c.w.pages[ch.page]
		_, is := link{}, false
		if p != nil {
			_, is = c.w.redirectTarget(p.text(), p.latest().Model)
		}
		out["redirect"] = is
	case "tags":
		out["tags"] = tags
	case "patrolled":
		out["patrolled"], out["unpatrolled"], out["autopatrolled"] = ch.patrol != unpatrolled, ch.patrol == unpatrolled, ch.patrol == autopatrolled
	case "sha1":
		if ch.rev != nil {
			out["sha1"] = ch.rev.sha1()
		}
	case "loginfo":
		if ch.log != nil {
			out["logid"], out["logtype"], out["logaction"], out["logparams"] = ch.log.id, ch.log.kind, ch.log.action, ch.log.params
		}
	}
}
