package sandbox

import (
	"crypto/md5"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
)

const editParams = `
 title
 pageid int
 section
 sectiontitle
 text
 summary
 tags*
 minor flag
 notminor flag
 bot flag
 baserevid int
 basetimestamp time
 starttimestamp time
 recreate flag
 createonly flag
 nocreate flag
 watch flag
 unwatch flag
 watchlist {watch unwatch preferences nochange} = preferences
 watchlistexpiry
 md5
 prependtext
 appendtext
 undo int
 undoafter int
 redirect flag
 contentformat {text/x-wiki application/json text/css text/javascript text/plain}
 contentmodel {wikitext json css javascript text Scribunto sanitized-css}
 captchaword
 captchaid
`

// EditAttempt is an edit as a hook sees it, before it is saved.
type EditAttempt struct {
	User, Title, Text, Summary string
	Old                        string
	warned                     bool
}

// Hook lets a test stand in for AbuseFilter, SpamBlacklist or a captcha: the
// function returns nil to let an edit pass, or one of Captcha, AbuseFilter,
// AbuseWarning, SpamBlacklist and Refuse.
func (w *Wiki) Hook(f func(*EditAttempt) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hook = f
}

// editor is an edit in the making.
type editor struct {
	c       *call
	a       args
	title   title
	page    *page
	model   string
	text    string
	summary string
	section string
	head    *string // the heading of a new section

	undone, undoneAfter *Revision
}

func runEdit(c *call, a args) error {
	if !a.has("text") && !a.has("appendtext") && !a.has("prependtext") && a.num("undo") == 0 {
		return atLeastOneOf("text", "appendtext", "prependtext", "undo")
	}
	e := &editor{c: c, a: a, text: a.str("text"), summary: a.str("summary"), section: a.str("section")}
	for _, step := range []func() error{e.findPage, e.followRedirect, e.checkExistence, e.checkPermission,
		e.buildText, e.checkSum, e.checkSection, e.nameSection, e.checkState} {
		if err := step(); err != nil {
			return err
		}
	}
	return e.finish()
}

func (e *editor) findPage() error {
	p, t, err := e.c.titleOrID(e.a)
	e.page, e.title = p, t
	if err != nil {
		return err
	}
	if t.ns < 0 {
		return fail("pagecannotexist", "Namespace doesn't allow actual pages.")
	}
	return nil
}

// titleOrID is ApiBase::getTitleOrPageId.
func (c *call) titleOrID(a args) (*page, title, error) {
	if a.has("title") == a.has("pageid") {
		if a.has("title") {
			return nil, title{}, fail("invalidparammix", `The parameters "title" and "pageid" can not be used together.`)
		}
		return nil, title{}, oneOf("title", "pageid")
	}
	if a.has("pageid") {
		p := c.w.pages[int64(a.num("pageid"))]
		if p == nil {
			return nil, title{}, fail("nosuchpageid", "There is no page with ID %d.", a.num("pageid"))
		}
		return p, p.title, nil
	}
	l, err := c.w.parseLink(a.str("title"), 0)
	if err != nil || l.interwiki != "" {
		return nil, title{}, fail("invalidtitle", `Bad title "%s".`, a.str("title"))
	}
	return c.w.pageOf(l.title), l.title, nil
}

func (e *editor) followRedirect() error {
	if !e.a.flag("redirect") {
		return nil
	}
	if !e.a.has("prependtext") && !e.a.has("appendtext") && e.section != "new" {
		return fail("redirect-appendonly", `You have attempted to edit using the redirect-following mode, which must be used in conjunction with "section=new", "prependtext", or "appendtext".`)
	}
	if e.page == nil {
		return nil
	}
	to, ok := e.c.w.redirectTarget(e.page.text(), e.page.latest().Model)
	if !ok {
		return nil
	}
	from := e.c.w.name(e.title)
	if to.interwiki != "" || to.ns < 0 {
		return fail("edit-invalidredirect", "Cannot edit \"%s\" while following redirects, as target \"%s\" is not valid.", from, e.c.w.name(to.title)).
			with(M{"redirects": M{"from": from, "to": to.interwiki + ":" + to.text()}})
	}
	e.c.out["redirects"] = M{"from": from, "to": e.c.w.name(to.title)}
	e.title, e.page = to.title, e.c.w.pageOf(to.title)
	return nil
}

func (e *editor) checkExistence() error {
	e.model = e.a.str("contentmodel")
	if e.model == "" {
		e.model = e.c.w.modelOf(e.title, e.page)
	}
	if e.a.flag("createonly") && e.page != nil {
		return fail("articleexists", "The page you tried to create has been created already.")
	}
	if e.a.flag("nocreate") && e.page == nil {
		return fail("missingtitle", "The page you specified doesn't exist.")
	}
	return nil
}

func (e *editor) checkPermission() error {
	if err := e.c.w.mayEdit(e.c.userName(), e.c.rights, e.title); err != nil {
		return err
	}
	if now := e.c.w.modelOf(e.title, e.page); e.model != now && !e.c.can("editcontentmodel") {
		return fail("cantchangecontentmodel", "You don't have permission to change the content model of a page.")
	}
	return nil
}

// buildText makes the text of the page or section from what was sent.
func (e *editor) buildText() error {
	if e.a.has("appendtext") || e.a.has("prependtext") {
		text := ""
		if e.page != nil {
			text = e.page.text()
		}
		switch {
		case e.section == "new":
			text = ""
		case e.section != "":
			part, ok := sectionOf(text, e.section)
			if !ok {
				return fail("nosuchsection", "There is no section %s.", e.section)
			}
			text = part
		}
		e.text = e.a.str("prependtext") + text + e.a.str("appendtext")
	}
	if e.a.num("undo") > 0 {
		return e.undo()
	}
	return nil
}

func (e *editor) checkSum() error {
	sent := e.a.str("text")
	if e.a.has("appendtext") || e.a.has("prependtext") {
		sent = e.a.str("prependtext") + e.a.str("appendtext")
	}
	sum := md5.Sum([]byte(sent))
	if e.a.has("md5") && hex.EncodeToString(sum[:]) != e.a.str("md5") {
		return fail("badmd5", "The supplied MD5 hash was incorrect.")
	}
	return nil
}

var sectionID = regexp.MustCompile(`^((T-)?[0-9]+|new)$`)

func (e *editor) checkSection() error {
	if !e.a.has("section") || e.section == "" {
		return nil
	}
	if !sectionID.MatchString(e.section) {
		return fail("invalidsection", `The "section" parameter must be a valid section ID or "new".`)
	}
	if e.section == "new" || e.section == "0" {
		return nil
	}
	if e.page != nil {
		if _, ok := sectionOf(e.page.text(), e.section); ok {
			return nil
		}
	}
	return fail("nosuchsection", "There is no section %s.", e.section)
}

// nameSection settles the heading and the summary of a new section: a title
// alone gives an automatic summary, a summary alone is the title.
func (e *editor) nameSection() error {
	if e.section != "new" {
		return nil
	}
	if e.a.has("sectiontitle") {
		t := strings.TrimSpace(e.a.str("sectiontitle"))
		e.head = &t
		if e.summary == "" && t != "" {
			e.summary = "/* " + t + " */ new section"
		}
		return nil
	}
	t := strings.TrimSpace(e.summary)
	if t != "" {
		e.head = &t
		e.summary = "/* " + t + " */ new section"
	}
	return nil
}

// checkState is what EditPage checks before it looks at the page.
func (e *editor) checkState() error {
	w := e.c.w
	var a *account
	if e.c.login != nil {
		a = e.c.login.account
	}
	if !w.mayHurry(a, e.c.rights) {
		return fail("ratelimited", "You've exceeded your rate limit. Please wait some time and try again.")
	}
	if len(e.text) > w.opts.MaxArticle {
		return e.tooBig()
	}
	if tags := e.a.list("tags"); len(tags) > 0 {
		return fail("badtags", `The tag "%s" is not allowed to be manually applied.`, tags[0]).with(M{"disallowedtags": tags})
	}
	start := e.c.now
	if e.a.has("starttimestamp") {
		start = e.a.at("starttimestamp")
	}
	if e.page == nil && !e.a.flag("recreate") && w.deletedSince(e.title, start) {
		return fail("pagedeleted", "The page has been deleted since you fetched its timestamp.")
	}
	return nil
}

func (e *editor) tooBig() error {
	return fail("contenttoobig", "The content you supplied exceeds the page size limit of %d kibibytes.", e.c.w.opts.MaxArticle/1024)
}

func (w *Wiki) deletedSince(t title, since time.Time) bool {
	for i := len(w.logs) - 1; i >= 0; i-- {
		if l := w.logs[i]; l.kind == "delete" && l.action == "delete" && l.title == t {
			return l.time.After(since)
		}
	}
	return false
}

func (e *editor) finish() error {
	w := e.c.w
	conflict := e.conflict()
	if conflict && e.section == "new" {
		return editConflict()
	}
	text, ok := e.merged(conflict)
	if !ok {
		return editConflict()
	}
	text, err := w.transform(text, e.title, e.c.userName(), e.model)
	if err != nil {
		return err
	}
	if len(text) > w.opts.MaxArticle {
		return e.tooBig()
	}
	if err := e.checkAdded(text); err != nil {
		return err
	}
	if done, err := e.askHook(text); done || err != nil {
		return err
	}
	return e.store(text)
}

func editConflict() error {
	return fail("editconflict", "Edit conflict.")
}

func (e *editor) askHook(text string) (bool, error) {
	if e.c.w.hook == nil {
		return false, nil
	}
	old := ""
	if e.page != nil {
		old = e.page.text()
	}
	attempt := &EditAttempt{User: e.c.userName(), Title: e.c.w.name(e.title), Text: text, Summary: e.summary, Old: old}
	key := attempt.User + "\x00" + attempt.Title + "\x00" + text
	attempt.warned = e.c.sess.warned[key]
	err := e.c.w.hook(attempt)
	switch err := err.(type) {
	case nil:
		return false, nil
	case *captchaError:
		e.c.out["edit"] = M{"captcha": M{"type": "simple", "mime": "text/plain", "id": "123456789", "question": "36 + 4"}, "result": "Failure"}
		return true, nil
	case *apiError:
		if err.code == "abusefilter-warning" {
			if attempt.warned {
				return false, nil
			}
			e.c.sess.warned[key] = true
		}
	}
	return true, err
}

func (e *editor) store(text string) error {
	oldID := int64(0)
	if e.page != nil {
		oldID = e.page.latest().ID
	}
	r := e.c.w.save(saving{title: e.title, text: text, comment: e.summary, author: e.c.w.authorOf(e.c.userName()), model: e.model,
		minor: e.minor(), bot: e.a.flag("bot") && e.c.can("bot"), isNew: e.section == "new", rights: e.c.rights, undone: e.undone, undoneAfter: e.undoneAfter})
	p := e.c.w.pageOf(e.title)
	out := M{"result": "Success", "pageid": p.id, "title": e.c.w.name(e.title), "contentmodel": e.model}
	if r == nil {
		out["nochange"] = true
	} else {
		if oldID == 0 {
			out["new"] = true
		}
		out["oldrevid"], out["newrevid"], out["newtimestamp"] = oldID, r.ID, isoTime(r.Time)
	}
	e.c.out["edit"] = out
	return nil
}

func (e *editor) minor() bool {
	a := e.c.login
	byHabit := a != nil && a.account.options["minordefault"] == "1" && !e.a.flag("notminor")
	return (e.a.flag("minor") || byHabit) && e.section != "new" && e.c.can("minoredit")
}
