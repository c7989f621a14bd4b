package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// startTarget is how long it may take from starting the program to the first
// request at the wiki.
const startTarget = 300 * time.Millisecond

// start is the fourth row. The bot opens a memory in that time, once an empty
// one and once that of the scans before.
func (b *bench) start(t *testing.T) {
	as := b.accounts[0]
	type starter struct {
		name   string
		player player
		job    string
		took   series
	}
	all := []*starter{
		{name: "filewarden", player: player{"filewarden", b.bot}, job: "once usage"},
		{name: "filewarden, version", player: player{"filewarden", b.bot}, job: "version"},
	}
	for _, p := range b.peers() {
		all = append(all, &starter{name: p.Name, player: p, job: "start"})
	}
	for range b.starts {
		for _, s := range all {
			s.took = append(s.took, b.firstRequest(t, s.player, s.job, as).Seconds()*1000)
		}
		slices.Reverse(all)
	}
	out := table{Title: fmt.Sprintf("4. From start to first request: %d ms", startTarget.Milliseconds())}
	out.row("", "ms", "verdict")
	slices.SortFunc(all, func(a, c *starter) int { return int(a.took.median() - c.took.median()) })
	for _, s := range all {
		verdict := ""
		if s.name == "filewarden" {
			verdict = "reached"
			if s.took.median() > float64(startTarget.Milliseconds()) {
				verdict = "TOLD: slower"
			}
		}
		out.row(s.name, s.took, verdict)
	}
	fmt.Println(out.String())
}

// firstRequest starts a client and ends it when its first request arrives. One
// that makes none is timed to its end.
func (b *bench) firstRequest(t *testing.T, p player, job string, as account) time.Duration {
	t.Helper()
	cmd := p.command(job, as)
	first := b.counter.reset()
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var took time.Duration
	select {
	case <-first:
		took = time.Since(begin)
		_ = cmd.Process.Kill()
		<-ended
	case err := <-ended:
		took = time.Since(begin)
		if err != nil {
			t.Fatalf("%s %s ended before its first request: %v", p.Name, job, err)
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		t.Fatalf("%s made no request", p.Name)
	}
	return took
}
