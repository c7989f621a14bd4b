// Command filewarden looks after the files of a MediaWiki: it tells uploaders
// where their files came into use, and says which code on the wiki breaks the
// addresses of media files.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"filewarden/bot"
	"filewarden/bot/command"
	"filewarden/tasks/copyvio"
	"filewarden/tasks/provenance"
	"filewarden/tasks/usage"

	"github.com/alecthomas/kong"
)

// version of this program; releases set it when linking.
var version = "0.1.0"

// line is the command line.
type line struct {
	command.Operator

	Demo    command.Demo    `cmd:"" help:"Show everything in a wiki of its own, with nothing to set up."`
	Run     command.Run     `cmd:"" help:"Work until stopped."`
	Once    command.Once    `cmd:"" help:"Make one pass of one task."`
	Doctor  command.Doctor  `cmd:"" help:"Say what is missing: rights, grants, extensions, settings, and how to mend it."`
	Setup   command.Setup   `cmd:"" help:"Publish the bot's pages, after showing the difference."`
	Config  command.Config  `cmd:"" help:"Work on config pages."`
	Backup  command.Backup  `cmd:"" help:"Copy the memory into a file."`
	Restore command.Restore `cmd:"" help:"Make a memory from a backup."`
	Version command.Version `cmd:"" help:"Print the version."`

	kong.Plugins // what tasks bring along
}

// tasks are what the bot is for. A new one is a folder in tasks/ and a line here.
func tasks() []bot.Registration {
	return []bot.Registration{
		usage.Register(),
		copyvio.Register(),
		provenance.Register(),
	}
}

func main() { os.Exit(run(tasks())) }

// run sets up what the commands see of the outside world.
func run(registered []bot.Registration) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	terminal := command.IsTerminal(os.Stderr)
	return command.Main(&command.Context{
		Ctx: ctx, Version: version, Tasks: registered,
		NewLine: newLine(registered),
		Stdin:   os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal: terminal, Color: terminal && command.IsTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "",
		Hangup: hangups,
		Args:   os.Args[1:], Lookup: os.LookupEnv,
	})
}

// hangups hears of SIGHUP, which ends a process that does not listen.
func hangups() <-chan os.Signal {
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	return heard
}

// newLine makes empty command lines, with the commands that tasks bring along.
func newLine(registered []bot.Registration) func() (any, *command.Operator) {
	return func() (any, *command.Operator) {
		l := &line{}
		l.Plugins = command.Plugins(registered, &l.Operator)
		return l, &l.Operator
	}
}
