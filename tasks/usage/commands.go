package usage

import (
	"errors"
	"fmt"
	"strings"

	"filewarden/bot"
	"filewarden/storage"
)

// Commands of the task.
type Commands struct {
	Usage struct {
		Report Report `cmd:"" help:"Print what is known of the uses of files."`
	} `cmd:"" help:"Uses of files."`
}

// Report prints uses from memory, with the revisions that added and removed them.
type Report struct {
	Set      string `arg:"" optional:"" help:"Name of a set in the config."`
	File     string `help:"One file instead, such as 'File:Sparrow.jpg'."`
	Uploader string `help:"The files that a user uploaded instead."`
	Format   string `enum:"text,csv,json" default:"text" help:"text, csv or json."`
}

// Validate wants exactly one choice of files.
func (r Report) Validate() error {
	given := 0
	for _, v := range []string{r.Set, r.File, r.Uploader} {
		if v != "" {
			given++
		}
	}
	if given != 1 {
		return errors.New("give one of: the name of a set, --file, --uploader")
	}
	return nil
}

// Run prints the report.
func (r Report) Run(c *bot.Console) error {
	return c.Env(Name, func(env *bot.Env) error {
		p, err := newPass(env, env.Notices)
		if err != nil {
			return err
		}
		files, err := r.files(c, p)
		if err != nil {
			return err
		}
		out := newExporter(r.Format, c.Out)
		err = env.Store.View(func(tx storage.Tx) error { return exportFiles(tx, files, out.file) })
		if err != nil {
			return fmt.Errorf("reading the uses of files: %w", err)
		}
		return out.end()
	})
}

// files that are asked for.
func (r Report) files(c *bot.Console, p *pass) (files []string, err error) {
	moved, err := p.formerTitles()
	if err != nil {
		return nil, err
	}
	p.followed = newAudience(moved)
	switch {
	case r.File != "":
		file, ok := fileTitle(p.Wiki, r.File)
		if !ok {
			return nil, fmt.Errorf("%q is no title of a file; write it as in 'File:Sparrow.jpg'", r.File)
		}
		return []string{p.followed.now(file)}, nil
	case r.Uploader != "":
		err := p.eachOwn(userName(r.Uploader), func(file string, _ ownRow) { files = append(files, file) })
		if err == nil && len(files) == 0 {
			err = fmt.Errorf("no files of %s are known: they neither subscribed nor are named in a set of the config", r.Uploader)
		}
		return files, err
	}
	var names []string
	for _, s := range p.config.Sets {
		if s.Name == r.Set {
			if err := p.readLists(c.Ctx); err != nil {
				return nil, err
			}
			return p.setFiles(s)
		}
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the config names no sets of files; add one under tasks/usage/sets, or use --file or --uploader")
	}
	return nil, fmt.Errorf("there is no set %q in the config; there is %s", r.Set, strings.Join(names, ", "))
}
