package sandbox

import "slices"

// hideable is one item of action=revisiondelete.
type hideable struct {
	hidden  *Parts
	page    title
	pageID  int64
	kind    string // of the log entry: "revision", "event"
	current bool   // its text cannot be hidden
	out     M
}

func runRevisionDelete(c *call, a args) error {
	right := map[string]string{"logging": "deletelogentry"}[a.str("type")]
	if right == "" {
		right = "deleterevision"
	}
	if !c.can(right) {
		return lacks(right)
	}
	if len(a.list("hide"))+len(a.list("show")) == 0 {
		return fail("paramempty-hide", `At least one value is required for "hide" and/or "show".`)
	}
	if a.str("suppress") == "yes" && !c.can("suppressrevision") {
		return lacks("suppressrevision")
	}
	items := []any{}
	var target title
	for _, id := range a.list("ids") {
		h, err := c.toHide(a, id)
		if err != nil {
			return err
		}
		target = h.page
		items = append(items, c.hide(a, id, h))
	}
	c.out["revisiondelete"] = M{"status": "Success", "target": c.w.name(target), "items": items}
	return nil
}

// toHide finds an item by its type and id.
func (c *call) toHide(a args, id string) (*hideable, error) {
	switch a.str("type") {
	case "revision":
		if r := c.w.revisions[atoi64(id)]; r != nil {
			return &hideable{hidden: &r.Hidden, page: r.page.title, pageID: r.page.id, kind: "revision", current: r.page.latest() == r,
				out: M{"id": r.ID, "timestamp": isoTime(r.Time), "user": r.User, "userid": r.UserID, "comment": r.Comment}}, nil
		}
	case "logging":
		for _, l := range c.w.logs {
			if idText(l.id) == id {
				return &hideable{hidden: &l.hidden, page: title{nsSpecial, "Log/" + l.kind}, kind: "event", out: M{"id": l.id}}, nil
			}
		}
	case "oldimage":
		t, err := c.w.parseTitle(a.str("target"), nsFile)
		if err == nil && c.w.files[t.key] != nil {
			if v := c.w.files[t.key].old(id); v != nil {
				return &hideable{hidden: &v.hidden, page: t, pageID: c.w.pageOf(t).id, kind: "revision", out: M{"id": id}}, nil
			}
		}
	case "filearchive":
		for _, f := range c.w.filearchive {
			if idText(f.id) == id {
				return &hideable{hidden: &f.hidden, page: title{nsFile, f.name}, kind: "revision", out: M{"id": f.id}}, nil
			}
		}
	}
	return nil, fail("revdelete-no-such-item", "The sandbox finds no %s with ID %s.", a.str("type"), id)
}

// hide changes one item and logs it, in the log of suppressions where
// administrators must not know.
func (c *call) hide(a args, id string, h *hideable) M {
	old := *h.hidden
	after := old | partsOf(a.list("hide"))
	after &^= partsOf(a.list("show"))
	switch a.str("suppress") {
	case "yes":
		after |= Suppressed
	case "no":
		after &^= Suppressed
	}
	out := h.out
	out["status"] = "Success"
	if h.current && after&HiddenText != 0 {
		when, _ := parseTime(out["timestamp"].(string), c.now)
		out["errors"] = []any{M{"type": "error", "code": "revdelete-hide-current", "message": "revdelete-hide-current",
			"params": []any{when.Format("2 January 2006"), when.Format("15:04")}}}
		out["warnings"] = []any{}
		after = old
	} else {
		*h.hidden = after
		c.logHiding(a, id, h, old, after)
	}
	out["texthidden"], out["commenthidden"], out["userhidden"] = after&HiddenText != 0, after&HiddenComment != 0, after&HiddenUser != 0
	return out
}

func (c *call) logHiding(a args, id string, h *hideable, old, after Parts) {
	by := c.w.authorOf(c.userName())
	e := &logEntry{kind: "delete", action: h.kind, title: h.page, page: h.pageID, user: by.name, userID: by.id, comment: a.str("reason"),
		params: M{"type": a.str("type"), "ids": []any{numberOrText(id)}, "old": partsInLog(old), "new": partsInLog(after)}}
	if (old|after)&Suppressed != 0 {
		e.kind = "suppress"
	}
	c.w.addLog(e, false)
}

func numberOrText(id string) any {
	if n := atoi64(id); n != 0 && len(id) < 14 {
		return n
	}
	return id
}

func partsInLog(p Parts) M {
	return M{"bitmask": int(p), "content": p&HiddenText != 0, "comment": p&HiddenComment != 0, "user": p&HiddenUser != 0, "restricted": p&Suppressed != 0}
}

func partsOf(names []string) (p Parts) {
	for name, part := range map[string]Parts{"content": HiddenText, "comment": HiddenComment, "user": HiddenUser} {
		if slices.Contains(names, name) {
			p |= part
		}
	}
	return p
}
