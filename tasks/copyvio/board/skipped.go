package board

import (
	"errors"
	"fmt"
	"strings"

	"filewarden/bot/gate"
	"filewarden/bot/report"
	"filewarden/bot/wiki"
)

// Reason is why a page was not written. It is a word for a message.
type Reason string

// Reasons that are about one page; others can be written all the same.
const (
	Protected Reason = "protected"  // the wiki lets the bot edit elsewhere, not here: protected, titleblacklist, a block of some pages
	Filtered  Reason = "filtered"   // an abuse filter refused or warned
	Spam      Reason = "spam"       // the spam blacklist refused what holds no live link of the bot's
	Limited   Reason = "limited"    // the wiki's rate limit, or it is read-only
	TooBig    Reason = "too-big"    // larger than the wiki allows
	MovedAway Reason = "moved"      // the page is a redirect
	LeftAlone Reason = "left-alone" // somebody damages it again and again
	Behind    Reason = "behind"     // its history has yet to be read to the end
)

// Skipped is a page that was not written, and why.
type Skipped struct {
	Page   string
	Reason Reason
	By     string // of LeftAlone: who; "" for addresses and hidden users
	Err    error  // what the wiki said; may be nil
}

// Error says which page, why, and what to do next.
func (s *Skipped) Error() string {
	switch s.Reason {
	case LeftAlone:
		who := "users without an account"
		if s.By != "" {
			who = s.By
		}
		return fmt.Sprintf("%s was not written: its damage by %s was undone several times today; next: a person reverts it, protects the page or blocks the user, or the bot tries again tomorrow", s.Page, who)
	case Behind:
		return fmt.Sprintf("%s was not written: so much happened there that its history is not yet read to the end; next: the following pass reads on", s.Page)
	}
	return fmt.Sprintf("%s was not written (%s): %v", s.Page, s.Reason, s.Err)
}

// Unwrap gives what the wiki said.
func (s *Skipped) Unwrap() error { return s.Err }

// skipped types a failed write that is about one page only.
func skipped(page string, err error) error {
	var s *Skipped
	if err == nil || errors.As(err, &s) {
		return err
	}
	if reason := reasonOf(err); reason != "" {
		return &Skipped{Page: page, Reason: reason, Err: err}
	}
	return err
}

func reasonOf(err error) Reason {
	var moved *report.Moved
	var no *wiki.Error
	switch {
	case errors.As(err, &moved):
		return MovedAway
	case !errors.As(err, &no) || no.Advice == wiki.Stop:
		return ""
	case strings.HasPrefix(no.Code, "abusefilter-"), no.Code == "hookaborted":
		return Filtered
	case no.Code == "spamblacklist":
		return Spam
	case no.Code == "ratelimited", no.Code == "readonly", no.Code == "maxlag":
		return Limited
	case no.Code == "contenttoobig":
		return TooBig
	case strings.Contains(no.Code, "protected"), strings.Contains(no.Code, "blocked"), strings.HasPrefix(no.Code, "titleblacklist-"), strings.HasPrefix(no.Code, "cantcreate"):
		return Protected
	}
	return ""
}

// closed says whether no other page can be written either.
func closed(err error) bool {
	var refused *gate.Refused
	if errors.As(err, &refused) {
		return refused.Reason == gate.Stopped || refused.Reason == gate.TaskStop || refused.Reason == gate.TrialOver || refused.Reason == gate.Unreadable
	}
	var no *wiki.Error
	return errors.As(err, &no) && no.Advice == wiki.Stop
}
