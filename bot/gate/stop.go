package gate

import "strings"

// stopPages are the names of the page that stops the bot and of the one that stops the task.
func (g *Gate) stopPages(task string) (all, own string) {
	all = g.c.Prefix + "Stop"
	if task == "" {
		return all, ""
	}
	return all, all + "/" + task
}

// stopPage is the page that a person who wants this task to stop should be led to.
func (g *Gate) stopPage(task string) string {
	all, own := g.stopPages(task)
	if own == "" {
		return all
	}
	return own
}

// stopped says whether the bot or the task may run: a page that is missing or
// blank lets it run, any other text stops it, and so does a page that cannot
// be read.
func (s *snapshot) stopped() error {
	if r := stopsAs(Stopped, s.stop); r != nil {
		return r
	}
	if s.taskStop.Title == "" {
		return nil
	}
	if r := stopsAs(TaskStop, s.taskStop); r != nil {
		return r
	}
	return nil
}

func stopsAs(reason Reason, p page) *Refused {
	text := strings.TrimSpace(p.Content)
	switch {
	case p.unread != "":
		return &Refused{Reason: Unreadable, Page: p.Title, Detail: "cannot be read: " + p.unread}
	case p.Missing || text == "":
		return nil
	}
	by := p.User
	if by == "" {
		by = "(hidden)"
	}
	return &Refused{Reason: reason, Page: p.Title,
		Detail: by + " wrote “" + shorten(strings.Join(strings.Fields(text), " "), 200) + "”; blank the page to go on"}
}
