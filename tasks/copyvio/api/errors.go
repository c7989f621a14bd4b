package api

import (
	"fmt"
	"html"
	"strings"
	"time"
)

// object is a JSON object.
type object = map[string]any

// refusal is an error of the Action API: a code for programs, a text for
// people and, for some codes, data beside them (API:Errors_and_warnings).
type refusal struct {
	code, info string
	data       object
	module     string        // path of the module; "" is main
	wait       time.Duration // Retry-After; 0: none
}

func (e *refusal) Error() string { return e.code + ": " + e.info }

func fail(code, format string, args ...any) *refusal {
	return &refusal{code: code, info: fmt.Sprintf(format, args...)}
}

func (e *refusal) with(data object) *refusal         { e.data = data; return e }
func (e *refusal) after(wait time.Duration) *refusal { e.wait = wait; return e }

func missing(name string) *refusal {
	return fail("missingparam", "The %q parameter must be set.", name)
}

func unrecognized(name, value string) *refusal {
	return fail("badvalue", "Unrecognized value for parameter %q: %s.", name, clip(value))
}

func mustLogIn() *refusal {
	return fail("notloggedin", "You must be logged in: send the OAuth 2 access token of your account in the header Authorization: Bearer.")
}

func badAuthorization(format string, args ...any) *refusal {
	return fail("mwoauth-invalid-authorization", "The authorization headers in your request are not valid: "+format, args...)
}

func rateLimited(wait time.Duration) *refusal {
	return fail("ratelimited", "You've exceeded your rate limit. Please wait some time and try again.").after(wait)
}

func readOnly(reason string) *refusal {
	return fail("readonly", "The wiki is currently in read-only mode.").with(object{"readonlyreason": reason}).after(retrySoon)
}

// warning is a mild refusal: the call goes on.
type warning struct {
	module, code, text string
	data               object
}

// formatted is an error or warning in every errorformat but bc.
func formatted(format, code, text, module string, data object) object {
	item := object{"code": code, "module": module}
	if module == "" {
		item["module"] = "main"
	}
	switch format {
	case "plaintext":
		item["text"] = text
	case "wikitext":
		item["text"] = escapeWikitext(text)
	case "html":
		item["html"] = html.EscapeString(text)
	}
	if len(data) > 0 {
		item["data"] = data
	}
	return item
}

// escapeWikitext makes text that shows itself when it is parsed as wikitext.
func escapeWikitext(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("[]{}|'<>&~=*#:;_-\n", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
