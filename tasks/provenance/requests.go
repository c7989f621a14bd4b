package provenance

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"filewarden/bot"
	"filewarden/bot/report"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// askVerb begins a request, as the links on reports write it.
const askVerb = "audit"

// askHeading asks for a page.
func askHeading(title string) string { return askVerb + " " + title }

// maxAsked is how many pages one request is about: those of a gadget.
const maxAsked = 10

var (
	// askLine is a request in somebody's own words: "audit MediaWiki:X.js",
	// "please audit this page again: [[MediaWiki:X.js]]", "re-audit Module:X".
	askLine = regexp.MustCompile(`(?i)^(?:please[\s,]+)?re-?audit(.*)$|^(?:please[\s,]+)?audit\b(.*)$`)
	// askFiller are words between the verb and the page.
	askFiller = regexp.MustCompile(`(?i)^[\s:,]*(?:this|the|code|of|page|gadget|script|module|once|more|again|anew|now|please)(?:\s+|:\s+|:?$)`)
	// askEnd are words after it.
	askEnd    = regexp.MustCompile(`(?i)[\s,]+(?:once more|again|anew|now|please)[\s.!]*$`)
	askLink   = regexp.MustCompile(`\[\[\s*:?\s*([^\[\]|#]+)(?:[#|][^\[\]]*)?\]\]`)
	askSigned = regexp.MustCompile(`(?i)\s*(--\s*\[\[|—\s*\[\[|~~~|\[\[\s*(user( talk)?:[^\[\]/]*\||special:)[^\[\]]*\]\]|<!--).*$`)
)

// asked reads the page or gadget that a request is about; "" when it names none.
func asked(heading, body string) (name string, ok bool) {
	m := askLine.FindStringSubmatch(strings.TrimSpace(heading))
	if m == nil {
		return "", false
	}
	rest := m[1] + m[2]
	if name = named(rest); name != "" {
		return name, true
	}
	for line := range strings.Lines(body) {
		if name = named(line); name != "" {
			return name, true
		}
	}
	return "", true
}

// named is the page in a line: its first link, or what is left of it.
func named(line string) string {
	if m := askLink.FindStringSubmatch(line); m != nil && askSigned.FindStringIndex(m[0]) == nil {
		return strings.TrimSpace(m[1])
	}
	line = askSigned.ReplaceAllString(line, "")
	for askFiller.MatchString(line) {
		line = askFiller.ReplaceAllString(line, "")
	}
	for askEnd.MatchString(line) {
		line = askEnd.ReplaceAllString(line, "")
	}
	return strings.Trim(strings.Join(strings.Fields(strings.ReplaceAll(line, "_", " ")), " "), " :.,;!?\"'“”„«»=")
}

// answer audits the page that somebody asks for, at once. It may be called
// again for the same request: auditing twice finds the same.
func answer(ctx context.Context, env *bot.Env, r report.Request) (report.Answer, bool, error) {
	name, ok := asked(r.Heading, r.Body)
	if !ok {
		return report.Answer{}, false, nil
	}
	p, err := newPass(env, env.Notices)
	if err != nil {
		return report.Answer{}, true, err
	}
	text, err := p.again(ctx, r.User, name)
	if err != nil {
		return report.Answer{}, true, fmt.Errorf("auditing %s again: %w", name, err)
	}
	return report.Answer{Text: text}, true, nil
}

// again audits what is meant and says what was found, in one line of wikitext.
func (p *pass) again(ctx context.Context, user, name string) (string, error) {
	words := p.words()
	titles := p.meant(name)
	if name == "" || len(titles) == 0 {
		return words.Text("provenance-answer-unnamed", templates.Plain(askHeading("MediaWiki:Gadget-example.js"))), nil
	}
	if err := p.findFollowers(ctx); err != nil {
		return "", err
	}
	var said []string
	for _, title := range titles[:min(len(titles), maxAsked)] {
		text, err := p.againOne(ctx, user, title)
		if err != nil {
			return "", err
		}
		said = append(said, text)
	}
	if len(p.dirty) > 0 {
		p.publishNow(ctx)
	}
	return strings.Join(said, words.Text("word-separator")), nil
}

func (p *pass) againOne(ctx context.Context, user, title string) (string, error) {
	words := p.words()
	at := listed{}
	for page, err := range p.Wiki.WalkTitles(ctx, []string{title}, 0, wiki.Params{"prop": "info"}) {
		if err != nil {
			return "", err
		}
		at = listedOf(page)
	}
	switch row := p.known[at.id]; {
	case at.id == 0:
		return words.Text("provenance-answer-missing", templates.Plain(title)), nil
	case !at.readable():
		return words.Text("provenance-answer-no-code", templates.Link(title, "")), nil
	case !p.covers(at, row):
		if !owns(user, at) {
			return words.Text("provenance-answer-not-covered", templates.Link(title, "")), nil
		}
		at.asked = true
	}
	texts, err := p.readTexts(ctx, []listed{at})
	if err != nil {
		return "", err
	}
	rev, ok := texts[at.id]
	if !ok { // deleted at this moment
		return words.Text("provenance-answer-missing", templates.Plain(title)), nil
	}
	if err := p.examineOne(ctx, at, rev); err != nil {
		return "", err
	}
	return p.outcome(at)
}

// owns says whether a page is the user's own.
func owns(user string, at listed) bool {
	owner, _, below := strings.Cut(at.name(), "/")
	return at.ns == nsUser && below && owner == strings.ReplaceAll(user, "_", " ")
}

// outcome words what is known of a page now.
func (p *pass) outcome(at listed) (string, error) {
	row := p.known[at.id]
	var found map[string]findingRow
	err := p.Store.View(func(tx storage.Tx) (err error) {
		found, err = findingsOf(tx, at.id)
		return err
	})
	if err != nil {
		return "", err
	}
	words, sum := p.words(), p.sum(row, found)
	page := templates.Link(at.title, "")
	rev := templates.Link(fmt.Sprintf("Special:PermanentLink/%d", row.Rev), fmt.Sprint(row.Rev))
	switch {
	case row.Analysis == audit.Skipped:
		return words.Text("provenance-answer-skipped", page, rev, templates.Plain(row.Why)), nil
	case sum.Errors+sum.Warnings+sum.Infos == 0:
		return words.Text("provenance-answer-clean", page, rev), nil
	}
	target := p.Reports.Title(reportName(at.title))
	if worst(found, stateOpen, stateIgnored, stateFixed) < min(parseSeverity(p.config.Severity), rule.Error) {
		target = p.Reports.Title(overviewName)
	}
	return words.Text("provenance-answer-found", page, rev, counts(sum.Errors, sum.Warnings, sum.Infos), templates.Target(target)), nil
}

// publishNow brings the reports up to date after a request. The answer does
// not wait for them: what fails here is published by the next pass.
func (p *pass) publishNow(ctx context.Context) {
	if err := p.publish(ctx); err != nil && ctx.Err() == nil {
		p.Log.Warn().Err(err).Msg("reports are published by the next pass")
	}
}
