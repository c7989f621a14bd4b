package notice

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/templates"
)

const (
	// maxLines is how many lines a message has before it says "and N more".
	maxLines = 25
	// maxEvents and maxBytes bound what one intent takes along, so that it fits
	// one row of the store. What is left over waits for the next message.
	maxEvents = 1000
	maxBytes  = 400 << 10
)

// digest is one message to one person, before a channel gives it its shape.
type digest struct {
	to    *recipient
	words *templates.Language
	at    time.Time
	rows  []waitingRow
	parts []part
}

// part is what a digest says of one kind.
type part struct {
	kind  Kind
	lines []Line
}

// bundle words events that go out together, ordered by the kinds' priority and
// by time within a kind; what happened in one second is in alphabetical order.
func (r *round) bundle(ctx context.Context, who *recipient, rows []waitingRow) (*digest, error) {
	d := &digest{to: who, words: r.c.Words.In(who.language), at: r.c.Now(), rows: rows}
	reader := Reader{Words: d.words, Farm: r.c.Farm, Ctx: ctx, Home: homeOf(r.c.Farm)}
	byKind := map[string][]Event{}
	for _, w := range rows {
		byKind[w.Event.Kind] = append(byKind[w.Event.Kind], w.Event)
	}
	for name, events := range byKind {
		slices.SortStableFunc(events, func(a, b Event) int {
			return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.File, b.File), cmp.Compare(a.Page, b.Page), cmp.Compare(a.ID, b.ID))
		})
		lines, err := worded(r.kinds[name], reader, events)
		if err != nil {
			return nil, err
		}
		if len(lines) > 0 {
			d.parts = append(d.parts, part{r.kinds[name], lines})
		}
	}
	slices.SortFunc(d.parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.kind.Priority, b.kind.Priority), cmp.Compare(a.kind.Name, b.kind.Name))
	})
	return d, nil
}

func homeOf(f *wiki.Farm) *wiki.Session {
	if f == nil {
		return nil
	}
	return f.Home()
}

// worded calls the kind's Lines. A panic in there is one person's bad luck,
// not everybody's.
func worded(k Kind, reader Reader, events []Event) (lines []Line, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("wording %d events of kind %s: panic: %v", len(events), k.Name, p)
		}
	}()
	lines = k.Lines(reader, events)
	for i := range lines {
		lines[i].Wikitext = oneLine(lines[i].Wikitext)
		lines[i].Plain = oneLine(lines[i].Plain)
	}
	return lines, nil
}

// oneLine keeps a line a line: a break would end the list item, and a heading
// could begin after it.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// portion takes as many events as one intent can carry.
func portion(rows []waitingRow) []waitingRow {
	size := 0
	for i, w := range rows {
		raw, err := json.Marshal(w)
		size += len(raw)
		if err != nil || i == maxEvents || (size > maxBytes && i > 0) {
			return rows[:i]
		}
	}
	return rows
}

// lines are all lines of a digest in their order.
func (d *digest) lines() (all []Line) {
	for _, p := range d.parts {
		all = append(all, p.lines...)
	}
	return all
}

// kinds are the names of the kinds in a digest, the most urgent first.
func (d *digest) kinds() (names []string) {
	for _, p := range d.parts {
		names = append(names, p.kind.Name)
	}
	return names
}

// file is the one that the whole digest is about, or "".
func (d *digest) file() string {
	file := ""
	for i, l := range d.lines() {
		if i > 0 && l.File != file {
			return ""
		}
		file = l.File
	}
	return file
}

// demanded: every event in it is demanded by a procedure of the wiki.
func (d *digest) demanded() bool {
	return !slices.ContainsFunc(d.rows, func(w waitingRow) bool { return !w.Event.Demand })
}

// echoSection is the most urgent of the kinds' sections.
func (d *digest) echoSection() string {
	for _, p := range d.parts {
		if p.kind.Echo == "alert" {
			return "alert"
		}
	}
	return "notice"
}

// notice is the digest as its words see it, cut to maxLines.
func (r *round) notice(d *digest) templates.Notice {
	n := templates.Notice{Time: d.at, Why: d.why(), Ways: r.waysOut(d)}
	left := maxLines
	for _, p := range d.parts {
		shown := p.lines[:min(len(p.lines), left)]
		left -= len(shown)
		n.More += len(p.lines) - len(shown)
		if len(shown) > 0 {
			n.Groups = append(n.Groups, group(d, p.kind.Name, shown))
		}
	}
	return n
}

func group(d *digest, kind string, lines []Line) templates.NoticeGroup {
	g := templates.NoticeGroup{Kind: kind, Files: d.files(kind)}
	for _, l := range lines {
		g.Lines = append(g.Lines, templates.Raw(l.Wikitext))
		g.Plain = append(g.Plain, l.Plain)
	}
	return g
}

// files counts the files that a kind's events are about, at least one.
func (d *digest) files(kind string) int {
	seen := map[string]bool{}
	for _, w := range d.rows {
		if w.Event.Kind == kind {
			seen[w.Event.File] = true
		}
	}
	return max(len(seen), 1)
}

// why somebody gets this digest.
func (d *digest) why() templates.Why {
	switch {
	case d.demanded():
		return templates.Procedure
	case d.to.subscribed():
		return templates.Subscribed
	}
	return templates.Uploader
}

// section is the digest as a section's text: the news, framed by the wiki's
// own template where it has one, and the ways out with the signature.
func (r *round) section(ctx context.Context, d *digest, n templates.Notice, id string) string {
	news, ways := split(d.words.NoticeText(n))
	if framed, ok := r.framed(ctx, d, n); ok {
		news = framed
	}
	return news + "\n" + lastLine(ways, id)
}

// split parts the last line of a text, which holds the ways out, from the rest.
func split(text string) (rest, last string) {
	i := strings.LastIndexByte(text, '\n')
	return text[:max(i, 0)], text[i+1:]
}

// lastLine closes a message: the ways out, the id that makes the line unlike
// any other and, last on the same line, the signature.
func lastLine(ways, id string) string { return ways + " <!-- " + id + " --> ~~~~" }
