package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

// account is one that clients log in with.
type account struct {
	realwiki.User
	Limit string // "high limits" or "usual limits"
}

// player is a client that does the work.
type player struct {
	Name string
	// command does a job with an account; what else the job needs is in its input.
	command func(job string, as account) *exec.Cmd
}

// Where the script beside this file has put things.
const (
	binaryVariable = "FILEWARDEN_BENCH_BINARY" // the bot
	pythonVariable = "FILEWARDEN_BENCH_PYTHON" // a Python that has mwclient; "" where there is none
	nodeVariable   = "FILEWARDEN_BENCH_NODE"   // a node beside which mwn is installed; "" where there is none
)

// peers are the clients that somebody would use instead.
func (b *bench) peers() []player {
	var all []player
	if node := os.Getenv(nodeVariable); node != "" {
		all = append(all, player{"mwn", b.script(node, "peers/scan.mjs")})
	}
	if python := os.Getenv(pythonVariable); python != "" {
		all = append(all, player{"mwclient", b.script(python, "peers/scan.py")})
	}
	return all
}

func (b *bench) script(interpreter, file string) func(string, account) *exec.Cmd {
	return func(job string, as account) *exec.Cmd {
		cmd := exec.Command(interpreter, file, job)
		cmd.Env = append(os.Environ(), "WIKI_API="+b.api(), "WIKI_USER="+as.BotLogin,
			"WIKI_PASSWORD="+as.BotPassword, "WIKI_CATEGORY="+b.followed.title())
		return cmd
	}
}

// bot is the bot's own binary with a folder of its own for each account; the
// job is its command line.
func (b *bench) bot(job string, as account) *exec.Cmd {
	return b.botIn(b.folder(as), job, as)
}

// folder of an account's memory.
func (b *bench) folder(as account) string { return filepath.Join(b.dir, "data of "+as.Name) }

// botIn runs the bot with a memory of the caller's choice.
func (b *bench) botIn(folder, job string, as account) *exec.Cmd {
	cmd := exec.Command(os.Getenv(binaryVariable), strings.Fields(job)...)
	cmd.Dir = b.dir // no settings file of the machine's is read
	cmd.Env = append(os.Environ(), "FILEWARDEN_API="+b.api(), "FILEWARDEN_USER="+as.BotLogin,
		"FILEWARDEN_PASSWORD="+as.BotPassword, "FILEWARDEN_CONTACT=bench@wiki.invalid",
		"FILEWARDEN_DATA="+folder, "FILEWARDEN_MODE=live", "FILEWARDEN_LISTEN=-")
	return cmd
}

func (b *bench) api() string { return b.counter.URL + "/w/api.php" }

// prepare makes the account ready: its config, and a follower who subscribed.
func (b *bench) prepare(t testing.TB, as account, follower realwiki.User, every collection) {
	t.Helper()
	home := "User:" + as.Name + "/"
	b.wiki.Edit(b.wiki.Admin, home+"config.json", `{"mode": "live", "notices": {"window": "weekly"},
 "tasks": {"usage": {"enabled": true, "every": "24h"}}}`, "what the bench runs with")
	b.wiki.Edit(follower, home+"Requests", "== subscribe ==\nplease ~~~~\n", "subscribe")
	b.follow(follower, every)
}

// follow makes the follower's preferences name one category.
func (b *bench) follow(follower realwiki.User, c collection) {
	b.wiki.Edit(b.wiki.Admin, "User:"+follower.Name+"/Filewarden.json", fmt.Sprintf(
		`{"window": "weekly", "usage": {"follow": {"own": false, "categories": [%q]}}}`, c.title()), "what I follow")
}
