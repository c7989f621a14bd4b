package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"filewarden/tests/realwiki"
)

const sizeVariable = "FILEWARDEN_BENCH"

// TestHowFast is the whole bench: run the script beside this file.
func TestHowFast(t *testing.T) {
	name := os.Getenv(sizeVariable)
	if name == "" {
		t.Skip("the benchmarks are run by tests/bench/run")
	}
	chosen, ok := sizes()[name]
	if !ok {
		t.Fatalf("%s=%s: want full or quick", sizeVariable, name)
	}
	b := &bench{size: chosen, dir: t.TempDir(), quiet: map[string]traffic{}}
	b.setUp(t)
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"scan", b.scan}, {"who", b.who}, {"start", b.start}, {"memory", b.memory},
	} {
		begin := time.Now()
		t.Run(part.name, part.run)
		fmt.Printf("  (%s took %s)\n", part.name, time.Since(begin).Round(time.Second))
	}
}

// setUp makes a wiki with followed files, and two accounts for the bot.
func (b *bench) setUp(t *testing.T) {
	begin := time.Now()
	b.wiki = realwiki.Start(t)
	b.counter = newCounter(t, b.wiki.URL)
	b.followed = collection{Name: "Followed files", Files: b.files, Uses: 3, Pages: b.files / 2}
	b.followed.seed(t, b.wiki, firstPage)
	b.follower = b.wiki.AddUser("Fiona Follower")
	b.accounts = []account{
		{b.wiki.AddUser("Filewarden", "bot"), "high limits"},
		{b.wiki.AddUser("Slowwarden"), "usual limits"},
	}
	for _, as := range b.accounts {
		b.prepare(t, as, b.follower, b.followed)
	}
	fmt.Printf("MediaWiki 1.43 with %d files in one category and %d uses of them, ready after %s\n",
		b.followed.Files, b.followed.rows(), time.Since(begin).Round(time.Second))
}

// do runs a player's job and fails the test when it fails.
func (b *bench) do(t *testing.T, p player, job string, as account, input string) (cost, traffic) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := p.command(job, as)
	if input != "" {
		cmd.Stdin = strings.NewReader(input)
	}
	b.counter.reset()
	c, err := measure(ctx, cmd)
	if err != nil {
		t.Fatalf("%s, %s, %s: %v", p.Name, job, as.Limit, err)
	}
	return c, b.counter.requests()
}

// seen is what a peer says that it found.
type seen struct{ Files, Rows int }

func (b *bench) seenBy(t *testing.T, c cost) (s seen) {
	t.Helper()
	if err := json.Unmarshal([]byte(c.Out), &s); err != nil {
		t.Fatalf("reading what a peer found: %v\n%s", err, c.Out)
	}
	return s
}
