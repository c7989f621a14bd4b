// Package bench measures what the bot costs a wiki and its operator, beside
// clients that somebody would use instead: mwn from npm, mwclient for Python,
// and ESLint.
//
// Everything happens in one run on one real MediaWiki ([realwiki]) with made
// rows. A counter stands between every client and the wiki, so requests and
// bytes are those that crossed the wire and not what a client says of itself.
// Processor time is that of the client's process alone, by the system's own
// accounting; its starting up belongs to it. The clients take turns, forwards
// and then backwards, so that what else the machine does hits all alike.
//
// The peers do the same work, complete, in the way their documentation shows,
// and where there are two ways the bench shows both. They stop at the rows; the
// bot also reads its pages, remembers every use and compares: that is in its
// figures.
//
// Counts are promises: a count that is missed fails the run. Times and memory
// depend on the machine and are told; only memory far beyond its target fails.
//
// The audit of code stands beside ESLint (https://eslint.org/) with one rule,
// which parses every file as any linter does. It needs no wiki.
//
// Hashes of images stand beside Meta's C++ reference of PDQ, where somebody has
// built it, and beside Python's imagehash; their search beside FAISS. They need no
// wiki. The table of recall is of made pictures: it tells how rules compare, not
// how photographs fare.
//
// The wiki has no GlobalUsage, which is in no package of Debian: uses come from
// prop=fileusage. Its answers hold up to 5,000 rows where those of GlobalUsage
// end at 500, so for GlobalUsage 60 requests are the least that can be reached;
// the tests of tasks/usage count that case.
package bench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/tests/realwiki"
)

// bench is one run.
type bench struct {
	size
	dir      string
	wiki     *realwiki.Wiki
	counter  *counter
	followed collection
	accounts []account
	follower realwiki.User
	quiet    map[string]traffic // of the last pass without news, by account
}

// size is how much is done.
type size struct {
	files, rounds, starts int
	news                  int
	gadgets               int        // scripts to audit
	hashed, pictures      int        // files for the speed of hashing, and pictures for its recall
	codes                 []int      // rows to search in
	many                  collection // for the memory of many uses
}

// sizes by the name that the script beside this file hands over.
func sizes() map[string]size {
	return map[string]size{
		"quick": {files: 2000, rounds: 1, starts: 3, news: 60, gadgets: 280,
			hashed: 20, pictures: 2, codes: []int{200_000},
			many: collection{Name: "Large collection", Files: 1000, Uses: 100, Pages: 5000}},
		"full": {files: 10_000, rounds: 3, starts: 7, news: 60, gadgets: 1400,
			hashed: 60, pictures: 55, codes: []int{1_000_000, 10_000_000},
			many: collection{Name: "Large collection", Files: 10_000, Uses: 100, Pages: 50_000}},
	}
}

// series is one measure over several runs.
type series []float64

func (s series) String() string {
	if len(s) == 0 {
		return "-"
	}
	if len(s) == 1 {
		return short(s[0])
	}
	least, most := slices.Min(s), slices.Max(s)
	return fmt.Sprintf("%s (%s-%s)", short(s.median()), short(least), short(most))
}

func (s series) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Clone(s)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

func short(x float64) string {
	if x >= 10 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

func seconds(d time.Duration) float64 { return d.Seconds() }
func megabytes(n int) float64         { return float64(n) / (1 << 20) }

// table is rows of cells with a title.
type table struct {
	Title string
	rows  [][]string
}

func (t *table) row(cells ...any) {
	var row []string
	for _, c := range cells {
		row = append(row, fmt.Sprint(c))
	}
	t.rows = append(t.rows, row)
}

// String lines the columns up.
func (t *table) String() string {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s\n", t.Title)
	for _, row := range t.rows {
		line := ""
		for i, cell := range row {
			line += fmt.Sprintf("  %-*s", widths[i], cell)
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return out.String()
}

// listed are kinds and counts, the most frequent first.
func listed(kinds map[string]int) []string {
	var names []string
	for kind := range kinds {
		names = append(names, kind)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(kinds[b], kinds[a]), strings.Compare(a, b))
	})
	for i, kind := range names {
		names[i] = fmt.Sprintf("%5d  %s", kinds[kind], kind)
	}
	return names
}
