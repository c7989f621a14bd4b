package provenance

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"filewarden/bot"
	"filewarden/bot/wiki"
	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/offline"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// Audit finds code that breaks or loses media URLs, in files or in pages of
// the wiki. Rules with a length of two letters name an axis.
type Audit struct {
	Path []string `arg:"" optional:"" help:"Files, folders, globs such as '**/*.js', - for standard input; or addresses of pages on the wiki."`

	Format     string   `enum:"text,json,sarif" default:"text" help:"text, json or sarif."`
	FailOn     string   `enum:"error,warning,info,never" default:"error" help:"Exit with 1 when a finding is at least this severe: error, warning, info; or never."`
	Severity   string   `enum:"error,warning,info" default:"info" help:"Tell findings of this severity and above: error, warning, info."`
	Rule       []string `placeholder:"ID" help:"Tell findings of these rules only: ids such as TS001, or TS for all of that kind."`
	IgnoreRule []string `placeholder:"ID" help:"Tell no findings of these rules."`
	Exclude    []string `placeholder:"GLOB" help:"Pass over files and folders that a glob names."`
	NoIgnore   bool     `help:"Read files that .gitignore names as well."`
	StdinName  string   `placeholder:"FILE" default:"stdin.js" help:"What standard input is called; its language is told by it (${default})."`
	As         string   `enum:",javascript,css,lua,wikitext,html" default:"" help:"Language of files whose name tells none: javascript, css, lua, wikitext, html."`
	Language   string   `default:"en" help:"Language of the explanations: de, en, fr, zh-hans."`
	Rules      bool     `help:"Explain the rules instead, all or those of --rule."`
}

// Validate wants something to read, and rules that exist.
func (a Audit) Validate() error {
	for _, id := range slices.Concat(a.Rule, a.IgnoreRule) {
		if !offline.Known(id) {
			return fmt.Errorf("there is no rule %q; filewarden audit --rules names all", id)
		}
	}
	pages := 0
	for _, p := range a.Path {
		if isAddress(p) {
			pages++
		}
	}
	switch {
	case a.Rules && (len(a.Path) > 0 || a.Format == "sarif"):
		return errors.New("--rules reads nothing, and is told as text or json")
	case !a.Rules && len(a.Path) == 0:
		return errors.New("name files or folders, - for standard input, or the address of a page")
	case pages > 0 && pages < len(a.Path):
		return errors.New("name either files or addresses of pages, not both")
	}
	return nil
}

// isAddress says whether an argument is the address of a page.
func isAddress(arg string) bool {
	return strings.HasPrefix(arg, "https://") || strings.HasPrefix(arg, "http://")
}

// Run audits, and ends with exit 1 for findings from --fail-on upwards and for
// anything that could not be read.
func (a Audit) Run(c *bot.Console) error {
	words, err := templates.LoadIn(a.Language, templates.Folder(""), templates.Folder(Name))
	if err != nil {
		return fmt.Errorf("reading the words of the rules: %w", err)
	}
	report := &offline.Report{Words: words, Version: c.Version}
	if a.Rules {
		return a.explain(c, report.Words)
	}
	read := a.files
	if isAddress(a.Path[0]) {
		read = a.pages
	}
	if err := read(c, report); err != nil {
		return err
	}
	if err := a.tell(c, report); err != nil {
		return err
	}
	if report.Failed() || a.FailOn != "never" && report.Reaches(parseSeverity(a.FailOn)) {
		return bot.ErrFindings
	}
	return nil
}

func (a Audit) choice() offline.Choice {
	return offline.Choice{Rules: a.Rule, Without: a.IgnoreRule, Least: parseSeverity(a.Severity)}
}

func (a Audit) explain(c *bot.Console, l *templates.Language) error {
	choice := a.choice()
	rules := slices.DeleteFunc(slices.Clone(rule.Catalogue()), func(r rule.Rule) bool { return !choice.Wants(r) })
	if a.Format == "json" {
		return offline.RulesJSON(c.Out, l, rules)
	}
	return offline.Rules(c.Out, l, rules, offline.Paint(c.Color))
}

func (a Audit) tell(c *bot.Console, report *offline.Report) error {
	for _, i := range report.Items {
		if i.Failure != nil {
			fmt.Fprintf(c.Err, "filewarden: %s could not be read: %s\n", i.Path, i.Why)
		}
	}
	switch a.Format {
	case "json":
		return report.JSON(c.Out)
	case "sarif":
		return report.SARIF(c.Out)
	}
	return report.Text(c.Out, offline.Paint(c.Color))
}

// files audits what is on this machine.
func (a Audit) files(c *bot.Console, report *offline.Report) error {
	files := offline.Search{Exclude: a.Exclude, NoIgnore: a.NoIgnore}.Files(a.Path)
	reader := offline.Reader{Stdin: c.Stdin, StdinName: a.StdinName, Language: audit.Language(a.As)}
	done := 0
	return reader.Each(c.Ctx, files, func(i offline.Item) error {
		report.Add(i, a.choice())
		if done++; len(files) > 1 {
			c.Progress("Auditing files", done, len(files))
		}
		return nil
	})
}

// pages audits pages of the wiki, by their current revision.
func (a Audit) pages(c *bot.Console, report *offline.Report) error {
	return c.Env(Name, func(env *bot.Env) error {
		titles, err := a.titles(env)
		if err != nil {
			return err
		}
		texts, err := env.Wiki.Read(c.Ctx, titles...)
		if err != nil {
			return fmt.Errorf("reading pages to audit: %w", err)
		}
		for _, title := range titles {
			report.Add(auditPage(env, title, texts[title]), a.choice())
		}
		return nil
	})
}

// titles of the pages that are named by their addresses. Only the configured
// wiki is ever asked.
func (a Audit) titles(env *bot.Env) ([]string, error) {
	var titles []string
	for _, address := range a.Path {
		u, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("%q is no address: %w", address, err)
		}
		text, ok := env.Wiki.TitleOf(u)
		if !ok {
			return nil, fmt.Errorf("%s is no page of %s, and other wikis are not asked; --api names the wiki", address, env.Wiki.Host())
		}
		title, err := env.Wiki.Title(text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(titles, title.Full) {
			titles = append(titles, title.Full)
		}
	}
	return titles, nil
}

// auditPage audits a page; its content model tells the language.
func auditPage(env *bot.Env, title string, text wiki.Text) offline.Item {
	missing := offline.Item{URI: env.Wiki.URL(title), Result: audit.Result{Path: title, Analysis: audit.Skipped}}
	if text.Missing || text.Invalid {
		missing.Failure = errors.New("there is no such page")
		missing.Why = missing.Failure.Error()
		return missing
	}
	language, ok := audit.LanguageOfModel(text.Model)
	if !ok {
		missing.Why = "pages of the content model " + text.Model + " hold no code that is known here"
		return missing
	}
	item := offline.Audit(audit.Source{Path: title, Language: language, Text: []byte(text.Content)})
	item.URI = missing.URI
	return item
}
