package api

import (
	"slices"
	"strconv"

	"filewarden/tasks/copyvio/casebook"
)

// fileSpace is the namespace of files (Manual:Namespace).
const fileSpace = 6

// reviewRight stands among the rights of a caller whose decisions count.
const reviewRight = "reviewimagematches"

// tokens gives the token that a write must have (API:Tokens).
func tokens() *module {
	return &module{name: "tokens", path: "query+tokens", about: "Tokens for actions that change something.", params: []param{
		{name: "type", kind: choice, multi: true, preset: "csrf", values: []string{"csrf"}, about: "Types of token."},
	}, run: (*call).giveTokens}
}

func (c *call) giveTokens(a args) error {
	given := object{}
	if a.holds("type", "csrf") {
		given["csrftoken"] = c.api.csrf.token(c.who, c.now)
	}
	c.query()["tokens"] = given
	return nil
}

// userInfo tells callers who they are (API:Userinfo).
func userInfo() *module {
	return &module{name: "userinfo", path: "query+userinfo", prefix: "ui", about: "Who the caller is.", params: []param{
		{name: "prop", kind: choice, multi: true, about: "What to tell.",
			values: []string{"blockinfo", "editcount", "groups", "ratelimits", "registrationdate", "rights"}},
	}, run: (*call).tellUser}
}

func (c *call) tellUser(a args) error {
	info := object{"id": c.who.ID, "name": c.name()}
	if c.who.Name == "" {
		info["anon"] = true
	}
	if a.holds("prop", "groups") {
		info["groups"] = list(c.who.Groups)
	}
	if a.holds("prop", "rights") {
		info["rights"] = c.rights()
	}
	if a.holds("prop", "editcount") {
		info["editcount"] = c.who.Edits
	}
	if a.holds("prop", "registrationdate") && !c.who.Registered.IsZero() {
		info["registrationdate"] = timestamp(c.who.Registered)
	}
	if a.holds("prop", "blockinfo") && c.who.Blocked {
		info["blockpartial"] = false
	}
	if a.holds("prop", "ratelimits") {
		info["ratelimits"] = object{"reviewimagematches": object{"user": object{"hits": writeBurst, "seconds": int(writeBurst / writeRate)}}}
	}
	c.query()["userinfo"] = info
	return nil
}

func (c *call) rights() []string {
	rights := []string{"read"}
	for right, held := range c.who.Rights {
		if held && right != "read" {
			rights = append(rights, right)
		}
	}
	if c.mayReview() {
		rights = append(rights, reviewRight)
	}
	slices.Sort(rights)
	return rights
}

// list is never null in JSON.
func list(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

// siteInfo tells which wiki the cases are of (API:Siteinfo).
func siteInfo() *module {
	return &module{name: "siteinfo", path: "query+siteinfo", prefix: "si", about: "The wiki whose files are watched.", params: []param{
		{name: "prop", kind: choice, multi: true, preset: "general", about: "What to tell.",
			values: []string{"general", "namespacealiases", "namespaces"}},
	}, run: (*call).tellSite}
}

func (c *call) tellSite(a args) error {
	site := c.world.Wiki.Site()
	if a.holds("prop", "general") {
		c.query()["general"] = object{"sitename": site.Name, "generator": site.Generator, "lang": site.Language,
			"wikiid": site.WikiID, "server": site.Server, "articlepath": site.ArticlePath, "script": site.Script,
			"timezone": "UTC", "timeoffset": 0, "time": timestamp(c.now)}
	}
	if a.holds("prop", "namespaces") {
		c.query()["namespaces"] = c.namespaces(site.Namespaces)
	}
	if a.holds("prop", "namespacealiases") { // in titles they are understood; this session does not list them
		c.query()["namespacealiases"] = []object{}
	}
	return nil
}

func (c *call) namespaces(all map[int]string) object {
	told := object{}
	for id, name := range all {
		one := object{"id": id, c.key("name"): name, "content": id == 0}
		if id == fileSpace {
			one["canonical"] = "File"
		}
		told[strconv.Itoa(id)] = one
	}
	return told
}

// unreviewedMatchCount counts the cases that wait for a decision.
func unreviewedMatchCount() *module {
	return &module{name: "unreviewedmatchcount", path: "query+unreviewedmatchcount", prefix: "umc",
		about: "How many cases wait for a decision.",
		run:   (*call).countCases}
}

func (c *call) countCases(_ args) error {
	cases, err := c.api.open.cases(c.world.Store, c.now)
	if err != nil {
		return err
	}
	var all, aside, own int
	for _, one := range cases {
		switch {
		case one.State == casebook.Aside:
			aside++
		default:
			all++
		}
		if one.Own(c.who.Name) {
			own++
		}
	}
	count := object{"all": all}
	if c.mayReview() {
		count["aside"] = aside
	}
	if c.who.Name != "" {
		count["own"] = own
	}
	c.query()["unreviewedmatchcount"] = count
	return nil
}
