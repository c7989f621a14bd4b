package sandbox

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
)

func echoActions() []*module {
	return []*module{
		action("echocreateevent", "user\nheader !\ncontent !\npage\nsection {alert notice} = notice\nemail flag", runEchoCreateEvent, writes),
		action("echomarkread", "wikis*\nlist*\nunreadlist*\nall flag\nsections* {alert message}", runEchoMarkRead, posted),
		action("echomarkseen", "type {alert message all} = all\ntimestampFormat {ISO_8601 MW} = MW", runEchoMarkSeen),
	}
}

func echoModules() []*queryModule {
	return []*queryModule{
		{kind: "meta", module: sub("notifications", "not", "filter* {read !read} = read|!read\nprop* {list count seenTime} = list\nsections* {alert message} = alert|message\ngroupbysection flag\nformat {model special flyout html}\nlimit limit50 = 20\ncontinue\nunreadfirst flag\ntitles*\nbundle flag\nalertcontinue\nalertunreadfirst flag\nmessagecontinue\nmessageunreadfirst flag\nnotifiertypes* {web email} = web"), meta: metaNotifications},
	}
}

func tooLong(name, value string, most int) error {
	if len(value) <= most {
		return nil
	}
	return fail("maxbytes", "The value for parameter %q cannot be longer than %s bytes (was %s).", name, thousands(most), thousands(len(value))).
		with(M{"maxbytes": most, "maxchars": nil})
}

// runEchoCreateEvent notifies one user. Success means accepted: a recipient
// who declined such notifications gets none.
func runEchoCreateEvent(c *call, a args) error {
	page, err := c.checkEvent(a)
	if err != nil {
		return err
	}
	if !c.w.opts.EchoAPI {
		return fail("moduledisabled", `The "echocreateevent" module has been disabled.`)
	}
	if c.login == nil {
		return mustLogIn()
	}
	to := c.userName()
	if a.has("user") {
		to = canonicalUser(a.str("user"))
	}
	if to != c.userName() && !c.can("echo-create") {
		return lacks("echo-create")
	}
	if c.w.accounts[to] == nil || isTemp(to) {
		return fail("nosuchuser", `There is no user by the name "%s". Check your spelling.`, to)
	}
	n := Notification{Type: "api-" + a.str("section"), User: to, Agent: c.userName(), Header: a.str("header"), Body: a.str("content"), page: page,
		Section: map[string]string{"alert": "alert", "notice": "message"}[a.str("section")]}
	if page != (title{}) {
		n.Page = c.w.name(page)
	}
	c.w.notify(n)
	c.out["echocreateevent"] = M{"result": "success"}
	return nil
}

// checkEvent refuses what the parameters' own types refuse. An interwiki
// prefix of the page is lost, as in Echo.
func (c *call) checkEvent(a args) (title, error) {
	if user := a.str("user"); a.has("user") && !c.w.validUser(canonicalUser(user)) {
		return title{}, fail("baduser", `Invalid value "%s" for user parameter "user".`, user)
	}
	if err := tooLong("header", a.str("header"), 160); err != nil {
		return title{}, err
	}
	if err := tooLong("content", a.str("content"), 5000); err != nil {
		return title{}, err
	}
	if a.str("page") == "" {
		return title{}, nil
	}
	l, err := c.w.parseLink(a.str("page"), 0)
	if err != nil {
		return title{}, fail("badtitle", `Invalid value "%s" for title parameter "page": not a valid title string.`, a.str("page"))
	}
	l.key = upperFirst(l.key)
	return l.title, nil
}

func (c *call) mine(sections []string) []*Notification {
	var out []*Notification
	for _, n := range c.w.notices {
		if n.User == c.userName() && !n.Deleted && slices.Contains(sections, n.Section) {
			out = append(out, n)
		}
	}
	slices.Reverse(out)
	return out
}

func runEchoMarkRead(c *call, a args) error {
	if err := c.mayReadNotices(); err != nil {
		return err
	}
	for _, n := range c.mine([]string{"alert", "message"}) {
		id := idText(n.ID)
		if a.flag("all") || a.in("list", id) || a.in("sections", n.Section) {
			n.Read = true
		}
		if a.in("unreadlist", id) {
			n.Read = false
		}
	}
	out := c.counts(c.mine([]string{"alert", "message"}))
	for _, s := range []string{"alert", "message"} {
		out[s] = c.counts(c.mine([]string{s}))
	}
	out["result"] = "success"
	c.query()["echomarkread"] = out
	return nil
}

func runEchoMarkSeen(c *call, a args) error {
	if err := c.mayReadNotices(); err != nil {
		return err
	}
	for _, s := range []string{"alert", "message"} {
		if a.str("type") == s || a.str("type") == "all" {
			c.login.account.seen[s] = c.now
		}
	}
	c.query()["echomarkseen"] = M{"result": "success", "timestamp": isoTime(c.now)}
	return nil
}

func (c *call) mayReadNotices() error {
	if c.login == nil {
		return mustLogIn()
	}
	if !c.can("echo-read-notifications") {
		return lacks("echo-read-notifications")
	}
	return nil
}

func (c *call) counts(list []*Notification) M {
	unread := 0
	for _, n := range list {
		if !n.Read {
			unread++
		}
	}
	text := strconv.Itoa(unread)
	if unread > 99 {
		text = "99+"
	}
	return M{"rawcount": unread, "count": text}
}

// metaNotifications has a continuation of its own, inside its answer.
func metaNotifications(c *call, a args) error {
	if err := c.mayReadNotices(); err != nil {
		return err
	}
	out := M{}
	if a.flag("groupbysection") {
		for _, s := range a.list("sections") {
			part := M{}
			c.fillNotices(part, a, []string{s}, a.str(s+"continue"))
			out[s] = part
		}
	} else {
		c.fillNotices(out, a, a.list("sections"), a.str("continue"))
	}
	if a.in("prop", "count") {
		for k, v := range c.counts(c.mine(a.list("sections"))) {
			out[k] = v
		}
	}
	if a.in("prop", "seenTime") {
		seen := M{}
		for _, s := range a.list("sections") {
			seen[s] = "1970-01-01T00:00:01Z"
			if t := c.login.account.seen[s]; !t.IsZero() {
				seen[s] = isoTime(t)
			}
		}
		out["seenTime"] = seen
	}
	c.query()["notifications"] = out
	return nil
}

func (c *call) fillNotices(out M, a args, sections []string, from string) {
	if a.flag("groupbysection") && a.in("prop", "count") {
		for k, v := range c.counts(c.mine(sections)) {
			out[k] = v
		}
	}
	if !a.in("prop", "list") {
		return
	}
	var picked []*Notification
	list, next := []any{}, any(nil)
	for _, n := range c.mine(sections) {
		if !c.noticeWanted(a, n, from) {
			continue
		}
		if len(picked) == a.num("limit") {
			next = fmt.Sprintf("%d|%d", n.Time.Unix(), n.ID)
			break
		}
		picked = append(picked, n)
	}
	// The newest are chosen, and then shown oldest first, by whole seconds.
	slices.SortStableFunc(picked, func(x, y *Notification) int { return x.Time.Compare(y.Time) })
	for _, n := range picked {
		list = append(list, c.noticeObject(n, a.str("format")))
	}
	out["list"], out["continue"] = list, next
}

func (c *call) noticeWanted(a args, n *Notification, from string) bool {
	if state := map[bool]string{true: "read", false: "!read"}[n.Read]; !a.in("filter", state) {
		return false
	}
	if titles := a.list("titles"); len(titles) > 0 && !slices.Contains(titles, n.Page) && !(n.Page == "" && slices.Contains(titles, "[]")) {
		return false
	}
	if from == "" {
		return true
	}
	_, id, _ := strings.Cut(from, "|")
	return n.ID <= atoi64(id)
}

func (c *call) noticeObject(n *Notification, format string) M {
	unix := n.Time.Unix()
	out := M{"wiki": c.w.opts.Name, "id": n.ID, "type": n.Type, "category": n.category, "section": n.Section,
		"timestamp": M{"utciso8601": isoTime(n.Time), "utcunix": unix, "unix": strconv.FormatInt(unix, 10), "utcmw": mwTime(n.Time), "mw": mwTime(n.Time), "date": noticeDate(c, n)},
		"agent":     M{"id": n.agentID, "name": n.Agent}, "targetpages": []any{}}
	if n.Page != "" {
		out["title"] = M{"full": n.Page, "namespace": strings.ReplaceAll(c.w.namespaces.name(n.page.ns), " ", "_"), "namespace-key": n.page.ns, "text": n.page.text()}
	}
	if n.RevID != 0 {
		out["revid"] = n.RevID
	}
	if n.Read {
		out["read"] = mwTime(n.Time)
	}
	if format == "model" {
		out["*"] = c.noticeModel(n)
	}
	return out
}

func noticeDate(c *call, n *Notification) string {
	if n.Time.Format("20060102") == c.now.Format("20060102") {
		return "Today"
	}
	return n.Time.Format("2 January 2006")
}

// noticeModel is what the web interface shows. A link that is not there is an
// empty array, not an empty object.
func (c *call) noticeModel(n *Notification) M {
	agent := "\u202a" + n.Agent + "\u202c"
	agentLink := M{"url": c.w.opts.Server + c.w.path(title{nsUser, strings.ReplaceAll(n.Agent, " ", "_")}), "label": agent, "tooltip": "", "description": "", "icon": "userAvatar", "prioritized": true}
	header, compact := noticeHeaders(n, agent)
	icon, label := n.Type, "View message"
	switch {
	case strings.HasPrefix(n.Type, "api-"):
		icon, label = "robot", "View page"
		agentLink["tooltip"] = "This notification was sent to you by " + n.Agent
	case n.Type == "mention":
		label = "View mention"
	case n.Type == "edit-user-page":
		label = "View page"
	}
	var primary any = []any{}
	if n.Page != "" {
		url := c.w.opts.Server + c.w.path(n.page) + "?markasread=" + idText(n.ID)
		if n.Heading != "" {
			url += "#" + anchor(n.Heading)
		}
		primary = M{"url": url, "label": label}
	}
	secondary := []any{agentLink}
	if n.RevID != 0 {
		secondary = append(secondary, M{"url": c.w.opts.Server + "/index.php?title=" + wikiEncode(c.w.dbName(n.page)) + "&oldid=prev&diff=" + idText(n.RevID),
			"label": "View changes", "description": "", "icon": "changes", "prioritized": true})
	}
	return M{"header": header, "compactHeader": compact, "body": html.EscapeString(n.Body), "icon": icon, "iconUrl": "/extensions/Echo/modules/icons/" + icon + ".svg",
		"links": M{"primary": primary, "secondary": secondary}}
}

func noticeHeaders(n *Notification, agent string) (header, compact string) {
	bidi := func(s string) string { return "<strong>\u202a" + html.EscapeString(shorten(s, 50)) + "\u202c</strong>" }
	in := ""
	if n.Heading != "" {
		in = ` in "` + bidi(n.Heading) + `"`
	}
	switch n.Type {
	case "edit-user-talk":
		return agent + " left a message on <strong>your talk page</strong>" + in + ".", agent + " left you a message" + in + "."
	case "mention":
		h := agent + " mentioned you on " + bidi(n.Page) + in + "."
		return h, h
	}
	h := html.EscapeString(n.Header)
	return h, h
}
