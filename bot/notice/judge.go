package notice

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
)

// fate is what becomes of a write.
type fate int

const (
	sent      fate = iota // it was made, or diverted by a dry run
	lost                  // it may have been made: ask the history
	again                 // the page changed: same message on the new base
	plainer               // the same without web links
	elsewhere             // this channel cannot take it: the next one
	postponed             // this person, later
	refusedBy             // it may not be made, now or ever
	taskHeld              // this task is stopped; others are not
	halted                // the bot must not or cannot write now
)

// verdict is a fate and why.
type verdict struct {
	fate   fate
	reason string
	err    error
}

// codes are the API's errors whose fate does not follow from what the session
// advises (https://www.mediawiki.org/wiki/API:Errors_and_warnings, and the
// sources of Echo's ApiEchoCreateEvent and core's ApiEmailUser).
var codes = map[string]fate{
	"spamblacklist": plainer, // a link in it is blacklisted

	// Echo switched off, or older than 1.43: unknown actions are bad values.
	"moduledisabled": elsewhere, "badvalue": elsewhere, "unknown_action": elsewhere,
	"permissiondenied": elsewhere, "maxbytes": elsewhere, "badtitle": elsewhere,
	// The user takes no e-mail, or not from us.
	"usermaildisabled": elsewhere, "noemail": elsewhere, "nowikiemail": elsewhere,
	"cantsend": elsewhere, "blockedfromemail": elsewhere, "notarget": elsewhere, "usermaildisablederror": elsewhere,

	"nosuchuser": refusedBy, "baduser": refusedBy,
	// A filter of the community says no to this message. Another page is no
	// way around it, and a warning is not for a bot to click away.
	"abusefilter-disallowed": refusedBy, "abusefilter-warning": refusedBy, "captcha": refusedBy,
}

// judge reads the outcome of a write. The session says what may have happened
// by *wiki.UnknownOutcome; where the process was asked to end, or no connection
// came about, and it does not, nothing was sent. Whatever else is not known
// counts as lost: asking costs a request, sending twice costs a reader.
func judge(err error) verdict {
	var refused *gate.Refused
	var apiError *wiki.Error
	var unknown *wiki.UnknownOutcome
	var httpError *wiki.HTTPError
	var unreachable *wiki.Unreachable
	switch {
	case err == nil:
		return verdict{fate: sent}
	case errors.As(err, &unknown):
		return verdict{lost, "unknown outcome", err}
	case errors.As(err, &refused):
		return verdict{fateOfRefusal(refused.Reason), string(refused.Reason), err}
	case errors.As(err, &apiError):
		return verdict{fateOfCode(apiError), apiError.Code, err}
	case errors.As(err, &httpError):
		return verdict{fateOfStatus(httpError.Status), "http", err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return verdict{halted, "asked to end", err}
	case errors.As(err, &unreachable) && unreachable.Unsent:
		return verdict{halted, "no connection", err}
	}
	return verdict{lost, "unknown outcome", err}
}

func fateOfRefusal(r gate.Reason) fate {
	switch r {
	case gate.Excluded:
		return refusedBy
	case gate.Unfit:
		return elsewhere
	case gate.Deferred:
		return postponed
	case gate.TaskStop:
		return taskHeld
	}
	return halted // stopped, trial over, pages unreadable
}

func fateOfCode(e *wiki.Error) fate {
	if f, known := codes[e.Code]; known {
		return f
	}
	if strings.HasPrefix(e.Code, "abusefilter-") {
		return refusedBy
	}
	if strings.HasPrefix(e.Code, "internal_api_error") {
		return lost // it may have failed after the page was saved
	}
	switch e.Advice {
	case wiki.Replan:
		return again
	case wiki.Skip:
		return elsewhere
	}
	return halted // blocked or logged out; or what the session waited out in vain
}

// fateOfStatus: an answer below 500 says that the request was refused. After
// 5xx the write may have happened.
func fateOfStatus(status int) fate {
	switch {
	case status >= http.StatusInternalServerError:
		return lost
	case status == http.StatusTooManyRequests:
		return halted
	}
	return postponed
}
