package sandbox

import (
	"slices"
	"strings"
	"time"
)

// Protection is a restriction of one action on one page.
type Protection struct {
	Level  string    // "autoconfirmed" or "sysop"
	Expiry time.Time // zero is infinity
}

// mayEdit says why a user may not edit a page, in the order in which
// PermissionManager asks.
func (w *Wiki) mayEdit(user string, rights []string, t title) error {
	can := func(right string) bool { return slices.Contains(rights, right) }
	if !can("edit") {
		return fail("noedit", "You don't have permission to edit pages.")
	}
	if t.ns == nsMediaWiki && !can("editinterface") {
		return fail("protectednamespace-interface", "This page provides interface text for the software on this wiki, and is protected to prevent abuse.\nTo add or change translations for all wikis, please use [https://translatewiki.net/ translatewiki.net], the MediaWiki localisation project.")
	}
	if err := w.mayEditScript(user, t, can); err != nil {
		return err
	}
	if p := w.pageOf(t); p != nil {
		if err := w.checkProtection(p.protection["edit"], can); err != nil {
			return err
		}
	} else if err := w.mayCreate(t, can); err != nil {
		return err
	}
	return w.checkBlock(user, t, rights)
}

func (w *Wiki) mayCreate(t title, can func(string) bool) error {
	if t.isTalk() && !can("createtalk") || !t.isTalk() && !can("createpage") {
		return fail("cantcreate", "You do not have permission to create new pages.")
	}
	if pr, ok := w.createProtection[t]; ok {
		return w.checkProtection(pr, can)
	}
	return nil
}

func (w *Wiki) checkProtection(pr Protection, can func(string) bool) error {
	if pr.Level == "" || !pr.Expiry.IsZero() && !w.now().Before(pr.Expiry) {
		return nil
	}
	need := map[string]string{"sysop": "editprotected", "autoconfirmed": "editsemiprotected"}[pr.Level]
	if can(need) {
		return nil
	}
	return fail("protectedpage", "This page has been protected to prevent editing or other actions.")
}

// mayEditScript guards JSON, CSS and JavaScript pages: one's own in the user
// namespace, everybody's only for interface administrators (JSON: sysops too).
func (w *Wiki) mayEditScript(user string, t title, can func(string) bool) error {
	kind := map[string]string{"json": "json", "css": "css", "javascript": "js"}[w.modelOf(t, w.pageOf(t))]
	if kind == "" || t.ns != nsUser && t.ns != nsMediaWiki {
		return nil
	}
	label := map[string]string{"json": "JSON", "css": "CSS", "js": "JavaScript"}[kind]
	switch {
	case t.ns == nsMediaWiki:
		if !can("editsite" + kind) {
			return fail("site"+kind+"protected", "You do not have permission to edit this %s page because it may affect all visitors.", label)
		}
	case t.root() == user:
		if !can("edituser"+kind) && !can("editmyuser"+kind) {
			return fail("mycustom"+kind+"protected", "You do not have permission to edit this %s page.", label)
		}
	case !can("edituser" + kind):
		return fail("custom"+kind+"protected", "You do not have permission to edit this %s page because it contains another user's personal settings.", label)
	}
	return nil
}

func (w *Wiki) checkBlock(user string, t title, rights []string) error {
	b := w.blockOf(user)
	if b == nil || b.partial() && !slices.ContainsFunc(b.Pages, func(p string) bool { pt, _ := w.parseTitle(p, 0); return pt == t }) {
		return nil
	}
	own := t.ns == nsUserTalk && strings.ReplaceAll(user, " ", "_") == t.key
	if own && !b.partial() && !b.noTalk {
		return nil // talk page access is not taken away
	}
	info := "You have been blocked from editing."
	if b.partial() {
		info = "You have been blocked from editing this page."
	}
	return fail("blocked", "%s", info).with(M{"blockinfo": w.blockInfo(b)})
}

// blockInfo are the details of a block as ApiBlockInfoTrait gives them.
func (w *Wiki) blockInfo(b *Block) M {
	out := M{"blockid": b.ID, "blockedby": b.By, "blockedbyid": b.byID, "blockreason": b.Reason,
		"blockedtimestamp": isoTime(b.Since), "blockexpiry": blockEnd(b.Expiry), "blockpartial": b.partial(),
		"blocknocreate": !b.lax, "blockanononly": false, "blockemail": b.NoEmail, "blockowntalk": b.noTalk,
		"blockedtimestampformatted": b.Since.Format("15:04, 2 January 2006")}
	if !b.Expiry.IsZero() {
		formatted := b.Expiry.Format("15:04, 2 January 2006")
		out["blockexpiryformatted"], out["blockexpiryrelative"] = formatted, formatted
	}
	return out
}

// blockEnd is the end of a block as the API gives it.
func blockEnd(t time.Time) string {
	if t.IsZero() {
		return "infinite"
	}
	return isoTime(t)
}

type captchaError struct{}

func (*captchaError) Error() string { return "captcha" }

// Captcha answers an edit with result "Failure" and a question, as
// ConfirmEdit does; the edit is not saved.
func Captcha() error { return &captchaError{} }
