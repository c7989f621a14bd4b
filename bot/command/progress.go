package command

import (
	"fmt"
	"io"
	"time"

	"filewarden/bot/gate"

	"github.com/schollz/progressbar/v3"
)

// progress returns what a pass reports its progress to: a bar on a terminal,
// a line for each new piece of work in a pipe.
func (c *Context) progress() func(what string, done, total int) {
	if c.Terminal {
		return barProgress(c.Err)
	}
	last := ""
	return func(what string, done, total int) {
		if what != last {
			last = what
			fmt.Fprintln(c.Err, what)
		}
	}
}

func barProgress(out io.Writer) func(string, int, int) {
	var bar *progressbar.ProgressBar
	last := ""
	return func(what string, done, total int) {
		if total <= 0 {
			total = -1 // a spinner
		}
		if bar == nil || what != last {
			last = what
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(), progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
		}
		bar.ChangeMax(total)
		// A bar that cannot be drawn is no reason to stop work.
		_ = bar.Set(done)
	}
}

// showPlanned shows an edit that a dry run held back.
func (c *Context) showPlanned(p gate.Planned) {
	target := p.Edit.Title
	if p.Edit.User != "" && p.Action != "edit" {
		target = "User:" + p.Edit.User
	}
	fmt.Fprintf(c.Err, "dry run: would %s [[%s]]: %s\n", verb(p.Action), target, p.Edit.Summary)
	fmt.Fprint(c.Err, p.Diff)
}

// verb is a write in words.
func verb(action string) string {
	switch action {
	case "echocreateevent":
		return "send a notification to"
	case "emailuser":
		return "send an e-mail to"
	case "delete":
		return "delete"
	}
	return "edit"
}
