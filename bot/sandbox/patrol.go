package sandbox

import "strconv"

// patrolState is whether somebody looked at a change.
type patrolState int

const (
	unpatrolled   patrolState = iota
	patrolled                 // by a patroller
	autopatrolled             // its author needs none, or it was rolled back
)

// patrolled is the state in which a change begins; rights are those of the
// login that made it, nil for a seed.
func (w *Wiki) patrolled(by author, rights []string) patrolState {
	if rights == nil {
		if a := w.accounts[by.name]; a != nil {
			rights = w.rightsOf(&login{account: a})
		}
	}
	for _, r := range rights {
		if r == "autopatrol" {
			return autopatrolled
		}
	}
	return unpatrolled
}

// Patrol marks the last unpatrolled change of a page, an edit or an upload, as
// patrolled.
func (w *Wiki) Patrol(user, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := must(w.parseTitle(name, 0))
	for i := len(w.changes) - 1; i >= 0; i-- {
		if ch := w.changes[i]; ch.title == t && ch.patrol == unpatrolled {
			w.markPatrolled(w.authorOf(user), ch)
			return
		}
	}
}

// markPatrolled logs who patrolled a change, and lets a revert take effect that
// waited for it (RevertedTagUpdateManager).
func (w *Wiki) markPatrolled(by author, ch *change) {
	if ch.patrol != unpatrolled {
		return
	}
	ch.patrol = patrolled
	w.addLog(&logEntry{kind: "patrol", action: "patrol", title: ch.title, page: ch.page, user: by.name, userID: by.id,
		params: M{"curid": ch.revision(), "previd": ch.old, "auto": false}}, false)
	if ch.rev != nil {
		w.tagReverted(ch.rev)
	}
}

// revision is the id of the revision that a change made, 0 for none.
func (ch *change) revision() int64 {
	switch {
	case ch.rev != nil:
		return ch.rev.ID
	case ch.log != nil:
		return ch.log.rev
	}
	return 0
}

func runPatrol(c *call, a args) error {
	if a.has("rcid") == a.has("revid") {
		return oneOf("rcid", "revid")
	}
	ch, err := c.changeToPatrol(a)
	if err != nil {
		return err
	}
	if err := c.need("patrol"); err != nil {
		return err
	}
	if ch.kind == "log" && (ch.log.kind != "upload") {
		return fail("notpatrollable", "The revision r%d can't be patrolled as it's too old.", ch.revision())
	}
	c.w.markPatrolled(c.w.authorOf(c.userName()), ch)
	c.out["patrol"] = M{"rcid": ch.id, "ns": ch.title.ns, "title": c.w.name(ch.title)}
	return nil
}

func (c *call) changeToPatrol(a args) (*change, error) {
	for _, ch := range c.w.changes {
		if a.has("rcid") && ch.id == int64(a.num("rcid")) || a.has("revid") && ch.revision() == int64(a.num("revid")) {
			return ch, nil
		}
	}
	if a.has("rcid") {
		return nil, fail("nosuchrcid", "There is no recent change with ID %d.", a.num("rcid"))
	}
	if c.w.revisions[int64(a.num("revid"))] == nil {
		return nil, fail("nosuchrevid", "There is no revision with ID %d.", a.num("revid"))
	}
	return nil, fail("notpatrollable", "The revision r%s can't be patrolled as it's too old.", strconv.Itoa(a.num("revid")))
}
