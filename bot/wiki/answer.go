package wiki

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/antonholmquist/jason"
)

// answer is one decoded answer. root and data are the same tree: data spares
// the copies that jason makes at each step of a path.
type answer struct {
	root *jason.Object
	data map[string]any
}

func newAnswer(root *jason.Object) *answer {
	data, _ := root.Interface().(map[string]any)
	return &answer{root: root, data: data}
}

// next is the continuation; nil at the end. Numbers come as they are written.
func (a *answer) next() Params {
	c, ok := a.data["continue"].(map[string]any)
	if !ok || len(c) == 0 {
		return nil
	}
	next := Params{}
	for k, v := range c {
		next[k] = fmt.Sprint(v)
		if next[k] == "" {
			next[k] = Empty
		}
	}
	return next
}

// complete says whether every page of the batch has all its properties.
func (a *answer) complete() bool {
	done, present := a.data["batchcomplete"]
	return present && done != false
}

// query is the part of the answer that a query's modules fill.
func (a *answer) query() map[string]any {
	q, _ := a.data["query"].(map[string]any)
	return q
}

// apiError finds the errors of an answer: the bc shape ("error"), the newer one
// ("errors", see API:Errors_and_warnings) and a result that says Failure.
func (s *Session) apiError(p Params, w *wire, a *answer) error {
	var found []*Error
	if e, err := a.root.GetObject("error"); err == nil {
		found = append(found, bcError(e))
	}
	if list, err := a.root.GetObjectArray("errors"); err == nil {
		for _, e := range list {
			found = append(found, plainError(e))
		}
	}
	if e := failure(p["action"], a); e != nil {
		found = append(found, e)
	}
	if len(found) == 0 {
		return nil
	}
	for _, e := range found {
		s.finish(e, p, w)
	}
	// The most lasting error decides; a wait is only worth it when nothing else is wrong.
	slices.SortStableFunc(found, func(x, y *Error) int { return weight(y.Advice) - weight(x.Advice) })
	found[0].More = found[1:]
	return found[0]
}

func weight(a Advice) int {
	return slices.Index([]Advice{Retry, Replan, Skip, Stop}, a)
}

// finish fills what every error carries.
func (s *Session) finish(e *Error, p Params, w *wire) {
	e.Doing, e.RetryAfter, e.status = s.doing(p), w.retryAfter, w.status
	e.Advice = judge(e.Code).advice
	if strings.HasSuffix(e.Code, "blocked") && partialBlock(e) {
		e.Advice = Skip
	}
}

func bcError(e *jason.Object) *Error {
	code, _ := e.GetString("code")
	info, _ := e.GetString("info")
	module, _ := e.GetString("module")
	return &Error{Code: code, Info: info, Module: module, Data: e}
}

func plainError(e *jason.Object) *Error {
	code, _ := e.GetString("code")
	text, err := e.GetString("text")
	if err != nil {
		text, _ = e.GetString("html")
		text = plainText(text)
	}
	module, _ := e.GetString("module")
	data, _ := e.GetObject("data")
	return &Error{Code: code, Info: text, Module: module, Data: data}
}

// failure is a refusal in the place of a success: a captcha, or a hook of an
// older extension (API:Edit).
func failure(action string, a *answer) *Error {
	result, ok := a.data[action].(map[string]any)
	if !ok || result["result"] != "Failure" {
		return nil
	}
	data, _ := a.root.GetObject(action)
	e := &Error{Code: "failure", Module: action, Data: data}
	if code, ok := result["code"].(string); ok && code != "" {
		e.Code = code
	} else if result["captcha"] != nil {
		e.Code, e.Info = "captcha", "the wiki wants a captcha solved"
	} else if result["spamblacklist"] != nil {
		e.Code, e.Info = "spamblacklist", fmt.Sprint(result["spamblacklist"])
	}
	for _, k := range []string{"info", "message", "warning"} {
		if text, ok := result[k].(string); ok && e.Info == "" {
			e.Info = text
		}
	}
	return e
}

// httpError describes an answer that is not the API's.
func (s *Session) httpError(p Params, w *wire, body []byte) error {
	return &HTTPError{Status: w.status, Body: firstWords(body), RetryAfter: w.retryAfter,
		Doing: s.doing(p), Location: w.location}
}

var (
	hidden = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)>|<!--.*?-->`)
	tag    = regexp.MustCompile(`<[^>]*>?`)
)

// firstWords of a foreign page, without markup, for a message.
func firstWords(body []byte) string {
	return clip(plainText(string(body[:min(len(body), 16<<10)])), 160)
}

func plainText(html string) string {
	html = hidden.ReplaceAllString(strings.ToValidUTF8(html, ""), " ")
	return strings.Join(strings.Fields(tag.ReplaceAllString(html, " ")), " ")
}

// logWarnings logs each warning once in a session: they come with every request
// of a walk, and are about the program rather than about the wiki.
func (s *Session) logWarnings(p Params, a *answer) {
	raw, ok := a.data["warnings"]
	if !ok {
		return
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return
	}
	s.mu.Lock()
	known := s.warned[string(text)]
	if len(s.warned) < 1000 {
		s.warned[string(text)] = true
	}
	s.mu.Unlock()
	if !known {
		s.log.Warn().Str("request", s.doing(p)).RawJSON("warnings", text).Msg("the wiki answered with a warning")
	}
}
