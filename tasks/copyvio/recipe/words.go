package recipe

import (
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// Messages, in the folder of the task's words.
const (
	msgSummary       = "copyvio-action-summary"        // $1 reviewer
	msgSummaryUndo   = "copyvio-action-summary-undo"   // $1 reviewer
	msgReasonWeb     = "copyvio-action-reason-web"     // $1 address, $2 reviewer
	msgReasonDeleted = "copyvio-action-reason-deleted" // $1 file, $2 reviewer, $3 reason of then
	msgReasonOther   = "copyvio-action-reason-other"   // $1 reviewer
	msgReasonNote    = "copyvio-action-reason-note"    // $1 reason, $2 the reviewer's note

	msgGone        = "copyvio-action-why-gone"
	msgShared      = "copyvio-action-why-shared"
	msgOverwritten = "copyvio-action-why-overwritten"
	msgTagged      = "copyvio-action-why-tagged"
	msgRequest     = "copyvio-action-why-request" // $1 page
	msgUntagged    = "copyvio-action-why-untagged"
	msgRefused     = "copyvio-action-why-refused"     // $1 page, $2 what was said
	msgUntold      = "copyvio-action-why-untold"      // $1 user, $2 what was said
	msgNobody      = "copyvio-action-why-nobody"      // the uploader's name is hidden
	msgChanged     = "copyvio-action-why-changed"     // $1 pages
	msgInstead     = "copyvio-action-why-instead"     // $1 reviewer
	msgInsteadBot  = "copyvio-action-why-instead-bot" // the bot has not the right

	msgUnfinished = "copyvio-action-unfinished" // $1 file, $2 edits made, $3 edits in all, $4 what holds it up
	msgPerson     = "copyvio-action-person"     // $1 file, $2 what is wrong
)

// reason words why something is done about the file. It names the reviewer
// without a link: nobody is called to every page that they caused.
func reason(c casebook.Case, address templates.Arg) templates.Arg {
	by := templates.Agent("User:" + c.By)
	why := templates.Message(msgReasonOther, by)
	if matchURL(c) != "" {
		why = templates.Message(msgReasonWeb, address, by)
	} else if e, ok := deletedBefore(c); ok {
		why = templates.Message(msgReasonDeleted, templates.Plain(e.File), by, templates.Short(e.Text, 200))
	}
	if c.Note == "" {
		return why
	}
	return templates.Message(msgReasonNote, why, templates.Short(c.Note, 200))
}

// deletedBefore is the evidence that the same content was deleted for copyright.
func deletedBefore(c casebook.Case) (casebook.Evidence, bool) {
	for _, e := range c.Evidence {
		if e.Kind == casebook.Deleted && e.Opens {
			return e, true
		}
	}
	return casebook.Evidence{}, false
}

// say is a message as plain text, for the case and the status page.
func (r *Runner) say(key string, args ...any) string { return r.c.Words.PlainText(key, args...) }
