package sandbox

import (
	"slices"
	"strings"
)

// Filter is an abuse filter: what is done about edits that add a word.
type Filter struct {
	Word        string
	Description string // as its author calls it; it is in the error
	Action      string // "disallow", or "warn": the same edit passes when it is sent again
}

// Filter sets the abuse filter, number 1, of a wiki with Options.AbuseFilter;
// the zero filter takes it away.
func (w *Wiki) Filter(f Filter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.filter = f
}

// askFilter refuses what the filter matches. A warning is given once for a user
// and a page; what is sent next passes, and then it is given again.
func (w *Wiki) askFilter(c *call, t title, old, text string) error {
	f := w.filter
	if !w.opts.AbuseFilter || f.Word == "" || !adds(old, text, f.Word) {
		return nil
	}
	if f.Action == "disallow" {
		return AbuseFilter("1", f.Description)
	}
	key := "filter\x00" + c.userName() + "\x00" + w.name(t)
	if c.sess.warned[key] {
		delete(c.sess.warned, key)
		return nil
	}
	c.sess.warned[key] = true
	return AbuseWarning("1", f.Description)
}

func adds(old, text, word string) bool {
	before := strings.Split(old, "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Contains(line, word) && !slices.Contains(before, line) {
			return true
		}
	}
	return false
}

// AbuseFilter refuses an edit as a filter that disallows.
func AbuseFilter(id, description string) error {
	return abuse("abusefilter-disallowed", id, description, "disallow",
		"This action has been automatically identified as harmful, and therefore disallowed. If you believe your action was constructive, please inform an administrator of what you were trying to do. A brief description of the abuse rule which your action matched is: ")
}

// AbuseWarning refuses an edit once; the same edit again in the same session
// passes.
func AbuseWarning(id, description string) error {
	return abuse("abusefilter-warning", id, description, "warn",
		"'''Warning:''' This action has been automatically identified as harmful. Unconstructive actions will be quickly reverted, and egregious or repeated unconstructive editing will result in your account or IP address being blocked. If you believe this action to be constructive, you may submit it again to confirm it. A brief description of the abuse rule which your action matched is: ")
}

func abuse(code, id, description, action, info string) error {
	return fail(code, "%s%s", info, description).
		with(M{"abusefilter": M{"id": id, "description": description, "actions": []any{action}}})
}

// SpamBlacklist refuses an edit for parts of the addresses that it adds.
func SpamBlacklist(matches ...string) error {
	return fail("spamblacklist", "The text you wanted to publish was blocked by the spam filter. This is probably caused by a link to a forbidden external site. The following text is what triggered our spam filter: %s", textList(matches)).
		with(M{"spamblacklist": M{"matches": matches}})
}
