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
	// maxLines is how many lines a message on a page has before it says "and N more".
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
// by time within a kind.
func (r *round) bundle(ctx context.Context, who *recipient, rows []waitingRow) (*digest, error) {
	d := &digest{to: who, words: r.c.Words.In(who.language), at: r.c.Now(), rows: rows}
	reader := Reader{Words: d.words, Farm: r.c.Farm, Ctx: ctx, Home: homeOf(r.c.Farm)}
	byKind := map[string][]Event{}
	for _, w := range rows {
		byKind[w.Event.Kind] = append(byKind[w.Event.Kind], w.Event)
	}
	for name, events := range byKind {
		slices.SortStableFunc(events, func(a, b Event) int {
			return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
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

// title is the heading: the kind's own, or a common one for several kinds. It
// holds the minute, so no two sections of one page have the same.
func (d *digest) title() string {
	if len(d.parts) == 1 {
		if key := "kind-" + d.parts[0].kind.Name + "-title"; d.words.Has(key) {
			return d.words.PlainText(key, templates.Num(d.files()), templates.Date(d.at))
		}
	}
	return d.words.PlainText("notice-title", templates.Date(d.at))
}

// files counts the files that a digest is about, at least one.
func (d *digest) files() int {
	seen := map[string]bool{}
	for _, w := range d.rows {
		seen[w.Event.File] = true
	}
	return max(len(seen), 1)
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

// body is the digest as wikitext: one line alone, or a list for each kind, cut
// to maxLines. A kind with the wiki's own template is framed by it.
func (r *round) body(ctx context.Context, d *digest) string {
	var blocks []string
	left, hidden := maxLines, 0
	for _, p := range d.parts {
		shown := p.lines[:min(len(p.lines), left)]
		left -= len(shown)
		hidden += len(p.lines) - len(shown)
		if len(shown) == 0 {
			continue
		}
		block := listed(shown, len(d.lines()) == 1)
		if own, ok := r.override(ctx, d, p, block); ok {
			block = own
		} else if len(d.parts) > 1 {
			block = "'''" + d.words.Text("kind-"+p.kind.Name) + "'''\n" + block
		}
		blocks = append(blocks, block)
	}
	if hidden > 0 {
		blocks[len(blocks)-1] += "\n* " + d.words.Text("notice-more", templates.Num(hidden))
	}
	return strings.Join(blocks, "\n")
}

func listed(lines []Line, alone bool) string {
	if alone {
		return lines[0].Wikitext
	}
	var out strings.Builder
	for i, l := range lines {
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString("* " + l.Wikitext)
	}
	return out.String()
}

// plainBody is the digest as lines of plain text in at most limit bytes, the
// last of which says how many were left out.
func (d *digest) plainBody(limit int, line func(Line) string) string {
	all := d.lines()
	var out strings.Builder
	for i, l := range all {
		next := line(l) + "\n"
		more := d.words.PlainText("notice-more", templates.Num(len(all)-i))
		if out.Len()+len(next)+len(more) > limit {
			if i == 0 {
				return cut(next, limit)
			}
			out.WriteString(more)
			break
		}
		out.WriteString(next)
	}
	return strings.TrimRight(out.String(), "\n")
}
