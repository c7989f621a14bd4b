package sandbox

import (
	"fmt"
	"strings"
)

// M is a JSON object.
type M = map[string]any

// apiError is an error of the Action API: a code for programs, a text for
// people, and for some codes data beside them.
type apiError struct {
	code, info string
	data       M
	module     string // the path of the module, filled in by the dispatcher
	header     M      // HTTP headers that go with it
}

func (e *apiError) Error() string { return e.code + ": " + e.info }

func fail(code, format string, args ...any) *apiError {
	return &apiError{code: code, info: fmt.Sprintf(format, args...)}
}

func (e *apiError) with(data M) *apiError { e.data = data; return e }

func missingParam(name string) *apiError {
	return fail("missingparam", "The %q parameter must be set.", name)
}

func badValue(name, value string) *apiError {
	return fail("badvalue", "Unrecognized value for parameter %q: %s.", name, value)
}

func mustLogIn() *apiError { return fail("login-required", "You must be logged in.") }

// oneOf is the refusal of a request with none, or with several, of parameters
// of which it takes one.
func oneOf(names ...string) *apiError {
	return fail("missingparam", "One of the parameters %s is required.", quoteList(names))
}

func atLeastOneOf(names ...string) *apiError {
	return fail("missingparam", "At least one of the parameters %s is required.", quoteList(names))
}

// quoteList writes names as MediaWiki's lists in English do.
func quoteList(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = `"` + n + `"`
	}
	return textList(quoted)
}

func textList(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// rightActions are MediaWiki's words for what a right allows.
var rightActions = map[string]string{
	"deleterevision": "delete or undelete specific revisions of pages", "deletelogentry": "delete and undelete specific log entries",
	"suppressrevision": "view, hide and unhide specific revisions of pages from any user",
	"echo-create":      "send notifications to others", "echo-read-notifications": "read your notifications", "upload": "upload this file",
	"move": "move this page", "delete": "delete this page", "undelete": "undelete pages", "editmyoptions": "edit your preferences",
}

// lacks is the refusal of an action for want of a right.
func lacks(right string) *apiError {
	return fail("permissiondenied", "You don't have permission to %s.", rightActions[right])
}
