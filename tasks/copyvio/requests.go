package copyvio

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"filewarden/bot"
	"filewarden/bot/report"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// checkVerb begins a request.
const checkVerb = "check"

// checkHeading asks for a file.
func checkHeading(file string) string { return checkVerb + " " + file }

// maxFiles is how many files one request is about.
const maxFiles = 10

var (
	checkLine = regexp.MustCompile(`(?i)^\s*(?:please[\s,]+)?check\b[\s:,]*(?:this\s+|the\s+)?(?:files?\b[\s:,]*$)?(.*)$`)
	checkLink = regexp.MustCompile(`\[\[\s*:?\s*([^\[\]|#]+)(?:[#|][^\[\]]*)?\]\]`)
)

// wanted are the files that a request names: in its heading, or by links in its
// text. ok is false for what is no such request.
func (p *pass) wanted(r report.Request) (files []string, ok bool) {
	m := checkLine.FindStringSubmatch(strings.TrimSpace(r.Heading))
	if m == nil {
		return nil, false
	}
	add := func(written string) {
		title, is := p.fileTitle(strings.TrimSpace(written))
		if is && !slices.Contains(files, title) {
			files = append(files, title)
		}
	}
	heading := m[1]
	for _, link := range checkLink.FindAllStringSubmatch(heading+"\n"+r.Body, 50) {
		add(link[1])
	}
	if len(files) == 0 {
		add(heading)
	}
	return files, true
}

// answer looks for the files that somebody asks for. It may be called again for
// the same request: what was found stays found, and is counted once.
func (t *Task) answer(ctx context.Context, env *bot.Env, r report.Request) (report.Answer, bool, error) {
	if !strings.Contains(strings.ToLower(r.Heading), checkVerb) {
		return report.Answer{}, false, nil
	}
	p, err := t.newPass(env)
	if err != nil {
		return report.Answer{}, true, err
	}
	files, ok := p.wanted(r)
	if !ok {
		return report.Answer{}, false, nil
	}
	text, err := t.answerWith(ctx, p, r, files)
	if err != nil {
		return report.Answer{}, true, fmt.Errorf("checking %s for %s: %w", strings.Join(files, ", "), r.User, err)
	}
	return report.Answer{Text: text}, true, nil
}

func (t *Task) answerWith(ctx context.Context, p *pass, r report.Request, files []string) (string, error) {
	words := p.words()
	if p.config.ChecksPerDay == 0 {
		return words.Text("copyvio-answer-off"), nil
	}
	if len(files) == 0 {
		return words.Text("copyvio-answer-unnamed", templates.Plain(checkHeading("File:Example.jpg"))), nil
	}
	more := ""
	if len(files) > maxFiles {
		files, more = files[:maxFiles], "\n* "+words.Text("copyvio-answer-most", templates.Num(maxFiles))
	}
	reason, err := p.refusal(ctx, r, len(files))
	if err != nil {
		return "", err
	}
	if reason != nil {
		return words.Text(reason.key, reason.args...), nil
	}
	results, err := t.look(ctx, p, files, casebook.Ask{User: r.User, Request: r.ID, Time: p.start})
	if err != nil {
		return "", err
	}
	return p.wordsOf(results) + more, nil
}

// look looks for files at once; where a pass is under way, that is left to the next.
func (t *Task) look(ctx context.Context, p *pass, files []string, ask casebook.Ask) (results []checked, err error) {
	if t.working.TryLock() {
		defer t.working.Unlock()
		return p.check(ctx, files, ask)
	}
	if results, err = p.enter(ctx, files, ask); err != nil {
		return nil, err
	}
	for i := range results {
		if results[i].outcome == "" {
			results[i].outcome = checkQueued
		}
	}
	return results, nil
}

// refusal is a message for who may not ask now.
type refusal struct {
	key  string
	args []any
}

// refusal counts a request against the limits of the day, once; nil: it may go on.
func (p *pass) refusal(ctx context.Context, r report.Request, files int) (*refusal, error) {
	who, err := p.reviewers(ctx, r.User)
	if err != nil {
		return nil, err
	}
	trusted := who[r.User].Reviewer || who[r.User].Admin
	var no *refusal
	err = p.Store.Update(func(tx storage.Tx) error {
		day := p.start.Format(time.DateOnly)
		row, _, err := askedTable.Get(tx, day)
		if err != nil || slices.Contains(row.Requests, r.ID) {
			return err
		}
		switch {
		case row.All+files > p.config.ChecksPerDay:
			no = &refusal{"copyvio-answer-limit-day", []any{templates.Num(p.config.ChecksPerDay)}}
			return nil
		case !trusted && row.Users[r.User]+files > p.config.ChecksByUser:
			no = &refusal{"copyvio-answer-limit-user", []any{templates.Num(p.config.ChecksByUser)}}
			return nil
		}
		if row.Users == nil {
			row.Users = map[string]int{}
		}
		row.All, row.Users[r.User], row.Requests = row.All+files, row.Users[r.User]+files, append(row.Requests, r.ID)
		return askedTable.PutFor(tx, 48*time.Hour, row, day)
	})
	return no, err
}

// askedRow counts the files that were asked for on one day.
type askedRow struct {
	All      int            `json:"all"`
	Users    map[string]int `json:"users"`
	Requests []string       `json:"requests"`
}

var askedTable = storage.NewTable[askedRow]("asked", 1)

// wordsOf says what was found, a line for each file.
func (p *pass) wordsOf(results []checked) string {
	var lines []string
	for _, r := range results {
		args := []any{templates.Link(r.title, "")}
		key := r.outcome
		switch section := templates.Target(p.sectionOf(r.found)); {
		case r.outcome == checkFound && r.found.State.Decided():
			key, args = "decided", append(args, templates.Message("copyvio-word-"+r.found.State.String()), section)
		case r.outcome == checkFound && len(r.found.Matches) == 0:
			key, args = "known", append(args, section)
		case r.outcome == checkFound:
			args = append(args, templates.Num(len(r.found.Matches)), section)
		case r.outcome == checkQueued:
			args = append(args, templates.Target(p.Reports.Title(checksName)))
		}
		lines = append(lines, p.words().Text("copyvio-answer-"+key, args...))
	}
	if len(lines) == 1 {
		return lines[0]
	}
	return "\n* " + strings.Join(lines, "\n* ")
}

// words are those of the wiki's language.
func (p *pass) words() *templates.Language { return p.Words.In(p.Env.Config.Language) }

// reviewers looks up who may decide.
func (p *pass) reviewers(ctx context.Context, names ...string) (map[string]casebook.Reviewer, error) {
	return p.board().Reviewers(ctx, names)
}
