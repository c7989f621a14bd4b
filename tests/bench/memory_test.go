package bench

import (
	"bytes"
	"fmt"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Targets of memory in MB, and how far beyond them a run may be before it fails:
// what is resident depends on what else the machine does.
const (
	idleTarget = 40
	manyTarget = 120
	tolerance  = 1.5
)

// memory is the third row: `filewarden run` when there is nothing to do, and
// with a great many uses remembered.
func (b *bench) memory(t *testing.T) {
	as := b.accounts[0]
	uses := b.many.rows()
	out := table{Title: fmt.Sprintf("3. Memory: %d MB idle, %d MB with %d uses remembered", idleTarget, manyTarget, uses)}
	out.row("", "MB", "of it its own", "CPU s", "wall s", "verdict")

	rss, own := b.idle(t, as)
	out.row(fmt.Sprintf("run, idle after a round, %d uses remembered", b.followed.rows()), short(rss), short(own), "", "",
		b.verdictOfMemory(t, "idle", rss, idleTarget))

	b.many.seed(t, b.wiki, firstPage*10)
	b.follow(b.follower, b.many)
	for _, pass := range []string{"first pass", "pass without news"} {
		c, passed := b.do(t, player{"filewarden", b.bot}, "once usage", as, "")
		peak := megabytes(c.Peak)
		out.row(fmt.Sprintf("%s, at its highest, %d requests", pass, len(passed)), short(peak), "",
			short(seconds(c.CPU)), short(seconds(c.Wall)), b.verdictOfMemory(t, pass, peak, manyTarget))
	}
	if all := b.recall(t, as); all.Uses < uses {
		t.Errorf("%d uses are remembered, want %d", all.Uses, uses)
	}
	rss, own = b.idle(t, as)
	out.row("run, idle after a round", short(rss), short(own), "", "", b.verdictOfMemory(t, "idle with many uses", rss, manyTarget))
	fmt.Println(out.String())
}

func (b *bench) verdictOfMemory(t *testing.T, what string, mb, target float64) string {
	switch {
	case mb <= target:
		return "reached"
	case mb <= target*tolerance:
		return "TOLD: more"
	}
	t.Errorf("%s: %.0f MB, far beyond %.0f", what, mb, target)
	return "MISSED"
}

// idle starts `filewarden run`, lets it make its first round and tells how much
// memory is resident when nothing has happened for a while; own is what of it
// is no file that the system could drop.
func (b *bench) idle(t *testing.T, as account) (rss, own float64) {
	t.Helper()
	var said bytes.Buffer
	cmd := b.bot("run", as)
	cmd.Stderr = &said
	<-b.started(t, cmd)
	b.untilQuiet(t)
	sizes := memory(cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("run ended by itself: %v\n%s", err, said.String())
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("run did not end cleanly: %v\n%s", err, said.String())
	}
	return megabytes(sizes["VmRSS"]), megabytes(sizes["RssAnon"])
}

// started starts the command; the channel is closed by its first request.
func (b *bench) started(t *testing.T, cmd *exec.Cmd) <-chan struct{} {
	t.Helper()
	first := b.counter.reset()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return first
}

// untilQuiet returns when no request has passed for some seconds.
func (b *bench) untilQuiet(t *testing.T) {
	t.Helper()
	const calm = 5 * time.Second
	deadline := time.Now().Add(3 * time.Minute)
	for n, since := -1, time.Now(); time.Since(since) < calm; time.Sleep(100 * time.Millisecond) {
		if now := len(b.counter.requests()); now != n {
			n, since = now, time.Now()
		}
		if time.Now().After(deadline) {
			t.Fatal("the bot does not come to rest")
		}
	}
}
