package copyvio

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"filewarden/bot"
	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"
)

// Commands of the task.
type Commands struct {
	Match    Match    `cmd:"" help:"Look for files of the wiki elsewhere."`
	Withhold Withhold `cmd:"" help:"Keep files off all pages of cases, or show them again."`
}

func newCommands(t *Task) *Commands {
	return &Commands{Match: Match{task: t}, Withhold: Withhold{task: t}}
}

// Match looks for files at once, whatever the waiting period. What is found
// becomes cases, and reviewers see it.
type Match struct {
	Files    []string `arg:"" optional:"" help:"Titles of files, such as 'File:Sparrow.jpg'."`
	List     string   `placeholder:"FILE" help:"File with a title a line; - is standard input."`
	Category string   `help:"All files of a category."`
	Uploader string   `help:"All files that a user uploaded last."`
	Most     int      `default:"500" help:"At most so many files: ${default} unless said otherwise."`
	Format   string   `enum:"text,json" default:"text" help:"text, or json with one object a line."`

	task *Task
}

// Validate wants exactly one choice of files.
func (m Match) Validate() error {
	given := 0
	for _, is := range []bool{len(m.Files) > 0, m.List != "", m.Category != "", m.Uploader != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		return errors.New("give one of: titles of files, --list, --category, --uploader")
	}
	if m.Most < 1 {
		return errors.New("--most is at least 1")
	}
	return nil
}

// Run looks for the files and prints what is known of each. Something found
// ends with exit 1.
func (m Match) Run(c *bot.Console) error {
	listed, err := m.listed(c)
	if err != nil {
		return err
	}
	return c.Env(Name, func(env *bot.Env) error {
		p, err := m.task.newPass(env)
		if err != nil {
			return err
		}
		titles, err := m.titles(c.Ctx, p, listed)
		if err != nil {
			return err
		}
		m.task.working.Lock()
		defer m.task.working.Unlock()
		return m.check(c, p, titles)
	})
}

// check looks for the files, some at a time so that the bar moves.
func (m Match) check(c *bot.Console, p *pass, titles []string) error {
	print, found, failed := m.printer(c.Out), false, false
	ask := casebook.Ask{User: p.Wiki.Account().Name, Request: "command", Time: p.start}
	bar := p.Progress
	p.Progress = func(string, int, int) {}
	for done := 0; done < len(titles); done += atOnce {
		some := titles[done:min(done+atOnce, len(titles))]
		bar("looking for files", done, len(titles))
		results, err := p.check(c.Ctx, some, ask)
		if err != nil {
			return err
		}
		for _, r := range results {
			found, failed = found || r.outcome == checkFound, failed || r.outcome == checkMissing
			if err := print(p, r); err != nil {
				return err
			}
		}
	}
	bar("looking for files", len(titles), len(titles))
	if found || failed {
		return bot.ErrFindings
	}
	return nil
}

// titles of the files that were asked for.
func (m Match) titles(ctx context.Context, p *pass, listed []string) (titles []string, err error) {
	switch {
	case m.Category != "":
		listed, err = p.listing(ctx, "categorymembers", wiki.Params{"cmtitle": p.categoryTitle(m.Category), "cmtype": "file", "cmlimit": "max"}, m.Most)
	case m.Uploader != "":
		listed, err = p.listing(ctx, "allimages", wiki.Params{"aisort": "timestamp", "aidir": "older", "aiuser": m.Uploader, "ailimit": "max"}, m.Most)
	}
	if err != nil {
		return nil, err
	}
	for _, written := range listed {
		title, ok := p.fileTitle(written)
		if !ok {
			return nil, &bot.UseError{Text: fmt.Sprintf("%q is no title of a file; write it as in 'File:Sparrow.jpg'", written)}
		}
		if len(titles) < m.Most {
			titles = append(titles, title)
		}
	}
	if len(titles) == 0 {
		return nil, &bot.UseError{Text: "there are no files to look for"}
	}
	return titles, nil
}

// categoryTitle is the title of a category that was given with or without its namespace.
func (p *pass) categoryTitle(written string) string {
	if t, err := p.Wiki.Title(written); err == nil && t.NS == nsCategory {
		return "Category:" + t.Name
	}
	return "Category:" + written
}

// listing is the first files of a list, in its order; a generator's would come
// by page id.
func (p *pass) listing(ctx context.Context, list string, params wiki.Params, most int) (titles []string, err error) {
	for row, err := range p.Wiki.Rows(ctx, list, params) {
		if err != nil {
			return nil, fmt.Errorf("listing files: %w", err)
		}
		title, _ := row.GetString("title")
		if titles = append(titles, title); len(titles) == most {
			break
		}
	}
	return titles, nil
}

// listed are the titles given as arguments or in a file, which is read here: the
// running bot may not see it.
func (m Match) listed(c *bot.Console) ([]string, error) {
	if m.List == "" {
		return m.Files, nil
	}
	in := c.Stdin
	if m.List != "-" {
		f, err := os.Open(m.List)
		if err != nil {
			return nil, &bot.UseError{Text: "the list of files cannot be read: " + err.Error()}
		}
		defer f.Close()
		in = f
	}
	titles, err := titleLines(in)
	if err == nil {
		c.Instead(append([]string{"match", "--format", m.Format, "--most", strconv.Itoa(m.Most), "--"}, titles...)...)
	}
	return titles, err
}

// titleLines are the lines of a list; blank ones and those with # are left out.
func titleLines(in io.Reader) (titles []string, err error) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "* "))
		line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(line, "[["), ":"), "]]")
		if line != "" && !strings.HasPrefix(line, "#") {
			titles = append(titles, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the list of files: %w", err)
	}
	return titles, nil
}

// row is a line of Match's JSON.
type row struct {
	File    string              `json:"file"`
	SHA1    string              `json:"sha1,omitempty"`
	Outcome string              `json:"outcome"`
	Why     string              `json:"why,omitempty"`
	State   string              `json:"state,omitempty"`
	Matches []casebook.Match    `json:"matches,omitempty"`
	Known   []casebook.Evidence `json:"evidence,omitempty"`
}

// printer prints one result.
func (m Match) printer(out io.Writer) func(*pass, checked) error {
	if m.Format == "json" {
		encoder := json.NewEncoder(out)
		return func(_ *pass, r checked) error { return encoder.Encode(rowOf(r)) }
	}
	return func(p *pass, r checked) error {
		_, err := fmt.Fprint(out, p.report(r))
		return err
	}
}

func rowOf(r checked) row {
	o := row{File: r.title, SHA1: r.image.SHA1, Outcome: r.outcome, Why: r.why}
	if r.outcome == checkFound {
		o.State, o.Matches, o.Known = r.found.State.String(), r.found.Matches, r.found.Evidence
	}
	return o
}

// report is a result for people.
func (p *pass) report(r checked) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", r.title, r.headline())
	for _, m := range r.found.Matches {
		fmt.Fprintf(&out, "  %3d%%  %-7s  %s  %s", m.Percent, m.Kind, m.Provider, oneOf(m.Page, m.URL))
		if m.Excused != "" {
			fmt.Fprintf(&out, "  (%s)", m.Excused)
		}
		out.WriteString("\n")
	}
	for _, e := range r.found.Evidence {
		fmt.Fprintf(&out, "  %-9s  %s\n", e.Kind, strings.Join(nonEmpty(e.File, e.User, e.Text), "  "))
	}
	return printable(out.String())
}

// printable keeps foreign texts from steering a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

func (r checked) headline() string {
	switch r.outcome {
	case checkFound:
		return "found, case is " + r.found.State.String()
	case checkNothing:
		return "nothing found"
	case checkUnsure:
		return strings.Join(nonEmpty("nothing found, but not everything could be asked", r.why), ": ")
	case checkMissing:
		return "there is no such file"
	case checkUnfit:
		return "not looked for: " + r.why
	}
	return strings.Join(nonEmpty("to be looked for again at "+r.until.UTC().Format("2006-01-02 15:04")+" UTC", r.why), ": ")
}

func oneOf(texts ...string) string {
	all := nonEmpty(texts...)
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

func nonEmpty(texts ...string) (all []string) {
	for _, t := range texts {
		if t != "" {
			all = append(all, t)
		}
	}
	return all
}
