package sandbox

// Parts are what is hidden of a revision, a log entry or a file's version, in
// MediaWiki's own bits (RevisionRecord::DELETED_TEXT and its kin).
type Parts int

// The parts.
const (
	HiddenText    Parts = 1 << iota // of a log entry what was done to which page, of a file its bytes
	HiddenComment                   // the summary
	HiddenUser                      // who it was
	Suppressed                      // administrators do not see the hidden parts either
)

// HideRevision hides parts of a revision; without any its text, user and comment.
func (w *Wiki) HideRevision(id int64, parts ...Parts) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.revisions[id].Hidden = joined(parts)
}

// HideUpload hides parts of an old version of a file; 0 is the oldest. Without
// any part it hides all of it.
func (w *Wiki) HideUpload(name string, version int, parts ...Parts) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files[must(w.parseTitle(name, nsFile)).key].versions[version].hidden = joined(parts)
}

func joined(parts []Parts) (all Parts) {
	if len(parts) == 0 {
		return HiddenText | HiddenComment | HiddenUser
	}
	for _, p := range parts {
		all |= p
	}
	return all
}

func hiddenOf(r *Revision) Parts {
	if r == nil {
		return 0
	}
	return r.Hidden
}

// maySee is RevisionRecord::userCanBitfield: whether the caller sees a part,
// hidden or not.
func (c *call) maySee(hidden, part Parts) bool {
	switch {
	case hidden&part == 0:
		return true
	case hidden&Suppressed != 0:
		return c.can("suppressrevision") || c.can("viewsuppressed")
	case part == HiddenText:
		return c.can("deletedtext")
	}
	return c.can("deletedhistory")
}
