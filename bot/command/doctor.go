package command

import (
	"errors"
	"fmt"
	"strings"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/wikiconfig"
)

// Doctor says what is missing and how to mend it.
type Doctor struct{}

// Help says what is looked at.
func (Doctor) Help() string {
	return `Looks at the account's rights and grants, the wiki's extensions and switches, the bot's pages
and the settings of this machine. Changes nothing. Exit code 1 when something must be mended.`
}

// grade of one finding.
type grade int

const (
	good grade = iota
	hint       // works without, less well
	bad        // must be mended
)

// finding is one thing the doctor looked at.
type finding struct {
	grade  grade
	what   string
	remedy string
}

// Run prints a line for each thing looked at, and what to do below it.
func (Doctor) Run(c *Context) error {
	return c.withBot(func(b *bot.Bot) error {
		findings, err := examine(c, b)
		if err != nil {
			return err
		}
		worst := good
		for _, f := range findings {
			worst = max(worst, f.grade)
			c.printFinding(f)
		}
		if worst == bad {
			return bot.ErrFindings
		}
		return nil
	})
}

func (c *Context) printFinding(f finding) {
	mark := map[grade]string{good: c.paint(sgrGreen, "ok  "), hint: c.paint(sgrYellow, "hint"), bad: c.paint(sgrRed, "BAD ")}[f.grade]
	fmt.Fprintf(c.Out, "%s  %s\n", mark, f.what)
	if f.grade != good && f.remedy != "" {
		fmt.Fprintf(c.Out, "      %s\n", strings.ReplaceAll(f.remedy, "\n", "\n      "))
	}
}

func examine(c *Context, b *bot.Bot) ([]finding, error) {
	site := b.Wiki().Site()
	findings := []finding{{good, fmt.Sprintf("logged in as %s at %s (%s)", b.Account(), site.Name, site.Generator), ""}}
	rights, err := examineRights(c, b)
	if err != nil {
		return nil, err
	}
	findings = append(findings, rights...)
	findings = append(findings, examineExtensions(b)...)
	findings = append(findings, examinePanel(b)...)
	stops, err := examineStops(c, b)
	if err != nil {
		return nil, err
	}
	findings = append(findings, stops...)
	findings = append(findings, examineTasks(b)...)
	pages, err := examinePages(c, b)
	return append(findings, pages...), err
}

// examinePanel looks at the config in use.
func examinePanel(b *bot.Bot) (out []finding) {
	state := b.Panel().State()
	page := b.OwnPrefix() + "config.json"
	switch {
	case state.BadRev != 0:
		out = append(out, finding{bad, fmt.Sprintf("%s: revision %d by %s is refused, the last good one stays in use", page, state.BadRev, state.BadUser),
			strings.Join(wikiconfig.Describe("config.json", state.Problems), "\n")})
	case state.ConfigRev == 0:
		out = append(out, finding{hint, page + " does not exist: the defaults are in use (mode trial)", "Run: filewarden setup"})
	default:
		out = append(out, finding{good, fmt.Sprintf("%s: revision %d in use, mode %s", page, state.ConfigRev, state.Config.Mode), ""})
		for _, line := range wikiconfig.Describe("config.json", state.Problems) {
			out = append(out, finding{hint, line, ""})
		}
	}
	for _, line := range wikiconfig.Describe("optout.json", state.OptOutBad) {
		out = append(out, finding{hint, line, "Everything on that page that says no is obeyed."})
	}
	return out
}

// examineStops says which Stop pages are in force.
func examineStops(c *Context, b *bot.Bot) (out []finding, err error) {
	for _, task := range append([]string{""}, taskNames(b)...) {
		err := b.Gate().Check(c.Ctx, task)
		var refused *gate.Refused
		switch {
		case err == nil:
		case errors.As(err, &refused) && refused.Reason == gate.TrialOver:
			return append(out, finding{hint, "the trial is over: " + refused.Detail, "Raise trialEdits in config.json, or set mode to live once the community agrees."}), nil
		case errors.As(err, &refused):
			out = append(out, finding{hint, "stopped: " + refused.Error(), "Blank [[" + refused.Page + "]] to let it go on."})
			if refused.Reason != gate.TaskStop {
				return out, nil
			}
		default:
			return nil, fmt.Errorf("asking the Stop pages: %w", err)
		}
	}
	if len(out) == 0 {
		out = append(out, finding{good, "no Stop page is in force", ""})
	}
	return out, nil
}

// examineTasks asks the tasks that are switched on what somebody has to see to.
func examineTasks(b *bot.Bot) (out []finding) {
	for _, name := range taskNames(b) {
		account, err := b.AccountOf(name)
		if err != nil {
			out = append(out, finding{bad, name + ": " + err.Error(), ""})
		}
		for _, remark := range account.Remarks {
			out = append(out, finding{hint, name + ": " + remark, ""})
		}
	}
	return out
}

func taskNames(b *bot.Bot) (names []string) {
	for _, t := range b.Tasks() {
		names = append(names, t.Task.Name())
	}
	return names
}

// examinePages compares the bot's own pages with what setup would publish.
func examinePages(c *Context, b *bot.Bot) ([]finding, error) {
	var stale []string
	err := b.Setup(c.Ctx, gate.DryRun, "", func(p gate.Planned) { stale = append(stale, "[["+p.Edit.Title+"]]") })
	var refused *gate.Refused
	if errors.As(err, &refused) {
		return nil, nil // the Stop pages have been told of
	}
	if err != nil {
		return nil, fmt.Errorf("comparing the bot's pages: %w", err)
	}
	if len(stale) == 0 {
		return []finding{{good, "the bot's pages are up to date", ""}}, nil
	}
	return []finding{{hint, "not up to date: " + strings.Join(stale, ", "), "Run: filewarden setup"}}, nil
}
