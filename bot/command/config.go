package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"filewarden/bot"
	"filewarden/wikiconfig"
)

// Config works on config pages.
type Config struct {
	Check  ConfigCheck  `cmd:"" help:"Check a config page, or a file before it becomes one."`
	Schema ConfigSchema `cmd:"" help:"Print the JSON Schema of config and preferences."`
}

// ConfigCheck validates a file or a page.
type ConfigCheck struct {
	Name string `arg:"" optional:"" help:"A file, - for standard input, or a page of the wiki such as User:Filewarden/config.json; without it the bot's own config.json. What the name ends in says what it is: config.json, optout.json, or a user's Filewarden.json."`
}

// Run prints every problem and exits 1 when there is one that refuses the page.
// A file counts where there is one of that name, else a page.
func (k ConfigCheck) Run(c *Context) error {
	if k.Name == "-" {
		text, err := io.ReadAll(io.LimitReader(c.Stdin, maxConfig))
		return errors.Join(err, c.checkConfig("config.json", string(text)))
	}
	if k.Name != "" && !c.Remote { // the caller has looked for a file already
		text, err := os.ReadFile(k.Name)
		if err == nil {
			return c.checkConfig(k.Name, string(text))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if c.Operator.missing() != nil {
			return fmt.Errorf("there is no file %s, and no wiki is named to look for a page of that name (--api)", k.Name)
		}
	}
	return c.withBot(func(b *bot.Bot) error { return c.checkPage(b, k.Name) })
}

func (c *Context) checkConfig(name, text string) error {
	book, err := bot.NewBook(c.Tasks...)
	if err != nil {
		return err
	}
	problems := book.Check(name, text)
	for _, line := range wikiconfig.Describe(name, problems) {
		fmt.Fprintln(c.Out, line)
	}
	if wikiconfig.Refused(problems) {
		return bot.ErrFindings
	}
	if len(problems) == 0 {
		fmt.Fprintln(c.Out, name+": good")
	}
	return nil
}

// maxConfig is more than MediaWiki lets a page be.
const maxConfig = 4 << 20

func (c *Context) checkPage(b *bot.Bot, name string) error {
	if name == "" {
		name = b.OwnPrefix() + "config.json"
	}
	texts, err := b.Wiki().Read(c.Ctx, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if texts[name].Missing {
		return fmt.Errorf("the wiki has no page %s; the defaults are in use", name)
	}
	return c.checkConfig(name, texts[name].Content)
}

// ConfigSchema prints the schema.
type ConfigSchema struct{}

// Run prints it.
func (ConfigSchema) Run(c *Context) error {
	book, err := bot.NewBook(c.Tasks...)
	if err != nil {
		return err
	}
	schema, err := book.Schema()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.Out, string(schema))
	return err
}
