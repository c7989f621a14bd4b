package sandbox

// Filter is an abuse filter: what is done about edits that add a word.
type Filter struct {
	Word        string
	Description string // as its author calls it; it is in the error
	Action      string // "disallow", "warn" (the same edit passes when sent again) or "tag"
}

// Filter sets the abuse filter, number 1, of a wiki with Options.AbuseFilter;
// the zero filter takes it away.
func (w *Wiki) Filter(f Filter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.filter = f
}
