package command

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"filewarden/bot"
	"filewarden/bot/gate"

	"golang.org/x/term"
	"os"
)

// Setup publishes the bot's pages.
type Setup struct {
	Operator string `placeholder:"USER" help:"Your own user name on the wiki, for the bot's user page."`
	Yes      bool   `help:"Publish without asking."`
}

// Help says what is published and what is left alone.
func (Setup) Help() string {
	return `Publishes the account's user page, Help, Requests, schema.json, and, where they do not exist
yet, config.json and optout.json with the defaults. Shows the difference first and asks. What
people wrote outside of the bot's part of a page stays as it is.`
}

// Run shows what would change, asks, and publishes.
func (s Setup) Run(c *Context) error {
	return c.withBot(func(b *bot.Bot) error {
		var plans []gate.Planned
		err := b.Setup(c.Ctx, gate.DryRun, s.Operator, func(p gate.Planned) { plans = append(plans, p) })
		if err != nil {
			return err
		}
		if len(plans) == 0 {
			fmt.Fprintln(c.Out, "Every page is as it should be.")
			return nil
		}
		for _, p := range plans {
			fmt.Fprintf(c.Out, "%s\n%s\n", c.bold("[["+p.Edit.Title+"]]"), c.colorDiff(p.Diff))
		}
		if err := s.agreed(c, len(plans)); err != nil {
			return err
		}
		if err := b.Setup(c.Ctx, gate.Live, s.Operator, nil); err != nil {
			return err
		}
		fmt.Fprintf(c.Out, "Published %d pages. Next: filewarden doctor, then filewarden run.\n", len(plans))
		return nil
	})
}

// agreed asks on a terminal; elsewhere --yes is the answer.
func (s Setup) agreed(c *Context, n int) error {
	if s.Yes {
		return nil
	}
	in, ok := c.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return &bot.UseError{Text: fmt.Sprintf("%d pages would change and nobody is there to ask. Give --yes to publish them", n)}
	}
	fmt.Fprintf(c.Err, "Publish these %d pages? [y/N] ", n)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		return err
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return errors.New("nothing was published")
	}
	return nil
}
