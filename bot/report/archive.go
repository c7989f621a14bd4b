package report

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
)

// maxArchived is how many sections move to the archive in one go.
const maxArchived = 50

// archive moves sections that were answered long ago to Requests/Archive/<year-month>.
// First they are added there, then taken away here; what the archive already
// holds is not added again. So a process that dies between the two neither
// loses a section nor files it twice.
func (d *Desk) archive(ctx context.Context, b *board) error {
	due := d.due(b)
	filed := map[string]bool{}
	for _, month := range slices.Sorted(maps.Keys(due)) {
		title := titleBeneath(d.c.Prefix, "Requests/Archive/"+month)
		r, err := d.c.Gate.Rewrite(ctx, title, "", func(t wiki.Text) (gate.Edit, bool, error) {
			e, needed, err := file(t, due[month], filed)
			e.Summary = d.c.Summary("summary-archive", len(due[month]))
			return e, needed, err
		})
		if err != nil {
			return err
		}
		if r.Dry {
			for _, raw := range due[month] {
				d.dry[raw] = true
			}
			return nil
		}
	}
	if len(filed) == 0 {
		return nil
	}
	_, err := d.c.Gate.Rewrite(ctx, d.title, "", func(t wiki.Text) (gate.Edit, bool, error) {
		text := without(t.Content, filed)
		return gate.Edit{Text: text, Summary: d.c.Summary("summary-archive", len(filed))}, text != t.Content, nil
	})
	return err
}

// due lists the sections to file, by the month of their answer.
func (d *Desk) due(b *board) map[string][]string {
	due, n := map[string][]string{}, 0
	for _, s := range b.sections {
		at, ok := answeredAt(s)
		raw := s.raw(b.text)
		if !ok || d.c.Now().Sub(at) < ArchiveAfter || d.dry[raw] || n == maxArchived {
			continue
		}
		month := at.UTC().Format("2006-01")
		due[month] = append(due[month], raw)
		n++
	}
	return due
}

// answeredAt is when a section was last answered.
func answeredAt(s section) (time.Time, bool) {
	all := answeredMark.FindAllStringSubmatch(s.body, -1)
	if len(all) == 0 {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, all[len(all)-1][2])
	return at, err == nil
}

// file adds sections to the archive's page, and notes which of them it holds
// then. A section that was filed once and has changed since stays where it is.
func file(t wiki.Text, raws []string, filed map[string]bool) (gate.Edit, bool, error) {
	text := strings.TrimRight(t.Content, "\n")
	for _, raw := range raws {
		mark := answeredMark.FindString(raw)
		switch {
		case strings.Contains(text, raw):
			filed[raw] = true
		case !strings.Contains(text, mark):
			text = strings.TrimLeft(text+"\n\n"+raw, "\n")
			filed[raw] = true
		}
	}
	return gate.Edit{Text: text},
		text != strings.TrimRight(t.Content, "\n"), nil
}

// without is a page without the sections that read so.
func without(page string, raws map[string]bool) string {
	var out strings.Builder
	at := 0
	for _, s := range sections(page) {
		if raws[s.raw(page)] {
			out.WriteString(page[at:s.from])
			at = s.to
		}
	}
	out.WriteString(page[at:])
	return out.String()
}
