// Package command is the command line: what an operator types.
//
// The line is one kong struct in main.go. Every command gets what it needs by
// kong's bindings: a Context with the operator's settings, the registered
// tasks, the terminal. A command that works on the memory runs in this process
// when the data folder is free, and inside the running bot through its socket
// when `filewarden run` holds the folder (see control.go); it is the same
// code either way.
//
// Output follows three rules. On a terminal: progress bars, colour, tables;
// in a pipe: plain lines. What a command is asked for goes to standard output,
// what it says about its work to standard error. An error says what went
// wrong, where, and what to do next.
//
// Exit codes: 0 done; 1 findings or failures; 2 wrong use; 3 stopped by a Stop page.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filewarden/bot"
	"filewarden/bot/gate"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// Exit codes.
const (
	ExitDone    = 0
	ExitFailed  = 1
	ExitUse     = 2
	ExitStopped = 3
)

// Context is what every command works with.
type Context struct {
	Ctx      context.Context
	Version  string
	Tasks    []bot.Registration
	NewLine  func() (line any, o *Operator) // an empty command line: a pointer to a kong struct
	Operator *Operator                      // of the line in use
	Lookup   func(string) (string, bool)    // the environment
	Stdin    io.Reader
	Out      io.Writer // what was asked for
	Err      io.Writer // what is said about the work
	Terminal bool      // Err is a terminal: bars
	Color    bool
	Hangup   func() <-chan os.Signal // hears of SIGHUP from now on
	Args     []string                // as typed

	Remote  bool     // running inside `filewarden run`, for a caller at the socket
	running *bot.Bot // the bot that runs, with Remote
}

// Main parses c.Args into a new command line and runs what they name. It
// returns the exit code.
func Main(c *Context) int {
	var line any
	line, c.Operator = c.NewLine()
	shown := false // --help has been answered; kong would end the process here
	parser, err := newParser(line, c, func(int) { shown = true })
	if err != nil {
		return c.fail(err)
	}
	parsed, err := parser.Parse(c.Args)
	if shown {
		return ExitDone
	}
	if err != nil {
		return useError(err, c)
	}
	parsed.Bind(c, c.console())
	if err := parsed.Run(); err != nil {
		return c.fail(err)
	}
	return ExitDone
}

func newParser(line any, c *Context, exit func(int)) (*kong.Kong, error) {
	return kong.New(line,
		kong.Name("filewarden"),
		kong.Description(description),
		kong.Writers(c.Out, c.Err),
		kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Resolvers(c.resolver()),
	)
}

// resolver finds settings that were not typed; a command that came through the
// socket has none, as it works with the bot that runs.
func (c *Context) resolver() kong.Resolver {
	if c.Remote {
		return kong.ResolverFunc(func(*kong.Context, *kong.Path, *kong.Flag) (any, error) { return nil, nil })
	}
	return resolver(c.Lookup)
}

const description = `A MediaWiki bot that looks after files.

Start with "filewarden demo": it needs nothing and shows everything in a wiki of its own.
For a real wiki: "filewarden doctor" says what is missing, "filewarden setup" publishes the
bot's pages, "filewarden run" works until stopped. Nothing is written unless --mode says so.

Every flag may also stand in the environment, --api as FILEWARDEN_API, or in a settings file,
as a line API=…. A flag wins over the environment, and that over the file.`

// useError says what was typed wrongly and where help is.
func useError(err error, c *Context) int {
	var use *bot.UseError // of the settings file: the flag that was looked up there is not at fault
	if errors.As(err, &use) {
		return c.fail(use)
	}
	fmt.Fprintln(c.Err, "filewarden:", err)
	help := "filewarden --help"
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context.Command() != "" {
		help = "filewarden " + strings.Fields(wrong.Context.Command())[0] + " --help"
	}
	fmt.Fprintln(c.Err, "Try:", help)
	return ExitUse
}

// fail says what went wrong and gives the exit code for it.
func (c *Context) fail(err error) int {
	if errors.Is(err, bot.ErrFindings) {
		return ExitFailed
	}
	if stop := stopOf(err); stop != nil {
		fmt.Fprintf(c.Err, "filewarden: stopped by [[%s]]. Blank that page to go on.\n", stop.Page)
		return ExitStopped
	}
	var said exitError
	if errors.As(err, &said) {
		return int(said)
	}
	var use *bot.UseError
	if errors.As(err, &use) {
		fmt.Fprintln(c.Err, "filewarden:", err)
		return ExitUse
	}
	fmt.Fprintln(c.Err, "filewarden:", err)
	return ExitFailed
}

// stopOf is the refusal by a Stop page in an error, or nil.
func stopOf(err error) *gate.Refused {
	var refused *gate.Refused
	if errors.As(err, &refused) && (refused.Reason == gate.Stopped || refused.Reason == gate.TaskStop) {
		return refused
	}
	return nil
}

// IsTerminal says whether f is one.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// console is the part of the context that tasks' commands see.
func (c *Context) console() *bot.Console {
	return &bot.Console{
		Ctx: c.Ctx, Out: c.Out, Err: c.Err, Terminal: c.Terminal, Color: c.Color, Stdin: c.Stdin,
		Version: c.Version, Progress: c.progress(),
		Log: c.logger(), Listen: c.Operator.Listen, Hangup: c.Hangup,
		Instead: func(args ...string) { c.Args = args },
		Env: func(task string, work func(*bot.Env) error) error {
			return c.withBot(func(b *bot.Bot) error {
				env, err := b.Env(task)
				if err != nil {
					return err
				}
				env.Progress = c.progress()
				return work(env)
			})
		},
	}
}

// Plugins are the commands and the operator's flags that tasks bring along, for
// a kong struct; o takes in what the flags will say.
func Plugins(tasks []bot.Registration, o *Operator) kong.Plugins {
	var all kong.Plugins
	o.tasks = map[string]any{}
	for _, t := range tasks {
		if t.Operator != nil {
			flags := t.Operator()
			all, o.tasks[t.Task.Name()] = append(all, flags), flags
		}
		if t.Commands != nil {
			all = append(all, t.Commands())
		}
	}
	return all
}
