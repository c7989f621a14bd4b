package provider

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// What is kept of one answer: more than a person looks at, and little enough
// for one row of the memory.
const (
	maxMatches     = 100
	maxMatchesText = 200 << 10 // bytes of their addresses and titles
)

// tidy makes matches of what a service said: what has no address is dropped,
// what stands there twice becomes one, the best come first.
func tidy(said []Match, provider string, now time.Time) []Match {
	kept := make([]Match, 0, len(said))
	for _, m := range said {
		written, ok := address(m.URL)
		if !ok {
			continue
		}
		m.URL, m.Provider = written, provider
		m.Page, _ = address(m.Page)
		m.PageTitle = plain(m.PageTitle, maxTitle)
		m.Percent = min(max(m.Percent, 0), 100)
		if m.Crawled.After(now.Add(24*time.Hour)) || m.Crawled.Year() < 1990 {
			m.Crawled = time.Time{}
		}
		kept = append(kept, m)
	}
	return merge(kept)
}

// merge joins matches of one address into one, keeps the best, and sorts them.
func merge(matches []Match) []Match {
	at := map[string]int{}
	var merged []Match
	for _, m := range matches {
		key := matchKey(m.URL)
		if i, known := at[key]; known {
			merged[i] = join(merged[i], m)
			continue
		}
		at[key] = len(merged)
		merged = append(merged, m)
	}
	slices.SortStableFunc(merged, func(a, b Match) int { return better(b, a) })
	return bounded(merged)
}

// matchKey is what two matches of one address have in common.
func matchKey(written string) string {
	_, rest, _ := strings.Cut(written, "://")
	return rest
}

// better orders matches by how much they say.
func better(a, b Match) int {
	rank := map[Kind]int{Page: 1, Partial: 2, Full: 3}
	return cmp.Or(cmp.Compare(a.Percent, b.Percent), cmp.Compare(rank[a.Kind], rank[b.Kind]))
}

// join makes one match of two with the same address.
func join(a, b Match) Match {
	if better(b, a) > 0 {
		a, b = b, a
	}
	if a.Page == "" {
		a.Page, a.PageTitle = b.Page, b.PageTitle
	}
	a.Stock = a.Stock || b.Stock
	if a.Crawled.IsZero() || !b.Crawled.IsZero() && b.Crawled.Before(a.Crawled) {
		a.Crawled = b.Crawled
	}
	others := slices.Concat(a.Also, []string{b.Provider}, b.Also)
	slices.Sort(others)
	a.Also = slices.DeleteFunc(slices.Compact(others), func(name string) bool { return name == a.Provider })
	return a
}

// bounded drops the least of too many matches.
func bounded(matches []Match) []Match {
	size := 0
	for i, m := range matches {
		size += len(m.URL) + len(m.Page) + len(m.PageTitle)
		if i == maxMatches || size > maxMatchesText {
			return matches[:i]
		}
	}
	return matches
}
