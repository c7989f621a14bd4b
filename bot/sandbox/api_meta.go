package sandbox

import (
	"maps"
	"slices"
	"strconv"
)

func metaModules() []*queryModule {
	return []*queryModule{
		{kind: "meta", module: sub("tokens", "", "type* {createaccount csrf login patrol rollback userrights watch} = csrf"), meta: metaTokens},
		{kind: "meta", module: sub("userinfo", "ui", "prop* {blockinfo hasmsg groups groupmemberships implicitgroups rights changeablegroups options editcount ratelimits theoreticalratelimits email realname acceptlang registrationdate unreadcount centralids latestcontrib cancreateaccount}\nattachedwiki"), meta: metaUserInfo},
		{kind: "meta", module: sub("siteinfo", "si", "prop* {general namespaces namespacealiases specialpagealiases magicwords interwikimap dbrepllag statistics usergroups autocreatetempuser clientlibraries libraries extensions fileextensions rightsinfo restrictions languages languagevariants skins extensiontags functionhooks showhooks variables protocols defaultoptions uploaddialog autopromote autopromoteonce copyuploaddomains} = general\nfilteriw {local !local}\nshowalldb flag\nnumberingroup flag\ninlanguagecode"), meta: metaSiteInfo},
		{kind: "meta", module: sub("allmessages", "am", "messages* = *\nprop* {default}\nenableparser flag\nnocontent flag\nincludelocal flag\nargs*\nfilter\ncustomised {all modified unmodified} = all\nlang\nfrom\nto\ntitle\nprefix"), meta: metaAllMessages},
		{kind: "meta", module: sub("filerepoinfo", "fri", "prop* {name displayname rootUrl local url thumbUrl initialCapital scriptDirUrl favicon canUpload fetchDescription descBaseUrl}"), meta: metaFileRepoInfo},
	}
}

func metaUserInfo(c *call, a args) error {
	out := M{"id": int64(0), "name": c.userName()}
	c.query()["userinfo"] = out
	var acc *account
	if c.login == nil {
		out["anon"] = true
	} else {
		acc = c.login.account
		out["id"] = acc.id
	}
	if b := c.w.blockOf(c.userName()); b != nil && a.in("prop", "blockinfo") {
		maps.Copy(out, c.w.blockInfo(b))
	}
	for _, prop := range a.list("prop") {
		c.userProp(out, acc, prop)
	}
	return nil
}

func (c *call) userProp(out M, acc *account, prop string) {
	switch prop {
	case "hasmsg":
		out["messages"] = acc != nil && acc.newTalk
	case "groups":
		out["groups"] = groupsOf(acc)
	case "implicitgroups":
		out["implicitgroups"] = []string{"*"}
		if acc != nil {
			out["implicitgroups"] = []string{"*", "user", "autoconfirmed"}
		}
	case "groupmemberships":
		list := []any{}
		if acc != nil {
			for _, g := range slices.Sorted(slices.Values(acc.groups)) {
				list = append(list, M{"group": g, "expiry": "infinity"})
			}
		}
		out["groupmemberships"] = list
	case "rights":
		out["rights"] = c.rights
	case "options":
		out["options"] = c.w.optionsOf(acc)
	case "editcount":
		out["editcount"] = 0
		if acc != nil {
			out["editcount"] = acc.edits
		}
	case "ratelimits":
		limits := M{}
		if c.w.opts.EditsPer > 0 && !c.can("noratelimit") {
			limits["edit"] = M{"user": M{"hits": c.w.opts.EditsPer, "seconds": 60}}
		}
		out["ratelimits"] = limits
	case "registrationdate":
		if acc != nil {
			out["registrationdate"] = isoTime(acc.registered)
		}
	case "email":
		if acc != nil && acc.email && c.can("viewmyprivateinfo") {
			out["email"], out["emailauthenticated"] = acc.name+"@example.org", isoTime(acc.registered)
		}
	case "centralids":
		if acc != nil {
			out["centralids"], out["attachedlocal"] = M{"local": acc.id}, M{"local": true}
		}
	}
}

// optionsOf are a user's preferences with the defaults that bots ask for.
// Echo's category for API events is there only while that module is on.
func (w *Wiki) optionsOf(a *account) M {
	out := M{"gender": "unknown", "language": w.opts.Language, "nickname": "", "fancysig": 0, "minordefault": 0,
		"enotifminoredits": 0, "enotifusertalkpages": 1, "disablemail": 0, "timecorrection": "System|0", "variant": w.opts.Language}
	if !w.opts.NoEcho {
		for _, category := range []string{"system", "user-rights", "edit-user-talk", "edit-user-page", "mention", "article-linked", "emailuser", "thank-you-edit"} {
			out["echo-subscriptions-web-"+category], out["echo-subscriptions-email-"+category] = true, category == "mention"
		}
		if w.opts.EchoAPI {
			out["echo-subscriptions-web-api-triggered"], out["echo-subscriptions-email-api-triggered"] = true, true
		}
	}
	if a != nil {
		for k, v := range a.options {
			out[k] = v
		}
	}
	return out
}

func metaSiteInfo(c *call, a args) error {
	for _, prop := range a.list("prop") {
		switch prop {
		case "general":
			c.query()["general"] = c.w.general(c)
		case "namespaces":
			c.query()["namespaces"] = c.w.namespacesInfo()
		case "namespacealiases":
			list := []any{}
			for _, alias := range slices.Sorted(maps.Keys(c.w.namespaces.aliases)) {
				list = append(list, M{"id": c.w.namespaces.aliases[alias], "alias": alias})
			}
			c.query()["namespacealiases"] = list
		case "extensions":
			c.query()["extensions"] = c.w.extensions()
		case "interwikimap":
			c.query()["interwikimap"] = c.w.interwikiMap()
		case "usergroups":
			list := []any{}
			for _, name := range slices.Sorted(maps.Keys(c.w.rights.Groups)) {
				list = append(list, M{"name": name, "rights": c.w.rights.Groups[name]})
			}
			c.query()["usergroups"] = list
		case "statistics":
			c.query()["statistics"] = M{"pages": len(c.w.pages), "articles": len(c.w.pages), "edits": len(c.w.revisions), "images": len(c.w.files),
				"users": len(c.w.accounts), "activeusers": 0, "admins": 1, "jobs": 0}
		default:
			return fail("sandbox-unsupported", "The sandbox does not know siprop=%s.", prop)
		}
	}
	return nil
}

func (w *Wiki) general(c *call) M {
	out := M{"mainpage": "Main Page", "base": w.opts.Server + "/wiki/Main_Page", "sitename": w.opts.SiteName, "generator": "MediaWiki 1.43.9",
		"lang": w.opts.Language, "fallback": []any{}, "rtl": false, "readonly": w.readOnly != "", "writeapi": true, "case": "first-letter",
		"maxarticlesize": w.opts.MaxArticle, "timezone": "UTC", "timeoffset": 0, "articlepath": "/wiki/$1", "scriptpath": "",
		"script": "/index.php", "variantarticlepath": false, "server": w.opts.Server, "servername": hostOf(w.opts.Server), "wikiid": w.opts.Name,
		"time": isoTime(c.now), "misermode": false, "uploadsenabled": true, "maxuploadsize": 100 << 20, "langconversion": true,
		"legaltitlechars": ` %!"$&'()*,\-.\/0-9:;=?@A-Z\\^_` + "`" + `a-z~\x80-\xFF+`, "invalidusernamechars": "@:>="}
	if w.readOnly != "" {
		out["readonlyreason"] = w.readOnly
	}
	return out
}

func (w *Wiki) namespacesInfo() M {
	out := M{}
	for _, id := range w.namespaces.ids() {
		n := M{"id": id, "case": "first-letter", "name": w.namespaces.name(id), "subpages": hasSubpages(id), "content": id == 0, "nonincludable": false}
		if id != 0 {
			n["canonical"] = canonicalNamespaces[id]
		}
		if id == nsMediaWiki {
			n["namespaceprotection"] = "editinterface"
		}
		out[strconv.Itoa(id)] = n
	}
	return out
}

func (w *Wiki) interwikiMap() []any {
	var list []any
	prefixes := slices.Sorted(maps.Keys(interwikis))
	if w.farm != nil {
		for _, other := range w.farm.all() {
			if other != w && !slices.Contains(prefixes, other.prefix()) {
				prefixes = append(prefixes, other.prefix())
			}
		}
	}
	for _, prefix := range prefixes {
		list = append(list, M{"prefix": prefix, "url": w.interwikiURL(prefix), "protorel": false, "api": "", "wikiid": ""})
	}
	return list
}

func metaAllMessages(c *call, a args) error {
	list := []any{}
	for _, name := range a.list("messages") {
		item := M{"name": name, "normalizedname": lowerFirst(name)}
		if text, ok := c.w.message(lowerFirst(name)); ok {
			item["content"] = text
		} else {
			item["missing"] = true
		}
		list = append(list, item)
	}
	c.query()["allmessages"] = list
	return nil
}

// message is an interface message: the wiki's own page, what a test has set,
// or one of the few that the sandbox brings along.
func (w *Wiki) message(name string) (string, bool) {
	if p := w.pageOf(title{nsMediaWiki, upperFirst(name)}); p != nil {
		return p.text(), true
	}
	if text, ok := w.messages[name]; ok {
		return text, true
	}
	text, ok := map[string]string{"mainpage": "Main Page", "talkpagelinktext": "talk", "newsectionsummary": "/* $1 */ new section"}[name]
	return text, ok
}

func metaFileRepoInfo(c *call, a args) error {
	local := M{"name": "local", "displayname": c.w.opts.SiteName, "rootUrl": "/images", "local": true, "url": "/images", "thumbUrl": "/images/thumb",
		"initialCapital": true, "scriptDirUrl": "", "favicon": c.w.opts.Server + "/favicon.ico", "canUpload": true}
	list := []any{local}
	if c.w.farm != nil && c.w != c.w.farm.Repo {
		repo := c.w.farm.Repo.opts
		list = append(list, M{"name": "shared", "displayname": repo.SiteName, "rootUrl": repo.Server + "/images", "local": false, "url": repo.Server + "/images",
			"thumbUrl": repo.Server + "/images/thumb", "initialCapital": true, "descBaseUrl": repo.Server + "/wiki/File:", "scriptDirUrl": repo.Server, "fetchDescription": true})
	}
	for _, repo := range list {
		maps.DeleteFunc(repo.(M), func(key string, _ any) bool { return a.has("prop") && !a.in("prop", key) })
	}
	c.query()["repos"] = list
	return nil
}
