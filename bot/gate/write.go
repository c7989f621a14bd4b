package gate

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"filewarden/bot/wiki"

	"github.com/antonholmquist/jason"
	"golang.org/x/text/unicode/norm"
)

// write sends what has passed. The book is written first: a crash between may
// cost the trial an edit, but never give it one too many.
func (g *Gate) write(ctx context.Context, s *snapshot, w write) (Receipt, error) {
	cost := g.bill(s, w)
	if err := g.book.take(g.c.Now(), cost); err != nil {
		return Receipt{}, unreadable("the trial's count", err)
	}
	r, err := g.send(ctx, s, w)
	if (cost.spends || cost.series != "") && (certainlyNot(err) || r.NoChange) {
		if err := g.book.give(cost); err != nil {
			g.c.Log.Warn().Err(err).Msg("a trial edit stays counted that was not made")
		}
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("%s: %w", w.describe(), err)
	}
	if g.c.OnEdit != nil && !r.NoChange {
		g.c.OnEdit(w.Task, w.Kind)
	}
	return r, nil
}

// send posts a write and reads what the wiki says.
func (g *Gate) send(ctx context.Context, s *snapshot, w write) (Receipt, error) {
	params := w.send
	switch w.action {
	case "edit":
		params = g.editParams(s, w.Edit)
	case "delete":
		params = g.deleteParams(s, w)
	}
	o, err := g.post.Post(ctx, params)
	if err != nil {
		return Receipt{}, err
	}
	if w.action == "delete" { // the only one that says what was done and not how it went
		return deleted(o, g.c.Now())
	}
	if err := failure(o, w.action); err != nil || w.action != "edit" {
		return Receipt{}, err
	}
	return receipt(o)
}

// certainlyNot says that a failed write did not happen: the API itself said
// no, or the request never reached the wiki.
func certainlyNot(err error) bool {
	var no *wiki.Error
	var away *wiki.Unreachable
	return errors.As(err, &no) || errors.As(err, &away) && away.Unsent
}

// editParams are the parameters of action=edit (API:Edit). An edit always says
// what it was made from: baserevid where the page exists, createonly where it
// does not; and starttimestamp, by which the wiki sees that the page was
// deleted in between.
func (g *Gate) editParams(s *snapshot, e Edit) wiki.Params {
	e.fillBase(s)
	text := clean(e.Text)
	if text == "" {
		text = "\n" // saved as a blank page; an empty parameter would be as good as none
	}
	sum := md5.Sum([]byte(text))
	p := wiki.Params{"action": "edit", "title": e.Title, "summary": clean(g.summary(e, s.policy.stopLabel(e.Task))), "bot": "1",
		"md5": hex.EncodeToString(sum[:]), "starttimestamp": e.Start.UTC().Format(time.RFC3339)}
	field := "text"
	if e.Append {
		field = "appendtext"
	}
	p[field] = text
	if e.Section != "" && !e.Append {
		p["section"] = e.Section
	}
	if e.Section == "new" {
		p["sectiontitle"] = clean(oneLine(e.Heading))
	}
	if e.CreateOnly {
		p["createonly"] = "1"
	} else {
		p["nocreate"], p["baserevid"] = "1", strconv.FormatInt(e.BaseRev, 10)
	}
	// A message must be told of, even from an account that marks its edits minor.
	switch {
	case e.Kind != "" || e.User != "":
		p["notminor"] = "1"
	case e.Minor:
		p["minor"] = "1"
	}
	return p
}

// fillBase completes an edit that adds to a page without saying to which revision.
func (e *Edit) fillBase(s *snapshot) {
	if e.BaseRev == 0 && !e.CreateOnly {
		e.BaseRev, e.CreateOnly = s.target.RevID, s.target.Missing
		e.Start = s.readAt
	}
	if e.Start.IsZero() {
		e.Start = s.readAt
	}
}

// clean makes text as MediaWiki takes it in: newlines, NFC, no control
// characters. Otherwise its md5 would not be the one that was sent.
func clean(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			return '\uFFFD'
		}
		return r
	}, text)
	return norm.NFC.String(text)
}

// failure finds the refusals that come without an error envelope: a captcha,
// or a hook of the wiki's own.
func failure(o *jason.Object, action string) error {
	result, err := o.GetString(action, "result")
	if err != nil {
		return &wiki.UnknownOutcome{Err: fmt.Errorf("the wiki's answer has no result: %w", err)}
	}
	if strings.EqualFold(result, "success") {
		return nil
	}
	code, info := "failure", "the wiki did not take it and gave no reason"
	if _, err := o.GetObject(action, "captcha"); err == nil {
		code, info = "captcha", "the wiki asks for a captcha; give the account the right skipcaptcha (bot group)"
	} else if c, err := o.GetString(action, "code"); err == nil {
		code = c
	}
	return &wiki.Error{Code: code, Info: info, Module: action, Advice: wiki.Skip}
}

// receipt reads the answer of action=edit.
func receipt(o *jason.Object) (Receipt, error) {
	var r Receipt
	r.NoChange, _ = o.GetBoolean("edit", "nochange")
	r.Created, _ = o.GetBoolean("edit", "new")
	if r.NoChange {
		return r, nil
	}
	id, err := o.GetInt64("edit", "newrevid")
	if err != nil {
		return r, &wiki.UnknownOutcome{Err: fmt.Errorf("the wiki's answer names no revision: %w", err)}
	}
	r.RevID = id
	if t, err := o.GetString("edit", "newtimestamp"); err == nil {
		r.Time, _ = time.Parse(time.RFC3339, t)
	}
	return r, nil
}

// Sent looks for an earlier edit that carries the id: the revision, or 0. It
// asks the page's history and, as the page may have been moved or the text
// archived since, the account's own contributions, in one request.
func (g *Gate) Sent(ctx context.Context, title, id string) (int64, error) {
	me := g.wiki.Account().Name
	a, err := g.ask(ctx, wiki.Params{"prop": "revisions", "titles": title,
		"rvprop": "ids|user|comment|timestamp", "rvuser": me, "rvlimit": "50",
		"list": "usercontribs", "ucuser": me, "ucprop": "ids|comment|timestamp", "uclimit": "max"})
	if err != nil {
		return 0, fmt.Errorf("asking the history of %s for %s: %w", title, id, err)
	}
	found := a.Query.Contribs
	for _, p := range a.Query.Pages {
		found = append(found, p.Revisions...)
	}
	for _, r := range found {
		if carries(r.Comment, id) && userName(r.User) == userName(me) {
			return r.ID, nil
		}
	}
	return 0, nil
}
