package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"filewarden/bot"
	"filewarden/bot/web"

	"golang.org/x/sync/errgroup"
)

// Run works until it is told to stop.
type Run struct{}

// Help is what --help says beyond the one line.
func (Run) Help() string {
	return `Works until stopped by Ctrl-C or SIGTERM, and ends within seconds of it. Tasks run at the
intervals of the wiki's config.json, config and requests are read every minute.
With --mode dry-run (the default) nothing is written: the log shows each edit it would make.`
}

// Run schedules tasks, serves health and metrics, and answers the socket.
func (Run) Run(c *Context) (err error) {
	if c.Remote {
		return &bot.UseError{Text: "filewarden is running already"}
	}
	b, closing, err := c.openBot()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing()) }()
	b.Log().Info().Str("account", b.Account()).Str("wiki", b.Wiki().Site().Name).Str("mode", c.Operator.Mode).Msg("at work")
	group, ctx := errgroup.WithContext(c.Ctx)
	work := *c
	work.Ctx = ctx
	group.Go(func() error { return work.serveControl(b) })
	group.Go(func() error { return work.serveWeb(b) })
	group.Go(func() error { return b.Schedule(ctx) })
	return group.Wait()
}

// healthAddress is where run listens unless told otherwise.
const healthAddress = "127.0.0.1:8377"

// serveWeb serves health, metrics and the tasks' routes until the context ends.
func (c *Context) serveWeb(b *bot.Bot) error {
	address := cmp.Or(c.Operator.Listen, healthAddress)
	if address == "-" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listening for health and metrics (--listen - for nowhere): %w", err)
	}
	b.Log().Info().Str("address", "http://"+listener.Addr().String()).Msg("health and metrics")
	return c.serve(listener, web.New(b))
}

// lastWords is how long open requests have to end once the bot is told to stop.
const lastWords = 3 * time.Second

// serve answers until the context ends, then gives open requests a moment.
func (c *Context) serve(listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-c.Ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Ctx), lastWords)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			stopped <- server.Close()
			return
		}
		stopped <- nil
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// Once makes one pass of one task.
type Once struct {
	Task string `arg:"" help:"Name of the task, such as usage."`
}

// Help says what belongs to a pass.
func (Once) Help() string {
	return `Does for one task what run does for all: answers what people ask on Requests, makes the pass,
sends the notices that are due, and tells Status. Exit code 3 when a Stop page holds it back.`
}

// Run makes the pass, with a progress bar, and says what became of it.
func (o Once) Run(c *Context) error {
	if err := c.knows(o.Task); err != nil {
		return err
	}
	return c.withBot(func(b *bot.Bot) error {
		before := b.Round(c.Ctx)
		pass := b.Pass(c.Ctx, o.Task, c.progress())
		held, told := o.afterwards(c, b)
		if err := errors.Join(pass, before, told); err != nil {
			return err
		}
		return errors.Join(c.summarize(b, o.Task), held)
	})
}

// knows refuses the name of a task that is not there, before anything is asked
// of the wiki.
func (c *Context) knows(task string) error {
	var names []string
	for _, t := range c.Tasks {
		names = append(names, t.Task.Name())
	}
	if slices.Contains(names, task) {
		return nil
	}
	return &bot.UseError{Text: fmt.Sprintf("there is no task %q; there is %s", task, strings.Join(names, ", "))}
}

// Version prints the version.
type Version struct{}

// Run prints it.
func (Version) Run(c *Context) error {
	_, err := fmt.Fprintln(c.Out, "filewarden", c.Version)
	return err
}

// afterwards tells Status of the pass. A stop saved while notices went out
// holds the rest back; that is noted, and is how the command ends.
func (o Once) afterwards(c *Context, b *bot.Bot) (held, told error) {
	held = b.Gate().Check(c.Ctx, o.Task)
	if stopOf(held) != nil {
		return held, b.Round(c.Ctx)
	}
	return nil, b.TellStatus(c.Ctx)
}

// summarize says where a pass that went well left things.
func (c *Context) summarize(b *bot.Bot, task string) error {
	state, err := b.TaskState(task)
	if err != nil {
		return err
	}
	waiting, err := b.Pending()
	if err != nil {
		return err
	}
	total := 0
	for _, n := range waiting {
		total += n
	}
	fmt.Fprintf(c.Out, "%s: done in %s; %d requests; %d notices wait for their window\n",
		task, time.Since(state.Last).Round(time.Millisecond), b.Wiki().Stats().Requests, total)
	return nil
}
