package bench

import (
	"fmt"
	"slices"
	"testing"
)

// Targets of a scan of 10,000 files with 3 uses each, in requests for uses.
const (
	scanHigh  = 65
	scanUsual = 200
)

// scan is the first row of the design: all uses of all followed files.
func (b *bench) scan(t *testing.T) {
	for _, as := range b.accounts {
		target := scanHigh
		if as.Limit != "high limits" {
			target = scanUsual
		}
		b.scanWith(t, as, max(1, target*b.files/10_000))
	}
}

// turn is one client's runs.
type turn struct {
	name, job        string
	play             player
	cpu, wall, peak  series
	passed           traffic
	scans            int // requests that asked for uses
	files, rows      int
	reference, extra bool // the bot's first pass; a peer's other way, run once
}

func (b *bench) scanWith(t *testing.T, as account, target int) {
	ours := player{"filewarden", b.bot}
	turns := []*turn{{name: "filewarden, first pass", job: "once usage", play: ours, reference: true},
		{name: "filewarden, no news", job: "once usage", play: ours}}
	for _, p := range b.peers() {
		turns = append(turns, &turn{name: p.Name + ", titles in batches", job: "scan", play: p},
			&turn{name: p.Name + ", generator", job: "generator", play: p})
		if p.Name == "mwn" {
			turns = append(turns, &turn{name: "mwn, massQuery, fulimit=max", job: "massQuery", play: p},
				&turn{name: "mwn, massQuery as it is", job: "massQueryAsItIs", play: p, extra: true})
		}
	}
	b.take(t, as, turns[0])
	rest := turns[1:]
	for round := range b.rounds {
		for _, one := range rest {
			if !one.extra || round == 0 {
				b.take(t, as, one)
			}
		}
		slices.Reverse(rest) // A B, then B A
	}
	if b.rounds%2 == 1 {
		slices.Reverse(rest)
	}
	b.quiet[as.Name] = turns[1].passed
	b.tellScan(t, as, target, turns)
}

// take gives a client one run and notes what it cost and found.
func (b *bench) take(t *testing.T, as account, one *turn) {
	c, passed := b.do(t, one.play, one.job, as, "")
	one.cpu = append(one.cpu, seconds(c.CPU))
	one.wall = append(one.wall, seconds(c.Wall))
	one.peak = append(one.peak, megabytes(c.Peak))
	one.passed, one.scans = passed, passed.with("fileusage")
	if one.play.Name == "filewarden" {
		all := b.recall(t, as)
		one.files, one.rows = all.Files, all.Uses
		return
	}
	found := b.seenBy(t, c)
	one.files, one.rows = found.Files, found.Rows
}

func (b *bench) tellScan(t *testing.T, as account, target int, turns []*turn) {
	out := table{Title: fmt.Sprintf("1. Scan of %d followed files with 3 uses each, %s: complete, at most %d requests for uses, less CPU than the peers",
		b.files, as.Limit, target)}
	out.row("", "for uses", "requests", "KB", "CPU s", "wall s", "peak MB", "files", "rows", "verdict")
	ours := turns[1]
	for _, one := range turns {
		out.row(one.name, one.scans, len(one.passed), one.passed.bytes()>>10, one.cpu, one.wall, one.peak,
			one.files, one.rows, b.verdictOfScan(t, as, one, ours, target))
	}
	fmt.Println(out.String())
	fmt.Printf("A pass without news, %s, makes these requests:\n", as.Limit)
	for _, line := range listed(ours.passed.kinds()) {
		fmt.Println(line)
	}
}

func (b *bench) verdictOfScan(t *testing.T, as account, one, ours *turn, target int) string {
	complete := one.files >= b.files && one.rows >= b.followed.rows()
	switch {
	case one.play.Name == "filewarden" && !complete:
		t.Errorf("%s, %s: %d of %d files, %d of %d uses", one.name, as.Limit, one.files, b.files, one.rows, b.followed.rows())
		return "MISSED: incomplete"
	case one.play.Name == "filewarden" && one.scans > target:
		t.Errorf("%s, %s: %d requests for uses, want at most %d", one.name, as.Limit, one.scans, target)
		return "MISSED: requests"
	case one.play.Name == "filewarden":
		return "reached"
	case !complete:
		return "incomplete"
	case ours.cpu.median() < one.cpu.median():
		return fmt.Sprintf("%.1f times our CPU", one.cpu.median()/ours.cpu.median())
	}
	return fmt.Sprintf("TOLD: %.1f times our CPU", one.cpu.median()/ours.cpu.median())
}
